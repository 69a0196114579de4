"""Look an .xlsx container over before any library opens it.

Belongs here: refusals with a good reason, and facts a value reader drops (hidden, merged, error, style).
Does not belong here: values. This guard can be evaded; the child's limits are the wall.
"""

import io
import re
import zipfile
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from xml.parsers import expat

from pipelines.domain.errors import UnreadableFileError
from pipelines.intake.reading.cell_styles import CellStyle, workbook_styles
from pipelines.intake.reading.containers import find_sheets

MAX_PARTS = 2_000
MAX_UNPACKED_BYTES = 300_000_000
MAX_RATIO = 400
MAX_AREA_CELLS = 6_000_000
READ_STEP = 1 << 16
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
CELL_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
OLE_MAGIC = b"\xd0\xcf\x11\xe0"
# Lower rows (points) and narrower columns (characters) cannot be seen.
LEAST_HEIGHT = 1.0
LEAST_WIDTH = 0.1


@dataclass(slots=True)
class SheetFacts:
    """What a sheet holds beside its values; rows and columns are 1-based.

    ``styled`` are filled cells whose style does not plainly show what is stored; in ``coloured`` ranges a table or a
    condition gives colours too.
    """

    name: str
    is_hidden: bool
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    errors: list[tuple[int, int, str]] = field(default_factory=list)
    uncalculated: list[tuple[int, int]] = field(default_factory=list)
    styled: list[tuple[int, int, CellStyle]] = field(default_factory=list)
    coloured: list[tuple[int, int, int, int]] = field(default_factory=list)
    hides_zeros: bool = False
    counts_from_1904: bool = False
    n_cells: int = 0
    max_row: int = 0
    max_column: int = 0


def refuse(found: str, *, sheet: str = "", cell: str = "") -> UnreadableFileError:
    """Make the refusal of a container."""
    return UnreadableFileError("file_is_readable", found, sheet=sheet, cell=cell)


def inspect_workbook(content: bytes) -> tuple[list[SheetFacts], list[str]]:
    """Inspect a workbook's container.

    Returns:
        Facts of each worksheet, in workbook order, and the names of sheets that are charts.

    Raises:
        UnreadableFileError: not a plain, safe .xlsx.
    """
    if content.startswith(OLE_MAGIC):
        raise refuse("a password-protected workbook, or an old .xls under the ending .xlsx")
    if not content.startswith(b"PK\x03\x04"):
        raise refuse("not an .xlsx container")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as box:
            names = check_parts(box)
            found = find_sheets(box, parse_part)
            styles = workbook_styles(box, names, parse_part)
            facts = [_scan_sheet(box, s.part, SheetFacts(s.name, s.is_hidden), styles) for s in found.sheets]
            for one, sheet in zip(facts, found.sheets, strict=True):
                one.counts_from_1904 = found.counts_from_1904
                if any(style.is_unseen for _, _, style in one.styled):
                    one.coloured += _table_ranges(box, sheet.part, names)
            return facts, found.charts
    except zipfile.BadZipFile as error:
        raise refuse(f"a damaged container ({error})") from error
    except expat.ExpatError as error:
        raise refuse(f"damaged XML inside the workbook ({error})") from error
    except (KeyError, ValueError, RuntimeError, EOFError, NotImplementedError) as error:
        raise refuse(f"an incomplete container ({error})") from error


