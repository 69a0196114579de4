"""Recognise our own templates in what was read, before anything else, and what of them came back as it was handed out.

Belongs here: identity cells to verdict, rows that say nothing new. Does not belong here: writing templates.
"""

from collections import Counter
from dataclasses import dataclass, field, replace

from pipelines.domain.observations import IntakeResult, ReadingTrouble, ReportedObservation, TemplateReturn
from pipelines.domain.templates import (
    CSV_MARK,
    DATA_SHEET,
    IDENTITY_SHEET,
    UNREADABLE_IDENTITY,
    HandedOut,
    RowContent,
    TemplateIdentity,
    identity_from_json,
    identity_from_parts,
    plain_figure,
    plain_period,
    plain_text,
)  # fmt: skip
from pipelines.intake.reading.cells import ReadFile, Sheet

NAMED = 5


def take_identity(read: ReadFile) -> TemplateIdentity | None:
    """Take the identity out of a read file, with the sheets that are the template's own; ``None`` for any other file."""
    for sheet in read.sheets:
        if sheet.name == IDENTITY_SHEET:
            identity = _identity_on(sheet) or UNREADABLE_IDENTITY
            ours = (IDENTITY_SHEET, *identity.own_sheets)
            read.sheets = [s for s in read.sheets if s.name not in ours]
            return identity
    for sheet in read.sheets:
        for number, row in enumerate(sheet.grid):
            if any(cell is not None and cell.startswith(f"s{CSV_MARK}") for cell in row):
                identity = _identity_on(Sheet(sheet.name, [row])) or UNREADABLE_IDENTITY
                sheet.grid[number] = [None] * len(row)
                return identity
    return None


def _identity_on(sheet: Sheet) -> TemplateIdentity | None:
    texts = [cell[1:].strip() for row in sheet.grid for cell in row if cell is not None]
    if (identity := identity_from_parts(texts)) is not None:
        return identity
    # The form before parts: the whole text in one cell.
    return next((found for text in texts if text.startswith("{") and (found := identity_from_json(text)) is not None), None)


def stands_beside(sheet: Sheet, read: ReadFile, identity: TemplateIdentity | None) -> bool:
    """Whether a sheet is one that the member put beside the data of a template; without figures it is left out as prose is."""
    return identity is not None and sheet.name != DATA_SHEET and any(s.name == DATA_SHEET for s in read.sheets)


def judge(identity: TemplateIdentity, *, contract_id: str, contract_version: str, member_code: str) -> ReadingTrouble | None:
    """Say what is wrong with a template: changed identity, other contract, other member, old version or form."""
    found = ""
    if not (identity.is_whole or identity.is_earlier_form):
        found = "an identity sheet that was changed or damaged"
    elif identity.contract_id != contract_id:
        found = f"a template of the contract '{identity.contract_id}'"
    elif identity.member_code != member_code:
        found = f"a template made for {identity.member_code}"
    elif identity.contract_version.split(".")[:2] != contract_version.split(".")[:2]:
        found = f"a template of version {identity.contract_version}; the present one is {contract_version}"
    elif identity.is_earlier_form:
        found = "a template of an earlier form, which does not say what was handed out in it"
    return ReadingTrouble("template_is_current", found) if found else None


@dataclass(slots=True)
class _Returned:
    """What was met so far of the figures handed out, by digest."""

    unchanged: set[str] = field(default_factory=set)
    emptied: list[ReportedObservation] = field(default_factory=list)
    met: Counter[str] = field(default_factory=Counter)


