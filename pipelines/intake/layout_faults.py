"""What is wrong with the frame of a found table: headers, merged cells, uneven rows.

Belongs here: faults of a table's shape. Does not belong here: finding tables (layouts), one figure's reading (rows).
"""

from dataclasses import replace

from pipelines.domain.observations import ReadingTrouble
from pipelines.domain.texts import column_letters
from pipelines.intake.found_tables import DIMENSIONS, Table, says
from pipelines.intake.headers import Column

# Between a header as written and what is wrong with it; not in any header, since line breaks are made blanks.
HEADER_FAULT = ":\n"
NO_HEADER = "(no header)"


def incomplete(table: Table) -> list[ReadingTrouble]:
    """Set aside value columns that lack what the others say, such as one that names no indicator."""
    troubles = []
    for position, column in enumerate(table.columns):
        lacking = [n for n in DIMENSIONS if not (table.columns_of(n) or says(column, n) or n in table.constants)]
        if column.role == "value" and lacking:
            table.columns[position] = replace(column, role="incomplete")
            found = f"{column.written}{HEADER_FAULT}it names no {' and no '.join(lacking)}"
            troubles.append(ReadingTrouble("headers_are_known", found, table.sheet.name, column.row, column_letters(column.number)))
    return troubles


def unknown_headers(table: Table) -> list[ReadingTrouble]:
    """Columns with data whose header is not understood."""
    known = {c.number: c for c in table.columns}
    troubles = []
    width = max((len(table.sheet.grid[r - 1]) for r in table.data_rows), default=0)
    for number in range(1, width + 1):
        column = known.get(number)
        if (column is None or column.role == "unknown") and any(table.text(r, number) for r in table.data_rows):
            written = column.written if column else NO_HEADER
            row = column.row if column else table.header_row
            troubles.append(ReadingTrouble("headers_are_known", written, table.sheet.name, row, column_letters(number)))
    return troubles


def clashes(table: Table) -> list[ReadingTrouble]:
    """Headers that say two things, say the same as another, or say what a row says too."""
    troubles = [
        ReadingTrouble("headers_are_known", f"{c.written}{HEADER_FAULT}it names both {c.clash}", table.sheet.name, c.row, column_letters(c.number))
        for c in table.columns
        if c.clash and c.role != "ignored"
    ]
    seen: dict[tuple[str, ...], Column] = {}
    key: tuple[str, ...]
    n_cities = 0
    for column in table.columns:
        if column.role in ("ignored", "unknown", "left_out", "total", "incomplete", "country", "level", "own_period", "period"):
            continue
        if column.role == "city":
            n_cities += 1
            key = ("city", str(n_cities) if n_cities < 3 else "2")
        else:
            key = (column.role, *(p.target if p else "" for p in (column.indicator, column.period, column.city)))
        if key in seen:
            first = column_letters(seen[key].number)
            found = f"{column.written}{HEADER_FAULT}the same as column {first}"
            troubles.append(ReadingTrouble("headers_are_known", found, table.sheet.name, column.row, column_letters(column.number)))
        seen.setdefault(key, column)
    for name in DIMENSIONS:
        if table.columns_of(name) and (twice := next((c for c in table.columns_of("value") if getattr(c, name)), None)):
            found = f"{twice.written}{HEADER_FAULT}it names the {name}, and column {column_letters(table.columns_of(name)[0].number)} does too"
            troubles.append(ReadingTrouble("headers_are_known", found, table.sheet.name, twice.row, column_letters(twice.number)))
    return troubles


def merged_data(table: Table) -> list[ReadingTrouble]:
    """Merged ranges inside the data."""
    rows = set(table.data_rows)
    return [
        ReadingTrouble("data_cells_are_not_merged", f"{column_letters(c1)}{r1}:{column_letters(c2)}{r2}", table.sheet.name, r1, column_letters(c1))
        for r1, c1, r2, c2 in table.sheet.merged
        if any(r in rows for r in range(r1, r2 + 1))
    ]


def uneven_rows(table: Table) -> list[ReadingTrouble]:
    """Rows of a text table with another number of cells than its header."""
    if table.sheet.name:
        return []
    width = len(table.sheet.grid[table.header_row - 1])
    return [
        ReadingTrouble("rows_are_even", f"{len(table.sheet.grid[r - 1])} cells, the header has {width}", "", r, "A")
        for r in table.data_rows
        if len(table.sheet.grid[r - 1]) != width
    ]
