"""Settle cells that store one thing and show another: by the sender's answer, or by asking at the cell.

Belongs here: odd cells of a read file to its grid, to questions and to words of the receipt; cells that lost the
format of their neighbours. Does not belong here: what a format shows (reading), the meaning of a figure (rows).
"""

import math
import re
from collections import Counter, defaultdict
from dataclasses import dataclass

from pipelines.domain.answers import LIKE_NEIGHBOURS, SHOWN, STORED, Answers
from pipelines.domain.observations import IntakeResult, ReadingTrouble
from pipelines.domain.texts import cell_address, column_letters, fold
from pipelines.domain.vocabularies import MemberHabits
from pipelines.intake.found_tables import Table
from pipelines.intake.headers import strip_brackets
from pipelines.intake.reading.cells import OddCell, ReadFile, Sheet

ASKED = "q"
SHOWS_RULE, LOST_RULE, HIDDEN_RULE = "cell_says_what_it_shows", "format_is_like_its_neighbours", "nothing_is_hidden"
# A dash for zero is how accounts are written everywhere; it is asked only where a member's legend says it is not zero.
DASHES = frozenset("-–—−‐‑‒―－")
UNUSED = ("ignored", "unknown", "left_out", "total", "incomplete", "technical")
READ_AS = {SHOWN: "read as shown", STORED: "read as stored"}
LEAST_NEIGHBOURS = 2
LEADING_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[+-]\d+)?")


@dataclass(frozen=True, slots=True)
class _Open:
    """An odd cell that nobody decided yet."""

    sheet: Sheet
    cell: OddCell


def settle_odd_cells(read: ReadFile, habits: MemberHabits, answers: Answers, result: IntakeResult) -> list[_Open]:
    """Put what the sender decided into the grid and mark what is open as asked.

    Returns:
        The cells that are still open, to be asked once it is known which of them belong to a table.
    """
    still_open, settled = [], Counter[str]()
    for sheet in read.sheets:
        corrected = _corrected(sheet, answers)
        for cell in sheet.odd:
            if (cell.row, cell.column) in corrected or not _means_another(cell, habits):
                continue
            reading = answers.cell_readings.get(cell.cause, "")
            if reading:
                sheet.grid[cell.row - 1][cell.column - 1] = (cell.shown if reading == SHOWN else cell.stored) or None
                settled[f"({cell.cause}) {READ_AS[reading]}"] += 1
            else:
                still_open.append(_Open(sheet, cell))
                if cell.cause != "hidden":
                    sheet.grid[cell.row - 1][cell.column - 1] = ASKED + cell.stored[1:]
    result.repairs += [f"{n} cells that store and show different things {words}, by the sender's answer" for words, n in settled.items()]
    _settle_hidden(read, answers, result)
    return still_open


def _corrected(sheet: Sheet, answers: Answers) -> set[tuple[int, int]]:
    prefix = f"{sheet.name}!" if sheet.name else ""
    return {(o.row, o.column) for o in sheet.odd if f"{prefix}{cell_address(o.row, o.column)}" in answers.corrections}


def _means_another(cell: OddCell, habits: MemberHabits) -> bool:
    """Whether the words that stand for a number mean another thing than the number."""
    if cell.cause != "mark":
        return True
    words = cell.shown[1:]
    if (mark := habits.marks.get(fold(words))) is not None:
        return not (mark.reason_code == "nil" and cell.stored[1:] == "0")
    return not (words and set(words) <= DASHES and cell.stored[1:] == "0")


def _settle_hidden(read: ReadFile, answers: Answers, result: IntakeResult) -> None:
    """Take hidden rows and columns as they are, or leave them out, where the sender said so; a hidden sheet can be left out."""
    reading = answers.cell_readings.get("hidden", "")
    sheets = {sheet.name: sheet for sheet in read.sheets}
    kept = []
    for trouble in result.troubles:
        if trouble.rule_id != HIDDEN_RULE or not reading or (trouble.row is None and reading == STORED):
            kept.append(
                ReadingTrouble(HIDDEN_RULE, trouble.found, trouble.sheet, trouble.row, trouble.column, cause="hidden")
                if trouble.rule_id == HIDDEN_RULE
                else trouble
            )
            continue
        if reading == SHOWN and trouble.row is not None:
            _blank(sheets[trouble.sheet], trouble)
        words = "read with the others" if reading == STORED else "left out"
        place = trouble.column or trouble.row or ""
        result.repairs.append(f"{trouble.sheet}: {trouble.found} {place}".rstrip() + f" {words}, by the sender's answer")
    result.troubles = kept


def _blank(sheet: Sheet, trouble: ReadingTrouble) -> None:
    if not trouble.column and trouble.row is not None:
        sheet.grid[trouble.row - 1] = [None] * len(sheet.grid[trouble.row - 1])
        return
    for row in sheet.grid:
        for number in range(1, len(row) + 1):
            if column_letters(number) == trouble.column:
                row[number - 1] = None


