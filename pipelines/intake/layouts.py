"""Find the tables on a sheet: header rows, meaning of columns, unit line, data rows, lines around them.

Belongs here: where things stand. Does not belong here: what a value means (reporting, parsing).
"""

import re
from dataclasses import replace

from pipelines.domain.observations import ReadingTrouble
from pipelines.domain.source_fields import SOURCE_LINES
from pipelines.domain.texts import column_letters, fold
from pipelines.intake.countries import settle_place_columns
from pipelines.intake.found_tables import DIMENSIONS, Constant, Table, says
from pipelines.intake.headers import Column, Part, read_column, strip_brackets
from pipelines.intake.layout_faults import clashes, incomplete, merged_data, uneven_rows, unknown_headers
from pipelines.intake.matching import CONSTANTS, LABELS, Matcher
from pipelines.intake.own_periods import name_pairs, open_years, pair_periods, with_offers
from pipelines.intake.parsing.numbers import read_number
from pipelines.intake.parsing.periods import DateHabits
from pipelines.intake.reading.cells import Sheet

HEADER_SEARCH_ROWS = 60
MAX_HEADER_ROWS = 4
LINES_ABOVE = 8
LINE = re.compile(r"(?P<opened>[(\[（【※*])?\s*+(?P<label>[^:：]{1,40}?)\s*[:：]\s*+(?P<text>\S.*)", re.S)
CLOSING = ")]）】"
UNREAD = ("unknown", "left_out")


def find_tables(sheet: Sheet, matcher: Matcher, dates: DateHabits) -> tuple[list[Table], list[ReadingTrouble]]:
    """Find every table of a sheet.

    Returns:
        Tables from top to bottom, and what is wrong with their frames; no table gives one trouble.
    """
    tables: list[Table] = []
    row = 1
    while row <= len(sheet.grid) and (tables or row <= HEADER_SEARCH_ROWS):
        table = _header_at(sheet, row, matcher, dates) if _may_start(sheet, row, matcher) else None
        if table is None or (tables and not _is_complete(table)):
            row += 1
            continue
        if (better := _best_near(sheet, table, matcher, dates)) is not None:
            table = better
        tables.append(table)
        row = table.header_row + 1
    if not tables:
        return [], _no_table(sheet, matcher, dates)
    troubles: list[ReadingTrouble] = []
    for number, table in enumerate(tables):
        last = tables[number + 1].first_header_row - 1 if number + 1 < len(tables) else len(sheet.grid)
        above = tables[number - 1].header_row + 1 if number else 1
        _place_rows(table, matcher, first=above, last=last, follows=number > 0)
        troubles += settle_place_columns(table, matcher)
        troubles += _missing_dimensions(table) + ([] if _missing(table) else incomplete(table))
        troubles += with_offers(unknown_headers(table), table, matcher, dates) + open_years(table, matcher, dates)
        troubles += clashes(table) + merged_data(table) + uneven_rows(table)
        table.repairs += name_pairs(table)
        _name_left_out(table)
    for name in SOURCE_LINES:
        shared = next((t.constants[name] for t in reversed(tables) if name in t.constants), None)
        if shared is not None:
            for table in tables:
                table.constants.setdefault(name, shared)
    return [t for t in tables if not _missing(t)], troubles


def _may_start(sheet: Sheet, row: int, matcher: Matcher) -> bool:
    """Whether a row has a label that can head a column; cheap, so that data rows cost little."""
    return any(cell is not None and cell[0] == "s" and len(cell) < 80 and matcher.heads(cell[1:]) for cell in sheet.grid[row - 1])


def _header_at(sheet: Sheet, first: int, matcher: Matcher, dates: DateHabits) -> Table | None:
    """Read a header that starts at a row: the depth that explains most columns, then the smallest."""
    best: tuple[tuple[int, int, int], Table] | None = None
    for depth in range(1, MAX_HEADER_ROWS + 1):
        last = first + depth - 1
        if last > len(sheet.grid) or (depth > 1 and not _continues(sheet, first, last, matcher)):
            break
        table = _read_header(sheet, first, last, matcher, dates)
        if not table.columns_of("city") and not any(c.city for c in table.columns) and "city" not in table.constants:
            continue
        known = sum(1 for c in table.columns if c.role not in UNREAD)
        values = len(table.columns_of("value"))
        if any(c.role in UNREAD and _is_figure(c.written) for c in table.columns):
            continue
        if depth < MAX_HEADER_ROWS and _repeats_labels(table, last + 1):
            continue
        if not values or not any(c.is_label and c.role in LABELS for c in table.columns):
            continue
        score = _score(table, known, depth)
        if best is None or score > best[0]:
            best = (score, table)
    return best[1] if best else None


