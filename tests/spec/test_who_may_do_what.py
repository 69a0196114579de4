"""The permission matrix as a table beside this file, held against policy and against the services themselves."""

import csv
import datetime
import inspect
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.domain.actors import ANONYMOUS, Actor, Role, operator
from pipelines.domain.errors import RefusedError
from pipelines.intake.reporting import FileToRead
from pipelines.state.accounts import change_account, create_account
from pipelines.state.engines import open_state
from pipelines.state.policy import Action, allow
from pipelines.submissions import desk
from pipelines.submissions.accepting import Store, accept
from pipelines.submissions.checking import CheckRequest, Home
from tests.factories import good_row, make_csv

NOW = datetime.datetime(2026, 11, 22, 9, tzinfo=datetime.UTC)
ROWS = list(csv.DictReader((Path(__file__).parent / "test_policy_matrix.csv").read_text("utf-8").splitlines()))
MEMBER = "KOR"


def actor_called(name: str) -> Actor:
    if name == "anonymous":
        return ANONYMOUS
    if name == "switched off":
        return Actor("off", Role.MEMBER, MEMBER, "a-off", is_active=False)
    role, _, whose = name.partition(" ")
    return Actor(name, Role(role), {"own": MEMBER, "other": "JPN"}.get(whose, ""))


@pytest.mark.parametrize("row", ROWS, ids=lambda r: r["action"])
def test_policy_says_what_the_table_says(row: dict[str, str]) -> None:
    said = {name: "yes" if allow(actor_called(name), Action(row["action"]), MEMBER) else "no" for name in row if name != "action"}
    assert said == {name: answer for name, answer in row.items() if name != "action"}


def test_every_action_has_a_row() -> None:
    assert {row["action"] for row in ROWS} == set(Action)


def test_the_local_operator_may_send_for_every_member() -> None:
    assert allow(operator("command"), Action.SUBMIT_FILE, "JPN")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(open_state(f"sqlite:///{tmp_path / 'state.sqlite'}"), tmp_path / "landing", operator("test"), NOW)


def person(store: Store, name: str) -> Store:
    """A store in the name of a real account of this kind."""
    if name == "anonymous":
        return replace(store, actor=ANONYMOUS)
    made = actor_called(name if name != "switched off" else "member own")
    member_code = made.member_code
    account = create_account(
        store.engine, store.actor, login=name.replace(" ", "-"), password="twelve letters", role=made.role, member_code=member_code, now=NOW
    )
    if name == "switched off":
        change_account(store.engine, store.actor, account.account_id, now=NOW, is_active=False)
    # The actor still says active: the service must read the account again.
    return replace(store, actor=account.actor)


def request() -> CheckRequest:
    return CheckRequest(FileToRead("test.csv", make_csv(good_row())), MEMBER, "2026-11-22")


SERVICES: dict[str, tuple[Action, Callable[[Store, Home], object]]] = {
    "accept": (Action.SUBMIT_FILE, lambda own, home: accept(request(), home, own)),
    "upload": (Action.KEEP_DRAFT, lambda own, home: desk.upload(own, home, member_code=MEMBER, file_name="t.csv", content=make_csv(good_row()))),
    "make_template": (
        Action.MAKE_TEMPLATE, lambda own, home: desk.make_template(own, home, member_code=MEMBER, language="en", last=(), indicators=("iso37120:2018/8.1",))
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", [n for n in ROWS[0] if n != "action"])
@pytest.mark.parametrize("service", SERVICES)
def test_a_service_refuses_exactly_whom_policy_refuses(service: str, name: str, store: Store, home: Home) -> None:
    action, call = SERVICES[service]
    expected = next(row for row in ROWS if row["action"] == action)[name]
    own = person(store, name)
    try:
        call(own, home)
        answer = "yes"
    except RefusedError:
        answer = "no"
    assert answer == expected


def test_a_member_reaches_no_draft_of_another(store: Store, home: Home) -> None:
    mine = person(store, "member own")
    draft = desk.upload(mine, home, member_code=MEMBER, file_name="t.csv", content=make_csv(good_row()))
    for other in ("coordinator own", "member other"):
        with pytest.raises(RefusedError):
            desk.draft_of(person(store, other), draft.draft_id)


def test_every_function_of_the_desk_asks_policy() -> None:
    functions = [f for n, f in inspect.getmembers(desk, inspect.isfunction) if f.__module__ == desk.__name__ and not n.startswith("_")]
    asking = {"require_logged", "check_draft(", "accept(", "draft_of("}
    silent = {f.__name__ for f in functions if not any(word in inspect.getsource(f) for word in asking)}
    # These two touch nothing of anybody: a language's name, and the file of a draft that was already given out.
    assert silent == {"member_language", "request_of"}
