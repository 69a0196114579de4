"""Read .xls workbooks (Excel 97 to 2003) with xlrd, which also knows formats, hidden parts and merged cells.

Belongs here: BIFF container to grid and troubles. Does not belong here: .xlsx (workbooks), .ods (open_documents).
"""

import datetime
import math
import re
from typing import Any

from pipelines.domain.errors import UnreadableFileError
from pipelines.domain.templates import IDENTITY_SHEET
from pipelines.domain.texts import column_letters
from pipelines.intake.reading.cell_styles import GENERAL, WHITE, CellStyle, are_alike
from pipelines.intake.reading.cells import Grid, ReadFile, Sheet, plain_number
from pipelines.intake.reading.number_formats import COUNTRY_DATES, built_in_format, read_format
from pipelines.intake.reading.old_runs import find_old_runs
from pipelines.intake.reading.runs import take_runs
from pipelines.intake.reading.shown_cells import EPOCH_1900, EPOCH_1904, note_hidden_zeros, serial_of, show_in_grid

MAX_AREA_CELLS = 6_000_000
# As xlrd says it; kinds are those of BOUNDSHEET records.
PASSED_OVER = re.compile(r"non-worksheet data named (.{1,80}?) \(type 0x([0-9a-f]{2})")
CHART = "02"
LONGEST_NOTE = 1_000
MAX_TROUBLES = 1_000
# A point of a row's height, in twips; a tenth of a character of a column's width, in 256ths.
LEAST_TWIPS = 20
LEAST_WIDTH = 26


def read_old_workbook(content: bytes) -> ReadFile:
    """Read every visible sheet of an .xls workbook.

    Raises:
        UnreadableFileError: encrypted, with macros, damaged, or no .xls at all.
    """
    import xlrd

    if "EncryptedPackage".encode("utf-16-le") in content:
        raise UnreadableFileError("file_is_readable", "a password-protected workbook; save it without a password")
    if "_VBA_PROJECT".encode("utf-16-le") in content:
        raise UnreadableFileError("file_is_readable", "macros; save the workbook as .xlsx without macros")
    try:
        notes = _Notes()
        book = xlrd.open_workbook(file_contents=content, formatting_info=True, logfile=notes, verbosity=1)
    except xlrd.XLRDError as error:
        reason = "a password-protected workbook; save it without a password" if "encrypted" in str(error).lower() else f"a damaged .xls workbook ({error})"
        raise UnreadableFileError("file_is_readable", reason) from error
    result = ReadFile(repairs=_other_sheets(notes.passed_over))
    for sheet in book.sheets():
        if not any(t not in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK) for r in range(sheet.nrows) for t in sheet.row_types(r)):
            continue
        if sheet.visibility != 0 and sheet.name != IDENTITY_SHEET:
            result.troubles.append(("nothing_is_hidden", f"hidden sheet with {sheet.nrows} rows", sheet.name, None, ""))
            continue
        if sheet.nrows * sheet.ncols > MAX_AREA_CELLS:
            raise UnreadableFileError("file_is_readable", f"cells spread over {sheet.nrows} rows and {sheet.ncols} columns", sheet=sheet.name)
        grid = [[_written(book, sheet, r, c, result) for c in range(len(sheet.row_types(r)))] for r in range(sheet.nrows)]
        take_runs(result, sheet.name, grid, find_old_runs(book, sheet))
        _note_hidden(sheet, grid, result)
        merged = [(r1 + 1, c1 + 1, r2, c2) for r1, r2, c1, c2 in sheet.merged_cells]
        result.sheets.append(_shown(book, sheet, Sheet(sheet.name, grid, merged)))
    if not result.sheets and not result.troubles:
        raise UnreadableFileError("file_is_readable", "a workbook without any filled cell")
    return result


class _Notes:
    """What xlrd prints: the child's output is ours alone, but which sheets it passes over is only said there."""

    def __init__(self) -> None:
        self.passed_over: list[tuple[str, str]] = []

    def write(self, text: str) -> None:
        """Keep name and kind of a sheet that is no worksheet."""
        for match in PASSED_OVER.finditer(text[:LONGEST_NOTE]):
            self.passed_over.append((match[1], match[2]))