def _repeats_labels(table: Table, row: int) -> bool:
    """Whether a row says a label again: then it is header still, as exports write cells that were merged."""
    if row > len(table.sheet.grid):
        return False
    labels = [c.number for c in table.columns if c.is_label]
    return any(table.text(row, n) and fold(table.text(row, n)) == fold(table.text(row - 1, n)) for n in labels)


def _is_figure(text: str) -> bool:
    number = read_number(text)
    return number.is_number and not (number.as_dot is not None and number.as_dot.is_integer() and 1900 <= number.as_dot <= 2150)


def _score(table: Table, known: int, depth: int) -> tuple[int, int, int]:
    n_dimensions = sum(1 for name in DIMENSIONS if _has(table, name))
    n_units = sum(1 for c in table.columns if c.unit)
    return n_dimensions, known * 2 + n_units, -depth


def _has(table: Table, name: str) -> bool:
    return bool(table.columns_of(name)) or any(says(c, name) for c in table.columns_of("value")) or name in table.constants


def _best_near(sheet: Sheet, table: Table, matcher: Matcher, dates: DateHabits) -> Table | None:
    """Look whether a header that starts one to three rows below explains more: a title row may hold a label word by chance."""
    best = None
    for first in range(table.first_header_row + 1, min(table.first_header_row + MAX_HEADER_ROWS, len(sheet.grid)) + 1):
        if not _may_start(sheet, first, matcher):
            continue
        other = _header_at(sheet, first, matcher, dates)
        if other is None:
            continue
        mine = sum(1 for c in (best or table).columns if c.role not in UNREAD), sum(1 for n in DIMENSIONS if _has(best or table, n))
        theirs = sum(1 for c in other.columns if c.role not in UNREAD), sum(1 for n in DIMENSIONS if _has(other, n))
        if theirs[1] > mine[1] or (theirs[1] == mine[1] and theirs[0] > mine[0] and table.first_header_row == table.header_row):
            best = other
    return best


def _continues(sheet: Sheet, first: int, last: int, matcher: Matcher) -> bool:
    """Whether a row may still be header: under the labels it is blank or says the same, and it holds no figure."""
    above, here = sheet.grid[first - 1], sheet.grid[last - 1]
    if not any(here):
        return False
    for column, cell in enumerate(here):
        if cell is None:
            continue
        top = above[column] if column < len(above) else None
        if top is not None and matcher.header(top[1:]) in LABELS and fold(top[1:]) != fold(cell[1:]) and not matcher.header(cell[1:]):
            return False
        if cell[0] in "np" and not (cell[0] == "n" and cell[1:].isdecimal() and 1900 <= int(cell[1:]) <= 2150):
            return False
        if cell[0] == "s" and (number := read_number(cell[1:])).is_number and not (number.as_dot is not None and 1900 <= number.as_dot <= 2150):
            return False
    return True


def _read_header(sheet: Sheet, first: int, last: int, matcher: Matcher, dates: DateHabits) -> Table:
    width = max((len(sheet.grid[r - 1]) for r in range(first, last + 1)), default=0)
    rows, repairs = _spread(sheet, first, last, width, matcher)
    columns = []
    for number in range(1, width + 1):
        cells = [(first + i, cell[1:], cell[0] == "n") for i, row in enumerate(rows) if (cell := row[number - 1]) is not None]
        if column := read_column(cells, number, matcher, dates):
            columns.append(column)
    columns = pair_periods(columns, matcher)
    constants = {name: Constant(text) for name, text in matcher.answers.constants.items() if name in CONSTANTS}
    for row in range(max(1, first - LINES_ABOVE), first):
        filled = [(n, c) for n, c in enumerate(sheet.grid[row - 1], 1) if c is not None]
        if 0 < len(filled) <= 2 and (line := _line(row, filled, matcher)) is not None:
            constants.setdefault(*line)
    return Table(sheet, first, last, columns, constants=constants, repairs=repairs)