def leave_out_untouched(result: IntakeResult, identity: TemplateIdentity) -> None:
    """Leave out rows nobody filled and figures that stand as they were handed out: neither is a submission of anything.

    Rows are known by what they say and not by their place, so they may be sorted, moved and inserted between.
    A figure that was handed out and is not in the file any more, or whose value was emptied, stays as it was accepted;
    both are named, since a person may have meant to withdraw it.
    """
    kept: list[ReportedObservation] = []
    returned = _Returned()
    for one in result.observations:
        content = content_of(one)
        handed_out = identity.handed_out.get(content.key, ())
        if (same := _same_as(one, content, handed_out)) is not None:
            returned.unchanged.add(same.digest)
        elif _says_nothing(one, content, handed_out):
            if handed_out:
                returned.emptied.append(one)
            else:
                result.n_cells_blank += 1
        else:
            kept.append(one)
        returned.met[content.key] += 1
    result.observations = kept
    _tell(result, identity, returned)


def content_of(one: ReportedObservation) -> RowContent:
    """What a row that came back says, in the form of what was handed out."""
    return RowContent(
        city_code=one.city_code or "", indicator_code=one.indicator_code or "", period=plain_period(one.period_written),
        value=plain_figure(one.reported_value), unit_code=one.unit_code or "", numerator=plain_figure(one.numerator_value),
        denominator=plain_figure(one.denominator_value), status_code=one.status_code, boundary_code=one.boundary_code or "",
        definition_code=one.definition_code or "", quality_code=one.quality_code, source_note=plain_text(one.source_note),
        comment_written=plain_text(one.comment_written),
    )  # fmt: skip


def _same_as(one: ReportedObservation, content: RowContent, handed_out: tuple[HandedOut, ...]) -> HandedOut | None:
    if one.standard_error_written is not None:
        return None  # Templates hand out no standard error: one beside a figure is news of it.
    digest = content.digest
    if one.value_parse_state == "ambiguous" and (value := _with_point(one.value_written)) is not None:
        # Whether 1.234 has a decimal point cannot be decided in general; what we wrote ourselves has one.
        digest = replace(content, value=plain_figure(value)).digest
    return next((figure for figure in handed_out if figure.digest == digest), None)


def _with_point(written: str | None) -> float | None:
    try:
        return float(written or "")
    except ValueError:
        return None


def _says_nothing(one: ReportedObservation, content: RowContent, handed_out: tuple[HandedOut, ...]) -> bool:
    """Whether a row holds no figure, no part of one and no remark but one that was handed out with it."""
    if one.value_parse_state != "blank" or one.numerator_written:
        return False
    return not one.comment_written or any(figure.remarks_digest == content.remarks_digest for figure in handed_out)


def _tell(result: IntakeResult, identity: TemplateIdentity, returned: _Returned) -> None:
    """Say in the receipt what became of the figures handed out; ask for something new where there is nothing."""
    n_handed_out, n_unchanged = identity.n_handed_out, len(returned.unchanged)
    absent = tuple(key for key, figures in identity.handed_out.items() for _ in figures[returned.met[key] :])
    result.template = TemplateReturn(n_handed_out, n_unchanged, tuple(content_of(one).key for one in returned.emptied), absent)
    if n_unchanged:
        result.repairs.append(f"{n_unchanged} of {n_handed_out} figures stand as they were handed out and are not sent again")
    if absent:
        named = _named(absent)
        result.repairs.append(f"{len(absent)} of {n_handed_out} figures handed out are not in the file; they stay as they were accepted: {named}")
    for one in returned.emptied:
        stays = ", ".join(f.value for f in identity.handed_out[content_of(one).key] if f.digest not in returned.unchanged)
        result.troubles.append(ReadingTrouble("emptied_figure_stays", f"empty, was {stays}", one.source_sheet, one.source_row, one.source_column))
    if not result.observations and not any(t.rule_id != "emptied_figure_stays" for t in result.troubles):
        found = f"{n_unchanged} of {n_handed_out} figures as they were handed out, {result.n_cells_blank + len(returned.emptied)} rows without a figure"
        result.troubles.append(ReadingTrouble("template_says_something_new", found))


def _named(keys: tuple[str, ...]) -> str:
    return "; ".join(keys[:NAMED]) + (f"; and {len(keys) - NAMED} more" if len(keys) > NAMED else "")
