"""Compare: one indicator across cities, with the goal lines of a goal set."""

from dataclasses import dataclass

import streamlit as st

from app.components.charts import draw_comparison
from app.components.conditions import held_reason
from app.components.controls import Controls
from app.components.tables import draw_origin, draw_table
from app.components.words import DIRECTIONS, confidence_text, indicator_label, plain
from app.readers import ask, require_edition
from pipelines.domain.comparability import Grade, most_typical
from pipelines.exports.change_tables import BASES, restated
from pipelines.exports.goal_tables import kind_text as goal_kind_text
from pipelines.exports.tables import COMPARABLE, FIGURE_COLUMNS, compared, figure_text, figures_table, kind_text
from pipelines.exports.views import View
from pipelines.warehouse.querying import Figure, GoalLevel, IndicatorRow
from pipelines.warehouse.querying_kinds import traits_of

NAMED_BESIDE, WORLD = 8, "world"
LATEST, NO_GOALS, TYPICAL, AS_SENT = "latest", "none", "typical", "as_sent"
ORDERS = {"country": "Country and city", "value": "Value"}


@dataclass(frozen=True, slots=True)
class Shown:
    """What is compared: a figure of each city, those that stand beside them, goal levels, the figure held against, the unit of the axis."""

    figures: list[Figure]
    beside: list[Figure]
    goals: list[GoalLevel]
    against: Figure | None
    unit: str


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
    named = "; ".join(f"{f.city_name} {figure_text(f.harmonised_value, f.decimals)} ({kind_text(f)}, {f.period_label})" for f in beside[:NAMED_BESIDE])
    more = f"; and {len(beside) - NAMED_BESIDE} more" if len(beside) > NAMED_BESIDE else ""
    return (f"One figure of each city: the boundary and definition that compare with most cities. Not drawn, listed on the City page: {named}{more}.",)


def choose_against(page: Controls, figures: list[Figure]) -> Figure | None:
    """Ask which figure the others are graded against; the most typical one unless a city is chosen."""
    valued = {f.city_code: f for f in sorted(figures, key=lambda f: f.city_code) if f.harmonised_value is not None}
    if len(valued) < 2:
        return None
    spell = {TYPICAL: "Most typical figure", **{f.city_code: f"{f.city_name}, {f.member_name}" for f in figures if f.city_code in valued}}
    chosen = page.choose("against", list(spell), label="Comparable with", spell=lambda c: spell[c])
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


def choose_order(page: Controls, held: str) -> str:
    """Ask for the order; by value only where no source forbids a ranking of what is shown."""
    refused = ["value"] if held else []
    return page.choose("order", [o for o in ORDERS if o not in refused], label="Order", spell=lambda o: ORDERS[o], refused=refused)


def choose_goals(page: Controls, goals: list[GoalLevel]) -> list[GoalLevel]:
    """Ask whose goal levels are drawn; without a word those of the world, and never one country's for the cities of others."""
    names = {g.goal_set_code: g.goal_set_name for g in goals}
    if not names:
        return []
    of_the_world = [g.goal_set_code for g in goals if g.goal_scope == WORLD]
    default = of_the_world[0] if of_the_world else NO_GOALS
    chosen = page.choose("goals", [*names, NO_GOALS], label="Goal set", spell=lambda c: names.get(c, "No goal lines"), default=default)
    return [g for g in goals if g.goal_set_code == chosen]


def goal_sentence(goals: list[GoalLevel]) -> str:
    """Say whose goal levels are drawn, as printed by their source, and how sure they are."""
    first = goals[0]
    levels = ", ".join(f"{goal_kind_text(g.goal_kind)} {g.written_goal_level:g}" for g in goals)
    notes = "; ".join(dict.fromkeys(g.goal_note for g in goals if g.goal_note))
    sure = ", ".join(dict.fromkeys(g.goal_confidence for g in goals))
    return f"{first.goal_set_name}, adopted by {first.goal_adopter}: {levels} {first.goal_unit_code}. Source {first.goal_source} ({sure}). {notes}".strip()


def on_chosen_money(page: Controls, code: str, figures: list[Figure], unit: str) -> tuple[list[Figure], str]:
    """Let the reader put money in national currency on another basis; gives the figures and the unit of the axis."""
    amounts = ask(page.edition_id, "money", code)
    if not amounts:
        return figures, unit
    bases = {AS_SENT: "National currency, as sent", **BASES}
    basis = page.choose("money", list(bases), label="Money", spell=lambda b: bases[b])
    return (figures, unit) if basis == AS_SENT else (restated(figures, amounts, basis), bases[basis])


