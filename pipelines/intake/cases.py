"""Files of cases: one case a row, tied to indicators and goal sets by their codes or exact names.

Belongs here: from a row to a case. Does not belong here: whether it may be told (rules).
"""

import re
from collections.abc import Callable

from pipelines.domain.cases import CaseRow
from pipelines.domain.texts import column_letters
from pipelines.intake.flat_tables import FlatRow, FlatShape
from pipelines.intake.parsing.periods import DateHabits, read_period

SHAPE = FlatShape(
    telling=frozenset(("city", "case", "situation")),
    needed=("city", "case", "situation", "action", "indicators"),
    saying=("case", "situation", "action", "result", "indicators"),
)
BETWEEN = re.compile(r"[;；、\n]+")
TEXTS = {"title_local": "title_local", "situation": "situation_text", "action": "action_text", "result": "result_text", "lesson": "lesson_text",
         "source": "source_note", "comment": "comment_written"}  # fmt: skip
Find = Callable[[str], str | None]


def read_case(row: FlatRow, *, city: Find, indicator: Find, goal_set: Find) -> CaseRow:
    """Read one row.

    Args:
        city: finds a city's code by its written name, exactly; so do ``indicator`` and ``goal_set`` for theirs.
    """
    one = CaseRow(row.sheet, row.number, column_letters(row.column_of["case"]))
    one.city_written, one.city_cell = row.text("city"), row.at("city")
    one.city_code = city(one.city_written) if one.city_written else None
    one.case_written, one.case_cell = row.text("case"), row.at("case")
    one.started_written, one.started_cell = row.text("started"), row.at("started")
    if one.started_written:
        period = read_period(one.started_written, header_calendar="", is_number=False, habits=DateHabits("", ""))
        one.started_year = period.year if period.state == "read" and period.calendar == "gregorian" else None
    one.indicators_written, one.indicators_cell = row.text("indicators"), row.at("indicators")
    one.indicator_codes, one.unknown_indicators = _found(one.indicators_written, indicator)
    one.goals_written, one.goals_cell = row.text("goals"), row.at("goals")
    one.goal_set_codes, one.unknown_goals = _found(one.goals_written, goal_set)
    for role, name in TEXTS.items():
        setattr(one, name, row.text(role))
    return one


def _found(written: str | None, find: Find) -> tuple[str | None, str | None]:
    """Codes of the words between semicolons, each once and in order, and the words without one."""
    words = [w.strip() for w in BETWEEN.split(written or "") if w.strip()]
    codes = {w: find(w) for w in words}
    known = dict.fromkeys(c for c in codes.values() if c)
    return " ".join(known) or None, "; ".join(w for w in words if not codes[w]) or None
