"""Read .ods spreadsheets in one pass over their XML: values as typed by their attributes, and what was odd.

Belongs here: OpenDocument container to grid and troubles. Does not belong here: what a cell means.
"""

import datetime
import io
import math
import zipfile
from dataclasses import dataclass
from typing import Any
from xml.parsers import expat

from pipelines.domain.errors import UnreadableFileError
from pipelines.domain.templates import IDENTITY_SHEET
from pipelines.domain.texts import column_letters
from pipelines.intake.reading.cell_styles import CellStyle
from pipelines.intake.reading.cells import ReadFile, Sheet, plain_number
from pipelines.intake.reading.document_texts import CellText, TextStyles, common_styles
from pipelines.intake.reading.guard import MAX_AREA_CELLS, check_parts, parse_part, refuse
from pipelines.intake.reading.open_styles import OpenStyles
from pipelines.intake.reading.runs import SheetRuns, take_runs
from pipelines.intake.reading.shown_cells import EPOCH_1900, serial_of, show_in_grid

# The handlers know elements by these prefixes; under another one a table would be passed over.
PREFIXES = {f"urn:oasis:names:tc:opendocument:xmlns:{prefix}:1.0": prefix for prefix in ("office", "table", "text", "style")}
MAX_REPEATED_FILLED = 100_000


@dataclass(slots=True)
class _Cell:
    attributes: dict[str, str]
    repeated: int
    is_covered: bool
    text: CellText


