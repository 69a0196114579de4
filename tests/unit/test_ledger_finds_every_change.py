"""The ledger and the frozen tables of the state database."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DatabaseError

from pipelines.domain.errors import StorageError
from pipelines.state.engines import open_state, reading, writing
from pipelines.state.ledger import LedgerHead, NewEvent, append_event, verify_ledger


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    engine = open_state(f"sqlite:///{tmp_path / 'state.sqlite'}")
    for number in range(5):
        with writing(engine) as connection:
            append_event(connection, NewEvent("2026-11-22T00:00:00+00:00", "test", "tested", "KOR", f"object-{number}", {"n": number}))
    return engine


def verify(engine: Engine, *witnesses: LedgerHead) -> LedgerHead:
    with reading(engine) as connection:
        return verify_ledger(connection, witnesses=witnesses)


def tamper(engine: Engine, statement: str) -> None:
    with writing(engine) as connection:
        for name in ("event_no_update", "event_no_delete"):
            connection.execute(text(f"drop trigger {name}"))
        connection.execute(text(statement))


def test_an_untouched_ledger_is_whole(engine: Engine) -> None:
    assert verify(engine).seq == 5


@pytest.mark.parametrize("statement", ["update event set body = 'x'", "delete from event", "update event set seq = 9 where seq = 5"])
def test_the_database_refuses_to_change_an_event(engine: Engine, statement: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"), writing(engine) as connection:
        connection.execute(text(statement))


@pytest.mark.parametrize(
    "statement",
    [
        "update event set body = '{}' where seq = 3",
        "update event set at = '2020-01-01' where seq = 2",
        "delete from event where seq = 3",
        "update event set object_id = (case seq when 2 then 'object-2' else 'object-1' end) where seq in (2, 3)",
    ],
)
def test_a_change_behind_the_triggers_is_found(engine: Engine, statement: str) -> None:
    tamper(engine, statement)
    with pytest.raises(StorageError, match="does not fit at event"):
        verify(engine)


def test_a_cut_tail_is_found_by_a_receipt(engine: Engine) -> None:
    witness = verify(engine)
    tamper(engine, "delete from event where seq = 5")
    assert verify(engine).seq == 4
    with pytest.raises(StorageError, match="tail was cut"):
        verify(engine, witness)
