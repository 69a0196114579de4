"""Accounts: passwords, sessions that end at once, quotas, and answers that are remembered."""

import datetime
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.domain.actors import Role, operator
from pipelines.domain.answers import Answers, answers_from_json
from pipelines.domain.errors import RefusedError, UsageError
from pipelines.intake.reporting import FileToRead
from pipelines.state import accounts
from pipelines.state.accounts import Account, actor_of, change_account, create_account, create_token, sign_out, take_quota
from pipelines.state.drafts import find_mapping, remember_mapping
from pipelines.state.engines import Engine, open_state, reading
from pipelines.state.ledger import walk_ledger
from pipelines.state.records import list_submissions
from pipelines.state.signing_in import sign_in
from pipelines.submissions.accepting import Store, accept
from pipelines.submissions.checking import CheckRequest, Home
from tests.factories import HEADER, good_row, make_csv

NOW = datetime.datetime(2026, 11, 22, 9, tzinfo=datetime.UTC)
PASSWORD = "twelve letters or more"
HERE = "192.0.2.1"


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return open_state(f"sqlite:///{tmp_path / 'state.sqlite'}")


@pytest.fixture
def account(engine: Engine) -> Account:
    return create_account(engine, operator("test"), login="somebody", password=PASSWORD, role=Role.MEMBER, member_code="KOR", now=NOW)


def test_a_session_holds_for_eight_hours_and_no_longer(engine: Engine, account: Account) -> None:
    token = sign_in(engine, login="somebody", password=PASSWORD, address=HERE, now=NOW)
    assert actor_of(engine, token, kind="session", now=NOW + datetime.timedelta(hours=7, minutes=59)) == account.actor
    assert actor_of(engine, token, kind="session", now=NOW + datetime.timedelta(hours=8, minutes=1)) is None
    assert actor_of(engine, token, kind="token", now=NOW) is None


def test_a_session_ends_at_once_by_sign_out_or_when_the_account_is_switched_off(engine: Engine, account: Account) -> None:
    first, second = (sign_in(engine, login="somebody", password=PASSWORD, address=HERE, now=NOW) for _ in range(2))
    sign_out(engine, first, now=NOW)
    assert actor_of(engine, first, kind="session", now=NOW) is None
    assert actor_of(engine, second, kind="session", now=NOW) is not None
    change_account(engine, operator("test"), account.account_id, now=NOW, is_active=False)
    assert actor_of(engine, second, kind="session", now=NOW) is None
    with pytest.raises(RefusedError):
        sign_in(engine, login="somebody", password=PASSWORD, address=HERE, now=NOW)


def test_neither_password_nor_token_is_stored(engine: Engine, account: Account, tmp_path: Path) -> None:
    tokens = [sign_in(engine, login="somebody", password=PASSWORD, address=HERE, now=NOW), create_token(engine, account.account_id, now=NOW)]
    stored = (tmp_path / "state.sqlite").read_bytes()
    assert b"$argon2id$" in stored
    assert not any(secret.encode() in stored for secret in (PASSWORD, *tokens))
    with reading(engine) as connection:
        chain = walk_ledger(connection)
        assert (chain.faults, chain.head.seq >= 3) == ([], True)


@pytest.mark.parametrize(
    ("login", "password", "role", "member"),
    [("somebody", PASSWORD, Role.MEMBER, "KOR"), ("x", "short", Role.MEMBER, "KOR"), ("x", PASSWORD, Role.MEMBER, ""), ("x", PASSWORD, Role.EDITOR, "KOR"),
     ("x", PASSWORD, Role.OPERATOR, ""), ("a b;c", PASSWORD, Role.EDITOR, "")],
)  # fmt: skip
def test_an_account_that_makes_no_sense_is_refused(engine: Engine, account: Account, login: str, password: str, role: Role, member: str) -> None:
    with pytest.raises(UsageError):
        create_account(engine, operator("test"), login=login, password=password, role=role, member_code=member, now=NOW)


def test_a_quota_of_an_hour_is_kept_and_ends(engine: Engine, account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accounts, "MAX_UPLOADS", 3)
    for _ in range(3):
        take_quota(engine, account.account_id, 10, now=NOW)
    with pytest.raises(RefusedError):
        take_quota(engine, account.account_id, 10, now=NOW)
    take_quota(engine, account.account_id, 10, now=NOW + datetime.timedelta(minutes=61))
    with pytest.raises(RefusedError):
        take_quota(engine, account.account_id, accounts.MAX_UPLOAD_BYTES, now=NOW + datetime.timedelta(minutes=62))


