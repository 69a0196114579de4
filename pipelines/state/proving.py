"""Prove the state database: its schema, its chain, its rows against the events that wrote them, its head files.

Belongs here: what is not as it was written, in words. Does not belong here: files and editions (editions.verifying), mending.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, text
from sqlalchemy.exc import SQLAlchemyError

from pipelines.domain.damages import Damage
from pipelines.domain.errors import StorageError
from pipelines.state.adopting import ADOPTED
from pipelines.state.binding import BOUND, read_bound, row_digest, row_name
from pipelines.state.engines import NEWEST, look_at_state, reading, schema_as_found, schema_as_made, schema_version
from pipelines.state.heads import LedgerHead, head_faults, read_bytes
from pipelines.state.ledger import GENESIS, Chain, walk_ledger
from pipelines.state.records import BUILT_AGAIN, PUBLISHED, EditionRecord, SubmissionRecord

STATE = "state database"
TELLING = ("account_created", "account_changed", "submission_accepted", PUBLISHED)
"""Actions whose body tells what a row holds."""
EVENT_COLUMNS = {"submission": "accepted_seq", "edition": "published_seq"}
"""Columns that name the event of a row."""


@dataclass(frozen=True, slots=True)
class StateProof:
    """What the state database holds, and what is not as it was written."""

    damages: list[Damage]
    head: LedgerHead = field(default_factory=lambda: LedgerHead(0, GENESIS))
    hashes: dict[int, str] = field(default_factory=lambda: {0: GENESIS})
    n_rows: int = 0
    submissions: list[SubmissionRecord] = field(default_factory=list)
    editions: list[EditionRecord] = field(default_factory=list)
    pointed: str = ""
    is_read: bool = False


def prove_state(url: str, head_files: Sequence[Path]) -> StateProof:
    """Read the whole state database once, as it stands, and hold it against itself and its head files."""
    before = [read_bytes(path) for path in head_files]
    try:
        engine = look_at_state(url)
        try:
            with reading(engine) as connection:
                proof = _prove(connection)
        finally:
            engine.dispose()
    except StorageError as error:
        proof = StateProof([Damage(STATE, str(error))])
    except (SQLAlchemyError, ValueError) as error:
        proof = StateProof([Damage(STATE, f"it cannot be read ({type(error).__name__}); restore it from a backup")])
    for path, kept in zip(head_files, before, strict=True):
        proof.damages.extend(Damage(f"head file {path.name}", fault) for fault in head_faults(kept, read_bytes(path), proof.hashes))
    return proof


def _prove(connection: Connection) -> StateProof:
    version = schema_version(connection)
    if version != NEWEST:
        what = f"its schema is {version or 'missing'}, where {NEWEST} is expected; `citybench build` upgrades an older one that was not tampered with"
        return StateProof([Damage(STATE, what)])
    chain = walk_ledger(connection)
    rows = {table: read_bound(connection, table) for table in BOUND}
    damages = [Damage(STATE, what) for what in _file_faults(connection)]
    damages += [Damage("ledger", what) for what in chain.faults]
    damages += row_damages(chain, rows)
    return StateProof(
        damages, chain.head, chain.hashes, sum(map(len, rows.values())),
        [SubmissionRecord(**row) for row in rows["submission"]], [EditionRecord(**row) for row in rows["edition"]],
        next((e.object_id for e in reversed(chain.events) if e.action in (PUBLISHED, BUILT_AGAIN)), ""), is_read=True,
    )  # fmt: skip


def _file_faults(connection: Connection) -> list[str]:
    """What SQLite itself finds wrong with its file, and what differs from the schema as it was made: a missing guard, a strange view."""
    if connection.dialect.name != "sqlite":
        return []
    faults = [f"SQLite says: {row[0]}" for row in connection.execute(text("pragma integrity_check(5)")) if row[0] != "ok"]
    faults += [f"a row of {row[0]} refers to a row of {row[2]} that is gone" for row in connection.execute(text("pragma foreign_key_check"))]
    made, found = schema_as_made(), schema_as_found(connection)
    faults += [f"the {name} of its schema is missing or was changed" for name, _ in sorted(made - found)]
    faults += [f"the {name} is not of its schema" for name in sorted({n for n, _ in found} - {n for n, _ in made})]
    return faults


def row_damages(chain: Chain, rows: Mapping[str, Sequence[dict[str, Any]]]) -> list[Damage]:
    """Hold every bound row against the last event that wrote it, and against what older events tell of it."""
    bound: dict[str, tuple[int, str]] = {}
    damages = []
    for event in chain.events:
        written = body_of(event).get("rows", {}) if '"rows"' in event.body else {}
        if event.action == ADOPTED and bound:
            damages.append(Damage(f"event {event.seq}", "it binds the rows anew as they stood, although they were bound before"))
        bound |= {name: (event.seq, digest) for name, digest in written.items()}
    if not bound and any(rows.values()):
        damages.append(
            Damage(STATE, "no row is bound: it is of an older version; any command that opens it for writing, such as `citybench build`, binds them")
        )
    stand = {row_name(table, row): (table, row) for table, listed in rows.items() for row in listed}
    for name, (table, row) in stand.items() if bound else ():
        if name not in bound:
            damages.append(Damage(_shown(name), "no event wrote this row: it was invented, or its key was changed"))
        elif what := _changed(table, row, *bound[name]):
            damages.append(Damage(_shown(name), what))
    damages += [Damage(_shown(name), f"the row that event {seq} wrote is gone") for name, (seq, _) in bound.items() if name not in stand]
    return damages + _untold(chain, rows)


def body_of(event: Row[Any]) -> dict[str, Any]:
    """Read an event's body; a damaged one is empty, and the chain says so."""
    try:
        body = json.loads(event.body)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _shown(name: str) -> str:
    """A row's name with long digests cut."""
    return " ".join(part if len(part) < 40 else part[:12] for part in name.split(" "))


