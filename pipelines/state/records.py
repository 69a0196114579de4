"""Rows of submissions and editions.

Belongs here: reading and inserting records, each with its event in one transaction. Does not belong here:
files, checks, policy.
"""

import json
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Engine, insert, select

from pipelines.domain.errors import ConflictError
from pipelines.state.binding import bind_row
from pipelines.state.engines import reading, writing
from pipelines.state.heads import LedgerHead
from pipelines.state.ledger import NewEvent, append_event, read_head
from pipelines.state.tables import EDITION, EVENT, SUBMISSION

PUBLISHED, BUILT_AGAIN = "edition_published", "edition_built_again"
"""Events after which the pointer names their edition."""


@dataclass(frozen=True, slots=True)
class SubmissionRecord:
    """An accepted submission; ``receipt`` is the receipt as JSON."""

    submission_id: str
    member_code: str
    contract_id: str
    contract_version: str
    file_name: str
    file_sha256: str
    rows_sha256: str
    receipt: str
    accepted_seq: int
    as_of_date: str
    state: str
    answers_json: str = ""
    answers_sha256: str = ""


@dataclass(frozen=True, slots=True)
class EditionRecord:
    """A published edition."""

    edition_id: str
    edition_code: str
    manifest_sha256: str
    inputs_digest: str
    published_seq: int


def ledger_head(engine: Engine) -> LedgerHead:
    """Give the present head of the ledger."""
    with reading(engine) as connection:
        return read_head(connection)


def event_hash_at(engine: Engine, seq: int) -> str:
    """Give the hash of one event."""
    with reading(engine) as connection:
        return str(connection.execute(select(EVENT.c.hash).where(EVENT.c.seq == seq)).scalar_one())


def find_submission(engine: Engine, *, member_code: str, contract_id: str, file_sha256: str, answers_sha256: str = "") -> SubmissionRecord | None:
    """Find the submission that already brought these bytes with these answers."""
    query = select(SUBMISSION).where(
        SUBMISSION.c.member_code == member_code, SUBMISSION.c.contract_id == contract_id,
        SUBMISSION.c.file_sha256 == file_sha256, SUBMISSION.c.answers_sha256 == answers_sha256,
    )  # fmt: skip
    with reading(engine) as connection:
        row = connection.execute(query).first()
    return SubmissionRecord(**row._mapping) if row else None


def list_submissions(engine: Engine) -> list[SubmissionRecord]:
    """List accepted submissions in the order of their acceptance."""
    with reading(engine) as connection:
        rows = connection.execute(select(SUBMISSION).order_by(SUBMISSION.c.accepted_seq)).all()
    return [SubmissionRecord(**row._mapping) for row in rows]


def insert_submission(engine: Engine, record: SubmissionRecord, event: NewEvent) -> tuple[SubmissionRecord, LedgerHead, bool]:
    """Insert a submission and its event in one transaction.

    Args:
        record: with any ``accepted_seq``; the event's number replaces it.

    Returns:
        The record as stored, the head, and whether it was there already (then nothing was written).
    """
    with writing(engine) as connection:
        query = select(SUBMISSION).where(
            SUBMISSION.c.member_code == record.member_code,
            SUBMISSION.c.contract_id == record.contract_id,
            SUBMISSION.c.file_sha256 == record.file_sha256,
            SUBMISSION.c.answers_sha256 == record.answers_sha256,
        )
        row = connection.execute(query).first()
        if row is not None:
            return SubmissionRecord(**row._mapping), read_head(connection), True
        values = {name: getattr(record, name) for name in SubmissionRecord.__slots__} | {"accepted_seq": read_head(connection).seq + 1}
        bind_row(connection, "submission", values)
        head = append_event(connection, event)
        connection.execute(insert(SUBMISSION).values(**values))
        return SubmissionRecord(**values), head, False


def record_event(engine: Engine, event: NewEvent) -> LedgerHead:
    """Append an event that changes nothing else."""
    with writing(engine) as connection:
        return append_event(connection, event)


def insert_edition(engine: Engine, record: EditionRecord, event: NewEvent) -> EditionRecord:
    """Insert an edition and its event in one transaction; the same edition again leaves an event that it was built again.

    Raises:
        ConflictError: an edition of this id has another manifest.
    """
    with writing(engine) as connection:
        row = connection.execute(select(EDITION).where(EDITION.c.edition_id == record.edition_id)).first()
        if row is not None:
            if row.manifest_sha256 != record.manifest_sha256:
                raise ConflictError(f"Edition {record.edition_id} was published with another manifest; a published edition never changes.")
            append_event(connection, replace(event, action=BUILT_AGAIN))
            return EditionRecord(**row._mapping)
        values = {name: getattr(record, name) for name in EditionRecord.__slots__} | {"published_seq": read_head(connection).seq + 1}
        bind_row(connection, "edition", values)
        append_event(connection, event)
        connection.execute(insert(EDITION).values(**values))
        return EditionRecord(**values)


def list_editions(engine: Engine) -> list[EditionRecord]:
    """List editions in the order of publication."""
    with reading(engine) as connection:
        return [EditionRecord(**r._mapping) for r in connection.execute(select(EDITION).order_by(EDITION.c.published_seq)).all()]


def last_build(engine: Engine) -> dict[str, Any]:
    """Give the body of the event that the last build to its end left; empty before the first."""
    query = select(EVENT.c.body).where(EVENT.c.action.in_((PUBLISHED, BUILT_AGAIN))).order_by(EVENT.c.seq.desc()).limit(1)
    with reading(engine) as connection:
        body = connection.execute(query).scalar()
    return dict(json.loads(body)) if body else {}
