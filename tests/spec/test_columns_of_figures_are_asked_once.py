"""A column tells what one cell cannot: fractions under a unit of per cent, and rows that fit by chance."""

import pytest

from pipelines.domain.answers import Answers
from pipelines.domain.findings import Verdict
from pipelines.intake.reporting import FileToRead
from pipelines.submissions.checking import CheckedFile, CheckRequest, Home, check_file
from tests.factories import failed_rules, good_row, make_csv

RECYCLED = "iso37120:2018/16.3"
SHARES = "percent_column_is_no_fraction"
CUT = "figure_is_in_one_cell"
CUT_HEADER = ("City", "Indicator", "Year", "Unit", "Value", "Source")


def checked(home: Home, content: bytes, answers: Answers | None = None) -> CheckedFile:
    return check_file(CheckRequest(FileToRead("test.csv", content, answers or Answers()), "KOR", "2026-11-22"), home)


def shares(*values: str, indicator: str = "ISO 37120:2018 16.3") -> bytes:
    return make_csv(*(good_row(year=str(2015 + n), indicator=indicator, value=v, unit="%") for n, v in enumerate(values)))


def test_fractions_under_per_cent_are_asked_once_and_one_answer_settles_them(home: Home) -> None:
    asked = checked(home, shares("0.45", "0.5", "0.59"))
    [finding] = asked.report.findings
    assert (finding.rule_id, finding.cell, asked.report.receipt.verdict) == (SHARES, "D2", Verdict.REJECTED)
    assert [(s.answer, s.about, s.target) for s in finding.suggestions] == [("shares", RECYCLED, "fraction"), ("shares", RECYCLED, "percent")]
    as_fractions = checked(home, shares("0.45", "0.5", "0.59"), Answers(shares={RECYCLED: "fraction"}))
    assert [o.reported_value for o in as_fractions.observations] == [45, 50, 59]
    assert as_fractions.report.receipt.verdict is Verdict.ACCEPTABLE
    as_written = checked(home, shares("0.45", "0.5", "0.59"), Answers(shares={RECYCLED: "percent"}))
    assert [o.reported_value for o in as_written.observations] == [0.45, 0.5, 0.59]
    assert as_written.report.receipt.verdict is Verdict.ACCEPTABLE


@pytest.mark.parametrize("values", [("0.4", "0.6", "1.2"), ("0.4",), ("0.4%", "0.6%"), ("0", "0.4", "0")])
def test_small_shares_are_not_asked_where_the_column_does_not_say_so(home: Home, values: tuple[str, ...]) -> None:
    assert SHARES not in failed_rules(checked(home, shares(*values)).report)


def test_small_shares_are_not_asked_where_a_hundred_times_as_much_is_impossible(home: Home) -> None:
    assert SHARES not in failed_rules(checked(home, shares("0.4", "0.6", indicator="ISO 37120:2018 13.4.1")).report)


def test_an_answer_about_shares_must_name_an_indicator_in_per_cent(home: Home) -> None:
    wrong = Answers(shares={"iso37120:2018/8.1": "fraction", RECYCLED: "half"})
    found = [f.found for f in checked(home, make_csv(good_row()), wrong).report.findings if f.rule_id == "answers_fit_the_file"]
    assert len(found) == 2


def test_a_figure_cut_at_its_comma_is_asked_and_says_no_value(home: Home) -> None:
    content = make_csv(("Busan", "Total population", "2009", "persons", "630", "528"), header=CUT_HEADER)
    result = checked(home, content)
    assert [(f.cell, f.found) for f in result.report.findings if f.rule_id == CUT] == [("E2", "630 | 528")]
    assert [o.reported_value for o in result.observations] == [None]
    answered = checked(home, content, Answers(corrections={"E2": "630528"}))
    assert CUT not in failed_rules(answered.report)
    assert [o.reported_value for o in answered.observations] == [630528]


@pytest.mark.parametrize(
    ("rows", "header", "delimiter"),
    [
        ([("Busan", "Total population", "2009", "persons", "630", "528")], CUT_HEADER, ";"),
        ([("Busan", "Total population", "2009", "persons", "630", "528"), ("Seoul", "Total population", "2009", "persons", "9668465", "101")], CUT_HEADER, ","),
        ([("Busan", "Total population", "2009", "persons", "630", "table 528")], CUT_HEADER, ","),
        ([("Busan", "2009", "630", "528", "x")], ("City", "Year", "Total population (persons)", "65세이상인구 (명)", "Source"), ","),
    ],
)
def test_a_number_beside_a_figure_is_not_asked_where_it_has_its_own_meaning(
    home: Home, rows: list[tuple[str, ...]], header: tuple[str, ...], delimiter: str
) -> None:
    assert CUT not in failed_rules(checked(home, make_csv(*rows, header=header, delimiter=delimiter)).report)
