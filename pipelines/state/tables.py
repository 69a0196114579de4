"""Tables of the state database, for queries; their making stands in the migrations.

Belongs here: names and columns. Does not belong here: constraints (migrations), statements (ledger, records).
"""

from sqlalchemy import Column, Integer, MetaData, Table, Text

METADATA = MetaData()

EVENT = Table(
    "event",
    METADATA,
    Column("seq", Integer, primary_key=True),
    Column("at", Text),
    Column("actor", Text),
    Column("action", Text),
    Column("member_code", Text),
    Column("object_id", Text),
    Column("body", Text),
    Column("prev", Text),
    Column("hash", Text),
)

SUBMISSION = Table(
    "submission",
    METADATA,
    Column("submission_id", Text, primary_key=True),
    Column("member_code", Text),
    Column("contract_id", Text),
    Column("contract_version", Text),
    Column("file_name", Text),
    Column("file_sha256", Text),
    Column("rows_sha256", Text),
    Column("receipt", Text),
    Column("accepted_seq", Integer),
    Column("as_of_date", Text),
    Column("state", Text),
)

EDITION = Table(
    "edition",
    METADATA,
    Column("edition_id", Text, primary_key=True),
    Column("edition_code", Text),
    Column("manifest_sha256", Text),
    Column("inputs_digest", Text),
    Column("published_seq", Integer),
)
