"""Read .xlsx values, after the guard, with every fact a value reader drops kept as trouble.

Belongs here: container to grid. Does not belong here: which row is a header.
"""

import datetime
import io
from collections.abc import Sequence
from dataclasses import replace
from math import isfinite

from python_calamine import CalamineError, CalamineWorkbook

from pipelines.domain.errors import UnreadableFileError
from pipelines.domain.templates import IDENTITY_SHEET
from pipelines.domain.texts import column_letters
from pipelines.intake.reading.cells import Grid, ReadFile, Sheet, plain_number
from pipelines.intake.reading.guard import SheetFacts, inspect_workbook
from pipelines.intake.reading.runs import take_runs
from pipelines.intake.reading.shown_cells import EPOCH_1900, EPOCH_1904, note_hidden_zeros, serial_of, show_in_grid
from pipelines.intake.reading.workbook_runs import find_runs

MAX_TROUBLES = 1_000


def read_workbook(content: bytes) -> ReadFile:
    """Read every visible sheet of a workbook.

    Raises:
        UnreadableFileError: not a plain, safe, undamaged .xlsx.
    """
    facts, charts = inspect_workbook(content)
    runs = find_runs(content)
    result = ReadFile(repairs=[f"sheet {name!r} is a chart and holds no cell" for name in charts])
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        for sheet in facts:
            if sheet.n_cells == 0:
                continue
            if sheet.is_hidden and sheet.name != IDENTITY_SHEET:
                result.troubles.append(("nothing_is_hidden", f"hidden sheet with {sheet.n_cells} cells", sheet.name, None, ""))
                continue
            rows = book.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
            read = Sheet(sheet.name, _grid(rows, sheet), sheet.merged)
            _show_styled(read, rows, sheet)
            _note_troubles(result, sheet, read.grid)
            if sheet.name in runs:
                take_runs(result, sheet.name, read.grid, runs[sheet.name])
            result.sheets.append(read)
    except CalamineError as error:
        raise UnreadableFileError("file_is_readable", f"a damaged workbook ({error})") from error
    if not result.sheets and not result.troubles:
        raise UnreadableFileError("file_is_readable", "a workbook without any filled cell")
    return result


def _grid(rows: Sequence[Sequence[object]], facts: SheetFacts) -> Grid:
    grid: Grid = [[_written(cell) for cell in row] for row in rows]
    for row_number, row in enumerate(rows, 1):
        for column, cell in enumerate(row, 1):
            if isinstance(cell, float) and not isfinite(cell):
                facts.errors.append((row_number, column, str(cell)))
    return grid


def _written(cell: object) -> str | None:
    match cell:
        case bool():
            return f"b{cell}"
        case int() | float():
            return plain_number(cell)
        case datetime.datetime() if cell.time() != datetime.time():
            return f"d{cell.isoformat(' ')}"
        case datetime.date():
            return f"d{cell.isoformat()[:10]}"
    text = "" if cell is None else str(cell)
    return f"s{text}" if text.strip() else None


def _show_styled(sheet: Sheet, rows: Sequence[Sequence[object]], facts: SheetFacts) -> None:
    """Write again the cells whose style shows something else than is stored; all others stand as they are."""
    epoch = EPOCH_1904 if facts.counts_from_1904 else EPOCH_1900
    for row, column, style in facts.styled:
        if row > len(rows) or column > len(rows[row - 1]):
            continue
        # A table's own style or a condition may colour the ground: then the cell is taken to be seen.
        is_coloured = style.is_unseen and any(r1 <= row <= r2 and c1 <= column <= c2 for r1, c1, r2, c2 in facts.coloured)
        shown = replace(style, is_unseen=False) if is_coloured else style
        show_in_grid(sheet, row, column, shown, serial_of(rows[row - 1][column - 1], epoch), epoch)
    if facts.hides_zeros:
        note_hidden_zeros(sheet)


def _note_troubles(result: ReadFile, facts: SheetFacts, grid: Grid) -> None:
    add = result.troubles.append
    for row, column, text in facts.errors[:MAX_TROUBLES]:
        add(("cells_are_sound", f"error value {text}", facts.name, row, column_letters(column)))
    for row, column in facts.uncalculated[:MAX_TROUBLES]:
        add(("cells_are_sound", "a formula that was never calculated", facts.name, row, column_letters(column)))
    for row in sorted(facts.hidden_rows)[:MAX_TROUBLES]:
        if row <= len(grid) and any(c is not None for c in grid[row - 1]):
            add(("nothing_is_hidden", "hidden row with data", facts.name, row, ""))
    for first, last in facts.hidden_columns:
        for column in range(first, min(last, facts.max_column) + 1):
            if any(column <= len(line) and line[column - 1] is not None for line in grid):
                add(("nothing_is_hidden", "hidden column with data", facts.name, 1, column_letters(column)))
