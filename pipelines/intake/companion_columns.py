"""Columns that stand beside the figures they speak of: ``Source 2015`` belongs to the figures of 2015 and no others.

Belongs here: which column of a role belongs to which figure. Does not belong here: reading headers (headers) or cells (rows).
"""

from collections.abc import Callable

from pipelines.domain.observations import ReportedObservation
from pipelines.domain.source_fields import COMPANION_ROLES, PART_ROLES
from pipelines.domain.texts import column_letters
from pipelines.intake.found_tables import Table
from pipelines.intake.headers import Column

Roles = dict[str, Column]
PeriodParts = tuple[object, ...]


def is_companion(column: Column) -> bool:
    """Whether a column of remarks or parts names a period, a city or an indicator of its own."""
    by_indicator = column.indicator is not None and column.role not in PART_ROLES
    return column.role in COMPANION_ROLES and (by_indicator or column.period is not None or column.city is not None)


class Companions:
    """The columns of a table by role, figure by figure."""

    def __init__(self, table: Table, period_of: Callable[[Column], PeriodParts]) -> None:
        """Args: period_of: reads the period that a column's header names, as ``period_parts`` of a figure spells it."""
        self.table = table
        self.named = [(c, period_of(c) if c.period else None) for c in table.columns if is_companion(c)]
        self.plain: Roles = {c.role: c for c in reversed(table.columns) if not is_companion(c)}
        self.known: dict[tuple[object, ...], Roles] = {}
        self.used: set[int] = set()

    def of(self, one: ReportedObservation) -> Roles:
        """Give the columns that speak of a figure; the one that names most of it stands before a plain one."""
        if not self.named:
            return self.plain
        key = (one.city_code, one.indicator_code, *period_parts(one))
        if key not in self.known:
            self.known[key] = self._find(one)
        return self.known[key]

    def _find(self, one: ReportedObservation) -> Roles:
        fitting = [c for c, period in self.named if _fits(c, period, one)]
        self.used |= {c.number for c in fitting}
        by_weight = sorted(fitting, key=lambda c: (_weight(c), -c.number))
        return self.plain | {c.role: c for c in by_weight}

    def unused(self) -> list[str]:
        """Say which columns belong to no figure of the table, though something stands in them."""
        return [
            f"{column_letters(c.number)}{c.row}: column {c.written!r} belongs to no figure of this table and was left out"
            for c, _ in self.named
            if c.number not in self.used and any(self.table.text(r, c.number) for r in self.table.data_rows)
        ]


def period_parts(one: ReportedObservation) -> PeriodParts:
    """Give a figure's period as its parts in the calendar as written."""
    return one.period_calendar, one.period_year, one.period_month, one.period_day, one.period_months


def _fits(column: Column, period: PeriodParts | None, one: ReportedObservation) -> bool:
    if column.city is not None and column.city.target != one.city_code:
        return False
    if column.indicator is not None and column.role not in PART_ROLES and column.indicator.target != one.indicator_code:
        return False
    return period is None or period == period_parts(one)


def _weight(column: Column) -> int:
    return sum(part is not None for part in (column.city, column.indicator, column.period))
