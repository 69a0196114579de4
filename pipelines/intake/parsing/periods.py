"""One written period to its parts in the calendar as written.

Belongs here: recognising calendars and their parts. Does not belong here: turning parts into dates; that is
dbt's, from the seeds ``calendars``, ``hijri_years`` and ``solar_hijri_years`` and the member's fiscal year.
"""

import datetime
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from pipelines.domain.texts import BIDI_MARKS, LONGEST_PERIOD, has_raised_mark
from pipelines.intake.parsing.magnitudes import read_chinese_numeral
from pipelines.intake.parsing.month_names import MONTH_OF

ERAS = {"令和": "reiwa", "令": "reiwa", "r": "reiwa", "平成": "heisei", "平": "heisei", "h": "heisei", "昭和": "showa", "昭": "showa", "s": "showa"}
LAST_YEAR_OF_ERA = {"reiwa": 99, "heisei": 31, "showa": 64}
PLAIN_GREGORIAN = range(1900, 2151)
SURE_YEARS = {"buddhist": range(2440, 2651), "hijri": range(1340, 1461), "minguo": range(60, 200), "solar_hijri": range(1330, 1430)}

MONTHS = "|".join(re.escape(name) for name in sorted(MONTH_OF, key=len, reverse=True))
LEAD = re.compile(
    r"(?:as (?:of|at)|at|per|pada|hingga|tính đến|tại|ngày|ณ วันที่|ณ|วันที่|在|截至|截止|fiscal year|ปีงบประมาณ|year|tahun|năm|ปี|عام|سنة|السنة|سال)\.?\s*(?=\S)"
)
END_LEAD = re.compile(r"(?:end of|end-|akhir tahun|akhir|cuối năm|cuối|สิ้นปี|สิ้น|نهاية(?: عام)?)\s*(?=\S)")
TAIL = re.compile(r"\s*(?:현재|기준|现在|現在|时点|時点|00:00:00|م|ce|ad)\.?$")
END_TAIL = re.compile(r"\s*(?:末|말|底)$")

