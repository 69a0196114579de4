"""Questions about named indicator sets: what is in them, how far they are covered, and the definition cards.

Belongs here: SQL over the marts of sets and cards, each answer as frozen rows. Does not belong here: any computation of a number.
"""

import datetime
from dataclasses import dataclass, fields

import duckdb

from pipelines.warehouse.querying import columns_of, fetch
from pipelines.warehouse.querying_kinds import newest_beside_each_other


@dataclass(frozen=True, slots=True)
class SetItem:
    """One row of ``mart_set_items`` with the indicator's name and unit."""

    set_code: str
    set_version: str
    set_name: str
    set_name_ko: str
    set_purpose: str
    set_purpose_ko: str
    set_adopter: str
    set_source: str
    set_confidence: str
    set_position: int
    topic_name: str
    topic_name_ko: str
    set_reason: str
    indicator_code: str
    indicator_name: str
    unit_name: str
    direction_code: str
    definition_confidence: str
    n_cities_with_value: int
    n_members_with_value: int
    first_year_with_value: int | None
    last_year_with_value: int | None


@dataclass(frozen=True, slots=True)
class Card:
    """One row of ``mart_cards``."""

    indicator_code: str
    language_code: str
    card_title: str
    card_meaning: str
    card_formula: str
    card_caution: str
    card_source: str


@dataclass(frozen=True, slots=True)
class SetFigure:
    """A city's newest figure of an indicator of the set, of the boundary and definition that compare with most cities."""

    city_code: str
    city_name: str
    member_code: str
    member_name: str
    indicator_code: str
    harmonised_value: float
    unit_name: str
    decimals: int
    period_label: str
    period_end: datetime.date
    boundary_code: str
    has_city_boundary: bool
    definition_grade: str
    definition_name: str | None
    quality_code: str
    source_address: str
    unit_code: str
    relative_error: float | None
    standard_error: float | None
    error_basis: str | None
    source_kind: str
    source_kind_name: str


def set_items(connection: duckdb.DuckDBPyConnection) -> list[SetItem]:
    """Give the indicators of every named set, in the set's order."""
    return fetch(
        connection, SetItem,
        f"""select {columns_of(SetItem)} from (
                select s.*, i.indicator_name, i.unit_name, i.direction_code, i.definition_confidence
                from marts.mart_set_items as s inner join marts.mart_indicators as i on s.indicator_code = i.indicator_code
            ) order by set_code, set_position""",
    )  # fmt: skip


def cards(connection: duckdb.DuckDBPyConnection, indicator_code: str) -> list[Card]:
    """Give an indicator's definition card in each language it is written in, English first."""
    return fetch(
        connection,
        Card,
        f"select {columns_of(Card)} from marts.mart_cards where indicator_code = ? order by language_code <> 'en', language_code",
        indicator_code,
    )


def set_figures(connection: duckdb.DuckDBPyConnection, set_code: str) -> list[SetFigure]:
    """Give each city's newest figure of each indicator of a set, by city: where it has several, the one that compares with most cities."""
    codes = [i.indicator_code for i in set_items(connection) if i.set_code == set_code]
    figures = newest_beside_each_other(connection, codes)
    names = [f.name for f in fields(SetFigure)]
    return [SetFigure(*(getattr(f, name) for name in names)) for f in sorted(figures, key=lambda f: (f.city_name, f.city_code, f.indicator_code))]
