"""Hostile and damaged files are refused with a reason, in a child, and change nothing."""

import io
import zipfile
from pathlib import Path

import pytest

from pipelines.domain.errors import UnreadableFileError
from pipelines.intake.reading.cells import ReadFile
from pipelines.intake.reading.sandbox import Reading, read_in_child
from tests.factories import HEADER, good_row, make_workbook

OPEN_DOCUMENT = sorted((Path(__file__).resolve().parents[1] / "fixtures/submissions/should_pass").glob("*.ods"))[0]
PLAIN = make_workbook([HEADER, good_row()])
SHEET = "xl/worksheets/sheet1.xml"


def read(content: bytes, suffix: str = "xlsx") -> ReadFile:
    return read_in_child(content, suffix=suffix, reading=Reading(("cp949",), [",", ";", "\t", "|"], 10_000))


def rebuilt(changes: dict[str, bytes], *, extra: dict[str, bytes] | None = None) -> bytes:
    source, target = zipfile.ZipFile(io.BytesIO(PLAIN)), io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as box:
        for part in source.infolist():
            box.writestr(part.filename, changes.get(part.filename, source.read(part)))
        for name, data in (extra or {}).items():
            box.writestr(name, data)
    return target.getvalue()


def sheet(rows: str) -> bytes:
    return f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>'.encode()


