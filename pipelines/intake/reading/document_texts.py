"""The text of one OpenDocument cell as it is shown: breaks, tabs, runs of spaces, spans with styles, no ruby, no shapes.

Belongs here: text elements of a cell, and text styles. Does not belong here: tables and typed values (open_documents).
"""

import re
import zipfile
from dataclasses import dataclass, field

from pipelines.intake.reading.guard import parse_part
from pipelines.intake.reading.runs import LOWERED, RAISED, Run, shown_text, struck_text

WHITE_SPACE = re.compile(r"[ \t\r\n]+")
# What stands inside these is no text of the cell: readings, remarks, drawings.
ASIDE = ("text:ruby-text", "office:annotation", "text:note", "text:tracked-changes")
STYLED = ("text:span", "text:p", "text:h", "text:a")
NO_LINE = ("", "none")
MAX_SPACES = 1_000


@dataclass(frozen=True, slots=True)
class Writing:
    """What a style says of its text; ``None`` where it says nothing."""

    level: int | None = None
    is_struck: bool | None = None


@dataclass(slots=True)
class TextStyles:
    """Text properties of named styles, and the styles that they build on."""

    own: dict[tuple[str, str], Writing] = field(default_factory=dict)
    parents: dict[tuple[str, str], str] = field(default_factory=dict)
    current: tuple[str, str] = ("", "")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take an element of a styles part in."""
        if name == "style:style":
            self.current = (attributes.get("style:family", ""), attributes.get("style:name", ""))
            self.parents[self.current] = attributes.get("style:parent-style-name", "")
        elif name == "style:default-style":
            self.current = ("", "")
        elif name == "style:text-properties" and self.current != ("", ""):
            self.own[self.current] = Writing(_level(attributes.get("style:text-position")), _struck(attributes))

    def writing(self, family: str, name: str) -> Writing:
        """What a style says, with what it inherits."""
        level: int | None = None
        is_struck: bool | None = None
        for _ in range(20):
            if not name:
                break
            own = self.own.get((family, name), Writing())
            level = own.level if level is None else level
            is_struck = own.is_struck if is_struck is None else is_struck
            name = self.parents.get((family, name), "")
        return Writing(level, is_struck)


def common_styles(box: zipfile.ZipFile, names: set[str]) -> TextStyles:
    """Read the styles that a document keeps beside its content."""
    styles = TextStyles()
    if "styles.xml" in names:
        parse_part(box, "styles.xml", styles.start)
    return styles


def _level(position: str | None) -> int | None:
    if position is None:
        return None
    first = (position.split() or ["0%"])[0]
    if first in ("super", "sub"):
        return RAISED if first == "super" else LOWERED
    share = float(first.rstrip("%"))
    return 0 if share == 0 else RAISED if share > 0 else LOWERED


def _struck(attributes: dict[str, str]) -> bool | None:
    given = [attributes[f"style:text-line-through-{k}"] for k in ("style", "type") if f"style:text-line-through-{k}" in attributes]
    return any(g not in NO_LINE for g in given) if given else None


class CellText:
    """Collects the text of one cell from its elements."""

    def __init__(self, styles: TextStyles, cell_style: str) -> None:
        self.styles = styles
        self.cell_writing = styles.writing("table-cell", cell_style)
        self.runs: list[Run] = []
        self.writings: list[Writing] = []
        self.aside = 0
        self.in_text = 0
        self.n_paragraphs = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take an element in."""
        if name in ASIDE or name.startswith("draw:"):
            self.aside += 1
        if self.aside:
            return
        if name in ("text:p", "text:h"):
            if self.n_paragraphs:
                self._add("\n")
            self.in_text, self.n_paragraphs = self.in_text + 1, self.n_paragraphs + 1
        if name in STYLED:
            self.writings.append(self.styles.writing("paragraph" if name in ("text:p", "text:h") else "text", attributes.get("text:style-name", "")))
        elif self.in_text and name == "text:s":
            self._add(" " * min(int(attributes.get("text:c", "1")), MAX_SPACES))
        elif self.in_text and name in ("text:tab", "text:line-break"):
            self._add("\t" if name == "text:tab" else "\n")

    def characters(self, text: str) -> None:
        """Take characters in; white space of the XML itself counts as one space."""
        if self.in_text and not self.aside:
            plain = WHITE_SPACE.sub(" ", text)
            if plain[:1] == " " and (not self.runs or self.runs[-1].text[-1:] in " \n\t"):
                plain = plain[1:]
            self._add(plain)

    def end(self, name: str) -> None:
        """Take the end of an element in."""
        if not self.aside:
            if name in ("text:p", "text:h"):
                self.in_text -= 1
            if name in STYLED:
                self.writings.pop()
        elif name in ASIDE or name.startswith("draw:"):
            self.aside -= 1

    def _add(self, text: str) -> None:
        level, is_struck = 0, bool(self.cell_writing.is_struck)
        for writing in self.writings:
            level = level if writing.level is None else writing.level
            is_struck = is_struck if writing.is_struck is None else writing.is_struck
        if text:
            self.runs.append(Run(text, level, is_struck))

    @property
    def text(self) -> str:
        """The text as shown."""
        return shown_text(self.runs)

    @property
    def struck(self) -> str | None:
        """What is struck out; empty for the whole cell, ``None`` for nothing."""
        filled = [r for r in self.runs if r.text.strip()]
        if all(r.is_struck for r in filled):
            return "" if filled or self.cell_writing.is_struck else None
        return struck_text(self.runs) or None
