"""What the style of a cell says beside its number format: whether a person sees anything, colour on colour.

Belongs here: styles of an .xlsx container to formats and visibility, and the comparison of two colours for every
reader. Does not belong here: what a format does to a number (number_formats).
"""

import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field

from pipelines.intake.reading.number_formats import NumberFormat, built_in_format, read_format

Colour = tuple[int, int, int]
Parse = Callable[..., None]
WHITE: Colour = (255, 255, 255)
BASIC = ("000000", "FFFFFF", "FF0000", "00FF00", "0000FF", "FFFF00", "FF00FF", "00FFFF")
PALETTE = {**dict(enumerate(BASIC)), **dict(enumerate(BASIC, 8)), 64: "000000", 65: "FFFFFF"}
THEME_ORDER = ("lt1", "dk1", "lt2", "dk2", "accent1", "accent2", "accent3", "accent4", "accent5", "accent6")
# F2F2F2 on white is not seen on a screen; greys that people write with, such as D9D9D9, are.
SAME_COLOUR = 16
GENERAL = read_format("General")


@dataclass(frozen=True, slots=True)
class CellStyle:
    """A format, and whether the text has the colour of its ground."""

    form: NumberFormat
    is_unseen: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether a cell of this style shows what it stores."""
        return not self.is_unseen and self.form.is_plain


def are_alike(one: Colour | None, other: Colour | None) -> bool:
    """Whether text of one colour cannot be seen on the other; an unknown colour is taken to be seen."""
    return one is not None and other is not None and max(abs(a - b) for a, b in zip(one, other, strict=True)) <= SAME_COLOUR


def colour_of(text: str) -> Colour | None:
    """Read six hexadecimal digits, with or without more before them."""
    digits = text.removeprefix("#")[-6:]
    try:
        return int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)
    except ValueError:
        return None


@dataclass(slots=True)
class _Styles:
    """Element handlers over styles.xml."""

    theme: list[Colour | None]
    formats: dict[int, str] = field(default_factory=dict)
    fonts: list[dict[str, str]] = field(default_factory=list)
    fills: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    xfs: list[tuple[int, int, int]] = field(default_factory=list)
    palette: list[str] = field(default_factory=list)
    inside: list[str] = field(default_factory=list)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rsplit(":", 1)[-1]
        above = self.inside[-1] if self.inside else ""
        self.inside.append(local)
        match local:
            case "numFmt" if above == "numFmts":
                self.formats[int(attributes.get("numFmtId", "0"))] = attributes.get("formatCode", "")
            case "font" if above == "fonts":
                self.fonts.append({})
            case "color" if above == "font" and "fonts" in self.inside:
                self.fonts[-1].update(attributes)
            case "fill" if above == "fills":
                self.fills.append(("none", {}))
            case "patternFill" | "gradientFill" if "fills" in self.inside and self.fills:
                self.fills[-1] = attributes.get("patternType", "none" if local == "patternFill" else local), {}
            case "fgColor" if above == "patternFill" and "fills" in self.inside and self.fills:
                self.fills[-1][1].update(attributes)
            case "xf" if above == "cellXfs":
                self.xfs.append((int(attributes.get("numFmtId", "0")), int(attributes.get("fontId", "0")), int(attributes.get("fillId", "0"))))
            case "rgbColor":
                self.palette.append(attributes.get("rgb", ""))

    def end(self, _name: str) -> None:
        self.inside.pop()

    def colour(self, attributes: dict[str, str]) -> Colour | None:
        """Resolve a colour by value, theme or index; ``None`` where it is not known."""
        found: Colour | None = None
        if "rgb" in attributes:
            found = colour_of(attributes["rgb"])
        elif "theme" in attributes:
            position = int(attributes["theme"])
            found = self.theme[position] if position < len(self.theme) else None
        elif "indexed" in attributes:
            position = int(attributes["indexed"])
            found = colour_of(self.palette[position] if position < len(self.palette) else PALETTE.get(position, ""))
        tint = float(attributes.get("tint", "0"))
        if found is None or not tint:
            return found
        red, green, blue = (round(c * (1 + tint) if tint < 0 else c + (255 - c) * tint) for c in found)
        return red, green, blue

    def styles(self) -> list[CellStyle]:
        """One style per index of a cell."""
        found = []
        for number, font, fill in self.xfs:
            form = read_format(self.formats[number]) if number in self.formats else built_in_format(number) or GENERAL
            text = self.colour(self.fonts[font]) if font < len(self.fonts) else None
            kind, ground = self.fills[fill] if fill < len(self.fills) else ("none", {})
            behind = WHITE if kind == "none" else self.colour(ground) if kind == "solid" else None
            found.append(CellStyle(form, are_alike(text, behind)))
        return found


def workbook_styles(box: zipfile.ZipFile, names: set[str], parse: Parse) -> dict[str, CellStyle]:
    """Read the styles of a workbook that do not show plainly what is stored.

    Args:
        names: the parts of the container.
        parse: how one part is parsed, with handlers for starts and ends.

    Returns:
        Index of a style, as cells write it, to the style; cells of all others show what they store.
    """
    if "xl/styles.xml" not in names:
        return {}
    theme: list[Colour | None] = []
    if "xl/theme/theme1.xml" in names:
        theme = _theme(box, parse)
    reader = _Styles(theme or [WHITE, (0, 0, 0)])
    parse(box, "xl/styles.xml", reader.start, reader.end)
    return {str(position): style for position, style in enumerate(reader.styles()) if not style.is_plain}


def _theme(box: zipfile.ZipFile, parse: Parse) -> list[Colour | None]:
    found: dict[str, Colour | None] = {}
    current = ""

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal current
        local = name.rsplit(":", 1)[-1]
        if local in THEME_ORDER:
            current = local
        elif local in ("srgbClr", "sysClr") and current and current not in found:
            found[current] = colour_of(attributes.get("lastClr") or attributes.get("val", ""))

    parse(box, "xl/theme/theme1.xml", start)
    return [found.get(name) for name in THEME_ORDER]
