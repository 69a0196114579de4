"""Mark findings in the sender's own workbook, in a limited child as every opening of it.

Belongs here: the child's side (openpyxl) and the parent's call. Does not belong here: which cells, which words.
Run as a module it is the child: one JSON line of marks, then the workbook on standard input; the marked one comes out.
"""

import io
import json
import sys
from dataclasses import asdict, dataclass

from pipelines.domain.spreadsheet_texts import without_controls, written_for_spreadsheets
from pipelines.intake.reading.cells import ReadFile
from pipelines.intake.reading.sandbox import run_child

FILLS = {"blocker": "F8C9C4", "warning": "FCE8B2", "note": "D6E6F5"}
MAX_COMMENT = 1_500
MAX_FILE_BYTES = 500_000_000


@dataclass(frozen=True, slots=True)
class CellMark:
    """One marked cell: sheet, address, weight and the text of its comment."""

    sheet: str
    cell: str
    severity: str
    text: str


@dataclass(frozen=True, slots=True)
class Summary:
    """The sheet that is added: its name, header and rows."""

    name: str
    header: list[str]
    rows: list[list[str]]


def mark_workbook(content: bytes, marks: list[CellMark], summary: Summary) -> bytes:
    """Give the sender's .xlsx back with comments and colours in the marked cells and a sheet of findings.

    Raises:
        UnreadableFileError: the workbook cannot be opened within the limits.
    """
    options: dict[str, object] = {"marks": [asdict(m) for m in marks], "summary": asdict(summary)}
    return run_child("annotating", options, content)


def mark_table(content: bytes, reading: dict[str, object], marks: list[CellMark], summary: Summary) -> bytes:
    """Write the cells of a text table or another kind of workbook into an .xlsx of the same addresses, marked.

    Args:
        reading: how the child opens the file.

    Raises:
        UnreadableFileError: the file cannot be opened within the limits.
    """
    return run_child("annotating", {"marks": [asdict(m) for m in marks], "summary": asdict(summary), "reading": reading}, content)


def _written_anew(read: ReadFile, marks: list[CellMark], summary: Summary) -> bytes:
    import xlsxwriter

    stream = io.BytesIO()
    by_cell = {(m.sheet, m.cell): m for m in marks}
    with xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        fills = {name: book.add_format({"bg_color": f"#{colour}"}) for name, colour in FILLS.items()}
        for number, sheet in enumerate(read.sheets, 1):
            page = book.add_worksheet(_sheet_name(sheet.name, number))
            for r, row in enumerate(sheet.grid):
                for c, cell in enumerate(row):
                    mark = by_cell.get((sheet.name, xlsxwriter.utility.xl_rowcol_to_cell(r, c)))
                    style = fills[mark.severity] if mark else None
                    if cell is not None and cell[0] == "n":
                        page.write_number(r, c, float(cell[1:]), style)
                    elif cell is not None or mark:
                        page.write_string(r, c, written_for_spreadsheets(cell[1:] if cell else ""), style)
                    if mark:
                        page.write_comment(r, c, mark.text[:MAX_COMMENT])
        listing = book.add_worksheet(_sheet_name(summary.name, 0))
        for r, line in enumerate([summary.header, *summary.rows]):
            for c, text in enumerate(line):
                listing.write_string(r, c, written_for_spreadsheets(text))
    return stream.getvalue()


def _sheet_name(name: str, number: int) -> str:
    plain = "".join(c for c in name if c not in "[]:*?/\\")[:28]
    return plain or f"Sheet{number}"


def main() -> None:
    """Read marks and workbook from standard input, write the marked workbook to standard output."""
    from pipelines.intake.reading.child import read_content, set_limits

    # openpyxl writes each sheet through a temporary file.
    set_limits(max_file_bytes=MAX_FILE_BYTES)
    options = json.loads(sys.stdin.buffer.readline())
    content, marks, summary = sys.stdin.buffer.read(), [CellMark(**m) for m in options["marks"]], Summary(**options["summary"])
    marked = _written_anew(read_content(options["reading"], content), marks, summary) if "reading" in options else _marked(content, marks, summary)
    sys.stdout.buffer.write(marked)


def _marked(content: bytes, marks: list[CellMark], summary: Summary) -> bytes:
    import openpyxl
    from openpyxl.cell.cell import MergedCell
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    book = openpyxl.load_workbook(io.BytesIO(content), rich_text=True)
    for mark in marks:
        if mark.sheet not in book.sheetnames:
            continue
        cell = book[mark.sheet][mark.cell]
        if isinstance(cell, MergedCell):
            continue
        earlier = f"{cell.comment.text}\n" if cell.comment else ""
        cell.comment = Comment(f"{earlier}{without_controls(mark.text)}"[:MAX_COMMENT], "citybench", width=320, height=140)
        cell.fill = PatternFill("solid", start_color=FILLS[mark.severity])
    page = book.create_sheet(_sheet_name(summary.name, 0))
    for line in [summary.header, *summary.rows]:
        page.append([written_for_spreadsheets(text) for text in line])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


if __name__ == "__main__":
    main()
