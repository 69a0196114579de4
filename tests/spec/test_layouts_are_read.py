"""Each shape of table gives exactly the figures that stand in it: city, indicator, period, value, unit, cell."""

from pathlib import Path

import pytest

from pipelines.intake.reporting import FileToRead
from pipelines.submissions.checking import CheckRequest, Home, check_file
from tests.conftest import ROOT

WALL = ROOT / "tests" / "fixtures" / "submissions" / "should_pass"
PM25, PEOPLE = "iso37120:2018/8.1", "forum:2026/population_total"
EXPECTED = {
    "KOR__two_level_merged_header_and_total_row.xlsx": [
        ("KOR-SEOUL", PM25, 2019, None, 24.8, "ug_per_m3", "B7"), ("KOR-SEOUL", PM25, 2020, None, 20.8, "ug_per_m3", "C7"),
        ("KOR-SEOUL", PEOPLE, 2019, None, 9729, "thousand_count", "D7"), ("KOR-SEOUL", PEOPLE, 2020, None, 9668, "thousand_count", "E7"),
        ("KOR-BUSAN", PM25, 2019, None, 21.5, "ug_per_m3", "B8"), ("KOR-BUSAN", PM25, 2020, None, 17.3, "ug_per_m3", "C8"),
        ("KOR-BUSAN", PEOPLE, 2019, None, 3414, "thousand_count", "D8"), ("KOR-BUSAN", PEOPLE, 2020, None, 3392, "thousand_count", "E8"),
    ],
    "KOR__two_level_header_by_blanks.csv": [("KOR-SEOUL", PM25, 2019, None, 24.8, "ug_per_m3", "B3"), ("KOR-SEOUL", PM25, 2020, None, 20.8, "ug_per_m3", "C3")],
    "KOR__cities_across.csv": [
        ("KOR-SEOUL", "forum:2026/electric_vehicles", 2022, 1, 41140, "count", "B4"), ("KOR-BUSAN", "forum:2026/electric_vehicles", 2022, 1, 12501, "count", "C4"),
    ],
    "KOR__two_tables_on_a_sheet.xlsx": [("KOR-SEOUL", PM25, 2020, None, 20.75, "ug_per_m3", "C2"), ("KOR-SEOUL", PEOPLE, 2020, None, 9668, "thousand_count", "C6")],
    "KOR__year_in_the_header_of_each_indicator.csv": [
        ("KOR-SEOUL", PEOPLE, 2020, 4, 9726787, "count", "B2"), ("KOR-SEOUL", "forum:2026/persons_per_household", 2020, 4, 2.23, "persons_per_household", "C2"),
    ],
    "KOR__region_and_part_in_two_columns.csv": [("KOR-SEOUL", PM25, 2020, None, 20.75, "ug_per_m3", "C2")],
    "KOR__sdmx_csv.csv": [("KOR-SEOUL", PM25, 2020, None, 20.75, "ug_per_m3", "H2")],
    "KOR__magnitude_words.csv": [("KOR-SEOUL", PEOPLE, 2020, None, 9726787, "count", "D2"), ("KOR-SEOUL", PEOPLE, 2019, None, 9700000, "count", "D3")],
    "KOR__glued_unit.csv": [("KOR-SEOUL", PM25, 2020, None, 20.75, "ug_per_m3", "D2")],
    "KOR__utf16_without_mark.tsv": [("KOR-SEOUL", PM25, 2020, None, 20.75, "ug_per_m3", "D2")],
    "JPN__era_day_and_magnitude.csv": [("JPN-OSAKA", PEOPLE, 2, 10, 2752412, "count", "D2")],
    "CHN__ten_thousand_in_the_header.csv": [("CHN-BEIJING", PEOPLE, 2020, None, 21893100, "count", "C2")],
    "CHN__chinese_numerals.csv": [("CHN-BEIJING", PEOPLE, 2020, None, 21890000, "count", "C2")],
    "TWN__bare_minguo_year.csv": [("TWN-TAIPEI", PM25, 109, None, 20.75, "ug_per_m3", "D2")],
    "IDN__juta_and_title_lines.csv": [("IDN-MEDAN", PEOPLE, 2020, None, 2400000, "count", "B4")],
    "VNM__provisional_column_and_decimal_comma.csv": [("VNM-HANOI", PM25, 2019, None, 23.8, "ug_per_m3", "B2"), ("VNM-HANOI", PM25, 2020, None, 21.5, "ug_per_m3", "C2")],
    "VNM__cp1258.csv": [("VNM-HANOI", PEOPLE, 2020, None, 8200000, "count", "C2")],
    "THA__bare_buddhist_year_and_digits.csv": [("THA-BANGKOK", PM25, 2563, None, 20.75, "ug_per_m3", "D2")],
    "SAU__right_to_left_bare_hijri_year.xlsx": [("SAU-RIYADH", PM25, 1441, None, 20.75, "ug_per_m3", "D2")],
    "SAU__magnitude_word_cp1256.csv": [("SAU-RIYADH", PEOPLE, 2020, None, 2000000, "count", "C2")],
    "MYS__dates_shown_by_another_cell.csv": [
        ("MYS-KUALA-LUMPUR", "forum:2026/population_total", 2019, 12, 1780400.0, "count", "D2"),
        ("MYS-KUALA-LUMPUR", "forum:2026/population_total", 2020, 4, 1780400.0, "count", "D3"),
    ],
    "SGP__split_year.csv": [("SGP-SINGAPORE", PM25, 2019, None, 20.75, "ug_per_m3", "D2")],
    "HKG__big5.csv": [("HKG-HONG-KONG", PM25, 2020, None, 20.75, "ug_per_m3", "D2")],
}  # fmt: skip


@pytest.mark.parametrize("name", EXPECTED)
def test_every_figure_is_read_from_its_own_cell(name: str, home: Home) -> None:
    path: Path = WALL / name
    observations = check_file(CheckRequest(FileToRead(name, path.read_bytes()), name[:3], "2026-11-22"), home).observations
    read = [
        (o.city_code, o.indicator_code, o.period_year, o.period_month, o.reported_value, o.unit_code, f"{o.source_column}{o.source_row}") for o in observations
    ]
    assert sorted(read) == sorted(EXPECTED[name])


def test_a_provisional_column_makes_its_figures_estimates(home: Home) -> None:
    name = "VNM__provisional_column_and_decimal_comma.csv"
    observations = check_file(CheckRequest(FileToRead(name, (WALL / name).read_bytes()), "VNM", "2026-11-22"), home).observations
    assert [o.status_code for o in observations] == ["observed", "estimated"]


def test_a_part_of_another_region_is_never_taken_for_a_city_of_its_name(home: Home) -> None:
    name = "KOR__city_is_known__part_of_another_region.csv"
    observations = check_file(CheckRequest(FileToRead(name, (WALL.parent / "should_fail" / name).read_bytes()), "KOR", "2026-11-22"), home).observations
    assert [o.city_code for o in observations] == [None]
