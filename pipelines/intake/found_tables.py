"""A table as it was found on a sheet.

Belongs here: where its header, columns, rows and surrounding lines stand. Does not belong here: finding it (layouts).
"""

from dataclasses import dataclass, field

from pipelines.intake.headers import Column
from pipelines.intake.reading.cells import Sheet

DIMENSIONS = ("city", "indicator", "period")


def says(column: Column, dimension: str) -> bool:
    """Whether a value column knows its city, indicator or period: by its header, or by a year column of its own."""
    return bool(getattr(column, dimension) or (dimension == "period" and column.own_period))


@dataclass(frozen=True, slots=True)
class Constant:
    """What a line above the table, or the sender's answer, says about the whole table; ``cell`` is empty for an answer."""

    written: str
    cell: str = ""


@dataclass(slots=True)
class Table:
    """A table found on a sheet; rows and columns are 1-based."""

    sheet: Sheet
    first_header_row: int
    header_row: int
    columns: list[Column]
    data_rows: list[int] = field(default_factory=list)
    total_rows: list[int] = field(default_factory=list)
    constants: dict[str, Constant] = field(default_factory=dict)
    repairs: list[str] = field(default_factory=list)

    @property
    def is_sdmx(self) -> bool:
        """Whether the columns are those of SDMX-CSV, whose numbers and periods are codes and no habit of a country."""
        return {"OBS_VALUE", "TIME_PERIOD"} <= {c.written for c in self.columns}

    def columns_of(self, role: str) -> list[Column]:
        """Columns of one role, left to right."""
        return [c for c in self.columns if c.role == role]

    def text(self, row: int, column: int) -> str:
        """The written text of a cell, empty when blank."""
        line = self.sheet.grid[row - 1]
        cell = line[column - 1] if column <= len(line) else None
        return "" if cell is None else cell[1:].strip()

    def kind(self, row: int, column: int) -> str:
        """The kind letter of a cell, empty when blank."""
        line = self.sheet.grid[row - 1]
        cell = line[column - 1] if column <= len(line) else None
        return "" if cell is None else cell[0]