def _spread(sheet: Sheet, first: int, last: int, width: int, matcher: Matcher) -> tuple[list[list[str | None]], list[str]]:
    """Repeat upper header cells over the columns they cover: by merged ranges, else to the right until the next filled cell."""
    rows = [[*sheet.grid[r - 1], *[None] * (width - len(sheet.grid[r - 1]))] for r in range(first, last + 1)]
    repairs = []
    for r1, c1, r2, c2 in sheet.merged:
        if r1 < first or r1 > last or c1 > width:
            continue
        text = rows[r1 - first][c1 - 1]
        for row in range(r1, min(r2, last) + 1):
            for column in range(c1, min(c2, width) + 1):
                rows[row - first][column - 1] = text
        if c2 > c1:
            repairs.append(f"{_at(sheet, r1, c1)}: header cell repeated over its merged range to {column_letters(min(c2, width))}{min(r2, last)}")
    if not sheet.merged:
        for i in range(len(rows) - 1):
            covering: str | None = None
            for column in range(width):
                cell = rows[i][column]
                if cell is not None:
                    covering = None if matcher.header(cell[1:]) in LABELS else cell
                elif covering is not None and any(rows[k][column] is not None for k in range(i + 1, len(rows))):
                    rows[i][column] = covering
                    repairs.append(f"{_at(sheet, first + i, column + 1)}: blank header cell read as {covering[1:]!r} from its left")
    return rows, repairs


def _at(sheet: Sheet, row: int, column: int) -> str:
    return f"{sheet.name}!{column_letters(column)}{row}" if sheet.name else f"{column_letters(column)}{row}"


def _place_rows(table: Table, matcher: Matcher, *, first: int, last: int, follows: bool) -> None:
    cities = [c.number for c in table.columns_of("city")]
    values = [c.number for c in table.columns if c.role == "value"]
    start = first if not follows else table.first_header_row
    for row in [*range(start, table.first_header_row), *range(table.header_row + 1, last + 1)]:
        filled = [(n, c) for n, c in enumerate(table.sheet.grid[row - 1], 1) if c is not None]
        if not filled:
            continue
        if len(filled) <= 2 and _take_line(table, row, filled, matcher):
            continue
        if row < table.first_header_row or (len(filled) == 1 and filled[0][0] not in values):
            continue
        if row == table.header_row + 1 and not any(table.text(row, c) for c in cities) and _is_unit_row(table, row, values, matcher):
            table.columns = [_with_unit(c, table.text(row, c.number), row) if c.number in values and table.text(row, c.number) else c for c in table.columns]
        elif cities and (names := [table.text(row, c) for c in cities if table.text(row, c)]) and all(matcher.is_total(n) for n in names):
            table.total_rows.append(row)
            table.repairs.append(f"{_at(table.sheet, row, cities[0])}: total row {names[0]!r} left out")
        else:
            table.data_rows.append(row)


def _name_left_out(table: Table) -> None:
    """Name every column that is left out, with what is known of it."""
    for column in table.columns_of("left_out"):
        known = f", although it names {column.known!r}" if column.known else ""
        table.repairs.append(f"{_at(table.sheet, column.row, column.number)}: column {column.written!r} left out by the sender's answer{known}")
    for column in table.columns:
        at = _at(table.sheet, column.row, column.number)
        table.repairs += [f"{at}: note mark {mark} taken off the header" for mark in column.marks]
        if column.remark is not None:
            table.repairs.append(f"{at}: {column.remark.written!r} read as a remark, not as a unit")
    for column in table.columns_of("total"):
        table.repairs.append(f"{_at(table.sheet, column.row, column.number)}: total column {column.written!r} left out")