def choose_figures(page: Controls, code: str, year: str) -> tuple[list[Figure], list[Figure], str]:
    """Ask for order and countries; gives the figures to show, those of the same cities that stand beside them, and the order."""
    wanted = None if year == LATEST else int(year)
    figures, beside = ask(page.edition_id, "latest_figures", code, year=wanted), ask(page.edition_id, "figures_beside", code, year=wanted)
    order = choose_order(page, held_reason(page.edition_id, figures))
    members = {f.member_code: f.member_name for f in sorted(figures, key=lambda f: f.member_name)}
    chosen = page.choose_some("countries", list(members), label="Countries", spell=lambda c: members[c], all_of_them="All countries")
    figures, beside = ([f for f in listed if not chosen or f.member_code in chosen] for listed in (figures, beside))
    return figures, beside, order


def draw_controls(page: Controls, levels: list[GoalLevel], held: str) -> None:
    """Draw the controls above the chart."""
    first, second, third, fourth = st.columns([4, 2, 2, 2])
    with first:
        page.draw("indicator")
    with second:
        page.draw("year")
    with third:
        if levels:
            page.draw("goals")
        else:
            st.caption("No goal set states a level for this indicator.")
    with fourth:
        page.draw("order")
        if held:
            st.caption(plain(f"No order by value: {held}."))
    page.draw("countries")


def draw_figures(page: Controls, view: View, row: IndicatorRow, shown: Shown) -> None:
    """Draw the chart, the table and what stands behind a chosen row."""
    figures = shown.figures
    draw_comparison(
        figures,
        shown.goals,
        not_comparable=apart_from(figures, shown.against),
        unit=shown.unit,
        alt=f"{row.indicator_name} by city; the table below says the same.",
    )
    if shown.goals:
        st.caption(plain(goal_sentence(shown.goals)))
    notes = (*grade_notes(figures, shown.against), *beside_notes(shown.beside), *comparison_notes(figures))
    table = figures_table(row.indicator_name, figures, without=("indicator",), notes=notes, view=view, held_against=shown.against)
    left, right = st.columns([5, 3])
    with left:
        at = draw_table(table, page=page, key="table")
    with right:
        figure = figures[at] if at is not None else None
        draw_origin(figure, ask(page.edition_id, "rule_states", figure.submission_id) if figure else [])


def render() -> None:
    edition = require_edition().edition_id
    by_code = {r.indicator_code: r for r in ask(edition, "indicators", with_values_only=True)}
    st.title("Compare")
    page = Controls("compare", "Compare", edition)
    code = page.choose("indicator", list(by_code), label="Indicator", spell=lambda c: indicator_label(by_code[c]))
    indicator = by_code[code]
    years = sorted({f.period_year for f in ask(edition, "series", code) if f.harmonised_value is not None}, reverse=True)
    year = page.choose("year", [LATEST, *map(str, years)], label="Year", spell=lambda y: "Latest of each city" if y == LATEST else y)
    levels = ask(edition, "goal_levels", code)
    goals = choose_goals(page, levels)
    figures, beside, order = choose_figures(page, code, year)
    figures, unit = on_chosen_money(page, code, figures, indicator.unit_name)
    if order == "value":
        figures = sorted(figures, key=lambda f: (f.harmonised_value is None, -(f.harmonised_value or 0)))
    held, names = held_reason(edition, figures), {f.city_code: f"{f.city_name}, {f.member_name}" for f in figures}
    against = choose_against(page, figures)
    page.table("table", (*FIGURE_COLUMNS, COMPARABLE), row="city", codes=list(names), spell=lambda c: names[c], held=held)
    view = page.settle()
    draw_controls(page, levels, held)
    if unit != indicator.unit_name or ask(edition, "money", code):
        page.draw("money")
        st.caption("Rates are of whole countries. A figure without a registered rate has no value on another basis than as sent.")
    if not figures:
        st.info("No city is left. Clear the countries or choose another year.", icon=":material/filter_alt_off:")
        return
    st.subheader(plain(indicator.indicator_name))
    known = f"definition {confidence_text(indicator.definition_confidence)}"
    st.markdown(plain(" · ".join((indicator.indicator_code, indicator.unit_name, DIRECTIONS[indicator.direction_code], known))))
    if against is not None:
        page.draw("against")
    draw_figures(page, view, indicator, Shown(figures, beside, goals, against, unit))


if __name__ in ("__main__", "__page__"):
    render()
