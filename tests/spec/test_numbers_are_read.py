"""Written numbers, from domain.md section 3.3."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.intake.parsing.numbers import decide, read_number, settle

CERTAIN = [
    ("1.234,5", 1234.5), ("1,234.5", 1234.5), ("9,726,787", 9726787), ("1.234.567", 1234567), ("24.5", 24.5), ("0.123", 0.123),
    ("12,34,567", 1234567), ("１２，３４５．６", 12345.6), ("١٬٢٣٤٫٥", 1234.5), ("٢٠٫٧٥", 20.75), ("۱۲۳", 123), ("๑๒๓", 123),
    ("△3.2", -3.2), ("▲3.2", -3.2), ("−3.2", -3.2), ("(3.2)", -3.2), ("3.2-", -3.2), ("1 234,5", 1234.5), ("1234", 1234), ("1.2e3", 1200),
    ("85.5%", 85.5), (".5", 0.5), ("0", 0), ("12.5‰", 12.5),
    ("3만", 30000), ("3만 5천", 35000), ("35萬", 350000), ("1억 2,000만", 120000000), ("1억2,000만", 120000000), ("3천만", 30000000),
    ("2,5 juta", 2500000), ("1,2 tỷ", 1200000000), ("2 nghìn", 2000), ("٣ آلاف", 3000), ("2,5 مليون", 2500000), ("3 พันล้าน", 3000000000),
    ("1.5 million", 1500000), ("2 lakh", 200000), ("三万五千", 35000), ("一百二十三", 123), ("二〇二三", 2023), ("三点五", 3.5), ("一億二千万", 120000000),
    ("△3만", -30000),
]  # fmt: skip
AMBIGUOUS = ["1.234 juta", "1.234", "12,345", "23.167", "999.000", "△1,234"]
NO_NUMBER = [
    "",
    "abc",
    "nan",
    "inf",
    "1e999",
    "1.2.3",
    "1,23,4",
    "12.31)",
    "1 2",
    "--3",
    "5천3만",
    "一",
    "十",
    "5 kg",
    "3만개",
    "ribu",
    "²",
    "1234²",
    "12①",
    "1½",
    "1,2345,678",
    "0,123,456",
]


@pytest.mark.parametrize(("text", "expected"), CERTAIN)
def test_a_certain_number_has_one_value(text: str, expected: float) -> None:
    number = read_number(text)
    readings = {r for r in (number.as_dot, number.as_comma) if r is not None}
    assert readings == {expected}


@pytest.mark.parametrize("text", AMBIGUOUS)
def test_an_ambiguous_number_is_not_decided_by_its_cell(text: str) -> None:
    assert read_number(text).is_ambiguous
    assert settle(read_number(text), decide([])) == (None, "ambiguous")


@pytest.mark.parametrize("text", NO_NUMBER)
def test_anything_else_is_no_number(text: str) -> None:
    assert not read_number(text).is_number


def test_another_cell_of_the_file_decides() -> None:
    sign = decide([("D2", read_number("1.234")), ("D3", read_number("12,5"))])
    assert (sign.sign, sign.evidence) == (",", "shown by D3")
    assert settle(read_number("1.234"), sign) == (1234.0, "read")


def test_a_cell_against_the_rest_of_the_file_is_contradictory() -> None:
    sign = decide([("D2", read_number("24.5")), ("D3", read_number("7.25")), ("D4", read_number("12,5"))])
    assert settle(read_number("12,5"), sign) == (None, "contradictory")
    assert settle(read_number("1.234"), sign) == (None, "ambiguous")


def test_even_evidence_decides_nothing() -> None:
    sign = decide([("D2", read_number("24.5")), ("D3", read_number("12,5"))])
    assert settle(read_number("24.5"), sign)[1] == "contradictory"


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_grouped_writing_in_both_conventions_reads_back(value: object) -> None:
    text = f"{value:,.2f}"
    swapped = text.translate(str.maketrans(",.", ".,"))
    assert read_number(text).as_dot == float(str(value))
    assert read_number(swapped).as_comma == float(str(value))


@given(st.text(max_size=20))
def test_no_text_breaks_the_reader(text: str) -> None:
    number = read_number(text)
    for reading in (number.as_dot, number.as_comma):
        assert reading is None or abs(reading) < float("inf")
