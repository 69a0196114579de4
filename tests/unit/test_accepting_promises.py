"""accept(): nothing accepted is lost, a bad upload changes nothing, the same file is recognised."""

import datetime
import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pipelines.domain.actors import operator
from pipelines.domain.errors import StorageError, UsageError
from pipelines.domain.findings import Verdict
from pipelines.intake.reporting import FileToRead
from pipelines.state.engines import open_state, reading
from pipelines.state.ledger import walk_ledger
from pipelines.state.records import list_submissions
from pipelines.submissions.accepting import Store, accept
from pipelines.submissions.checking import CheckRequest, Home, check_file
from pipelines.submissions.landing import landed_path
from tests.factories import good_row, make_csv

NOW = datetime.datetime(2026, 11, 22, tzinfo=datetime.UTC)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(open_state(f"sqlite:///{tmp_path / 'state.sqlite'}"), tmp_path / "landing", operator("test"), NOW)


def request(content: bytes, *, member: str = "KOR", name: str = "test.csv") -> CheckRequest:
    return CheckRequest(FileToRead(name, content), member, "2026-11-22")


def state_digest(store: Store) -> str:
    files = sorted((p.name, hashlib.sha256(p.read_bytes()).hexdigest()) for p in store.landing_dir.rglob("*") if p.is_file())
    return repr((files, list_submissions(store.engine)))


def test_an_accepted_file_lies_in_the_store_with_its_rows_and_its_event(store: Store, home: Home) -> None:
    content = make_csv(good_row())
    receipt = accept(request(content), home, store).receipt
    assert receipt.verdict is Verdict.ACCEPTED
    [record] = list_submissions(store.engine)
    assert landed_path(store.landing_dir, record.file_sha256).read_bytes() == content
    assert landed_path(store.landing_dir, record.rows_sha256).exists()
    with reading(store.engine) as connection:
        head = walk_ledger(connection).head
    assert (head.seq, head.hash) == (receipt.ledger_seq, receipt.ledger_hash)


def test_a_refused_file_leaves_one_event_and_nothing_else(store: Store, home: Home) -> None:
    accept(request(make_csv(good_row())), home, store)
    before = state_digest(store)
    report = accept(request(make_csv(good_row(value="abc"))), home, store)
    assert report.receipt.verdict is Verdict.REJECTED
    assert state_digest(store) == before
    with reading(store.engine) as connection:
        assert walk_ledger(connection).head.seq == 2


def test_the_same_file_again_returns_the_first_receipt(store: Store, home: Home) -> None:
    first = accept(request(make_csv(good_row())), home, store).receipt
    again = accept(request(make_csv(good_row()), name="renamed.csv"), home, store).receipt
    assert again.is_repeat
    assert (again.submission_id, again.ledger_seq, again.ledger_hash) == (first.submission_id, first.ledger_seq, first.ledger_hash)
    assert len(list_submissions(store.engine)) == 1


def test_eight_at_once_accept_one(store: Store, home: Home) -> None:
    content = make_csv(good_row())
    with ThreadPoolExecutor(8) as pool:
        receipts = [f.receipt for f in pool.map(lambda _: accept(request(content), home, store), range(8))]
    assert {r.submission_id for r in receipts} == {receipts[0].submission_id}
    assert sum(not r.is_repeat for r in receipts) == 1
    assert len(list_submissions(store.engine)) == 1


def test_the_offline_check_and_the_acceptance_give_one_receipt_hash(store: Store, home: Home) -> None:
    content = make_csv(good_row())
    assert check_file(request(content), home).report.receipt.receipt_sha256 == accept(request(content), home, store).receipt.receipt_sha256


def test_a_store_that_fails_accepts_nothing(store: Store, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.link", full)
    with pytest.raises(StorageError):
        accept(request(make_csv(good_row())), home, store)
    assert list_submissions(store.engine) == []


def test_limits_come_first(store: Store, home: Home) -> None:
    with pytest.raises(UsageError, match="no member 'XXX'"):
        accept(request(make_csv(good_row()), member="XXX"), home, store)
    with pytest.raises(UsageError, match="the contract allows"):
        accept(request(b"x" * 20_000_001), home, store)
