"""How written words are compared: one folding for every list of synonyms.

Belongs here: folding and addresses. Does not belong here: any list of words.
"""

import re
import unicodedata
from functools import lru_cache

NOTE_MARK = re.compile(r"\s*(?:(?<![\w(])\d{1,2}\)|[*†‡※]+|[①-⑳]|[¹²³⁴-⁹]+\)?|p\)|r\)|e\))+$")
ENUMERATED_MARK = re.compile(r"(?<=\D)\s*\d{1,2}\)$")
LINE_BREAK = re.compile(r"<br\s*/?>", re.I)
STAR_IN_BRACKETS = re.compile(r"\(\*+\)")
BIDI_MARKS = dict.fromkeys([0x200E, 0x200F, 0x061C, *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF, 0x200B])


RAISED = ("<super>", "<sub>", "<circle>", "<fraction>")


def has_raised_mark(text: str) -> bool:
    """Whether a text holds raised, lowered, circled or fraction signs, which NFKC would turn into plain digits."""
    return not text.isascii() and any(unicodedata.decomposition(c).startswith(RAISED) for c in text)


@lru_cache(maxsize=50_000)
def fold(text: str) -> str:
    """Fold a written word for exact comparison.

    Returns:
        NFKC, case-folded, bidirectional marks removed, white space collapsed; marks stay.
    """
    plain = unicodedata.normalize("NFKC", text.translate(BIDI_MARKS)).casefold()
    return " ".join(unicodedata.normalize("NFKC", plain).split())


def split_note_mark(text: str) -> tuple[str, str]:
    """Split a footnote mark glued to the end of a word: ``서울특별시1)`` gives the word and ``1)``."""
    last = text[-1:]
    if last.isascii() and (last.isalnum() or last == "%"):
        # No mark ends like this, and nearly every cell does.
        return text, ""
    match = ENUMERATED_MARK.search(text) or NOTE_MARK.search(text)
    if match is None or match.start() == 0:
        return text, ""
    return text[: match.start()].rstrip(), match.group().strip()


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
