"""One description of a table: the screen, CSV and XLSX are drawn from it, cell by cell the same.

Belongs here: columns, rows, notes, and how a number is shown. Does not belong here: any query.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Context, Decimal
from enum import StrEnum
from math import isfinite

from pipelines.domain.comparability import Comparability, compare
from pipelines.exports.error_cells import ERROR_NOTE, error_text
from pipelines.exports.source_cells import SOURCE_CELLS, source_cells
from pipelines.exports.views import View
from pipelines.warehouse.querying import Figure
from pipelines.warehouse.querying_kinds import traits_of

Cell = str | float | int | Decimal | None
SIGNIFICANT_DIGITS = 6
DOWN = "-"
# Digits enough for any float, so that rounding never fails.
EXACT = Context(prec=800, rounding=ROUND_HALF_UP)
# Columns that say what or when a row is about: to order by them ranks nobody.
NAMING_COLUMNS = frozenset({"city", "member", "place", "indicator", "topic", "code", "period", "year", "date", "area", "group", "case", "rule"})
REASONS = {
    "not_reported": "not reported", "not_collected": "not collected", "not_applicable": "not applicable",
    "confidential": "withheld", "nil": "nil", "withdrawn": "withdrawn by a decided correction", "no_rate": "no rate registered",
}  # fmt: skip


class CellKind(StrEnum):
    """How a column's cells are written."""

    TEXT = "text"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class TableColumn:
    """One column: its key, its label, its kind."""

    key: str
    label: str
    kind: CellKind = CellKind.TEXT


@dataclass(frozen=True, slots=True)
class TableSpec:
    """A table as shown: title, columns, rows, notes, and the view it belongs to.

    A figure is a ``Decimal`` with its indicator's decimals, another number a float. A number cell is ``None`` when there is no value;
    the reason stands in the status column.
    """

    title: str
    columns: tuple[TableColumn, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...]
    view: View

    @property
    def view_hash(self) -> str:
        """Digest of everything shown and of the address that shows it; printed in every file."""
        shown = [self.title, [c.label for c in self.columns], self.rows, self.notes, self.view.address]
        return hashlib.sha256(json.dumps(shown, ensure_ascii=False, separators=(",", ":"), default=str).encode()).hexdigest()[:16]

    def order_by(self, word: str) -> tuple[int, ...]:
        """Give the rows' indices in the order of a column, downwards after ``-``; what has no value stands last, equals stay as they are.

        The table's own order where the word names none of its columns.
        """
        key = word.removeprefix(DOWN)
        at = next((i for i, c in enumerate(self.columns) if c.key == key), None)
        if at is None:
            return tuple(range(len(self.rows)))
        known = [i for i, row in enumerate(self.rows) if row[at] not in (None, "")]
        rest = [i for i, row in enumerate(self.rows) if row[at] in (None, "")]
        return (*sorted(known, key=lambda i: _rank_key(self.rows[i][at]), reverse=word.startswith(DOWN)), *rest)

    def taken(self, order: Sequence[int]) -> "TableSpec":
        """Give the table with these of its rows, in this order."""
        return replace(self, rows=tuple(self.rows[i] for i in order))


def _rank_key(cell: Cell) -> tuple[bool, float, str]:
    return (True, 0.0, cell.casefold()) if isinstance(cell, str) else (False, float(cell or 0), "")


def may_order_by(key: str, *, is_held: bool) -> bool:
    """Whether rows may be ordered by a column; where a source forbids a ranking, only by what names them."""
    return not is_held or key in NAMING_COLUMNS


def figure_number(value: float | None, decimals: int) -> Decimal | None:
    """Round a figure to its indicator's decimals, halves away from zero; one that would be shown as zero and is none keeps its first digit.

    Args:
        value: in the indicator's unit.
        decimals: those of the indicator's contract, which are its own or its unit's.
    """
    if value is None or not isfinite(value):
        return None
    exact = Decimal(repr(float(value)))
    rounded = exact.quantize(Decimal(1).scaleb(-decimals), context=EXACT)
    if rounded == 0 and exact != 0:
        return exact.quantize(Decimal(1).scaleb(exact.adjusted()), context=EXACT)
    return abs(rounded) if rounded == 0 else rounded


def figure_text(value: float | None, decimals: int) -> str:
    """Spell a figure with its indicator's decimals; two dots when there is none."""
    return number_text(figure_number(value, decimals))


def shown_number(value: float | None) -> float | None:
    """Round to what is shown: whole numbers whole, others to six significant digits; what is not finite is no number."""
    if value is None or not isfinite(value):
        return None
    if float(value).is_integer() and abs(value) < 1e15:
        return float(value)
    return float(f"{value:.{SIGNIFICANT_DIGITS}g}")


