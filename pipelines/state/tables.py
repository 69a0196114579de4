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
    Column("answers_json", Text),
    Column("answers_sha256", Text),
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

ACCOUNT = Table(
    "account", METADATA, Column("account_id", Text, primary_key=True), Column("login", Text), Column("role", Text), Column("member_code", Text),
    Column("password_hash", Text), Column("is_active", Integer),
)  # fmt: skip

SESSION = Table(
    "session", METADATA, Column("token_sha256", Text, primary_key=True), Column("account_id", Text), Column("kind", Text), Column("created_at", Text),
    Column("expires_at", Text), Column("revoked_at", Text),
)  # fmt: skip

SIGN_IN_TRY = Table(
    "sign_in_try", METADATA, Column("try_id", Text, primary_key=True), Column("address_sha256", Text), Column("login_sha256", Text),
    Column("account_id", Text), Column("at", Text), Column("is_in_ledger", Integer),
)  # fmt: skip

SIGN_IN_ADDRESS = Table(
    "sign_in_address", METADATA, Column("account_id", Text, primary_key=True), Column("address_sha256", Text, primary_key=True), Column("last_at", Text),
)  # fmt: skip


UPLOAD = Table("upload", METADATA, Column("account_id", Text), Column("at", Text), Column("n_bytes", Integer))

DRAFT = Table(
    "draft", METADATA, Column("draft_id", Text, primary_key=True), Column("account_id", Text), Column("member_code", Text), Column("file_name", Text),
    Column("content_sha256", Text), Column("answers_json", Text), Column("updated_at", Text),
)  # fmt: skip

MAPPING = Table(
    "mapping", METADATA, Column("member_code", Text, primary_key=True), Column("fingerprint", Text, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("answers_json", Text), Column("actor_id", Text), Column("at", Text),
)  # fmt: skip
