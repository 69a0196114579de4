"""One written number to a value, or to the two values it could be.

Belongs here: signs, digits of other scripts, grouping, magnitude words, percent signs. Does not belong here:
units and any conversion (dbt), and the choice between two readings (the whole file decides, see ``decide``).
"""

import math
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from pipelines.domain.texts import BIDI_MARKS, LONGEST_WORD, has_raised_mark
from pipelines.intake.parsing.magnitudes import read_chinese_numeral, split_groups

DOT = re.compile(r"(?:\d+|[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d?(?:,\d{2})+,\d{3})(?:\.\d+)?|\d*\.\d+")
COMMA = re.compile(r"(?:\d+|[1-9]\d{0,2}(?:\.\d{3})+)(?:,\d+)?|\d*,\d+")
SCIENTIFIC = re.compile(r"\d+(?:\.\d+)?e[+-]?\d{1,2}")
SPACED = re.compile(r"(?<=\d)[\s\u00a0\u202f\u2009'](?=\d{3}(?:\D|$))")
MINUS_SIGNS = dict.fromkeys(map(ord, "△▲−‐‑‒–—﹣－"), "-")
# The Arabic thousands and decimal signs keep their own signs: no other sign may stand for them, since a text may hold any other.
GROUPS, POINT = "٬", "٫"
ARABIC = re.compile(rf"(?:\d+|\d{{1,3}}(?:{GROUPS}\d{{3}})+)(?:{POINT}\d+)?")
BREAKS = re.compile(r"[\n\r\t\v\f\x1c-\x1e\x85\u2028\u2029]")
EAST_ASIAN = re.compile(r"[一-鿿가-힣]")
SHARE_SIGNS = {"%": "%", "٪": "%", "‰": "‰", "؉": "‰"}


@dataclass(frozen=True, slots=True)
class WrittenNumber:
    """A number as written: its value if a dot is decimal, and if a comma is; ``None`` where that cannot be.

    ``share_sign`` is ``%`` or ``‰`` when one stood with it; ``magnitude`` the words that scaled it, such as ``만``.
    """

    as_dot: float | None
    as_comma: float | None
    share_sign: str = ""
    magnitude: str = ""

    @property
    def is_number(self) -> bool:
        """Whether it can be read at all."""
        return self.as_dot is not None or self.as_comma is not None

    @property
    def is_ambiguous(self) -> bool:
        """Whether the two readings differ."""
        return self.as_dot is not None and self.as_comma is not None and self.as_dot != self.as_comma

    @property
    def shows(self) -> str:
        """The decimal sign this cell proves: ``.``, ``,`` or empty."""
        if self.is_number and not self.is_ambiguous and self.as_dot != self.as_comma:
            return "." if self.as_dot is not None else ","
        return ""


NOT_A_NUMBER = WrittenNumber(None, None)


@lru_cache(maxsize=100_000)
def read_number(text: str) -> WrittenNumber:
    """Read a written number under both conventions.

    Returns:
        Both readings; ``NOT_A_NUMBER`` when it is none, as anything longer than ``LONGEST_WORD`` is.
    """
    text = text.strip()
    if len(text) > LONGEST_WORD or has_raised_mark(text):
        return NOT_A_NUMBER
    plain = text.translate(BIDI_MARKS)
    plain = unicodedata.normalize("NFKC", plain).translate(MINUS_SIGNS).strip().casefold()
    if not plain.isascii():
        plain = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in plain)
    plain, share_sign = _take_share_sign(plain)
    plain, sign = _take_sign(plain)
    if BREAKS.search(plain):
        # Two lines of a cell are two things, never one number.
        return NOT_A_NUMBER
    as_dot, as_comma = _read_unsigned(plain)
    magnitude = ""
    if as_dot is None and as_comma is None and plain:
        as_dot, as_comma, magnitude = _read_scaled(plain)
    return WrittenNumber(_signed(as_dot, sign), _signed(as_comma, sign), share_sign, magnitude)


def _signed(value: Decimal | None, sign: int) -> float | None:
    if value is None or not math.isfinite(number := float(value)):
        return None
    return sign * number


