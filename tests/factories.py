"""Small files and requests for tests.

Belongs here: making one submission with one thing changed. Does not belong here: assertions.
"""

import io
from collections.abc import Sequence

import xlsxwriter

from pipelines.domain.answers import Answers
from pipelines.domain.findings import CheckReport
from pipelines.exports.views import Control, View
from pipelines.intake.reporting import FileToRead
from pipelines.submissions.checking import CheckRequest, Home, check_file

HEADER = ("City", "Indicator", "Year", "Value", "Unit", "Source")
GOOD = ("Seoul", "ISO 37120:2018 8.1", "2020", "20.75", "ug/m3", "synthetic test row")


def make_csv(*rows: Sequence[str], header: Sequence[str] = HEADER, encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    """Write rows as CSV; a row may be given as changes to the good row by position."""
    lines = [delimiter.join(f'"{c}"' if delimiter in c else c for c in row) for row in (header, *rows)]
    return ("\r\n".join(lines) + "\r\n").encode(encoding)


def good_row(**changes: str) -> tuple[str, ...]:
    """The good row with some cells changed, by lower-case header."""
    return tuple(changes.get(name.lower(), cell) for name, cell in zip(HEADER, GOOD, strict=True))


def make_workbook(rows: Sequence[Sequence[object]], *, sheet: str = "Data") -> bytes:
    """Write rows as a workbook with one sheet."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        page = book.add_worksheet(sheet)
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    return stream.getvalue()


def make_view(page: str = "compare", **words: str) -> View:
    """A view of a synthetic edition; each word is spelled as it is."""
    return View(page, page.capitalize(), "sample-000000000000", tuple(Control(name, word, name.capitalize(), word) for name, word in words.items()))


def check(home: Home, content: bytes, *, member: str = "KOR", name: str = "test.csv", decimal: str = "", encoding: str = "") -> CheckReport:
    """Check bytes as a file of a member, as of a fixed day."""
    return check_file(CheckRequest(FileToRead(name, content, Answers(encoding=encoding, decimal_sign=decimal)), member, "2026-11-22"), home).report


def failed_rules(report: CheckReport) -> set[str]:
    """Rules with a finding, without the notes about sources."""
    return {f.rule_id for f in report.findings if f.rule_id != "source_is_cited"}
