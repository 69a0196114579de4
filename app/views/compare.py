"""Compare: one indicator across cities, with the goal lines of a goal set."""

import streamlit as st

from app.components.charts import draw_comparison
from app.components.controls import choose, choose_some
from app.components.tables import draw_origin, draw_table
from app.components.words import DIRECTIONS, confidence_text, indicator_label, plain
from app.readers import ask, require_edition
from pipelines.domain.comparability import Grade, most_typical
from pipelines.exports.change_tables import BASES, restated
from pipelines.exports.goal_tables import kind_text as goal_kind_text
from pipelines.exports.tables import compared, figures_table, kind_text, number_text
from pipelines.warehouse.querying import Figure, GoalLevel
from pipelines.warehouse.querying_indexes import UseCondition, forbids_ranking
from pipelines.warehouse.querying_kinds import traits_of

NAMED_BESIDE = 8
LATEST, NO_GOALS, TYPICAL, AS_SENT = "latest", "none", "typical", "as_sent"
ORDERS = {"country": "Country and city", "value": "Value"}


def comparison_notes(figures: list[Figure]) -> tuple[str, ...]:
    """Say what keeps the shown figures from being plainly comparable."""
    valued = [f for f in figures if f.harmonised_value is not None]
    years = sorted({f.period_year for f in valued})
    notes = []
    if len(years) > 1:
        notes.append(f"The figures are of different years, {years[0]} to {years[-1]}; the period stands beside each.")
    boundaries = sorted({f.boundary_code.replace("_", " ") for f in valued})
    if len(boundaries) > 1:
        notes.append(f"The figures cover different boundaries ({', '.join(boundaries)}); the colour of a bar says which.")
    elif boundaries and boundaries != ["administrative"]:
        notes.append(f"All figures cover the {boundaries[0]}, not the administrative city.")
    if any(f.status_code == "derived" for f in valued):
        notes.append(
            "Derived figures (paler bars) were computed from other figures, by the sender or here from a numerator and a denominator; "
            "the column Computation says how."
        )
    n_missing = len(figures) - len(valued)
    if n_missing:
        notes.append(f"{n_missing} cities answered without a value; the reason stands in the status column.")
    return (*notes, "This is no ranking: definitions, years and boundaries differ.")


def beside_notes(beside: list[Figure]) -> tuple[str, ...]:
    """Say by which rule one figure of a city is shown, and name the figures that are not."""
    if not beside:
        return ()
    named = "; ".join(f"{f.city_name} {number_text(f.harmonised_value)} ({kind_text(f)}, {f.period_label})" for f in beside[:NAMED_BESIDE])
    more = f"; and {len(beside) - NAMED_BESIDE} more" if len(beside) > NAMED_BESIDE else ""
    return (f"One figure of each city: the boundary and definition that compare with most cities. Not drawn, listed on the City page: {named}{more}.",)


def choose_against(figures: list[Figure]) -> Figure | None:
    """Ask which figure the others are graded against; the most typical one unless a city is chosen."""
    valued = {f.city_code: f for f in figures if f.harmonised_value is not None}
    if len(valued) < 2:
        return None
    spell = {TYPICAL: "Most typical figure", **{c: f"{f.city_name}, {f.member_name}" for c, f in valued.items()}}
    chosen = choose("Comparable with", list(spell), key="against", spell=lambda c: spell[c])
    listed = list(valued.values())
    return valued[chosen] if chosen != TYPICAL else listed[most_typical([traits_of(f) for f in listed])]


def apart_from(figures: list[Figure], against: Figure | None) -> frozenset[str]:
    """Cities whose figure must not be compared with the one held against."""
    if against is None:
        return frozenset()
    return frozenset(f.city_code for f, g in zip(figures, compared(figures, against), strict=True) if g is not None and g.grade is Grade.NOT_COMPARABLE)


def grade_notes(figures: list[Figure], against: Figure | None) -> tuple[str, ...]:
    """Say how many figures compare with the one held against."""
    if against is None:
        return ()
    grades = [g.grade for g in compared(figures, against) if g is not None]
    words = {
        Grade.COMPARABLE: "comparable",
        Grade.BRIDGED: "bridged by a stated factor",
        Grade.WITH_CARE: "to be compared with care",
        Grade.NOT_COMPARABLE: "not comparable (outlined bars)",
    }
    counted = ", ".join(f"{grades.count(g)} {w}" for g, w in words.items() if g in grades)
    return (f"Held against {against.city_name} ({against.period_label}): {counted}. The reason stands in the column Comparable.",)


def choose_order(conditions: list[UseCondition], figures: list[Figure]) -> str:
    """Ask for the order; by value only where no source forbids a ranking of what is shown."""
    held = [f for f in figures if forbids_ranking(conditions, member_code=f.member_code, city_code=f.city_code, indicator_code=f.indicator_code)]
    order = choose("Order", ["country"] if held else list(ORDERS), key="order", spell=lambda o: ORDERS[o])
    if held:
        names = ", ".join(sorted({f.city_name for f in held})[:3])
        st.caption(plain(f"No order by value: a source asks that its figures are not ranked ({names}{' and others' if len(held) > 3 else ''})."))
    return order


