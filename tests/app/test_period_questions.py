"""The page asks once for a file what its dates stand for and what becomes of parts of a year."""

from streamlit.testing.v1 import AppTest

from pipelines.domain.answers import Answers


def screen() -> None:
    """One draft's questions about periods, over the answers of this session."""
    import streamlit as st

    from app.components.period_answers import ask_periods
    from pipelines.domain.answers import NO_ANSWERS
    from pipelines.intake.reporting import FileToRead
    from pipelines.submissions.checking import CheckRequest, Home, check_file
    from tests.conftest import ROOT
    from tests.factories import good_row, make_csv

    answers = st.session_state.get("answers", NO_ANSWERS)
    content = make_csv(good_row(year="2020-12-31"), good_row(year="2019-05"), good_row(year="2018"))
    checked = check_file(
        CheckRequest(FileToRead("a.csv", content, answers), "KOR", "2026-11-22"),
        Home(ROOT / "data_contracts", ROOT / "dbt_project"),
    )
    st.session_state["open"] = checked.report.has_blocker
    if (given := ask_periods(checked.report, answers, key="one")) is not None:
        st.session_state["answers"] = given
        st.rerun()


def test_a_date_and_a_month_are_answered_on_the_same_screen_and_the_file_becomes_acceptable() -> None:
    page = AppTest.from_function(screen, default_timeout=60).run()
    assert page.session_state["open"]
    date, length = page.selectbox
    assert "C2: 2020\\-12\\-31" in date.label
    assert "C3: 2019\\-05" in length.label
    date.set_value("ended")
    length.set_value("leave_out")
    page.button[0].click().run()
    assert not page.exception
    assert page.session_state["answers"] == Answers(periods={"date": "ended", "other_length": "leave_out"})
    assert not page.session_state["open"]
    assert [box.value for box in page.selectbox] == ["ended", "leave_out"]


def test_an_answer_can_be_taken_back() -> None:
    page = AppTest.from_function(screen, default_timeout=60)
    page.session_state["answers"] = Answers(periods={"date": "within", "other_length": "leave_out"})
    page.run()
    page.selectbox[0].set_value("")
    page.button[0].click().run()
    assert page.session_state["answers"].periods == {"other_length": "leave_out"}
    assert page.session_state["open"]