def _changed(table: str, values: Mapping[str, Any], seq: int, digest: str) -> str:
    if row_digest(table, values) == digest:
        return ""
    column = EVENT_COLUMNS.get(table)
    if column and row_digest(table, {**values, column: seq}) == digest:
        return f"it is bound to event {values[column]}; event {seq} wrote it"
    return f"it is not as event {seq} wrote it"


def _untold(chain: Chain, rows: Mapping[str, Sequence[dict[str, Any]]]) -> list[Damage]:
    """What the meaning of the events says against the rows, those of an older version included: it bound no rows."""
    told: dict[tuple[str, str], dict[str, Any]] = {}
    for event in chain.events:
        body = body_of(event) if event.action in TELLING else {}
        if event.action == "account_created":
            told["account", event.object_id] = {"role": body.get("role"), "member_code": event.member_code, "is_active": 1}
        elif event.action == "account_changed" and ("account", event.object_id) in told:
            changed = {k: body[k] for k in ("role", "is_active") if k in body}
            told["account", event.object_id] |= {k: int(v) if k == "is_active" else v for k, v in changed.items()}
        elif event.action == "submission_accepted":
            kept = {k: body.get(k) for k in ("file_sha256", "rows_sha256")}
            told["submission", event.object_id] = {**kept, "member_code": event.member_code, "accepted_seq": event.seq}
        elif event.action == PUBLISHED:
            told["edition", event.object_id] = {"manifest_sha256": body.get("manifest_sha256"), "published_seq": event.seq}
        elif event.action == "mapping_confirmed":
            told["mapping", f"{event.member_code} {event.object_id}"] = {"actor_id": event.actor, "at": event.at}
    stand = {(table, _told_key(table, row)): row for table, listed in rows.items() if table != "session" for row in listed}
    damages = [Damage(f"{table} {key}", "its event stands in the ledger and its row is gone") for table, key in told if (table, key) not in stand]
    damages += [Damage(f"{table} {key}", "it stands without an event of its making") for table, key in stand if (table, key) not in told]
    for (table, key), values in told.items():
        for column, value in values.items() if (table, key) in stand else ():
            if stand[table, key][column] != value:
                damages.append(Damage(f"{table} {key}", f"its {column} is {stand[table, key][column]}, where its event says {value}"))
    return damages


def _told_key(table: str, values: Mapping[str, Any]) -> str:
    if table == "mapping":
        return f"{values['member_code']} {values['fingerprint'][:12]}-{values['version']}"
    return str(values[BOUND[table][1][0]])
