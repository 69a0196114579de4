"""Indicator: its definition card, its links, its goals, its figures over time."""

import streamlit as st

from app.components.cards import draw_cards
from app.components.controls import choose, choose_some
from app.components.series import draw_series
from app.components.tables import draw_origin, draw_table
from app.components.words import DIRECTIONS, FRAMEWORKS, MEASURES, PERIOD_NEEDS, confidence_text, indicator_label, plain
from app.readers import ask, require_edition
from pipelines.exports.change_tables import aligned_table, money_table
from pipelines.exports.goal_tables import kind_text as goal_kind_text
from pipelines.exports.tables import figures_table, number_text
from pipelines.warehouse.querying import IndicatorRow

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


def draw_aligned(edition: str, row: IndicatorRow) -> None:
    """Show calendar years put together from fiscal years, and money on other bases, where there are any."""
    view = f"/indicator?edition={edition}&indicator={row.indicator_code}"
    years = ask(edition, "aligned_years", row.indicator_code)
    if years:
        st.subheader("Calendar years put together from fiscal years")
        draw_table(aligned_table(f"{row.indicator_name}: calendar years put together", years, edition_id=edition, view=view), key="aligned")
    amounts = ask(edition, "money", row.indicator_code)
    if amounts:
        st.subheader("Money on other bases")
        draw_table(money_table(f"{row.indicator_name} on other bases", amounts, edition_id=edition, view=view), key="money")


def render() -> None:
    edition = require_edition().edition_id
    rows = {r.indicator_code: r for r in ask(edition, "indicators")}
    st.title("Indicator")
    code = choose("Indicator", list(rows), key="indicator", spell=lambda c: indicator_label(rows[c]))
    row = rows[code]
    st.subheader(plain(row.indicator_name))
    left, right = st.columns([2, 3])
    with left:
        draw_card(row)
    with right:
        draw_links(edition, code)
    draw_cards(ask(edition, "cards", code))
    figures = ask(edition, "series", code)
    if not figures:
        st.info("Nobody has sent a figure of this indicator yet.", icon=":material/info:")
        return
    st.subheader("Figures over time")
    names = sorted({f.city_name for f in figures})
    chosen = choose_some("Cities", names, key="cities", all_of_them="All cities")
    shown = [f for f in figures if not chosen or f.city_name in chosen]
    if len({f.city_code for f in shown}) > MANY_CITIES:
        st.caption("More than twenty cities: choose some to tell the lines apart by colour; each point names its city.")
    draw_series(shown, unit=row.unit_name, alt=f"{row.indicator_name} over time; the table below says the same.", breaks=ask(edition, "breaks", code))
    table = figures_table(row.indicator_name, shown, without=("indicator",), edition_id=edition, view=f"/indicator?edition={edition}&indicator={code}")
    left, right = st.columns([5, 3])
    with left:
        at = draw_table(table, key="indicator_table")
    with right:
        figure = shown[at] if at is not None else None
        draw_origin(figure, ask(edition, "rule_states", figure.submission_id) if figure else [])
    draw_aligned(edition, row)


if __name__ in ("__main__", "__page__"):
    render()
