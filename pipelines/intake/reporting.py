"""From a file to reported observations: the one entry of this room.

Belongs here: the walk over found tables, cell by cell. Does not belong here: conversions, SQL, wording.
"""

from dataclasses import dataclass

from pipelines.domain.errors import UnreadableFileError
from pipelines.domain.observations import IntakeResult, ReadingTrouble, ReportedObservation
from pipelines.domain.texts import cell_address, column_letters, fold, split_note_mark
from pipelines.domain.vocabularies import MemberHabits, Vocabulary
from pipelines.intake.layouts import HeaderCell, Table, find_table, strip_brackets
from pipelines.intake.parsing.numbers import DecimalSign, WrittenNumber, decide, read_number, settle
from pipelines.intake.parsing.periods import AMBIGUOUS, read_period
from pipelines.intake.reading.sandbox import read_in_child

MAX_REPAIRS = 500
ESTIMATE_MARKS = ("p)", "e)")  # provisional and estimated, as Korean and Malaysian tables write them


@dataclass(frozen=True, slots=True)
class FileToRead:
    """A file as it arrived, and what the sender declared about it."""

    name: str
    content: bytes
    encoding: str = ""
    decimal_sign: str = ""

    @property
    def suffix(self) -> str:
        """Ending in lower case without the dot."""
        return self.name.rpartition(".")[2].lower() if "." in self.name else ""


def report_file(file: FileToRead, *, vocabulary: Vocabulary, habits: MemberHabits, delimiters: list[str]) -> IntakeResult:
    """Read a file into reported observations.

    Returns:
        One observation per value cell, in reading order, with troubles and repairs. A file that cannot
        be read gives a result with one trouble and no observation.
    """
    try:
        read = read_in_child(file.content, suffix=file.suffix, encodings=habits.encodings, delimiters=delimiters, declared=file.encoding)
    except UnreadableFileError as error:
        return IntakeResult([], [ReadingTrouble(error.rule_id, error.found, error.sheet, None, "")], [])
    result = IntakeResult([], [ReadingTrouble(*t) for t in read.troubles], list(read.repairs), encoding=read.encoding)
    tables = []
    for sheet in read.sheets:
        table, troubles = find_table(sheet, vocabulary)
        result.troubles += troubles
        if table is not None:
            tables.append(table)
    reporter = _Reporter(vocabulary, habits, result)
    sign = reporter.decide_sign(tables, file.decimal_sign)
    if sign.sign and sign.evidence != "declared":
        result.repairs.append(f"decimal sign {sign.sign!r} {sign.evidence}")
    for table in tables:
        reporter.report_table(table, sign)
    return result


