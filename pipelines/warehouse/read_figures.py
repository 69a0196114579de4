"""Every figure of a checked file as it was read: what stood in the cell, and what the check made of it.

Belongs here: one row a value cell, known or not. Does not belong here: rules (rule_running), what sending would change (previewing).
"""

import dataclasses
import datetime
from collections.abc import Sequence, Set
from dataclasses import dataclass

import duckdb

from pipelines.warehouse.rule_running import CHECKABLE


@dataclass(frozen=True, slots=True)
class ReadFigure:
    """One figure as read; ``None`` stands for what the file does not say or the check still asks.

    Attributes:
        address: cell of the value, ``Sheet!B7`` or ``B7`` in a text file.
        value_written: as the cell says it; reported_value: the number the sender means, in reported_unit_code.
        harmonised_value: in unit_code, the indicator's own unit.
        boundary_code: what the figure covers; the city's own boundary where the file says nothing.
        state: ``read``, or ``asked`` while a blocker stands at the figure's own cell: such a figure has no value yet.
    """

    address: str
    city_code: str | None
    indicator_code: str | None
    period_start: datetime.date | None
    period_end: datetime.date | None
    value_written: str | None
    reported_value: float | None
    reported_unit_code: str | None
    harmonised_value: float | None
    unit_code: str | None
    boundary_code: str | None
    definition_code: str | None
    status_code: str
    state: str = "read"


FIGURE_FIELDS = tuple(f.name for f in dataclasses.fields(ReadFigure))


def figures_as_read(connection: duckdb.DuckDBPyConnection) -> list[ReadFigure]:
    """Give every figure of the submission in the connection, in reading order."""
    rows = connection.execute(
        "select case when read.source_sheet = '' then '' else read.source_sheet || '!' end || read.source_column || read.source_row, "
        "read.city_code, coalesce(read.harmonised_indicator_code, read.indicator_code), read.period_start, read.period_end, "
        "read.value_written, read.reported_value, read.unit_code, coalesce(read.harmonised_value, read.derived_value), "
        "read.indicator_unit_code, coalesce(read.boundary_code, cities.city_boundary_code), read.definition_code, read.status_code "
        f"from {CHECKABLE} as read left join staging.stg_registry__cities as cities on read.city_code = cities.city_code "
        "order by read.source_sheet, read.source_row, length(read.source_column), read.source_column"
    ).fetchall()
    return [ReadFigure(*row) for row in rows]


def unsettled(figures: Sequence[ReadFigure], asked: Set[str]) -> list[ReadFigure]:
    """Take the value off each figure whose own cell a blocker asks about, so that nothing undecided is shown as read.

    Args:
        asked: places of all blockers.
    """
    return [dataclasses.replace(f, reported_value=None, harmonised_value=None, state="asked") if f.address in asked else f for f in figures]
