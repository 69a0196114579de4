"""A figure is what a person reads in its cell: runs, breaks, marks and readings, in every kind of file."""

from pathlib import Path

import pytest

from pipelines.domain.answers import Answers
from pipelines.domain.findings import Verdict
from pipelines.domain.texts import fold, name_readings, raise_text, split_note_mark
from pipelines.intake.parsing.numbers import read_number
from pipelines.intake.parsing.periods import read_period
from pipelines.intake.reporting import FileToRead
from pipelines.submissions.checking import CheckedFile, CheckRequest, Home, check_file
from tests.conftest import ROOT
from tests.factories import failed_rules, good_row, make_csv

SUITE = ROOT / "tests" / "fixtures" / "submissions"


def checked(home: Home, path: Path, answers: Answers | None = None) -> CheckedFile:
    member = path.name.partition("__")[0]
    return check_file(CheckRequest(FileToRead(path.name, path.read_bytes(), answers or Answers()), member, "2026-11-22"), home)


def checked_bytes(home: Home, content: bytes, answers: Answers | None = None) -> CheckedFile:
    return check_file(CheckRequest(FileToRead("test.csv", content, answers or Answers()), "KOR", "2026-11-22"), home)


def quoted(row: tuple[str, ...]) -> bytes:
    return make_csv(tuple(cell if "," in cell else f'"{cell}"' for cell in row))


@pytest.mark.parametrize("ending", ["xlsx", "ods", "xls"])
def test_raised_marks_are_taken_off_and_named_and_raised_exponents_stay_in_the_unit(home: Home, ending: str) -> None:
    result = checked(home, SUITE / "should_pass" / f"KOR__raised_and_lowered_runs.{ending}")
    [one] = result.observations
    assert (one.reported_value, one.period_year, one.city_code) == (20.7, 2020, "KOR-SEOUL")
    assert (one.unit_code, one.indicator_code) == ("ug_per_m3", "iso37120:2018/8.1")
    named = " ".join(result.report.receipt.repairs)
    assert all(word in named for word in ("A2: note mark ³⁾", "C2: note mark ¹", "D2: note mark ²"))


@pytest.mark.parametrize("name", ["KOR__text_is_not_struck_out.xlsx", "KOR__text_is_not_struck_out__run.ods", "KOR__text_is_not_struck_out.xls"])
def test_a_struck_out_digit_is_asked_at_its_cell_and_a_correction_answers_it(home: Home, name: str) -> None:
    result = checked(home, SUITE / "should_fail" / name)
    [finding] = [f for f in result.report.findings if f.rule_id == "text_is_not_struck_out"]
    assert (finding.cell, finding.found) == ("D2", "7.5 (beside it, struck out: 2)")
    assert 27.5 not in [o.reported_value for o in result.observations]
    answered = checked(home, SUITE / "should_fail" / name, Answers(corrections={finding.place: "7.5"}))
    assert answered.report.receipt.verdict is Verdict.ACCEPTABLE
    assert [o.reported_value for o in answered.observations] == [7.5]


@pytest.mark.parametrize("ending", ["xlsx", "ods", "xls", "csv"])
def test_two_lines_of_a_cell_are_never_one_number(home: Home, ending: str) -> None:
    result = checked(home, SUITE / "should_fail" / f"KOR__value_is_readable__two_lines.{ending}")
    assert [o.reported_value for o in result.observations] == [None]


@pytest.mark.parametrize("name", ["JPN__readings_breaks_and_attributes.ods", "JPN__readings_in_a_workbook.xlsx"])
def test_a_reading_is_no_part_of_a_name(home: Home, name: str) -> None:
    [one] = checked(home, SUITE / "should_pass" / name).observations
    assert (one.city_written, one.city_code, one.reported_value, one.unit_code) == ("東京都", "JPN-TOKYO-PREF", 20.75, "ug_per_m3")


