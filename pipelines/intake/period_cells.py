"""The period that one cell says, with the mark and the status that stand with it.

Belongs here: what the kind of a cell adds to its text. Does not belong here: calendars (parsing), which cell says a figure's period (rows).
"""

from pipelines.domain.texts import split_note_mark
from pipelines.intake.headers import split_status
from pipelines.intake.matching import Matcher
from pipelines.intake.odd_cells import ASKED
from pipelines.intake.parsing.periods import AMBIGUOUS, DateHabits, WrittenPeriod, read_period, read_short_date

DATE_KINDS = ("d", "D", "y")
SHORT_YEAR_SHOWN = ", shown with the year "


def read_period_cell(written: str, calendar: str, kind: str, *, matcher: Matcher, dates: DateHabits) -> tuple[WrittenPeriod, str, str]:
    """Read a period cell.

    Args:
        calendar: named by the column's header, or empty; kind: the letter of the cell.

    Returns:
        The period, the status that a mark beside it says, and the note mark that was taken off; each empty where there is none.
    """
    if kind == ASKED:
        return WrittenPeriod("asked"), "", ""
    if kind in DATE_KINDS:
        return _read_date(written, calendar, kind, dates), "", ""
    status, rest = split_status(written, matcher)
    rest, mark = split_note_mark(rest)
    return read_period(rest, header_calendar=calendar, is_number=kind == "n", habits=dates), status, mark


def _read_date(written: str, calendar: str, kind: str, dates: DateHabits) -> WrittenPeriod:
    """Read a date as its cell shows it; the calendar of a header cannot change a date, only make a year fiscal."""
    if kind == "y":
        written = read_short_date(written, dates)
        if not written:
            return AMBIGUOUS
    period = read_period(written, header_calendar="fiscal" if calendar.endswith("fiscal") else "", habits=dates)
    # Programs write a day in figures for years and months too: only a day that the format names in words is surely one.
    return AMBIGUOUS if kind in "dy" and period.day == 1 else period
