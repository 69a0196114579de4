"""The ledger: every change as an event, chained by hashes, in the transaction of the change.

Belongs here: appending, the head, the walk along the chain. Does not belong here: what an event means, rows (binding), witnesses (heads).

An event's body holds ids and hashes, never a name or a cell's value. Under ``rows`` it holds a digest of every row it wrote.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from pipelines.domain.errors import StorageError
from pipelines.state.binding import take_pending
from pipelines.state.heads import BEGUN, KEPT, LedgerHead, append_lines, last_kept
from pipelines.state.tables import EVENT

DOMAIN_TAG = "citybench-ledger-v1"
GENESIS = "0" * 64
APPENDED = "citybench_heads"
HEAD_FILES = "head_files"


@dataclass(frozen=True, slots=True)
class NewEvent:
    """What happened, to be appended."""

    at: str
    actor: str
    action: str
    member_code: str
    object_id: str
    body: dict[str, str | int | list[str]]


@dataclass(frozen=True, slots=True)
class Chain:
    """The ledger as walked: its events in order, the hash of each by number (with the genesis), and what does not fit."""

    events: list[Row[Any]]
    hashes: dict[int, str]
    faults: list[str]

    @property
    def head(self) -> LedgerHead:
        """The last event."""
        return LedgerHead(self.events[-1].seq, self.events[-1].hash) if self.events else LedgerHead(0, GENESIS)


def read_head(connection: Connection) -> LedgerHead:
    """Give the last event, or the genesis when there is none."""
    row = connection.execute(select(EVENT.c.seq, EVENT.c.hash).order_by(EVENT.c.seq.desc()).limit(1)).first()
    return LedgerHead(row.seq, row.hash) if row else LedgerHead(0, GENESIS)


def append_event(connection: Connection, event: NewEvent) -> LedgerHead:
    """Append one event with the rows bound since the last; call it inside the write transaction of the change.

    Returns:
        The new head.

    Raises:
        StorageError: a head file knows later events than this ledger, or cannot be written; nothing is written then.
    """
    head, rows = read_head(connection), take_pending(connection)
    body = json.dumps({**event.body, **({"rows": rows} if rows else {})}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    fields = [event.at, event.actor, event.action, event.member_code, event.object_id, body]
    new = LedgerHead(head.seq + 1, event_hash(head.seq + 1, head.hash, fields))
    begin_head(connection, head, new)
    connection.execute(
        insert(EVENT).values(
            seq=new.seq, at=event.at, actor=event.actor, action=event.action, member_code=event.member_code,
            object_id=event.object_id, body=body, prev=head.hash, hash=new.hash,
        )
    )  # fmt: skip
    return new


def begin_head(connection: Connection, head: LedgerHead, new: LedgerHead) -> None:
    """Leave a line for an event in every head file before its transaction ends; a ledger behind its head files gets none.

    Raises:
        StorageError: the ledger was deleted or rolled back, or a head file cannot be written.
    """
    for path in connection.get_execution_options().get(HEAD_FILES, ()):
        require_not_behind(connection, path)
        append_lines(path, BEGUN, [new], create=head.seq == 0)
    connection.info.setdefault(APPENDED, []).append(new)


def require_not_behind(connection: Connection, path: Path, *, is_empty: bool = False) -> None:
    """Refuse to write when a head file keeps an event that the ledger has not.

    Args:
        is_empty: there is no table of events yet.

    Raises:
        StorageError: the state database was deleted, rolled back or rewritten.
    """
    known = last_kept(path)
    if known is None:
        return
    if is_empty or connection.execute(select(EVENT.c.hash).where(EVENT.c.seq == known.seq)).scalar() != known.hash:
        raise StorageError(
            f"The state database lacks event {known.seq}, which the head file {path} keeps: it was deleted, rolled back or rewritten. "
            "Restore it; nothing is written until then. If an older state is meant to stand, move the head file away and run `citybench witness`."
        )


def keep_heads(connection: Connection) -> None:
    """Leave the second line of every event of a transaction that has ended."""
    heads: list[LedgerHead] = connection.info.pop(APPENDED, [])
    for path in connection.get_execution_options().get(HEAD_FILES, ()) if heads else ():
        append_lines(path, KEPT, heads)


def event_hash(seq: int, prev: str, fields: list[str]) -> str:
    """Hash an event with its predecessor: SHA-256 of the tag and canonical JSON."""
    text = json.dumps([DOMAIN_TAG, seq, prev, *fields], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def walk_ledger(connection: Connection) -> Chain:
    """Walk the whole chain; names every event that does not fit the one before it.

    A cut tail or a chain rewritten to its end is found only by heads kept elsewhere.
    """
    prev, expected_seq = GENESIS, 1
    chain = Chain([], {0: GENESIS}, [])
    for row in connection.execute(select(EVENT).order_by(EVENT.c.seq)):
        fields = [row.at, row.actor, row.action, row.member_code, row.object_id, row.body]
        if row.seq != expected_seq:
            chain.faults.append(f"event {expected_seq} is missing before event {row.seq}")
        if row.prev != prev or row.hash != event_hash(row.seq, prev, fields):
            chain.faults.append(f"event {row.seq} does not fit: it, or one before it, was changed after it was written")
        prev, expected_seq = row.hash, row.seq + 1
        chain.events.append(row)
        chain.hashes[row.seq] = row.hash
    return chain
