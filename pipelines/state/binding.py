"""Bind rows to the event that wrote them: the event's body holds a digest of each row.

Belongs here: which tables are bound, digests of rows, what an event is about to bind. Does not belong here: appending (ledger), proof (proving).

Drafts, uploads and tries at the sign-in are not bound: they count or wait, and nothing is published or allowed by them.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Table, select

from pipelines.state.tables import ACCOUNT, EDITION, MAPPING, SESSION, SUBMISSION

DOMAIN_TAG = "citybench-row-v1"
PENDING = "citybench_rows"
BOUND: dict[str, tuple[Table, tuple[str, ...], tuple[str, ...]]] = {
    "account": (ACCOUNT, ("account_id",), ("login", "role", "member_code", "password_hash", "is_active")),
    "session": (SESSION, ("token_sha256",), ("account_id", "kind", "created_at", "expires_at", "revoked_at")),
    "submission": (
        SUBMISSION,
        ("submission_id",),
        ("member_code", "contract_id", "contract_version", "file_name", "file_sha256", "rows_sha256", "receipt", "accepted_seq", "as_of_date",
         "answers_json", "answers_sha256", "state"),
    ),
    "edition": (EDITION, ("edition_id",), ("edition_code", "manifest_sha256", "inputs_digest", "published_seq")),
    "mapping": (MAPPING, ("member_code", "fingerprint", "version"), ("answers_json", "actor_id", "at")),
}  # fmt: skip
"""Table to its key and its bound columns, spelt out: a column added later is bound from the day it is named here."""


def row_name(table: str, values: Mapping[str, Any]) -> str:
    """Name a row as events do: its table and its key."""
    return " ".join([table, *(str(values[c]) for c in BOUND[table][1])])


def row_digest(table: str, values: Mapping[str, Any]) -> str:
    """Digest a row: SHA-256 of the tag, its table and every bound column. A password's hash is salted, so that its digest tells nothing."""
    columns = {c: values[c] for c in (*BOUND[table][1], *BOUND[table][2])}
    return hashlib.sha256(json.dumps([DOMAIN_TAG, table, columns], ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def bind_row(connection: Connection, table: str, values: Mapping[str, Any]) -> None:
    """Say what a row holds from now on; the next event of this transaction takes it up."""
    connection.info.setdefault(PENDING, {})[row_name(table, values)] = row_digest(table, values)


def bind_stored(connection: Connection, table: str, **key: str) -> None:
    """Bind the row of this key as it stands now, after an update."""
    of = BOUND[table][0]
    row = connection.execute(select(of).where(*(of.c[name] == value for name, value in key.items()))).one()
    bind_row(connection, table, {str(name): value for name, value in row._mapping.items()})


def take_pending(connection: Connection) -> dict[str, str]:
    """Give the rows that wait for their event, by name, and forget them."""
    pending: dict[str, str] = connection.info.pop(PENDING, {})
    return pending


def read_bound(connection: Connection, table: str) -> list[dict[str, Any]]:
    """Read every row of a bound table, by key."""
    of, key, _ = BOUND[table]
    rows = connection.execute(select(of).order_by(*(of.c[name] for name in key))).all()
    return [{str(name): value for name, value in row._mapping.items()} for row in rows]
