"""The page asks for what it will not send unexplained, and answering there opens the way; without a browser or an edition."""

import datetime
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app import identity
from pipelines.domain.actors import Role, operator
from pipelines.state.accounts import create_account
from pipelines.state.engines import open_state
from pipelines.state.records import list_submissions
from pipelines.submissions import desk
from tests.conftest import ROOT
from tests.factories import good_row, make_csv

PM25 = "value_is_plausible: iso37120:2018/8.1"
CONTENT = make_csv(good_row(value="0.2"), good_row(city="Busan", value="0.3"))


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    """The page of a signed-in member with one draft that needs an explanation."""
    monkeypatch.setenv("CITYBENCH_DATA_DIR", str(tmp_path))
    engine, now = open_state(f"sqlite:///{tmp_path / 'state.sqlite'}"), datetime.datetime.now(datetime.UTC)
    account = create_account(engine, operator("test"), login="kor", password="twelve letters", role=Role.MEMBER, member_code="KOR", now=now)
    identity.engine.cache_clear()
    monkeypatch.setattr(identity, "present_actor", lambda: account.actor)
    draft = desk.upload(identity.store_of(account.actor), identity.home(), member_code="KOR", file_name="low.csv", content=CONTENT)
    app = AppTest.from_file(str(ROOT / "app" / "views" / "contribute.py"), default_timeout=60)
    app.query_params["draft"] = draft.draft_id
    app.query_params["language"] = "en"
    yield app.run()
    identity.engine.cache_clear()


def button(app: AppTest, words: str) -> object:
    [found] = [b for b in app.button if b.label == words]
    return found


def test_sending_is_closed_and_each_cause_stands_there_once(page: AppTest) -> None:
    assert not page.exception
    assert button(page, "Send").disabled  # type: ignore[attr-defined]
    assert [w.value.replace("\\", "") for w in page.warning if PM25 in w.value.replace("\\", "")]
    assert [b.label for b in page.button].count("These figures are right") == 1


def test_a_confirmation_opens_sending_and_stands_in_the_receipt(page: AppTest, tmp_path: Path) -> None:
    button(page, "These figures are right").click().run()  # type: ignore[attr-defined]
    assert not button(page, "Send").disabled  # type: ignore[attr-defined]
    button(page, "Send").click().run()  # type: ignore[attr-defined]
    assert not page.exception
    [record] = list_submissions(open_state(f"sqlite:///{tmp_path / 'state.sqlite'}"))
    assert f'"{PM25}":"confirmed"' in record.answers_json
    assert '"explained_by": "kor"' in record.receipt


def test_words_explain_all_cells_of_the_cause_and_can_be_taken_back(page: AppTest) -> None:
    [box] = [t for t in page.text_input if PM25 in t.label.replace("\\", "")]
    box.input("Rain all year")
    button(page, "Keep this explanation").click().run()  # type: ignore[attr-defined]
    assert not button(page, "Send").disabled  # type: ignore[attr-defined]
    assert any("Rain all year" in m.value for m in page.markdown)
    button(page, "Take this answer back").click().run()  # type: ignore[attr-defined]
    assert button(page, "Send").disabled  # type: ignore[attr-defined]
