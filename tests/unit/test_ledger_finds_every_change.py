"""The ledger and the frozen tables of the state database."""

import datetime
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DatabaseError

from pipelines.domain.actors import Role, operator
from pipelines.domain.errors import StorageError
from pipelines.state import engines
from pipelines.state.accounts import create_account
from pipelines.state.binding import bind_row
from pipelines.state.engines import open_state, reading, writing
from pipelines.state.heads import HEADS_FILE
from pipelines.state.ledger import GENESIS, Chain, NewEvent, append_event, event_hash, walk_ledger
from pipelines.state.proving import prove_state

NOW = datetime.datetime(2026, 11, 22, 9, tzinfo=datetime.UTC)


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    engine = open_state(f"sqlite:///{tmp_path / 'state.sqlite'}")
    for number in range(5):
        with writing(engine) as connection:
            append_event(connection, NewEvent("2026-11-22T00:00:00+00:00", "test", "tested", "KOR", f"object-{number}", {"n": number}))
    return engine


def walk(engine: Engine) -> Chain:
    with reading(engine) as connection:
        return walk_ledger(connection)


def tamper(engine: Engine, statement: str) -> None:
    with writing(engine) as connection:
        for name in ("event_no_update", "event_no_delete"):
            connection.execute(text(f"drop trigger {name}"))
        connection.execute(text(statement))


def test_an_untouched_ledger_is_whole(engine: Engine) -> None:
    assert (walk(engine).head.seq, walk(engine).faults) == (5, [])


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
    assert walk(engine).faults


def test_a_cut_tail_is_found_by_the_head_file_and_by_a_head_kept_elsewhere(engine: Engine, tmp_path: Path) -> None:
    kept = walk(engine).head
    tamper(engine, "delete from event where seq = 5")
    assert walk(engine).faults == []
    assert walk(engine).hashes.get(kept.seq) != kept.hash
    proof = prove_state(f"sqlite:///{tmp_path / 'state.sqlite'}", [tmp_path / HEADS_FILE])
    assert ["lacks event 5" in str(d) for d in proof.damages if d.place.startswith("head file")] == [True]


def test_nothing_is_written_into_a_ledger_that_was_rolled_back(engine: Engine, tmp_path: Path) -> None:
    earlier = (tmp_path / "state.sqlite").read_bytes()
    with writing(engine) as connection:
        append_event(connection, NewEvent("2026-11-22T00:00:00+00:00", "test", "tested", "KOR", "object-6", {}))
    engine.dispose()
    (tmp_path / "state.sqlite").write_bytes(earlier)
    with pytest.raises(StorageError, match="lacks event 6"), writing(engine) as connection:
        append_event(connection, NewEvent("2026-11-22T00:00:00+00:00", "test", "tested", "KOR", "object-6", {"other": 1}))
    with pytest.raises(StorageError, match="lacks event 6"):
        open_state(f"sqlite:///{tmp_path / 'state.sqlite'}")


@pytest.mark.parametrize("left", [None, b""])
def test_no_new_database_takes_the_place_of_one_that_was_deleted(engine: Engine, tmp_path: Path, left: bytes | None) -> None:
    engine.dispose()
    (tmp_path / "state.sqlite").unlink()
    if left is not None:
        (tmp_path / "state.sqlite").write_bytes(left)
    with pytest.raises(StorageError, match=r"gone|deleted"):
        open_state(f"sqlite:///{tmp_path / 'state.sqlite'}")
    assert (tmp_path / "state.sqlite").exists() is (left is not None)


def test_a_second_head_file_that_cannot_be_written_keeps_the_event_out(tmp_path: Path) -> None:
    url, far = f"sqlite:///{tmp_path / 'other.sqlite'}", tmp_path / "far" / "heads.txt"
    engine = open_state(url, head_files=[tmp_path / "near.txt", far])
    event = NewEvent("2026-11-22T00:00:00+00:00", "test", "tested", "KOR", "object-1", {})
    with pytest.raises(StorageError, match="missing"), writing(engine) as connection:
        append_event(connection, event)
    assert walk(engine).events == []
    far.parent.mkdir()
    with writing(engine) as connection:
        append_event(connection, event)
    assert prove_state(url, [tmp_path / "near.txt", far]).damages == []


def test_a_row_without_an_event_is_not_written(engine: Engine) -> None:
    with pytest.raises(StorageError, match="without an event"), writing(engine) as connection:
        bind_row(connection, "session", dict.fromkeys(("token_sha256", "account_id", "kind", "created_at", "expires_at", "revoked_at"), "x"))


@pytest.mark.parametrize("step", ["before the end", "after the end"])
def test_a_transaction_that_dies_beside_its_end_leaves_no_false_alarm(engine: Engine, tmp_path: Path, step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """``begun`` stands without an event, or an event stands without ``kept``."""

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    event = NewEvent("2026-11-22T00:00:00+00:00", "test", "tested", "KOR", "object-6", {})

    def write() -> None:
        with writing(engine) as connection:
            append_event(connection, event)
            if step == "before the end":
                die()

    with monkeypatch.context() as patch:
        patch.setattr(engines, "keep_heads", die)
        with pytest.raises(KeyboardInterrupt):
            write()
    assert walk(engine).head.seq == (5 if step == "before the end" else 6)
    url, heads = f"sqlite:///{tmp_path / 'state.sqlite'}", [tmp_path / HEADS_FILE]
    assert prove_state(url, heads).damages == []
    with writing(engine) as connection:
        append_event(connection, event)
    assert prove_state(url, heads).damages == []


def test_a_state_of_an_older_version_is_bound_once_and_not_believed_blindly(tmp_path: Path) -> None:
    """As written before rows were bound: events without digests, no head file; one role was raised by SQL before the upgrade."""
    url, path = f"sqlite:///{tmp_path / 'old.sqlite'}", tmp_path / "old.sqlite"
    engine = open_state(url)
    for login in ("honest", "raised"):
        create_account(engine, operator("test"), login=login, password="twelve letters", role=Role.RESEARCHER, member_code="", now=NOW)
    engine.dispose()
    with sqlite3.connect(path) as old:
        triggers = [sql for (sql,) in old.execute("select sql from sqlite_master where type = 'trigger'")]
        for (name,) in old.execute("select name from sqlite_master where type = 'trigger'").fetchall():
            old.execute(f"drop trigger {name}")
        events, prev = old.execute("select * from event order by seq").fetchall(), GENESIS
        for seq, *fields in [(*row[:6], '{"role":"researcher"}') for row in events]:
            prev, before = event_hash(seq, prev, fields), prev
            old.execute("update event set body = ?, prev = ?, hash = ? where seq = ?", (fields[-1], before, prev, seq))
        for sql in triggers:
            old.execute(sql)
    (tmp_path / HEADS_FILE).unlink()
    untouched = path.read_bytes()
    assert any("no row is bound" in str(d) for d in prove_state(url, [tmp_path / HEADS_FILE]).damages)
    open_state(url).dispose()
    open_state(url).dispose()
    proof = prove_state(url, [tmp_path / HEADS_FILE])
    assert (proof.damages, proof.head.seq) == ([], 3)

    path.write_bytes(untouched)
    (tmp_path / HEADS_FILE).unlink()
    with sqlite3.connect(path) as old:
        old.execute("update account set role = 'administrator' where login = 'raised'")
    open_state(url).dispose()
    [damage] = prove_state(url, [tmp_path / HEADS_FILE]).damages
    assert "role is administrator, where its event says researcher" in str(damage)
