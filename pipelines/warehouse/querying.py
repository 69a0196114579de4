"""Questions readers ask of one edition.

Belongs here: SQL over marts, each answer as frozen rows. Does not belong here: any computation of a number.
"""

import datetime
from dataclasses import dataclass, fields
from math import isfinite
from typing import Any, TypeVar

import duckdb

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of ``mart_observations``: a value, or a reason for none, with everything that stands beside it."""

    observation_id: str
    city_code: str
    city_name: str
    city_name_local: str | None
    member_code: str
    member_name: str
    indicator_code: str
    indicator_name: str
    theme: str
    direction_code: str
    definition_confidence: str
    period_start: datetime.date
    period_end: datetime.date
    period_type: str
    period_year: int
    period_label: str
    value_written: str | None
    unit_written: str | None
    reported_unit_code: str | None
    reported_value: float | None
    harmonised_value: float | None
    unit_code: str
    unit_name: str
    decimals: int
    status_code: str
    reason_code: str | None
    boundary_code: str
    has_city_boundary: bool
    definition_code: str | None
    definition_name: str | None
    harmonised_definition_code: str | None
    definition_grade: str
    figure_definition_code: str
    denominator_definition_code: str | None
    quality_code: str
    source_note: str | None
    comment_written: str | None
    explanation_text: str | None
    submission_id: str
    source_file_name: str
    source_file_sha256: str
    contract_version: str
    source_sheet: str
    source_row: int
    source_column: str
    source_address: str
    conversion_steps: str
    source_publisher: str | None = None
    source_title: str | None = None
    source_locator: str | None = None
    source_link: str | None = None
    source_licence: str | None = None
    source_accessed: str | None = None
    method_code: str | None = None
    computation_note: str | None = None
    relative_error: float | None = None
    standard_error: float | None = None
    error_basis: str | None = None
    source_kind: str = "unknown"
    source_kind_name: str = "unknown"
    shared_error_key: str | None = None

    @property
    def series_definition_code(self) -> str:
        """What a series counts that the figure stands in, as the dbt macro of that name says it."""
        return self.harmonised_definition_code or ("not_declared" if self.definition_grade == "not_declared" else "single")


@dataclass(frozen=True, slots=True)
class CityRow:
    """One row of ``mart_cities``."""

    city_code: str
    city_name: str
    city_name_local: str | None
    member_code: str
    member_name: str
    city_boundary_code: str
    latitude: float | None
    longitude: float | None
    iso3166_2_code: str | None
    geonames_id: str | None
    wikidata_id: str | None


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """One row of ``mart_indicators``, with how many cities have a value."""

    indicator_code: str
    framework_code: str
    edition: str
    clause: str
    theme: str
    indicator_class: str
    indicator_name: str
    unit_code: str
    unit_name: str
    decimals: int
    measure_kind: str
    period_need: str
    numerator_text: str | None
    denominator_text: str | None
    direction_code: str
    plausible_min: float | None
    plausible_max: float | None
    focus_tags: str | None
    name_confidence: str
    class_confidence: str
    definition_confidence: str
    indicator_note: str | None
    n_cities: int


@dataclass(frozen=True, slots=True)
class GoalLevel:
    """One row of ``mart_goals``; ``goal_level`` is in the indicator's unit."""

    goal_set_code: str
    goal_set_name: str
    goal_scope: str
    goal_adopter: str
    indicator_code: str
    goal_kind: str
    written_goal_level: float
    goal_unit_code: str
    goal_level: float | None
    unit_code: str
    base_year: int | None
    target_year: int | None
    goal_source: str
    goal_confidence: str
    goal_note: str | None


@dataclass(frozen=True, slots=True)
class Coverage:
    """What one city has of one indicator."""

    city_code: str
    city_name: str
    member_code: str
    indicator_code: str
    indicator_name: str
    n_values: int
    n_without_value: int
    first_year: int | None
    last_year: int | None
    reason_code: str | None


@dataclass(frozen=True, slots=True)
class Scorecard:
    """How well one city reported one year: counts, each with what it is out of."""

    city_code: str
    city_name: str
    member_code: str
    period_year: int
    n_asked: int
    n_indicators: int
    n_due: int
    n_kept_up: int
    n_comparable: int
    n_breaks: int
    n_with_range: int
    n_implausible: int
    n_values: int
    n_quality_declared: int


