"""What the check asks of shares, the page lets the person answer; no box of a form takes suggestions unseen."""

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parents[2]


def _page() -> None:
    from pathlib import Path

    import streamlit as st

    from app.components.answering import ask_cells
    from app.components.asking_shares import ask_shares
    from pipelines.domain.answers import Answers
    from pipelines.intake.reporting import FileToRead
    from pipelines.submissions.checking import CheckRequest, Home, check_file

    root = Path(st.session_state["root"])
    content = (root / "tests/fixtures/submissions" / st.session_state["file"]).read_bytes()
    home = Home(root / "data_contracts", root / "dbt_project")
    report = check_file(CheckRequest(FileToRead("test.csv", content), "KOR", "2026-11-22"), home).report
    if (answers := ask_shares(report, Answers(), key="t")) is not None:
        st.text(answers.to_json())
    ask_cells(report, Answers(), key="t")


def page(file: str) -> AppTest:
    made = AppTest.from_function(_page, default_timeout=60)
    made.session_state["root"], made.session_state["file"] = str(ROOT), file
    return made.run()


@pytest.mark.parametrize("reading", ["fraction", "percent"])
def test_one_answer_about_shares_is_given_on_the_page(reading: str) -> None:
    shown = page("should_fail/KOR__percent_column_is_no_fraction.csv")
    [question] = shown.selectbox
    assert question.value == "choose …"
    question.select(reading)
    shown.button[0].click().run()
    assert not shown.exception
    assert json.loads(shown.text[0].value) == {"shares": {"iso37120:2018/16.3": reading}}


def test_no_box_takes_every_suggestion() -> None:
    shown = page("should_fail/KOR__value_is_plausible.csv")
    assert not shown.exception
    assert len(shown.button) == 1
    assert list(shown.checkbox) == []