@pytest.mark.parametrize("written", ["22.4❶", "22.4⓵", "22.4➀", "22.4🄂", "22.4⑴", "22.4㈠", "22.4①", "22.4¹,²", "22.4¹⁾ ²⁾", "22.4ᵃ", "22.4⁽주1⁾"])
def test_signs_that_are_no_decimal_digits_are_note_marks(home: Home, written: str) -> None:
    result = checked_bytes(home, quoted(good_row(value=written)))
    assert [o.reported_value for o in result.observations] == [22.4]
    assert "taken off the value" in " ".join(result.report.receipt.repairs)


@pytest.mark.parametrize("written", ["❶2.4", "2⒈4", "½", "20½", "10⁶", "1.5×10⁶", "20.7₂", "17|1", "9_668_465", "1 2|3", "26\n140", "2\u2028345", "1\t234"])
def test_what_holds_other_signs_is_no_number(home: Home, written: str) -> None:
    result = checked_bytes(home, quoted(good_row(value=written)))
    assert [o.reported_value for o in result.observations] == [None]
    assert result.report.has_blocker


def test_arabic_thousands_and_decimal_signs_are_read_as_before() -> None:
    assert read_number("1٬234٫5").as_dot == read_number("١٬٢٣٤٫٥").as_dot == 1234.5
    assert read_number("2٬345 مليون").as_dot == 2_345_000_000


@pytest.mark.parametrize("written", ["202❶", "2020年❶月", "20²0"])
def test_other_signs_are_no_digits_of_a_period(written: str) -> None:
    assert read_period(written).state == "unreadable"


def test_a_sign_behind_a_code_never_makes_another_code(home: Home) -> None:
    assert name_readings("ISO 37120:2018 8.1²") == ("ISO 37120:2018 8.1",)
    [one] = checked_bytes(home, make_csv(good_row(indicator="ISO 37122:2019 19.1¹", unit="%", value="42.5"))).observations
    assert one.indicator_code == "iso37122:2019/19.1"


@pytest.mark.parametrize(("raised", "shown"), [("2", "²"), ("1)", "¹⁾"), ("주1", "⁽주1⁾"), ("*", "*"), ("p)", "ᵖ⁾"), ("1,2", "¹,²")])
def test_a_raised_run_is_written_with_signs_that_can_be_taken_off(raised: str, shown: str) -> None:
    assert raise_text(raised) == shown
    assert split_note_mark("20.7" + shown)[0] == "20.7"


@pytest.mark.parametrize("written", ["الريـــاض", "الرِّيَاض", "ألرياض"])
def test_stretching_vowel_signs_and_forms_of_alef_do_not_make_another_arabic_word(written: str) -> None:
    assert fold(written) == fold("الرياض")


@pytest.mark.parametrize(("remark", "status"), [("연평균", "observed"), ("잠정", "estimated"), ("annual mean", "observed"), ("provisional", "estimated")])
def test_a_harmless_remark_in_a_header_leaves_the_unit_column_alone(home: Home, remark: str, status: str) -> None:
    content = make_csv(("Seoul", "2020", "20.7", "ug/m3", "x"), header=("City", "Year", f"PM2.5 yearly mean ({remark})", "Unit", "Source"))
    result = checked_bytes(home, content)
    assert [(o.unit_code, o.status_code) for o in result.observations] == [("ug_per_m3", status)]
    assert any(f"{remark!r} read as a remark" in r for r in result.report.receipt.repairs)


def test_other_words_in_a_header_are_still_asked(home: Home) -> None:
    content = make_csv(("Seoul", "2020", "20.7", "ug/m3", "x"), header=("City", "Year", "PM2.5 yearly mean (roadside)", "Unit", "Source"))
    assert failed_rules(checked_bytes(home, content).report) == {"unit_is_known"}


@pytest.mark.parametrize(("value", "status", "outcome"), [("NaN", "M", (None, "missing")), ("", "M", (None, "missing")), ("nan", "A", (None, "observed"))])
def test_nan_is_missing_only_where_a_status_says_so(home: Home, value: str, status: str, outcome: tuple[float | None, str]) -> None:
    result = checked_bytes(home, make_csv((*good_row(value=value), status), header=("City", "Indicator", "Year", "Value", "Unit", "Source", "OBS_STATUS")))
    assert [(o.reported_value, o.status_code) for o in result.observations] == [outcome]
    assert result.report.has_blocker == (outcome[1] != "missing")
