"""The period that one cell says, with the mark and the status that stand with it.

Belongs here: what the kind of a cell adds to its text. Does not belong here: calendars (parsing), which cell says a figure's period (rows).
"""

from pipelines.domain.texts import split_note_mark
from pipelines.intake.date_cells import DATE_KINDS, read_date_cell
from pipelines.intake.headers import split_status
from pipelines.intake.matching import Matcher
from pipelines.intake.odd_cells import ASKED
from pipelines.intake.parsing.periods import DateHabits, WrittenPeriod, read_period


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
        return read_date_cell(written, kind, header_calendar=calendar, habits=dates), "", ""
    status, rest = split_status(written, matcher)
    rest, mark = split_note_mark(rest)
    return read_period(rest, header_calendar=calendar, is_number=kind == "n", habits=dates), status, mark