def _other_sheets(passed_over: list[tuple[str, str]]) -> list[str]:
    """Name the charts, which hold no cell; any other kind of sheet may hold some.

    Raises:
        UnreadableFileError: a sheet of macros or of another kind.
    """
    for name, kind in passed_over:
        if kind != CHART:
            raise UnreadableFileError("file_is_readable", f"a sheet that is no worksheet ({name}), which is not read; move its cells to a worksheet")
    return [f"sheet {name} is a chart and holds no cell" for name, _ in passed_over]


def _written(book: Any, sheet: Any, row: int, column: int, result: ReadFile) -> str | None:
    import xlrd

    kind, value = sheet.cell_type(row, column), sheet.cell_value(row, column)
    if kind in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
        return None
    if kind == xlrd.XL_CELL_ERROR:
        if len(result.troubles) < MAX_TROUBLES:
            text = xlrd.error_text_from_code.get(value, "error")
            result.troubles.append(("cells_are_sound", f"error value {text}", sheet.name, row + 1, column_letters(column + 1)))
        return None
    if kind == xlrd.XL_CELL_BOOLEAN:
        return f"b{bool(value)}"
    if kind in (xlrd.XL_CELL_DATE, xlrd.XL_CELL_NUMBER) and not math.isfinite(value):
        result.troubles.append(("cells_are_sound", f"error value {value}", sheet.name, row + 1, column_letters(column + 1)))
        return plain_number(value)
    if kind == xlrd.XL_CELL_DATE:
        try:
            date = xlrd.xldate_as_datetime(value, book.datemode)
        except (ValueError, OverflowError):
            return f"s{value}"
        return f"d{date.isoformat(' ')}" if date.time() != datetime.time() else f"d{date.date().isoformat()}"
    if kind == xlrd.XL_CELL_NUMBER:
        return plain_number(value)
    return f"s{value}" if str(value).strip() else None


def _shown(book: Any, sheet: Any, read: Sheet) -> Sheet:
    """Write again the cells whose style shows something else than is stored."""
    import xlrd

    styles: dict[int, CellStyle | None] = {}
    epoch = EPOCH_1904 if book.datemode else EPOCH_1900
    for row in range(sheet.nrows):
        for column, kind in enumerate(sheet.row_types(row)):
            if kind in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
                continue
            index = sheet.cell_xf_index(row, column)
            if index not in styles:
                style = _style(book, index)
                styles[index] = None if style.is_plain else style
            if (special := styles[index]) is not None:
                is_number = kind in (xlrd.XL_CELL_DATE, xlrd.XL_CELL_NUMBER)
                serial = serial_of(sheet.cell_value(row, column), epoch) if is_number else None
                show_in_grid(read, row + 1, column + 1, special, serial, epoch)
    if not getattr(sheet, "show_zero_values", 1):
        note_hidden_zeros(read)
    return read


def _style(book: Any, index: int) -> CellStyle:
    xf = book.xf_list[index]
    named = book.format_map.get(xf.format_key)
    form = built_in_format(xf.format_key) if xf.format_key in COUNTRY_DATES else read_format(named.format_str) if named is not None else None
    text = book.colour_map.get(book.font_list[xf.font_index].colour_index)
    pattern = xf.background.fill_pattern
    ground = WHITE if pattern == 0 else book.colour_map.get(xf.background.pattern_colour_index) if pattern == 1 else None
    return CellStyle(form or GENERAL, are_alike(text, ground))


def _note_hidden(sheet: Any, grid: Grid, result: ReadFile) -> None:
    for row, facts in sheet.rowinfo_map.items():
        has_no_height = facts.height < LEAST_TWIPS and not facts.has_default_height
        if (facts.hidden or has_no_height) and row < len(grid) and any(grid[row]):
            result.troubles.append(("nothing_is_hidden", "hidden row with data", sheet.name, row + 1, ""))
    for column, facts in sheet.colinfo_map.items():
        if (facts.hidden or facts.width < LEAST_WIDTH) and any(column < len(line) and line[column] is not None for line in grid):
            result.troubles.append(("nothing_is_hidden", "hidden column with data", sheet.name, 1, column_letters(column + 1)))
