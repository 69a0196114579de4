"""Indicator: its definition card, its links, its goals, its figures over time."""

import streamlit as st

from app.components.cards import draw_cards
from app.components.conditions import held_reason
from app.components.controls import Controls
from app.components.series import draw_series
from app.components.tables import draw_origin, draw_table
from app.components.words import DIRECTIONS, FRAMEWORKS, MEASURES, PERIOD_NEEDS, confidence_text, indicator_label, plain
from app.readers import ask, require_edition
from pipelines.exports.change_tables import ALIGNED_COLUMNS, MONEY_COLUMNS, aligned_table, money_table
from pipelines.exports.goal_tables import kind_text as goal_kind_text
from pipelines.exports.tables import FIGURE_COLUMNS, figures_table, number_text
from pipelines.exports.views import View
from pipelines.warehouse.querying import Figure, IndicatorRow

MANY_CITIES = 20


def draw_card(row: IndicatorRow) -> None:
    """Show the definition, with how sure each part is."""
    plausible = f"{number_text(row.plausible_min)} to {number_text(row.plausible_max)}" if row.plausible_min is not None else "no range set"
    lines = [
        (
            "Framework",
            f"{FRAMEWORKS.get(row.framework_code, row.framework_code)}:{row.edition}, clause {row.clause}"
            if row.framework_code != "forum"
            else "component of the forum, not an indicator of a standard",
        ),
        ("Theme", row.theme),
        ("Class", f"{row.indicator_class} ({row.class_confidence.replace('_', ' ')})"),
        ("Unit", row.unit_name),
        ("Decimals shown", row.decimals),
        ("Measures", MEASURES[row.measure_kind]),
        ("Period it needs", PERIOD_NEEDS[row.period_need]),
        ("Numerator", row.numerator_text or "not stated"),
        ("Denominator", row.denominator_text or "none"),
        ("Direction", DIRECTIONS[row.direction_code]),
        ("Usual range", plausible),
        ("Name", confidence_text(row.name_confidence)),
        ("Definition", confidence_text(row.definition_confidence)),
    ]
    if row.indicator_note:
        lines.append(("Note", row.indicator_note))
    st.markdown("  \n".join(f"**{label}** {plain(text)}" for label, text in lines))


def draw_links(edition: str, code: str) -> None:
    """Show crosswalk links and goal levels."""
    links = ask(edition, "indicator_links", code)
    if links:
        st.markdown("**Links to other frameworks**: only exact ones merge")
        st.dataframe(
            {
                "From": [x.from_code for x in links],
                "To": [x.to_code or "no successor" for x in links],
                "Relation": [x.relation for x in links],
                "Grade": [x.crosswalk_grade.replace("_", " ") for x in links],
                "Confidence": [x.crosswalk_confidence for x in links],
            },
            hide_index=True,
        )
    goals = ask(edition, "goal_levels", code)
    if goals:
        st.markdown("**Goal levels**")
        st.dataframe(
            {
                "Goal set": [g.goal_set_name for g in goals],
                "Kind": [goal_kind_text(g.goal_kind) for g in goals],
                "Level": [g.written_goal_level for g in goals],
                "Unit": [g.goal_unit_code for g in goals],
                "Year": [str(g.target_year or "") for g in goals],
                "Adopter": [g.goal_adopter for g in goals],
                "Source": [g.goal_source for g in goals],
                "Confidence": [g.goal_confidence for g in goals],
            },
            hide_index=True,
        )


def draw_aligned(page: Controls, view: View, row: IndicatorRow) -> None:
    """Show calendar years put together from fiscal years, and money on other bases, where there are any."""
    years, amounts = ask(page.edition_id, "aligned_years", row.indicator_code), ask(page.edition_id, "money", row.indicator_code)
    if years:
        st.subheader("Calendar years put together from fiscal years")
        draw_table(aligned_table(f"{row.indicator_name}: calendar years put together", years, view=view), page=page, key="aligned")
    if amounts:
        st.subheader("Money on other bases")
        draw_table(money_table(f"{row.indicator_name} on other bases", amounts, view=view), page=page, key="money")


def choose_tables(page: Controls, code: str, shown: list[Figure]) -> None:
    """Ask how the tables stand; where a source forbids a ranking, they are ordered by names and periods alone."""
    years, amounts = ask(page.edition_id, "aligned_years", code), ask(page.edition_id, "money", code)
    names = {f.observation_id: f"{f.city_name}, {f.period_label}" for f in shown}
    held = held_reason(page.edition_id, shown)
    page.table("table", FIGURE_COLUMNS, row="figure", codes=list(names), spell=lambda c: names[c], held=held)
    page.table("aligned", ALIGNED_COLUMNS, held=held_reason(page.edition_id, years))
    page.table("money", MONEY_COLUMNS, held=held_reason(page.edition_id, amounts))


def draw_figures(page: Controls, view: View, row: IndicatorRow, shown: list[Figure]) -> None:
    """Show the figures over time, the table, and what stands behind a chosen row."""
    st.subheader("Figures over time")
    page.draw("cities")
    if len({f.city_code for f in shown}) > MANY_CITIES:
        st.caption("More than twenty cities: choose some to tell the lines apart by colour; each point names its city.")
    breaks = ask(page.edition_id, "breaks", row.indicator_code)
    draw_series(shown, unit=row.unit_name, alt=f"{row.indicator_name} over time; the table below says the same.", breaks=breaks)
    table = figures_table(row.indicator_name, shown, without=("indicator",), view=view)
    left, right = st.columns([5, 3])
    with left:
        at = draw_table(table, page=page, key="table")
    with right:
        figure = shown[at] if at is not None else None
        draw_origin(figure, ask(page.edition_id, "rule_states", figure.submission_id) if figure else [])


def render() -> None:
    edition = require_edition().edition_id
    rows = {r.indicator_code: r for r in ask(edition, "indicators")}
    st.title("Indicator")
    page = Controls("indicator", "Indicator", edition)
    code = page.choose("indicator", list(rows), label="Indicator", spell=lambda c: indicator_label(rows[c]))
    row, figures = rows[code], ask(edition, "series", code)
    cities = {f.city_code: f"{f.city_name}, {f.member_name}" for f in figures}
    chosen = page.choose_some("cities", list(cities), label="Cities", spell=lambda c: cities[c], all_of_them="All cities")
    shown = [f for f in figures if not chosen or f.city_code in chosen]
    choose_tables(page, code, shown)
    view = page.settle()
    page.draw("indicator")
    st.subheader(plain(row.indicator_name))
    left, right = st.columns([2, 3])
    with left:
        draw_card(row)
    with right:
        draw_links(edition, code)
    draw_cards(ask(edition, "cards", code))
    if not figures:
        st.info("Nobody has sent a figure of this indicator yet.", icon=":material/info:")
        return
    draw_figures(page, view, row, shown)
    draw_aligned(page, view, row)


if __name__ in ("__main__", "__page__"):
    render()
