"""Questions about goals: where cities stand and what the trend rules say.

Belongs here: SQL over the goal marts, each answer as frozen rows. Does not belong here: any computation of a number.
"""

import datetime
from dataclasses import dataclass

import duckdb

from pipelines.domain.comparability import Candidate, Traits, by_kind, one_of_each_place
from pipelines.warehouse.querying import columns_of, fetch


@dataclass(frozen=True, slots=True)
class GoalSet:
    """A goal set, and how much of it the edition can judge."""

    goal_set_code: str
    goal_set_version: str
    goal_set_name: str
    goal_scope: str
    goal_adopter: str
    goal_set_source: str
    goal_licence: str
    n_indicators: int
    n_with_figures: int
    n_cities: int


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one series stands against one goal set: its latest figure, the target, the way left."""

    series_id: str
    goal_set_code: str
    city_code: str
    city_name: str
    member_code: str
    member_name: str
    indicator_code: str
    indicator_name: str
    theme: str
    direction_code: str
    unit_name: str
    decimals: int
    boundary_code: str
    has_city_boundary: bool
    series_definition_code: str
    harmonised_definition_code: str | None
    denominator_definition_code: str | None
    definition_grade: str
    definition_name: str | None
    quality_code: str
    unit_code: str
    relative_error: float | None
    standard_error: float | None
    error_basis: str | None
    source_kind: str
    source_kind_name: str
    status_code: str
    period_start: datetime.date
    period_end: datetime.date
    period_label: str
    observation_id: str
    target_level: float | None
    target_year: int | None
    optimum_level: float | None
    first_year: int | None
    first_value: float | None
    last_year: int
    last_value: float
    n_points: int
    is_reached: bool | None
    gap_left: float | None
    gap_to_optimum: float | None
    share_of_target: float | None
    u4ssc_points: int | None
    sdr_score: float | None
    sdr_colour: str | None
    deviations_left: float | None
    n_peers: int | None
    level_reached: int | None
    share_of_path: float | None
    escap_status: float | None
    pace: float | None
    pace_low: float | None
    pace_high: float | None
    pace_needed: float | None
    growth_needed_pct: float | None
    finishing_year: float | None
    projected_value: float | None
    projected_low: float | None
    projected_high: float | None
    backtest_error: float | None
    standing_reason: str | None
    n_rules: int
    n_rules_on_the_way: int


@dataclass(frozen=True, slots=True)
class RuleVerdict:
    """What one trend rule says of one series and goal set."""

    rule_code: str
    rule_name: str
    rule_needs_target: bool
    verdict_code: str | None
    verdict_name: str | None
    verdict_rank: int | None
    is_on_the_way: bool | None
    verdict_measure: float | None
    measure_name: str
    verdict_reason: str | None
    rule_source: str
    rule_confidence: str


@dataclass(frozen=True, slots=True)
class BreakRow:
    """A break in series."""

    indicator_code: str
    break_starts_on: datetime.date
    break_member_code: str
    break_city_code: str | None
    break_reason: str
    break_source: str
    break_confidence: str


STANDINGS = """
    select s.*, c.city_name, c.member_code, c.member_name, i.indicator_name, i.theme, i.direction_code, i.unit_name, i.decimals, o.has_city_boundary,
        o.harmonised_definition_code, o.denominator_definition_code, o.definition_grade, o.definition_name, o.quality_code, o.status_code, o.period_start,
        o.period_end, o.period_label, o.relative_error, o.standard_error, o.error_basis, o.source_kind, o.source_kind_name
    from marts.mart_standings as s
    inner join marts.mart_cities as c on s.city_code = c.city_code
    inner join marts.mart_indicators as i on s.indicator_code = i.indicator_code
    inner join marts.mart_observations as o on s.observation_id = o.observation_id
"""


def goal_sets(connection: duckdb.DuckDBPyConnection) -> list[GoalSet]:
    """Give all goal sets with how many of their indicators and cities can be judged: the world's before any country's, then those that judge most."""
    return fetch(
        connection, GoalSet,
        f"""select {columns_of(GoalSet)} from (
                select g.goal_set_code, any_value(g.goal_set_version) as goal_set_version, any_value(g.goal_set_name) as goal_set_name,
                    any_value(g.goal_scope) as goal_scope, any_value(g.goal_adopter) as goal_adopter, any_value(g.goal_set_source) as goal_set_source,
                    any_value(g.goal_licence) as goal_licence, count(distinct g.indicator_code) as n_indicators,
                    count(distinct s.indicator_code) as n_with_figures, count(distinct s.city_code) as n_cities
                from marts.mart_goals as g
                left join marts.mart_standings as s on g.goal_set_code = s.goal_set_code and g.indicator_code = s.indicator_code
                group by g.goal_set_code
            ) order by (goal_scope <> 'world'), n_cities desc, goal_set_code""",
    )  # fmt: skip


def standings(connection: duckdb.DuckDBPyConnection, goal_set_code: str, indicator_code: str | None = None) -> list[Standing]:
    """Give where each city stands against a goal set: one series for a city and indicator, the one that compares with most cities.

    Returns:
        By theme, indicator, country and city.
    """
    every = fetch(
        connection, Standing,
        f"""select {columns_of(Standing)} from ({STANDINGS}) where goal_set_code = ? and (? is null or indicator_code = ?)
            order by theme, indicator_name, member_name, city_name, city_code, last_year desc, n_points desc""",
        goal_set_code, indicator_code, indicator_code,
    )  # fmt: skip
    of_indicator: dict[str, list[Standing]] = {}
    for standing in every:
        of_indicator.setdefault(standing.indicator_code, []).append(standing)
    return [standing for listed in of_indicator.values() for standing in _one_of_each_city(listed)]


def _one_of_each_city(listed: list[Standing]) -> list[Standing]:
    """Take one series of each city; within a city the newest first, then the longest, then the fixed order of kinds."""
    places = list(dict.fromkeys(s.city_code for s in listed))
    ordered = sorted(listed, key=lambda s: (places.index(s.city_code), -s.last_year, -s.n_points, *by_kind(_traits_of(s)), s.series_id))
    return [ordered[at] for at in one_of_each_place([Candidate(s.city_code, _traits_of(s), s.has_city_boundary) for s in ordered])]


def _traits_of(standing: Standing) -> Traits:
    """What decides whether the figure of a standing compares; goals hold no figures in national currency against each other."""
    return Traits(
        standing.harmonised_definition_code, standing.definition_grade, standing.boundary_code, standing.denominator_definition_code,
        standing.period_start, standing.period_end, standing.quality_code,
    )  # fmt: skip


def verdicts(connection: duckdb.DuckDBPyConnection, series_id: str, goal_set_code: str) -> list[RuleVerdict]:
    """Give what every rule says of a series: those about the goal set first, then those about a direction only."""
    return fetch(
        connection, RuleVerdict,
        f"""select {columns_of(RuleVerdict)} from marts.mart_verdicts where series_id = ? and goal_set_code in (?, 'none')
            order by rule_needs_target desc, rule_code""",
        series_id, goal_set_code,
    )  # fmt: skip


def breaks(connection: duckdb.DuckDBPyConnection, indicator_code: str) -> list[BreakRow]:
    """Give the breaks in series of an indicator."""
    return fetch(connection, BreakRow, f"select {columns_of(BreakRow)} from marts.mart_breaks where indicator_code = ? order by all", indicator_code)