@dataclass(frozen=True, slots=True)
class RuleState:
    """How one rule ended for one submission."""

    rule_id: str
    severity: str
    check_state: str
    not_run_reason: str | None
    n_found: int


@dataclass(frozen=True, slots=True)
class SubmissionRow:
    """One accepted submission."""

    submission_id: str
    member_code: str
    source_file_name: str
    source_file_sha256: str
    contract_version: str
    accepted_seq: int
    n_observations: int


@dataclass(frozen=True, slots=True)
class IndicatorLink:
    """One link of the crosswalk."""

    from_code: str
    to_code: str | None
    relation: str
    crosswalk_grade: str
    crosswalk_confidence: str
    crosswalk_note: str | None


def columns_of(kind: type[Any]) -> str:
    """Name the columns that make a row of a kind."""
    return ", ".join(f.name for f in fields(kind))


def fetch(connection: duckdb.DuckDBPyConnection, kind: type[R], sql: str, *parameters: object) -> list[R]:
    """Ask one question; each row becomes one of a kind.

    A number that is not finite is no figure, whatever edition holds it: it is given as none where a row may have none,
    so that one broken row breaks no page.
    """
    may_lack = _may_lack(kind)
    with connection.cursor() as cursor:
        rows = cursor.execute(sql, list(parameters)).fetchall()
    return [kind(*(None if m and isinstance(v, float) and not isfinite(v) else v for v, m in zip(row, may_lack, strict=True))) for row in rows]


def _may_lack(kind: type[Any]) -> tuple[bool, ...]:
    return tuple("None" in str(f.type) for f in fields(kind))


def series(connection: duckdb.DuckDBPyConnection, indicator_code: str, *, city_code: str | None = None) -> list[Figure]:
    """Give every figure of an indicator, of one city or of all, by city and period."""
    return fetch(
        connection, Figure,
        f"""select {columns_of(Figure)} from marts.mart_observations where indicator_code = ? and (? is null or city_code = ?)
            order by city_name, city_code, period_start, period_end, boundary_code, figure_definition_code""",
        indicator_code, city_code, city_code,
    )  # fmt: skip


def cities(connection: duckdb.DuckDBPyConnection) -> list[CityRow]:
    """Give all cities by member and name."""
    return fetch(connection, CityRow, f"select {columns_of(CityRow)} from marts.mart_cities order by member_name, city_name")


def indicators(connection: duckdb.DuckDBPyConnection, *, with_values_only: bool = False) -> list[IndicatorRow]:
    """Give the catalogue with the number of cities that have a value, standards before components, most first."""
    return fetch(
        connection, IndicatorRow,
        f"""select {columns_of(IndicatorRow)} from (
                select indicators.*, cast(count(coverage.city_code) as integer) as n_cities
                from marts.mart_indicators as indicators
                left join marts.mart_coverage as coverage
                    on indicators.indicator_code = coverage.indicator_code and coverage.n_values > 0
                group by all
            ) where n_cities > 0 or not ?
            order by (framework_code = 'forum'), n_cities desc, framework_code, indicator_code""",
        with_values_only,
    )  # fmt: skip


def goal_levels(connection: duckdb.DuckDBPyConnection, indicator_code: str) -> list[GoalLevel]:
    """Give the goal levels of an indicator from all goal sets."""
    return fetch(
        connection, GoalLevel,
        f"select {columns_of(GoalLevel)} from marts.mart_goals where indicator_code = ? order by goal_set_code, goal_level",
        indicator_code,
    )  # fmt: skip


def coverage(connection: duckdb.DuckDBPyConnection) -> list[Coverage]:
    """Give what each city has of each indicator that anybody sent."""
    return fetch(
        connection, Coverage,
        f"""select {columns_of(Coverage)} from (
                select coverage.*, cities.city_name, cities.member_code, indicators.indicator_name
                from marts.mart_coverage as coverage
                inner join marts.mart_cities as cities on coverage.city_code = cities.city_code
                inner join marts.mart_indicators as indicators on coverage.indicator_code = indicators.indicator_code
            ) order by member_code, city_name, indicator_code""",
    )  # fmt: skip


