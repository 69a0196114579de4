"""Hold what a cell stores against what it shows, alike for every spreadsheet reader.

Belongs here: a stored number or text and its style to the text of the grid, and the cells that a person must decide.
Does not belong here: reading codes (number_formats, shown_dates) and deciding (intake).
"""

import datetime
import math

from pipelines.intake.reading.cell_styles import CellStyle
from pipelines.intake.reading.cells import OddCell, Sheet, plain_number
from pipelines.intake.reading.number_formats import show_number
from pipelines.intake.reading.shown_dates import is_year_number, show_date

EPOCH_1900 = datetime.datetime(1899, 12, 30)
EPOCH_1904 = datetime.datetime(1904, 1, 1)
LAST_SERIAL = 2_958_465


def serial_of(cell: object, epoch: datetime.datetime) -> float | None:
    """Give the number that a cell stores, be it read as a number or as a date already; ``None`` for anything else."""
    if isinstance(cell, bool):
        return None
    if isinstance(cell, int | float):
        return float(cell) if math.isfinite(cell) else None
    if isinstance(cell, datetime.datetime):
        return (cell - epoch) / datetime.timedelta(days=1)
    if isinstance(cell, datetime.date):
        return float((cell - epoch.date()).days)
    return None


def shown_number(number: float, style: CellStyle, epoch: datetime.datetime) -> tuple[str | None, list[tuple[str, str, str]]]:
    """Read a number through its format.

    Args:
        number: what is stored; finite.
        epoch: the day that serial numbers of the file count from.

    Returns:
        The text of the grid, ``None`` where the usual reading stands; and causes with what is stored and what is shown.
    """
    if (section := style.form.date) is not None:
        if not 0 < number <= LAST_SERIAL:
            return None, []
        written = show_date(epoch + datetime.timedelta(seconds=round(number * 86_400)), section)
        return written, [("year", plain_number(number), written)] if is_year_number(number) else []
    shown = show_number(number, style.form, spell=plain_number)
    if shown.is_percent:
        written = f"p{round(number * 100, 12):.12g}"
    elif shown.is_literal_percent:
        written = f"p{plain_number(number)[1:]}"
    else:
        written = plain_number(number)
    return written, [(shown.cause, written, shown.text)] if shown.cause else []


def show_in_grid(sheet: Sheet, row: int, column: int, style: CellStyle, serial: float | None, epoch: datetime.datetime) -> None:
    """Write into the grid what a cell of a special style shows, and note what a person must decide; 1-based."""
    line = sheet.grid[row - 1] if row <= len(sheet.grid) else []
    if column > len(line) or (stored := line[column - 1]) is None:
        return
    causes: list[tuple[str, str, str]] = []
    if serial is not None:
        written, causes = shown_number(serial, style, epoch)
        line[column - 1] = stored = written or stored
    elif style.form.hides_text:
        causes = [("hidden", stored, "")]
    if style.is_unseen and not any(cause == "hidden" for cause, _, _ in causes):
        causes = [("hidden", stored, ""), *causes]
    sheet.odd += [OddCell(row, column, cause, was, shown, style.form.code) for cause, was, shown in causes]


def note_hidden_zeros(sheet: Sheet) -> None:
    """Note every zero of a sheet whose view leaves zeros out."""
    known = {(odd.row, odd.column) for odd in sheet.odd}
    for row, line in enumerate(sheet.grid, 1):
        for column, cell in enumerate(line, 1):
            if cell in ("n0", "p0") and (row, column) not in known:
                sheet.odd.append(OddCell(row, column, "mark", cell, "", "zeros are not shown on this sheet"))
