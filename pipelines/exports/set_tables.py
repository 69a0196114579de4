"""Tables about named indicator sets: the list with its coverage, and the newest figure of each city.

Belongs here: columns and spelling. Does not belong here: any query or formula.
"""

from collections.abc import Sequence

from pipelines.exports.error_cells import ERROR_NOTE, error_text
from pipelines.exports.tables import CellKind, TableColumn, TableSpec, definition_words, figure_number, figure_text
from pipelines.exports.views import View
from pipelines.warehouse.querying_sets import SetFigure, SetItem

SET_COLUMNS = (
    TableColumn("topic", "Topic"), TableColumn("indicator", "Indicator"), TableColumn("code", "Code"), TableColumn("unit", "Unit"),
    TableColumn("cities", "Cities with a figure", CellKind.NUMBER), TableColumn("members", "Countries", CellKind.NUMBER), TableColumn("years", "Years"),
    TableColumn("definition", "Definition"), TableColumn("reason", "Why it is in the set"),
)  # fmt: skip


def years_text(first: int | None, last: int | None) -> str:
    """The years that figures are for."""
    if first is None or last is None:
        return "none yet"
    return str(first) if first == last else f"{first} to {last}"


def set_table(title: str, items: Sequence[SetItem], *, korean: bool, notes: tuple[str, ...], view: View) -> TableSpec:
    """Describe the indicators of a set, each with how far cities have sent it; zero is shown as zero."""
    rows = tuple(
        (
            i.topic_name_ko if korean else i.topic_name, i.indicator_name, i.indicator_code, i.unit_name, float(i.n_cities_with_value),
            float(i.n_members_with_value), years_text(i.first_year_with_value, i.last_year_with_value), i.definition_confidence.replace("_", " "), i.set_reason,
        )
        for i in items
    )  # fmt: skip
    return TableSpec(title, SET_COLUMNS, rows, notes, view)


NEWEST_COLUMNS = (
    TableColumn("city", "City"), TableColumn("member", "Country"), TableColumn("indicator", "Indicator"), TableColumn("value", "Value", CellKind.NUMBER),
    TableColumn("error", "Uncertainty"), TableColumn("unit", "Unit"), TableColumn("period", "Period"), TableColumn("boundary", "Boundary"),
    TableColumn("definition", "Definition"), TableColumn("quality", "Quality"), TableColumn("cell", "Cell"),
)  # fmt: skip


def newest_table(title: str, items: Sequence[SetItem], figures: Sequence[SetFigure], *, notes: tuple[str, ...] = (), view: View) -> TableSpec:
    """Describe each city's newest figure of each indicator, with year, boundary and quality beside it."""
    names = {i.indicator_code: i.indicator_name for i in items}
    rows = tuple(
        (
            f.city_name, f.member_name, names[f.indicator_code], figure_number(f.harmonised_value, f.decimals), error_text(f), f.unit_name, f.period_label,
            f.boundary_code.replace("_", " ") + ("" if f.has_city_boundary else ": not the city's own"),
            definition_words(f.definition_name, f.definition_grade), f.quality_code.replace("_", " "), f.source_address,
        )
        for f in figures
    )  # fmt: skip
    return TableSpec(title, NEWEST_COLUMNS, rows, (*notes, ERROR_NOTE), view)


def newest_text(figure: SetFigure) -> str:
    """One figure as a short text: value, unit and period."""
    return f"{figure_text(figure.harmonised_value, figure.decimals)} {figure.unit_name} ({figure.period_label})"