ERA = re.compile(r"(令和|平成|昭和|令|平|昭|r|h|s)\s*\.?\s*(元|\d{1,2})\s*(?:年(度)?)?")
ERA_DAY = re.compile(r"(令和|平成|昭和|令|平|昭|r|h|s)\s*\.?\s*(元|\d{1,2})\s*[年.]\s*(\d{1,2})\s*[月.]?\s*(?:(\d{1,2})\s*日?)?")
BUDDHIST = re.compile(r"(?:พ\.?\s?ศ\.?|b\.?e\.?)\s*(\d{4})|(\d{4})\s*b\.?e\.?")
MINGUO = re.compile(r"(?:民[國国]|中華民國|roc)\s*(\d{2,3})\s*年?(度)?")
MINGUO_DAY = re.compile(r"(?:民[國国]|中華民國)?\s*(\d{2,3})\s*年\s*(\d{1,2})\s*月\s*(?:(\d{1,2})\s*日?)?")
DANGI = re.compile(r"단기\s*(\d{4})\s*년?")
SOLAR = re.compile(r"(\d{4})\s*(?:هـ?\s*\.?\s*ش\.?|ه‍\.?ش\.?|هجری شمسی|شمسی|sh\.?|ap)")
HIJRI = re.compile(r"(\d{4})\s*(?:هـ|ه|هجرية|هجري|ah|h)\.?")
FISCAL = re.compile(r"(?:fy|f\.y\.)\s*'?(\d{4})|(\d{4})\s*(?:年度|회계연도|년도)")
FISCAL_SPLIT = re.compile(r"(?:fy|f\.y\.)?\s*(\d{4})\s*[-/–]\s*(\d{2}|\d{4})")
YEAR = re.compile(r"(\d{4})\s*(?:年|년|-a1)?")
QUARTER = re.compile(
    r"(\d{4})\s*(?:[.\-/ ]?\s*q([1-4])|[.\-/]([1-4])/4|[년年]?\s*(?:第)?([1-4])\s*(?:분기|季度|四半期|季))|q([1-4])[\s\-/]*(\d{4})|([1-4])q[\s\-/]*(\d{4})"
)
HALF = re.compile(r"(\d{4})\s*(?:-s([12])|[-\s]?h([12])|[년年]?\s*(상반기|하반기|上半年|下半年|上期|下期))")
YEAR_MONTH = re.compile(r"(\d{4})\s*(?:[.\-/年년]|-m|m)\s*(\d{1,2})\s*(?:月|월|\.)?")
MONTH_YEAR = re.compile(r"(?:tháng\s*)?(\d{1,2})\s*(?:/|-| năm )\s*(\d{4})")
NAMED_MONTH = re.compile(
    rf"(?:(\d{{1,2}})(?:st|nd|rd|th)?[\s\-/.]*)?({MONTHS})\.?[\s\-/,.]*(?:(\d{{1,2}})(?:st|nd|rd|th)?,\s*)?(พ\.?ศ\.?|ค\.?ศ\.?)?\s*(\d{{4}})"
)
YEAR_NAMED_MONTH = re.compile(rf"(\d{{4}})[\s\-]*({MONTHS})")
DATE = re.compile(r"(\d{4})\s*[.\-/年년]\s*(\d{1,2})\s*[.\-/月월]\s*(\d{1,2})\s*(?:日|일|\.)?")
DAY_FIRST = re.compile(r"(\d{1,2})[.\-/](\d{1,2})[.\-/](\d{4})")
VIETNAMESE_DAY = re.compile(r"(\d{1,2}) tháng (\d{1,2}) năm (\d{4})")
SPAN = re.compile(r"(\d{4})\s*[~–—〜～]\s*(\d{4})|(\d{4})\s*-\s*(\d{4})")
DATE_SPAN = re.compile(r"(\d{4})[-./](\d{1,2})[-./](\d{1,2})\s*(?:[-–~〜～]|to)\s*(\d{4})[-./](\d{1,2})[-./](\d{1,2})")
MONTH_SPAN = re.compile(r"(\d{4})-(\d{2}) to (\d{4})-(\d{2})")
# Two digits of a year belong to no century and to no calendar.
SHORT_YEAR = re.compile(
    rf"'\d{{2}}|\d{{1,2}}([./-])\s?\d{{1,2}}\1\s?\d{{2}}\.?|\d{{2}}\s*[년年]\s*\d{{1,2}}\s*[월月]\s*(?:\d{{1,2}}\s*[일日])?"
    rf"|(?:\d{{1,2}}[\s\-/.]*)?(?:{MONTHS})[\s\-/.,]*'?\d{{2}}|\d{{2}}[\s\-/.](?:{MONTHS})[\s\-/.]\d{{1,2}}"
)
COMPACT_DATE = re.compile(r"((?:19|20)\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])")


@dataclass(frozen=True, slots=True)
class WrittenPeriod:
    """A period's parts; ``state`` is read, blank, ambiguous or unreadable; ``months`` how many months it spans if not one unit."""

    state: str
    calendar: str | None = None
    year: int | None = None
    month: int | None = None
    day: int | None = None
    months: int | None = None


AMBIGUOUS = WrittenPeriod("ambiguous")
UNREADABLE = WrittenPeriod("unreadable")


@dataclass(frozen=True, slots=True)
class DateHabits:
    """What the file and the sender's country say about dates: calendar of bare years, order of day and month (``dmy``, ``mdy``).

    ``short_years`` is how a date cell that shows two digits of its year is read: empty for the year that is stored,
    ``asked``, or the calendar that the two digits are of.
    """

    calendar: str = ""
    order: str = ""
    short_years: str = ""


NO_HABITS = DateHabits()


@lru_cache(maxsize=20_000)
def read_period(text: str, *, header_calendar: str = "", is_number: bool = False, habits: DateHabits = NO_HABITS) -> WrittenPeriod:
    """Read a written period.

    Args:
        text: the cell's text.
        header_calendar: calendar named by the column's header, or empty.
        is_number: whether the cell holds a number, where ``2020.1`` may be October that lost its zero.
        habits: what the file or country says; without it such dates and years are ambiguous.

    Returns:
        Parts in the calendar as written. A bare year outside 1900 to 2150 without a calendar is ambiguous.
    """
    text = text.strip()
    if len(text) > LONGEST_PERIOD or has_raised_mark(text):
        return UNREADABLE
    plain = _plain(text)
    if not plain or (is_number and "." in plain):
        return AMBIGUOUS if plain else WrittenPeriod("blank")
    if header_calendar and re.fullmatch(r"\d{2,4}年?", plain):
        calendar = "gregorian_fiscal" if header_calendar == "fiscal" else header_calendar
        return WrittenPeriod("read", calendar, int(plain.removesuffix("年")))
    # Hijri months differ in length from year to year: only whole years of that calendar are read.
    found = _read(plain, habits)
    if header_calendar == "hijri" and found.month is not None:
        return UNREADABLE
    return found


