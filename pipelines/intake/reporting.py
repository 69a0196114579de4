"""From a file to reported observations: the one entry of this room.

Belongs here: reading, applying answers, the walk over found tables. Does not belong here: one cell's meaning
(values, headers), conversions, SQL, wording.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pipelines.domain.answers import NO_ANSWERS, OWN_CALENDAR, STORED, Answers
from pipelines.domain.causes import rule_of_cause, spelt_words
from pipelines.domain.errors import UnreadableFileError
from pipelines.domain.observations import FileFact, IntakeResult, ReadingTrouble
from pipelines.domain.texts import cell_address, column_letters, fold, split_note_mark
from pipelines.domain.vocabularies import MemberHabits, Vocabulary
from pipelines.intake.cut_figures import cut_figures, withhold_cut
from pipelines.intake.found_tables import Table
from pipelines.intake.glued_units import glued_unit
from pipelines.intake.layouts import find_tables
from pipelines.intake.matching import Matcher
from pipelines.intake.odd_cells import ask_odd_cells, settle_lost_formats, settle_odd_cells
from pipelines.intake.parsing.numbers import DecimalSign, WrittenNumber, decide, read_number
from pipelines.intake.parsing.periods import DateHabits, date_order_shown
from pipelines.intake.reading.cells import ReadFile
from pipelines.intake.reading.sandbox import Reading, read_in_child
from pipelines.intake.rows import RowReporter
from pipelines.intake.shares import settle_shares
from pipelines.intake.struck_out import leave_asked
from pipelines.intake.templates import judge, leave_out_untouched, stands_beside, take_identity

NUMERIC_ROLES = ("value", "numerator", "denominator", "standard_error")
DATE_LIKE = re.compile(r"s\s*\d{1,2}[./-]\d{1,2}[./-]\d{4}\s*")
ADDRESS = re.compile(r"(?:(?P<sheet>.*)!)?(?P<column>[A-Z]{1,3})(?P<row>\d{1,7})")


@dataclass(frozen=True, slots=True)
class FileToRead:
    """A file as it arrived, and what the sender answered about it."""

    name: str
    content: bytes
    answers: Answers = NO_ANSWERS

    @property
    def suffix(self) -> str:
        """Ending in lower case without the dot."""
        return self.name.rpartition(".")[2].lower() if "." in self.name else ""


def reading_of(file: FileToRead, habits: MemberHabits, limits: Mapping[str, Any]) -> Reading:
    """How a file of a member is opened under a contract's limits."""
    return Reading(habits.encodings, list(limits["delimiters"]), int(limits["max_figures"]), file.answers.encoding)


def open_file(file: FileToRead, *, habits: MemberHabits, limits: Mapping[str, Any]) -> ReadFile:
    """Open a file in the child.

    Raises:
        UnreadableFileError: with the rule that failed and what was found.
    """
    return read_in_child(file.content, suffix=file.suffix, reading=reading_of(file, habits, limits))


def header_fingerprint(read: ReadFile) -> str:
    """Digest the widest text row of each sheet: files of one layout share it, whatever their figures and titles."""
    widest = []
    for sheet in read.sheets:
        rows = [[fold(c[1:]) for c in row if c and c[0] == "s" and not read_number(c[1:]).is_number] for row in sheet.grid[:40]]
        widest.append(max(rows, key=len, default=[]))
    return hashlib.sha256(repr(widest).encode()).hexdigest()


def file_facts(read: ReadFile, answers: Answers, *, is_template: bool = False) -> set[FileFact]:
    """Say what kind of file it is, and whether answers came with it; what is in it is added while it is read."""
    facts = {FileFact.TEXT if read.encoding else FileFact.WORKBOOK}
    return facts | ({FileFact.ANSWERS} if answers.to_json() else set()) | ({FileFact.TEMPLATE} if is_template else set())


