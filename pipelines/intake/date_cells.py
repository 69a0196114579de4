"""A date cell to a period: as much as the cell shows, and nothing where only the sender can say it.

Belongs here: cells that spreadsheets hold as dates. Does not belong here: written periods (parsing), formats (reading).
"""

from pipelines.intake.parsing.periods import AMBIGUOUS, DateHabits, WrittenPeriod, read_period, read_short_date

DATE_KINDS = ("d", "D", "y")
SHORT_YEAR_SHOWN = ", shown with the year "


def read_date_cell(written: str, kind: str, *, header_calendar: str, habits: DateHabits) -> WrittenPeriod:
    """Read a date as its cell shows it; the calendar of a header cannot change a date, only make a year fiscal."""
    if kind == "y":
        written = read_short_date(written, habits)
        if not written:
            return AMBIGUOUS
    fiscal = "fiscal" if header_calendar.endswith("fiscal") else ""
    period = read_period(written, header_calendar=fiscal, habits=habits)
    # Programs write a day in figures for years and months too: only a day that the format names in words is surely one.
    return AMBIGUOUS if kind in "dy" and period.day == 1 else period


def spell_date_cell(written: str | None, kind: str, habits: DateHabits) -> str | None:
    """Say what a date cell holds: where two digits of a year are asked about, the digits too."""
    if kind != "y" or not written or not habits.short_years:
        return written
    return f"{written}{SHORT_YEAR_SHOWN}{written[2:4]}"