def number_text(value: float | Decimal | None) -> str:
    """Spell a number as shown, with groups of three; two dots when there is none. A ``Decimal`` is shown with its own decimals."""
    if isinstance(value, Decimal):
        return f"{value:,f}"
    shown = shown_number(value)
    if shown is None:
        return ".."
    if shown.is_integer():
        return f"{int(shown):,}"
    text = f"{shown:,.10f}".rstrip("0")
    return text if abs(shown) >= 1e-6 else f"{shown:g}"


def status_text(figure: Figure) -> str:
    """Spell the status, with the reason when there is no value."""
    if figure.harmonised_value is None:
        return f"{figure.status_code.replace('_', ' ')}: {REASONS.get(figure.reason_code or '', figure.reason_code or 'no reason given')}"
    if figure.status_code == "derived":
        return "derived: computed by the sender" if figure.value_written else "derived: computed here"
    return figure.status_code.replace("_", " ")


COMPARABLE = TableColumn("comparable", "Comparable")
DEFINITIONS = {
    "single": "one definition known", "not_declared": "not declared", "derived": "computed from its parts",
}  # fmt: skip
FIGURE_COLUMNS = (
    TableColumn("city", "City"),
    TableColumn("member", "Country"),
    TableColumn("indicator", "Indicator"),
    TableColumn("value", "Value", CellKind.NUMBER),
    TableColumn("error", "Uncertainty"),
    TableColumn("unit", "Unit"),
    TableColumn("period", "Period"),
    TableColumn("status", "Status"),
    TableColumn("boundary", "Boundary"),
    TableColumn("quality", "Quality"),
    TableColumn("standard_error", "Standard error", CellKind.NUMBER),
    TableColumn("definition", "Definition"),
    TableColumn("explanation", "Explanation"),
    TableColumn("written", "As written"),
    TableColumn("cell", "Cell"),
    TableColumn("submission", "Submission"),
    TableColumn("source", "Source"),
    *(TableColumn(key, label) for key, label in SOURCE_CELLS),
    TableColumn("shared_error", "Errs together with"),
)


def compared(figures: Sequence[Figure], held_against: Figure) -> list[Comparability | None]:
    """Grade each figure against one; ``None`` for that one itself and for figures without a value."""
    return [None if f is held_against or f.harmonised_value is None else compare(traits_of(f), traits_of(held_against)) for f in figures]


def definition_text(figure: Figure) -> str:
    """Spell what the figure counts."""
    return definition_words(figure.definition_name, figure.definition_grade)


def definition_words(name: str | None, grade: str) -> str:
    """Spell a definition: its name, or whether one is known at all."""
    if name is None:
        return DEFINITIONS.get(grade, grade)
    return name + (", bridged" if grade == "bridged" else "")


def kind_text(figure: Figure) -> str:
    """Spell what tells a figure from another of the same city, indicator and period: its boundary and what it counts."""
    return f"{figure.boundary_code.replace('_', ' ')}, {definition_text(figure)}"


def figure_row(figure: Figure) -> dict[str, Cell]:
    """Give a figure as cells by column key."""
    written = " ".join(t for t in (figure.value_written, figure.unit_written) if t) or "computed"
    return {
        "city": figure.city_name, "member": figure.member_name, "indicator": figure.indicator_name,
        "value": figure_number(figure.harmonised_value, figure.decimals), "unit": figure.unit_name, "period": figure.period_label,
        "status": status_text(figure), "boundary": figure.boundary_code.replace("_", " "),
        "quality": figure.quality_code.replace("_", " "), "definition": definition_text(figure),
        "explanation": figure.explanation_text or "", "written": written, "cell": figure.source_address,
        "submission": figure.submission_id, "source": figure.source_note or "not cited",
        **source_cells(figure), "error": error_text(figure), "standard_error": shown_number(figure.standard_error),
        "shared_error": figure.shared_error_key or "nothing known",
    }  # fmt: skip


def figures_table(
    title: str,
    figures: Sequence[Figure],
    *,
    without: tuple[str, ...] = (),
    notes: tuple[str, ...] = (),
    view: View,
    held_against: Figure | None = None,
) -> TableSpec:
    """Describe a table of figures.

    Args:
        without: keys of columns that the page's title already says.
        view: the view that shows the table.
        held_against: the figure that every other one is graded against; no such column without it.
    """
    columns = tuple(c for c in FIGURE_COLUMNS if c.key not in without)
    rows = tuple(tuple(row[c.key] for c in columns) for row in map(figure_row, figures))
    if held_against is not None:
        texts = ["held against" if f is held_against else g.text if g else ".." for f, g in zip(figures, compared(figures, held_against), strict=True)]
        at = next(i for i, c in enumerate(columns) if c.key == "unit") + 1
        columns = (*columns[:at], COMPARABLE, *columns[at:])
        rows = tuple((*row[:at], text, *row[at:]) for row, text in zip(rows, texts, strict=True))
    return TableSpec(title, columns, rows, (*notes, ERROR_NOTE), view)
