"""What an index is computed from: figures of the core with everything that decides whether they compare.

Belongs here: that question to the core. Does not belong here: choosing among the figures (editions).
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.warehouse.connecting import open_warehouse
from pipelines.warehouse.querying import columns_of, fetch


@dataclass(frozen=True, slots=True)
class IndexPoint:
    """One figure of a city and indicator; whole years first, as in the series.

    ``relative_error`` is its standard deviation as a share of itself, of a share of itself or its rest, whichever is smaller; figures with one
    ``shared_error_key`` have part of it in common.
    """

    city_code: str
    member_code: str
    indicator_code: str
    observation_id: str
    harmonised_value: float
    unit_code: str
    period_year: int
    period_start: datetime.date
    period_end: datetime.date
    boundary_code: str
    has_city_boundary: bool
    definition: str | None
    definition_grade: str
    denominator: str | None
    quality_code: str
    relative_error: float
    shared_error_key: str | None


def index_points(warehouse: Path, indicator_codes: Sequence[str], *, first_year: int, last_year: int) -> list[IndexPoint]:
    """Give the figures of some indicators between two years, in a fixed order: city, indicator, own boundary first, newest first, declared first."""
    marks = ", ".join("?" for _ in indicator_codes)
    with open_warehouse(warehouse, read_only=True) as connection:
        return fetch(
            connection, IndexPoint,
            f"""select {columns_of(IndexPoint)} from (
                    select s.city_code, s.member_code, s.indicator_code, s.observation_id, s.harmonised_value, s.unit_code, s.period_year, o.period_start,
                        o.period_end, s.boundary_code, s.boundary_code = c.city_boundary_code as has_city_boundary, o.harmonised_definition_code as definition,
                        o.definition_grade, o.denominator_definition_code as denominator, o.quality_code,
                        o.relative_error, o.shared_error_key
                    from core.fct_series as s
                    inner join core.fct_observations as o on s.observation_id = o.observation_id
                    inner join core.dim_cities as c on s.city_code = c.city_code
                    where s.indicator_code in ({marks}) and s.period_year between ? and ?
                ) order by city_code, indicator_code, has_city_boundary desc, period_year desc, period_end desc, (definition_grade = 'not_declared'),
                    definition, denominator, observation_id""",
            *indicator_codes, first_year, last_year,
        )  # fmt: skip
