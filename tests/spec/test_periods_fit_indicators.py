"""A figure's period is the one its indicator needs; parts of a year and dates are no year; one answer serves a file."""

import pytest

from pipelines.contracts.catalogues import load_registry
from pipelines.domain.answers import Answers, answers_from_json
from pipelines.domain.errors import UsageError
from pipelines.domain.findings import Verdict
from pipelines.intake.reporting import FileToRead
from pipelines.submissions.checking import CheckedFile, CheckRequest, Home, check_file
from tests.conftest import ROOT
from tests.factories import good_row, make_csv
from tests.fixtures.fault_writing_periods import PM10, WASTE


def checked(home: Home, content: bytes, *, member: str = "KOR", **periods: str) -> CheckedFile:
    file = FileToRead("test.csv", content, Answers(periods=periods))
    return check_file(CheckRequest(file, member, "2026-11-22"), home)


def rules_of(result: CheckedFile) -> dict[str, int]:
    rules = [f.rule_id for f in result.report.findings]
    return {rule: rules.count(rule) for rule in dict.fromkeys(rules)}


def spans(result: CheckedFile) -> list[tuple[str, str, str, float]]:
    return [(f.indicator_code, str(f.period_start), str(f.period_end), f.value) for f in result.figures]


WASTE_OF_A_DATE = make_csv(good_row(indicator=WASTE, year="2020-12-31", value="1", unit="kg/person/day"))


def test_a_rate_per_day_at_a_date_is_asked_and_never_scaled_by_one_day(home: Home) -> None:
    asked = checked(home, WASTE_OF_A_DATE)
    assert rules_of(asked) == {"date_stands_for_period": 1}
    assert asked.report.receipt.verdict is Verdict.REJECTED
    assert spans(asked) == [("iso37120:2018/16.2", "2020-12-31", "2020-12-31", pytest.approx(0.366))]
    answered = checked(home, WASTE_OF_A_DATE, date="within")
    assert answered.report.receipt.verdict is Verdict.ACCEPTABLE
    assert spans(answered) == [("iso37120:2018/16.2", "2020-01-01", "2020-12-31", pytest.approx(0.366))]
    [line] = answered.report.receipt.repairs
    assert "of a date read as the year in which it lies" in line
    assert "Seoul 2020-12-31" in line
    assert "read as the year in which it lies by the sender's answer" in answered.observations[0].parse_trail


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("2021-03-31", "2020-04-01", "2021-03-31"),
        ("2020-12-31", "2020-01-01", "2020-12-31"),
        ("2020-02-29", "2019-03-01", "2020-02-29"),
    ],
)
def test_a_date_may_end_its_year(home: Home, written: str, first: str, last: str) -> None:
    result = checked(home, make_csv(good_row(year=written)), date="ended")
    assert result.report.receipt.verdict is Verdict.ACCEPTABLE
    assert spans(result) == [("iso37120:2018/8.1", first, last, 20.75)]


def test_a_date_inside_a_month_ends_no_year_and_stays_a_question(home: Home) -> None:
    assert rules_of(checked(home, make_csv(good_row(year="2020-05-12")), date="ended")) == {"date_stands_for_period": 1}


def test_an_era_date_is_read_as_the_year_of_its_own_calendar(home: Home) -> None:
    result = checked(home, make_csv(good_row(city="大阪市", year="令和3年3月31日")), member="JPN", date="ended")
    assert spans(result) == [("iso37120:2018/8.1", "2020-04-01", "2021-03-31", 20.75)]


def test_a_month_of_a_yearly_mean_is_refused_and_the_monthly_indicator_suggested_where_there_is_one(
    home: Home,
) -> None:
    result = checked(home, make_csv(good_row(year="2020-05"), good_row(indicator=PM10, year="2020-05", value="41")))
    assert rules_of(result) == {"period_fits_indicator": 2}
    first, second = result.report.findings
    assert [(s.answer, s.about, s.target) for s in first.suggestions] == [("periods", "other_length", "monthly_twin")]
    assert second.suggestions == ()
    assert (first.cell, first.found) == ("C2", "2020-05")


