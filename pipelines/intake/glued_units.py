"""A unit written behind a figure in the figure's own cell.

Belongs here: telling the unit from the figure. Does not belong here: what the unit means (matching), the figure's value (parsing).
"""

from pipelines.intake.matching import Matcher
from pipelines.intake.parsing.numbers import read_number


def glued_unit(text: str, matcher: Matcher) -> str:
    """The unit written behind a figure in its own cell, as in ``3.5만人`` or ``25 ug/m3``; empty when there is none."""
    if text.isascii() and not text[-1:].isalnum():
        return ""
    if not any(c.isdecimal() for c in text) or len(text) > 60 or read_number(text).is_number:
        return ""
    for cut in range(len(text) - 1, 0, -1):
        rest = text[cut:].strip()
        if rest and not rest[0].isdecimal() and matcher.unit(rest).unit_code and read_number(text[:cut]).is_number:
            return rest
    return ""
