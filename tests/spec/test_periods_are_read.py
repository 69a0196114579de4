"""Written periods, from domain.md section 3.4: parts here, real dates in the dbt unit tests."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.intake.parsing.periods import DateHabits, date_order_shown, read_period

READ = [
    ("2020", ("gregorian", 2020, None, None)), ("2020년", ("gregorian", 2020, None, None)), ("Năm 2016", ("gregorian", 2016, None, None)),
    ("２０２０年", ("gregorian", 2020, None, None)), ("٢٠٢٠م", ("gregorian", 2020, None, None)), ("2020.04", ("gregorian", 2020, 4, None)),
    ("2023-12", ("gregorian", 2023, 12, None)), ("2022.01.31.", ("gregorian", 2022, 1, 31)), ("2023.12.31. 현재", ("gregorian", 2023, 12, 31)),
    ("2023年12月31日", ("gregorian", 2023, 12, 31)), ("2023年末", ("gregorian", 2023, 12, 31)), ("31/12/2023", ("gregorian", 2023, 12, 31)),
    ("12/31/2023", ("gregorian", 2023, 12, 31)), ("令和5年度", ("reiwa_fiscal", 5, None, None)), ("令和元年", ("reiwa", 1, None, None)),
    ("R5", ("reiwa", 5, None, None)), ("平成31年", ("heisei", 31, None, None)), ("昭和60年度", ("showa_fiscal", 60, None, None)),
    ("พ.ศ. 2567", ("buddhist", 2567, None, None)), ("民國113年", ("minguo", 113, None, None)), ("1445هـ", ("hijri", 1445, None, None)),
    ("2023年度", ("gregorian_fiscal", 2023, None, None)), ("FY2023", ("gregorian_fiscal", 2023, None, None)),
    ("2023-24", ("split_year", 2023, None, None)), ("2020/2021", ("split_year", 2020, None, None)), ("FY2023-24", ("split_year", 2023, None, None)),
    ("2023년 말", ("gregorian", 2023, 12, 31)), ("per 31 Desember 2023", ("gregorian", 2023, 12, 31)), ("December 31, 2023", ("gregorian", 2023, 12, 31)),
    ("end of 2023", ("gregorian", 2023, 12, 31)), ("tháng 4 năm 2023", ("gregorian", 2023, 4, None)), ("04/2023", ("gregorian", 2023, 4, None)),
    ("20231231", ("gregorian", 2023, 12, 31)), ("二〇二三年", ("gregorian", 2023, None, None)), ("令和5年10月1日現在", ("reiwa", 5, 10, 1)),
    ("民國112年底", ("minguo", 112, 12, 31)), ("1402 هجری شمسی", ("solar_hijri", 1402, None, None)), ("단기 4356", ("dangi", 4356, None, None)),
    ("ปีงบประมาณ พ.ศ. 2567", ("buddhist_fiscal", 2567, None, None)), ("31 ธันวาคม พ.ศ. 2566", ("buddhist", 2566, 12, 31)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "parts"), READ)
def test_a_period_is_read_in_its_own_calendar(text: str, parts: tuple[str, int, int | None, int | None]) -> None:
    period = read_period(text)
    assert (period.state, period.calendar, period.year, period.month, period.day) == ("read", *parts)


@pytest.mark.parametrize("text", ["03/04/2023", "2567", "1445", "113年", "2020.1", "2011-12", "2009-10", "2020-2021"])
def test_what_can_be_read_in_two_ways_is_not_read(text: str) -> None:
    assert read_period(text).state in ("ambiguous", "unreadable")


@pytest.mark.parametrize("text", ["31/02/2023", "2023-13", "soon", "2020-2022-24", "12", "令和", "平成40年", "昭和99年"])
def test_what_is_no_period_is_unreadable(text: str) -> None:
    assert read_period(text).state == "unreadable"


@pytest.mark.parametrize(("text", "months"), [("2017.1/4", 3), ("2023-Q2", 3), ("2023년 3분기", 3), ("2023-S2", 6), ("2019~2021", 36), ("2019-2021", 36)])
def test_a_span_says_how_many_months_it_has(text: str, months: int) -> None:
    assert (read_period(text).state, read_period(text).months) == ("read", months)


@pytest.mark.parametrize(
    ("text", "calendar", "parts"),
    [
        ("2567", "buddhist", ("buddhist", 2567)),
        ("113年", "minguo", ("minguo", 113)),
        ("1445", "hijri", ("hijri", 1445)),
        ("2023", "buddhist", ("gregorian", 2023)),
    ],
)
def test_a_country_that_counts_otherwise_decides_a_bare_year(text: str, calendar: str, parts: tuple[str, int]) -> None:
    period = read_period(text, habits=DateHabits(calendar=calendar))
    assert (period.calendar, period.year) == parts


def test_the_order_of_day_and_month_is_decided_by_the_file() -> None:
    assert [date_order_shown(t) for t in ("31/12/2023", "12/31/2023", "03/04/2023", "2023-12-31")] == ["dmy", "mdy", "", ""]
    assert read_period("03/04/2023", habits=DateHabits(order="dmy")).month == 4
    assert read_period("03/04/2023", habits=DateHabits(order="mdy")).month == 3


def test_a_header_can_name_the_calendar() -> None:
    assert read_period("2567", header_calendar="buddhist").calendar == "buddhist"
    assert read_period("113", header_calendar="minguo").year == 113


def test_a_number_cell_that_may_have_lost_its_zero_is_ambiguous() -> None:
    assert read_period("2020.1", is_number=True).state == "ambiguous"


@given(st.text(max_size=24))
def test_no_text_breaks_the_reader(text: str) -> None:
    assert read_period(text).state in ("read", "blank", "ambiguous", "unreadable")
