"""Tables about cases: each case and indicator with its figures, and what is still asked for.

Belongs here: columns and spelling. Does not belong here: any query or formula.
"""

from collections.abc import Sequence

from pipelines.exports.error_cells import error_text
from pipelines.exports.tables import TableColumn, TableSpec, figure_text
from pipelines.exports.views import View
from pipelines.warehouse.querying_cases import Case, CaseFigure, CaseRequest

CASE_COLUMNS = (
    TableColumn("case", "Case"), TableColumn("place", "City or country"), TableColumn("started", "Started"), TableColumn("indicator", "Indicator"),
    TableColumn("first", "Oldest figure"), TableColumn("last", "Newest figure"), TableColumn("error", "Uncertainty of the newest"),
    TableColumn("n", "Figures"), TableColumn("boundary", "Boundary"),
    TableColumn("quality", "Quality"), TableColumn("cell", "Cell of the figure"), TableColumn("case_cell", "Cell of the case"), TableColumn("source", "Source"),
)  # fmt: skip
NOT_SENT = "not sent"


def sent_text(value: float | None, label: str | None, figure: CaseFigure) -> str:
    """A figure with its unit and period, or that none was sent."""
    return NOT_SENT if value is None else f"{figure_text(value, figure.decimals)} {figure.unit_name} ({label})"


def cases_table(cases: Sequence[Case], figures: Sequence[CaseFigure], *, view: View) -> TableSpec:
    """Describe each case's indicators with oldest and newest figure; what was not sent is said."""
    rows = []
    for case in cases:
        for f in (f for f in figures if f.case_id == case.case_id):
            rows.append((
                case.case_name, case.place, str(case.started_year or "not said"), f.indicator_name, sent_text(f.first_value, f.first_label, f),
                sent_text(f.last_value, f.last_label, f), error_text(f), str(f.n_figures), (f.boundary_code or "").replace("_", " "),
                (f.quality_code or "").replace("_", " "), f.source_address or "", case.source_address, case.source_note or "not cited",
            ))  # fmt: skip
    notes = ("Figures are what the city sent as figures, not what a case's text says.",)
    return TableSpec("Cases and their figures", CASE_COLUMNS, tuple(rows), notes, view)


REQUEST_COLUMNS = (
    TableColumn("member", "Country"), TableColumn("city", "City"), TableColumn("topic", "Topic"), TableColumn("indicator", "Indicator"),
    TableColumn("state", "State"), TableColumn("source", "Asked by"),
)  # fmt: skip


def requests_table(requests: Sequence[CaseRequest], *, view: View) -> TableSpec:
    """Describe what the forum asks members to tell, and whether a case about it was sent."""
    rows = tuple(
        (r.member_name, r.city_name or "its cities", r.topic_name, r.indicator_name, "told" if r.n_cases_told else "awaiting the member", r.request_source)
        for r in requests
    )
    return TableSpec("Cases the forum asks for", REQUEST_COLUMNS, rows, (), view)
