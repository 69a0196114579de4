"""Questions about cases: what was told, what each case is tied to, its figures, and what the forum still asks for.

Belongs here: SQL over the marts of cases, each answer as frozen rows. Does not belong here: any computation of a number.
"""

from dataclasses import dataclass

import duckdb

from pipelines.warehouse.querying import columns_of, fetch


@dataclass(frozen=True, slots=True)
class Case:
    """One row of ``mart_cases``."""

    case_id: str
    member_code: str
    member_name: str
    city_code: str | None
    city_name: str | None
    case_name: str
    title_local: str | None
    started_year: int | None
    situation_text: str
    action_text: str
    result_text: str | None
    lesson_text: str | None
    source_note: str | None
    comment_written: str | None
    explanation_text: str | None
    submission_id: str
    source_file_name: str
    source_address: str

    @property
    def place(self) -> str:
        """The city with its country, or the country."""
        return f"{self.city_name}, {self.member_name}" if self.city_name else self.member_name


@dataclass(frozen=True, slots=True)
class CaseFigure:
    """An indicator of a case with its oldest and newest figure of the case's city; of no city when the case is a country's or none was sent."""

    case_id: str
    indicator_code: str
    indicator_name: str
    unit_name: str
    decimals: int
    direction_code: str
    n_figures: int
    first_value: float | None
    first_label: str | None
    last_value: float | None
    last_label: str | None
    boundary_code: str | None
    quality_code: str | None
    source_address: str | None
    submission_id: str | None
    n_cities_of_member: int
    unit_code: str
    relative_error: float | None
    standard_error: float | None
    error_basis: str | None
    source_kind: str | None
    source_kind_name: str | None


@dataclass(frozen=True, slots=True)
class CaseGoal:
    """A goal set that a case is tied to."""

    case_id: str
    linked_code: str
    linked_name: str


@dataclass(frozen=True, slots=True)
class CaseRequest:
    """One row of ``mart_case_requests``."""

    request_code: str
    member_name: str
    city_name: str | None
    topic_name: str
    topic_name_ko: str
    indicator_code: str
    indicator_name: str
    request_source: str
    n_cases_told: int


def cases(connection: duckdb.DuckDBPyConnection) -> list[Case]:
    """Give every case, by place and name."""
    return fetch(connection, Case, f"select {columns_of(Case)} from marts.mart_cases order by member_name, city_name, case_name")


def case_figures(connection: duckdb.DuckDBPyConnection) -> list[CaseFigure]:
    """Give each case's indicators with the oldest and the newest figure of its city, of the boundary, definition and kind of period with most figures."""
    return fetch(
        connection, CaseFigure,
        f"""with tied as (
                select l.case_id, c.city_code, c.member_code, i.indicator_code, i.indicator_name, i.unit_name, i.unit_code, i.decimals, i.direction_code
                from marts.mart_case_links as l
                inner join marts.mart_cases as c on l.case_id = c.case_id
                inner join marts.mart_indicators as i on l.linked_code = i.indicator_code
                where l.link_kind = 'indicator'
            ), counted as (
                select t.case_id, o.indicator_code, o.harmonised_value, o.period_label, o.period_type, o.period_end, o.boundary_code, o.has_city_boundary,
                    o.figure_definition_code, o.quality_code, o.source_address, o.submission_id, o.relative_error, o.standard_error, o.error_basis,
                    o.source_kind, o.source_kind_name,
                    count(*) over (partition by t.case_id, o.indicator_code, o.boundary_code, o.figure_definition_code, o.period_type) as n_figures
                from tied as t
                inner join marts.mart_observations as o on t.city_code = o.city_code and t.indicator_code = o.indicator_code
                where o.harmonised_value is not null
            ), figures as (
                select * from counted
                qualify rank() over (
                    partition by case_id, indicator_code
                    order by n_figures desc, has_city_boundary desc, (figure_definition_code = 'not_declared'), figure_definition_code,
                        boundary_code, period_type
                ) = 1
            ), ends as (
                select case_id, indicator_code, any_value(n_figures) as n_figures, arg_min(harmonised_value, period_end) as first_value,
                    arg_min(period_label, period_end) as first_label, arg_max(harmonised_value, period_end) as last_value,
                    arg_max(period_label, period_end) as last_label, any_value(boundary_code) as boundary_code,
                    arg_max(quality_code, period_end) as quality_code, arg_max(source_address, period_end) as source_address,
                    arg_max(submission_id, period_end) as submission_id, arg_max(relative_error, period_end) as relative_error,
                    arg_max(standard_error, period_end) as standard_error, arg_max(error_basis, period_end) as error_basis,
                    arg_max(source_kind, period_end) as source_kind, arg_max(source_kind_name, period_end) as source_kind_name
                from figures group by case_id, indicator_code
            ), members as (
                select c.member_code, o.indicator_code, count(distinct o.city_code) as n_cities_of_member
                from marts.mart_observations as o inner join marts.mart_cities as c on o.city_code = c.city_code
                where o.harmonised_value is not null group by c.member_code, o.indicator_code
            )
            select {columns_of(CaseFigure)} from (
                select t.*, coalesce(e.n_figures, 0) as n_figures, e.first_value, e.first_label, e.last_value, e.last_label, e.boundary_code,
                    e.quality_code, e.source_address, e.submission_id, e.relative_error, e.standard_error, e.error_basis, e.source_kind,
                    e.source_kind_name, coalesce(m.n_cities_of_member, 0) as n_cities_of_member
                from tied as t
                left join ends as e on t.case_id = e.case_id and t.indicator_code = e.indicator_code
                left join members as m on t.member_code = m.member_code and t.indicator_code = m.indicator_code
            ) order by case_id, indicator_name""",
    )  # fmt: skip


def case_goals(connection: duckdb.DuckDBPyConnection) -> list[CaseGoal]:
    """Give the goal sets that cases are tied to."""
    return fetch(connection, CaseGoal, f"select {columns_of(CaseGoal)} from marts.mart_case_links where link_kind = 'goal_set' order by case_id, linked_code")


def case_requests(connection: duckdb.DuckDBPyConnection) -> list[CaseRequest]:
    """Give what the forum asks members to tell, those not told first."""
    return fetch(
        connection, CaseRequest, f"select {columns_of(CaseRequest)} from marts.mart_case_requests order by n_cases_told > 0, request_code, indicator_name"
    )
