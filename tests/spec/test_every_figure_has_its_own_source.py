"""Each figure carries its own source: fact by fact in the samples, by paired columns and lines in any file."""

import csv
from pathlib import Path

import pytest

from pipelines.domain.observations import ReportedObservation
from pipelines.intake.reporting import FileToRead
from pipelines.intake.source_notes import named_years
from pipelines.submissions.checking import CheckRequest, Home, check_file
from tests.factories import HEADER, check, failed_rules, good_row, make_csv, make_workbook

SAMPLES = Path(__file__).resolve().parents[2] / "data_contracts" / "samples"
PM25 = "PM2.5 yearly mean"


def rows_of(name: str) -> list[dict[str, str]]:
    with (SAMPLES / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


FACTS = {row["fact_id"]: row for row in rows_of("sources.csv")}
DATASETS = {row["dataset"]: row for row in rows_of("datasets.csv")}
LINKS = {(row["dataset"], row["file"]): row["link"] for row in rows_of("dataset_files.csv")}
PLACES = [row for row in rows_of("figures.csv") if row["kind"] == "reported"]


def number_of(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def read(home: Home, content: bytes, *, member: str = "KOR", name: str = "test.csv") -> list[ReportedObservation]:
    return check_file(CheckRequest(FileToRead(name, content), member, "2026-11-22"), home).observations


@pytest.mark.parametrize("name", sorted({row["sample_file"] for row in PLACES}))
def test_every_sample_figure_names_the_place_publisher_and_terms_of_its_own_fact(name: str, home: Home) -> None:
    read_at = {(o.source_sheet, o.source_row, number_of(o.source_column)): o for o in read(home, (SAMPLES / name).read_bytes(), member=name[:3], name=name)}
    for place in (row for row in PLACES if row["sample_file"] == name):
        one = read_at[place["sheet"], int(place["row"]), int(place["column"])]
        fact = FACTS[place["fact_id"]]
        where, _, computed = fact["locator"].partition("; DERIVED: ")
        dataset = DATASETS[fact["dataset"]]
        licence = dataset["licence_as_stated"]
        assert one.source_locator == where.partition("; NOTE: ")[0], place
        assert (one.source_publisher, one.source_title) == (dataset["publisher"], dataset["title"])
        assert one.source_link == LINKS[fact["dataset"], fact["file"]]
        assert one.source_licence == (None if licence.startswith("not stated") else licence)
        assert one.source_accessed == (dataset["accessed_on"] or None)
        assert (one.source_note or "").startswith(f"{fact['dataset']}/{fact['file']}")
        assert one.status_code == ("derived" if computed else "observed"), place
        assert (one.computation_note or "").startswith(computed.partition("; NOTE: ")[0])


def test_a_rate_over_a_population_of_another_year_says_so(home: Home) -> None:
    marked = 0
    for name in sorted({row["sample_file"] for row in PLACES}):
        for one in read(home, (SAMPLES / name).read_bytes(), member=name[:3], name=name):
            text = one.computation_note or ""
            if "population year" not in text:
                continue
            below, above = (int(part.split()[2][:4]) for part in text[text.index("population year") :].split(")")[0].split(", "))
            assert (f"divided by a figure of another year, {below}" in text) == (below != above), text
            marked += below != above
    assert marked >= 15


def test_a_source_column_that_names_a_year_belongs_to_the_figures_of_that_year(home: Home) -> None:
    header = ("City", "Indicator", "Unit", "2019", "Source 2019", "2020", "Source 2020", "Status 2020")
    first, second = read(home, make_csv(("Seoul", PM25, "ug/m3", "24.8", "table 1", "20.7", "table 2", "derived"), header=header))
    assert (first.source_note, first.status_code) == ("table 1", "observed")
    assert (second.source_note, second.status_code) == ("table 2", "derived")


def test_a_status_for_a_whole_row_makes_no_figure_of_a_mark_for_none(home: Home) -> None:
    header = ("City", "Indicator", "Unit", "2019", "2020", "Status")
    first, second = read(home, make_csv(("Seoul", PM25, "ug/m3", "…", "20.7", "derived"), header=header))
    assert (first.status_code, first.reason_code, second.status_code) == ("missing", "not_reported", "derived")


@pytest.mark.parametrize("spelled", ["자료 위치 {}", "{} 자료 위치", "자료 위치 ({})", "자료 위치({})"])
def test_a_paired_header_may_be_written_in_several_ways(spelled: str, home: Home) -> None:
    header = ("시도", "지표", "단위", "2019년", "2020년", spelled.format("2019년"), spelled.format("2020년"))
    row = ("서울특별시", "초미세먼지(PM2.5) 연평균 농도", "㎍/㎥", "24.8", "20.7", "표 1", "표 2")
    assert [o.source_locator for o in read(home, make_csv(row, header=header))] == ["표 1", "표 2"]


def test_a_remark_column_below_a_merged_year_belongs_to_that_year(home: Home) -> None:
    rows = [["City", "Indicator", "Unit", "2019", "", "2020", ""], ["", "", "", "Value", "Source", "Value", "Source"]]
    content = make_workbook([*rows, ["Seoul", PM25, "ug/m3", 24.8, "table 1", 20.7, "table 2"]])
    assert [o.source_note for o in read(home, content, name="test.xlsx")] == ["table 1", "table 2"]


def test_a_source_column_may_belong_to_an_indicator_or_a_city(home: Home) -> None:
    header = ("City", "Year", "PM2.5 yearly mean (ug/m3)", "Total population (persons)", "Source Total population", "Source")
    one, two = read(home, make_csv(("Seoul", "2020", "20.7", "9617795", "register", "monitors"), header=header))
    assert (one.source_note, two.source_note) == ("monitors", "register")
    by_city = b"Indicator: PM2.5 yearly mean,,,,\r\nUnit: ug/m3,,,,\r\nYear,Seoul,Busan,Source Seoul,Source Busan\r\n2020,20.7,17.3,a,b\r\n"
    assert [o.source_note for o in read(home, by_city)] == ["a", "b"]


def test_a_part_named_for_a_year_divides_the_figure_of_that_year_only(home: Home) -> None:
    header = ("City", "Indicator", "Unit", "2019", "2020", "Numerator 2019", "Denominator 2019", "Numerator 2020", "Denominator 2020")
    row = ("Seoul", "ISO 37120:2018 5.1", "%", "4.5", "4.0", "45", "1000", "44", "1100")
    assert [(o.numerator_value, o.denominator_value) for o in read(home, make_csv(row, header=header))] == [(45, 1000), (44, 1100)]


def test_a_paired_column_that_fits_no_figure_is_named_in_the_receipt(home: Home) -> None:
    header = ("City", "Indicator", "Unit", "2019", "Source 2016")
    report = check(home, make_csv(("Seoul", PM25, "ug/m3", "24.8", "table 1"), header=header))
    assert any("'Source 2016' belongs to no figure" in repair for repair in report.receipt.repairs)


def test_lines_around_a_table_say_the_source_of_all_its_figures(home: Home) -> None:
    rows = [good_row(year=str(year)) for year in range(2015, 2021)]
    content = make_csv(*rows) + b"Publisher: Seoul Statistics Office (SSO)\r\nLicence: CC BY 4.0\r\nKind of source: monitoring station\r\n"
    said = {(o.source_publisher, o.source_licence, o.method_code) for o in read(home, content)}
    assert said == {("Seoul Statistics Office (SSO)", "CC BY 4.0", "monitor")}


def test_a_figure_with_a_publisher_and_no_free_note_is_cited(home: Home) -> None:
    header = (*HEADER[:5], "Publisher")
    report = check(home, make_csv((*good_row()[:5], "Seoul Statistics Office"), header=header))
    assert report.findings == ()


@pytest.mark.parametrize(
    ("word", "code"),
    [("인구총조사", "census"), ("衛星", "satellite"), ("普查", "census"), ("survei", "survey"), ("điều tra mẫu", "survey"), ("ทะเบียน", "register"),
     ("سجل", "register"), ("Press report", "press"), ("administrative record", "administrative"), ("hearsay", None)],
)  # fmt: skip
def test_the_kind_of_a_source_is_read_in_ten_languages(word: str, code: str | None, home: Home) -> None:
    content = make_csv((*good_row(), word), header=(*HEADER, "Kind of source"))
    [one] = read(home, content)
    assert (one.method_written, one.method_code) == (word, code)
    assert failed_rules(check(home, content)) == (set() if code else {"method_is_known"})


@pytest.mark.parametrize(
    ("note", "years"),
    [
        ("pm25.csv: row Seoul, columns 2015.01-2015.12", (2015, 2015)),
        ('row Ha Noi, column "2011 Total"', (2011, 2011)),
        ("census_city_2010-2020_v1.csv: row 北京市, column popu_2010", (2010, 2010)),
        ("row R01100 札幌市, item A1101 (2020)", (2020, 2020)),
        ("column Total emissions, accounting year 2017-04-01 - 2018-03-31", (2017, 2018)),
        ("row Korea / 2020 / SEOUL / City proper / source year 2023", (2020, 2020)),
        ("2015년 열", (2015, 2015)),
        ("表3，2015年列", (2015, 2015)),
        ("kolom 2015, Jakarta Dalam Angka 2021", (2015, 2015)),
        ("cột 2015", (2015, 2015)),
        ("คอลัมน์ 2015", (2015, 2015)),
        ("العمود 2015", (2015, 2015)),
        ("Statistical Yearbook 2021, table 3", None),
        ("통계연보 2021년 표 3", None),
        ("Niên giám thống kê năm 2020", None),
        ("BPS tahun 2021", None),
        ("https://example.org/2015/column/2016.csv", None),
        ("column C (published 2021)", None),
        ("column C, accessed 2024-02-20", None),
        ("発行2021年、表2", None),
        ("銀行 2015", None),
        ("row 20151 of the export", None),
        ("한국전력공사_현황_20230331.csv", None),
        ("คอลัมน์ 2558", None),
    ],
)
def test_a_data_year_is_what_a_column_row_or_cell_names(note: str, years: tuple[int, int] | None) -> None:
    assert named_years(note) == years


@pytest.mark.parametrize(
    ("note", "year", "fails"),
    [("column 2015", "2019", True), ("column 2019", "2019", False), ("columns 2010-2020", "2019", False), ("Yearbook 2021", "2019", False),
     ("row 2019, source year 2023", "2019", False), ("row 2018, source year 2023", "2019", True)],
)  # fmt: skip
def test_a_note_of_another_year_is_found_and_no_other(note: str, year: str, fails: bool, home: Home) -> None:
    assert ("source_names_the_year" in failed_rules(check(home, make_csv(good_row(year=year, source=note))))) is fails


def test_one_note_for_a_row_of_years_is_one_finding_at_the_note(home: Home) -> None:
    header = ("City", "Indicator", "Unit", "2018", "2019", "2020", "Source")
    report = check(home, make_csv(("Seoul", PM25, "ug/m3", "23.1", "24.8", "20.7", "pm25.csv: column 2018"), header=header))
    assert [(f.rule_id, f.cell, f.found) for f in report.findings] == [("source_names_the_year", "G2", "pm25.csv: column 2018")]


def test_only_the_first_part_of_a_very_long_note_is_looked_at() -> None:
    assert named_years("column 2015, " + "x" * 200_000) == (2015, 2015)
    assert named_years("x" * 200_000 + ", column 2015") is None