def ask_odd_cells(still_open: list[_Open], tables: list[Table], result: IntakeResult) -> None:
    """Ask about each open cell that a table uses; where no table was found, about each."""
    used = {(id(t.sheet), row, column) for t in tables for row in _rows_of(t) for column in _columns_of(t)}
    for one in still_open:
        cell = one.cell
        is_hidden = cell.cause == "hidden"
        left_out = any(t.sheet is one.sheet and c.number == cell.column and c.role in ("ignored", "left_out") for t in tables for c in t.columns)
        if tables and (left_out if is_hidden else (id(one.sheet), cell.row, cell.column) not in used):
            continue
        rule_id = HIDDEN_RULE if is_hidden else SHOWS_RULE
        shown = "nothing" if not cell.shown else repr(cell.shown[1:])
        words = f"divided to {cell.shown[1:]}" if cell.cause == "scale" else f"{shown} shown"
        found = f"{cell.stored[1:]} stored, {words} by the format {cell.form}"
        result.troubles.append(ReadingTrouble(rule_id, found, one.sheet.name, cell.row, column_letters(cell.column), cause=cell.cause))


def _rows_of(table: Table) -> list[int]:
    return [*range(table.first_header_row, table.header_row + 1), *table.data_rows]


def _columns_of(table: Table) -> list[int]:
    return [c.number for c in table.columns if c.role not in UNUSED]


def settle_lost_formats(tables: list[Table], answers: Answers, result: IntakeResult) -> None:
    """Find figures without the format that their neighbours of the same indicator have, and read or ask them.

    A bare 0.45 among cells in per cent is 45 per cent that lost its format, or 0.45 per cent; a bare 12 among cells that
    show thousands is 12 or 12 thousand. Only the sender knows.
    """
    reading = answers.cell_readings.get("lost_format", "")
    n_read = 0
    for table in tables:
        scaled = {(o.row, o.column): o for o in table.sheet.odd if o.cause == "scale"}
        for cells in _groups(table).values():
            for row, column, text in _lost(table, cells, scaled, answers):
                line = table.sheet.grid[row - 1]
                if reading == STORED:
                    n_read += 1
                elif reading == LIKE_NEIGHBOURS:
                    line[column - 1] = text
                    n_read += 1
                else:
                    found = f"{table.text(row, column)}; its neighbours are shown {'in per cent' if text[0] == 'p' else 'divided by thousands'}"
                    cause = "lost_format"
                    result.troubles.append(ReadingTrouble(LOST_RULE, found, table.sheet.name, row, column_letters(column), cause=cause))
                    line[column - 1] = ASKED + table.text(row, column)
    if n_read:
        words = "like their neighbours" if reading == LIKE_NEIGHBOURS else "as stored"
        result.repairs.append(f"{n_read} cells without the format of their neighbours read {words}, by the sender's answer")


def _groups(table: Table) -> dict[tuple[str, str], list[tuple[int, int]]]:
    """Value cells by the indicator and the unit that header or row say."""
    roles = {c.role: c.number for c in reversed(table.columns)}
    groups: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    for column in table.columns_of("value"):
        for row in table.data_rows:
            named = column.indicator.target if column.indicator else table.text(row, roles["indicator"]) if "indicator" in roles else ""
            unit = strip_brackets(column.unit.target) if column.unit else table.text(row, roles["unit"]) if "unit" in roles else ""
            if table.kind(row, column.number) in ("n", "p", ASKED):
                groups[fold(named), fold(unit)].append((row, column.number))
    return groups


def _lost(
    table: Table, cells: list[tuple[int, int]], scaled: dict[tuple[int, int], OddCell], answers: Answers
) -> list[tuple[int, int, str]]:  # fmt: skip
    """Cells of a group that lack the format of most others, each with the text that the format would give it."""
    bare = [(r, c, float(table.text(r, c))) for r, c in cells if table.kind(r, c) == "n" and (r, c) not in scaled]
    shares = [float(table.text(r, c)) for r, c in cells if table.kind(r, c) == "p"]
    if len(shares) >= max(LEAST_NEIGHBOURS, 2 * len(bare)):
        low, high = min(shares) / 2, max(shares) * 2
        return [
            (r, c, f"p{round(x * 100, 12):.12g}") for r, c, x in bare if x and not low <= x <= high and (abs(x) <= 1 or low <= x * 100 <= high)
        ]  # fmt: skip
    divided = [scaled[at] for at in cells if at in scaled]
    if len(divided) < max(LEAST_NEIGHBOURS, 2 * len(bare)) or answers.cell_readings.get("scale") == STORED:
        return []
    factor = _factor(divided[0])
    return [(r, c, f"n{x / factor:.15g}") for r, c, x in bare if x]


def _factor(cell: OddCell) -> float:
    """By how much a cell that shows thousands or millions is divided."""
    shown = LEADING_NUMBER.match(cell.shown[1:])
    ratio = abs(float(cell.stored[1:]) / float(shown.group())) if shown else 1_000.0
    return float(1_000 ** round(math.log(ratio, 1_000)))
