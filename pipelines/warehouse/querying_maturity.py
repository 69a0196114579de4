"""Questions about maturity: schemes, assessments, areas, and the outcomes looked at beside them.

Belongs here: SQL over the maturity marts, each answer as frozen rows. Does not belong here: any computation of a number.
"""

import datetime
from dataclasses import dataclass

import duckdb

from pipelines.warehouse.querying import columns_of, fetch
from pipelines.warehouse.querying_kinds import newest_beside_each_other


@dataclass(frozen=True, slots=True)
class Scheme:
    """One row of ``mart_maturity_schemes``."""

    scheme_code: str
    scheme_name: str
    scheme_edition: str
    n_levels: int
    award_level: float | None
    award_rule: str | None
    validity_years: int | None
    scheme_source: str
    scheme_confidence: str


@dataclass(frozen=True, slots=True)
class SchemeItem:
    """One row of ``mart_maturity_items``."""

    scheme_code: str
    item_code: str
    item_kind: str
    item_group: str | None
    item_principle: str | None
    item_name: str
    item_name_ko: str | None
    item_text: str | None
    level1_text: str | None
    level2_text: str | None
    level3_text: str | None
    level4_text: str | None
    level5_text: str | None
    item_confidence: str
    item_source: str


@dataclass(frozen=True, slots=True)
class Assessment:
    """One row of ``mart_assessments`` with the city's name."""

    city_code: str
    city_name: str
    member_name: str
    scheme_code: str
    assessed_from: datetime.date
    track_code: str
    assessed_label: str
    overall_level: float | None
    mean_level: float | None
    n_areas_assessed: int
    n_areas_known: int
    n_areas_at_5: int | None
    n_areas_at_4: int | None
    lowest_mean: float | None
    highest_mean: float | None
    previous_level: float | None
    previous_label: str | None
    is_awarded: bool | None
    award_until: datetime.date | None
    change_reason: str | None
    source_note: str | None
    source_address: str
    submission_id: str


@dataclass(frozen=True, slots=True)
class AssessedArea:
    """One row of ``mart_assessed_items`` that is an area."""

    city_code: str
    scheme_code: str
    assessed_label: str
    track_code: str
    item_code: str
    item_name: str
    level_value: float
    target_level: float | None
    level_target_year: int | None
    action_text: str | None
    evidence_text: str | None
    evidence_owner: str | None
    evidence_until: datetime.date | None
    source_note: str | None
    source_file_name: str
    source_address: str


@dataclass(frozen=True, slots=True)
class TrackAgreement:
    """How far two tracks agree on one city."""

    city_code: str
    first_track: str
    second_track: str
    n_areas_both: int
    share_equal: float | None
    mean_gap: float | None
    kappa: float | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """A city's latest level beside its latest figure of an indicator that an area may be looked at with; the area's own level where it was published."""

    city_code: str
    city_name: str
    member_code: str
    item_code: str
    item_name: str
    indicator_code: str
    indicator_name: str
    direction_code: str
    unit_name: str
    decimals: int
    outcome_reason: str
    area_level: float | None
    overall_level: float
    lowest_mean: float | None
    highest_mean: float | None
    assessed_label: str
    harmonised_value: float
    period_label: str
    boundary_code: str
    definition_grade: str
    definition_name: str | None


def schemes(connection: duckdb.DuckDBPyConnection) -> list[Scheme]:
    """Give all maturity schemes, those with assessments first."""
    return fetch(
        connection, Scheme,
        f"""select {columns_of(Scheme)} from marts.mart_maturity_schemes as s
            order by (select count(*) from marts.mart_assessments as a where a.scheme_code = s.scheme_code) desc, scheme_code""",
    )  # fmt: skip


def scheme_items(connection: duckdb.DuckDBPyConnection, scheme_code: str) -> list[SchemeItem]:
    """Give the parts of a scheme in its own order."""
    return fetch(
        connection, SchemeItem, f"select {columns_of(SchemeItem)} from marts.mart_maturity_items where scheme_code = ? order by item_code", scheme_code
    )


def assessments(connection: duckdb.DuckDBPyConnection, scheme_code: str) -> list[Assessment]:
    """Give every assessment by a scheme, by city and date."""
    return fetch(
        connection, Assessment,
        f"""select {columns_of(Assessment)} from (
                select a.*, c.city_name, c.member_name from marts.mart_assessments as a
                inner join marts.mart_cities as c on a.city_code = c.city_code
            ) where scheme_code = ? order by city_name, assessed_from, track_code""",
        scheme_code,
    )  # fmt: skip


def assessed_areas(connection: duckdb.DuckDBPyConnection, scheme_code: str, city_code: str) -> list[AssessedArea]:
    """Give every known level of a city's areas, by date and area."""
    return fetch(
        connection, AssessedArea,
        f"""select {columns_of(AssessedArea)} from marts.mart_assessed_items
            where item_kind = 'area' and scheme_code = ? and city_code = ? order by assessed_from, track_code, item_code""",
        scheme_code, city_code,
    )  # fmt: skip


def agreements(connection: duckdb.DuckDBPyConnection, scheme_code: str, city_code: str) -> list[TrackAgreement]:
    """Give how far the tracks agree on a city."""
    return fetch(
        connection, TrackAgreement,
        f"select {columns_of(TrackAgreement)} from marts.mart_agreements where scheme_code = ? and city_code = ? order by first_track, second_track",
        scheme_code, city_code,
    )  # fmt: skip


def maturity_outcomes(connection: duckdb.DuckDBPyConnection, scheme_code: str) -> list[Outcome]:
    """Give cities' latest verifier's level beside their latest figure of each linked indicator, that of the kind which most cities have."""
    linked = connection.execute("select distinct indicator_code from marts.mart_maturity_outcomes where scheme_code = ? order by 1", [scheme_code]).fetchall()
    chosen = [f.observation_id for f in newest_beside_each_other(connection, [str(code) for (code,) in linked])]
    return fetch(
        connection, Outcome,
        f"""with latest as (
                select * from marts.mart_assessments where scheme_code = ? and track_code = 'verifier' and overall_level is not null
                qualify row_number() over (partition by city_code order by assessed_from desc) = 1
            ), figures as (
                select * from marts.mart_observations where list_contains(?, observation_id)
            )
            select {columns_of(Outcome)} from (
                select l.city_code, f.city_name, f.member_code, o.item_code, i.item_name, o.indicator_code, f.indicator_name, f.direction_code,
                    f.unit_name, f.decimals, o.outcome_reason, a.level_value as area_level, l.overall_level, l.lowest_mean, l.highest_mean,
                    l.assessed_label, f.harmonised_value, f.period_label, f.boundary_code, f.definition_grade, f.definition_name
                from marts.mart_maturity_outcomes as o
                inner join marts.mart_maturity_items as i on o.scheme_code = i.scheme_code and o.item_code = i.item_code
                inner join latest as l on o.scheme_code = l.scheme_code
                inner join figures as f on l.city_code = f.city_code and o.indicator_code = f.indicator_code
                left join marts.mart_assessed_items as a
                    on l.city_code = a.city_code and l.scheme_code = a.scheme_code and l.assessed_from = a.assessed_from
                    and l.track_code = a.track_code and o.item_code = a.item_code and a.item_kind = 'area'
            ) order by indicator_name, item_code, city_name""",
        scheme_code, chosen,
    )  # fmt: skip
