"""Maturity files: one assessed item a row.

Belongs here: from a row to an assessed item. Does not belong here: levels held against each other (dbt, rules).
"""

import re
from collections.abc import Callable

from pipelines.domain.assessments import AssessedItem, MaturityWords
from pipelines.domain.texts import column_letters, fold
from pipelines.intake.flat_tables import FlatRow, FlatShape
from pipelines.intake.parsing.numbers import DecimalSign, read_number, settle
from pipelines.intake.parsing.periods import DateHabits, read_period

SHAPE = FlatShape(
    telling=frozenset(("city", "item", "level")),
    needed=("city", "scheme", "assessed_on", "track", "item", "level"),
    saying=("level", "target_level", "target_year", "action", "evidence"),
)
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
TEXTS = {"action": "action_text", "evidence": "evidence_text", "evidence_owner": "evidence_owner", "change_reason": "change_reason", "source": "source_note",
         "comment": "comment_written"}  # fmt: skip
DOT = DecimalSign(".", "of a level")


def read_item(row: FlatRow, words: MaturityWords, city: Callable[[str], str | None]) -> AssessedItem:
    """Read one row.

    Args:
        city: finds a city's code by its written name, exactly.
    """
    one = AssessedItem(row.sheet, row.number, column_letters(row.column_of["level"]))
    one.city_written, one.city_cell, one.city_code = row.text("city"), row.at("city"), city(row.cells["city"])
    one.scheme_written, one.scheme_cell, one.scheme_code = row.text("scheme"), row.at("scheme"), words.schemes.get(fold(row.cells["scheme"]))
    one.track_written, one.track_cell, one.track_code = row.text("track"), row.at("track"), words.tracks.get(fold(row.cells["track"]))
    one.item_written, one.item_cell = row.text("item"), row.at("item")
    one.item_code = words.items.get(one.scheme_code or "", {}).get(fold(row.cells["item"]))
    one.assessed_written, one.assessed_cell = row.text("assessed_on"), row.at("assessed_on")
    period = read_period(row.cells["assessed_on"], header_calendar="", is_number=False, habits=DateHabits("", ""))
    if period.state == "read" and period.calendar == "gregorian" and period.months is None:
        one.assessed_year, one.assessed_month, one.assessed_day = period.year, period.month, period.day
    one.level_written, one.level_value = row.text("level"), _number(row.cells["level"])
    one.target_level, one.target_year = _number(row.cells.get("target_level", "")), _number(row.cells.get("target_year", ""))
    until = row.cells.get("evidence_until", "")
    one.evidence_until = until if DAY.fullmatch(until) else None
    for role, name in TEXTS.items():
        setattr(one, name, row.text(role))
    return one


def _number(text: str) -> float | None:
    return settle(read_number(text), DOT)[0] if text else None
