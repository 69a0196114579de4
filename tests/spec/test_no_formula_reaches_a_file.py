"""No text of a member becomes a formula in a file of ours: every writer of cells goes through one place, and plain figures stay."""

import csv
import io

import openpyxl
import pytest

from pipelines.contracts.templates import write_template
from pipelines.domain.answers import Answers
from pipelines.domain.spreadsheet_texts import as_meant, written_for_spreadsheets
from pipelines.exports.files import to_csv, to_xlsx
from pipelines.exports.read_figures import figures_to_csv
from pipelines.exports.tables import CellKind, TableColumn, TableSpec
from pipelines.intake.reading.annotating import CellMark, Summary, mark_table, mark_workbook
from pipelines.intake.reading.sandbox import Reading
from pipelines.intake.reporting import FileToRead
from pipelines.submissions.checking import CheckRequest, Home, check_file
from tests.factories import good_row, make_csv, make_view, make_workbook

FORMULAS = (
    "=2", "=1+1", "+1+1", "-2+3+cmd|' /C calc'!A0", "@SUM(1,1)", "\t=1", "\r=1", "\n=1", " =1", "\u00a0=1", "\u3000=1", "\u200b=1", "\ufeff=1", "\u202e=1",
    "\u2060\u200d=1", "＝1", "＋1+1", "－2+3", "＠SUM(1)", "﹦1", "﹢1", "﹣1+1", "⁼1", "−2+3", "\u200b＝1", "\x01=1", "\u0301=1", "|calc", "%0A=1", "=HYPERLINK(\"http://x\")",
    "-1-1", "+", "--1", "-x",
)  # fmt: skip
PLAIN = ("-5", "+5", "-1,234.5", "−3.2", "-", "—", "5", "Seoul", "a=1", "2020-12-31", "서울", "(=1)", "'quoted'", "-1.5e-3", "-40", "")


def starts_a_formula(text: str) -> bool:
    """What a spreadsheet would take for one, after everything that is not seen."""
    seen = text.lstrip("\t\r\n \u00a0\u3000\u200b\ufeff\u202e\u2060\u200d\x01\u0301")
    return seen[:1] in set("=+-@|%＝＋－＠﹦﹢﹣⁼−")


@pytest.mark.parametrize("text", FORMULAS, ids=range(len(FORMULAS)))
def test_a_formula_is_written_as_a_text_and_comes_back_as_it_was(text: str) -> None:
    if text == "+":
        # A sign alone computes nothing.
        return
    written = written_for_spreadsheets(text)
    assert written.startswith("'")
    assert not starts_a_formula(written)
    assert as_meant(written) == text.replace("\x01", " ")


@pytest.mark.parametrize("text", PLAIN)
def test_a_figure_or_a_word_stays_as_it_is(text: str) -> None:
    assert written_for_spreadsheets(text) == text
    assert as_meant(text) == text


def test_no_cell_of_a_table_of_ours_starts_a_formula() -> None:
    columns = (TableColumn("a", "=label"), TableColumn("b", "Value", CellKind.NUMBER), TableColumn("c", "C"))
    table = TableSpec("=title", columns, tuple((t, -1.5, f"x{t}") for t in FORMULAS), ("=note",), make_view("=view"))
    lines = list(csv.reader(io.StringIO(to_csv(table).decode("utf-8-sig"), newline="")))
    assert [line[1] for line in lines[1 : len(FORMULAS) + 1]] == ["-1.5"] * len(FORMULAS)
    assert [c for line in lines for i, c in enumerate(line) if c not in ("-1.5", "+") and starts_a_formula(c)] == []
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(table)))
    cells = [c for page in book for row in page.iter_rows() for c in row if isinstance(c.value, str)]
    assert [c.value for c in cells if c.data_type == "f" or (c.value != "+" and starts_a_formula(c.value))] == []


def test_a_marked_workbook_and_the_figures_as_read_hold_no_formula(home: Home) -> None:
    summary = Summary("Findings", ["=a"], [["=1+1", "-2+3|x"]])
    content = make_csv(good_row(city="=city", value="=1+2", source="＝cmd", indicator="-2+3"))
    reading = Reading((), [","], 100)
    marked = mark_table(content, reading.options(content, "csv"), [CellMark("", "A2", "blocker", "=x")], summary)
    own = mark_workbook(make_workbook([["City", "x"]]), [CellMark("Data", "A1", "blocker", "=x\x01")], summary)
    for book in map(openpyxl.load_workbook, map(io.BytesIO, (marked, own))):
        texts = [c for page in book for row in page.iter_rows() for c in row if isinstance(c.value, str)]
        assert texts
        assert [c.value for c in texts if c.data_type == "f" or starts_a_formula(c.value)] == []
    read = check_file(CheckRequest(FileToRead("t.csv", content, Answers()), "KOR", "2026-11-22"), home).read
    assert [c for line in csv.reader(io.StringIO(figures_to_csv(read).decode("utf-8-sig"))) for c in line if starts_a_formula(c)] == []


def test_a_template_holds_no_formula(home: Home) -> None:
    content = write_template(home.contracts_dir, "KOR", indicator_codes=("iso37120:2018/8.1",), language="en", last=(), as_csv=True)
    assert [c for line in csv.reader(io.StringIO(content.decode("utf-8-sig"))) for c in line if starts_a_formula(c)] == []