def _plain(text: str) -> str:
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFC", text.translate(BIDI_MARKS))).strip().casefold()
    if not plain.isascii():
        plain = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in plain)
    return " ".join(plain.split())


def _read(plain: str, habits: DateHabits) -> WrittenPeriod:
    if (found := _first(plain, habits)) is not None:
        return found
    stripped, is_fiscal, at_end = plain, False, False
    while True:
        if match := END_LEAD.match(stripped) or LEAD.match(stripped):
            at_end = at_end or END_LEAD.match(stripped) is not None
            is_fiscal = is_fiscal or match.group().startswith(("fiscal", "ปีงบ"))
            stripped = stripped[match.end() :]
        elif match := END_TAIL.search(stripped):
            at_end, stripped = True, stripped[: match.start()]
        elif match := TAIL.search(stripped):
            stripped = stripped[: match.start()]
        else:
            break
    if stripped == plain or not stripped:
        return UNREADABLE
    found = _first(stripped.strip(), habits) or UNREADABLE
    if found.state != "read":
        return found
    if at_end:
        return _year_end(found)
    if is_fiscal and found.month is None and found.calendar:
        return WrittenPeriod("read", found.calendar.removesuffix("_fiscal") + "_fiscal", found.year)
    return found


def _year_end(found: WrittenPeriod) -> WrittenPeriod:
    if found.day is not None or found.months is not None or str(found.calendar).endswith(("hijri", "_fiscal")):
        return UNREADABLE
    if found.month is not None:
        return found
    return WrittenPeriod("read", found.calendar, found.year, 12, 31)


def _first(plain: str, habits: DateHabits) -> WrittenPeriod | None:
    for pattern, read in READERS:
        match = pattern.fullmatch(plain)
        try:
            found = read(match, habits) if match else None
        except ValueError:
            found = UNREADABLE
        if found is not None:
            return found
    if "年" in plain and (year := read_chinese_numeral(plain.removesuffix("年"))) is not None and int(year) in PLAIN_GREGORIAN:
        return WrittenPeriod("read", "gregorian", int(year))
    return None


def _numbers(match: re.Match[str]) -> list[int]:
    return [int(g) for g in match.groups() if g and g.isdecimal()]


def _era(match: re.Match[str], _: DateHabits) -> WrittenPeriod:
    era, year = ERAS[match[1]], 1 if match[2] == "元" else int(match[2])
    return WrittenPeriod("read", era + ("_fiscal" if match[3] else ""), year) if 1 <= year <= LAST_YEAR_OF_ERA[era] else UNREADABLE


def _era_day(match: re.Match[str], _: DateHabits) -> WrittenPeriod:
    return _checked(1 if match[2] == "元" else int(match[2]), int(match[3]), int(match[4]) if match[4] else None, calendar=ERAS[match[1]])


def _minguo(match: re.Match[str], _: DateHabits) -> WrittenPeriod:
    return WrittenPeriod("read", "minguo", int(match[1]))


def _minguo_day(match: re.Match[str], habits: DateHabits) -> WrittenPeriod | None:
    is_sure = "民" in match.group() or habits.calendar == "minguo"
    return _checked(int(match[1]), int(match[2]), int(match[3]) if match[3] else None, calendar="minguo") if is_sure else None


def _whole(calendar: str) -> Callable[[re.Match[str], DateHabits], WrittenPeriod]:
    return lambda match, _: WrittenPeriod("read", calendar, _numbers(match)[0])


