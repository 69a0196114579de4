"""Texts as cells of files that spreadsheets open: none of them is ever taken for a formula.

Belongs here: the one place where a text is made safe for CSV and XLSX. Does not belong here: numbers, layout of files.

Source: OWASP, CSV Injection: cells that begin with =, +, -, @, tab or carriage return, also in their full-width forms. Office suites pass by
blanks and signs that cannot be seen before them, and a line feed in a CSV cell starts anew, so these are looked through.
"""

import re
import unicodedata

STARTS = frozenset("=+-@|%\t\r\n")
# Minus signs that suites take for one, and forms that NFKC does not fold.
MORE_STARTS = frozenset("−﹣－＋＝＠﹦﹢﹫⁺⁻⁼₊₋₌")
UNSEEN = ("Cf", "Cc", "Zs", "Zl", "Zp", "Mn", "Me")
# A sign and nothing but a plain figure behind it computes nothing; a negative figure is read as it was written.
FIGURE = re.compile(r"[+\-−]?\d[\d.,]*(?:[eE][+\-]?\d{1,3})?[%‰]?|[-–—−+]")
LOOKED_THROUGH = 1_000


def without_controls(text: str) -> str:
    """Write blanks for controls that no file of a spreadsheet can hold."""
    return text if text.isprintable() else "".join(" " if unicodedata.category(c) in ("Cc", "Cs") and c not in "\t\r\n" else c for c in text)


def written_for_spreadsheets(text: str) -> str:
    """Write a text so that a spreadsheet shows it and computes nothing: an apostrophe stands before whatever could start a formula.

    Plain figures with a sign, and a dash alone, stay as they are. Controls that no file of a spreadsheet can hold become blanks.
    """
    plain = without_controls(text)
    if not plain or plain[0].isalnum() or FIGURE.fullmatch(plain):
        return plain
    for letter in plain[:LOOKED_THROUGH]:
        if letter in STARTS or letter in MORE_STARTS or unicodedata.normalize("NFKC", letter)[:1] in STARTS:
            return f"'{plain}"
        if unicodedata.category(letter) not in UNSEEN:
            return plain
    # Nothing but signs that cannot be seen, for longer than any text has.
    return f"'{plain}" if len(plain) > LOOKED_THROUGH else plain


def as_meant(text: str) -> str:
    """Take off the apostrophe that stands before a text so that no spreadsheet computes it: the text comes back as it was before."""
    return text[1:] if text.startswith("'") and written_for_spreadsheets(text[1:]) == text else text
