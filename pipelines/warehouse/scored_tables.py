"""What the methods read from the core and what they leave for dbt: schema ``scored``.

Belongs here: those tables as columns. Does not belong here: any formula.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from pipelines.warehouse.connecting import open_warehouse
from pipelines.warehouse.loading import load_table

Columns = dict[str, Any]
TEXT, NUMBER = pa.string(), pa.float64()
TEXT_COLUMNS = frozenset(
    ("series_id", "goal_set_code", "rule_code", "verdict_code", "verdict_reason", "sdr_colour", "standing_reason", "city_code", "scheme_code", "first_track",
     "second_track")
)  # fmt: skip
POINTS = "series_id, city_code, member_code, indicator_code, period_year, harmonised_value"
TOUCHED = "city_code in (select city_code from core.dim_touched_cities)"
TARGETS = (
    "goal_set_code, indicator_code, goal_member_code, goal_city_code, direction_code, target_level, optimum_level, share_of_base, green_level, red_level, "
    "worst_level, band_low, band_high, base_year, target_year"
)


def _columns(connection: Any, sql: str) -> Columns:
    """Numbers as float arrays with ``nan`` for null, everything else as lists."""
    table = connection.sql(sql).to_arrow_table()
    found: Columns = {}
    for name in table.column_names:
        column = table[name]
        if pa.types.is_string(column.type):
            found[name] = column.to_pylist()
        else:
            found[name] = column.cast(NUMBER).to_numpy().astype(np.float64)
    return found


def read_core(warehouse: Path) -> tuple[Columns, Columns, Columns, Columns]:
    """Read the points of touched cities, targets, level cut-offs and indicators from the core, each in a fixed order."""
    with open_warehouse(warehouse, read_only=True) as connection:
        points = _columns(connection, f"select {POINTS} from core.fct_series where {TOUCHED} order by series_id, period_year")
        targets = _columns(connection, f"select {TARGETS} from core.dim_targets order by goal_set_code, indicator_code")
        levels = _columns(
            connection,
            "select g.goal_set_code, g.indicator_code, g.goal_member_code, g.goal_city_code, g.goal_level, i.direction_code from core.dim_goals as g "
            "inner join core.dim_indicators as i on g.indicator_code = i.indicator_code where g.goal_kind = 'level' "
            "order by g.goal_set_code, g.indicator_code, case when i.direction_code = 'lower_better' then -g.goal_level else g.goal_level end",
        )
        indicators = _columns(connection, "select indicator_code, direction_code, valid_min, valid_max from core.dim_indicators order by indicator_code")
    return points, targets, levels, indicators


def read_reference_year(warehouse: Path) -> float:
    """Read the year that trends of the edition are judged from."""
    with open_warehouse(warehouse, read_only=True) as connection:
        [(year,)] = connection.execute("select max(cast(reference_year as integer)) from registry.editions").fetchall()
    return float(year)


def read_levels(warehouse: Path) -> Columns:
    """Read the levels of areas in the latest cycle of each city, scheme and track, and the scheme's number of levels, in a fixed order."""
    with open_warehouse(warehouse, read_only=True) as connection:
        return _columns(
            connection,
            "select i.city_code, i.scheme_code, i.track_code, i.item_code, i.level_value, s.n_levels from core.fct_assessed_items as i "
            "inner join core.dim_maturity_schemes as s on i.scheme_code = s.scheme_code where i.item_kind = 'area' "
            "qualify i.assessed_from = max(i.assessed_from) over (partition by i.city_code, i.scheme_code, i.track_code) "
            "order by i.city_code, i.scheme_code, i.track_code, i.item_code",
        )


def _array(column: Any, *, is_text: bool) -> pa.Array:
    """Texts with empty as null, numbers with ``nan`` as null; an empty column has its own type too."""
    values = np.asarray(column)
    if is_text:
        return pa.array([str(v) if v else None for v in values], TEXT)
    return pa.array(values.astype(np.float64), NUMBER, mask=~np.isfinite(values.astype(np.float64)))


def write_scored(warehouse: Path, tables: Mapping[str, Columns], *, text_columns: frozenset[str] = TEXT_COLUMNS) -> None:
    """Replace tables of schema ``scored``; columns that are not named as texts are numbers."""
    with open_warehouse(warehouse) as connection:
        for name, columns in tables.items():
            load_table(connection, "scored", name, pa.table({key: _array(column, is_text=key in text_columns) for key, column in columns.items()}))
