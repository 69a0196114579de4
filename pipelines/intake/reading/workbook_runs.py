"""Runs of an .xlsx workbook: shared strings, texts in cells, and fonts that strike a whole cell out.

Belongs here: which cells are written in a special way. Does not belong here: plain values (workbooks), refusals (guard).
A workbook without such writing costs a search through its text and nothing more.
"""

import io
import re
import zipfile
from dataclasses import dataclass, field

from pipelines.intake.reading.containers import find_sheets
from pipelines.intake.reading.guard import MAX_UNPACKED_BYTES, READ_STEP, cell_position, parse_part, refuse
from pipelines.intake.reading.runs import LOWERED, RAISED, Run, SheetRuns, shown_text, struck_text

MARKS = (b"vertAlign", b"strike")
WIDE = (b"\xff\xfe", b"\xfe\xff")
OVERLAP = 16
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
LEVELS = {"superscript": RAISED, "subscript": LOWERED}


def find_runs(content: bytes) -> dict[str, SheetRuns]:
    """Find the cells whose writing matters, by sheet."""
    with zipfile.ZipFile(io.BytesIO(content)) as box:
        names = set(box.namelist())
        struck_styles = _struck_styles(box) if "xl/styles.xml" in names and _mentions(box, "xl/styles.xml", MARKS) else set()
        strings = next((n for n in names if n.lower() == "xl/sharedstrings.xml"), "")
        shared = _special_strings(box, strings) if strings and _mentions(box, strings, MARKS) else {}
        found = {}
        for sheet in find_sheets(box, parse_part).sheets:
            if shared or struck_styles or _mentions(box, sheet.part, MARKS):
                found[sheet.name] = _SheetRunScan(sheet.name, shared, struck_styles).scan(box, sheet.part)
    return found


def _mentions(box: zipfile.ZipFile, part: str, words: tuple[bytes, ...]) -> bool:
    """Whether a part holds one of the words; a part in another encoding than UTF-8 may, and is parsed."""
    before, n_read = b"", 0
    with box.open(part) as stream:
        while step := stream.read(READ_STEP):
            if (not n_read and step.startswith(WIDE)) or any(word in before + step for word in words):
                return True
            before, n_read = step[-OVERLAP:], n_read + len(step)
            if n_read > MAX_UNPACKED_BYTES:
                raise refuse("a part that unpacks beyond its limit")
    return False


def _local(name: str) -> str:
    return name.rsplit(":", 1)[-1]


def _is_on(attributes: dict[str, str]) -> bool:
    return attributes.get("val", "1") not in ("0", "false")


def _struck_styles(box: zipfile.ZipFile) -> set[int]:
    """Numbers of the cell styles whose font is struck out."""
    inside: list[str] = []
    fonts: list[bool] = []
    styles: list[int] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        local, within = _local(name), inside[-1] if inside else ""
        if local == "font" and within == "fonts":
            fonts.append(False)
        elif local == "strike" and within == "font" and "fonts" in inside and _is_on(attributes):
            fonts[-1] = True
        elif local == "xf" and within == "cellXfs":
            styles.append(int(attributes.get("fontId", "0")))
        inside.append(local)

    parse_part(box, "xl/styles.xml", start, lambda _: inside.pop())
    return {number for number, font in enumerate(styles) if font < len(fonts) and fonts[font]}


@dataclass(slots=True)
class _TextScan:
    """Collects the runs of one text element (``si`` or ``is``); phonetic readings are no part of it."""

    runs: list[Run] = field(default_factory=list)
    level: int = 0
    is_struck: bool | None = None
    in_reading: int = 0
    is_open: bool = False
    text: str = ""

    def start(self, local: str, attributes: dict[str, str]) -> None:
        if local == "rPh":
            self.in_reading += 1
        elif local == "r":
            self.level, self.is_struck = 0, None
        elif local == "rPr":
            self.is_struck = False
        elif local == "vertAlign":
            self.level = LEVELS.get(attributes.get("val", ""), 0)
        elif local == "strike":
            self.is_struck = _is_on(attributes)
        elif local == "t" and not self.in_reading:
            self.is_open, self.text = True, ""

    def end(self, local: str, *, cell_is_struck: bool = False) -> None:
        if local == "rPh":
            self.in_reading -= 1
        elif local == "t" and self.is_open:
            self.is_open = False
            text = ESCAPED.sub(lambda m: chr(int(m[1], 16)), self.text)
            self.runs.append(Run(text, self.level, cell_is_struck if self.is_struck is None else self.is_struck))

    @property
    def is_special(self) -> bool:
        return any(r.level or r.is_struck for r in self.runs)


def _special_strings(box: zipfile.ZipFile, part: str) -> dict[int, list[Run]]:
    """Shared strings with a raised, lowered or struck-out run, by their number."""
    special: dict[int, list[Run]] = {}
    at = {"number": -1}
    scans = [_TextScan()]

    def start(name: str, attributes: dict[str, str]) -> None:
        local = _local(name)
        if local == "si":
            at["number"] += 1
            scans[0] = _TextScan()
        else:
            scans[0].start(local, attributes)

    def end(name: str) -> None:
        local = _local(name)
        scans[0].end(local)
        if local == "si" and scans[0].is_special:
            special[at["number"]] = scans[0].runs

    def characters(text: str) -> None:
        if scans[0].is_open:
            scans[0].text += text

    parse_part(box, part, start, end, characters)
    return special


class _SheetRunScan:
    """Element handlers of one worksheet; fills the sheet's runs."""

    def __init__(self, sheet: str, shared: dict[int, list[Run]], struck_styles: set[int]) -> None:
        self.sheet, self.shared, self.struck_styles = sheet, shared, struck_styles
        self.found = SheetRuns()
        self.at = (0, 0)
        self.kind, self.value = "", ""
        self.is_struck = self.in_value = False
        self.inline: _TextScan | None = None

    def scan(self, box: zipfile.ZipFile, part: str) -> SheetRuns:
        parse_part(box, part, self.start, self.end, self.characters)
        return self.found

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = _local(name)
        if local == "c":
            reference = attributes.get("r")
            self.at = cell_position(reference, self.sheet) if reference else (self.at[0], self.at[1] + 1)
            self.kind, self.value, self.inline = attributes.get("t", "n"), "", None
            self.is_struck = int(attributes.get("s", "0")) in self.struck_styles
        elif local == "row":
            self.at = (int(attributes.get("r", self.at[0] + 1)), 0)
        elif local == "v":
            self.in_value = True
        elif local == "is":
            self.inline = _TextScan()
        elif self.inline is not None:
            self.inline.start(local, attributes)

    def characters(self, text: str) -> None:
        if self.in_value and len(self.value) < 40:
            self.value += text
        elif self.inline is not None and self.inline.is_open:
            self.inline.text += text

    def end(self, name: str) -> None:
        local = _local(name)
        if local == "v":
            self.in_value = False
        elif local == "c":
            self._end_cell()
        elif self.inline is not None:
            self.inline.end(local, cell_is_struck=self.is_struck)

    def _end_cell(self) -> None:
        runs = self._runs()
        if any(r.level or r.is_struck for r in runs):
            self.found.texts[self.at] = shown_text(runs)
            if (struck := struck_text(runs)) or self.is_struck:
                self.found.struck[self.at] = struck
        elif not runs and self.is_struck and self.value:
            self.found.struck[self.at] = ""

    def _runs(self) -> list[Run]:
        if self.inline is not None:
            return self.inline.runs
        if self.kind == "s" and self.value.strip().isdecimal():
            return self.shared.get(int(self.value), [])
        return []