def test_a_mapping_is_versioned_and_the_same_answers_make_no_new_version(engine: Engine) -> None:
    versions = [
        remember_mapping(engine, actor_id="x", member_code="KOR", fingerprint="f", answers=Answers(headers={"A": target}), now=NOW)
        for target in ("city", "city", "ignore")
    ]
    assert versions == [1, 1, 2]
    newest = find_mapping(engine, member_code="KOR", fingerprint="f")
    assert newest is not None
    assert (newest.version, newest.answers.headers) == (2, {"A": "ignore"})
    assert find_mapping(engine, member_code="JPN", fingerprint="f") is None


def sent(store: Store, home: Home, content: bytes, answers: Answers = Answers()) -> object:  # noqa: B008 - frozen and empty
    return accept(CheckRequest(FileToRead("test.csv", content, answers), "KOR", "2026-11-22"), home, store).receipt


def test_confirmed_answers_are_stored_with_the_submission_and_used_for_the_next_file_of_the_layout(engine: Engine, home: Home, tmp_path: Path) -> None:
    store = Store(engine, tmp_path / "landing", operator("test"), NOW)
    header = (*HEADER, "Mystery")
    first = make_csv((*good_row(city="Smart Sejong"), "7"), header=header)
    answers = Answers(headers={"Mystery": "ignore"}, cities={"Smart Sejong": "KOR-SEJONG"})
    assert sent(store, home, first).verdict == "rejected"  # type: ignore[attr-defined]
    accepted = sent(store, home, first, answers)
    assert accepted.verdict == "accepted"  # type: ignore[attr-defined]
    assert answers_from_json(accepted.answers_json) == answers  # type: ignore[attr-defined]
    following = sent(store, home, make_csv((*good_row(city="Smart Sejong", year="2019"), "9"), header=header))
    assert following.verdict == "accepted"  # type: ignore[attr-defined]
    assert "KOR-SEJONG" in following.answers_json  # type: ignore[attr-defined]
    assert [bool(r.answers_sha256) for r in list_submissions(engine)] == [True, True]


def test_a_correction_keeps_what_was_written_and_an_explanation_stays_with_the_value(engine: Engine, home: Home, tmp_path: Path) -> None:
    from pipelines.submissions.checking import check_file

    content = make_csv(good_row(value="abc"), good_row(city="Busan", year="2019", value="0.2"))
    answers = Answers(corrections={"D2": "20.5"}, explanations={"D3": "a factory closed"})
    checked = check_file(CheckRequest(FileToRead("test.csv", content, answers), "KOR", "2026-11-22"), home)
    corrected, explained = checked.observations
    assert (corrected.reported_value, corrected.value_written) == (20.5, "20.5")
    assert "was 'abc'" in corrected.parse_trail
    assert (explained.comment_written, explained.explanation_text) == (None, "a factory closed (value_is_plausible)")
    assert {f.explanation for f in checked.report.findings if f.severity == "warning"} == {"a factory closed"}
    assert checked.report.receipt.n_unexplained == 0


def test_an_answer_about_no_cell_of_the_file_is_a_finding(home: Home) -> None:
    from pipelines.submissions.checking import check_file

    answers = Answers(corrections={"Elsewhere!Z99": "1"})
    report = check_file(CheckRequest(FileToRead("test.csv", make_csv(good_row()), answers), "KOR", "2026-11-22"), home).report
    assert [f.rule_id for f in report.findings] == ["answers_fit_the_file"]


@pytest.mark.parametrize("text", ["[]", "{", '{"headers": 3}', '{"unknown": {}}', '{"decimal_sign": ";"}', '{"cities": {"a": 1}}'])
def test_answers_are_read_strictly(text: str) -> None:
    with pytest.raises(UsageError):
        answers_from_json(text)


def test_answers_win_over_the_recipe() -> None:
    recipe = Answers(cities={"a": "1", "b": "2"}, decimal_sign=".")
    merged = replace(Answers(cities={"a": "3"}), corrections={"A1": "x"}).over(recipe)
    assert (merged.cities, merged.decimal_sign, merged.corrections) == ({"a": "3", "b": "2"}, ".", {"A1": "x"})
    assert merged.recipe().corrections == {}