CELL = '<row r="1"><c r="A1" t="inlineStr"><is><t>x</t></is></c></row>'
ENTITY = b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "aaaaaaaaaa">]><worksheet>&a;</worksheet>'
HOSTILE = {
    "empty": (b"", "xlsx", "empty"),
    "cut short": (PLAIN[: len(PLAIN) // 2], "xlsx", "damaged"),
    "an old workbook": (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "xlsx", "password-protected"),
    "not a container": (b"City,Year\n", "xlsx", "not an .xlsx"),
    "a workbook named csv": (PLAIN, "csv", "that is not what the ending .csv says"),
    "another ending": (b"MZ", "exe", "the ending .exe"),
    "macros": (rebuilt({}, extra={"xl/vbaProject.bin": b"x"}), "xlsx", "macros"),
    "links to other workbooks": (rebuilt({}, extra={"xl/externalLinks/externalLink1.xml": b"<a/>"}), "xlsx", "other workbooks"),
    "an unsafe part name": (rebuilt({}, extra={"../evil.xml": b"<a/>"}), "xlsx", "unsafe name"),
    "a document type": (rebuilt({SHEET: ENTITY}), "xlsx", "document type"),
    "broken xml": (rebuilt({SHEET: b"<worksheet><sheetData>"}), "xlsx", "damaged XML"),
    "a far cell": (rebuilt({SHEET: sheet(CELL + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')}), "xlsx", "spread over"),
    "a row beyond the sheet": (rebuilt({SHEET: sheet('<row r="4000000000"><c r="A4000000000"><v>1</v></c></row>')}), "xlsx", "out of order"),
    "rows out of order": (rebuilt({SHEET: sheet('<row r="2"><c r="A2"><v>1</v></c></row><row r="1"><c r="A1"><v>1</v></c></row>')}), "xlsx", "out of order"),
    "a bomb of blanks": (rebuilt({SHEET: b"<worksheet>" + b" " * 60_000_000 + b"</worksheet>"}), "xlsx", "unpacks"),
    "one part twice": (b"", "xlsx", "empty"),
    "binary text": (bytes(range(256)) * 40, "csv", "neither UTF-8"),
    "one endless cell": (b'City,Year\n"' + b"x" * 300_000 + b'",2020\n', "csv", "no table"),
    "no separator": (b"just one line of words\n", "csv", "no table"),
}


def changed(part: str, *changes: tuple[str, str]) -> bytes:
    text = zipfile.ZipFile(io.BytesIO(PLAIN)).read(part).decode()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return text.encode()


RELATIONS, TYPES, BOOK = "xl/_rels/workbook.xml.rels", "[Content_Types].xml", "xl/workbook.xml"
OTHER_SHEET = sheet(CELL)
SECOND = '<sheet name="Second" sheetId="2" r:id="rId9"/></sheets>'


def with_second(kind: str, target: str, *, part: str = "") -> bytes:
    """The plain workbook with a second sheet of a kind, at a place of the container."""
    relation = f'<Relationship Id="rId9" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" Target="{target}"/></Relationships>'
    changes = {RELATIONS: changed(RELATIONS, ("</Relationships>", relation)), BOOK: changed(BOOK, ("</sheets>", SECOND))}
    return rebuilt(changes, extra={part: OTHER_SHEET} if part else None)


ODD_PLACES = {
    "a worksheet in another folder": (with_second("worksheet", "sheets/second.xml", part="xl/sheets/second.xml"), "unusual place"),
    "a worksheet above the workbook": (with_second("worksheet", "/second.xml", part="second.xml"), "unusual place"),
    "a worksheet that is not there": (with_second("worksheet", "worksheets/second.xml"), "unusual place"),
    "a sheet without a part": (rebuilt({BOOK: changed(BOOK, ("</sheets>", SECOND))}), "no part"),
    "a sheet of old macros": (with_second("xlMacrosheet", "macrosheets/sheet1.xml", part="xl/macrosheets/sheet1.xml"), "xlMacrosheet"),
    "a sheet of dialogs": (with_second("dialogsheet", "dialogsheets/sheet1.xml", part="xl/dialogsheets/sheet1.xml"), "dialogsheet"),
    "one part under two names": (with_second("worksheet", "worksheets/sheet1.xml"), "of one part"),
    "a worksheet that nothing names": (rebuilt({}, extra={"xl/worksheets/sheet2.xml": OTHER_SHEET}), "does not name"),
    "a worksheet that only its type tells": (
        rebuilt(
            {TYPES: changed(TYPES, ("</Types>", '<Override PartName="/x/y.xml" ContentType="application/vnd.x.worksheet+xml"/></Types>'))},
            extra={"x/y.xml": OTHER_SHEET},
        ),
        "does not name",
    ),
    "another workbook first": (
        rebuilt({"_rels/.rels": changed("_rels/.rels", ("xl/workbook.xml", "xl/other.xml"))}, extra={"xl/other.xml": b"<workbook/>"}), "unusual place",
    ),
    "strings in another place": (
        rebuilt({RELATIONS: changed(RELATIONS, ("sharedStrings.xml", "strings.xml"))}, extra={"xl/strings.xml": b"<sst/>"}), "unusual place",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ODD_PLACES)
def test_a_worksheet_in_an_unusual_place_is_refused_and_never_passed_over(name: str) -> None:
    content, reason = ODD_PLACES[name]
    with pytest.raises(UnreadableFileError, match=reason):
        read(content)


def test_a_worksheet_named_from_the_root_is_read_and_a_chart_is_named() -> None:
    rooted = read(rebuilt({RELATIONS: changed(RELATIONS, ('"worksheets/', '"/xl/worksheets/'))}))
    assert rooted.sheets[0].grid == read(PLAIN).sheets[0].grid
    assert read(with_second("chartsheet", "chartsheets/sheet1.xml", part="xl/chartsheets/sheet1.xml")).repairs == [
        "sheet 'Second' is a chart and holds no cell"
    ]


def open_document(changes: tuple[tuple[str, str], ...]) -> bytes:
    """A sound .ods of ours with its content changed."""
    source, target = zipfile.ZipFile(OPEN_DOCUMENT), io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as box:
        for part in source.infolist():
            content = source.read(part)
            if part.filename == "content.xml":
                text = content.decode()
                for old, new in changes:
                    assert old in text
                    text = text.replace(old, new, 1)
                content = text.encode()
            box.writestr(part.filename, content)
    return target.getvalue()


TABLE_NAMES = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
HIDDEN_TABLE = "<{0}table><{0}table-row><{0}table-cell><x/></{0}table-cell></{0}table-row></{0}table>"
ODD_TABLES = {
    "a table under another prefix": (f'<office:spreadsheet xmlns:t2="{TABLE_NAMES}">' + HIDDEN_TABLE.format("t2:"), "another prefix"),
    "a table under no prefix": ("<office:spreadsheet>" + HIDDEN_TABLE.format("").replace("<table>", f'<table xmlns="{TABLE_NAMES}">'), "another prefix"),
    "a table inside a cell": (
        "<office:spreadsheet><table:table><table:table-row><table:table-cell>" + HIDDEN_TABLE.format("table:")
        + "</table:table-cell></table:table-row></table:table>",
        "inside a cell",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ODD_TABLES)
def test_a_table_of_an_open_document_that_would_be_passed_over_is_refused(name: str) -> None:
    start, reason = ODD_TABLES[name]
    assert read(open_document(()), "ods").sheets
    with pytest.raises(UnreadableFileError, match=reason):
        read(open_document((("<office:spreadsheet>", start),)), "ods")


def test_a_file_of_more_rows_than_a_file_may_hold_is_refused_with_the_limit() -> None:
    with pytest.raises(UnreadableFileError, match="12001 filled rows; at most 10000"):
        read(b"City,Year\n" + b"Seoul,2020\n" * 12_000, "csv")


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_with_its_reason(name: str) -> None:
    content, suffix, reason = HOSTILE[name]
    with pytest.raises(UnreadableFileError, match=reason):
        read(content, suffix)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_parts_of_one_name_are_refused() -> None:
    with pytest.raises(UnreadableFileError, match="two parts of one name"):
        read(rebuilt({}, extra={SHEET: sheet(CELL)}))


def test_a_file_that_kills_its_reader_kills_only_the_child() -> None:
    """A sheet kept under another folder name evades the guard's scan limits only if its relation is followed; the child is the wall."""
    rows = "".join(f'<row r="{i}"><c r="A{i}"><v>1</v></c><c r="GZ{i}"><v>1</v></c></row>' for i in range(1, 30_000))
    with pytest.raises(UnreadableFileError):
        read(rebuilt({SHEET: sheet(rows)}))
    assert len(read(PLAIN).sheets) == 1


def test_a_good_workbook_is_read() -> None:
    assert [c and c[1:] for c in read(PLAIN).sheets[0].grid[1]] == list(good_row())
