"""Styles of an OpenDocument spreadsheet, its number styles written as format codes so that one reading serves all.

Belongs here: style elements of styles.xml and content.xml to formats, colours and sizes. Does not belong here: cells.
"""

import re
from dataclasses import dataclass, field

from pipelines.intake.reading.cell_styles import GENERAL, WHITE, CellStyle, are_alike, colour_of
from pipelines.intake.reading.number_formats import NumberFormat, read_format

DATA_STYLES = ("number-style", "percentage-style", "currency-style", "date-style", "time-style", "text-style", "boolean-style")
MAX_PARENTS = 20
POINTS = {"in": 72.0, "cm": 28.35, "mm": 2.835, "pt": 1.0, "px": 0.75, "pc": 12.0}
LENGTH = re.compile(r"([\d.]+)\s*(in|cm|mm|pt|px|pc)")
CONDITION = re.compile(r"value\(\)\s*(<=|>=|!=|=|<|>)\s*(-?[\d.]+)")
CALENDARS = {"buddhist": "[$-70000]", "gengou": "[$-411]", "ROC": "[$-404]", "hijri": "B2", "hanja": "[$-50000]", "jewish": "B2"}
OTHER_PARTS = {
    "scientific-number": "0.0E+0", "fraction": "# ?/?", "text-content": "@", "boolean": "General", "day-of-week": "ddd", "hours": "h", "seconds": "s",
}  # fmt: skip
DATE_PARTS = ("year", "era", "month", "day")
ERA_YEARS = ("[$-411]", "[$-404]")
USUAL = {2: [(">=", 0.0)], 3: [(">", 0.0), ("<", 0.0)]}


@dataclass(slots=True)
class _Named:
    """A style of a cell, row, column or table by its own words."""

    parent: str = ""
    data_style: str = ""
    words: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class _DataStyle:
    code: str = ""
    kind: str = ""
    maps: list[tuple[str, float, str]] = field(default_factory=list)


