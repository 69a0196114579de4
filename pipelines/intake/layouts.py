"""Find the table on a sheet: header row, roles of columns, unit line, data rows, source line.

Belongs here: where things stand. Does not belong here: what a value means (reporting, parsing).
"""

import re
from dataclasses import dataclass, field

from pipelines.domain.observations import ReadingTrouble
from pipelines.domain.texts import column_letters, fold, split_note_mark
from pipelines.domain.vocabularies import Vocabulary
from pipelines.intake.parsing.periods import read_period
from pipelines.intake.reading.cells import Sheet

HEADER_SEARCH_ROWS = 40
UNIT_IN_HEADER = re.compile(r"(?P<name>.*\S)\s*[(\[（［](?P<unit>[^()\[\]（）［］]+)[)\]）］]\s*", re.S)


@dataclass(frozen=True, slots=True)
class HeaderCell:
    """What one header cell stands for: a role, an indicator or a period (then the column holds values)."""

    column: int
    written: str
    role: str
    indicator_code: str = ""
    unit_written: str = ""
    calendar: str = ""


@dataclass(slots=True)
class Table:
    """A table found on a sheet; rows and columns are 1-based."""

    sheet: Sheet
    header_row: int
    headers: list[HeaderCell]
    data_rows: list[int] = field(default_factory=list)
    unit_row: int | None = None
    source_line: str | None = None

    def columns_of(self, role: str) -> list[HeaderCell]:
        """Header cells of one role, left to right."""
        return [h for h in self.headers if h.role == role]

    def text(self, row: int, column: int) -> str:
        """The written text of a cell, empty when blank."""
        line = self.sheet.grid[row - 1]
        cell = line[column - 1] if column <= len(line) else None
        return "" if cell is None else cell[1:].strip()

    def kind(self, row: int, column: int) -> str:
        """The kind letter of a cell, empty when blank."""
        line = self.sheet.grid[row - 1]
        cell = line[column - 1] if column <= len(line) else None
        return "" if cell is None else cell[0]


def read_header(written: str, column: int, vocabulary: Vocabulary, *, is_number: bool) -> HeaderCell | None:
    """Say what a header cell stands for, by exact synonyms only.

    Returns:
        The header cell, or ``None`` when the words are not known.
    """
    plain, _ = split_note_mark(" ".join(written.split()))
    candidates = [(plain, "")]
    if match := UNIT_IN_HEADER.fullmatch(plain):
        candidates.append((match["name"], match["unit"].strip()))
    for name, unit in candidates:
        key = fold(name)
        if role := vocabulary.headers.get(key):
            return HeaderCell(column, written, role, unit_written=unit, calendar=vocabulary.header_calendars.get(key, ""))
        if code := vocabulary.indicators.get(key):
            return HeaderCell(column, written, "indicator_value", indicator_code=code, unit_written=unit)
    if read_period(plain, is_number=is_number).state == "read":
        return HeaderCell(column, written, "period_value")
    return None


def find_table(sheet: Sheet, vocabulary: Vocabulary) -> tuple[Table | None, list[ReadingTrouble]]:
    """Find the one table of a sheet.

    Returns:
        The table, or ``None`` with a trouble that says what is missing.
    """
    best: tuple[int, int, list[HeaderCell]] | None = None
    for row in range(1, min(len(sheet.grid), HEADER_SEARCH_ROWS) + 1):
        found = [
            header
            for column, cell in enumerate(sheet.grid[row - 1], 1)
            if cell is not None and (header := read_header(cell[1:], column, vocabulary, is_number=cell[0] == "n"))
        ]
        if _is_header(found) and (best is None or len(found) > best[0]):
            best = (len(found), row, found)
    if best is None:
        first = next((f"first row: {' | '.join(c[1:] for c in row if c)[:80]}" for row in sheet.grid if any(row)), "no filled row")
        return None, [ReadingTrouble("table_is_recognised", first, sheet.name)]
    table = Table(sheet, best[1], best[2])
    troubles = _place_rows(table, vocabulary)
    troubles += _unknown_headers(table) + _repeated_headers(table) + _merged_data(table) + _uneven_rows(table)
    return table, troubles


