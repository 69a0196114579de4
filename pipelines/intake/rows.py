"""From the rows of one table to observations, cell by cell.

Belongs here: which cell says what about which figure. Does not belong here: finding tables (layouts), one
number's or one date's reading (parsing).
"""

from dataclasses import dataclass
from functools import lru_cache, partial

from pipelines.domain.observations import FileFact, IntakeResult, ReadingTrouble, ReportedObservation
from pipelines.domain.source_fields import STANDARD_ERROR
from pipelines.domain.texts import cell_address, column_letters, fold, has_raised_mark, split_note_mark
from pipelines.intake.companion_columns import Companions
from pipelines.intake.date_cells import DATE_KINDS, spell_date_cell
from pipelines.intake.found_tables import Table
from pipelines.intake.glued_units import glued_unit
from pipelines.intake.headers import Column, split_status, strip_brackets
from pipelines.intake.left_out import LeftOut
from pipelines.intake.matching import MatchedUnit, Matcher
from pipelines.intake.odd_cells import ASKED
from pipelines.intake.parsing.magnitudes import multiplier_word
from pipelines.intake.parsing.numbers import NOT_A_NUMBER, DecimalSign, WrittenNumber, read_number, settle
from pipelines.intake.parsing.periods import DateHabits
from pipelines.intake.period_answers import PeriodAnswers
from pipelines.intake.period_cells import read_period_cell
from pipelines.intake.places import PlaceReader
from pipelines.intake.source_notes import fill_source_fields, formula_troubles
from pipelines.intake.standard_errors import fill_standard_error

MAX_REPAIRS = 500
SHARE_UNITS = {"%": "percent", "‰": "per_mille"}
WITH_VALUE = ("observed", "estimated", "derived")
COUNTS = ("count", "thousand_count")
UNITS_DIFFER = "units_differ"
# What SDMX-CSV and statistics programs write for a figure that is missing; a status must say so beside it.
NOT_A_FIGURE = "nan"


@dataclass(frozen=True, slots=True)
class WrittenPart:
    """Words for a dimension and where they stand."""

    written: str
    cell: str