def _line(row: int, filled: list[tuple[int, str]], matcher: Matcher) -> tuple[str, Constant] | None:
    """Read a line that says something about a whole table: ``Unit: persons``, ``(단위: 명)``, ``Year`` beside ``2023``."""
    number, cell = filled[0]
    label, text = cell[1:].strip(), filled[1][1][1:].strip() if len(filled) == 2 else ""
    if len(filled) == 1:
        match = LINE.fullmatch(label)
        if match is None:
            return None
        label, text = match["label"], match["text"]
        if len(text) > 1 and text[-1] in CLOSING:
            # A bracket that closes what the line did not open belongs to its text: ``Source: Yearbook (2020)``.
            text = text[:-1].rstrip() + ("" if match["opened"] else text[-1])
    role = matcher.vocabulary.headers.get(fold(label.rstrip(":：")))
    return (role, Constant(text, f"{column_letters(number)}{row}")) if role in CONSTANTS else None


def _take_line(table: Table, row: int, filled: list[tuple[int, str]], matcher: Matcher) -> bool:
    """Take a line around the table; below it only a source line counts."""
    if len(filled) == 2 and row > table.first_header_row and filled[0][0] in {c.number for c in table.columns_of("city")}:
        return False
    line = _line(row, filled, matcher)
    if line is None or (row > table.header_row and line[0] not in SOURCE_LINES):
        return False
    table.constants.setdefault(*line)
    return True


def _with_unit(column: Column, text: str, row: int) -> Column:
    unit = Part("unit", strip_brackets(text), text, row)
    if column.unit is not None and fold(strip_brackets(column.unit.target)) != fold(unit.target):
        return replace(column, clash=f"{column.unit.written} and {text}")
    return replace(column, unit=unit)


def _is_unit_row(table: Table, row: int, columns: list[int], matcher: Matcher) -> bool:
    texts = [table.text(row, c) for c in columns if table.text(row, c)]
    return bool(texts) and all(matcher.unit(strip_brackets(t)).unit_code for t in texts)


def _is_complete(table: Table) -> bool:
    """Whether every value column knows its city, indicator and period: asked of a header in the middle of a sheet."""
    return all(table.columns_of(name) or name in table.constants or all(says(c, name) for c in table.columns_of("value")) for name in DIMENSIONS)


def _missing(table: Table) -> list[str]:
    return [name for name in DIMENSIONS if not _has(table, name)]


def _missing_dimensions(table: Table) -> list[ReadingTrouble]:
    missing = _missing(table)
    if not missing:
        return []
    found = f"a table from row {table.first_header_row} that names no {' and no '.join(missing)}: neither a column, a header cell nor a line above says it"
    return [ReadingTrouble("table_is_recognised", found, table.sheet.name, table.first_header_row, column_letters(table.columns[0].number))]


def _no_table(sheet: Sheet, matcher: Matcher, dates: DateHabits) -> list[ReadingTrouble]:
    """Say that no table was found; where a row heads columns by unknown words, name each, so that a person can say what they mean."""
    troubles = [_first_row(sheet)]
    for first in range(1, min(len(sheet.grid), HEADER_SEARCH_ROWS) + 1):
        if not _may_start(sheet, first, matcher):
            continue
        last = first
        while last < min(len(sheet.grid), first + MAX_HEADER_ROWS - 1) and _continues(sheet, first, last + 1, matcher):
            last += 1
        unknown = [c for c in _read_header(sheet, first, last, matcher, dates).columns if c.role == "unknown" and not _is_figure(c.written)]
        troubles += [ReadingTrouble("headers_are_known", c.written, sheet.name, c.row, column_letters(c.number)) for c in unknown]
        break
    return troubles


def _first_row(sheet: Sheet) -> ReadingTrouble:
    for number, row in enumerate(sheet.grid[:HEADER_SEARCH_ROWS], 1):
        if sum(c is not None for c in row) > 1:
            first = " | ".join(c[1:] for c in row if c)[:80]
            at = next(n for n, c in enumerate(row, 1) if c is not None)
            return ReadingTrouble("table_is_recognised", f"first row: {first}", sheet.name, number, column_letters(at))
    first_text = next((c[1:][:80] for row in sheet.grid for c in row if c), "no filled row")
    return ReadingTrouble("table_is_recognised", first_text, sheet.name)
