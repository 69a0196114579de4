"""A standard error that a source publishes is read beside its figure, in the figure's unit, or the file is asked about it."""

import pytest

from pipelines.domain.answers import Answers
from pipelines.domain.observations import ReportedObservation
from pipelines.intake.reporting import FileToRead
from pipelines.submissions.checking import CheckRequest, Home, check_file
from tests.factories import HEADER, check, failed_rules, good_row, make_csv, make_workbook

RULE = "standard_error_is_readable"


def read(home: Home, content: bytes, *, member: str = "KOR", name: str = "test.csv") -> list[ReportedObservation]:
    return check_file(CheckRequest(FileToRead(name, content), member, "2026-11-22"), home).observations


@pytest.mark.parametrize(
    "header",
    ["Standard error", "Standard error (ug/m3)", "표준오차", "標準誤差", "标准误差", "標準誤", "Galat baku", "Ralat piawai", "Sai số chuẩn",
     "ความคลาดเคลื่อนมาตรฐาน", "الخطأ المعياري"],
)  # fmt: skip
def test_its_column_is_known_in_ten_languages(header: str, home: Home) -> None:
    content = make_csv((*good_row(), "1.25"), header=(*HEADER, header))
    [one] = read(home, content)
    assert (one.reported_value, one.standard_error_value, one.standard_error_cell) == (20.75, 1.25, "G2")
    assert failed_rules(check(home, content)) == set()


def test_it_takes_the_magnitude_of_its_figure(home: Home) -> None:
    rows = ("서울특별시", "총인구", "2020", "961.8", "만 명", "synthetic", "1.5"), ("부산광역시", "총인구", "2020", "339.2", "만 명", "synthetic", "")
    one, other = read(home, make_csv(*rows, header=(*HEADER, "표준오차")))
    assert (one.reported_value, one.standard_error_value) == (9618000.0, 15000.0)
    assert (other.reported_value, other.standard_error_value, other.standard_error_written) == (3392000.0, None, None)


def test_a_decimal_comma_is_the_files_own(home: Home) -> None:
    rows = [("Hà Nội", "ISO 37120:2018 8.1", "2020", "21,5", "ug/m3", "synthetic", "1,255")]
    [one] = read(home, make_csv(*rows, header=(*HEADER, "Sai số chuẩn"), delimiter=";"), member="VNM")
    assert (one.reported_value, one.standard_error_value) == (21.5, 1.255)


def test_a_wide_table_gives_each_year_its_own(home: Home) -> None:
    header = ("시도", "지표", "단위", "2019년", "2020년", "표준오차 2019년", "표준오차 2020년")
    found = read(home, make_csv(("서울특별시", "초미세먼지(PM2.5) 연평균 농도", "㎍/㎥", "24.8", "20.7", "1.5", "1.25"), header=header))
    assert [(o.period_year, o.standard_error_value) for o in found] == [(2019, 1.5), (2020, 1.25)]


def test_a_share_may_have_it_in_per_cent(home: Home) -> None:
    row = good_row(indicator="ISO 37120:2018 5.1", value="4.5", unit="%")
    [plain] = read(home, make_csv((*row, "0.25"), header=(*HEADER, "Standard error")))
    [signed] = read(home, make_csv((*row, "0.25%"), header=(*HEADER, "Standard error")))
    assert (plain.standard_error_value, signed.standard_error_value) == (0.25, 0.25)


@pytest.mark.parametrize(("written", "header"), [("small", ""), ("-1", ""), ("5%", ""), ("1.2 to 1.4", ""), ("0.4", " (mg/m3)"), ("3", " (%)")])
def test_what_is_no_error_in_the_figures_unit_keeps_the_file_back(written: str, header: str, home: Home) -> None:
    content = make_csv((*good_row(), written), header=(*HEADER, f"Standard error{header}"))
    report = check(home, content)
    assert RULE in failed_rules(report)
    [finding] = [f for f in report.findings if f.rule_id == RULE]
    assert (finding.column, finding.row, finding.found) == ("G", 2, written)


def test_beside_parts_without_a_value_it_is_kept_as_written(home: Home) -> None:
    header = (*HEADER, "Numerator", "Denominator", "Standard error")
    [one] = read(home, make_csv((*good_row(indicator="ISO 37120:2018 5.1", value="", unit="%"), "45", "1000", "0.25"), header=header))
    assert (one.reported_value, one.standard_error_value) == (None, 0.25)


def test_a_workbooks_number_is_a_number(home: Home) -> None:
    content = make_workbook([(*HEADER, "Standard error"), ("Seoul", "ISO 37120:2018 8.1", "2020", 20.75, "ug/m3", "synthetic", 1.25)])
    [one] = read(home, content, name="test.xlsx")
    assert one.standard_error_value == 1.25


def test_it_is_a_fraction_where_its_figure_is_one(home: Home) -> None:
    rows = [(*good_row(indicator="ISO 37120:2018 16.3", year=year, value=value, unit="%"), "0.02") for year, value in (("2019", "0.45"), ("2020", "0.5"))]
    content = make_csv(*rows, header=(*HEADER, "Standard error"))
    answers = Answers(shares={"iso37120:2018/16.3": "fraction"})
    found = check_file(CheckRequest(FileToRead("test.csv", content, answers), "KOR", "2026-11-22"), home).observations
    assert [(o.reported_value, o.standard_error_value) for o in found] == [(45.0, 2.0), (50.0, 2.0)]
