"""Drafts and mapping recipes of members.

Belongs here: rows of drafts and of remembered answers, versioned. Does not belong here: the draft's bytes (landing).
"""

import datetime
import secrets
from dataclasses import dataclass

from sqlalchemy import Engine, delete, func, insert, select, update

from pipelines.domain.answers import Answers, answers_from_json
from pipelines.state.accounts import stamp
from pipelines.state.binding import bind_row
from pipelines.state.engines import reading, writing
from pipelines.state.ledger import NewEvent, append_event
from pipelines.state.tables import DRAFT, MAPPING


@dataclass(frozen=True, slots=True)
class Draft:
    """A file that was uploaded and not sent yet, with the answers given so far."""

    draft_id: str
    account_id: str
    member_code: str
    file_name: str
    content_sha256: str
    answers_json: str
    updated_at: str

    @property
    def answers(self) -> Answers:
        """The answers given so far."""
        return answers_from_json(self.answers_json)


@dataclass(frozen=True, slots=True)
class Mapping:
    """Remembered answers for files of one layout."""

    member_code: str
    fingerprint: str
    version: int
    answers: Answers


def keep_draft(engine: Engine, *, account_id: str, member_code: str, file_name: str, content_sha256: str, now: datetime.datetime) -> Draft:
    """Keep a draft; the same file of the same person is the same draft."""
    with writing(engine) as connection:
        same = select(DRAFT).where(DRAFT.c.account_id == account_id, DRAFT.c.content_sha256 == content_sha256, DRAFT.c.file_name == file_name)
        row = connection.execute(same).first()
        if row is not None:
            return Draft(**row._mapping)
        draft = Draft(f"d-{secrets.token_hex(8)}", account_id, member_code, file_name, content_sha256, "", stamp(now))
        connection.execute(insert(DRAFT).values(**{name: getattr(draft, name) for name in Draft.__slots__}))
        return draft


def answer_draft(engine: Engine, draft_id: str, answers: Answers, *, now: datetime.datetime) -> None:
    """Keep the answers of a draft."""
    with writing(engine) as connection:
        connection.execute(update(DRAFT).where(DRAFT.c.draft_id == draft_id).values(answers_json=answers.to_json(), updated_at=stamp(now)))


def list_drafts(engine: Engine, *, account_id: str) -> list[Draft]:
    """List a person's drafts, newest first."""
    with reading(engine) as connection:
        rows = connection.execute(select(DRAFT).where(DRAFT.c.account_id == account_id).order_by(DRAFT.c.updated_at.desc(), DRAFT.c.draft_id)).all()
    return [Draft(**row._mapping) for row in rows]


def drop_draft(engine: Engine, draft_id: str) -> None:
    """Forget a draft that was sent or is not wanted."""
    with writing(engine) as connection:
        connection.execute(delete(DRAFT).where(DRAFT.c.draft_id == draft_id))


def find_mapping(engine: Engine, *, member_code: str, fingerprint: str) -> Mapping | None:
    """Find the newest recipe for a layout."""
    query = select(MAPPING).where(MAPPING.c.member_code == member_code, MAPPING.c.fingerprint == fingerprint).order_by(MAPPING.c.version.desc()).limit(1)
    with reading(engine) as connection:
        row = connection.execute(query).first()
    return Mapping(row.member_code, row.fingerprint, row.version, answers_from_json(row.answers_json)) if row else None


def remember_mapping(engine: Engine, *, actor_id: str, member_code: str, fingerprint: str, answers: Answers, now: datetime.datetime) -> int:
    """Remember confirmed answers as a new version, unless they are the newest already.

    Returns:
        The version that holds them.
    """
    text = answers.recipe().to_json()
    with writing(engine) as connection:
        query = select(MAPPING).where(MAPPING.c.member_code == member_code, MAPPING.c.fingerprint == fingerprint)
        newest = connection.execute(query.order_by(MAPPING.c.version.desc()).limit(1)).first()
        if newest is not None and newest.answers_json == text:
            return int(newest.version)
        version = int(connection.execute(select(func.count()).select_from(query.subquery())).scalar_one()) + 1
        values = {
            "member_code": member_code, "fingerprint": fingerprint, "version": version, "answers_json": text, "actor_id": actor_id, "at": stamp(now),
        }  # fmt: skip
        connection.execute(insert(MAPPING).values(**values))
        bind_row(connection, "mapping", values)
        append_event(connection, NewEvent(stamp(now), actor_id, "mapping_confirmed", member_code, f"{fingerprint[:12]}-{version}", {}))
        return version
