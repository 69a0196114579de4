"""Look an .xlsx container over before any library opens it.

Belongs here: refusals with a good reason, and facts a value reader drops (hidden, merged, error, percent).
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

MAX_PARTS = 2_000
MAX_UNPACKED_BYTES = 300_000_000
MAX_RATIO = 400
MAX_AREA_CELLS = 6_000_000
READ_STEP = 1 << 16
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
CELL_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
OLE_MAGIC = b"\xd0\xcf\x11\xe0"
BUILT_IN_PERCENT = {9, 10}


@dataclass(slots=True)
class SheetFacts:
    """What a sheet holds beside its values; rows and columns are 1-based."""

    name: str
    is_hidden: bool
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    errors: list[tuple[int, int, str]] = field(default_factory=list)
    uncalculated: list[tuple[int, int]] = field(default_factory=list)
    percent_cells: set[tuple[int, int]] = field(default_factory=set)
    n_cells: int = 0
    max_row: int = 0
    max_column: int = 0


def refuse(found: str, *, sheet: str = "", cell: str = "") -> UnreadableFileError:
    """Make the refusal of a container."""
    return UnreadableFileError("file_is_readable", found, sheet=sheet, cell=cell)


def inspect_workbook(content: bytes) -> list[SheetFacts]:
    """Inspect a workbook's container.

    Returns:
        Facts of each sheet, in workbook order.

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
            sheets = sheet_parts(box)
            percent_styles = _percent_styles(box) if "xl/styles.xml" in names else set()
            return [_scan_sheet(box, part, SheetFacts(name, hidden), percent_styles) for name, hidden, part in sheets]
    except zipfile.BadZipFile as error:
        raise refuse(f"a damaged container ({error})") from error
    except expat.ExpatError as error:
        raise refuse(f"damaged XML inside the workbook ({error})") from error
    except (KeyError, RuntimeError, EOFError, NotImplementedError) as error:
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


def sheet_parts(box: zipfile.ZipFile) -> list[tuple[str, bool, str]]:
    targets: dict[str, str] = {}
    listed: list[tuple[str, bool, str]] = []

    def relation(name: str, attributes: dict[str, str]) -> None:
        if _local(name) == "Relationship":
            if attributes.get("TargetMode") == "External":
                raise refuse("links to outside files; remove them")
            targets[attributes.get("Id", "")] = attributes.get("Target", "")

    def sheet(name: str, attributes: dict[str, str]) -> None:
        if _local(name) == "sheet":
            key = next((v for k, v in attributes.items() if _local(k) == "id" and ":" in k), "")
            listed.append((attributes.get("name", ""), attributes.get("state", "visible") != "visible", key))

    parse_part(box, "xl/_rels/workbook.xml.rels", relation)
    parse_part(box, "xl/workbook.xml", sheet)
    found = []
    for name, hidden, key in listed:
        target = targets.get(key, "")
        if "worksheets/" in target:
            found.append((name, hidden, target.lstrip("/") if target.startswith("/") else f"xl/{target}"))
    if not found:
        raise refuse("a workbook without worksheets")
    return found


def _percent_styles(box: zipfile.ZipFile) -> set[int]:
    custom: set[int] = set()
    styles: list[int] = []
    inside = {"xfs": False}

    def start(name: str, attributes: dict[str, str]) -> None:
        local = _local(name)
        if local == "numFmt":
            code = re.sub(r'"[^"]*"|\\.', "", attributes.get("formatCode", ""))
            if "%" in code:
                custom.add(int(attributes.get("numFmtId", "0")))
        elif local == "cellXfs":
            inside["xfs"] = True
        elif local == "xf" and inside["xfs"]:
            styles.append(int(attributes.get("numFmtId", "0")))

    def end(name: str) -> None:
        if _local(name) == "cellXfs":
            inside["xfs"] = False

    parse_part(box, "xl/styles.xml", start, end)
    return {i for i, f in enumerate(styles) if f in custom or f in BUILT_IN_PERCENT}


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

    def __init__(self, facts: SheetFacts, percent_styles: set[int]) -> None:
        self.facts = facts
        self.percent_styles = percent_styles
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
        elif local == "col" and attributes.get("hidden") in ("1", "true"):
            self.facts.hidden_columns.append((int(attributes["min"]), int(attributes["max"])))

    def _start_row(self, attributes: dict[str, str]) -> None:
        row = int(attributes.get("r", self.row + 1))
        if row <= self.row or row > 1_048_576:
            raise refuse(f"row {row} out of order", sheet=self.facts.name)
        self.row, self.column, self.row_text = row, 0, str(row)
        if attributes.get("hidden") in ("1", "true"):
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
        if self.percent_styles and self.kind == "n" and int(attributes.get("s", "0")) in self.percent_styles:
            self.facts.percent_cells.add(at)

    def end(self, name: str) -> None:
        local = _local(name) if ":" in name else name
        if local in ("v", "is"):
            self.in_value = False
        elif local == "c" and self.cell is not None:
            if self.has_value:
                self._count_cell(self.facts, self.cell)
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


def _scan_sheet(box: zipfile.ZipFile, part: str, facts: SheetFacts, percent_styles: set[int]) -> SheetFacts:
    scan = _SheetScan(facts, percent_styles)
    parse_part(box, part, scan.start, scan.end, scan.characters)
    return facts
