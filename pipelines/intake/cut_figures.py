"""Rows of a text table that fit by chance: a figure cut at its thousands comma pushes the last, empty column out.

Belongs here: finding such a pair of cells. Does not belong here: rows with another number of cells (layout_faults).
"""

import re
from collections.abc import Iterator

from pipelines.domain.observations import IntakeResult, ReadingTrouble
from pipelines.domain.texts import column_letters
from pipelines.intake.found_tables import Table
from pipelines.intake.headers import FIGURE_ROLES
from pipelines.intake.parsing.numbers import read_number

HEAD = re.compile(r"[+\-−]?[1-9]\d{0,2}")
GROUP = re.compile(r"\d{3}(?:\.\d+)?")
COMMA = ","
# Columns of figures hold numbers of their own; a column of an unknown header is asked about as it is.
NOT_CUT_INTO = (*FIGURE_ROLES, "total", "unknown", "incomplete")
RULE = "figure_is_in_one_cell"


def cut_figures(table: Table, delimiter: str, corrected: set[tuple[str, int, str]]) -> list[ReadingTrouble]:
    """Figures of one to three digits beside a group of three where the next column holds something else.

    Args:
        delimiter: what separates the cells; only a comma can be a thousands sign too.
        corrected: cells that the sender wrote anew, by sheet, row and column; they are decided.
    """
    if delimiter != COMMA:
        return []
    found = []
    for column, follower in _pairs(table):
        letters = column_letters(column)
        for row in table.data_rows:
            head, group = table.text(row, column), table.text(row, follower)
            is_cut = HEAD.fullmatch(head) and GROUP.fullmatch(group) and table.kind(row, column) == "s"
            if is_cut and (table.sheet.name, row, letters) not in corrected:
                found.append(ReadingTrouble(RULE, f"{head} | {group}", table.sheet.name, row, letters))
    return found


def withhold_cut(result: IntakeResult) -> None:
    """A cut figure says no value; its cell is asked about."""
    cut = {(t.sheet, t.row, t.column) for t in result.troubles if t.rule_id == RULE}
    for one in result.observations if cut else ():
        if (one.source_sheet, one.source_row, one.source_column) in cut:
            one.reported_value, one.value_parse_state = None, "cut"


def _pairs(table: Table) -> Iterator[tuple[int, int]]:
    """Columns of figures with the column to their right, where that one holds words or other things and no figure of its own."""
    by_number = {c.number: c for c in table.columns}
    for column in table.columns:
        follower = by_number.get(column.number + 1)
        if column.role not in FIGURE_ROLES or (follower is not None and follower.role in NOT_CUT_INTO):
            continue
        if not any(_is_own_figure(table, row, column.number) for row in table.data_rows):
            yield column.number, column.number + 1


def _is_own_figure(table: Table, row: int, column: int) -> bool:
    """Whether the cell right of a figure is a number that no cut explains: then that column holds numbers."""
    text = table.text(row, column + 1)
    is_explained = GROUP.fullmatch(text) and HEAD.fullmatch(table.text(row, column))
    return not is_explained and read_number(text).is_number
