"""Tables about maturity, from assessments and areas.

Belongs here: columns and spelling. Does not belong here: any query or formula.
"""

import datetime
from collections.abc import Sequence

from pipelines.exports.tables import CellKind, TableColumn, TableSpec, number_text, shown_number
from pipelines.exports.views import View
from pipelines.warehouse.querying_maturity import AssessedArea, Assessment, SchemeItem

NUMBER = CellKind.NUMBER
ASSESSMENT_COLUMNS = (
    TableColumn("city", "City"), TableColumn("member", "Country"), TableColumn("date", "Assessed"), TableColumn("track", "By"),
    TableColumn("level", "Level published", NUMBER), TableColumn("mean", "Mean published", NUMBER), TableColumn("areas", "Areas assessed"),
    TableColumn("known", "Areas known here"), TableColumn("at5", "At level 5"), TableColumn("at4", "At level 4"), TableColumn("bounds", "Mean it can be"),
    TableColumn("before", "Cycle before"), TableColumn("mark", "Mark"), TableColumn("reason", "Reason of change"), TableColumn("cell", "Cell"),
    TableColumn("submission", "Submission"), TableColumn("source", "Source"),
)  # fmt: skip


def bounds_text(low: float | None, high: float | None) -> str:
    """The means that the unknown areas allow."""
    return ".." if low is None or high is None else f"{low:.2f} to {high:.2f}"


def until_text(until: datetime.date | None, today: datetime.date) -> str:
    """Until when a mark or a piece of evidence holds; one that is past says so."""
    if until is None:
        return "none"
    return f"lapsed on {until}" if until < today else f"until {until}"


def assessments_table(title: str, assessments: Sequence[Assessment], *, notes: tuple[str, ...], today: datetime.date, view: View) -> TableSpec:
    """Describe a table of assessments; what was not published stays two dots, a mark that is past on the reader's day says so."""
    rows = tuple(
        (
            a.city_name, a.member_name, a.assessed_label, a.track_code, shown_number(a.overall_level), shown_number(a.mean_level), str(a.n_areas_assessed),
            str(a.n_areas_known), "not published" if a.n_areas_at_5 is None else str(a.n_areas_at_5),
            "not published" if a.n_areas_at_4 is None else str(a.n_areas_at_4), bounds_text(a.lowest_mean, a.highest_mean),
            f"{number_text(a.previous_level)} ({a.previous_label})" if a.previous_level is not None else "first known",
            until_text(a.award_until, today), a.change_reason or "not stated", a.source_address, a.submission_id,
            a.source_note or "not cited",
        )
        for a in assessments
    )  # fmt: skip
    return TableSpec(title, ASSESSMENT_COLUMNS, rows, notes, view)


AREA_COLUMNS = (
    TableColumn("area", "Area"), TableColumn("group", "Group"), TableColumn("principle", "Principle, our mapping"), TableColumn("date", "Assessed"),
    TableColumn("track", "By"), TableColumn("level", "Level"), TableColumn("target", "Target"), TableColumn("action", "Action"),
    TableColumn("evidence", "Evidence"), TableColumn("owner", "Owner"), TableColumn("until", "Valid until"), TableColumn("cell", "Cell"),
    TableColumn("source", "Source"),
)  # fmt: skip


def areas_table(title: str, items: Sequence[SchemeItem], areas: Sequence[AssessedArea], *, today: datetime.date, view: View) -> TableSpec:
    """Describe every area of a scheme for one city: each known level, and the areas whose level is unknown."""
    rows = []
    for item in items:
        known: list[AssessedArea | None] = [a for a in areas if a.item_code == item.item_code]
        for area in known or [None]:
            target = "" if area is None or area.target_level is None else f"{number_text(area.target_level)} by {area.level_target_year or 'no year'}"
            rows.append((
                f"{item.item_code} {item.item_name}", item.item_group or "", item.item_principle or "", area.assessed_label if area else "",
                area.track_code if area else "", number_text(area.level_value) if area else "unknown", target, (area.action_text if area else None) or "",
                (area.evidence_text if area else None) or "", (area.evidence_owner if area else None) or "",
                until_text(area.evidence_until, today) if area and area.evidence_until else "", area.source_address if area else "",
                (area.source_note if area else None) or "",
            ))  # fmt: skip
    notes = ("Unknown areas stay unknown: only what was published stands here.",)
    return TableSpec(title, AREA_COLUMNS, tuple(rows), notes, view)
