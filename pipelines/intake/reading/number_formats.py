"""One reading of a number format, for every spreadsheet reader: what a cell shows of what it stores.

Belongs here: a format code to its sections, and what a number looks like through it. Does not belong here: dates
through a format (shown_dates), fonts and fills (cell_styles), which question follows (shown_cells), any file.

Source: ECMA-376 part 1, 18.8.30 and 18.8.31 (numFmt); OpenDocument styles are written as such codes by their reader.
"""

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

from pipelines.domain.errors import UnreadableFileError

BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
    17: "mmm\\-yy", 37: "#,##0;(#,##0)", 38: "#,##0;[Red](#,##0)", 39: "#,##0.00;(#,##0.00)", 40: "#,##0.00;[Red](#,##0.00)",
    48: "##0.0E+0", 49: "@",
}  # fmt: skip
# How these are written depends on the reader's country (14 is 2020-12-31 in Korea): they show a day, and no more is known.
COUNTRY_DATES = {14, 15, 22, *range(27, 32), *range(34, 37), *range(50, 59)}
TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|_(?P<space>.)|\*(?P<fill>.)|\[(?P<bracket>[^\]]*)\]|(?P<general>general|g/[^\s;"]+)'
    r"|(?P<exponent>e[+-])|(?P<calendar>b[12](?=[ymdg]))|(?P<noon>am/pm|a/p|上午/下午)|(?P<date>y+|m+|d+|h+|s+|g+|e+|a{3,4}|b+|r+)"
    r"|(?P<digit>[0#?])|(?P<comma>,)|(?P<point>\.)|(?P<percent>[%％])|(?P<text>@)|(?P<literal>.)",
    re.I | re.S,
)
CONDITION = re.compile(r"(<=|>=|<>|=|<|>)\s*(-?\d+(?:\.\d+)?)")
COLOURS = re.compile(r"(?:black|blue|cyan|green|magenta|red|white|yellow|color\s*\d+)", re.I)
COMPARE: dict[str, Callable[[float, float], bool]] = {
    "<=": operator.le, ">=": operator.ge, "<>": operator.ne, "=": operator.eq, "<": operator.lt, ">": operator.gt,
}  # fmt: skip
# Spreadsheets write at most 255 characters; styles of open documents are written as codes and may be longer.
LONGEST_CODE = 1_000
SIGNS = "-−–－△▲(（"
DATE_LETTERS = "ymdgebr"


@dataclass(slots=True)
class Section:
    """One section of a format: what it writes around the digits and how often it divides by a thousand.

    ``before`` and ``after`` are the literal words before and behind the digits; ``dates`` the date letters in order;
    ``locale`` the code after ``$-`` in capitals; ``calendar`` 1 or 2 from ``B1`` and ``B2``.
    """

    before: str = ""
    after: str = ""
    digits: str = ""
    n_scale: int = 0
    n_percent: int = 0
    has_point: bool = False
    is_general: bool = False
    is_text: bool = False
    has_colour: bool = False
    condition: tuple[str, float] | None = None
    dates: list[str] = field(default_factory=list)
    has_day_word: bool = False
    locale: str = ""
    calendar: str = ""

    @property
    def has_number(self) -> bool:
        """Whether any of the number itself is written."""
        return bool(self.digits) or self.is_general or self.is_text

    @property
    def shows_zero(self) -> bool:
        """Whether a zero leaves a digit behind: ``#,###`` does not."""
        return self.is_general or self.is_text or "0" in self.digits or self.has_point or "/" in self.after

    @property
    def words(self) -> str:
        """The literal words of a section, before and behind."""
        return f"{self.before}{self.after}".strip()

    @property
    def is_date(self) -> bool:
        """Whether it shows a day, month or year of a serial number."""
        return any(part[0] in DATE_LETTERS for part in self.dates) and not (set("hs") & {p[0] for p in self.dates} and self._is_minutes())

    def _is_minutes(self) -> bool:
        return not any(part[0] in "ydgebr" for part in self.dates)


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """A format code as read: its sections for numbers, and whether it hides texts."""

    code: str
    sections: tuple[Section, ...]
    hides_text: bool = False
    is_country_date: bool = False

    @property
    def date(self) -> Section | None:
        """The section that shows dates, if this is a date format."""
        return self.sections[0] if self.sections and self.sections[0].is_date else None

    @property
    def is_plain(self) -> bool:
        """Whether every number that is written with it means what is stored; most formats are plain."""
        if self.hides_text or self.date is not None or any(s.condition for s in self.sections):
            return False
        shown = [show_number(number, self, spell=str) for number in (7.0, -7.0, 0.0)]
        return not any(s.cause or s.is_percent or s.is_literal_percent for s in shown)

    def section_for(self, number: float) -> Section:
        """Choose the section that a number is written with."""
        last = len(self.sections) - 1
        for position, section in enumerate(self.sections):
            sign, bound = section.condition or _usual_condition(position, last)
            if position == last or COMPARE[sign](number, bound):
                return section
        raise AssertionError("a format has at least one section")

    def adds_minus(self, section: Section) -> bool:
        """Whether a spreadsheet puts the minus sign of a negative number by itself."""
        if any(s.condition for s in self.sections):
            return section.condition != ("<", 0)
        return len(self.sections) == 1 or section is not self.sections[1]


def _usual_condition(position: int, last: int) -> tuple[str, float]:
    if position == 0:
        return (">=", 0) if last == 1 else (">", 0)
    return "<", 0


@lru_cache(maxsize=2_000)
def read_format(code: str) -> NumberFormat:
    """Read a format code; an empty one is General.

    Raises:
        UnreadableFileError: a code longer than any program writes.
    """
    if not code.strip():
        code = "General"
    sections = [_read_section(text) for text in split_sections(code)]
    hides_text = len(sections) > 3 and not sections[3].is_text and not sections[3].words
    numbers = sections[:3]
    if len(numbers) > 1 and numbers[-1].is_text and not numbers[-1].condition:
        numbers = numbers[:-1]
    return NumberFormat(code, tuple(numbers), hides_text)


@lru_cache(maxsize=1_000)
def built_in_format(number: int) -> NumberFormat | None:
    """A format that files name by number only; ``None`` for those without a fixed code."""
    if number in COUNTRY_DATES:
        return NumberFormat("a date as the country writes it", read_format("yyyy-mm-dd").sections, is_country_date=True)
    return read_format(BUILT_IN[number]) if number in BUILT_IN else None


def split_sections(code: str) -> list[str]:
    """Split a code at its semicolons, but not at those that are quoted, escaped or padding.

    Raises:
        UnreadableFileError: a code longer than any program writes.
    """
    if len(code) > LONGEST_CODE:
        raise UnreadableFileError("file_is_readable", f"a number format of {len(code)} characters; at most {LONGEST_CODE} are read")
    parts, start = [], 0
    for match in TOKEN.finditer(code):
        if match["literal"] == ";":
            parts.append(code[start : match.start()])
            start = match.end()
    return [*parts, code[start:]]


def _read_section(text: str) -> Section:
    section = Section()
    pending = 0
    for match in TOKEN.finditer(text):
        kind, token = str(match.lastgroup), match.group()
        if kind != "comma" and pending:
            # Commas between digits group; commas behind the last digit divide by a thousand each.
            section.n_scale += pending if kind != "digit" else 0
            pending = 0
        if kind == "comma" and section.digits:
            pending += 1
        else:
            _take(section, kind, token, str(match[kind] or ""))
    section.n_scale += pending
    return section


def _take(section: Section, kind: str, token: str, inner: str) -> None:
    match kind:
        case "digit":
            section.digits += token
        case "percent":
            section.n_percent += 1
        case "point" if not section.dates:
            section.has_point = True
        case "general":
            section.is_general = True
        case "text":
            section.is_text = True
        case "date":
            section.dates.append(token.casefold())
        case "calendar":
            section.calendar = token[1]
        case "bracket":
            _take_bracket(section, inner)
        case "space":
            _add_words(section, " ")
        case "quoted" | "escaped" | "literal" | "comma" | "point":
            _add_words(section, inner)


def _take_bracket(section: Section, inner: str) -> None:
    if match := CONDITION.fullmatch(inner.strip()):
        section.condition = match[1], float(match[2])
    elif COLOURS.fullmatch(inner.strip()):
        section.has_colour = True
    elif inner.startswith("$"):
        sign, _, locale = inner[1:].partition("-")
        section.locale = locale.partition(",")[0].upper()
        _add_words(section, sign)
    elif re.fullmatch(r"h+|m+|s+", inner, re.I):
        section.dates.append("h")


def _add_words(section: Section, words: str) -> None:
    if section.digits or section.is_general or section.is_text:
        section.after += words
    else:
        section.before += words
    if section.dates and any(word in words for word in "日일号號"):
        section.has_day_word = True


@dataclass(frozen=True, slots=True)
class ShownNumber:
    """How a cell shows its number: the cause of a difference in meaning (empty when there is none), and what stands there.

    ``text`` is a kind letter and text as in a grid; ``n_percent`` says that the number is shown times 100.
    """

    cause: str
    text: str
    is_percent: bool = False
    is_literal_percent: bool = False


def show_number(number: float, form: NumberFormat, *, spell: Callable[[float], str]) -> ShownNumber:
    """Say how a number is shown, and whether that means another thing than what is stored.

    Args:
        number: what the cell stores; finite.
        form: its format.
        spell: a number to the text of a grid cell, with its kind letter.

    Returns:
        Cause ``hidden``, ``mark``, ``scale``, ``digits`` or ``sign``, or none.
    """
    section = form.section_for(number)
    if section.dates:
        return ShownNumber("", "")
    if not section.has_number or (number == 0 and not section.shows_zero):
        return _shown_words(section, number, form)
    if section.n_percent:
        return ShownNumber("scale" if section.n_scale and number else "", "", is_percent=True)
    text = spell(float(f"{number / 1000**section.n_scale:.15g}"))
    if section.n_scale and number:
        words = section.after.strip()
        return ShownNumber("scale", f"s{text[1:]}{words}" if words else text)
    if re.match(r"[,.\s]?\d", section.after) or re.search(r"\d[,.]?$", section.before):
        return ShownNumber("digits", f"s{section.before.strip()}{text[1:]}{section.after.strip()}")
    if number and (minus := _sign_shown(section, number, form)) != (number < 0):
        return ShownNumber("sign", spell(-abs(number) if minus else abs(number)))
    return ShownNumber("", "", is_literal_percent=section.words in ("%", "％", "٪"))


def _shown_words(section: Section, number: float, form: NumberFormat) -> ShownNumber:
    words = section.words
    if words.strip("0.,") == "" and words and number == 0:
        return ShownNumber("", "")
    if words:
        return ShownNumber("mark", f"s{words}")
    hides_all = all(not s.has_number and not s.words for s in form.sections)
    return ShownNumber("hidden" if number or hides_all else "mark", "")


def _sign_shown(section: Section, number: float, form: NumberFormat) -> bool:
    """Whether a reader sees a negative number: by sign, bracket or colour."""
    leading = section.before.strip()
    signed = bool(leading) and (leading[-1] in SIGNS or leading[0] in SIGNS)
    if number > 0:
        return signed and not section.has_colour and section.before.lstrip()[:1] in SIGNS and leading[0] not in "(（"
    behind = section.after.strip()
    return form.adds_minus(section) or signed or behind[:1] in tuple(SIGNS) or section.has_colour