def report_file(
    file: FileToRead, *, vocabulary: Vocabulary, habits: MemberHabits, limits: Mapping[str, Any], contract: tuple[str, str], read: ReadFile | None = None
) -> IntakeResult:
    """Read a file into reported observations.

    Args:
        limits: of the contract; contract: its id and version, against which a template is held.
        read: the file as opened before, to spare opening it twice.

    Returns:
        One observation per value cell, in reading order, with troubles and repairs. A file that cannot
        be read gives a result with one trouble and no observation.
    """
    try:
        read = read or open_file(file, habits=habits, limits=limits)
    except UnreadableFileError as error:
        return unread(error)
    result = IntakeResult([], [ReadingTrouble(*t) for t in read.troubles], list(read.repairs), encoding=read.encoding, fingerprint=header_fingerprint(read))
    identity = take_identity(read)
    result.facts = file_facts(read, file.answers, is_template=identity is not None)
    if identity is not None and (trouble := judge(identity, contract_id=contract[0], contract_version=contract[1], member_code=habits.member_code)):
        result.troubles = [trouble]
        return result
    matcher = Matcher(vocabulary, habits, file.answers)
    result.troubles += [ReadingTrouble("answers_fit_the_file", found) for found in matcher.unfit_answers()]
    corrected = _apply_corrections(read, file.answers, result)
    still_open = settle_odd_cells(read, habits, file.answers, result)
    dates = _date_habits(read, habits, file.answers, result)
    tables: list[Table] = []
    for sheet in read.sheets:
        found, troubles = find_tables(sheet, matcher, dates)
        tables += found
        if found or len(read.sheets) == 1 or not (_is_prose(sheet.grid) or stands_beside(sheet, read, identity)):
            result.troubles += troubles
        else:
            result.repairs.append(f"sheet {sheet.name!r} holds no table and was left out")
    if (trouble := _too_many(tables, int(limits["max_figures"]))) is not None:
        result.troubles = [trouble]
        return result
    settle_lost_formats(tables, file.answers, result)
    ask_odd_cells(still_open, tables, result)
    leave_asked(result, tables, set(corrected))
    for table in tables:
        result.troubles += cut_figures(table, read.delimiter, set(corrected))
        result.repairs += table.repairs
    sign = _decimal_sign(tables, matcher, file.answers)
    result.decimal_sign = sign.sign
    if sign.sign and sign.evidence != "declared":
        result.repairs.append(f"decimal sign {sign.sign!r} {sign.evidence}")
    for table in tables:
        RowReporter(table, matcher, dates, sign, result, corrected).report()
    withhold_cut(result)
    settle_shares(result, vocabulary.shares, file.answers)
    if identity is not None:
        leave_out_untouched(result, identity)
    _attach_explanations(result, file.answers)
    return result


def unread(error: UnreadableFileError) -> IntakeResult:
    """What intake says of a file that cannot be read: one trouble and nothing else."""
    return IntakeResult([], [ReadingTrouble(error.rule_id, error.found, error.sheet, None, "")], [])


def _apply_corrections(read: ReadFile, answers: Answers, result: IntakeResult) -> dict[tuple[str, int, str], str]:
    """Put the sender's corrections into the grid; returns what stood there before, by sheet, row and column."""
    before: dict[tuple[str, int, str], str] = {}
    sheets = {sheet.name: sheet for sheet in read.sheets}
    for address, text in answers.corrections.items():
        match = ADDRESS.fullmatch(address)
        sheet = sheets.get(match["sheet"] or "") if match else None
        if match is None or sheet is None or int(match["row"]) > len(sheet.grid):
            result.troubles.append(ReadingTrouble("answers_fit_the_file", f"a correction of {address}, which is no cell of this file"))
            continue
        row, column = sheet.grid[int(match["row"]) - 1], _column_number(match["column"])
        row.extend([None] * (column - len(row)))
        old = row[column - 1]
        row[column - 1] = f"s{text}" if text.strip() else None
        before[sheet.name, int(match["row"]), match["column"]] = "" if old is None else old[1:]
        result.repairs.append(f"{address}: corrected by the sender from {'' if old is None else old[1:]!r} to {text!r}")
    return before


