"""Questions where a city may have several figures of one indicator: by other boundaries, by other definitions.

Belongs here: the newest figure of each kind, and the one of each city that stands beside other cities' by the rule of ``comparability``.
Does not belong here: any computation of a number, any rule of its own.
"""

from collections.abc import Sequence

import duckdb

from pipelines.domain.comparability import Candidate, Traits, by_kind, one_of_each_place
from pipelines.warehouse.querying import Figure, columns_of, fetch

# A value goes before a reason for none; the latest period before earlier ones; a whole year before a part of it.
NEWEST = "(harmonised_value is null), period_year desc, (period_end - period_start) desc, period_end desc"


def traits_of(figure: Figure) -> Traits:
    """Give what decides whether a figure compares with others."""
    return Traits(
        figure.harmonised_definition_code, figure.definition_grade, figure.boundary_code, figure.denominator_definition_code,
        figure.period_start, figure.period_end, figure.quality_code, figure.member_code if figure.unit_code.startswith("LCU") else None,
    )  # fmt: skip


def newest_of_each_kind(
    connection: duckdb.DuckDBPyConnection, *, indicator_code: str | None = None, city_code: str | None = None, year: int | None = None
) -> list[Figure]:
    """Give the newest figure of each city, indicator, boundary and definition, or that of one year.

    Returns:
        By member, city, indicator; then the newest first, and within a period in the fixed order of kinds.
    """
    figures = fetch(
        connection, Figure,
        f"""select {columns_of(Figure)} from marts.mart_observations
            where (? is null or indicator_code = ?) and (? is null or city_code = ?) and (? is null or period_year = ?)
            qualify row_number() over (partition by city_code, indicator_code, boundary_code, figure_definition_code order by {NEWEST}) = 1""",
        indicator_code, indicator_code, city_code, city_code, year, year,
    )  # fmt: skip
    return sorted(figures, key=_place_and_age)


def _place_and_age(figure: Figure) -> tuple[object, ...]:
    length = figure.period_end.toordinal() - figure.period_start.toordinal()
    age = (figure.harmonised_value is None, -figure.period_year, -length, -figure.period_end.toordinal())
    return (figure.member_name, figure.city_name, figure.city_code, figure.indicator_code, *age, *by_kind(traits_of(figure)), figure.figure_definition_code)


def one_of_each_city(figures: Sequence[Figure]) -> list[Figure]:
    """Take one figure of each city and indicator by the rule of ``comparability``; the order of cities stays."""
    of_indicator: dict[str, list[Figure]] = {}
    for figure in figures:
        of_indicator.setdefault(figure.indicator_code, []).append(figure)
    taken: set[str] = set()
    for listed in of_indicator.values():
        chosen = one_of_each_place([Candidate(f.city_code, traits_of(f), f.has_city_boundary, f.harmonised_value is not None) for f in listed])
        taken |= {listed[at].observation_id for at in chosen}
    return [f for f in figures if f.observation_id in taken]


def latest_figures(connection: duckdb.DuckDBPyConnection, indicator_code: str, *, year: int | None = None) -> list[Figure]:
    """Give one figure of each city for an indicator, its latest or that of one year: where it has several, the one that compares with most cities.

    Returns:
        One row per city, by member and city.
    """
    return one_of_each_city(newest_of_each_kind(connection, indicator_code=indicator_code, year=year))


def figures_beside(connection: duckdb.DuckDBPyConnection, indicator_code: str, *, year: int | None = None) -> list[Figure]:
    """Give the further figures with a value that ``latest_figures`` leaves out: other boundaries and definitions of the same city."""
    every = newest_of_each_kind(connection, indicator_code=indicator_code, year=year)
    taken = {f.observation_id for f in one_of_each_city(every)}
    return [f for f in every if f.observation_id not in taken and f.harmonised_value is not None]


def city_figures(connection: duckdb.DuckDBPyConnection, city_code: str) -> list[Figure]:
    """Give a city's latest figure of each indicator, boundary and definition, by theme and name; a reason for none only where there is no value."""
    every = newest_of_each_kind(connection, city_code=city_code)
    valued = {f.indicator_code for f in every if f.harmonised_value is not None}
    listed: list[Figure] = []
    for figure in every:
        if figure.harmonised_value is not None or (figure.indicator_code not in valued and figure.indicator_code not in {f.indicator_code for f in listed}):
            listed.append(figure)
    return sorted(listed, key=lambda f: (f.theme, f.indicator_name, f.indicator_code))


def newest_beside_each_other(connection: duckdb.DuckDBPyConnection, indicator_codes: Sequence[str]) -> list[Figure]:
    """Give one figure with a value of each city for each of some indicators, by the same rule."""
    figures = [f for code in dict.fromkeys(indicator_codes) for f in newest_of_each_kind(connection, indicator_code=code) if f.harmonised_value is not None]
    return one_of_each_city(figures)