def scorecards(connection: duckdb.DuckDBPyConnection, city_code: str) -> list[Scorecard]:
    """Give how well a city reported each year, newest first."""
    return fetch(
        connection, Scorecard,
        f"""select {columns_of(Scorecard)} from (
                select scorecards.*, cities.city_name, cities.member_code
                from marts.mart_scorecards as scorecards
                inner join marts.mart_cities as cities on scorecards.city_code = cities.city_code
            ) where city_code = ? order by period_year desc""",
        city_code,
    )  # fmt: skip


def rule_states(connection: duckdb.DuckDBPyConnection, submission_id: str) -> list[RuleState]:
    """Give how each rule ended for a submission."""
    return fetch(connection, RuleState, f"select {columns_of(RuleState)} from marts.mart_rule_results where submission_id = ? order by rule_id", submission_id)


def submissions(connection: duckdb.DuckDBPyConnection) -> list[SubmissionRow]:
    """Give all accepted submissions in the order of acceptance."""
    return fetch(connection, SubmissionRow, f"select {columns_of(SubmissionRow)} from marts.mart_submissions order by accepted_seq")


def indicator_links(connection: duckdb.DuckDBPyConnection, indicator_code: str) -> list[IndicatorLink]:
    """Give the crosswalk links that touch an indicator."""
    return fetch(
        connection, IndicatorLink,
        f"select {columns_of(IndicatorLink)} from marts.mart_indicator_links where from_code = ? or to_code = ? order by crosswalk_grade, from_code, to_code",
        indicator_code, indicator_code,
    )  # fmt: skip


def last_figures_of(connection: duckdb.DuckDBPyConnection, member_code: str) -> list[tuple[Any, ...]]:
    """Give a member's newest figure of each city, indicator, boundary and definition, with everything that was said about it.

    A bridged figure is given as it was sent: its value by the reference definition would be another figure. Left out are what we
    derived from other figures, Hijri years, whose label does not hold their dates, and bridged figures that were corrected.

    Returns:
        Rows in the order of the fields of ``LastFigure``, sorted by city and indicator.
    """
    return connection.execute(
        """select
            city_name, indicator_code, period_label,
            case
                when status_code = 'derived' and value_written is null then null
                when definition_grade = 'bridged' then reported_value
                else harmonised_value
            end,
            case when definition_grade = 'bridged' then reported_unit_code else unit_code end,
            coalesce(source_note, ''),
            coalesce(case when definition_grade = 'bridged' then definition_code else harmonised_definition_code end, ''),
            boundary_code, quality_code, status_code, numerator_value, denominator_value, coalesce(comment_written, '')
        from marts.mart_observations
        where
            member_code = ? and isfinite(harmonised_value) and definition_grade <> 'derived' and period_type <> 'hijri_year'
            and (status_code <> 'derived' or value_written is not null or (numerator_value is not null and denominator_value is not null))
            and not (definition_grade = 'bridged' and contains(conversion_steps, 'correction '))
        qualify row_number() over (
            partition by city_code, indicator_code, boundary_code, figure_definition_code order by period_end desc, period_start desc, observation_id
        ) = 1
        order by city_code, indicator_code, boundary_code, figure_definition_code""",
        [member_code],
    ).fetchall()


def published_of(connection: duckdb.DuckDBPyConnection, member_code: str) -> list[tuple[Any, ...]]:
    """Give every figure of a member, in the order of ``previewing.Published``: place, value, then key, unit and what stands beside the number."""
    return connection.execute(
        "select city_code, indicator_code, period_start, period_end, harmonised_value, boundary_code, definition_code, figure_definition_code, unit_code, "
        "quality_code, source_note, comment_written, denominator_definition_code, status_code, observation_id, numerator_value, denominator_value "
        "from marts.mart_observations "
        "where member_code = ? and isfinite(harmonised_value) order by observation_id",
        [member_code],
    ).fetchall()


def goal_limits(connection: duckdb.DuckDBPyConnection, member_code: str) -> list[tuple[Any, ...]]:
    """Give the final target of each goal set that concerns a member: set, indicator, level, whether less is better."""
    return connection.execute(
        "select g.goal_set_code, g.indicator_code, g.goal_level, i.direction_code = 'lower_better' from marts.mart_goals as g "
        "inner join marts.mart_indicators as i on g.indicator_code = i.indicator_code where g.goal_kind = 'target' and g.goal_level is not null "
        "and coalesce(g.goal_member_code, ?) = ? and g.goal_city_code is null order by g.goal_set_code, g.indicator_code, g.goal_level",
        [member_code, member_code],
    ).fetchall()
