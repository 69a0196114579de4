"""The ledger: every change as an event, chained by hashes, in the transaction of the change.

Belongs here: appending, the head, verification. Does not belong here: what an event means.

An event's body holds ids and hashes, never a name or a cell's value.
"""

import hashlib
import json
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from pipelines.domain.errors import StorageError
from pipelines.state.tables import EVENT

DOMAIN_TAG = "citybench-ledger-v1"
GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class LedgerHead:
    """The last event; written into every receipt and manifest, so that others are witnesses."""

    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class NewEvent:
    """What happened, to be appended."""

    at: str
    actor: str
    action: str
    member_code: str
    object_id: str
    body: dict[str, str | int | list[str]]


def read_head(connection: Connection) -> LedgerHead:
    """Give the last event, or the genesis when there is none."""
    row = connection.execute(select(EVENT.c.seq, EVENT.c.hash).order_by(EVENT.c.seq.desc()).limit(1)).first()
    return LedgerHead(row.seq, row.hash) if row else LedgerHead(0, GENESIS)


def append_event(connection: Connection, event: NewEvent) -> LedgerHead:
    """Append one event; call it inside the write transaction of the change.

    Returns:
        The new head.
    """
    head = read_head(connection)
    body = json.dumps(event.body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    fields = [event.at, event.actor, event.action, event.member_code, event.object_id, body]
    new = LedgerHead(head.seq + 1, event_hash(head.seq + 1, head.hash, fields))
    connection.execute(
        insert(EVENT).values(
            seq=new.seq, at=event.at, actor=event.actor, action=event.action, member_code=event.member_code,
            object_id=event.object_id, body=body, prev=head.hash, hash=new.hash,
        )
    )  # fmt: skip
    return new


def event_hash(seq: int, prev: str, fields: list[str]) -> str:
    """Hash an event with its predecessor: SHA-256 of the tag and canonical JSON."""
    text = json.dumps([DOMAIN_TAG, seq, prev, *fields], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def verify_ledger(connection: Connection, *, witnesses: tuple[LedgerHead, ...] = ()) -> LedgerHead:
    """Walk the whole chain.

    Args:
        witnesses: heads kept elsewhere, in receipts or manifests; a cut tail is found only by them.

    Raises:
        StorageError: the chain is broken; names the first event that does not fit.
    """
    prev, expected_seq = GENESIS, 1
    hashes: dict[int, str] = {0: GENESIS}
    for row in connection.execute(select(EVENT).order_by(EVENT.c.seq)):
        fields = [row.at, row.actor, row.action, row.member_code, row.object_id, row.body]
        if row.seq != expected_seq or row.prev != prev or row.hash != event_hash(row.seq, prev, fields):
            raise StorageError(f"The ledger does not fit at event {row.seq}: it was changed after it was written. Restore the state database.")
        prev, expected_seq = row.hash, expected_seq + 1
        hashes[row.seq] = row.hash
    for witness in witnesses:
        if hashes.get(witness.seq) != witness.hash:
            raise StorageError(f"The ledger lacks event {witness.seq} as a receipt or manifest knows it: its tail was cut or rewritten.")
    return LedgerHead(expected_seq - 1, prev)
