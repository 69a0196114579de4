"""Read .xls workbooks (Excel 97 to 2003) with xlrd, which also knows formats, hidden parts and merged cells.

Belongs here: BIFF container to grid and troubles. Does not belong here: .xlsx (workbooks), .ods (open_documents).
"""

import datetime
from typing import Any

from pipelines.domain.errors import UnreadableFileError
from pipelines.domain.templates import IDENTITY_SHEET
from pipelines.domain.texts import column_letters
from pipelines.intake.reading.cells import Grid, ReadFile, Sheet, plain_number
from pipelines.intake.reading.old_runs import find_old_runs
from pipelines.intake.reading.runs import take_runs

MAX_AREA_CELLS = 6_000_000
MAX_TROUBLES = 1_000


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
        book = xlrd.open_workbook(file_contents=content, formatting_info=True, logfile=_Silent())
    except xlrd.XLRDError as error:
        reason = "a password-protected workbook; save it without a password" if "encrypted" in str(error).lower() else f"a damaged .xls workbook ({error})"
        raise UnreadableFileError("file_is_readable", reason) from error
    result = ReadFile()
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
        result.sheets.append(Sheet(sheet.name, grid, merged))
    if not result.sheets and not result.troubles:
        raise UnreadableFileError("file_is_readable", "a workbook without any filled cell")
    return result


class _Silent:
    def write(self, _text: str) -> None:
        """xlrd prints warnings; the child's output is ours alone."""


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
    if kind == xlrd.XL_CELL_DATE:
        try:
            date = xlrd.xldate_as_datetime(value, book.datemode)
        except (ValueError, OverflowError):
            return f"s{value}"
        return f"d{date.isoformat(' ')}" if date.time() != datetime.time() else f"d{date.date().isoformat()}"
    if kind == xlrd.XL_CELL_NUMBER:
        style = book.format_map.get(book.xf_list[sheet.cell_xf_index(row, column)].format_key)
        if style is not None and "%" in style.format_str:
            return f"p{round(float(value) * 100, 12):.12g}"
        return plain_number(value)
    return f"s{value}" if str(value).strip() else None


def _note_hidden(sheet: Any, grid: Grid, result: ReadFile) -> None:
    for row, facts in sheet.rowinfo_map.items():
        if facts.hidden and row < len(grid) and any(grid[row]):
            result.troubles.append(("nothing_is_hidden", "hidden row with data", sheet.name, row + 1, ""))
    for column, facts in sheet.colinfo_map.items():
        if facts.hidden and any(column < len(line) and line[column] is not None for line in grid):
            result.troubles.append(("nothing_is_hidden", "hidden column with data", sheet.name, 1, column_letters(column + 1)))
