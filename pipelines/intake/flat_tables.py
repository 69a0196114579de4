"""Files of one header row and one record a row, under a contract that its headers tell.

Belongs here: finding the header row and walking the rows. Does not belong here: what a record is made of (assessments, cases).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from pipelines.domain.observations import ReadingTrouble
from pipelines.domain.texts import cell_address, column_letters, fold
from pipelines.intake.reading.cells import ReadFile, Sheet

HEADER_ROWS = 30
Record = TypeVar("Record")


@dataclass(frozen=True, slots=True)
class FlatShape:
    """Roles whose columns tell the contract, roles that a file needs, and roles of which a row fills one or says nothing."""

    telling: frozenset[str]
    needed: tuple[str, ...]
    saying: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FlatRow:
    """One filled row: the text of each role and where it stands."""

    sheet: str
    number: int
    cells: dict[str, str]
    column_of: dict[str, int]

    def text(self, role: str) -> str | None:
        """The text of a role; ``None`` when empty or not there."""
        return self.cells.get(role) or None

    def at(self, role: str) -> str | None:
        """The cell of a role; ``None`` when there is no such column."""
        return cell_address(self.number, self.column_of[role]) if role in self.column_of else None


def find_header(sheet: Sheet, headers: dict[str, str], shape: FlatShape) -> tuple[int, dict[int, str], list[str]] | None:
    """Find the header row: 1-based row, column to role, and the words it has that no role knows; ``None`` when there is none."""
    for number, row in enumerate(sheet.grid[:HEADER_ROWS], 1):
        words = {column: cell[1:] for column, cell in enumerate(row, 1) if cell}
        roles = {column: headers[fold(word)] for column, word in words.items() if fold(word) in headers}
        if set(roles.values()) >= shape.telling:
            return number, roles, [f"{cell_address(number, c)}: {w}" for c, w in words.items() if c not in roles]
    return None


def has_header(read: ReadFile, headers: dict[str, str], shape: FlatShape) -> bool:
    """Whether a sheet of the file has a header row of this shape."""
    return any(find_header(sheet, headers, shape) for sheet in read.sheets)


def report_rows(
    read: ReadFile, headers: dict[str, str], shape: FlatShape, make: Callable[[FlatRow], Record]
) -> tuple[list[Record], list[ReadingTrouble], list[str]]:
    """Read every row of every sheet that has a header row.

    Args:
        headers: folded header to role.
        make: one filled row to one record.

    Returns:
        One record per filled row, in reading order; what is wrong with the tables; what was left out, in words.
    """
    records: list[Record] = []
    left_out: list[int] = []
    troubles = [ReadingTrouble(*t) for t in read.troubles]
    for sheet in read.sheets:
        found = find_header(sheet, headers, shape)
        if found is None:
            continue
        first, roles, unknown = found
        troubles += [
            ReadingTrouble("headers_are_known", word.partition(": ")[2], sheet.name, first, word.partition(":")[0].rstrip("0123456789")) for word in unknown
        ]
        if missing := [role for role in shape.needed if role not in roles.values()]:
            troubles.append(ReadingTrouble("table_is_recognised", f"no column for {', '.join(missing)}", sheet.name, first, ""))
            continue
        column_of = {role: column for column, role in reversed(roles.items())}
        troubles += [
            ReadingTrouble(
                "cells_are_sound", f"{o.stored[1:]} stored, {o.shown[1:]!r} shown by the format {o.form}", sheet.name, o.row, column_letters(o.column)
            )
            for o in sheet.odd
            if o.column in column_of.values() and o.row > first
        ]
        for number, row in enumerate(sheet.grid[first:], first + 1):
            cells = {role: _text(row, column) for role, column in column_of.items()}
            if not any(cells.values()):
                continue
            if not any(cells.get(role) for role in shape.saying):
                left_out.append(number)
            else:
                records.append(make(FlatRow(sheet.name, number, cells, column_of)))
    if not records and not troubles:
        troubles.append(ReadingTrouble("table_is_recognised", "no filled row under the header"))
    shown = ", ".join(map(str, left_out[:5])) + (" …" if len(left_out) > 5 else "")
    words = ", ".join(role.replace("_", " ") for role in shape.saying)
    return records, troubles, [f"{len(left_out)} rows without any of {words} left out: {shown}"] if left_out else []


def _text(row: list[str | None], column: int) -> str:
    cell = row[column - 1] if column <= len(row) else None
    return cell[1:].strip() if cell else ""