def test_one_answer_takes_months_to_the_monthly_indicator_and_names_what_it_leaves_out(home: Home) -> None:
    rows = [
        good_row(),
        good_row(year="2020-05", value="18"),
        good_row(indicator=PM10, year="2020-05", value="41"),
        good_row(year="2020-Q2", value="19"),
    ]
    result = checked(home, make_csv(*rows), other_length="monthly_twin")
    assert rules_of(result) == {}
    assert spans(result) == [
        ("iso37120:2018/8.1", "2020-01-01", "2020-12-31", 20.75),
        ("forum:2026/pm25_monthly_mean", "2020-05-01", "2020-05-31", 18.0),
    ]
    repairs = " | ".join(result.report.receipt.repairs)
    other = "whose period has another length than the indicator needs left out by the sender's answer"
    assert f"1 figures of 'ISO 37120:2018 8.2' {other}: Seoul 2020-05" in repairs
    assert "Seoul 2020-Q2" in repairs
    taken = "of months taken as forum:2026/pm25_monthly_mean by the sender's answer"
    assert f"'ISO 37120:2018 8.1' {taken}: Seoul 2020-05" in repairs


def test_an_older_code_needs_the_period_of_its_successor(home: Home) -> None:
    content = make_csv(good_row(indicator="iso37120:2014/8.1", year="2020-05"))
    assert rules_of(checked(home, content)) == {"period_fits_indicator": 1}
    assert spans(checked(home, content, other_length="monthly_twin"))[0][0] == "forum:2026/pm25_monthly_mean"


def test_a_reason_for_no_figure_is_not_asked_for_its_period(home: Home) -> None:
    assert rules_of(checked(home, make_csv(good_row(year="2020-05", value="…")))) == {}


@pytest.mark.parametrize("written", ["2020", "FY2020", "2020-01-01 to 2020-12-31"])
def test_a_whole_year_in_any_spelling_is_a_year(home: Home, written: str) -> None:
    assert rules_of(checked(home, make_csv(good_row(year=written)))) == {}


@pytest.mark.parametrize("periods", ['{"date":"monthly_twin"}', '{"month":"leave_out"}', '"within"'])
def test_an_answer_about_periods_that_is_not_known_is_refused(periods: str) -> None:
    with pytest.raises(UsageError):
        answers_from_json(f'{{"periods":{periods}}}')


def test_answers_about_periods_are_of_one_file_and_asked_again_of_the_next() -> None:
    answers = answers_from_json('{"periods":{"date":"within","other_length":"leave_out"},"decimal_sign":","}')
    assert answers.recipe() == Answers(decimal_sign=",")


def test_a_unit_of_time_never_contradicts_what_an_indicator_is() -> None:
    """Units by the year, day or month are of yearly, daily and monthly kinds; a stock needs no whole year."""
    kinds = {"_year": {"yearly_flow", "yearly_rate"}, "_day": {"daily_rate"}, "_month": {"monthly_rate"}}
    rows = load_registry(ROOT / "data_contracts")["indicators"]
    by_unit = [(r, fit) for r in rows for end, fit in kinds.items() if r["unit_code"].endswith(end)]
    strange = [r["indicator_code"] for r, fit in by_unit if r["measure_kind"] not in fit]
    assert strange == []
    yearly = [r for r in rows if r["measure_kind"] in ("yearly_flow", "yearly_rate", "daily_rate")]
    assert {r["period_need"] for r in yearly} <= {"year", "years"}
    stocks = [r for r in rows if r["measure_kind"] in ("stock", "share_of_stock")]
    assert {r["period_need"] for r in stocks} <= {"date_or_year", "any"}
    assert len(rows) > 350


SDMX = ("REF_AREA", "INDICATOR", "TIME_PERIOD", "OBS_VALUE", "UNIT_MEASURE", "OBS_STATUS")


@pytest.mark.parametrize("part", ["2020-W05", "2020-Q1", "2020-T2", "2020-S1"])
def test_coded_parts_of_a_year_of_an_sdmx_file_are_left_out_and_named(home: Home, part: str) -> None:
    rows = [("KOR-SEOUL", PM10, period, "37", "ug_per_m3", "A") for period in ("2020", part)]
    result = checked(home, make_csv(*rows, header=SDMX))
    assert result.report.receipt.verdict is Verdict.ACCEPTABLE
    assert [(str(f.period_start), str(f.period_end)) for f in result.figures] == [("2020-01-01", "2020-12-31")]
    [line] = [r for r in result.report.receipt.repairs if "left out" in r]
    assert line.endswith(f"KOR-SEOUL {part}")


def test_months_of_an_sdmx_file_and_parts_of_a_year_elsewhere_are_still_asked(home: Home) -> None:
    of_a_month = checked(home, make_csv(("KOR-SEOUL", PM10, "2020-03", "37", "ug_per_m3", "A"), header=SDMX))
    assert rules_of(of_a_month)["period_fits_indicator"] == 1
    assert rules_of(checked(home, make_csv(good_row(indicator=PM10, year="2020-Q1", value="37"))))["period_fits_indicator"] == 1
