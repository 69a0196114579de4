"""A table description as CSV and XLSX bytes.

Belongs here: two writers over one TableSpec. Does not belong here: what the table says.
"""

import csv
import datetime
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal

import xlsxwriter

from pipelines.domain.spreadsheet_texts import written_for_spreadsheets
from pipelines.exports.tables import Cell, CellKind, TableSpec, number_text

FIXED_TIME = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
ABOUT = "About"


def about_lines(table: TableSpec) -> list[tuple[str, str]]:
    """What stands under every file: title, edition, address, hash of the view, notes."""
    view = table.view
    lines = [("Table", table.title), ("Edition", view.edition_id), ("View", view.address), ("Shown", view.title), ("View hash", table.view_hash)]
    return lines + [("Note", note) for note in table.notes]


def _plain(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    return written_for_spreadsheets(str(cell)) if isinstance(cell, str) else str(cell)


def csv_lines(lines: Iterable[Sequence[Cell]]) -> bytes:
    """Write CSV, UTF-8 with BOM; numbers have a dot and no groups, no value is an empty cell."""
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator="\r\n").writerows([[_plain(cell) for cell in line] for line in lines])
    return stream.getvalue().encode("utf-8-sig")


def to_csv(table: TableSpec) -> bytes:
    """Write CSV: header, rows, and after an empty line the notes; the reason for no value stands in the status column."""
    return csv_lines([[c.label for c in table.columns], *table.rows, [], *about_lines(table)])


def to_xlsx(table: TableSpec) -> bytes:
    """Write XLSX: the table, and a sheet about it; text stays text, the same table gives the same bytes."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"created": FIXED_TIME, "title": table.title})
        page = book.add_worksheet("Table")
        head = book.add_format({"bold": True, "bottom": 1})
        for column, spec in enumerate(table.columns):
            page.write_string(0, column, _plain(spec.label), head)
            texts = [number_text(r[column]) if spec.kind is CellKind.NUMBER else _plain(r[column]) for r in table.rows]  # type: ignore[arg-type]
            page.set_column(column, column, min(60, max(len(spec.label), *(len(t) for t in texts), 6) + 2) if texts else 12)
        for number, row in enumerate(table.rows, 1):
            for column, cell in enumerate(row):
                if isinstance(cell, int | float | Decimal):
                    decimals = len(number_text(cell).partition(".")[2])
                    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
                    page.write_number(number, column, float(cell), book.add_format({"num_format": pattern}))
                elif cell is not None:
                    page.write_string(number, column, _plain(cell))
        page.freeze_panes(1, 1)
        about = book.add_worksheet(ABOUT)
        about.set_column(0, 0, 12)
        about.set_column(1, 1, 100)
        for number, (key, text) in enumerate(about_lines(table)):
            about.write_string(number, 0, key, head)
            about.write_string(number, 1, _plain(text))
    return stream.getvalue()
