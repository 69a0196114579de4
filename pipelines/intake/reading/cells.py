"""Cells as they leave the child: a grid of written texts with their kind, and what was odd.

Belongs here: the neutral form and its JSON. Does not belong here: meaning.

A cell is ``None`` or a text whose first letter is its kind: ``s`` text, ``n`` number, ``p`` number shown
in per cent (already times 100), ``d`` date as shown (``2020-12-31``, ``2020-12``, ``2020``, ``令和2年``), ``D`` day
that its format names in words, ``y`` date whose year is shown with two digits, ``b`` truth value, ``q`` a cell that
means one thing as stored and another as shown, or no finite number, until a person decides.
"""

import json
import math
from dataclasses import astuple, dataclass, field

from pipelines.domain.errors import UnreadableFileError
from pipelines.domain.spreadsheet_texts import as_meant
from pipelines.domain.templates import CSV_MARK
from pipelines.domain.texts import cell_address

# What a cell of a spreadsheet holds at most, in characters; a text file may hold no more in one cell.
MAX_CELL = 32_767
# Titles, headers and notes that may stand beside the rows of figures.
ROWS_BESIDE = 1_000
Grid = list[list[str | None]]


def plain_number(value: float) -> str:
    """Write a number cell: whole numbers without a point, others so that they read back the same; what is no finite number is asked."""
    if not math.isfinite(value):
        return f"q{value}"
    return "n" + (str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(float(value)))


@dataclass(frozen=True, slots=True)
class OddCell:
    """A cell that stores one thing and shows another; 1-based place, cause, both as texts of a grid, and the format.

    Causes: ``scale`` shown divided by thousands, ``digits`` shown with more digits, ``sign`` shown with another sign,
    ``mark`` shown as words or as nothing, ``year`` a year shown as a day, ``hidden`` not to be seen at all.
    """

    row: int
    column: int
    cause: str
    stored: str
    shown: str
    form: str


@dataclass(slots=True)
class Sheet:
    """One sheet: its name, its grid from A1, its merged ranges (1-based, inclusive), and its odd cells."""

    name: str
    grid: Grid
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    odd: list[OddCell] = field(default_factory=list)


@dataclass(slots=True)
class ReadFile:
    """What the child hands back; troubles are ``(rule_id, found, sheet, row, column letters)``."""

    sheets: list[Sheet] = field(default_factory=list)
    troubles: list[tuple[str, str, str, int | None, str]] = field(default_factory=list)
    repairs: list[str] = field(default_factory=list)
    encoding: str = ""
    delimiter: str = ""

    def to_json(self) -> str:
        """Write as JSON, the child's only output."""
        sheets = [[s.name, s.grid, s.merged, [astuple(o) for o in s.odd]] for s in self.sheets]
        return json.dumps([sheets, self.troubles, self.repairs, self.encoding, self.delimiter], ensure_ascii=False)

    @staticmethod
    def from_json(text: str) -> "ReadFile":
        """Read the child's output back."""
        sheets, troubles, repairs, encoding, delimiter = json.loads(text)
        return ReadFile(
            [Sheet(name, grid, [(a, b, c, d) for a, b, c, d in merged], [OddCell(*o) for o in odd]) for name, grid, merged, odd in sheets],
            [(a, b, c, d, e) for a, b, c, d, e in troubles],
            list(repairs),
            encoding,
            delimiter,
        )


def refuse_beyond_limits(read: ReadFile, *, max_rows: int) -> None:
    """Refuse a file of more filled rows than the contract allows, or with a cell that no spreadsheet could hold; the identity of a template may be longer.

    Raises:
        UnreadableFileError: with the limit, and the first such cell.
    """
    if (n_rows := sum(any(row) for sheet in read.sheets for row in sheet.grid)) > max_rows + ROWS_BESIDE:
        raise UnreadableFileError("file_is_readable", f"{n_rows} filled rows; at most {max_rows} figures are taken in one file, split it")
    for sheet in read.sheets:
        for number, row in enumerate(sheet.grid, 1):
            for column, cell in enumerate(row, 1):
                if cell is not None and len(cell) > MAX_CELL + 1 and not cell.startswith(f"s{CSV_MARK}"):
                    found = f"a cell of {len(cell) - 1} characters; at most {MAX_CELL} are read"
                    raise UnreadableFileError("file_is_readable", found, sheet=sheet.name, cell=cell_address(number, column))


def take_off_text_marks(read: ReadFile) -> None:
    """Take off the apostrophe that our own files, and spreadsheets, put before a text that must not become a formula."""
    for sheet in read.sheets:
        for row in sheet.grid:
            for column, cell in enumerate(row):
                if cell is not None and cell.startswith("s'"):
                    row[column] = f"s{as_meant(cell[1:])}"
