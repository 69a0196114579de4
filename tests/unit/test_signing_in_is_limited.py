"""The limits of the sign-in: counted before a password is looked at, by address and login, and nobody is shut out by a name."""

import datetime
import itertools
import json
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from argon2 import extract_parameters
from sqlalchemy import Row, create_engine, func, insert, select, text

from pipelines.domain.actors import Role, operator
from pipelines.domain.errors import RefusedError, UsageError
from pipelines.serving import believed_proxies
from pipelines.state import signing_in
from pipelines.state.accounts import HASHER, NOBODY, Account, actor_of, change_account, create_account
from pipelines.state.engines import MIGRATIONS, Engine, open_state, reading
from pipelines.state.signing_in import count_try, network_of, sign_in
from pipelines.state.tables import ACCOUNT, EVENT, SIGN_IN_TRY

NOW = datetime.datetime(2026, 11, 22, 9, 0, 7, tzinfo=datetime.UTC)
PASSWORD = "twelve letters or more"
OFFICE, ELSEWHERE = "192.0.2.1", "198.51.100.1"


def later(**passed: float) -> datetime.datetime:
    return NOW + datetime.timedelta(**passed)


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return open_state(f"sqlite:///{tmp_path / 'state.sqlite'}")


@pytest.fixture
def account(engine: Engine) -> Account:
    return create_account(engine, operator("test"), login="somebody", password=PASSWORD, role=Role.MEMBER, member_code="KOR", now=NOW)


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The password hashes that were really checked, in order."""
    seen: list[str] = []
    check = signing_in.is_password
    monkeypatch.setattr(signing_in, "is_password", lambda stored, password: (seen.append(stored), check(stored, password))[1])
    return seen


def answer(engine: Engine, *, password: str = "a guess", address: str = ELSEWHERE, now: datetime.datetime = NOW) -> str:  # noqa: S107
    """What a try brings: ``in``, ``wrong`` or ``wait``."""
    try:
        sign_in(engine, login="somebody", password=password, address=address, now=now)
    except RefusedError as error:
        return "wait" if error.retry_seconds else "wrong"
    return "in"


def guess(engine: Engine, address: str, n_tries: int, login: str = "somebody", now: datetime.datetime = NOW) -> int:
    """Count tries whose passwords are wrong without taking the time of looking at them; gives how many found room."""
    room = 0
    for _ in range(n_tries):
        try:
            count_try(engine, login=login, address=address, now=now)
        except RefusedError:
            continue
        room += 1
    return room


def addresses(number: int) -> list[str]:
    return [f"203.0.{n // 250}.{n % 250 + 1}" for n in range(number)]


def refusals(engine: Engine) -> Sequence[Row[tuple[object, ...]]]:
    with reading(engine) as connection:
        return connection.execute(select(EVENT).where(EVENT.c.action == "sign_in_refused").order_by(EVENT.c.seq)).all()


def test_five_wrong_passwords_from_an_address_are_looked_at_and_the_sixth_is_told_when_to_come_back(engine: Engine, account: Account) -> None:
    assert [answer(engine) for _ in range(5)] == ["wrong"] * 5
    with pytest.raises(RefusedError, match=r"Try again in 5 minutes, after 09:05:07 UTC\.") as refused:
        sign_in(engine, login="somebody", password=PASSWORD, address=ELSEWHERE, now=NOW)
    assert refused.value.retry_seconds == 300
    assert answer(engine, password=PASSWORD, now=later(seconds=299)) == "wait"
    assert answer(engine, password=PASSWORD, now=later(seconds=300)) == "in"


def test_what_is_said_of_the_time_to_wait_is_what_is_kept(engine: Engine, account: Account) -> None:
    for minute in (0, 1, 2, 3, 4):
        assert guess(engine, ELSEWHERE, 1, now=later(minutes=minute)) == 1
    with pytest.raises(RefusedError, match=r"in 30 seconds, after 09:05:07 UTC") as refused:
        count_try(engine, login="somebody", address=ELSEWHERE, now=later(minutes=4, seconds=30))
    assert guess(engine, ELSEWHERE, 2, now=later(minutes=4, seconds=30 + refused.value.retry_seconds)) == 1


def test_slow_guesses_from_one_address_end_at_twenty_an_hour(engine: Engine, account: Account) -> None:
    assert sum(guess(engine, ELSEWHERE, 9, now=later(minutes=minute)) for minute in range(0, 60, 6)) == 20
    assert guess(engine, ELSEWHERE, 1, now=later(minutes=61)) == 1


def test_of_a_hundred_guesses_at_once_exactly_five_are_looked_at(engine: Engine, account: Account, hashed: list[str]) -> None:
    with ThreadPoolExecutor(100) as pool:
        answers = Counter(pool.map(lambda n: answer(engine, password=f"guess {n}"), range(100)))
    assert answers == {"wrong": 5, "wait": 95}
    assert len(hashed) == 5


def guesses_of_a_process(url: str) -> Counter[str]:
    engine = open_state(url)
    with ThreadPoolExecutor(25) as pool:
        return Counter(pool.map(lambda n: answer(engine, password=f"guess {n}"), range(25)))


def test_of_a_hundred_guesses_from_four_processes_exactly_five_are_looked_at(engine: Engine, account: Account, tmp_path: Path) -> None:
    with ProcessPoolExecutor(4, mp_context=get_context("spawn")) as pool:
        counted = list(pool.map(guesses_of_a_process, [f"sqlite:///{tmp_path / 'state.sqlite'}"] * 4))
    assert sum(counted, Counter[str]()) == {"wrong": 5, "wait": 95}


def test_a_refused_try_hashes_nothing_and_writes_nothing(engine: Engine, account: Account, hashed: list[str], tmp_path: Path) -> None:
    guess(engine, ELSEWHERE, 5)
    before = (tmp_path / "state.sqlite").read_bytes()
    assert {answer(engine) for _ in range(50)} == {"wait"}
    assert (tmp_path / "state.sqlite").read_bytes() == before
    assert hashed == []


def test_nobody_is_shut_out_by_a_name_whatever_others_try(engine: Engine, account: Account) -> None:
    assert answer(engine, password=PASSWORD, address=OFFICE, now=later(days=-30)) == "in"
    for address in addresses(60):
        guess(engine, address, 5)
    assert answer(engine, password=PASSWORD, address=ELSEWHERE) == "in"
    assert [answer(engine, address=OFFICE) for _ in range(4)] == ["wrong"] * 4
    assert answer(engine, password=PASSWORD, address=OFFICE) == "in"


def test_a_login_that_many_addresses_try_gives_each_new_address_less_and_never_nothing(engine: Engine, account: Account) -> None:
    assert answer(engine, password=PASSWORD, address=OFFICE, now=later(days=-30)) == "in"
    room = [guess(engine, address, 9) for address in addresses(20)]
    assert room == [5] * 4 + [2] * 16
    assert guess(engine, OFFICE, 9) == 5
    assert guess(engine, ELSEWHERE, 9, login="another") == 5
    assert guess(engine, ELSEWHERE, 9, now=later(minutes=16)) == 5


def test_one_address_has_twenty_tries_over_all_logins_and_its_own_people_still_get_in(engine: Engine, account: Account) -> None:
    assert answer(engine, password=PASSWORD, address=OFFICE) == "in"
    assert sum(guess(engine, OFFICE, 1, login=f"login {n}") for n in range(30)) == 20
    assert answer(engine, password=PASSWORD, address=OFFICE) == "in"
    assert guess(engine, OFFICE, 1, login="login 31") == 0
    assert guess(engine, ELSEWHERE, 1, login="login 31") == 1


def test_an_address_is_forgotten_after_ninety_days(engine: Engine, account: Account) -> None:
    assert answer(engine, password=PASSWORD, address=OFFICE, now=later(days=-91)) == "in"
    for n in range(20):
        guess(engine, OFFICE, 1, login=f"login {n}")
    assert answer(engine, password=PASSWORD, address=OFFICE) == "wait"


def test_right_passwords_use_up_no_tries(engine: Engine, account: Account) -> None:
    assert [answer(engine, password=PASSWORD, address=ELSEWHERE) for _ in range(7)] == ["in"] * 7
    with reading(engine) as connection:
        assert connection.execute(select(func.count()).select_from(SIGN_IN_TRY)).scalar_one() == 0


@pytest.mark.parametrize(
    ("first", "second", "is_one"),
    [("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True), ("2001:db8:1:2::1", "2001:db8:1:3::1", False), ("::ffff:192.0.2.1", "192.0.2.1", True),
     ("192.0.2.1", "192.0.2.2", False), ("fe80::1%eth0", "fe80::2", True), ("", "somewhere", True), ("", "192.0.2.1", False)],
)  # fmt: skip
def test_an_address_is_what_one_customer_holds(first: str, second: str, is_one: bool) -> None:
    assert (network_of(first) == network_of(second)) is is_one


def test_a_wrong_login_a_wrong_password_and_an_account_switched_off_are_answered_alike(engine: Engine, account: Account, hashed: list[str]) -> None:
    off = create_account(engine, operator("test"), login="left", password=PASSWORD, role=Role.EDITOR, member_code="", now=NOW)
    change_account(engine, operator("test"), off.account_id, now=NOW, is_active=False)
    said, written = [], []
    for login, password in (("nobody", PASSWORD), ("somebody", "a guess"), ("left", PASSWORD)):
        for _ in range(6):
            with pytest.raises(RefusedError) as refused:
                sign_in(engine, login=login, password=password, address=f"192.0.2.{len(written)}", now=NOW)
            said.append((str(refused.value), refused.value.retry_seconds))
        with reading(engine) as connection:
            written.append(tuple(connection.execute(text("select (select count(*) from sign_in_try), (select count(*) from sign_in_address)")).one()))
    assert said[:6] == said[6:12] == said[12:]
    assert written == [(5, 0), (10, 0), (15, 0)]
    assert len(hashed) == 15
    with reading(engine) as connection:
        stored = connection.execute(select(ACCOUNT.c.password_hash)).scalars().all()
    assert {str(extract_parameters(h)) for h in hashed} == {str(extract_parameters(h)) for h in stored} == {str(extract_parameters(NOBODY))}


def test_an_account_switched_off_while_its_password_is_looked_at_opens_no_session(engine: Engine, account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    check = signing_in.is_password

    def check_slowly(stored: str, password: str) -> bool:
        change_account(engine, operator("test"), account.account_id, now=NOW, is_active=False)
        return check(stored, password)

    monkeypatch.setattr(signing_in, "is_password", check_slowly)
    assert answer(engine, password=PASSWORD) == "wrong"


def test_the_ledger_holds_one_event_for_a_window_of_an_address_with_the_number_of_tries(engine: Engine, account: Account) -> None:
    for n in range(300):
        guess(engine, ELSEWHERE, 1, login=("somebody", "nobody")[n % 2])
    guess(engine, OFFICE, 3)
    assert refusals(engine) == []
    token = sign_in(engine, login="somebody", password=PASSWORD, address=OFFICE, now=later(minutes=7))
    assert actor_of(engine, token, kind="session", now=later(minutes=7)) is not None
    said = [json.loads(str(row.body)) for row in refusals(engine)]
    assert [(s["n_tries"], s["n_addresses"], s["accounts"]) for s in said] == [(10, 1, [account.account_id]), (3, 1, [account.account_id])]
    assert {s["window"] for s in said} == {"2026-11-22T09:00:00+00:00"}
    sign_in(engine, login="somebody", password=PASSWORD, address=OFFICE, now=later(minutes=14))
    assert len(refusals(engine)) == 2


def test_tries_refused_without_end_still_let_their_window_into_the_ledger(engine: Engine) -> None:
    for minute in range(0, 60, 6):
        guess(engine, ELSEWHERE, 9, login="nobody", now=later(minutes=minute))
    assert guess(engine, ELSEWHERE, 1, login="nobody", now=later(minutes=58)) == 0
    assert sum(json.loads(str(row.body))["n_tries"] for row in refusals(engine)) == 20


def test_however_many_addresses_try_a_window_writes_few_events_and_loses_no_try(engine: Engine) -> None:
    for address, n_tries in zip(addresses(60), itertools.cycle((1, 2, 3)), strict=False):
        guess(engine, address, n_tries, login=f"login of {address}")
    guess(engine, OFFICE, 1, now=later(minutes=7))
    said = [json.loads(str(row.body)) for row in refusals(engine)]
    assert len(said) == 21
    assert (sum(s["n_tries"] for s in said), sum(s["n_addresses"] for s in said)) == (120, 60)


def test_a_state_database_of_the_version_before_is_taken_over_with_its_accounts(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'state.sqlite'}"
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with create_engine(url).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
        values = {"account_id": "a-1", "login": "somebody", "role": "editor", "member_code": "", "password_hash": HASHER.hash(PASSWORD), "is_active": 1}
        connection.execute(insert(ACCOUNT).values(**values))
        connection.execute(text("insert into sign_in_attempt values ('x', '2026-11-22T09:00:00+00:00')"))
    assert answer(open_state(url), password=PASSWORD) == "in"


def test_tries_that_no_limit_counts_any_more_are_forgotten(engine: Engine) -> None:
    for address in addresses(30):
        guess(engine, address, 2)
    guess(engine, OFFICE, 1, now=later(minutes=10))
    guess(engine, OFFICE, 1, now=later(minutes=75))
    guess(engine, OFFICE, 1, now=later(minutes=150))
    with reading(engine) as connection:
        kept = connection.execute(select(SIGN_IN_TRY.c.at)).scalars().all()
    assert len(kept) == 1


@pytest.mark.parametrize("said", ["*", "0.0.0.0/0", "::/0", "10.0.0.1/8", "proxy.example", "127.0.0.1,10.0.0.0/8"])
def test_a_word_that_is_no_proxy_or_everybody_is_refused(said: str) -> None:
    with pytest.raises(UsageError, match="CITYBENCH_PROXIES"):
        believed_proxies(f"127.0.0.1 {said}")
