"""Runs of an .xls workbook, from xlrd's lists of fonts.

Belongs here: which cells are written in a special way. Does not belong here: values (old_workbooks), what is made of runs (runs).
"""

from typing import Any

from pipelines.intake.reading.runs import LOWERED, RAISED, Run, SheetRuns, shown_text, struck_text

LEVELS = {1: RAISED, 2: LOWERED}


def find_old_runs(book: Any, sheet: Any) -> SheetRuns:
    """Find the cells of one sheet whose writing matters."""
    import xlrd

    found = SheetRuns()
    for (row, column), changes in sheet.rich_text_runlist_map.items():
        if sheet.cell_type(row, column) != xlrd.XL_CELL_TEXT:
            continue
        runs = _runs(book, str(sheet.cell_value(row, column)), changes, _font(book, sheet, row, column))
        if any(r.level or r.is_struck for r in runs):
            found.texts[row + 1, column + 1] = shown_text(runs)
            if struck := struck_text(runs):
                found.struck[row + 1, column + 1] = struck
    if any(font.struck_out for font in book.font_list):
        _find_struck_cells(book, sheet, found)
    return found


def _font(book: Any, sheet: Any, row: int, column: int) -> int:
    return int(book.xf_list[sheet.cell_xf_index(row, column)].font_index)


def _runs(book: Any, text: str, changes: list[tuple[int, int]], font: int) -> list[Run]:
    """Cut a text where its font changes; before the first change stands the cell's own font."""
    starts = [(0, font), *changes]
    ends = [at for at, _ in changes] + [len(text)]
    runs = []
    for (start, index), end in zip(starts, ends, strict=True):
        if text[start:end]:
            fonts = book.font_list[index]
            runs.append(Run(text[start:end], LEVELS.get(fonts.escapement, 0), bool(fonts.struck_out)))
    return runs


def _find_struck_cells(book: Any, sheet: Any, found: SheetRuns) -> None:
    for row in range(sheet.nrows):
        for column in range(sheet.row_len(row)):
            at = (row + 1, column + 1)
            if at not in found.texts and book.font_list[_font(book, sheet, row, column)].struck_out:
                found.struck[at] = ""
