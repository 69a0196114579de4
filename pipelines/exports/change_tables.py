"""Tables about revisions, corrections, calendar years put together, and money on other bases.

Belongs here: columns and spelling. Does not belong here: any query or formula.
"""

from collections.abc import Sequence
from dataclasses import replace

from pipelines.exports.tables import CellKind, TableColumn, TableSpec, definition_words, figure_number, figure_text, number_text, shown_number
from pipelines.exports.views import View
from pipelines.warehouse.querying import Figure
from pipelines.warehouse.querying_changes import AlignedYear, Correction, MoneyFigure, Revision

NUMBER = CellKind.NUMBER
BASES = {"market": "US dollars at the market rate", "ppp": "international dollars (purchasing power)", "constant": "constant prices"}
REVISION_COLUMNS = (
    TableColumn("indicator", "Indicator"), TableColumn("period", "Period"), TableColumn("revision", "Revision"), TableColumn("value", "Value", NUMBER),
    TableColumn("unit", "Unit"), TableColumn("change", "Change against the one before"), TableColumn("status", "Status"),
    TableColumn("boundary", "Boundary"), TableColumn("definition", "Definition"), TableColumn("stands", "Stands"), TableColumn("cell", "Cell"),
    TableColumn("file", "File"), TableColumn("submission", "Submission"),
)  # fmt: skip


REVISION_STATES = {
    "stands": "stands", "replaced": "replaced by a later one", "repeat_without_source": "same value without a source: the one with a source stands",
}  # fmt: skip


def change_text(change: float | None) -> str:
    """A relative change in per cent with its sign."""
    return "" if change is None else f"{100 * change:+.2f} %"


def revisions_table(title: str, revisions: Sequence[Revision], *, view: View) -> TableSpec:
    """Describe every time that a figure was sent which was sent more than once, and why it stands or does not."""
    rows = tuple(
        (
            r.indicator_name, r.period_label, f"{r.revision_number} of {r.n_revisions}", figure_number(r.harmonised_value, r.decimals),
            r.unit_code.replace("_", " "), change_text(r.relative_revision), r.status_code.replace("_", " "), (r.boundary_code or "").replace("_", " "),
            r.figure_definition_code.replace("_", " "), REVISION_STATES[r.revision_state], r.source_address, r.source_file_name, r.submission_id,
        )
        for r in revisions
    )  # fmt: skip
    notes = (
        "The last one sent stands, but for a value sent again without a source; the others are kept.",
        "Another boundary or definition is another figure, not a revision.",
    )
    return TableSpec(title, REVISION_COLUMNS, rows, notes, view)


ALIGNED_COLUMNS = (
    TableColumn("city", "City"), TableColumn("member", "Country"), TableColumn("year", "Calendar year"), TableColumn("value", "Value, derived", NUMBER),
    TableColumn("unit", "Unit"), TableColumn("boundary", "Boundary"), TableColumn("definition", "Definition"), TableColumn("parts", "Made of"),
)  # fmt: skip


def aligned_table(title: str, years: Sequence[AlignedYear], *, view: View) -> TableSpec:
    """Describe calendar years put together from fiscal years, each with the months that it is made of."""
    rows = tuple(
        (
            y.city_name, y.member_name, str(y.calendar_year), figure_number(y.aligned_value, y.decimals), y.unit_code.replace("_", " "),
            y.boundary_code.replace("_", " "),
            y.series_definition_code.replace("_", " "), y.aligned_parts,
        )
        for y in years
    )  # fmt: skip
    notes = ("Derived: each fiscal year is taken as even over its months. Only whole calendar years, without a break; nobody sent these figures.",)
    return TableSpec(title, ALIGNED_COLUMNS, rows, notes, view)


MONEY_COLUMNS = (
    TableColumn("city", "City"), TableColumn("member", "Country"), TableColumn("period", "Period"), TableColumn("boundary", "Boundary"),
    TableColumn("definition", "Definition"), TableColumn("sent", "Sent, national currency", NUMBER),
    TableColumn("basis", "Basis"), TableColumn("value", "Value", NUMBER), TableColumn("unit", "Unit"), TableColumn("rate", "Rate", NUMBER),
    TableColumn("source", "Source of the rate"), TableColumn("vintage", "Vintage"), TableColumn("note", "Note"),
)  # fmt: skip


