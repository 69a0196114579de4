"""What a sender answers about her file: declarations, mappings, corrections, explanations.

Belongs here: the closed form of answers and its canonical JSON. Does not belong here: asking, or applying them.
"""

import hashlib
import json
import unicodedata
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from typing import Any

from pipelines.domain.errors import UsageError

REUSABLE = ("decimal_sign", "date_order", "headers", "cities", "indicators", "units", "constants", "cell_readings")
IGNORED = "ignore"
EVERYTHING_ELSE = "*"
PERIOD_OF_DATE = "date"
PERIOD_OF_OTHER_LENGTH = "other_length"


class PeriodAnswer(StrEnum):
    """What to do with figures whose period is not the one that their indicator needs."""

    WITHIN = "within"
    ENDED = "ended"
    MONTHLY_TWIN = "monthly_twin"
    LEAVE_OUT = "leave_out"


PERIOD_ANSWERS = {
    PERIOD_OF_DATE: (PeriodAnswer.WITHIN, PeriodAnswer.ENDED, PeriodAnswer.LEAVE_OUT),
    PERIOD_OF_OTHER_LENGTH: (PeriodAnswer.MONTHLY_TWIN, PeriodAnswer.LEAVE_OUT),
}
# Why a cell can be read in two ways, and the readings a person may choose for the whole file.
STORED, SHOWN, LIKE_NEIGHBOURS, OWN_CALENDAR = "stored", "shown", "like_neighbours", "own_calendar"
CELL_READINGS = {
    **dict.fromkeys(("scale", "digits", "sign", "mark", "year", "hidden"), (SHOWN, STORED)),
    "lost_format": (LIKE_NEIGHBOURS, STORED),
    "short_year": (STORED, OWN_CALENDAR),
}


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers of a person about one file; empty means nothing was answered.

    Attributes:
        encoding, decimal_sign, date_order: declared for the whole file (``.`` or ``,``; ``dmy`` or ``mdy``).
        headers: header as written to a column role, an indicator code or ``ignore``; ``period | Population`` makes a year column
            that of one value column. ``Year (column C)`` names one of several columns of the same header.
        cities, indicators, units: word as written to a code; ``Manila (Barangay)`` answers a name with what stands against it.
            ``*`` to ``ignore`` leaves out everything unknown among headers, cities or indicators, but nothing like the sender's own.
        constants: what the whole table is about, where the file does not say: city, indicator, period, unit, boundary.
        periods: ``date`` to the year or month that a date stands for (``within``: in which it lies, ``ended``: that ends
            on it) or ``leave_out``; ``other_length`` to ``monthly_twin`` (months become figures of the monthly indicator
            where there is one, the rest is left out) or ``leave_out``.
        cell_readings: cause why cells store one thing and show another (``scale``, ``mark``, …) to the reading that holds:
            ``shown``, ``stored``, ``like_neighbours`` for cells that lost the format of their neighbours, or
            ``own_calendar`` for dates that show two digits of a year.
        corrections: cell such as ``Data!B7`` to the text that replaces it.
        explanations: cell, or cause such as ``value_is_plausible: iso37120:2018/8.1``, to the sender's reason, or ``confirmed``.
            That of a cell covers the findings at this cell, that of a cause every cell of the cause.
        shares: indicator in per cent to how its figures are written: ``fraction`` (of one) or ``percent``.
    """

    encoding: str = ""
    decimal_sign: str = ""
    date_order: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    cities: dict[str, str] = field(default_factory=dict)
    indicators: dict[str, str] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    periods: dict[str, str] = field(default_factory=dict)
    cell_readings: dict[str, str] = field(default_factory=dict)
    corrections: dict[str, str] = field(default_factory=dict)
    explanations: dict[str, str] = field(default_factory=dict)
    shares: dict[str, str] = field(default_factory=dict)

    def to_json(self) -> str:
        """Write canonical JSON; empty answers give an empty text."""
        filled = {name: value for name, value in asdict(self).items() if value}
        return json.dumps(filled, ensure_ascii=False, sort_keys=True, separators=(",", ":")) if filled else ""

    @property
    def sha256(self) -> str:
        """Digest of the canonical JSON, empty when nothing was answered."""
        text = self.to_json()
        return hashlib.sha256(text.encode()).hexdigest() if text else ""

    def recipe(self) -> "Answers":
        """Keep what can serve the next file of the same layout: no correction, explanation, encoding or answer on periods."""
        return Answers(**{name: getattr(self, name) for name in REUSABLE})

    def over(self, recipe: "Answers") -> "Answers":
        """Lay these answers over a remembered recipe; what is answered now wins."""
        merged: dict[str, Any] = {}
        for item in fields(self):
            mine, kept = getattr(self, item.name), getattr(recipe, item.name)
            merged[item.name] = {**kept, **mine} if isinstance(mine, dict) else mine or kept
        return Answers(**merged)


NO_ANSWERS = Answers()
MAX_REPEATED = 300


def is_sound(text: str) -> bool:
    """Whether a text holds only what can be stored and shown: no control but tabs and line ends, no half of a surrogate pair."""
    return text.isprintable() or not any(c not in "\t\n\r" and unicodedata.category(c) in ("Cc", "Cs") for c in text)


def answers_from_json(text: str) -> Answers:
    """Read answers back, strictly.

    Raises:
        UsageError: not an object of the known names with texts.
    """
    try:
        given = json.loads(text) if text.strip() else {}
    except (ValueError, RecursionError) as error:
        raise UsageError(f"The answers are not JSON ({str(error)[:MAX_REPEATED]}).") from error
    known = {f.name: f for f in fields(Answers)}
    if not isinstance(given, dict) or set(given) - set(known):
        named = str(sorted(given) if isinstance(given, dict) else given)[:MAX_REPEATED]
        raise UsageError(f"Answers are an object with the names {', '.join(known)}; found {named}.")
    for name, value in given.items():
        wants_map = name not in ("encoding", "decimal_sign", "date_order")
        fits = isinstance(value, dict) and all(isinstance(v, str) for v in value.values()) if wants_map else isinstance(value, str)
        if not fits:
            raise UsageError(f"Answer '{name}' must be {'an object of texts' if wants_map else 'a text'}.")
        if not all(map(is_sound, [*value, *value.values()] if isinstance(value, dict) else [value])):
            raise UsageError(f"Answer '{name}' holds control characters, or half of a letter.")
    answers = Answers(**given)
    if answers.decimal_sign not in ("", ".", ",") or answers.date_order not in ("", "dmy", "mdy"):
        raise UsageError("decimal_sign is '.' or ','; date_order is 'dmy' or 'mdy'.")
    for about, answer in answers.periods.items():
        if answer not in PERIOD_ANSWERS.get(about, ()):
            known_answers = "; ".join(f"{name}: {', '.join(values)}" for name, values in PERIOD_ANSWERS.items())
            raise UsageError(f"The answer about periods '{about}: {answer}' is none of {known_answers}.")
    for cause, reading in answers.cell_readings.items():
        if reading not in CELL_READINGS.get(cause, ()):
            allowed = "; ".join(f"{name}: {' or '.join(readings)}" for name, readings in CELL_READINGS.items())
            raise UsageError(f"cell_readings has {cause!r}: {reading!r}; it may hold {allowed}.")
    return answers
