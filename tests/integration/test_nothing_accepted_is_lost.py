"""kill -9 at every named step and at random, through page, command and inbox; races; and the safeguards, each removed in turn.

A forked child does the work and kills itself at the named step, so that two hundred kills take a minute.
"""

import datetime
import hashlib
import os
import random
import signal
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.domain.actors import Role, operator
from pipelines.domain.errors import CitybenchError, StorageError
from pipelines.domain.findings import Verdict
from pipelines.intake.reporting import FileToRead
from pipelines.state import accounts, engines, ledger, records
from pipelines.state.accounts import create_account
from pipelines.state.engines import open_state
from pipelines.state.heads import HEADS_FILE
from pipelines.state.proving import prove_state
from pipelines.state.records import list_submissions
from pipelines.submissions import accepting, desk, inboxes, landing
from pipelines.submissions.accepting import Store, accept
from pipelines.submissions.checking import CheckRequest, Home, check_file
from pipelines.submissions.checking_apart import ApartFile
from tests.factories import good_row, make_csv

NOW = datetime.datetime(2026, 11, 22, 9, tzinfo=datetime.UTC)
# Module and function at which the child dies: before it is called, and after it returned.
STEPS: dict[str, tuple[object, str]] = {
    "policy": (accepting, "require_logged"), "recipe": (accepting, "with_recipe"), "check": (ApartFile, "check"), "land": (accepting, "land"),
    "folders": (landing, "_make_folders"), "write": (landing, "_write_flushed"), "flush folder": (landing, "flush_folder"), "link": (os, "link"),
    "chmod": (os, "chmod"), "fsync": (os, "fsync"), "insert": (accepting, "insert_submission"), "event": (records, "append_event"),
    "event hash": (ledger, "event_hash"), "head begun": (ledger, "append_lines"), "rows bound": (records, "bind_row"), "head kept": (engines, "keep_heads"),
}  # fmt: skip
DOORS = ("command", "page", "inbox")


def content_of(number: int) -> bytes:
    return make_csv(good_row(value=f"{10 + number / 100:.2f}", source=f"synthetic {number}"))


def fresh_store(folder: Path) -> Store:
    """A store with an engine of its own: no connection crosses a fork."""
    return Store(open_state(f"sqlite:///{folder / 'state.sqlite'}"), folder / "landing", operator("test"), NOW)


def go_through(door: str, folder: Path, home: Home, number: int) -> None:
    """Send one file through one door."""
    store, content = fresh_store(folder), content_of(number)
    if door == "command":
        report = accept(CheckRequest(FileToRead("test.csv", content), "KOR", "2026-11-22"), home, store)
    elif door == "inbox":
        path = folder / "inbox" / "KOR" / f"{number}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        read = inboxes.read_inbox_file(path, max_bytes=1_000_000)
        report = accept(CheckRequest(FileToRead(path.name, read), "KOR", "2026-11-22"), home, store)
        inboxes.set_aside(path, report)
    else:
        from pipelines.state.accounts import list_accounts

        own = replace(store, actor=list_accounts(store.engine)[0].actor)
        draft = desk.upload(own, home, member_code="KOR", file_name="test.csv", content=content)
        report = desk.send_draft(own, home, draft, language="en")
    assert report.receipt.verdict is Verdict.ACCEPTED
    # The acknowledgement: written only after accept() said so.
    (folder / "acknowledged" / str(number)).write_text(report.receipt.file_sha256)


def in_child(work: Callable[[], None], *, at: tuple[object, str] | None = None, after: bool = False, seconds: float = 0.0) -> int:
    """Do work in a forked child that dies by SIGKILL at a step or after a while; returns its wait status."""
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1]
    try:
        if at is not None:
            module, name = at
            original = getattr(module, name)

            def deadly(*arguments: object, **named: object) -> object:
                if not after:
                    os.kill(os.getpid(), signal.SIGKILL)
                answer = original(*arguments, **named)
                os.kill(os.getpid(), signal.SIGKILL)
                return answer

            setattr(module, name, deadly)
        if seconds:
            signal.signal(signal.SIGALRM, lambda *_: os.kill(os.getpid(), signal.SIGKILL))
            signal.setitimer(signal.ITIMER_REAL, seconds)
        work()
        os._exit(0)
    except BaseException:  # noqa: BLE001 - a child tells by its exit code
        os._exit(3)