class OpenStyles:
    """Element handlers over the styles of a document; answers by name once they were seen."""

    def __init__(self) -> None:
        self.styles: dict[tuple[str, str], _Named] = {}
        self.data: dict[str, _DataStyle] = {}
        self.current: _Named | None = None
        self.number: _DataStyle | None = None
        self.text: str | None = None
        self.known: dict[str, CellStyle] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        prefix, _, local = name.partition(":")
        if prefix == "number" and local in DATA_STYLES:
            self.number = self.data[attributes.get("style:name", "")] = _DataStyle(kind=local)
        elif prefix == "number" and self.number is not None:
            self._take_part(local, attributes)
        elif name in ("style:style", "style:default-style"):
            key = attributes.get("style:family", ""), attributes.get("style:name", "")
            self.current = self.styles[key] = _Named(attributes.get("style:parent-style-name", ""), attributes.get("style:data-style-name", ""))
        elif name == "style:map" and self.number is not None:
            if match := CONDITION.fullmatch(attributes.get("style:condition", "").strip()):
                self.number.maps.append((match[1].replace("!=", "<>"), float(match[2]), attributes.get("style:apply-style-name", "")))
        elif prefix == "style" and local.endswith("-properties"):
            if self.number is not None:
                self.number.code += "[Red]" if "fo:color" in attributes else ""
            elif self.current is not None:
                self.current.words.update(attributes)

    def characters(self, text: str) -> None:
        if self.text is not None:
            self.text += text

    def end(self, name: str) -> None:
        prefix, _, local = name.partition(":")
        if prefix == "number" and local in DATA_STYLES:
            self.number = None
        elif name in ("number:text", "number:currency-symbol") and self.number is not None and self.text is not None:
            self.number.code += self._quoted(self.text, self.number.kind)
            self.text = None
        elif name == "style:style":
            self.current = None

    @staticmethod
    def _quoted(text: str, kind: str) -> str:
        if kind == "percentage-style" and "%" in text:
            return "%".join(f'"{part}"' if part else "" for part in text.split("%"))
        return "".join(f'"{part}"' if part else "" for part in text.split('"'))

    def _take_part(self, local: str, attributes: dict[str, str]) -> None:
        if self.number is None:
            return
        if local in ("text", "currency-symbol"):
            self.text = ""
        elif local == "number":
            self.number.code += _digits(attributes)
        elif local == "minutes":
            self.number.code += "mm" if "h" in self.number.code else "[m]"
        elif local in DATE_PARTS:
            self.number.code += _date_part(local, attributes)
        else:
            self.number.code += OTHER_PARTS.get(local, "")

    def _code(self, name: str) -> str:
        """The format code of a number style, with the styles it hands on to as sections."""
        own = self.data[name]
        if own.kind == "text-style":
            return own.code or '""'
        sections = [(c, self.data[target].code or '""') for *c, target in own.maps if target in self.data]
        conditions = [(sign, bound) for (sign, bound), _ in sections]
        if conditions == USUAL.get(len(conditions) + 1):
            return ";".join([*(code for _, code in sections), own.code or '""'])
        return ";".join([*(f"[{sign}{bound:g}]{code}" for (sign, bound), code in sections), own.code or '""'])

    def _format(self, name: str) -> NumberFormat:
        if name not in self.data or self.data[name].kind == "boolean-style":
            return GENERAL
        # A text style says how texts look and hands numbers on to other styles.
        if self.data[name].kind == "text-style" and self.data[name].maps:
            return self._text_style(name)
        return read_format(self._code(name))

    def _text_style(self, name: str) -> NumberFormat:
        own = self.data[name]
        numbers = [(sign, bound, self.data[target].code or '""') for sign, bound, target in own.maps if target in self.data]
        codes = [code for _, _, code in numbers]
        if len(codes) == 1:
            codes = [codes[0], codes[0], codes[0]]
        elif len(codes) == 2:
            codes = [codes[0], codes[1], codes[0]]
        if len(codes) > 2:
            return read_format(";".join([*codes[:3], own.code or '""']))
        return GENERAL

    def cell_style(self, name: str) -> CellStyle:
        """The style of a cell by its name, with what its parents say."""
        if name not in self.known:
            data_style = self._inherited("table-cell", name, "")
            text = colour_of(self._inherited("table-cell", name, "fo:color"))
            if self._inherited("table-cell", name, "style:use-window-font-color") == "true":
                text = None
            ground = self._inherited("table-cell", name, "fo:background-color")
            behind = WHITE if ground in ("", "transparent") else colour_of(ground)
            self.known[name] = CellStyle(self._format(data_style), are_alike(text, behind))
        return self.known[name]

    def _inherited(self, family: str, name: str, word: str) -> str:
        """A word of a style or of its nearest parent that says it; the empty word asks for the number style."""
        for _ in range(MAX_PARENTS):
            style = self.styles.get((family, name))
            if style is None:
                break
            found = style.words.get(word, "") if word else style.data_style
            if found:
                return found
            name = style.parent or ("" if name else "-")
        return ""

    def is_hidden_table(self, name: str) -> bool:
        """Whether a table style hides its sheet."""
        return self._inherited("table", name, "table:display") == "false"

    def has_no_size(self, family: str, name: str, word: str) -> bool:
        """Whether a row has no height or a column no width that could be seen."""
        match = LENGTH.fullmatch(self._inherited(family, name, word))
        return match is not None and float(match[1]) * POINTS[match[2]] < 1.0


def _digits(attributes: dict[str, str]) -> str:
    least = int(attributes.get("number:min-integer-digits", "1"))
    decimals = int(attributes.get("number:decimal-places", "0"))
    whole = "0" * min(least, 20) if least else "#"
    if attributes.get("number:grouping") == "true":
        whole = "#,##" + (whole if least else "#")
    factor = float(attributes.get("number:display-factor", "1") or "1")
    n_scale = 0
    while factor >= 1000 and n_scale < 6:
        factor, n_scale = factor / 1000, n_scale + 1
    has_least = "number:min-decimal-places" in attributes
    shown = int(attributes.get("number:min-decimal-places", str(decimals))) if has_least else decimals
    return whole + ("." + "0" * min(shown, 20) + "#" * min(max(0, decimals - shown), 20) if decimals else "") + "," * n_scale


def _date_part(local: str, attributes: dict[str, str]) -> str:
    is_long, is_text = attributes.get("number:style") == "long", attributes.get("number:textual") == "true"
    calendar = CALENDARS.get(attributes.get("number:calendar", ""), "")
    match local:
        case "year":
            return calendar + ("e" if calendar in ERA_YEARS else "yyyy" if is_long or calendar else "yy")
        case "era":
            return calendar + ("ggg" if is_long else "g")
        case "month":
            return calendar + ("mmm" if is_text else "m") + ("m" if is_long else "")
    return calendar + ("dd" if is_long else "d")