class _Pass:
    """Element handlers over content.xml; fills a ReadFile."""

    def __init__(self, styles: OpenStyles, text_styles: TextStyles) -> None:
        self.result = ReadFile()
        self.styles = styles
        self.text_styles = text_styles
        self.struck = SheetRuns()
        self.column_styles: list[tuple[int, str]] = []
        self.row_style = ""
        self.special: list[tuple[int, int, CellStyle]] = []
        self.in_body = False
        self.sheet: Sheet | None = None
        self.is_hidden = False
        self.hidden_columns: list[int] = []
        self.n_columns = 0
        self.row: list[str | None] = []
        self.row_repeated = 1
        self.row_is_hidden = False
        self.cell: _Cell | None = None
        self.n_cells = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.text_styles.start(name, attributes)
        if not self.in_body:
            self.styles.start(name, attributes)
        for key, uri in attributes.items():
            if key.startswith("xmlns") and PREFIXES.get(uri, key[6:]) != key[6:]:
                raise refuse(f"elements of tables under another prefix ('{key[6:] or 'none'}'); open it in a spreadsheet and save it anew")
        if self.cell is not None:
            if name == "table:table":
                raise refuse("a table inside a cell", sheet=self.sheet.name if self.sheet else "")
            self.cell.text.start(name, attributes)
            return
        match name:
            case "office:body":
                self.in_body = True
            case "table:table":
                self.sheet = Sheet(attributes.get("table:name", ""), [])
                self.is_hidden = self.styles.is_hidden_table(attributes.get("table:style-name", ""))
                self.hidden_columns, self.n_columns = [], 0
                self.column_styles, self.special, self.struck = [], [], SheetRuns()
            case "table:table-column":
                self._start_column(attributes)
            case "table:table-row":
                self.row, self.row_repeated = [], int(attributes.get("table:number-rows-repeated", "1"))
                has_no_height = self.styles.has_no_size("table-row", attributes.get("table:style-name", ""), "style:row-height")
                self.row_is_hidden = has_no_height or attributes.get("table:visibility", "visible") != "visible"
                self.row_style = attributes.get("table:default-cell-style-name", "")
            case "table:table-cell" | "table:covered-table-cell":
                text = CellText(self.text_styles, attributes.get("table:style-name") or self._default_style())
                self.cell = _Cell(attributes, int(attributes.get("table:number-columns-repeated", "1")), name.startswith("table:covered"), text)

    def _default_style(self) -> str:
        """The style of a cell that names none: its row's, else its column's."""
        column = len(self.row) + 1
        return self.row_style or next((style for last, style in self.column_styles if column <= last), "")

    def _start_column(self, attributes: dict[str, str]) -> None:
        n = int(attributes.get("table:number-columns-repeated", "1"))
        has_no_width = self.styles.has_no_size("table-column", attributes.get("table:style-name", ""), "style:column-width")
        if has_no_width or attributes.get("table:visibility", "visible") != "visible":
            self.hidden_columns += range(self.n_columns + 1, self.n_columns + min(n, 1000) + 1)
        self.n_columns += n
        self.column_styles.append((self.n_columns, attributes.get("table:default-cell-style-name", "")))

    def characters(self, text: str) -> None:
        if not self.in_body:
            self.styles.characters(text)
        if self.cell is not None:
            self.cell.text.characters(text)

    def end(self, name: str) -> None:
        if not self.in_body:
            self.styles.end(name)
        if self.cell is not None and name not in ("table:table-cell", "table:covered-table-cell"):
            self.cell.text.end(name)
            return
        match name:
            case "table:table-cell" | "table:covered-table-cell":
                self._end_cell()
            case "table:table-row":
                self._end_row()
            case "table:table":
                self._end_table()

    def _end_cell(self) -> None:
        cell, self.cell = self.cell, None
        if cell is None or self.sheet is None:
            return
        written = None if cell.is_covered else self._written(cell)
        if written is None:
            # Blank repeats run to the edge of the sheet; they are kept only before a filled cell.
            self.row.extend([None] * min(cell.repeated, 16_384 - len(self.row)))
            return
        at_row, at_column = len(self.sheet.grid) + 1, len(self.row) + 1
        rows, columns = int(cell.attributes.get("table:number-rows-spanned", "1")), int(cell.attributes.get("table:number-columns-spanned", "1"))
        if rows > 1 or columns > 1:
            self.sheet.merged.append((at_row, at_column, at_row + rows - 1, at_column + columns - 1))
        self.n_cells += cell.repeated
        if cell.repeated > 1_024 or self.n_cells > MAX_AREA_CELLS:
            raise refuse(f"a cell repeated {cell.repeated} times", sheet=self.sheet.name)
        if (struck := cell.text.struck) is not None:
            self.struck.struck.update({(at_row, at_column + n): struck for n in range(cell.repeated)})
        self._note_style(cell, at_row, at_column)
        self.row.extend([written] * cell.repeated)

    def _note_style(self, cell: _Cell, row: int, column: int) -> None:
        """Keep the place of a cell whose style, or that of its row or column, shows something else than is stored."""
        name = cell.attributes.get("table:style-name") or self._default_style()
        style = self.styles.cell_style(name)
        if not style.is_plain:
            self.special += [(row + i, column + k, style) for i in range(self.row_repeated) for k in range(cell.repeated)]

    def _written(self, cell: _Cell) -> str | None:
        assert self.sheet is not None  # noqa: S101 - cells stand in tables
        kind = cell.attributes.get("office:value-type", "")
        text = cell.text.text or cell.attributes.get("office:string-value", "")
        place = (self.sheet.name, len(self.sheet.grid) + 1, column_letters(len(self.row) + 1))
        if cell.attributes.get("calcext:value-type") == "error" or text.startswith(("#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "Err:5")):
            self.result.troubles.append(("cells_are_sound", f"error value {text}", *place))
            return None
        if cell.attributes.get("table:formula") and not kind:
            self.result.troubles.append(("cells_are_sound", "a formula that was never calculated", *place))
            return None
        if kind in ("percentage", "float", "currency") and not math.isfinite(float(cell.attributes["office:value"])):
            self.result.troubles.append(("cells_are_sound", f"error value {cell.attributes['office:value']}", *place))
            return plain_number(float(cell.attributes["office:value"]))
        match kind:
            case "percentage":
                return f"p{round(float(cell.attributes['office:value']) * 100, 12):.12g}"
            case "float" | "currency":
                return plain_number(float(cell.attributes["office:value"]))
            case "date":
                return f"d{cell.attributes.get('office:date-value', '').replace('T00:00:00', '').replace('T', ' ')}"
            case "boolean":
                return f"b{cell.attributes.get('office:boolean-value') == 'true'}"
        return f"s{text}" if text.strip() else None

    def _end_row(self) -> None:
        if self.sheet is None:
            return
        while self.row and self.row[-1] is None:
            self.row.pop()
        if self.row and self.row_repeated * len(self.row) > MAX_REPEATED_FILLED:
            raise refuse(f"a filled row repeated {self.row_repeated} times", sheet=self.sheet.name)
        if self.row and self.row_is_hidden:
            self.result.troubles.append(("nothing_is_hidden", "hidden row with data", self.sheet.name, len(self.sheet.grid) + 1, ""))
        if len(self.sheet.grid) + self.row_repeated > 1_100_000:
            if self.row:
                raise refuse("more rows than a spreadsheet has", sheet=self.sheet.name)
            return
        if self.row or self.row_repeated < 10_000:
            self.sheet.grid.extend([list(self.row) for _ in range(self.row_repeated)])
        else:
            self.sheet.grid.extend([[]] * self.row_repeated)

    def _end_table(self) -> None:
        sheet, self.sheet = self.sheet, None
        if sheet is None:
            return
        while sheet.grid and not sheet.grid[-1]:
            sheet.grid.pop()
        if not sheet.grid:
            return
        if self.is_hidden and sheet.name != IDENTITY_SHEET:
            self.result.troubles.append(("nothing_is_hidden", f"hidden sheet with {len(sheet.grid)} rows", sheet.name, None, ""))
            return
        for row, column, style in self.special:
            if row <= len(sheet.grid) and column <= len(sheet.grid[row - 1]):
                show_in_grid(sheet, row, column, style, _serial(sheet.grid[row - 1][column - 1]), EPOCH_1900)
        for column in self.hidden_columns:
            if any(len(row) >= column and row[column - 1] is not None for row in sheet.grid):
                self.result.troubles.append(("nothing_is_hidden", "hidden column with data", sheet.name, 1, column_letters(column)))
        take_runs(self.result, sheet.name, sheet.grid, self.struck)
        self.result.sheets.append(sheet)


def _serial(cell: str | None) -> float | None:
    """The number behind a cell of the grid; dates and shares come typed in this format and are turned back."""
    match cell[:1] if cell else "":
        case "n":
            return float(cell[1:]) if cell else None
        case "p":
            return round(float(cell[1:]) / 100, 15) if cell else None
        case "d":
            try:
                return serial_of(datetime.datetime.fromisoformat(cell[1:]) if cell else None, EPOCH_1900)
            except ValueError:
                return None
    return None


def read_open_document(content: bytes) -> ReadFile:
    """Read every visible sheet of an .ods spreadsheet.

    Raises:
        UnreadableFileError: not a plain, safe, undamaged .ods.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as box:
            names = check_parts(box)
            kind = box.read("mimetype").decode("ascii", "replace").strip() if "mimetype" in names else ""
            if not kind.startswith("application/vnd.oasis.opendocument.spreadsheet"):
                raise refuse("not an OpenDocument spreadsheet")
            if any(n.lower().startswith(("basic/", "scripts/")) for n in names):
                raise refuse("macros; save the spreadsheet without macros")
            if "META-INF/manifest.xml" in names and b"encryption-data" in box.read("META-INF/manifest.xml"):
                raise refuse("a password-protected spreadsheet; save it without a password")
            styles: Any = OpenStyles()
            if "styles.xml" in names:
                parse_part(box, "styles.xml", styles.start, styles.end, styles.characters)
            reader: Any = _Pass(styles, common_styles(box, names))
            parse_part(box, "content.xml", reader.start, reader.end, reader.characters)
    except zipfile.BadZipFile as error:
        raise refuse(f"a damaged container ({error})") from error
    except expat.ExpatError as error:
        raise refuse(f"damaged XML inside the spreadsheet ({error})") from error
    except (KeyError, ValueError, RuntimeError, EOFError, NotImplementedError) as error:
        raise refuse(f"an incomplete container ({error})") from error
    result: ReadFile = reader.result
    if not result.sheets and not result.troubles:
        raise UnreadableFileError("file_is_readable", "a spreadsheet without any filled cell")
    return result
