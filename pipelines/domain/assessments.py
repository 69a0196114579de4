"""An assessed item: the level of one area, or a published summary, with its address.

Belongs here: the row that intake hands on. Does not belong here: any reckoning over several rows.
"""

from dataclasses import dataclass, fields
from typing import Any


@dataclass(slots=True)
class AssessedItem:
    """One row of a maturity file as typed parts; what was written stands beside each part that is matched.

    ``assessed_*`` are the parts of a Gregorian date, as exact as written. ``level_value`` is the number as sent.
    """

    source_sheet: str
    source_row: int
    source_column: str
    city_written: str | None = None
    city_code: str | None = None
    city_cell: str | None = None
    scheme_written: str | None = None
    scheme_code: str | None = None
    scheme_cell: str | None = None
    assessed_written: str | None = None
    assessed_cell: str | None = None
    assessed_year: int | None = None
    assessed_month: int | None = None
    assessed_day: int | None = None
    track_written: str | None = None
    track_code: str | None = None
    track_cell: str | None = None
    item_written: str | None = None
    item_code: str | None = None
    item_cell: str | None = None
    level_written: str | None = None
    level_value: float | None = None
    target_level: float | None = None
    target_year: float | None = None
    action_text: str | None = None
    evidence_text: str | None = None
    evidence_owner: str | None = None
    evidence_until: str | None = None
    change_reason: str | None = None
    source_note: str | None = None
    comment_written: str | None = None
    explanation_text: str | None = None


ASSESSMENT_FIELDS: tuple[tuple[str, Any], ...] = tuple((f.name, f.type) for f in fields(AssessedItem))


@dataclass(frozen=True, slots=True)
class MaturityWords:
    """Exact words of maturity files, folded: schemes, tracks, and the items of each scheme."""

    schemes: dict[str, str]
    tracks: dict[str, str]
    items: dict[str, dict[str, str]]
