"""Recognise our own templates in what was read, before anything else.

Belongs here: identity sheet or line to verdict, and what was carried over. Does not belong here: writing templates.
"""

from pipelines.domain.observations import IntakeResult, ReadingTrouble, ReportedObservation
from pipelines.domain.templates import CSV_MARK, IDENTITY_SHEET, TemplateIdentity, identity_from_json
from pipelines.intake.reading.cells import ReadFile


def take_identity(read: ReadFile) -> TemplateIdentity | None:
    """Take the identity out of a read file and leave only the sheet that holds data; ``None`` for any other file."""
    for sheet in read.sheets:
        if sheet.name == IDENTITY_SHEET:
            first = sheet.grid[0][0] if sheet.grid and sheet.grid[0] else None
            read.sheets = [s for s in read.sheets if s.name == "Data"]
            return identity_from_json((first or "s")[1:]) or TemplateIdentity("", "", "", "", {}, "")
        if sheet.name == "" and sheet.grid and sheet.grid[0] and sheet.grid[0][0] == f"s{CSV_MARK}":
            text = sheet.grid[0][1] if len(sheet.grid[0]) > 1 else None
            sheet.grid[0] = [None] * len(sheet.grid[0])
            return identity_from_json((text or "s")[1:]) or TemplateIdentity("", "", "", "", {}, "")
    return None


def judge(identity: TemplateIdentity, *, contract_id: str, contract_version: str, member_code: str) -> ReadingTrouble | None:
    """Say what is wrong with a template: changed identity, other contract, other member, old version."""
    found = ""
    if not identity.is_whole:
        found = "an identity sheet that was changed or damaged"
    elif identity.contract_id != contract_id:
        found = f"a template of the contract '{identity.contract_id}'"
    elif identity.member_code != member_code:
        found = f"a template made for {identity.member_code}"
    elif identity.contract_version.split(".")[:2] != contract_version.split(".")[:2]:
        found = f"a template of version {identity.contract_version}; the present one is {contract_version}"
    return ReadingTrouble("template_is_current", found) if found else None


def leave_out_unfilled(result: IntakeResult, identity: TemplateIdentity) -> None:
    """Leave out rows nobody filled, and say how many figures stand as they were handed out."""
    kept: list[ReportedObservation] = []
    n_carried = 0
    for one in result.observations:
        if one.value_parse_state == "blank" and not one.numerator_written and not one.comment_written:
            result.n_cells_blank += 1
            continue
        written = identity.prefilled.get(f"{one.source_column}{one.source_row}")
        if written is not None and one.value_written is not None and _same(written, one.value_written):
            n_carried += 1
            one.parse_trail = f"{one.parse_trail}; carried over from the template" if one.parse_trail else "carried over from the template"
        kept.append(one)
    result.observations = kept
    if n_carried:
        result.repairs.append(f"{n_carried} of {len(kept)} figures carried over unchanged from the template, not counted as new")


def _same(prefilled: str, written: str) -> bool:
    try:
        return float(prefilled) == float(written)
    except ValueError:
        return False
