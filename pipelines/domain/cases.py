"""A case: what a country or a city tells beside its numbers, tied to indicators and goal sets, with its address.

Belongs here: the row that intake hands on. Does not belong here: figures of those indicators (dbt).
"""

from dataclasses import dataclass, fields
from typing import Any


@dataclass(slots=True)
class CaseRow:
    """One row of a file of cases as typed parts; what was written stands beside each part that is matched.

    ``indicator_codes`` and ``goal_set_codes`` hold the codes found, separated by a blank; ``unknown_*`` the words for which none was found.
    A case without a city is the whole country's.
    """

    source_sheet: str
    source_row: int
    source_column: str
    city_written: str | None = None
    city_code: str | None = None
    city_cell: str | None = None
    case_written: str | None = None
    case_cell: str | None = None
    title_local: str | None = None
    started_written: str | None = None
    started_year: int | None = None
    started_cell: str | None = None
    situation_text: str | None = None
    action_text: str | None = None
    result_text: str | None = None
    lesson_text: str | None = None
    indicators_written: str | None = None
    indicators_cell: str | None = None
    indicator_codes: str | None = None
    unknown_indicators: str | None = None
    goals_written: str | None = None
    goals_cell: str | None = None
    goal_set_codes: str | None = None
    unknown_goals: str | None = None
    source_note: str | None = None
    comment_written: str | None = None
    explanation_text: str | None = None


CASE_FIELDS: tuple[tuple[str, Any], ...] = tuple((f.name, f.type) for f in fields(CaseRow))