class RowReporter:
    """Walks one table and fills the result."""

    def __init__(
        self, table: Table, matcher: Matcher, dates: DateHabits, sign: DecimalSign, result: IntakeResult,
        corrected: dict[tuple[str, int, str], str],
    ) -> None:  # fmt: skip
        self.table = table
        self.matcher = matcher
        self.dates = dates
        self.sign = sign
        self.result = result
        self.corrected = corrected
        self.marks = matcher.habits.marks
        self.formulas: set[ReadingTrouble] = set()
        self.role = {c.role: c for c in reversed(table.columns)}
        self.by_number = {c.number: c for c in table.columns}
        self.values = table.columns_of("value")
        self.period_answers = PeriodAnswers(matcher, is_sdmx=table.is_sdmx)
        self.places = PlaceReader(table, matcher)
        self.left_out = LeftOut(matcher, self.places.own)
        self.period = lru_cache(maxsize=20_000)(partial(read_period_cell, matcher=matcher, dates=dates))
        self.companions = Companions(table, self._period_of_header)
        self.value_mark = lru_cache(maxsize=5_000)(lambda text: self.marks.get(fold(text)))

    def report(self) -> None:
        """Report every value cell of the table, in reading order."""
        is_long = any(c.indicator is None and c.period is None and c.city is None for c in self.values)
        totals = self._stated_totals()
        fraction = [c for c in self.table.columns if c.role in ("numerator", "denominator")]
        for row in self.table.data_rows:
            for column in self.values:
                if not is_long and not self.table.text(row, column.number):
                    self.result.n_cells_blank += 1
                    continue
                one = ReportedObservation(self.table.sheet.name, row, column_letters(column.number))
                place = self.places.at(row, column)
                one.city_written, one.city_code, one.city_cell = place.written or None, place.code, place.cell or None
                self._fill_indicator(one, row, column)
                if self.left_out.takes_city(place):
                    continue
                if place.taken:
                    self._note(f"{one.city_cell}: {place.taken} taken off the name")
                if self.left_out.takes_indicator(one.indicator_written or "", one.indicator_code, one.indicator_match_state):
                    continue
                self._fill_period(one, row, column)
                self.role = self.companions.of(one)
                unit = self._fill_unit(one, row, column)
                self._fill_value(one, row, column, unit)
                if fraction:
                    self._fill_fraction(one, row)
                if (header := self.role.get(STANDARD_ERROR)) is not None:
                    factor = unit.factor * self._multiplier(one, row)
                    fill_standard_error(one, row, self.table, header, matcher=self.matcher, sign=self.sign, unit=unit, factor=factor)
                self._fill_remarks(one, row)
                if self.period_answers.leave_out(one):
                    continue
                if totals:
                    self._hold_against_total(one, row, column, totals)
                self.result.observations.append(one)
        self.result.repairs += self.companions.unused()
        self.result.repairs += self.period_answers.lines()
        self.result.repairs += self.left_out.lines()

    def _number(self, row: int, column: int) -> float | None:
        """A plain figure of the table, before its unit; ``None`` for anything else."""
        text, kind = self.table.text(row, column), self.table.kind(row, column)
        if kind in (ASKED, *DATE_KINDS):
            return None
        return float(text) if kind == "n" else settle(read_number(text), self.sign)[0] if text else None

    def _period_header(self, value: Column) -> Column | None:
        """The column that says a figure's period: its own, else the table's."""
        return self.by_number[value.own_period] if value.own_period else self.role.get("period")

    def _period_text(self, row: int, value: Column) -> str:
        return self.table.text(row, header.number) if (header := self._period_header(value)) else ""

    def _stated_totals(self) -> dict[tuple[int, str], tuple[float, str]]:
        """The largest total that rows left out state for each value column and written period, with its cell."""
        totals: dict[tuple[int, str], tuple[float, str]] = {}
        for row in self.table.total_rows:
            for column in self.values:
                key, number = (column.number, self._period_text(row, column)), self._number(row, column.number)
                if number is not None and number > totals.get(key, (0.0, ""))[0]:
                    totals[key] = (number, cell_address(row, column.number))
        return totals

    def _hold_against_total(self, one: ReportedObservation, row: int, column: Column, totals: dict[tuple[int, str], tuple[float, str]]) -> None:
        """A part of a count cannot be more than the total that the sender's own table states; long tables mix indicators and are left alone."""
        total, cell = totals.get((column.number, self._period_text(row, column)), (0.0, ""))
        if column.indicator is None and "indicator" in self.role:
            return
        number = self._number(row, column.number) if cell and one.unit_code in COUNTS else None
        if number is not None:
            self.result.facts.add(FileFact.TOTALS)
        if number is not None and number > total:
            found = f"{one.value_written} > {cell}: {total:.15g}"
            self.result.troubles.append(ReadingTrouble("city_is_within_total", found, self.table.sheet.name, row, column_letters(column.number)))

    def _note(self, text: str) -> None:
        if len(self.result.repairs) < MAX_REPAIRS and text not in self.result.repairs:
            self.result.repairs.append(text)

    def _fill_indicator(self, one: ReportedObservation, row: int, value: Column) -> None:
        if value.indicator is not None:
            one.indicator_written, one.indicator_code = value.indicator.written, value.indicator.target
            one.indicator_cell = cell_address(value.indicator.row, value.number)
            return
        if (header := self.role.get("indicator")) is not None:
            written, cell = self.table.text(row, header.number), cell_address(row, header.number)
        else:
            constant = self.table.constants["indicator"]
            written, cell = constant.written, constant.cell
        one.indicator_written, one.indicator_cell = written or None, cell or None
        one.indicator_code, one.indicator_match_state = self.matcher.indicator(written)
        if one.indicator_code and cell and (mark := self.matcher.indicator_mark(written)):
            self._note(f"{cell}: note mark {mark} taken off the indicator")

    def _period_of_header(self, column: Column) -> tuple[object, ...]:
        """The period that a column's header names, in parts; the same reading as of a value column's."""
        if column.period is None:
            return ()
        period, _, _ = self.period(column.period.target, "", self.table.kind(column.period.row, column.number))
        return period.calendar, period.year, period.month, period.day, period.months

    def _fill_period(self, one: ReportedObservation, row: int, value: Column) -> None:
        if value.period is not None:
            written, cell, calendar = value.period.target, cell_address(value.period.row, value.number), ""
            kind = self.table.kind(value.period.row, value.number)
            one.period_written = value.period.written
        elif (header := self._period_header(value)) is not None:
            written, cell, calendar = self.table.text(row, header.number), cell_address(row, header.number), header.calendar
            kind = self.table.kind(row, header.number)
            one.period_written = written or None
        else:
            constant = self.table.constants["period"]
            written, cell, calendar, kind = constant.written, constant.cell, "", "s"
            one.period_written = written
        period, status, mark = self.period(written, calendar, kind)
        if mark and cell and period.state == "read":
            self._note(f"{cell}: note mark {mark} taken off the period")
        one.period_cell, one.period_parse_state = cell or None, period.state
        one.period_written = spell_date_cell(one.period_written, kind, self.dates)
        one.period_calendar, one.period_year, one.period_month = period.calendar, period.year, period.month
        one.period_day, one.period_months = period.day, period.months
        if status or value.status_code:
            one.status_code = status or value.status_code
        if self.dates.calendar and period.calendar == self.dates.calendar and written.strip()[:4].isdecimal() and not calendar:
            self._note(f"{one.period_cell}: bare year {written} read in the calendar of the country ({period.calendar})")

    def _stated_units(self, row: int, value: Column) -> list[WrittenPart]:
        """What row, header and lines above say about the unit, nearest first."""
        stated = []
        if (header := self.role.get("unit")) is not None and (text := self.table.text(row, header.number)):
            stated.append(WrittenPart(text, cell_address(row, header.number)))
        if value.unit is not None:
            stated.append(WrittenPart(strip_brackets(value.unit.target), cell_address(value.unit.row, value.number)))
        if (constant := self.table.constants.get("unit")) is not None:
            stated.append(WrittenPart(constant.written, constant.cell))
        return stated

    def _fill_unit(self, one: ReportedObservation, row: int, value: Column) -> MatchedUnit:
        written, cell, header = "", "", self.role.get("unit")
        if stated := self._stated_units(row, value):
            written, cell = stated[0].written, stated[0].cell
            if value.unit is not None and not self.matcher.unit(strip_brackets(value.unit.target)).unit_code:
                # Words in the header's brackets may change what is measured: "(female)" beside a unit column is not left unread.
                written, cell = strip_brackets(value.unit.target), cell_address(value.unit.row, value.number)
        elif self.table.kind(row, value.number) == "p":
            written = "%"
        elif sign := read_number(self.table.text(row, value.number)).share_sign:
            written = sign
        else:
            written = glued_unit(self.table.text(row, value.number), self.matcher)
        if not written and header is not None:
            cell = cell_address(row, header.number)
        unit = self.matcher.unit(written) if written else MatchedUnit("")
        if value.remark is not None and value.remark.target == "mean" and unit.unit_code in COUNTS:
            # A mean over the year is another count than one of a day: such a remark is not left unread.
            written, cell, unit = value.remark.written, cell_address(value.remark.row, value.number), MatchedUnit("")
        one.unit_written, one.unit_cell = written or None, cell or cell_address(row, value.number)
        one.unit_code = unit.unit_code or None
        if stated and self._contradicts(one, unit, value):
            one.value_parse_state = UNITS_DIFFER
        return unit

    def _contradicts(self, one: ReportedObservation, unit: MatchedUnit, value: Column) -> bool:
        """Whether the header fights the row, or a line above gives another magnitude; a line may also name the units of other columns."""
        if value.unit is not None and self.matcher.unit(strip_brackets(value.unit.target)) != unit:
            return True
        line = self.table.constants.get("unit")
        if line is None or line.written == one.unit_written:
            return False
        listed = self.matcher.line_units(line.written)
        return unit not in listed and any(u.factor not in (1, unit.factor) for u in listed)

    def _fill_value(self, one: ReportedObservation, row: int, column: Column, unit: MatchedUnit) -> None:
        text, kind = self.table.text(row, column.number), self.table.kind(row, column.number)
        one.value_written = (text + "%" if kind == "p" else text) or None
        if (was := self.corrected.get((one.source_sheet, row, one.source_column))) is not None:
            one.parse_trail = f"corrected by the sender, was {was!r}"
        factor = unit.factor * self._multiplier(one, row)
        if not text:
            one.value_parse_state, one.status_code, one.reason_code = "blank", "missing", "not_reported"
        elif kind in (ASKED, *DATE_KINDS):
            # A cell that is asked about has its finding already; a date is no figure, whatever digits it shows.
            one.value_parse_state = "asked" if kind == ASKED else "unreadable"
        elif kind in ("n", "p"):
            one.reported_value = float(text)
            if kind == "p" and one.unit_code not in (None, "percent"):
                one.reported_value, one.value_parse_state = None, UNITS_DIFFER
        elif (mark := self.value_mark(text)) is not None:
            one.status_code, one.reason_code, one.status_mark = mark.status_code, mark.reason_code, text
            if mark.reason_code == "nil":
                one.reported_value = 0.0
                one.add_step(f"mark {text} read as nil by the country's legend")
        else:
            self._read_text_value(one, text)
        if factor != 1 and one.reported_value is not None:
            one.reported_value = float(f"{one.reported_value * factor:.15g}")
            one.add_step(f"x {factor:g} by its unit {one.unit_written}")
        self._fill_status(one, row)

    def _multiplier(self, one: ReportedObservation, row: int) -> float:
        header = self.role.get("unit_multiplier")
        text = self.table.text(row, header.number) if header else ""
        if not text:
            return 1
        if (factor := multiplier_word(text)) is not None:
            return factor
        number = read_number(text)
        if number.as_dot is None or not float(number.as_dot).is_integer() or abs(number.as_dot) > 15:
            one.value_parse_state = "unreadable"
            return 1
        return float(10 ** int(number.as_dot)) if number.as_dot >= 0 else 1 / 10 ** int(-number.as_dot)

    def _fill_status(self, one: ReportedObservation, row: int) -> None:
        header = self.role.get("status")
        written = self.table.text(row, header.number) if header else ""
        if not written:
            return
        said = self.matcher.vocabulary.statuses.get(fold(written), written)
        if said in WITH_VALUE and one.reported_value is None and one.reason_code:
            return  # How the row's figures came about says nothing of a cell that holds a mark for none.
        one.status_code, one.status_mark = said, written
        if one.status_code in ("missing", "not_applicable", "suppressed"):
            reason = {"missing": "not_reported", "not_applicable": "not_applicable", "suppressed": "confidential"}[one.status_code]
            if one.reported_value is not None:
                one.reported_value, one.value_parse_state = None, "contradictory"
            elif one.value_parse_state == "blank" or (one.value_written or "").strip().casefold() == NOT_A_FIGURE:
                one.value_parse_state, one.reason_code = "read", one.reason_code if one.reason_code != "not_reported" else reason

    def _read_text_value(self, one: ReportedObservation, text: str) -> None:
        number, notes = self._number_and_notes(text, one)
        for note, status in notes:
            one.add_step(f"note mark {note} taken off")
            one.status_mark = note
            if status:
                one.status_code = status
            self._note(f"{one.source_column}{one.source_row}: note mark {note} taken off the value")
        value, state = settle(number, self.sign)
        if one.value_parse_state == "read":
            one.reported_value, one.value_parse_state = value, state
        share = SHARE_UNITS.get(number.share_sign)
        if share and one.unit_code not in (None, share):
            one.reported_value, one.value_parse_state = None, UNITS_DIFFER
        if number.magnitude and one.reported_value is not None:
            one.add_step(f"magnitude words read ({number.magnitude})")
        if number.is_ambiguous and one.value_parse_state == "read":
            one.add_step(f"decimal sign {self.sign.sign} {self.sign.evidence}")

    def _number_and_notes(self, text: str, one: ReportedObservation) -> tuple[WrittenNumber, list[tuple[str, str]]]:
        """Read a figure, taking off a glued unit, a provisional mark and a note mark, each only where a number is left."""
        number = read_number(text)
        if number.is_number:
            return number, []
        if glued := glued_unit(text, self.matcher):
            rest = text[: len(text) - len(glued)].strip() if text.endswith(glued) else text
            if self.matcher.unit(glued).unit_code != one.unit_code:
                return NOT_A_NUMBER, []
            if one.unit_written != glued and self.matcher.unit(glued).factor != 1:
                # A magnitude in the cell's own unit would be lost beside another stated unit.
                return NOT_A_NUMBER, []
            return read_number(rest), [(glued, "")]
        status, rest = split_status(text, self.matcher)
        if status and read_number(rest).is_number:
            return read_number(rest), [(text[len(rest) :].strip() if text.startswith(rest) else text.replace(rest, "").strip(), status)]
        word, note = split_note_mark(text)
        status, rest = split_status(word, self.matcher)
        if rest == "10" and has_raised_mark(note) and note.isnumeric():
            # A power of ten, or ten with a note: a person decides.
            return NOT_A_NUMBER, []
        return (read_number(rest), [(note, status)]) if note and read_number(rest).is_number else (NOT_A_NUMBER, [])

    def _fill_fraction(self, one: ReportedObservation, row: int) -> None:
        for part in ("numerator", "denominator"):
            header = self.role.get(part)
            text = self.table.text(row, header.number) if header else ""
            if header is None or not text:
                continue
            number: float | None
            state: str
            kind = self.table.kind(row, header.number)
            if kind == "n":
                number, state = float(text), "read"
            elif kind in (ASKED, *DATE_KINDS):
                number, state = None, "unreadable"
            else:
                number, state = settle(read_number(text), self.sign)
            setattr(one, f"{part}_written", text)
            setattr(one, f"{part}_cell", cell_address(row, header.number))
            factor = self.matcher.count_factor(strip_brackets(header.unit.target)) if header.unit is not None else 1
            if not factor:
                # Parts carry no unit of their own: what is not a count cannot be set against the other part.
                number, state = None, "unreadable"
            elif number is not None and factor != 1:
                number = float(f"{number * factor:.15g}")
                one.add_step(f"{part} x {factor} by its unit")
            setattr(one, f"{part}_value", number)
            if state != "read":
                one.fraction_parse_state = state

    def _fill_remarks(self, one: ReportedObservation, row: int) -> None:
        role, table = self.role, self.table
        fill_source_fields(one, row, table, role, self.matcher.vocabulary)
        new = [t for t in formula_troubles(row, table, role) if t not in self.formulas]
        self.formulas.update(new)
        self.result.troubles += new
        written, cell = (table.text(row, role["boundary"].number), cell_address(row, role["boundary"].number)) if "boundary" in role else ("", "")
        if not written and (said := table.constants.get("boundary")):
            written, cell = said.written, said.cell
        if written:
            one.boundary_written, one.boundary_cell = written, cell or None
            one.boundary_code = self.matcher.vocabulary.boundaries.get(fold(written))
        self._fill_definition(one, row)
        if "quality" in role and (written := table.text(row, role["quality"].number)):
            one.quality_code = self.matcher.vocabulary.qualities.get(fold(written), written)

    def _fill_definition(self, one: ReportedObservation, row: int) -> None:
        """Which definition the office follows: by its own column, by a line or answer for the table, or by the indicator's own name."""
        header, constant = self.role.get("definition"), self.table.constants.get("definition")
        named = self.matcher.reading(one.indicator_written) if one.indicator_written else None
        if header is not None:
            # Also an empty cell has its address: where a definition is asked for, it is the cell to fill in.
            one.definition_written, one.definition_cell = self.table.text(row, header.number) or None, cell_address(row, header.number)
        if not one.definition_written and constant is not None and one.indicator_code in self.matcher.vocabulary.definitions:
            one.definition_written, one.definition_cell = constant.written, constant.cell or None
        elif not one.definition_written and named:
            one.definition_written, one.definition_cell = one.indicator_written, one.indicator_cell
        if one.definition_written:
            code = self.matcher.definition(one.indicator_code, one.definition_written) or (named if one.definition_written == one.indicator_written else None)
            # A name that says revenue water beside a column that says loss decides nothing.
            one.definition_code = code if named in (None, code) else None
