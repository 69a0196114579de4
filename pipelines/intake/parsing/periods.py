"""One written period to its parts in the calendar as written.

Belongs here: recognising calendars and their parts. Does not belong here: turning parts into dates; that is
dbt's, from the seeds ``calendars`` and ``hijri_years`` and the member's fiscal year.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from pipelines.domain.texts import BIDI_MARKS, has_raised_mark

ERAS = {"令和": "reiwa", "令": "reiwa", "r": "reiwa", "平成": "heisei", "平": "heisei", "h": "heisei", "昭和": "showa", "昭": "showa", "s": "showa"}
ERA = re.compile(r"(令和|平成|昭和|令|平|昭|r|h|s)\s*(元|\d{1,2})\s*(?:年(度)?)?(末)?")
BUDDHIST = re.compile(r"(?:พ\.?\s?ศ\.?|b\.?e\.?|ปี พ\.?ศ\.?)\s*(\d{4})")
MINGUO = re.compile(r"民[國国]\s*(\d{2,3})\s*年?(度)?")
HIJRI = re.compile(r"(\d{4})\s*(?:هـ|ه|ah|h)\.?")
FISCAL = re.compile(r"(?:fy|fiscal year)\s*(\d{4})|(\d{4})\s*(?:年度|회계연도)")
YEAR = re.compile(r"(?:năm|tahun|year|ปี|ค\.ศ\.)?\s*(\d{4})\s*(?:年|년|년도|م|ce|ad)?")
YEAR_END = re.compile(r"(\d{4})\s*(?:年末|년\s?말|年底)")
YEAR_MONTH = re.compile(r"(\d{4})\s*[.\-/年년]\s*(\d{1,2})\s*(?:月|월|\.)?")
DATE = re.compile(r"(\d{4})\s*[.\-/年년]\s*(\d{1,2})\s*[.\-/月월]\s*(\d{1,2})\s*(?:日|일|\.)?\s*(?:현재|기준|00:00:00)?")
DAY_FIRST = re.compile(r"(\d{1,2})[.\-/](\d{1,2})[.\-/](\d{4})")
PLAIN_GREGORIAN = range(1900, 2151)


@dataclass(frozen=True, slots=True)
class WrittenPeriod:
    """A period's parts; ``state`` is read, blank, ambiguous or unreadable."""

    state: str
    calendar: str | None = None
    year: int | None = None
    month: int | None = None
    day: int | None = None


AMBIGUOUS = WrittenPeriod("ambiguous")
UNREADABLE = WrittenPeriod("unreadable")


@lru_cache(maxsize=20_000)
def read_period(text: str, *, header_calendar: str = "", is_number: bool = False) -> WrittenPeriod:
    """Read a written period.

    Args:
        text: the cell's text.
        header_calendar: calendar named by the column's header, or empty.
        is_number: whether the cell holds a number, where ``2020.1`` may be October that lost its zero.

    Returns:
        Parts in the calendar as written. A bare year outside 1900 to 2150 without a calendar is ambiguous.
    """
    if has_raised_mark(text):
        return UNREADABLE
    plain = unicodedata.normalize("NFKC", text.translate(BIDI_MARKS)).strip().casefold()
    if not plain.isascii():
        plain = "".join(str(unicodedata.digit(c)) if c.isdigit() else c for c in plain)
    if not plain or (is_number and "." in plain):
        return AMBIGUOUS if plain else WrittenPeriod("blank")
    if header_calendar and re.fullmatch(r"\d{2,4}年?", plain):
        calendar = "gregorian_fiscal" if header_calendar == "fiscal" else header_calendar
        return WrittenPeriod("read", calendar, int(plain.removesuffix("年")))
    return _read_named(plain) or _read_gregorian(plain)


NAMED = ((BUDDHIST, "buddhist"), (MINGUO, "minguo"), (HIJRI, "hijri"), (FISCAL, "gregorian_fiscal"))


def _read_named(plain: str) -> WrittenPeriod | None:
    if match := ERA.fullmatch(plain):
        year = 1 if match[2] == "元" else int(match[2])
        calendar = ERAS[match[1]] + ("_fiscal" if match[3] else "")
        return WrittenPeriod("read", calendar, year, 12 if match[4] else None, 31 if match[4] else None)
    for pattern, calendar in NAMED:
        if match := pattern.fullmatch(plain):
            return WrittenPeriod("read", calendar, int(next(g for g in match.groups() if g and g.isdigit())))
    return None


def _read_gregorian(plain: str) -> WrittenPeriod:
    found = UNREADABLE
    if match := YEAR_END.fullmatch(plain):
        found = _checked(int(match[1]), 12, 31)
    elif match := YEAR.fullmatch(plain):
        year = int(match[1])
        found = WrittenPeriod("read", "gregorian", year) if year in PLAIN_GREGORIAN else AMBIGUOUS
    elif match := DATE.fullmatch(plain):
        found = _checked(int(match[1]), int(match[2]), int(match[3]))
    elif match := YEAR_MONTH.fullmatch(plain):
        found = _year_and_more(plain, int(match[1]), match[2])
    elif match := DAY_FIRST.fullmatch(plain):
        found = _day_or_month_first(int(match[1]), int(match[2]), int(match[3]))
    return found


def _day_or_month_first(first: int, second: int, year: int) -> WrittenPeriod:
    if first > 12 or first == second:
        return _checked(year, second, first)
    return _checked(year, first, second) if second > 12 else AMBIGUOUS


def _year_and_more(plain: str, year: int, rest: str) -> WrittenPeriod:
    follows = int(rest) == (year + 1) % 100 and len(rest) == 2
    is_split = follows and re.fullmatch(r"\d{4}[-/]\d{2}", plain) is not None
    if re.fullmatch(r"\d{4}\.\d", plain):
        return AMBIGUOUS
    if is_split:
        return AMBIGUOUS if 1 <= int(rest) <= 12 else WrittenPeriod("read", "gregorian_fiscal", year)
    return WrittenPeriod("read", "gregorian", year, int(rest)) if 1 <= int(rest) <= 12 and year in PLAIN_GREGORIAN else UNREADABLE


def _checked(year: int, month: int, day: int) -> WrittenPeriod:
    days = (31, 29 if year % 4 == 0 and (year % 100 or year % 400 == 0) else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    if not 1 <= month <= 12 or not 1 <= day <= days[month - 1] or year not in PLAIN_GREGORIAN:
        return UNREADABLE
    return WrittenPeriod("read", "gregorian", year, month, day)
