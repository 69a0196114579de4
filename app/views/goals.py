"""Goals: where cities stand against a goal set, what trend rules say side by side, and what another target would mean."""

from collections.abc import Iterable

import numpy as np
import streamlit as st

from app.components.conditions import held_reason
from app.components.controls import Controls
from app.components.goal_charts import draw_distribution, draw_grid, draw_way
from app.components.tables import draw_table
from app.components.words import plain
from app.readers import ask, require_edition
from pipelines.exports.goal_tables import STANDING_COLUMNS, VERDICT_COLUMNS, standings_table, verdicts_table
from pipelines.exports.tables import number_text
from pipelines.exports.views import View
from pipelines.methods.blocks import OLDEST_YEARS, TREND_POINTS, Floats
from pipelines.methods.targets import Reach, candidate_targets, reach
from pipelines.warehouse.querying_goals import GoalSet, RuleVerdict, Standing

CANDIDATES = {"mean_of_best_five": "mean of the best five", "best_fifth": "best fifth", "median": "median"}
DIRECTIONS = {"higher_better": 1.0, "lower_better": -1.0}


def set_sentence(chosen: GoalSet) -> str:
    """Say whose goals these are, from where, under which licence, and how much can be judged."""
    return (
        f"{chosen.goal_set_name}, version {chosen.goal_set_version}, {chosen.goal_scope}; adopted by {chosen.goal_adopter}. Source: {chosen.goal_set_source}. "
        f"Licence: {chosen.goal_licence}. {chosen.n_with_figures} of its {chosen.n_indicators} indicators have figures, of {chosen.n_cities} cities."
    )


def standing_notes(standings: list[Standing]) -> tuple[str, ...]:
    """Say what to keep in mind when reading standings."""
    years = sorted({s.last_year for s in standings})
    notes = [
        "Boundaries, definitions and years stand beside each figure; this is no ranking.",
        "One series of each city: the boundary and definition that compare with most cities; other figures stand on the City page.",
    ]
    if len(years) > 1:
        notes.append(f"Latest figures are of {years[0]} to {years[-1]}.")
    notes.append(
        f"No trend is read from fewer than {TREND_POINTS} points, or where the latest figure is more than {OLDEST_YEARS} years older than the edition; "
        "under four points a pace has no interval and nothing is projected."
    )
    if any(s.optimum_level is not None for s in standings):
        notes.append("The goal line is where the set says achieved; the optimum, where its score is 100, lies beyond it and is no goal.")
    return tuple(notes)


def draw_chosen(page: Controls, standing: Standing, verdicts: list[RuleVerdict], view: View) -> None:
    """Show one city: its way, and every rule's verdict."""
    st.subheader(plain(f"{standing.city_name}: {standing.indicator_name}"))
    figures = ask(page.edition_id, "series", standing.indicator_code, city_code=standing.city_code)
    draw_way(figures, standing, unit=standing.unit_name, breaks=ask(page.edition_id, "breaks", standing.indicator_code))
    said = [v for v in verdicts if v.is_on_the_way is not None]
    n_way = sum(bool(v.is_on_the_way) for v in said)
    if said and 0 < n_way < len(said):
        st.warning(f"The rules disagree: {n_way} of {len(said)} say that the goal line will be reached in time.", icon=":material/balance:")
    title = f"{standing.city_name}: verdicts of the trend rules"
    notes = ("Each rule as its own system states it; where a rule's formula is not defined, the reason stands in its place.",)
    draw_table(verdicts_table(title, verdicts, notes=notes, view=view), page=page, key="verdicts")


def reach_sentence(found: Reach, target: float, unit: str, year: int | None) -> str:
    """Say who would reach a candidate target, today and later."""
    later = (
        f"By {year}, at their present pace, {found.n_later} would ({found.n_later_low} to {found.n_later_high} by the 90 % interval); "
        f"{found.n_unknown} have too few figures, or too old ones, to say."
        if year
        else "The goal set names no year, so nothing is projected."
    )
    return f"At a target of {number_text(target)} {unit}, {found.n_today} of {found.n_cities} cities are there today. {later}"