class _Reporter:
    """Walks tables and fills the result; one per file."""

    def __init__(self, vocabulary: Vocabulary, habits: MemberHabits, result: IntakeResult) -> None:
        self.vocabulary = vocabulary
        self.habits = habits
        self.result = result
        self.cities = {**vocabulary.cities.get("*", {}), **vocabulary.cities.get(habits.member_code, {})}

    def decide_sign(self, tables: list[Table], declared: str) -> DecimalSign:
        return decide(
            ((cell_address(row, header.column), read_number(split_note_mark(table.text(row, header.column))[0]))
             for table in tables
             for row in table.data_rows
             for header in table.headers
             if header.role in ("value", "indicator_value", "period_value", "numerator", "denominator")
             and table.kind(row, header.column) == "s"),
            declared=declared,
        )  # fmt: skip

    def report_table(self, table: Table, sign: DecimalSign) -> None:
        role = {h.role: h for h in reversed(table.headers)}
        value_headers = [h for h in table.headers if h.role in ("value", "indicator_value", "period_value")]
        is_long = "value" in role
        for row in table.data_rows:
            for header in value_headers:
                if not is_long and not table.text(row, header.column):
                    self.result.n_cells_blank += 1
                    continue
                observation = ReportedObservation(table.sheet.name, row, column_letters(header.column))
                self._fill_city(observation, table, row, role["city"])
                self._fill_indicator(observation, table, row, header, role.get("indicator"))
                self._fill_period(observation, table, row, header, role.get("period"))
                self._fill_unit(observation, table, row, header, role.get("unit"))
                self._fill_value(observation, table, row, header, sign)
                self._fill_fraction(observation, table, row, role, sign)
                self._fill_remarks(observation, table, row, role)
                self.result.observations.append(observation)

    def _note(self, text: str) -> None:
        if len(self.result.repairs) < MAX_REPAIRS and text not in self.result.repairs:
            self.result.repairs.append(text)

    def _fill_city(self, one: ReportedObservation, table: Table, row: int, header: HeaderCell) -> None:
        written = table.text(row, header.column)
        one.city_written, one.city_cell = written or None, cell_address(row, header.column)
        one.city_code = self.cities.get(fold(written))
        if one.city_code is None:
            word, mark = split_note_mark(written)
            one.city_code = self.cities.get(fold(word))
            if one.city_code and mark:
                self._note(f"{one.city_cell}: note mark {mark} taken off the name")

    def _fill_indicator(self, one: ReportedObservation, table: Table, row: int, value: HeaderCell, header: HeaderCell | None) -> None:
        if value.indicator_code:
            one.indicator_written, one.indicator_code = value.written, value.indicator_code
            one.indicator_cell = cell_address(table.header_row, value.column)
        elif header is not None:
            written = table.text(row, header.column)
            one.indicator_written, one.indicator_cell = written or None, cell_address(row, header.column)
            one.indicator_code, one.indicator_match_state = self._match_indicator(written)

    def _match_indicator(self, written: str) -> tuple[str | None, str]:
        for word in (written, split_note_mark(written)[0]):
            if code := self.vocabulary.indicators.get(fold(word)):
                return code, "matched"
        bare = fold(written).removeprefix("iso").strip()
        bare = bare.removeprefix("37120").removeprefix("37122").removeprefix("37123").strip(" -/,")
        return None, "edition_missing" if bare in self.vocabulary.clauses_without_edition else "unknown"

    def _fill_period(self, one: ReportedObservation, table: Table, row: int, value: HeaderCell, header: HeaderCell | None) -> None:
        if value.role == "period_value":
            at_row, at_column, calendar = table.header_row, value.column, ""
        elif header is not None:
            at_row, at_column, calendar = row, header.column, header.calendar
        else:
            return
        written = table.text(at_row, at_column)
        kind = table.kind(at_row, at_column)
        period = read_period(split_note_mark(written)[0], header_calendar=calendar, is_number=kind == "n")
        if kind == "d" and period.day == 1:
            # A date cell on the first may be shown as a month or a year; the file does not tell us which was meant.
            period = AMBIGUOUS
        one.period_written, one.period_cell, one.period_parse_state = written or None, cell_address(at_row, at_column), period.state
        one.period_calendar, one.period_year, one.period_month, one.period_day = period.calendar, period.year, period.month, period.day

    def _fill_unit(self, one: ReportedObservation, table: Table, row: int, value: HeaderCell, header: HeaderCell | None) -> None:
        written, cell = "", ""
        if header is not None and table.text(row, header.column):
            written, cell = table.text(row, header.column), cell_address(row, header.column)
        elif table.unit_row is not None and table.text(table.unit_row, value.column):
            written, cell = strip_brackets(table.text(table.unit_row, value.column)), cell_address(table.unit_row, value.column)
        elif value.unit_written:
            written, cell = value.unit_written, cell_address(table.header_row, value.column)
        elif table.kind(row, value.column) == "p" or read_number(table.text(row, value.column)).has_percent:
            written, cell = "%", cell_address(row, value.column)
        one.unit_written, one.unit_cell = written or None, cell or cell_address(row, value.column)
        one.unit_code = self.vocabulary.units.get(fold(written)) if written else None

    def _fill_value(self, one: ReportedObservation, table: Table, row: int, header: HeaderCell, sign: DecimalSign) -> None:
        text, kind = table.text(row, header.column), table.kind(row, header.column)
        one.value_written = (text + "%" if kind == "p" else text) or None
        if not text:
            one.value_parse_state, one.status_code, one.reason_code = "blank", "missing", "not_reported"
            return
        if kind in ("n", "p"):
            one.reported_value = float(text)
            if kind == "p" and one.unit_code not in (None, "percent"):
                one.reported_value, one.value_parse_state = None, "contradictory"
            return
        mark = self.habits.marks.get(fold(text))
        if mark is not None:
            one.status_code, one.reason_code, one.status_mark = mark.status_code, mark.reason_code, text
            if mark.reason_code == "nil":
                one.reported_value, one.parse_trail = 0.0, f"mark {text} read as nil by the country's legend"
            return
        self._read_text_value(one, text, sign)

    def _read_text_value(self, one: ReportedObservation, text: str, sign: DecimalSign) -> None:
        number = read_number(text)
        if not number.is_number:
            word, note = split_note_mark(text)
            number = read_number(word)
            if note and number.is_number:
                one.parse_trail = f"note mark {note} taken off"
                one.status_mark = note
                if note in ESTIMATE_MARKS:
                    one.status_code = "estimated"
                self._note(f"{one.source_column}{one.source_row}: note mark {note} taken off the value")
        one.reported_value, one.value_parse_state = settle(number, sign)
        if number.has_percent and one.unit_code not in (None, "percent"):
            one.reported_value, one.value_parse_state = None, "contradictory"
        if number.is_ambiguous and one.value_parse_state == "read":
            one.parse_trail = f"decimal sign {sign.sign} {sign.evidence}"

    def _fill_fraction(self, one: ReportedObservation, table: Table, row: int, role: dict[str, HeaderCell], sign: DecimalSign) -> None:
        for part in ("numerator", "denominator"):
            header = role.get(part)
            text = table.text(row, header.column) if header else ""
            if header is None or not text:
                continue
            number, state = self._fraction_part(table, row, header, text, sign)
            setattr(one, f"{part}_written", text)
            setattr(one, f"{part}_cell", cell_address(row, header.column))
            setattr(one, f"{part}_value", number)
            if state != "read":
                one.fraction_parse_state = state

    @staticmethod
    def _fraction_part(table: Table, row: int, header: HeaderCell, text: str, sign: DecimalSign) -> tuple[float | None, str]:
        if table.kind(row, header.column) == "n":
            return float(text), "read"
        number: WrittenNumber = read_number(text)
        return settle(number, sign)

    def _fill_remarks(self, one: ReportedObservation, table: Table, row: int, role: dict[str, HeaderCell]) -> None:
        def text(name: str) -> str:
            return table.text(row, role[name].column) if name in role else ""

        one.source_note = text("source") or table.source_line
        one.comment_written = text("comment") or None
        if written := text("boundary"):
            one.boundary_written, one.boundary_cell = written, cell_address(row, role["boundary"].column)
            one.boundary_code = self.vocabulary.boundaries.get(fold(written))
        if written := text("quality"):
            one.quality_code = self.vocabulary.qualities.get(fold(written), written)