def money_table(title: str, figures: Sequence[MoneyFigure], *, view: View) -> TableSpec:
    """Describe money on each basis with rate, source and vintage; a basis without a rate says so."""
    rows = tuple(
        (
            f.city_name, f.member_name, f.period_label, f.boundary_code.replace("_", " "), definition_words(f.definition_name, f.definition_grade),
            figure_number(f.harmonised_value, f.decimals), BASES.get(f.money_basis, f.money_basis), figure_number(f.money_value, f.decimals),
            f.money_unit, shown_number(f.rate_value), f.rate_source or "", f.rate_vintage or "", f.money_reason or "",
        )
        for f in figures
    )  # fmt: skip
    return TableSpec(title, MONEY_COLUMNS, rows, (), view)


def restated(figures: Sequence[Figure], amounts: Sequence[MoneyFigure], basis: str) -> list[Figure]:
    """Put figures in national currency on one basis, with the rate as a further step; a figure without a rate has no value and says so.

    Raises:
        KeyError: a figure that the amounts know nothing of; none may stay in its national currency under another unit.
    """
    by_figure = {a.observation_id: a for a in amounts if a.money_basis == basis}
    found = []
    for figure in figures:
        if figure.harmonised_value is None:
            found.append(figure)
            continue
        amount = by_figure[figure.observation_id]
        unit_code = figure.unit_code if basis == "constant" else figure.unit_code.replace("LCU", basis)
        in_unit = replace(figure, unit_name=amount.money_unit, unit_code=unit_code)
        if amount.money_value is None or amount.rate_value is None:
            found.append(replace(in_unit, harmonised_value=None, relative_error=None, standard_error=None, status_code="missing", reason_code="no_rate"))
            continue
        how = f"x 100 / {number_text(amount.rate_value)}" if basis == "constant" else f"/ {number_text(amount.rate_value)}"
        step = f"{BASES[basis]}: {figure_text(figure.harmonised_value, figure.decimals)} {how} ({amount.rate_source}, {amount.rate_vintage})"
        steps = f"{figure.conversion_steps}; {step}" if figure.conversion_steps else step
        scale = abs(amount.money_value / figure.harmonised_value) if figure.harmonised_value else 0.0
        error = None if figure.standard_error is None else figure.standard_error * scale
        found.append(replace(in_unit, harmonised_value=amount.money_value, standard_error=error, conversion_steps=steps))
    return found


CORRECTION_COLUMNS = (
    TableColumn("code", "Correction"), TableColumn("city", "City"), TableColumn("indicator", "Indicator"),
    TableColumn("figure", "Boundary and definition"), TableColumn("period", "Period"), TableColumn("decision", "Decision"),
    TableColumn("reason", "Reason"), TableColumn("author", "Decided by"), TableColumn("on", "On"), TableColumn("source", "Source"),
)  # fmt: skip


def corrections_table(corrections: Sequence[Correction], *, view: View) -> TableSpec:
    """Describe every decided correction: what stood, what was put in its place, why, by whom."""
    rows = tuple(
        (
            c.correction_code, c.city_name, c.indicator_name, _of_which_figure(c), f"{c.period_start} to {c.period_end}",
            f"{number_text(c.expected_value)} -> {number_text(c.corrected_value) if c.correction_action == 'replace' else 'withdrawn'}",
            c.correction_reason, c.correction_author, str(c.corrected_on), c.correction_source,
        )
        for c in corrections
    )  # fmt: skip
    return TableSpec("Corrections", CORRECTION_COLUMNS, rows, (), view)


def _of_which_figure(correction: Correction) -> str:
    """Boundary and definition that a correction names; it names none where the city has one figure of the period."""
    named = (correction.correction_boundary_code, correction.correction_definition_code)
    return ", ".join(t.replace("_", " ") for t in named if t) or "the only one"
