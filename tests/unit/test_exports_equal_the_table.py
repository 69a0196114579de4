"""CSV and XLSX say what the table says, a text that could start a formula behind an apostrophe; a real office suite opens the workbook."""

import csv
import io
import shutil
import subprocess
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from pipelines.exports.files import to_csv, to_xlsx
from pipelines.exports.tables import CellKind, TableColumn, TableSpec, number_text, shown_number
from tests.factories import make_view

TABLE = TableSpec(
    "PM2.5 – 초미세먼지",
    (TableColumn("city", "City"), TableColumn("value", "Value", CellKind.NUMBER), TableColumn("note", "Status")),
    (("서울", Decimal("20.75"), "observed"), ("الرياض", None, "missing: not reported"), ("=1+1", 9726787.0, "@sum"), ("-x", 0.611392, "+1")),
    ("The figures are of different years.",),
    make_view(indicator="x"),
)


def test_csv_holds_the_table_cell_by_cell() -> None:
    rows = list(csv.reader(io.StringIO(to_csv(TABLE).decode("utf-8-sig"))))
    assert rows[0] == ["City", "Value", "Status"]
    assert rows[1:5] == [["서울", "20.75", "observed"], ["الرياض", "", "missing: not reported"], ["'=1+1", "9726787", "'@sum"], ["'-x", "0.611392", "+1"]]
    assert ["View hash", TABLE.view_hash] in rows


def test_xlsx_holds_the_table_cell_by_cell_and_no_formula() -> None:
    page = openpyxl.load_workbook(io.BytesIO(to_xlsx(TABLE)))["Table"]
    assert [[c.value for c in row] for row in page.iter_rows(min_row=2)] == [
        ["서울", 20.75, "observed"],
        ["الرياض", None, "missing: not reported"],
        ["'=1+1", 9726787.0, "'@sum"],
        ["'-x", 0.611392, "+1"],
    ]
    assert {c.data_type for row in page.iter_rows() for c in row} <= {"s", "n"}


def test_the_same_table_gives_the_same_bytes() -> None:
    assert to_xlsx(TABLE) == to_xlsx(TABLE)
    assert to_csv(TABLE) == to_csv(TABLE)


def test_an_office_suite_shows_what_the_screen_shows(tmp_path: Path) -> None:
    office = shutil.which("soffice") or shutil.which("libreoffice")
    assert office, "LibreOffice is missing; `make test` installs it, see tests/bring_tools.sh"
    (tmp_path / "table.xlsx").write_bytes(to_xlsx(TABLE))
    as_csv = "csv:Text - txt - csv (StarCalc):44,34,76,1,,1033,false,true,false"
    command = [office, "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", "--convert-to", as_csv]
    command += ["--outdir", str(tmp_path), str(tmp_path / "table.xlsx")]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    rows = list(csv.reader(io.StringIO((tmp_path / "table.csv").read_text("utf-8"))))
    # LibreOffice without a language has no group separator; the digits and decimals are what is shown.
    assert [row[1].replace(",", "") for row in rows[1:5]] == ["20.75", "", "9726787", "0.611392"]
    assert [row[0] for row in rows[1:5]] == ["서울", "الرياض", "'=1+1", "'-x"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ".."),
        (0.0, "0"),
        (9726787.0, "9,726,787"),
        (20.75, "20.75"),
        (16071.913, "16,071.9"),
        (0.27314, "0.27314"),
        (1135.737, "1,135.74"),
        (-3.5, "-3.5"),
        (1e-8, "1e-08"),
    ],
)
def test_numbers_are_spelled_to_six_significant_digits(value: float | None, text: str) -> None:
    assert number_text(value) == text
    assert shown_number(value) is None or float(f"{value:.6g}") == pytest.approx(shown_number(value), rel=1e-5)
