"""Questions about what was made of figures after they were sent: revisions, corrections, calendar years put together, money on other bases.

Belongs here: SQL over those marts, each answer as frozen rows. Does not belong here: any computation of a number.
"""

import datetime
from dataclasses import dataclass

import duckdb

from pipelines.warehouse.querying import columns_of, fetch

DECIMALS = "(select indicator_code, decimals from marts.mart_indicators)"


@dataclass(frozen=True, slots=True)
class Revision:
    """One row of ``mart_revisions``: one time that a figure was sent which was sent more than once, and why it stands or does not."""

    city_name: str
    indicator_name: str
    period_label: str
    revision_number: int
    n_revisions: int
    harmonised_value: float | None
    relative_revision: float | None
    decimals: int
    unit_code: str
    status_code: str
    boundary_code: str | None
    figure_definition_code: str
    source_note: str | None
    source_address: str
    revision_state: str
    source_file_name: str
    submission_id: str


@dataclass(frozen=True, slots=True)
class Reliability:
    """How a city's figures moved when it sent them again, over all figures sent more than once."""

    n_changes: int
    mean_size: float
    mean_change: float
    largest: float


@dataclass(frozen=True, slots=True)
class Correction:
    """One row of ``mart_corrections``."""

    correction_code: str
    city_name: str
    indicator_name: str
    correction_boundary_code: str | None
    correction_definition_code: str | None
    period_start: datetime.date
    period_end: datetime.date
    correction_action: str
    expected_value: float
    corrected_value: float | None
    correction_reason: str
    correction_author: str
    corrected_on: datetime.date
    correction_source: str


@dataclass(frozen=True, slots=True)
class AlignedYear:
    """One row of ``mart_aligned``: a calendar year made of months of fiscal years."""

    city_code: str
    city_name: str
    member_code: str
    member_name: str
    indicator_code: str
    indicator_name: str
    calendar_year: int
    aligned_value: float
    decimals: int
    unit_code: str
    boundary_code: str
    series_definition_code: str
    n_parts: int
    aligned_parts: str


@dataclass(frozen=True, slots=True)
class MoneyFigure:
    """One row of ``mart_money``: a figure in national currency on one basis, with what the figure covers and counts."""

    observation_id: str
    city_code: str
    city_name: str
    member_code: str
    member_name: str
    indicator_code: str
    period_label: str
    harmonised_value: float
    decimals: int
    money_basis: str
    money_value: float | None
    money_unit: str
    money_reason: str | None
    rate_value: float | None
    rate_source: str | None
    rate_vintage: str | None
    boundary_code: str = ""
    definition_grade: str = "single"
    definition_name: str | None = None


def revisions(connection: duckdb.DuckDBPyConnection, city_code: str) -> list[Revision]:
    """Give every time that a city's figures were sent which were sent more than once, each figure's in order."""
    return fetch(
        connection, Revision,
        f"select {columns_of(Revision)} from marts.mart_revisions inner join {DECIMALS} using (indicator_code) where city_code = ? "
        "order by indicator_name, period_start, period_end, boundary_code, figure_definition_code, revision_number",
        city_code,
    )  # fmt: skip


def reliability(connection: duckdb.DuckDBPyConnection, city_code: str) -> list[Reliability]:
    """Give the mean absolute, the mean and the largest relative change of a city's revised figures; nothing when none was."""
    return fetch(
        connection, Reliability,
        """select count(*), avg(abs(relative_revision)), avg(relative_revision), max(abs(relative_revision)) from marts.mart_revisions
            where city_code = ? and relative_revision is not null having count(*) > 0""",
        city_code,
    )  # fmt: skip


def corrections(connection: duckdb.DuckDBPyConnection) -> list[Correction]:
    """Give every decided correction."""
    return fetch(connection, Correction, f"select {columns_of(Correction)} from marts.mart_corrections order by corrected_on, correction_code")


def aligned_years(connection: duckdb.DuckDBPyConnection, indicator_code: str) -> list[AlignedYear]:
    """Give the calendar years put together for an indicator, newest first."""
    return fetch(
        connection, AlignedYear,
        f"select {columns_of(AlignedYear)} from marts.mart_aligned inner join {DECIMALS} using (indicator_code) "
        "inner join (select city_code, member_code from marts.mart_cities) using (city_code) where indicator_code = ? "
        "order by city_name, calendar_year desc, boundary_code, series_definition_code",
        indicator_code,
    )  # fmt: skip


def money(connection: duckdb.DuckDBPyConnection, indicator_code: str) -> list[MoneyFigure]:
    """Give the figures of an indicator in national currency on each basis."""
    return fetch(
        connection, MoneyFigure,
        f"""select {columns_of(MoneyFigure)} from (
                select m.*, o.member_code, o.decimals, o.boundary_code, o.definition_grade, o.definition_name, o.figure_definition_code
                from marts.mart_money as m inner join marts.mart_observations as o on m.observation_id = o.observation_id
                where m.indicator_code = ?
            ) order by city_name, period_label desc, boundary_code, figure_definition_code, money_basis""",
        indicator_code,
    )  # fmt: skip
