"""Cases: what a city or a country tells beside its numbers, each tied to indicators, and compared on the same ones."""

import streamlit as st

from app.components.conditions import reason_for
from app.components.controls import Controls
from app.components.tables import draw_table
from app.components.words import plain
from app.readers import ask, require_edition
from pipelines.exports.case_tables import CASE_COLUMNS, REQUEST_COLUMNS, cases_table, requests_table, sent_text
from pipelines.warehouse.querying_cases import Case, CaseFigure, CaseGoal
from pipelines.warehouse.querying_indexes import forbids_ranking

ALL = "all"
PARTS = (("Situation", "situation_text"), ("Action", "action_text"), ("Result", "result_text"), ("Lesson", "lesson_text"))


def draw_case(case: Case, figures: list[CaseFigure], goals: list[CaseGoal]) -> None:
    """Show one case: its four parts as told, its figures as sent, its source and cell."""
    with st.container(border=True):
        st.markdown(f"##### {plain(case.case_name)}")
        facts = [case.place, f"since {case.started_year}" if case.started_year else "beginning not said"]
        st.caption(plain(" · ".join([*([case.title_local] if case.title_local else []), *facts])))
        left, right = st.columns([3, 2])
        with left:
            for label, part in PARTS:
                st.markdown(f"**{label}**  \n{plain(getattr(case, part) or 'not told')}")
        with right:
            st.markdown("**Figures sent for its indicators**")
            for f in figures:
                st.markdown(plain_figure(f, is_city=case.city_code is not None))
            if goals:
                st.markdown(f"**Goal sets** {plain(', '.join(g.linked_name or g.linked_code for g in goals))}")
        if case.explanation_text:
            st.markdown(f"**Explanation** {plain(case.explanation_text)}")
        st.caption(plain(f"Source: {case.source_note or 'not cited'}. {case.source_file_name}, cell {case.source_address}, submission {case.submission_id}."))


def plain_figure(figure: CaseFigure, *, is_city: bool) -> str:
    """One indicator of a case as a line: oldest and newest figure, or that none was sent."""
    name = plain(figure.indicator_name)
    if not is_city:
        return f"- {name}: {figure.n_cities_of_member} cities of the country sent figures"
    last = sent_text(figure.last_value, figure.last_label, figure)
    if figure.n_figures < 2:
        return f"- {name}: {plain(last)}"
    return f"- {name}: {plain(sent_text(figure.first_value, figure.first_label, figure))} → {plain(last)}, {figure.n_figures} figures"


def held_cases(edition: str, cases: list[Case], figures: list[CaseFigure]) -> str:
    """Say of which places of cases a source asks that no ranking is made."""
    conditions = ask(edition, "use_conditions")
    pairs = [(c, f) for c in cases for f in figures if f.case_id == c.case_id]
    return reason_for(
        c.place for c, f in pairs if forbids_ranking(conditions, member_code=c.member_code, city_code=c.city_code or "", indicator_code=f.indicator_code)
    )


def render() -> None:
    edition = require_edition().edition_id
    st.title("Cases")
    st.markdown(
        "What a city or a country tells beside its numbers. A case is tied to indicators, so that cases are compared on the same ones. "
        "The words are the sender's; the figures are those sent as figures."
    )
    told: list[Case] = ask(edition, "cases")
    figures: list[CaseFigure] = ask(edition, "case_figures")
    goals: list[CaseGoal] = ask(edition, "case_goals")
    requests = ask(edition, "case_requests")
    names = {ALL: "All indicators"} | {f.indicator_code: f.indicator_name for f in sorted(figures, key=lambda f: f.indicator_name)}
    page = Controls("cases", "Cases", edition)
    code = page.choose("indicator", list(names), label="About the indicator", spell=lambda c: names[c])
    kept = {f.case_id for f in figures if code in (ALL, f.indicator_code)}
    shown = [c for c in told if c.case_id in kept]
    page.table("cases", CASE_COLUMNS, held=held_cases(edition, shown, figures))
    page.table("requests", REQUEST_COLUMNS)
    view = page.settle()
    page.draw("indicator")
    if not shown:
        st.info("Nobody has sent a case yet. A file of cases goes the same way as figures: see Contribute.", icon=":material/info:")
    for case in shown:
        draw_case(case, [f for f in figures if f.case_id == case.case_id], [g for g in goals if g.case_id == case.case_id])
    if shown:
        st.subheader("Compared on the same indicators")
        draw_table(cases_table(shown, [f for f in figures if code in (ALL, f.indicator_code)], view=view), page=page, key="cases")
    if requests:
        st.subheader("What the forum asks for")
        st.caption("Topics that members said they would present. Nothing is written for a member who has not sent it.")
        draw_table(requests_table(requests, view=view), page=page, key="requests")


if __name__ in ("__main__", "__page__"):
    render()