def _attach_explanations(result: IntakeResult, answers: Answers) -> None:
    """Store the sender's reasons with the figures their cells belong to; causes are answered when the rules have run."""
    of_cells = {key: words for key, words in answers.explanations.items() if words.strip() and not rule_of_cause(key)}
    if not of_cells:
        return
    used = set()
    for one in result.observations:
        if cells := [c for c in one.cells if c in of_cells]:
            one.explanation_text = spelt_words(of_cells[cells[0]])
            one.add_step("explained by the sender")
            used.update(cells)
    for cell in sorted(of_cells.keys() - used):
        result.troubles.append(ReadingTrouble("answers_fit_the_file", f"an explanation of {cell}, which says nothing about a figure of this file"))


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _date_habits(read: ReadFile, habits: MemberHabits, answers: Answers, result: IntakeResult) -> DateHabits:
    order = answers.date_order
    if not order:
        shown: dict[str, str] = {}
        for sheet in read.sheets:
            for number, row in enumerate(sheet.grid, 1):
                for column, cell in enumerate(row, 1):
                    if cell is not None and 9 <= len(cell) <= 14 and DATE_LIKE.fullmatch(cell) and (found := date_order_shown(cell[1:])):
                        shown.setdefault(found, cell_address(number, column))
        if len(shown) == 1:
            order, where = next(iter(shown.items()))
            result.repairs.append(f"dates read with {'the day' if order == 'dmy' else 'the month'} first, shown by {where}")
    return DateHabits(habits.bare_year_calendar, order, _short_years(habits, answers))


def _short_years(habits: MemberHabits, answers: Answers) -> str:
    calendar, reading = habits.short_year_calendar, answers.cell_readings.get("short_year", "")
    if not calendar or reading == STORED:
        return ""
    return calendar if reading == OWN_CALENDAR and calendar in ("buddhist", "minguo") else "asked"


def _decimal_sign(tables: list[Table], matcher: Matcher, answers: Answers) -> DecimalSign:
    """Decide the file's decimal sign: by an answer, by the form of the file, or by its cells."""
    if tables and all(t.is_sdmx for t in tables) and not answers.decimal_sign:
        return DecimalSign(".", "set by SDMX-CSV")
    return decide(_written_numbers(tables, matcher), declared=answers.decimal_sign)


def _too_many(tables: list[Table], max_figures: int) -> ReadingTrouble | None:
    """Refuse a file whose value columns have more filled cells than the contract allows, before any of them is worked on."""
    n_figures = 0
    for table in tables:
        columns = [c.number for c in table.columns_of("value")]
        n_figures += sum(bool(table.text(row, number)) for row in table.data_rows for number in columns)
    if n_figures <= max_figures:
        return None
    return ReadingTrouble("file_is_readable", f"{n_figures} figures; at most {max_figures} are taken in one file, split it")


def _is_prose(grid: list[list[str | None]]) -> bool:
    """Whether a sheet is a cover or notes: hardly any row holds more than two filled cells, and hardly a number."""
    filled = [row for row in grid if any(row)]
    wide = sum(1 for row in filled if sum(c is not None for c in row) > 3)
    return wide <= max(1, len(filled) // 10)


def _written_numbers(tables: Iterable[Table], matcher: Matcher) -> Iterable[tuple[str, WrittenNumber]]:
    for table in tables:
        for column in table.columns:
            if column.role not in NUMERIC_ROLES:
                continue
            letters = column_letters(column.number)
            for row in table.data_rows:
                if table.kind(row, column.number) == "s":
                    text = table.text(row, column.number)
                    number = read_number(split_note_mark(text)[0])
                    if not number.is_number and (unit := glued_unit(text, matcher)):
                        number = read_number(text[: len(text) - len(unit)].strip())
                    yield f"{letters}{row}", number
