"""What a person explains: a cause is one rule and what it is about, however many cells it names.

Belongs here: how a cause is spelt, and telling it from a cell. Does not belong here: findings, asking, storing words.
"""

import re

CONFIRMED = "confirmed"
CAUSE = re.compile(r"(?P<rule_id>[a-z][a-z0-9_]*): (?P<about>\S.*)", re.DOTALL)
WHOLE_FILE = "file"


def cause_key(rule_id: str, about: str) -> str:
    """Spell a cause: ``value_is_plausible: iso37120:2018/8.1``.

    Args:
        about: the indicator's code; where there is none, the column; else the whole file.
    """
    return f"{rule_id}: {about or WHOLE_FILE}"


def rule_of_cause(key: str) -> str:
    """Give the rule that a key of ``Answers.explanations`` names; empty when the key is a cell."""
    match = CAUSE.fullmatch(key)
    return match["rule_id"] if match else ""


def is_confirmation(words: str) -> bool:
    """Whether an answer confirms the figures without words of its own."""
    return words.strip().casefold() == CONFIRMED


def spelt_words(words: str) -> str:
    """What readers are shown beside the figure: the sender's words, or that the sender confirmed it."""
    return "confirmed by the sender" if is_confirmation(words) else words.strip()
