"""A format code is read once for every reader: sections, literals, scaling, percent, dates, colours."""

import datetime
import io
import zipfile

import pytest
import xlsxwriter

from pipelines.intake.flat_tables import FlatShape, report_rows
from pipelines.intake.reading.cell_styles import are_alike, colour_of
from pipelines.intake.reading.cells import OddCell, ReadFile, Sheet, plain_number
from pipelines.intake.reading.number_formats import built_in_format, read_format, show_number
from pipelines.intake.reading.open_documents import read_open_document
from pipelines.intake.reading.shown_dates import is_year_number, show_date
from pipelines.intake.reading.workbooks import read_workbook


@pytest.mark.parametrize(
    ("code", "stored", "cause", "text"),
    [
        ("#,##0,", 12345000, "scale", "n12345"),
        ("0.0,,", 12345000, "scale", "n12.345"),
        ('[>=1000]#,##0,"K";0', 12000, "scale", "s12K"),
        ("#,##0,", 0, "", ""),
        ("#,##0", 12345, "", ""),
        ('#,##0;-#,##0;"…"', 0, "mark", "s…"),
        ('#,##0;-#,##0;"…"', 5, "", ""),
        ("#,##0;-#,##0;", 0, "mark", ""),
        ("#,###", 0, "mark", ""),
        ("# ?/?", 0, "", ""),
        ('"0"', 0, "", ""),
        (";;;", 0, "hidden", ""),
        (";;", 5, "hidden", ""),
        ("0;;;@", -5, "hidden", ""),
        ("0.0;0.0", -3, "sign", "n3"),
        ("0.0;[Red]0.0", -3, "", ""),
        ("#,##0_);(#,##0)", -3, "", ""),
        ("[>=1000]0.0;0", -3, "", ""),
        ('"△"0', 3, "sign", "n-3"),
        ("_-* #,##0_-", 3, "", ""),
        ("000-0000", 5550123, "", ""),
        ('0",000"', 12, "digits", "s12,000"),
        ('0.0"㎍/m3"', 12, "", ""),
        ("0.00E+00", 12, "", ""),
        ("General", -3, "", ""),
        ("[$₩-412]#,##0", -3, "", ""),
        ("@", 3, "", ""),
    ],
)
def test_a_difference_in_meaning_is_named(code: str, stored: float, cause: str, text: str) -> None:
    shown = show_number(stored, read_format(code), spell=plain_number)
    assert (shown.cause, shown.text) == (cause, text)


@pytest.mark.parametrize(("code", "is_percent"), [("0.0%", True), ('0.0"%"', False), ("0.0\\%", False), ('"%"0%', True), ("0.0 %", True)])
def test_a_percent_sign_counts_unless_it_is_a_literal(code: str, is_percent: bool) -> None:
    assert show_number(0.5, read_format(code), spell=plain_number).is_percent is is_percent


@pytest.mark.parametrize(("code", "is_date"), [("yyyy", True), ("h:mm", False), ("[h]:mm:ss", False), ("mm:ss", False), ('0"day"', False), ("General", False)])
def test_a_date_format_is_told_from_times_and_words(code: str, is_date: bool) -> None:
    assert (read_format(code).date is not None) is is_date


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("yyyy-mm-dd", "d2020-12-31"), ("yy-mm-dd", "y2020-12-31"), ("yyyy-mm-dd hh:mm", "d2020-12-31"), ("mmm-yy", "y2020-12"), ("d mmmm yyyy", "D2020-12-31"),
        ("[$-411]e", "d2"), ("rr", "d令和2年"), ("[$-412]e", "d2020"), ("B2yyyy", "d2020-12-31 (Hijri)"), ("[$-107041E]d/m/yy", "d2020-12-31"), ("mmm", "d12"),
    ],
)  # fmt: skip
def test_a_date_shows_no_more_than_its_format(code: str, shown: str) -> None:
    section = read_format(code).date
    assert section is not None
    assert show_date(datetime.datetime(2020, 12, 31), section) == shown


def test_era_years_turn_with_the_day_of_the_era() -> None:
    section = read_format('[$-411]ggge"年"').date
    assert section is not None
    days = (datetime.datetime(2019, 4, 30), datetime.datetime(2019, 5, 1), datetime.datetime(1989, 1, 7), datetime.datetime(1989, 1, 8))
    assert [show_date(day, section) for day in days] == ["d平成31年", "d令和1年", "d昭和64年", "d平成1年"]


def test_a_country_date_says_a_day_and_no_more() -> None:
    form = built_in_format(14)
    assert form is not None
    assert form.date is not None
    assert show_date(datetime.datetime(2020, 12, 31), form.date) == "d2020-12-31"


@pytest.mark.parametrize(("serial", "is_year"), [(2015, True), (2563, True), (1441, True), (44196, False), (2015.5, False), (25000, False)])
def test_a_serial_number_that_is_a_year_is_recognised(serial: float, is_year: bool) -> None:
    assert is_year_number(serial) is is_year


@pytest.mark.parametrize(
    ("text", "ground", "alike"), [("FFFFFFFF", "FFFFFF", True), ("F8F8F8", "FFFFFF", True), ("D9D9D9", "FFFFFF", False), ("", "FFFFFF", False)]
)
def test_only_text_of_the_colour_of_its_ground_is_unseen(text: str, ground: str, alike: bool) -> None:
    assert are_alike(colour_of(text), colour_of(ground)) is alike


