"""How written words are compared: one folding for every list of synonyms.

Belongs here: folding and addresses. Does not belong here: any list of words.
"""

import re
import unicodedata
from functools import lru_cache

# Signs that stand for a note: raised digits and letters, circled, bracketed and dotted ones. No digit of a figure is among them.
SIGNS = (
    "¹²³\u2070\u2071\u2074-\u2079\u207d-\u207f\u02b0-\u02b8\u1d2c-\u1d61\u1d78\u1d9b-\u1dbf"
    "\u2460-\u24ff\u2776-\u2793\u3200-\u321c\u3220-\u3247\u3251-\u327e\u3280-\u32bf\U0001f100-\U0001f10c\U0001f110-\U0001f169"
)
# A raised word that has no signs of its own stands between raised brackets, see raise_text.
# No name, header, unit or number is longer, and no period: a longer text is none of them, however it goes on. In characters.
LONGEST_WORD, LONGEST_PERIOD = 500, 100
SIGN = rf"(?:⁽[^⁽⁾]*⁾|[{SIGNS}])"
# Repeats are possessive: a run of marks that something follows is given up at once, not taken apart in every way.
NOTE_MARK = re.compile(rf"(?<!\s)\s*+(?:(?<![\w(])\d{{1,2}}\)|[*†‡※]++|{SIGN}++(?:[,;·、\s]{{1,2}}{SIGN}++)*+\)?|p\)|r\)|e\))++$")
ENUMERATED_MARK = re.compile(r"(?:(?<=[^\d\s])\s*+|(?<=\s))\d{1,2}\)$")
LINE_BREAK = re.compile(r"<br\s*/?>", re.I)
STAR_IN_BRACKETS = re.compile(r"\(\*+\)")
BIDI_MARKS = dict.fromkeys([0x200E, 0x200F, 0x061C, *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF, 0x200B])
# Stretching and vowel signs of Arabic, and letters that writers and keyboards use for one another.
ARABIC_SIGNS = dict.fromkeys([0x0640, *range(0x064B, 0x0653), 0x0670])
ARABIC_LETTERS = str.maketrans("أإآٱىیةک", "ااااييهك")
RAISED = ("<super>", "<sub>", "<circle>", "<fraction>")
RAISED_SIGNS = dict(zip(
    "0123456789+-=()abcdefghijklmnoprstuvwxyz", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ", strict=True,
))  # fmt: skip
LOWERED_SIGNS = str.maketrans("0123456789+-=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ")
MARKS_AS_WRITTEN = frozenset("*†‡※§,;· \t\n")


def has_raised_mark(text: str) -> bool:
    """Whether a text holds signs that Unicode or NFKC takes for digits and people do not: raised, lowered, circled, bracketed, fractions."""
    return not text.isascii() and any(unicodedata.category(c) == "No" or unicodedata.decomposition(c).startswith(RAISED) for c in text)


def raise_text(text: str) -> str:
    """Write a raised run with raised signs; a word that has none stands between raised brackets: ``주1`` gives ``⁽주1⁾``."""
    if all(c.lower() in RAISED_SIGNS or c in MARKS_AS_WRITTEN or has_raised_mark(c) for c in text):
        return "".join(RAISED_SIGNS.get(c.lower(), c) for c in text)
    return f"⁽{text.strip()}⁾"


def lower_text(text: str) -> str:
    """Write a lowered run with lowered signs; what has none stays as it is, as the point of a lowered ``2.5``."""
    return text.translate(LOWERED_SIGNS)


@lru_cache(maxsize=50_000)
def fold(text: str) -> str:
    """Fold a written word for exact comparison.

    Returns:
        NFKC, case-folded, bidirectional marks removed, white space collapsed, Arabic without stretching and vowel signs; other marks stay.
        A text too long to be a word stays as it is: sorting a long run of combining marks takes the square of its length.
    """
    if len(text) > LONGEST_WORD:
        return text
    plain = unicodedata.normalize("NFKC", text.translate(BIDI_MARKS)).casefold()
    plain = unicodedata.normalize("NFKC", plain)
    if not plain.isascii():
        plain = plain.translate(ARABIC_SIGNS).translate(ARABIC_LETTERS)
    return " ".join(plain.split())


def split_note_mark(text: str) -> tuple[str, str]:
    """Split a footnote mark glued to the end of a word: ``서울특별시1)`` gives the word and ``1)``."""
    last = text[-1:]
    if (last.isascii() and (last.isalnum() or last == "%")) or len(text) > LONGEST_WORD:
        # No mark ends like this, and nearly every cell does; a text longer than a word has none.
        return text, ""
    match = ENUMERATED_MARK.search(text) or NOTE_MARK.search(text)
    if match is None or match.start() == 0:
        return text, ""
    return text[: match.start()].rstrip(), match.group().strip()


def name_readings(written: str) -> tuple[str, ...]:
    """What a written name may say, most likely first: as written, and without its note mark.

    Folding makes a sign a digit: behind a digit it would make another name of it, ``8.1`` and a raised 2 would be ``8.12``. There it is a mark alone.
    """
    word, mark = split_note_mark(written)
    if not mark:
        return (written,)
    return (word,) if word[-1:].isdecimal() and has_raised_mark(mark) else (written, word)


def one_line(text: str) -> str:
    """One line, without HTML breaks and a note mark in brackets such as ``(*)``."""
    return " ".join(STAR_IN_BRACKETS.sub(" ", LINE_BREAK.sub(" ", text)).split())


@lru_cache(maxsize=20_000)
def column_letters(column: int) -> str:
    """Spell a 1-based column number as letters: 1 is ``A``, 28 is ``AB``."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cell_address(row: int, column: int) -> str:
    """Spell a 1-based row and column as an address such as ``B17``."""
    return f"{column_letters(column)}{row}"
