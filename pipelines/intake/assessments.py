"""Maturity files: one header row, one assessed item a row.

Belongs here: from cells to assessed items. Does not belong here: levels held against each other (dbt, rules).
"""

import re
from collections.abc import Callable

from pipelines.domain.assessments import AssessedItem, MaturityWords
from pipelines.domain.observations import ReadingTrouble
from pipelines.domain.texts import cell_address, column_letters, fold
from pipelines.intake.parsing.numbers import DecimalSign, read_number, settle
from pipelines.intake.parsing.periods import DateHabits, read_period
from pipelines.intake.reading.cells import ReadFile, Sheet

NEEDED = ("city", "scheme", "assessed_on", "track", "item", "level")
SAYING = ("level", "target_level", "target_year", "action", "evidence")
TELLING = frozenset(("item", "level"))
HEADER_ROWS = 30
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
TEXTS = {"action": "action_text", "evidence": "evidence_text", "evidence_owner": "evidence_owner", "change_reason": "change_reason", "source": "source_note",
         "comment": "comment_written"}  # fmt: skip
DOT = DecimalSign(".", "of a level")


def find_header(sheet: Sheet, headers: dict[str, str]) -> tuple[int, dict[int, str], list[str]] | None:
    """Find the header row: 1-based row, column to role, and the words it has that no role knows; ``None`` when there is none."""
    for number, row in enumerate(sheet.grid[:HEADER_ROWS], 1):
        words = {column: cell[1:] for column, cell in enumerate(row, 1) if cell}
        roles = {column: headers[fold(word)] for column, word in words.items() if fold(word) in headers}
        if set(roles.values()) >= TELLING and "city" in roles.values():
            return number, roles, [f"{cell_address(number, c)}: {w}" for c, w in words.items() if c not in roles]
    return None


def is_maturity_file(read: ReadFile, headers: dict[str, str]) -> bool:
    """Whether a sheet of the file has the header row of a maturity file."""
    return any(find_header(sheet, headers) for sheet in read.sheets)


def report_assessments(
    read: ReadFile, headers: dict[str, str], words: MaturityWords, *, city: Callable[[str], str | None]
) -> tuple[list[AssessedItem], list[ReadingTrouble], list[str]]:
    """Read every row of every sheet that has a header row.

    Args:
        headers: folded header to role.
        city: finds a city's code by its written name, exactly.

    Returns:
        One item per filled row, in reading order; what is wrong with the tables; what was left out, in words.
    """
    items: list[AssessedItem] = []
    left_out: list[int] = []
    troubles = [ReadingTrouble(*t) for t in read.troubles]
    for sheet in read.sheets:
        found = find_header(sheet, headers)
        if found is None:
            continue
        first, roles, unknown = found
        troubles += [
            ReadingTrouble("headers_are_known", word.partition(": ")[2], sheet.name, first, word.partition(":")[0].rstrip("0123456789")) for word in unknown
        ]
        if missing := [role for role in NEEDED if role not in roles.values()]:
            troubles.append(ReadingTrouble("table_is_recognised", f"no column for {', '.join(missing)}", sheet.name, first, ""))
            continue
        column_of = {role: column for column, role in reversed(roles.items())}
        for number, row in enumerate(sheet.grid[first:], first + 1):
            cells = {role: _text(row, column) for role, column in column_of.items()}
            if not any(cells.values()):
                continue
            if not any(cells.get(role) for role in SAYING):
                left_out.append(number)
            else:
                items.append(_item(sheet.name, number, cells, column_of, words, city))
    if not items and not troubles:
        troubles.append(ReadingTrouble("table_is_recognised", "no filled row under the header"))
    shown = ", ".join(map(str, left_out[:5])) + (" …" if len(left_out) > 5 else "")
    return items, troubles, [f"{len(left_out)} rows without level, target, action or evidence left out: {shown}"] if left_out else []


def _text(row: list[str | None], column: int) -> str:
    cell = row[column - 1] if column <= len(row) else None
    return cell[1:].strip() if cell else ""


def _number(text: str) -> float | None:
    return settle(read_number(text), DOT)[0] if text else None


def _item(sheet: str, number: int, cells: dict[str, str], column_of: dict[str, int], words: MaturityWords, city: Callable[[str], str | None]) -> AssessedItem:
    def at(role: str) -> str:
        return cell_address(number, column_of[role])

    one = AssessedItem(sheet, number, column_letters(column_of["level"]))
    one.city_written, one.city_cell, one.city_code = cells["city"] or None, at("city"), city(cells["city"])
    one.scheme_written, one.scheme_cell, one.scheme_code = cells["scheme"] or None, at("scheme"), words.schemes.get(fold(cells["scheme"]))
    one.track_written, one.track_cell, one.track_code = cells["track"] or None, at("track"), words.tracks.get(fold(cells["track"]))
    one.item_written, one.item_cell = cells["item"] or None, at("item")
    one.item_code = words.items.get(one.scheme_code or "", {}).get(fold(cells["item"]))
    one.assessed_written, one.assessed_cell = cells["assessed_on"] or None, at("assessed_on")
    period = read_period(cells["assessed_on"], header_calendar="", is_number=False, habits=DateHabits("", ""))
    if period.state == "read" and period.calendar == "gregorian" and period.months is None:
        one.assessed_year, one.assessed_month, one.assessed_day = period.year, period.month, period.day
    one.level_written, one.level_value = cells["level"] or None, _number(cells["level"])
    one.target_level, one.target_year = _number(cells.get("target_level", "")), _number(cells.get("target_year", ""))
    until = cells.get("evidence_until", "")
    one.evidence_until = until if DAY.fullmatch(until) else None
    for role, name in TEXTS.items():
        setattr(one, name, cells.get(role, "") or None)
    return one