def _split(match: re.Match[str], _: DateHabits) -> WrittenPeriod | None:
    first, rest, is_named = int(match[1]), match[2], match.group().startswith("f")
    if int(rest) != (first + 1 if len(rest) == 4 else (first + 1) % 100) or first not in PLAIN_GREGORIAN:
        return None
    if not is_named and ((len(rest) == 2 and 1 <= int(rest) <= 12) or (len(rest) == 4 and "/" not in match.group())):
        return AMBIGUOUS
    return WrittenPeriod("read", "split_year", first)


def _bare_year(match: re.Match[str], habits: DateHabits) -> WrittenPeriod:
    year = int(match[1])
    if year in PLAIN_GREGORIAN:
        return WrittenPeriod("read", "gregorian", year)
    if habits.calendar in ("buddhist", "hijri") and year in SURE_YEARS[habits.calendar]:
        return WrittenPeriod("read", habits.calendar, year)
    return AMBIGUOUS


def _short_year(match: re.Match[str], habits: DateHabits) -> WrittenPeriod | None:
    year = int(match[1])
    if habits.calendar == "minguo" and year in SURE_YEARS["minguo"]:
        return WrittenPeriod("read", "minguo", year)
    return AMBIGUOUS if match[2] else None


def _quarter(match: re.Match[str], _: DateHabits) -> WrittenPeriod | None:
    numbers = _numbers(match)
    year, quarter = (numbers[0], numbers[1]) if numbers[0] > 4 else (numbers[1], numbers[0])
    return WrittenPeriod("read", "gregorian", year, 3 * quarter - 2, None, 3) if year in PLAIN_GREGORIAN else None


def _half(match: re.Match[str], _: DateHabits) -> WrittenPeriod | None:
    second = (match[2] or match[3]) == "2" or (match[4] or "").startswith(("하", "下"))
    if int(match[1]) not in PLAIN_GREGORIAN or (match[4] or "").endswith("期"):
        return AMBIGUOUS
    return WrittenPeriod("read", "gregorian", int(match[1]), 7 if second else 1, None, 6)


def _year_month(match: re.Match[str], _: DateHabits) -> WrittenPeriod | None:
    year, rest = int(match[1]), match[2]
    if re.fullmatch(r"\d{4}\.\d", match.group()):
        return AMBIGUOUS
    return WrittenPeriod("read", "gregorian", year, int(rest)) if 1 <= int(rest) <= 12 and year in PLAIN_GREGORIAN else None


def _month_year(match: re.Match[str], _: DateHabits) -> WrittenPeriod | None:
    return _checked(int(match[2]), int(match[1]), None)


def _named_month(match: re.Match[str], habits: DateHabits) -> WrittenPeriod | None:
    year, month = int(match[5]), MONTH_OF[match[2]]
    if match[1] and match[3]:
        return None
    day = int(match[1] or match[3]) if match[1] or match[3] else None
    is_buddhist = (match[4] or "").startswith("พ") or (not match[4] and habits.calendar == "buddhist" and year in SURE_YEARS["buddhist"])
    if year not in PLAIN_GREGORIAN and not is_buddhist:
        return AMBIGUOUS
    return _checked(year, month, day, calendar="buddhist" if is_buddhist else "gregorian")


def _day_or_month_first(match: re.Match[str], habits: DateHabits) -> WrittenPeriod:
    first, second, year = int(match[1]), int(match[2]), int(match[3])
    calendar = "gregorian"
    if year not in PLAIN_GREGORIAN:
        if habits.calendar != "buddhist" or year not in SURE_YEARS["buddhist"]:
            return AMBIGUOUS
        calendar = "buddhist"
    if first > 12 or first == second or (habits.order == "dmy" and second <= 12):
        return _checked(year, second, first, calendar=calendar)
    if second > 12 or habits.order == "mdy":
        return _checked(year, first, second, calendar=calendar)
    return AMBIGUOUS


def _span(match: re.Match[str], _: DateHabits) -> WrittenPeriod | None:
    first, last = _numbers(match)
    if first not in PLAIN_GREGORIAN or last not in PLAIN_GREGORIAN or last <= first or (last == first + 1 and "-" in match.group()):
        return None
    return WrittenPeriod("read", "gregorian", first, 1, None, 12 * (last - first + 1))