def numbers(values: Iterable[float | None]) -> Floats:
    """Numbers as an array, ``nan`` for none."""
    return np.array([np.nan if v is None else v for v in values], np.float64)


def draw_workbench(page: Controls, standings: list[Standing], target: float) -> None:
    """Let a forum see what a candidate target would mean before it proposes one."""
    st.subheader("Workbench: what another target would mean")
    first = standings[0]
    direction = DIRECTIONS.get(first.direction_code)
    if direction is None:
        st.info("Neither way is better for this indicator; a target would be a choice of policy.", icon=":material/info:")
        return
    values = np.array([s.last_value for s in standings])
    projected, low, high = (numbers(part) for part in zip(*((s.projected_value, s.projected_low, s.projected_high) for s in standings), strict=True))
    candidates = candidate_targets(values, direction)
    named = {CANDIDATES[name]: level for name, level in candidates.items()}
    targets = {"this set's goal line": first.target_level} if first.target_level is not None and len({s.target_level for s in standings}) == 1 else {}
    draw_distribution(standings, {**targets, **named}, unit=first.unit_name)
    if not candidates:
        st.caption("Fewer than five cities: no candidate is drawn from so few.")
    page.draw("candidate")
    found = reach(values, projected, low, high, direction=direction, target=target)
    st.markdown(plain(reach_sentence(found, target, first.unit_name, first.target_year)))
    st.caption(
        "How others choose: a stated goal, full coverage, a health limit from science, the mean of the best five. "
        "A candidate is no goal until somebody adopts it."
    )


def choose_candidate(page: Controls, standings: list[Standing]) -> float:
    """Ask which target the workbench tries; the set's own, or the median, unless another is typed."""
    first = standings[0]
    start = first.target_level if first.target_level is not None else float(np.median([s.last_value for s in standings]))
    scope = f"{first.goal_set_code}-{first.indicator_code}"
    return page.number("candidate", label=f"Candidate target, {first.unit_name}", start=float(start), scope=scope)


def render() -> None:
    edition = require_edition().edition_id
    st.title("Goals")
    page = Controls("goals", "Goals", edition)
    sets = {g.goal_set_code: g for g in ask(edition, "goal_sets")}
    code = page.choose("goals", list(sets), label="Goal set", spell=lambda c: f"{sets[c].goal_set_name} · {sets[c].n_cities} cities")
    standings: list[Standing] = ask(edition, "standings", code)
    left, right = st.columns(2)
    if not standings:
        page.settle()
        with left:
            page.draw("goals")
        st.caption(plain(set_sentence(sets[code])))
        st.info("No city has a figure that this goal set could judge.", icon=":material/info:")
        return
    names = {s.indicator_code: s.indicator_name for s in standings}
    indicator = page.choose("indicator", list(names), label="Indicator", spell=lambda c: names[c])
    shown = [s for s in standings if s.indicator_code == indicator]
    cities = {s.city_code: f"{s.city_name}, {s.member_name}" for s in shown}
    city = page.table("standings", STANDING_COLUMNS, row="city", codes=list(cities), spell=lambda c: cities[c], held=held_reason(edition, shown))
    page.table("verdicts", VERDICT_COLUMNS)
    target = choose_candidate(page, shown) if shown[0].direction_code in DIRECTIONS else 0.0
    view = page.settle()
    with left:
        page.draw("goals")
    with right:
        page.draw("indicator")
    st.caption(plain(set_sentence(sets[code])))
    st.subheader("At a glance")
    draw_grid(standings)
    st.subheader(plain(names[indicator]))
    draw_table(standings_table(f"{names[indicator]}: {sets[code].goal_set_name}", shown, notes=standing_notes(shown), view=view), page=page, key="standings")
    if city:
        standing = next(s for s in shown if s.city_code == city)
        draw_chosen(page, standing, ask(edition, "verdicts", standing.series_id, standing.goal_set_code), view)
    else:
        st.caption("Choose a row: the way of that city and the verdict of every rule appear here.")
    draw_workbench(page, shown, target)


if __name__ in ("__main__", "__page__"):
    render()