def written(options: dict[str, object], style: dict[str, object], value: object, *, table: bool = False, condition: bool = False) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True, **options}) as book:
        page = book.add_worksheet("Data")
        page.write(0, 0, "word")
        page.write(1, 0, value, book.add_format(style))
        if table:
            page.add_table(0, 0, 1, 0, {"columns": [{"header": "word"}]})
            page.write(1, 0, value, book.add_format(style))
        if condition:
            page.conditional_format(0, 0, 1, 0, {"type": "no_blanks", "format": book.add_format({"bg_color": "black"})})
        if options.get("zeros"):
            page.hide_zero()
    return stream.getvalue()


def test_a_workbook_that_counts_from_1904_shows_the_same_day() -> None:
    read = read_workbook(written({"date_1904": True}, {"num_format": "yyyy"}, datetime.datetime(2020, 12, 31)))
    assert read.sheets[0].grid[1] == ["d2020"]
    assert read.sheets[0].odd == []


@pytest.mark.parametrize(("table", "condition", "n_hidden"), [(False, False, 1), (True, False, 0), (False, True, 0)])
def test_white_text_is_hidden_unless_a_table_or_a_condition_colours_the_ground(table: bool, condition: bool, n_hidden: int) -> None:
    read = read_workbook(written({}, {"font_color": "white"}, 5, table=table, condition=condition))
    assert [o.cause for o in read.sheets[0].odd] == ["hidden"] * n_hidden


def test_zeros_that_a_sheet_does_not_show_are_asked() -> None:
    read = read_workbook(written({"zeros": True}, {}, 0))
    assert [(o.row, o.column, o.cause) for o in read.sheets[0].odd] == [(2, 1, "mark")]


OPEN_STYLES = (
    '<style:style style:name="ro0" style:family="table-row"><style:table-row-properties style:row-height="0cm"/></style:style>'
    '<style:style style:name="co0" style:family="table-column"><style:table-column-properties style:column-width="0in"/></style:style>'
    '<number:number-style style:name="N1"><number:number number:decimal-places="0" number:display-factor="1000000"/></number:number-style>'
    '<style:style style:name="ce1" style:family="table-cell" style:data-style-name="N1"/>'
    '<style:style style:name="ce2" style:family="table-cell" style:parent-style-name="ce1"/>'
)


def open_document(table: str) -> bytes:
    spaces = "".join(f' xmlns:{p}="urn:{p}"' for p in ("office", "style", "table", "number", "text"))
    content = (
        f"<office:document-content{spaces}><office:automatic-styles>{OPEN_STYLES}</office:automatic-styles><office:body><office:spreadsheet>"
        f'<table:table table:name="Data">{table}</table:table></office:spreadsheet></office:body></office:document-content>'
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as box:
        box.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        box.writestr("content.xml", content)
    return stream.getvalue()


CELL = '<table:table-cell office:value-type="float" office:value="5000000"{}/>'


@pytest.mark.parametrize(
    ("table", "what"),
    [
        (f'<table:table-row table:style-name="ro0">{CELL.format("")}</table:table-row>', "hidden row with data"),
        (f'<table:table-column table:style-name="co0"/><table:table-row>{CELL.format("")}</table:table-row>', "hidden column with data"),
    ],
)
def test_a_row_or_column_without_size_is_hidden_in_an_open_document(table: str, what: str) -> None:
    assert [t[:2] for t in read_open_document(open_document(table)).troubles] == [("nothing_is_hidden", what)]


@pytest.mark.parametrize(
    "table",
    [
        "<table:table-row>" + CELL.format(' table:style-name="ce1"') + "</table:table-row>",
        "<table:table-row>" + CELL.format(' table:style-name="ce2"') + "</table:table-row>",
        '<table:table-row table:default-cell-style-name="ce1">' + CELL.format("") + "</table:table-row>",
        '<table:table-column table:default-cell-style-name="ce1"/><table:table-row>' + CELL.format("") + "</table:table-row>",
    ],
)
def test_a_style_of_the_cell_its_parent_its_row_or_its_column_counts(table: str) -> None:
    [odd] = read_open_document(open_document(table)).sheets[0].odd
    assert (odd.cause, odd.stored, odd.shown) == ("scale", "n5000000", "n5")


def test_a_table_of_one_header_row_says_which_cell_shows_something_else() -> None:
    shape = FlatShape(frozenset({"area"}), ("level",), ("level",))
    sheet = Sheet("Data", [["sArea", "sLevel", "sOther"], ["sWater", "n3000", "n5000"]], odd=[
        OddCell(2, 2, "scale", "n3000", "n3", "0,"), OddCell(2, 3, "scale", "n5000", "n5", "0,"),
    ])  # fmt: skip
    _, troubles, _ = report_rows(ReadFile([sheet]), {"area": "area", "level": "level"}, shape, lambda row: row)
    assert [(t.rule_id, t.row, t.column) for t in troubles if t.rule_id == "cells_are_sound"] == [("cells_are_sound", 2, "B")]