def check_parts(box: zipfile.ZipFile) -> set[str]:
    """Refuse a container with too many, too large, doubled, encrypted or unsafe parts; gives the names."""
    parts = box.infolist()
    names = [p.filename for p in parts]
    unpacked = sum(p.file_size for p in parts)
    packed = max(1, sum(p.compress_size for p in parts))
    if len(parts) > MAX_PARTS:
        raise refuse(f"{len(parts)} parts in the container, more than {MAX_PARTS}")
    if unpacked > MAX_UNPACKED_BYTES or (unpacked > 10_000_000 and unpacked / packed > MAX_RATIO):
        raise refuse(f"a container that unpacks from {packed} to {unpacked} bytes")
    lower = [n.lower() for n in names]
    if len(set(lower)) != len(lower):
        raise refuse("two parts of one name in the container")
    for name in lower:
        if ".." in name.split("/") or name.startswith("/") or "\\" in name:
            raise refuse("a part with an unsafe name in the container")
        if "vbaproject" in name:
            raise refuse("macros; save the workbook as .xlsx without macros")
        if "externallinks/" in name:
            raise refuse("links to other workbooks; replace them by values")
    if any(p.flag_bits & 0x1 for p in parts):
        raise refuse("an encrypted container")
    return set(names)


def parse_part(box: zipfile.ZipFile, part: str, start: Any, end: Any = None, text: Any = None) -> None:
    """Parse one XML part of a container; a document type declaration is refused."""
    parser = expat.ParserCreate()

    def doctype(*_: object) -> None:
        raise refuse("a document type declaration inside the workbook")

    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    n_read = 0
    with box.open(part) as stream:
        while step := stream.read(READ_STEP):
            n_read += len(step)
            if n_read > MAX_UNPACKED_BYTES:
                raise refuse("a part that unpacks beyond its limit")
            parser.Parse(step)
        parser.Parse(b"", True)


@lru_cache(maxsize=1_000)
def _local(name: str) -> str:
    return name.rsplit(":", 1)[-1]


def _table_ranges(box: zipfile.ZipFile, part: str, names: set[str]) -> list[tuple[int, int, int, int]]:
    """The ranges of the tables of a sheet, whose own styles colour cells that say nothing of it themselves."""
    folder, _, file = part.rpartition("/")
    relations = f"{folder}/_rels/{file}.rels"
    targets: list[str] = []
    ranges: list[tuple[int, int, int, int]] = []

    def relation(name: str, attributes: dict[str, str]) -> None:
        if _local(name) == "Relationship" and attributes.get("Type", "").endswith("/table"):
            targets.append(f"xl/tables/{attributes.get('Target', '').rpartition('/')[2]}")

    def table(name: str, attributes: dict[str, str]) -> None:
        if _local(name) == "table" and attributes.get("ref"):
            ranges.extend(_ranges(attributes["ref"], part))

    if relations in names:
        parse_part(box, relations, relation)
    for target in targets:
        if target in names:
            parse_part(box, target, table)
    return ranges


def _ranges(references: str, sheet: str) -> list[tuple[int, int, int, int]]:
    found = []
    for reference in references.replace("$", "").split():
        first, _, last = reference.partition(":")
        if CELL_REFERENCE.fullmatch(first) and (not last or CELL_REFERENCE.fullmatch(last)):
            found.append((*cell_position(first, sheet), *cell_position(last or first, sheet)))
    return found


def cell_position(reference: str, sheet: str) -> tuple[int, int]:
    match = CELL_REFERENCE.fullmatch(reference)
    if match is None:
        raise refuse(f"a cell with the address '{reference[:20]}'", sheet=sheet)
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]), column


# Most cells stand in the first columns and in the row that was just opened; all others are taken apart by the pattern.
COLUMNS = {letters: cell_position(f"{letters}1", "")[1] for letters in (*LETTERS, *(a + b for a in LETTERS for b in LETTERS))}