def _date_span(match: re.Match[str], _: DateHabits) -> WrittenPeriod:
    first, last = datetime.date(*map(int, match.groups()[:3])), datetime.date(*map(int, match.groups()[3:]))
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    if first.day != 1 or (last + datetime.timedelta(1)).day != 1 or months < 1:
        return UNREADABLE
    if months == 1:
        return WrittenPeriod("read", "gregorian", first.year, first.month)
    is_year = months == 12 and first.month == 1
    return WrittenPeriod("read", "gregorian", first.year, None if is_year else first.month, None, None if is_year else months)


def _month_span(match: re.Match[str], _: DateHabits) -> WrittenPeriod:
    year, month, last_year, last_month = map(int, match.groups())
    months = (last_year - year) * 12 + last_month - month + 1
    if months < 1 or not 1 <= month <= 12 or not 1 <= last_month <= 12 or year not in PLAIN_GREGORIAN:
        return UNREADABLE
    return WrittenPeriod("read", "gregorian", year, month, None, months)


def _date(match: re.Match[str], _: DateHabits) -> WrittenPeriod:
    return _checked(int(match[1]), int(match[2]), int(match[3]))


READERS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], DateHabits], WrittenPeriod | None]], ...] = (
    (ERA, _era), (ERA_DAY, _era_day), (BUDDHIST, _whole("buddhist")), (MINGUO, _minguo), (MINGUO_DAY, _minguo_day), (DANGI, _whole("dangi")),
    (SOLAR, _whole("solar_hijri")), (HIJRI, _whole("hijri")), (FISCAL, _whole("gregorian_fiscal")), (QUARTER, _quarter), (HALF, _half),
    (COMPACT_DATE, _date), (YEAR, _bare_year), (re.compile(r"(\d{2,3})\s*(年|年度)?"), _short_year), (FISCAL_SPLIT, _split), (SPAN, _span), (DATE_SPAN, _date_span), (MONTH_SPAN, _month_span), (DATE, _date),
    (YEAR_MONTH, _year_month), (DAY_FIRST, _day_or_month_first), (MONTH_YEAR, _month_year), (NAMED_MONTH, _named_month),
    (YEAR_NAMED_MONTH, lambda m, _: _checked(int(m[1]), MONTH_OF[m[2]], None)),
    (VIETNAMESE_DAY, lambda m, _: _checked(int(m[3]), int(m[2]), int(m[1]))), (SHORT_YEAR, lambda _m, _h: AMBIGUOUS),
)  # fmt: skip


def read_short_date(stored: str, habits: DateHabits) -> str:
    """Read a date cell that shows two digits of its year.

    Args:
        stored: the day or month that the cell stores, such as ``1963-12-31``.

    Returns:
        The day or month in the Gregorian calendar; empty where only the sender can say which year is meant.
    """
    short, rest = int(stored[2:4]), stored[4:]
    match habits.short_years:
        case "":
            return stored
        case "buddhist":
            return f"{2500 + short - 543}{rest}"
        case "minguo":
            # Years 100 to 119 are written with their last two digits too; those of 1931 and later are 20 and more.
            return f"{(100 + short if short < 20 else short) + 1911}{rest}"
    return ""


def date_order_shown(text: str) -> str:
    """Say which order of day and month a written date proves: ``dmy``, ``mdy`` or empty."""
    match = DAY_FIRST.fullmatch(_plain(text)) if len(text) <= LONGEST_PERIOD else None
    if match is None or int(match[1]) == int(match[2]) or _day_or_month_first(match, NO_HABITS).state != "read":
        return ""
    if 12 < int(match[1]) <= 31 and int(match[2]) <= 12:
        return "dmy"
    return "mdy" if 12 < int(match[2]) <= 31 and int(match[1]) <= 12 else ""


def _checked(year: int, month: int, day: int | None, *, calendar: str = "gregorian") -> WrittenPeriod:
    western = year + {"buddhist": -543, "minguo": 1911, "reiwa": 2018, "heisei": 1988, "showa": 1925}.get(calendar, 0)
    leap = western % 4 == 0 and (western % 100 != 0 or western % 400 == 0)
    days = (31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    if not 1 <= month <= 12 or western not in PLAIN_GREGORIAN or (day is not None and not 1 <= day <= days[month - 1]):
        return UNREADABLE
    return WrittenPeriod("read", calendar, year, month, day)
