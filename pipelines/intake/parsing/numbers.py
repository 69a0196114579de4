"""One written number to a value, or to the two values it could be.

Belongs here: signs, digits of other scripts, grouping, percent signs. Does not belong here: magnitudes of
units and any conversion (dbt), and the choice between two readings (the whole file decides, see ``decide``).
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from pipelines.domain.texts import BIDI_MARKS, has_raised_mark

DOT = re.compile(r"(?:\d+|[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d?(?:,\d{2})+,\d{3})(?:\.\d+)?|\d*\.\d+")
COMMA = re.compile(r"(?:\d+|[1-9]\d{0,2}(?:\.\d{3})+)(?:,\d+)?|\d*,\d+")
SCIENTIFIC = re.compile(r"\d+(?:\.\d+)?e[+-]?\d{1,2}")
SPACED = re.compile(r"(?<=\d)[\s\u00a0\u202f\u2009'](?=\d{3}(?:\D|$))")
MINUS_SIGNS = dict.fromkeys(map(ord, "△▲−‐‑‒–—﹣－"), "-")
ARABIC_SEPARATORS = {0x066C: "_", 0x066B: "|"}


@dataclass(frozen=True, slots=True)
class WrittenNumber:
    """A number as written: its value if a dot is decimal, and if a comma is; ``None`` where that cannot be.

    ``has_percent`` says whether a per cent sign stood with it.
    """

    as_dot: float | None
    as_comma: float | None
    has_percent: bool = False

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
        Both readings; ``NOT_A_NUMBER`` when it is none.
    """
    if has_raised_mark(text):
        return NOT_A_NUMBER
    plain = text.translate(BIDI_MARKS).translate(ARABIC_SEPARATORS)
    plain = unicodedata.normalize("NFKC", plain).translate(MINUS_SIGNS).strip().casefold()
    if not plain.isascii():
        plain = "".join(str(unicodedata.digit(c)) if c.isdigit() and unicodedata.digit(c, None) is not None else c for c in plain)
    plain, has_percent = _take_percent(plain)
    plain, sign = _take_sign(plain)
    if "_" in plain or "|" in plain:
        if re.fullmatch(r"(?:\d+|\d{1,3}(?:_\d{3})+)(?:\|\d+)?", plain):
            exact = sign * float(plain.replace("_", "").replace("|", "."))
            return WrittenNumber(exact, exact, has_percent)
        return NOT_A_NUMBER
    plain = SPACED.sub("", plain)
    if SCIENTIFIC.fullmatch(plain):
        return WrittenNumber(sign * float(plain), None if "." in plain else sign * float(plain), has_percent)
    as_dot = sign * float(plain.replace(",", "")) if DOT.fullmatch(plain) else None
    as_comma = sign * float(plain.replace(".", "").replace(",", ".")) if COMMA.fullmatch(plain) else None
    return WrittenNumber(as_dot, as_comma, has_percent)


def _take_percent(text: str) -> tuple[str, bool]:
    for sign in ("%", "٪"):
        if text.endswith(sign):
            return text.removesuffix(sign).rstrip(), True
    return text, False


def _take_sign(text: str) -> tuple[str, float]:
    if len(text) > 2 and text[0] == "(" and text[-1] == ")":
        return text[1:-1].strip(), -1.0
    if text.startswith("-"):
        return text[1:].lstrip(), -1.0
    if text.endswith("-") and len(text) > 1:
        return text[:-1].rstrip(), -1.0
    return text.removeprefix("+"), 1.0


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
