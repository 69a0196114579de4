"""What a header, a line above or an answer says is used or refused, never passed over."""

import pytest

from pipelines.domain.answers import NO_ANSWERS, Answers
from pipelines.intake.reporting import FileToRead
from pipelines.submissions.checking import CheckedFile, CheckRequest, Home, check_file


def checked(text: str, home: Home, answers: Answers = NO_ANSWERS) -> CheckedFile:
    return check_file(CheckRequest(FileToRead("test.csv", text.encode(), answers), "KOR", "2026-11-22"), home)


def blockers(text: str, home: Home, answers: Answers = NO_ANSWERS) -> list[tuple[str, str]]:
    return [(f.rule_id, f.place) for f in checked(text, home, answers).report.findings if f.severity == "blocker"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("City,Year,Total population (female),Unit\nSeoul,2020,4932000,persons\n", [("unit_is_known", "C1")]),
        ("City,Year,Total population (thousand persons),Unit\nSeoul,2020,9668,persons\n", [("units_agree", "C2")]),
        ("City,Year,Total population (persons),Unit\nSeoul,2020,9668465,persons\n", []),
        ("단위: 천\n도시,연도,총인구 (명)\n서울특별시,2020,9668\n", [("units_agree", "C3")]),
        ("Unit: in thousands\nCity,Year,Total population (persons)\nSeoul,2020,9668\n", [("units_agree", "C3")]),
        ("단위: 명, 천대\n도시,연도,총인구 (명)\n서울특별시,2020,9668465\n", []),
        ("City,Year,Total population (thousand persons)\n,,persons\nSeoul,2020,9668\n", [("headers_are_known", "C1")]),
        ("Indicator: Total population\nUnit: persons\nYear,Seoul,Busan\n2020,9668465,3391946\n,9668465,\n", [("period_is_readable", "A5")]),
        (
            "City,Indicator,Year,Value,Unit,Numerator (thousand persons),Denominator (persons)\nSeoul,ISO 37120:2018 5.1,2020,4.5,%,45,1000000\n",
            [],
        ),
        (
            "City,Indicator,Year,Value,Unit,Numerator (female),Denominator\nSeoul,ISO 37120:2018 5.1,2020,4.5,%,45,1000\n",
            [("fraction_is_readable", "F2"), ("fraction_is_whole", "G2")],
        ),
    ],
)
def test_words_beside_a_figure_count(text: str, expected: list[tuple[str, str]], home: Home) -> None:
    assert blockers(text, home) == expected


GOOD = "City,Indicator,Year,Value,Unit\nSeoul,Total population,2020,9668465,persons\n"


@pytest.mark.parametrize(
    "answers",
    [
        Answers(cities={"Place": "XXX-NOWHERE"}), Answers(cities={"Place": "JPN-TOKYO"}), Answers(indicators={"x": "iso37120:2018/99.9"}),
        Answers(units={"x": "furlong"}), Answers(headers={"x": "bar"}), Answers(headers={"x": "iso37120:2018/8.1 | furlong"}), Answers(headers={"*": "value"}),
        Answers(constants={"weather": "fine"}), Answers(corrections={"Z99": "1"}), Answers(explanations={"Z99": "because"}),
    ],
)  # fmt: skip
def test_an_answer_that_points_nowhere_is_refused(answers: Answers, home: Home) -> None:
    assert [rule for rule, _ in blockers(GOOD, home, answers)] == ["answers_fit_the_file"]


@pytest.mark.parametrize(
    "answers",
    [
        NO_ANSWERS, Answers(cities={"Place": "KOR-SEOUL", "*": "ignore"}), Answers(headers={"x": "ignore", "y": "iso37120:2018/8.1 | ug/m3"}),
        Answers(explanations={"D2": "a census"}), Answers(explanations={"C2": "the year of the census"}),
    ],
)  # fmt: skip
def test_an_answer_that_fits_is_taken(answers: Answers, home: Home) -> None:
    assert blockers(GOOD, home, answers) == []
    assert checked(GOOD, home, answers).observations[0].explanation_text == next(iter(answers.explanations.values()), None)
