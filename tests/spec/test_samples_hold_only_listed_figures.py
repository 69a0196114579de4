"""Every figure of the samples stands in the sources table, and none is invented.

The files are opened here by other means than the platform's: Python's csv with a named encoding, and openpyxl.
"""

import csv
import io
import re
import unicodedata
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

SAMPLES = Path(__file__).resolve().parents[2] / "data_contracts" / "samples"
ENCODINGS = {
    "kor_air_2015_2020.csv": "cp949", "kor_seoul_and_elderly.csv": "cp949", "jpn_waste_tokyo.csv": "cp932", "chn_census.csv": "gb18030",
    "twn_greenhouse_gas.csv": "cp950", "tha_indicators.csv": "cp874",
}  # fmt: skip
COMMA_DECIMAL = {"IDN", "VNM"}
PERIOD_HEADERS = {"기준연도", "時点", "年份", "年度", "Tahun", "Năm", "ปี", "Year", "السنة"}
SOURCE_HEADERS = {"자료", "出典", "资料来源", "資料來源", "Sumber", "Nguồn", "แหล่งที่มา", "Source", "المصدر"}
LOCATOR_HEADERS = (
    "자료 위치", "資料内の位置", "资料位置", "資料位置", "Letak dalam sumber", "Kedudukan dalam sumber", "Vị trí trong nguồn", "ตำแหน่งในแหล่งข้อมูล",
    "Locator", "الموضع في المصدر",
)  # fmt: skip
ARABIC = str.maketrans("٠١٢٣٤٥٦٧٨٩٫", "0123456789.")


def rows_of(name: str) -> list[dict[str, str]]:
    with (SAMPLES / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


FACTS = {row["fact_id"]: row for row in rows_of("sources.csv")}
FIGURES: dict[str, dict[tuple[str, int, int], str]] = defaultdict(dict)
for figure in rows_of("figures.csv"):
    FIGURES[figure["sample_file"]][figure["sheet"], int(figure["row"]), int(figure["column"])] = figure["fact_id"]
# Files of other contracts than observations: their numbers are levels and years, proved by the specs of those contracts.
OTHER_CONTRACTS = {"KOR/kor_maturity_published.csv", "KOR/kor_cases.csv"}
FILES = sorted({p.relative_to(SAMPLES).as_posix() for p in SAMPLES.glob("*/*") if not p.name.endswith(".answers.json")} - OTHER_CONTRACTS)


def grids_of(name: str) -> dict[str, list[list[object]]]:
    path = SAMPLES / name
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path)
        return {page.title: [list(row) for row in page.iter_rows(values_only=True)] for page in book}
    text = unicodedata.normalize("NFC", path.read_bytes().decode(ENCODINGS.get(path.name, "utf-8-sig")))
    delimiter = ";" if text.count(";") > text.count(",") or path.name in ("idn_lainnya.csv", "vnm_quoc_te.csv") else ","
    return {"": [list(row) for row in csv.reader(io.StringIO(text), delimiter=delimiter)]}


def decimal_of(cell: object, *, comma: bool) -> Decimal | None:
    if isinstance(cell, int | float):
        return Decimal(repr(cell))
    text = str(cell or "").translate(ARABIC).strip()
    if not re.fullmatch(r"[0-9][0-9.,]*", text):
        return None
    plain = text.replace(".", "").replace(",", ".") if comma else text.replace(",", "")
    return Decimal(plain)


@pytest.mark.parametrize("name", FILES)
def test_each_figure_equals_its_fact(name: str) -> None:
    grids = grids_of(name)
    assert FIGURES[name], "a sample without figures"
    for (sheet, row, column), fact_id in FIGURES[name].items():
        written = decimal_of(grids[sheet][row - 1][column - 1], comma=name[:3] in COMMA_DECIMAL)
        assert written == Decimal(FACTS[fact_id]["value"]), f"{name} {sheet} row {row} column {column}"


@pytest.mark.parametrize("name", FILES)
def test_no_other_cell_holds_a_figure(name: str) -> None:
    for sheet, grid in grids_of(name).items():
        header = next(i for i, row in enumerate(grid) if any(str(c).strip().startswith(LOCATOR_HEADERS) for c in row))
        skipped = {i for i, cell in enumerate(grid[header]) if str(cell).strip() in PERIOD_HEADERS | SOURCE_HEADERS}
        for number, row in enumerate(grid[header + 1 :], header + 2):
            for position, cell in enumerate(row, 1):
                if position - 1 in skipped or decimal_of(cell, comma=name[:3] in COMMA_DECIMAL) is None:
                    continue
                assert (sheet, number, position) in FIGURES[name], f"{name} {sheet} row {number} column {position}: {cell!r} is in no list"


def test_members_cities_and_sources_are_many_enough() -> None:
    used = {FACTS[f]["country_iso3"] for figures in FIGURES.values() for f in figures.values()}
    assert len(used) >= 12
    assert all(fact["dataset"] and fact["locator"] for fact in FACTS.values())


def test_no_fact_is_from_the_who_database() -> None:
    assert not [f for f in FACTS.values() if "who" in f["dataset"].lower().split("-")]