class _SheetScan:
    """Element handlers of one worksheet; fills the facts as it goes."""

    def __init__(self, facts: SheetFacts, styles: dict[str, CellStyle]) -> None:
        self.facts = facts
        self.styles = styles
        self.style: CellStyle | None = None
        self.cell: tuple[int, int] | None = None
        self.kind = ""
        self.has_formula = False
        self.has_value = False
        self.in_value = False
        self.text = ""
        self.row = 0
        self.row_text = "0"
        self.column = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = _local(name) if ":" in name else name
        if local == "c":
            self._start_cell(attributes)
        elif local in ("v", "is"):
            self.has_value = True
            # The text counts only behind a formula and in an error.
            self.in_value = self.has_formula or self.kind == "e"
        elif local == "row":
            self._start_row(attributes)
        elif local == "f":
            self.has_formula = True
        elif local == "mergeCell":
            first, _, last = attributes.get("ref", "").partition(":")
            if last:
                self.facts.merged.append((*cell_position(first, self.facts.name), *cell_position(last, self.facts.name)))
        elif local == "col":
            if attributes.get("hidden") in ("1", "true") or float(attributes.get("width", "9")) < LEAST_WIDTH:
                self.facts.hidden_columns.append((int(attributes["min"]), int(attributes["max"])))
        elif local == "conditionalFormatting":
            self.facts.coloured += _ranges(attributes.get("sqref", ""), self.facts.name)
        elif local == "sheetView" and attributes.get("showZeros") in ("0", "false"):
            self.facts.hides_zeros = True

    def _start_row(self, attributes: dict[str, str]) -> None:
        row = int(attributes.get("r", self.row + 1))
        if row <= self.row or row > 1_048_576:
            raise refuse(f"row {row} out of order", sheet=self.facts.name)
        self.row, self.column, self.row_text = row, 0, str(row)
        if len(attributes) > 1 and _has_no_height(attributes):
            self.facts.hidden_rows.add(row)

    def _start_cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r")
        if reference and reference.endswith(self.row_text) and (column := COLUMNS.get(reference[: -len(self.row_text)])):
            at = (self.row, column)
        else:
            at = cell_position(reference, self.facts.name) if reference else (self.row, self.column + 1)
        if at[0] != self.row or at[1] <= self.column or at[1] > 16_384:
            raise refuse("a cell out of order", sheet=self.facts.name, cell=reference or "")
        self.column = at[1]
        self.cell, self.kind = at, attributes.get("t", "n")
        self.has_formula = self.has_value = False
        self.text = ""
        self.style = self.styles.get(attributes.get("s", "0")) if self.styles else None

    def end(self, name: str) -> None:
        local = _local(name) if ":" in name else name
        if local in ("v", "is"):
            self.in_value = False
        elif local == "c" and self.cell is not None:
            if self.has_value:
                self._count_cell(self.facts, self.cell)
                if self.style is not None:
                    self.facts.styled.append((*self.cell, self.style))
            if self.kind == "e":
                self.facts.errors.append((*self.cell, self.text[:20]))
            elif self.has_formula and not (self.has_value and (self.text or self.kind == "str")):
                self.facts.uncalculated.append(self.cell)
            self.cell = None

    @staticmethod
    def _count_cell(facts: SheetFacts, cell: tuple[int, int]) -> None:
        facts.n_cells += 1
        if cell[0] > facts.max_row or cell[1] > facts.max_column:
            facts.max_row, facts.max_column = max(facts.max_row, cell[0]), max(facts.max_column, cell[1])
            if facts.max_row * facts.max_column > MAX_AREA_CELLS:
                raise refuse(f"cells spread over {facts.max_row} rows and {facts.max_column} columns", sheet=facts.name)

    def characters(self, text: str) -> None:
        if self.in_value and len(self.text) < 40:
            self.text += text


def _has_no_height(attributes: dict[str, str]) -> bool:
    """Whether a row is hidden, of no height, or of a height of its own that is not said, as writers leave a zero out."""
    is_hidden = attributes.get("hidden") in ("1", "true")
    height = attributes.get("ht", "0" if attributes.get("customHeight") in ("1", "true") else "")
    return is_hidden or (height != "" and float(height) < LEAST_HEIGHT)


def _scan_sheet(box: zipfile.ZipFile, part: str, facts: SheetFacts, styles: dict[str, CellStyle]) -> SheetFacts:
    scan = _SheetScan(facts, styles)
    parse_part(box, part, scan.start, scan.end, scan.characters)
    return facts