def _is_header(found: list[HeaderCell]) -> bool:
    roles = {h.role for h in found}
    if "city" not in roles:
        return False
    is_long = {"indicator", "period", "value"} <= roles
    is_years = "period_value" in roles and "indicator" in roles
    return is_long or is_years or ("indicator_value" in roles and "period" in roles)


def _place_rows(table: Table, vocabulary: Vocabulary) -> list[ReadingTrouble]:
    city = table.columns_of("city")[0].column
    value_columns = [h.column for h in table.headers if h.role in ("value", "indicator_value", "period_value")]
    n_rows = len(table.sheet.grid)
    troubles: list[ReadingTrouble] = []
    for row in [*range(1, table.header_row), *range(table.header_row + 1, n_rows + 1)]:
        filled = [c for c in table.sheet.grid[row - 1] if c is not None]
        if not filled:
            continue
        if line := _source_line(filled, vocabulary):
            table.source_line = line
        elif row < table.header_row or (len(filled) == 1 and table.text(row, city)):
            continue
        elif row == table.header_row + 1 and not table.text(row, city) and _is_unit_row(table, row, value_columns, vocabulary):
            table.unit_row = row
        else:
            table.data_rows.append(row)
    return troubles


def _source_line(filled: list[str], vocabulary: Vocabulary) -> str:
    if len(filled) != 1:
        return ""
    text = filled[0][1:].strip()
    word, mark, rest = text.replace("：", ":").partition(":")
    return rest.strip() if mark and vocabulary.headers.get(fold(word)) == "source" else ""


def _is_unit_row(table: Table, row: int, columns: list[int], vocabulary: Vocabulary) -> bool:
    texts = [table.text(row, c) for c in columns if table.text(row, c)]
    return bool(texts) and all(fold(strip_brackets(t)) in vocabulary.units for t in texts)


def strip_brackets(text: str) -> str:
    """Take off brackets around a unit: ``(명)`` gives ``명``."""
    plain = text.strip()
    return plain[1:-1].strip() if len(plain) > 2 and plain[0] in "(（[" and plain[-1] in ")）]" else plain


def _unknown_headers(table: Table) -> list[ReadingTrouble]:
    known = {h.column for h in table.headers}
    troubles = []
    width = max((len(table.sheet.grid[r - 1]) for r in table.data_rows), default=0)
    for column in range(1, width + 1):
        if column not in known and any(table.text(r, column) for r in table.data_rows):
            written = table.text(table.header_row, column) or "(no header)"
            troubles.append(ReadingTrouble("headers_are_known", written, table.sheet.name, table.header_row, column_letters(column)))
    return troubles


def _repeated_headers(table: Table) -> list[ReadingTrouble]:
    seen: dict[tuple[str, str], HeaderCell] = {}
    troubles = []
    for header in table.headers:
        key = (header.role, header.indicator_code or (fold(header.written) if header.role == "period_value" else ""))
        if key in seen:
            first = column_letters(seen[key].column)
            troubles.append(
                ReadingTrouble(
                    "headers_are_known", f"{header.written}: the same as column {first}", table.sheet.name, table.header_row, column_letters(header.column)
                )
            )
        seen.setdefault(key, header)
    return troubles


def _merged_data(table: Table) -> list[ReadingTrouble]:
    rows = set(table.data_rows)
    return [
        ReadingTrouble("data_cells_are_not_merged", f"{column_letters(c1)}{r1}:{column_letters(c2)}{r2}", table.sheet.name, r1, column_letters(c1))
        for r1, c1, r2, c2 in table.sheet.merged
        if any(r in rows for r in range(r1, r2 + 1))
    ]


def _uneven_rows(table: Table) -> list[ReadingTrouble]:
    if table.sheet.name:
        return []
    width = len(table.sheet.grid[table.header_row - 1])
    return [
        ReadingTrouble("rows_are_even", f"{len(table.sheet.grid[r - 1])} cells, the header has {width}", "", r, "A")
        for r in table.data_rows
        if len(table.sheet.grid[r - 1]) != width
    ]