def broken_promises(folder: Path) -> list[str]:
    """What is wrong with a store: a lost acknowledgement, a row without its bytes or its event, a broken chain, a head that is not kept, a figure twice."""
    proof = prove_state(f"sqlite:///{folder / 'state.sqlite'}", [folder / HEADS_FILE])
    wrong, submissions = [str(damage) for damage in proof.damages], proof.submissions
    for record in submissions:
        for sha256 in (record.file_sha256, record.rows_sha256):
            try:
                landing.read_landed(folder / "landing", sha256)
            except StorageError as error:
                wrong.append(str(error))
    known = {r.file_sha256 for r in submissions}
    wrong += [f"acknowledged {p.name} is lost" for p in (folder / "acknowledged").iterdir() if p.read_text() not in known]
    wrong += [f"{sha} accepted {n} times" for sha, n in Counter(r.file_sha256 for r in submissions).items() if n > 1]
    for path in (folder / "landing").rglob("*"):
        if path.is_file() and not path.name.startswith(".") and hashlib.sha256(path.read_bytes()).hexdigest() != path.name:
            wrong.append(f"{path.name[:8]} holds other bytes than its name says")
    return wrong


@pytest.fixture
def folder(tmp_path: Path, home: Home, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(accounts, "MAX_UPLOADS", 10_000)
    (tmp_path / "acknowledged").mkdir()
    store = fresh_store(tmp_path)
    create_account(store.engine, store.actor, login="kor", password="twelve letters", role=Role.MEMBER, member_code="KOR", now=NOW)
    store.engine.dispose()
    # Warm what every child needs, so that a fork costs little.
    check_file(CheckRequest(FileToRead("t.csv", content_of(0)), "KOR", "2026-11-22"), home)
    return tmp_path


@pytest.mark.parametrize("door", DOORS)
def test_sixty_kills_at_named_and_random_steps_break_no_promise(door: str, folder: Path, home: Home) -> None:
    number, killed = 0, Counter[str]()
    for name, step in STEPS.items():
        for after in (False, True):
            number += 1
            status = in_child(lambda n=number: go_through(door, folder, home, n), at=step, after=after)
            killed[name] += os.WIFSIGNALED(status)
            assert broken_promises(folder) == []
    rng = random.Random(7)  # noqa: S311 - a test's seed
    for _ in range(41):
        number += 1
        in_child(lambda n=number: go_through(door, folder, home, n), seconds=rng.uniform(0.01, 0.35))
        assert broken_promises(folder) == []
    assert all(killed[name] == 2 for name in STEPS), killed
    # Whatever was killed is sent again and is there once.
    for again in range(1, number + 1):
        assert in_child(lambda n=again: go_through(door, folder, home, n)) == 0
    assert broken_promises(folder) == []
    assert len(list_submissions(fresh_store(folder).engine)) == number


def test_the_same_file_through_all_doors_at_once_is_one_submission(folder: Path, home: Home) -> None:
    for number in range(5):
        children = []
        for door in ("command", "page", "inbox", "command", "inbox", "page"):
            child = os.fork()
            if not child:
                try:
                    go_through(door, folder, home, number)
                    os._exit(0)
                except BaseException:  # noqa: BLE001 - a child tells by its exit code
                    os._exit(3)
            children.append(child)
        for child in children:
            os.waitpid(child, 0)
    assert broken_promises(folder) == []
    assert len(list_submissions(fresh_store(folder).engine)) == 5


def short_write(path: Path, content: bytes) -> None:
    path.write_bytes(content[: len(content) // 2])


def no_read_back(landing_dir: Path, content: bytes) -> str:
    sha256 = hashlib.sha256(content).hexdigest()
    target = landing.landed_path(landing_dir, sha256)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content[:-1])
    return sha256


def row_before_file(request: CheckRequest, home: Home, store: Store) -> None:
    original = accepting.land
    accepting.land = lambda _folder, content: hashlib.sha256(content).hexdigest()  # type: ignore[assignment]
    try:
        accept(request, home, store)
    finally:
        accepting.land = original


def says_yes_too_early(folder: Path) -> None:
    (folder / "acknowledged" / "early").write_text("0" * 64)


def without_trigger(folder: Path, statement: str) -> None:
    import sqlite3

    with sqlite3.connect(folder / "state.sqlite") as connection:
        for (name,) in connection.execute("select name from sqlite_master where type = 'trigger'").fetchall():
            connection.execute(f"drop trigger {name}")
        connection.execute(statement)
        connection.commit()


SAFEGUARDS: dict[str, Callable[[Path, Home], None]] = {
    "reading back what was written": lambda f, h: _accept_with(f, h, "land", no_read_back),
    "the file before the row": lambda f, h: row_before_file(CheckRequest(FileToRead("t.csv", content_of(1)), "KOR", "2026-11-22"), h, fresh_store(f)),
    "acknowledging last": lambda f, _h: says_yes_too_early(f),
    "no rewriting of a landed file": lambda f, h: _then(f, h, lambda: _damage(f, lambda b: b + b" ")),
    "no cutting of a landed file": lambda f, h: _then(f, h, lambda: _damage(f, lambda b: b[:-1])),
    "no flipping of a bit": lambda f, h: _then(f, h, lambda: _damage(f, lambda b: bytes([b[0] ^ 1]) + b[1:])),
    "no deleting of a landed file": lambda f, h: _then(f, h, _unlink_first(f)),
    "no update of events": lambda f, h: _then(f, h, lambda: without_trigger(f, "update event set action = 'nothing' where seq = 2")),
    "no delete of events": lambda f, h: _then(f, h, lambda: without_trigger(f, "update event set seq = seq + 10 where seq = 2")),
    "no delete of submissions": lambda f, h: _then(f, h, lambda: without_trigger(f, "delete from submission")),
    "no rewriting of submissions": lambda f, h: _then(f, h, lambda: without_trigger(f, "update submission set rows_sha256 = file_sha256 || 'x'")),
    "one event for each submission": lambda f, h: _then(f, h, lambda: without_trigger(f, "update submission set submission_id = 'KOR-other'")),
    "the chain of hashes": lambda f, h: _then(f, h, lambda: without_trigger(f, "update event set prev = 'x' where seq = 1")),
}


def _accept_with(folder: Path, home: Home, name: str, replacement: object) -> None:
    original = getattr(accepting, name)
    setattr(accepting, name, replacement)
    try:
        accept(CheckRequest(FileToRead("t.csv", content_of(1)), "KOR", "2026-11-22"), home, fresh_store(folder))
    finally:
        setattr(accepting, name, original)


def _then(folder: Path, home: Home, harm: Callable[[], object]) -> None:
    go_through("command", folder, home, 1)
    assert broken_promises(folder) == []
    harm()


def _landed(folder: Path) -> list[Path]:
    return sorted(p for p in (folder / "landing").rglob("*") if p.is_file())


def _unlink_first(folder: Path) -> Callable[[], object]:
    def harm() -> None:
        _landed(folder)[0].unlink()

    return harm


def _damage(folder: Path, change: Callable[[bytes], bytes]) -> None:
    path = _landed(folder)[0]
    path.chmod(0o644)
    path.write_bytes(change(path.read_bytes()))


@pytest.mark.parametrize("safeguard", SAFEGUARDS)
def test_a_safeguard_that_is_switched_off_is_noticed(safeguard: str, folder: Path, home: Home) -> None:
    assert broken_promises(folder) == []
    SAFEGUARDS[safeguard](folder, home)
    assert broken_promises(folder) != []


def test_a_nearly_full_disk_refuses_and_changes_nothing(folder: Path, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """``os.write`` stores less than asked, or nothing, at every possible point; a hundred tries."""
    original, rng = os.write, random.Random(3)  # noqa: S311 - a test's seed
    room = {"left": 0}

    def scarce(handle: int, data: bytes) -> int:
        if room["left"] <= 0:
            raise OSError(28, "No space left on device")
        n = original(handle, bytes(data)[: max(1, min(len(data), room["left"]))])
        room["left"] -= n
        return n

    refused = 0
    for number in range(100):
        room["left"] = rng.randrange(0, 30_000)
        with monkeypatch.context() as patch:
            patch.setattr(landing.os, "write", scarce)
            try:
                accept(CheckRequest(FileToRead("t.csv", content_of(number)), "KOR", "2026-11-22"), home, fresh_store(folder))
            except CitybenchError:
                refused += 1
        assert not list((folder / "landing").rglob("*.part"))
    assert 0 < refused < 100
    assert broken_promises(folder) == []


def test_threads_of_one_process_accept_as_safely_as_processes(folder: Path, home: Home) -> None:
    threads = [threading.Thread(target=go_through, args=("command", folder, home, n % 4)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert broken_promises(folder) == []
    assert len(list_submissions(fresh_store(folder).engine)) == 4
