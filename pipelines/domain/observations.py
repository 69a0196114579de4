"""A reported observation: one figure, or one reason for none, with its address.

Belongs here: the row that intake hands on. Does not belong here: any conversion.
"""

import datetime
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any


@dataclass(frozen=True, slots=True)
class FigureKey:
    """What tells one figure from every other: another boundary or definition is another figure, never a revision.

    ``definition_code`` is what the figure was declared to count, ``not_declared`` or ``single``; see the dbt macro ``figure_definition``.
    """

    city_code: str
    boundary_code: str
    indicator_code: str
    definition_code: str
    period_start: datetime.date
    period_end: datetime.date


class FileFact(StrEnum):
    """What a file has, so that a rule seen while reading has something to look at; the contract names these in ``appliesWhen``."""

    TEXT = "is_text"
    WORKBOOK = "is_workbook"
    TEMPLATE = "is_template"
    TOTALS = "states_totals"
    ANSWERS = "has_answers"


@dataclass(slots=True)
class ReportedObservation:
    """One cell of a submission as typed parts; what was written stands beside each part.

    ``*_cell`` are addresses in the sender's file. ``period_*`` parts are in the calendar as written:
    dbt turns them into dates. ``reported_value`` and ``standard_error_value`` are in ``unit_code``, before any conversion.
    """

    source_sheet: str
    source_row: int
    source_column: str
    city_written: str | None = None
    city_code: str | None = None
    city_cell: str | None = None
    indicator_written: str | None = None
    indicator_code: str | None = None
    indicator_match_state: str = "matched"
    indicator_cell: str | None = None
    period_written: str | None = None
    period_cell: str | None = None
    period_parse_state: str = "read"
    period_calendar: str | None = None
    period_year: int | None = None
    period_month: int | None = None
    period_day: int | None = None
    period_months: int | None = None
    value_written: str | None = None
    reported_value: float | None = None
    value_parse_state: str = "read"
    status_code: str = "observed"
    reason_code: str | None = None
    status_mark: str | None = None
    unit_written: str | None = None
    unit_code: str | None = None
    unit_cell: str | None = None
    numerator_written: str | None = None
    numerator_value: float | None = None
    numerator_cell: str | None = None
    denominator_written: str | None = None
    denominator_value: float | None = None
    denominator_cell: str | None = None
    fraction_parse_state: str = "read"
    boundary_written: str | None = None
    boundary_code: str | None = None
    boundary_cell: str | None = None
    definition_written: str | None = None
    definition_code: str | None = None
    definition_cell: str | None = None
    quality_code: str = "not_declared"
    source_note: str | None = None
    comment_written: str | None = None
    source_publisher: str | None = None
    source_title: str | None = None
    source_locator: str | None = None
    source_link: str | None = None
    source_licence: str | None = None
    source_accessed: str | None = None
    source_cell: str | None = None
    source_first_year: int | None = None
    source_last_year: int | None = None
    method_written: str | None = None
    method_code: str | None = None
    method_cell: str | None = None
    computation_note: str | None = None
    parse_trail: str = ""
    explanation_text: str | None = None
    standard_error_written: str | None = None
    standard_error_value: float | None = None
    standard_error_cell: str | None = None

    def add_step(self, step: str) -> None:
        """Add what was done to read the figure."""
        self.parse_trail = f"{self.parse_trail}; {step}" if self.parse_trail else step

    @property
    def cells(self) -> tuple[str, ...]:
        """Every cell that says something about the figure, its own first, as ``Sheet!B7``."""
        named = (
            self.city_cell,
            self.indicator_cell,
            self.period_cell,
            self.unit_cell,
            self.boundary_cell,
            self.definition_cell,
            self.numerator_cell,
            self.denominator_cell,
        )
        cells = (f"{self.source_column}{self.source_row}", *(c for c in named if c))
        return tuple(f"{self.source_sheet}!{c}" if self.source_sheet else c for c in cells)


OBSERVATION_FIELDS: tuple[tuple[str, Any], ...] = tuple((f.name, f.type) for f in fields(ReportedObservation))


@dataclass(frozen=True, slots=True)
class ReadingTrouble:
    """A structural fault seen while reading or laying out a file.

    ``offers`` are answers that would settle it: target and words; ``cause`` names the answer that settles it for the whole file, if one does.
    """

    rule_id: str
    found: str
    sheet: str = ""
    row: int | None = None
    column: str = ""
    offers: tuple[tuple[str, str], ...] = ()
    cause: str = ""


@dataclass(frozen=True, slots=True)
class TemplateReturn:
    """What became of the figures that a template was handed out with.

    Attributes:
        n_handed_out: how many there were; n_unchanged: how many stand as they were, and are not sent again.
        emptied, absent: keys of those whose value was emptied, and of those no longer in the file; both stay accepted.
    """

    n_handed_out: int
    n_unchanged: int
    emptied: tuple[str, ...]
    absent: tuple[str, ...]


@dataclass(slots=True)
class IntakeResult:
    """What intake made of one file: observations, troubles, and every automatic repair in words.

    ``records`` are those of a flat contract; ``template`` is there when the file is one of our own templates.
    """

    observations: list[ReportedObservation]
    troubles: list[ReadingTrouble]
    repairs: list[str]
    n_cells_blank: int = 0
    encoding: str = ""
    decimal_sign: str = ""
    fingerprint: str = ""
    records: list[Any] = field(default_factory=list)
    facts: set[FileFact] = field(default_factory=set)
    template: TemplateReturn | None = None

    @property
    def n_rows(self) -> int:
        """How many figures or records came out of the file."""
        return len(self.observations) + len(self.records)