def choose_goals(goals: list[GoalLevel]) -> list[GoalLevel]:
    names = {g.goal_set_code: g.goal_set_name for g in goals}
    if not names:
        st.caption("No goal set states a level for this indicator.")
        return []
    options = [*names, NO_GOALS]
    chosen = choose("Goal set", options, key="goals", spell=lambda c: names.get(c, "No goal lines"))
    return [g for g in goals if g.goal_set_code == chosen]


def goal_sentence(goals: list[GoalLevel]) -> str:
    """Say whose goal levels are drawn, as printed by their source, and how sure they are."""
    first = goals[0]
    levels = ", ".join(f"{goal_kind_text(g.goal_kind)} {g.written_goal_level:g}" for g in goals)
    notes = "; ".join(dict.fromkeys(g.goal_note for g in goals if g.goal_note))
    sure = ", ".join(dict.fromkeys(g.goal_confidence for g in goals))
    return f"{first.goal_set_name}, adopted by {first.goal_adopter}: {levels} {first.goal_unit_code}. Source {first.goal_source} ({sure}). {notes}".strip()


def on_chosen_money(edition: str, code: str, figures: list[Figure], unit: str) -> tuple[list[Figure], str]:
    """Let the reader put money in national currency on another basis; gives the figures and the unit of the axis."""
    amounts = ask(edition, "money", code)
    if not amounts:
        return figures, unit
    bases = {AS_SENT: "National currency, as sent", **BASES}
    basis = choose("Money", list(bases), key="money", spell=lambda b: bases[b])
    if basis == AS_SENT:
        return figures, unit
    st.caption("Rates are of whole countries. A figure without a registered rate has no value on this basis.")
    return restated(figures, amounts, basis), bases[basis]


def render() -> None:
    edition = require_edition().edition_id
    rows = ask(edition, "indicators", with_values_only=True)
    by_code = {r.indicator_code: r for r in rows}
    st.title("Compare")
    first, second, third, fourth = st.columns([4, 2, 2, 2])
    with first:
        code = choose("Indicator", list(by_code), key="indicator", spell=lambda c: indicator_label(by_code[c]))
    indicator = by_code[code]
    every = ask(edition, "series", code)
    years = sorted({f.period_year for f in every if f.harmonised_value is not None}, reverse=True)
    with second:
        year = choose("Year", [LATEST, *map(str, years)], key="year", spell=lambda y: "Latest of each city" if y == LATEST else y)
    with third:
        goals = choose_goals(ask(edition, "goal_levels", code))
    wanted = None if year == LATEST else int(year)
    figures, beside = ask(edition, "latest_figures", code, year=wanted), ask(edition, "figures_beside", code, year=wanted)
    with fourth:
        order = choose_order(ask(edition, "use_conditions"), figures)
    members = sorted({f.member_name for f in figures})
    chosen = choose_some("Countries", members, key="countries", all_of_them="All countries")
    figures, beside = ([f for f in listed if not chosen or f.member_name in chosen] for listed in (figures, beside))
    figures, unit = on_chosen_money(edition, code, figures, indicator.unit_name)
    if order == "value":
        figures = sorted(figures, key=lambda f: (f.harmonised_value is None, -(f.harmonised_value or 0)))
    if not figures:
        st.info("No city is left. Clear the countries or choose another year.", icon=":material/filter_alt_off:")
        return
    st.subheader(plain(indicator.indicator_name))
    known = f"definition {confidence_text(indicator.definition_confidence)}"
    st.markdown(plain(" · ".join((indicator.indicator_code, indicator.unit_name, DIRECTIONS[indicator.direction_code], known))))
    against = choose_against(figures)
    draw_comparison(
        figures,
        goals,
        not_comparable=apart_from(figures, against),
        unit=unit,
        alt=f"{indicator.indicator_name} by city; the table below says the same.",
    )
    if goals:
        st.caption(plain(goal_sentence(goals)))
    notes = (*grade_notes(figures, against), *beside_notes(beside), *comparison_notes(figures))
    table = figures_table(
        indicator.indicator_name,
        figures,
        without=("indicator",),
        notes=notes,
        edition_id=edition,
        view=f"/compare?edition={edition}&indicator={code}&year={year}",
        held_against=against,
    )
    left, right = st.columns([5, 3])
    with left:
        row = draw_table(table, key="compare_table")
    with right:
        figure = figures[row] if row is not None else None
        draw_origin(figure, ask(edition, "rule_states", figure.submission_id) if figure else [])


if __name__ in ("__main__", "__page__"):
    render()
