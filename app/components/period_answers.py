"""Form by which a person says, once for a file, what its dates stand for and what becomes of parts of a year.

Belongs here: the two questions about periods. Does not belong here: applying the answers (intake), other questions
(answering).
"""

from dataclasses import replace

import streamlit as st

from app.components.words import plain
from pipelines.domain.answers import PERIOD_ANSWERS, PERIOD_OF_DATE, PERIOD_OF_OTHER_LENGTH, Answers, PeriodAnswer
from pipelines.domain.findings import CheckReport, Finding

OPEN = ""
QUESTIONS = {
    PERIOD_OF_DATE: ("date_stands_for_period", "Dates of figures about a longer time stand for"),
    PERIOD_OF_OTHER_LENGTH: ("period_fits_indicator", "Figures for a part of a year, or for another span than needed"),
}
CHOICES = {
    PeriodAnswer.WITHIN: "the year (or month) in which the date lies",
    PeriodAnswer.ENDED: "the twelve months (or the month) that end on the date",
    PeriodAnswer.MONTHLY_TWIN: "months stand under the monthly indicator where there is one; leave the others out",
    PeriodAnswer.LEAVE_OUT: "leave them out; the receipt names each",
}


def ask_periods(report: CheckReport, answers: Answers, *, key: str) -> Answers | None:
    """Ask about periods that do not fit; returns new answers when the form was sent."""
    asked = {about: [f for f in report.findings if f.rule_id == rule] for about, (rule, _) in QUESTIONS.items()}
    shown = [about for about in QUESTIONS if asked[about] or about in answers.periods]
    if not shown:
        return None
    with st.form(f"periods-{key}", border=False):
        st.markdown("**Periods**")
        chosen = {about: _choose(about, asked[about], report.n_of_rule(QUESTIONS[about][0]), answers.periods.get(about, OPEN), key) for about in shown}
        st.caption("A part of a year never becomes a year. A wrong period is corrected at its own cell, below.")
        if not st.form_submit_button("Use these answers about periods"):
            return None
    kept = {about: answer for about, answer in answers.periods.items() if about not in chosen}
    return replace(answers, periods={**kept, **{about: answer for about, answer in chosen.items() if answer}})


def _choose(about: str, findings: list[Finding], n_found: int, present: str, key: str) -> str:
    """Draw one question with where it arises."""
    where = f" ({n_found}×, first {plain(findings[0].place)}: {plain(findings[0].found)})" if findings else ""
    options = [OPEN, *PERIOD_ANSWERS[about]]
    return str(
        st.selectbox(
            QUESTIONS[about][1] + where,
            options,
            index=options.index(present) if present in options else 0,
            format_func=lambda answer: CHOICES[PeriodAnswer(answer)] if answer else "choose …",
            key=f"period-{about}-{key}",
        )
    )
