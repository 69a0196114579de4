"""What a cell shows of a date: a day, a month, a year, an era year; never more than its format lets people see.

Belongs here: a date and the date section of a format to the text of a grid cell. Does not belong here: what the
period means (parsing), codes of number formats (number_formats).

Kind letters: ``d`` a date as shown, ``D`` a day whose format names it in words, ``y`` a year shown with two digits.
"""

import datetime
from dataclasses import dataclass

from pipelines.intake.reading.number_formats import Section

ERA_STARTS = (
    (datetime.date(2019, 5, 1), "令和"), (datetime.date(1989, 1, 8), "平成"), (datetime.date(1926, 12, 25), "昭和"),
    (datetime.date(1912, 7, 30), "大正"), (datetime.date(1868, 1, 25), "明治"),
)  # fmt: skip
CALENDARS = {3: "era", 4: "minguo", 5: "dangi", 6: "hijri", 7: "buddhist", 23: "hijri"}
LANGUAGES = {0x411: "era", 0x404: "minguo"}
THAI_MONTHS = (
    "มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน", "กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม",
)  # fmt: skip
FISCAL_WORDS = ("年度", "회계연도", "년도")
# A number that stands for a year of the Gregorian, Buddhist or Hijri calendar is a day of 1903 to 1907 once it is shown as a date.
YEAR_NUMBERS = (range(1900, 2151), range(2440, 2651), range(1330, 1461))


@dataclass(frozen=True, slots=True)
class _Parts:
    has_year: bool
    has_month: bool
    has_day: bool
    is_short: bool
    calendar: str


def is_year_number(serial: float) -> bool:
    """Whether a serial number is a plausible year itself: 2015 in a cell of dates shows a day of July 1905."""
    return float(serial).is_integer() and any(int(serial) in years for years in YEAR_NUMBERS)


def show_date(moment: datetime.datetime, section: Section) -> str:
    """Write what a cell shows of a moment.

    Returns:
        Kind letter and text: an ISO day where the day is shown; ``2020-03``, ``2020``, ``令和2年``, ``พ.ศ. 2563`` where
        it shows no more; a text that is no period where the year itself is not shown.
    """
    parts = _parts(section)
    day = moment.date()
    if not parts.has_year:
        return f"d{day:%m-%d}" if parts.has_day else f"d{day:%m}"
    if parts.has_day:
        text = moment.isoformat(" ") if moment.time() != datetime.time() else day.isoformat()
        is_named = section.has_day_word or any(part.startswith("mmm") for part in section.dates)
        return ("y" if parts.is_short else "D" if is_named else "d") + text
    year = _year(day, parts, section)
    if not parts.has_month:
        return year
    match parts.calendar:
        case "era" | "minguo":
            return f"{year.removesuffix('度')}{day.month}月"
        case "buddhist":
            return f"d{THAI_MONTHS[day.month - 1]} {year[1:]}"
        case "hijri":
            return year
    return f"{'y' if parts.is_short else 'd'}{day:%Y-%m}"


def _parts(section: Section) -> _Parts:
    letters = _without_minutes(section.dates)
    years = [part for part in letters if part[0] in "yebr"]
    calendar = _calendar(section, letters)
    is_short = any(part in ("y", "yy") for part in years) and calendar == "gregorian"
    has_day = any(part in ("d", "dd") for part in letters)
    return _Parts(bool(years), any(part[0] == "m" for part in letters), has_day, is_short, calendar)


def _without_minutes(letters: list[str]) -> list[str]:
    """An m behind an hour or before a second is a minute."""
    kept = []
    for position, part in enumerate(letters):
        near = letters[position - 1][:1] if position else "", letters[position + 1][:1] if position + 1 < len(letters) else ""
        if part[0] == "m" and (near[0] == "h" or near[1] == "s"):
            continue
        kept.append(part)
    return kept


def _calendar(section: Section, letters: list[str]) -> str:
    number = int(section.locale, 16) if section.locale and all(c in "0123456789ABCDEF" for c in section.locale) else 0
    if section.calendar:
        return "hijri" if section.calendar == "2" else "gregorian"
    if any(part[0] == "b" for part in letters):
        return "buddhist"
    if named := CALENDARS.get(number >> 16 & 0xFF):
        return named
    if any(part[0] in "egr" for part in letters):
        return LANGUAGES.get(number & 0xFFFF, "era" if any(part[0] in "gr" for part in letters) else "gregorian")
    return "gregorian"


def _year(day: datetime.date, parts: _Parts, section: Section) -> str:
    fiscal = "年度" if any(word in section.before for word in FISCAL_WORDS) else ""
    match parts.calendar:
        case "era":
            start, era = next(((start, era) for start, era in ERA_STARTS if day >= start), (None, ""))
            if start is None or not any(part[0] in "gr" for part in section.dates):
                # An era year without its era, such as 2 for 令和2年, is no period.
                return f"d{day.year - start.year + 1}" if start else f"d{day.year}"
            return f"d{era}{day.year - start.year + 1}{fiscal or '年'}"
        case "minguo":
            return f"d民國{day.year - 1911}{fiscal or '年'}"
        case "buddhist":
            return f"dพ.ศ. {day.year + 543}"
        case "dangi":
            return f"d단기 {day.year + 2333}"
        case "hijri":
            return f"d{day.isoformat()} (Hijri)"
    return f"{'y' if parts.is_short else 'd'}{'FY' if 'fy' in section.before.casefold() else ''}{day.year}{fiscal}"