def _read_unsigned(plain: str) -> tuple[Decimal | None, Decimal | None]:
    if GROUPS in plain or POINT in plain:
        if ARABIC.fullmatch(plain):
            exact = Decimal(plain.replace(GROUPS, "").replace(POINT, "."))
            return exact, exact
        return None, None
    plain = SPACED.sub("", plain)
    if SCIENTIFIC.fullmatch(plain):
        return Decimal(plain), None if "." in plain else Decimal(plain)
    as_dot = Decimal(plain.replace(",", "")) if DOT.fullmatch(plain) else None
    as_comma = Decimal(plain.replace(".", "").replace(",", ".")) if COMMA.fullmatch(plain) else None
    return as_dot, as_comma


def _read_scaled(plain: str) -> tuple[Decimal | None, Decimal | None, str]:
    """Read numbers with magnitude words, ``3만 5천`` or ``2,5 juta``, and numbers in Chinese numerals."""
    groups = split_groups(plain)
    if not groups:
        exact = read_chinese_numeral(plain)
        return exact, exact, ("" if exact is None else "numerals")
    totals: list[Decimal | None] = [Decimal(0), Decimal(0)]
    for position, (written, factor) in enumerate(groups):
        readings: tuple[Decimal | None, Decimal | None]
        if not written:
            # A bare word such as 만 means one of it, but only in front: 만 5천.
            readings = (Decimal(1), Decimal(1)) if position == 0 and len(groups) > 1 else (None, None)
        else:
            readings = _read_unsigned(written)
        limit = groups[position - 1][1] if position else None
        for i, reading in enumerate(readings):
            total = totals[i]
            fits = reading is not None and (limit is None or reading * factor < limit)
            totals[i] = total + reading * factor if fits and total is not None and reading is not None else None
    if EAST_ASIAN.search(plain) and totals[0] is not None:
        # 만 and 万 stand in tables of countries that write a decimal dot.
        totals[1] = totals[0]
    words = "".join(str(factor) + " " for _, factor in groups if factor != 1).strip()
    return totals[0], totals[1], f"x {words}" if any(t is not None for t in totals) else ""


def _take_share_sign(text: str) -> tuple[str, str]:
    for written, sign in SHARE_SIGNS.items():
        if text.endswith(written):
            return text.removesuffix(written).rstrip(), sign
    return text, ""


def _take_sign(text: str) -> tuple[str, int]:
    if len(text) > 2 and text[0] == "(" and text[-1] == ")":
        return text[1:-1].strip(), -1
    if text.startswith("-"):
        return text[1:].lstrip(), -1
    if text.endswith("-") and len(text) > 1:
        return text[:-1].rstrip(), -1
    return text.removeprefix("+"), 1


@dataclass(frozen=True, slots=True)
class DecimalSign:
    """The decimal sign of a file and what showed it; ``sign`` is empty when nothing decides."""

    sign: str
    evidence: str
    is_contested: bool = False


def decide(numbers: Iterable[tuple[str, WrittenNumber]], *, declared: str = "") -> DecimalSign:
    """Decide a file's decimal sign once, from a declaration or from cells that can be read in one way only.

    Args:
        numbers: cell address and its readings.
        declared: ``.`` or ``,`` when the sender said so.
    """
    if declared:
        return DecimalSign(declared, "declared")
    shown: dict[str, list[str]] = {".": [], ",": []}
    for address, number in numbers:
        if number.shows:
            shown[number.shows].append(address)
    ranked = sorted(shown, key=lambda sign: len(shown[sign]), reverse=True)
    if not shown[ranked[0]]:
        return DecimalSign("", "")
    if len(shown[ranked[0]]) == len(shown[ranked[1]]):
        return DecimalSign("", f"{shown['.'][0]} against {shown[','][0]}", is_contested=True)
    return DecimalSign(ranked[0], f"shown by {shown[ranked[0]][0]}", is_contested=bool(shown[ranked[1]]))


def settle(number: WrittenNumber, sign: DecimalSign) -> tuple[float | None, str]:
    """Choose a reading.

    Returns:
        Value and state: ``read``, ``ambiguous``, ``contradictory`` or ``unreadable``.
    """
    if not number.is_number:
        return None, "unreadable"
    if number.as_dot is not None and number.as_dot == number.as_comma:
        return number.as_dot, "read"
    if sign.sign == "":
        return None, "contradictory" if sign.is_contested and not number.is_ambiguous else "ambiguous"
    chosen = number.as_dot if sign.sign == "." else number.as_comma
    if chosen is None:
        return None, "contradictory"
    if number.is_ambiguous and sign.is_contested:
        return None, "ambiguous"
    return chosen, "read"
