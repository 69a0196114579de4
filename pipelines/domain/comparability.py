"""Whether two figures may stand side by side, with the reason in words.

Belongs here: the grade of a pair, and the rule by which one of a city's several figures is taken. Does not belong here: how figures are shown.
"""

import datetime
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

UNSAID = ("not_declared", "derived")
WEAK_QUALITY = ("personal_estimate", "unknown")
MONTH_DAYS = 30.4375
ENOUGH_MONTHS = 9


class Grade(IntEnum):
    """How far two figures can be compared, best first."""

    COMPARABLE = 0
    BRIDGED = 1
    WITH_CARE = 2
    NOT_COMPARABLE = 3


GRADE_WORDS = {Grade.COMPARABLE: "yes", Grade.BRIDGED: "bridged", Grade.WITH_CARE: "with care", Grade.NOT_COMPARABLE: "no"}


@dataclass(frozen=True, slots=True)
class Traits:
    """What decides whether a figure of an indicator compares with another of the same indicator.

    ``definition`` is what the harmonised value counts, ``None`` where nobody said; ``denominator`` likewise.
    ``currency`` is whose national currency the figure is in, ``None`` when it is in none.
    """

    definition: str | None
    definition_grade: str
    boundary: str
    denominator: str | None
    period_start: datetime.date
    period_end: datetime.date
    quality: str
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class Comparability:
    """Grade of a pair and every reason that lowers it."""

    grade: Grade
    reasons: tuple[str, ...]

    @property
    def text(self) -> str:
        """Grade and reasons as one line."""
        word = GRADE_WORDS[self.grade]
        return f"{word}: {'; '.join(self.reasons)}" if self.reasons else word


def compare(one: Traits, other: Traits) -> Comparability:
    """Grade a pair by currency, definition, denominator, boundary, period and quality; the worst decides."""
    found = [*_currency(one, other), *_definition(one, other), *_denominator(one, other), *_boundary(one, other), *_period(one, other), *_quality(one, other)]
    return Comparability(max((grade for grade, _ in found), default=Grade.COMPARABLE), tuple(reason for _, reason in found))


def _words(code: str) -> str:
    return code.replace("_", " ")


def _currency(one: Traits, other: Traits) -> list[tuple[Grade, str]]:
    if one.currency != other.currency:
        return [(Grade.NOT_COMPARABLE, f"in the currency of {one.currency or 'none'}, not of {other.currency or 'none'}")]
    return []


def _definition(one: Traits, other: Traits) -> list[tuple[Grade, str]]:
    grades = (one.definition_grade, other.definition_grade)
    if one.definition and other.definition:
        if one.definition != other.definition:
            return [(Grade.NOT_COMPARABLE, f"counts {_words(one.definition)}, not {_words(other.definition)}")]
        return [(Grade.BRIDGED, "brought to one definition by a stated factor")] if "bridged" in grades else []
    if all(grade in ("single", "derived") for grade in grades):
        return []
    return [(Grade.WITH_CARE, "the definition is not declared")] if any(grade in UNSAID for grade in grades) else []


def _denominator(one: Traits, other: Traits) -> list[tuple[Grade, str]]:
    if one.denominator and other.denominator and one.denominator != other.denominator:
        return [(Grade.NOT_COMPARABLE, f"per {_words(one.denominator)}, not per {_words(other.denominator)} population")]
    return []


def _boundary(one: Traits, other: Traits) -> list[tuple[Grade, str]]:
    if one.boundary != other.boundary:
        return [(Grade.NOT_COMPARABLE, f"covers the {_words(one.boundary)}, not the {_words(other.boundary)}")]
    return []


def _period(one: Traits, other: Traits) -> list[tuple[Grade, str]]:
    if (one.period_start, one.period_end) == (other.period_start, other.period_end):
        return []
    overlap = (min(one.period_end, other.period_end) - max(one.period_start, other.period_start)).days + 1
    longest = max((t.period_end - t.period_start).days + 1 for t in (one, other))
    if overlap * 12 >= longest * ENOUGH_MONTHS:
        return [(Grade.WITH_CARE, f"{round(overlap / MONTH_DAYS)} months in common of {round(longest / MONTH_DAYS)}")]
    years = abs(one.period_end.year - other.period_end.year)
    return [(Grade.WITH_CARE, f"{years} year{'' if years == 1 else 's'} apart" if years else "another part of the year")]


def _quality(one: Traits, other: Traits) -> list[tuple[Grade, str]]:
    weak = [t.quality for t in (one, other) if t.quality in WEAK_QUALITY]
    return [(Grade.WITH_CARE, f"quality {_words(weak[0])}")] if weak else []


def most_typical(traits: Sequence[Traits]) -> int:
    """Find the figure that the most others compare with best; among equals the first by kind, then the newest, so that their order decides nothing.

    Args:
        traits: not empty.

    Returns:
        Its index; of figures with the very same traits, the first.
    """
    return traits.index(_least_apart(sorted(traits, key=_kind_and_age)))


def _kind_and_age(traits: Traits) -> tuple[int | str, ...]:
    return (*by_kind(traits), -traits.period_end.toordinal(), -traits.period_start.toordinal(), traits.quality, traits.currency or "")


def _least_apart(preferred: Sequence[Traits]) -> Traits:
    """Give the traits that the most others compare with best; the first of equals."""
    counts = Counter(preferred)
    totals = {kind: sum(n * compare(kind, other).grade for other, n in counts.items()) for kind in counts}
    return min(totals, key=totals.__getitem__)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One of the figures that a place has of one indicator, where only one can be shown or used."""

    place: str
    traits: Traits
    has_own_boundary: bool
    has_value: bool = True


def one_of_each_place(candidates: Sequence[Candidate]) -> list[int]:
    """Take one figure of each place, so that places can stand side by side.

    A figure with a value goes before one without; then one that compares with the kind (definition, boundary, denominator, currency) that most
    places have; then the place's own boundary; then the earlier candidate. Among candidates that are equal in all this the order decides, so it
    must be the newest period first and, within a period, ``by_kind``.

    Args:
        candidates: of one indicator.

    Returns:
        Indices into the candidates, one for each place, places in the order in which they come.
    """
    valued = [c for c in candidates if c.has_value]
    own = {kind_of(c.traits) for c in valued if c.has_own_boundary}
    kinds = [kind for _, kind in dict.fromkeys((c.place, kind_of(c.traits)) for c in valued)]
    votes = sorted(kinds, key=lambda k: (k not in own, *by_kind(k)))
    typical = _least_apart(votes) if votes else None
    best: dict[str, tuple[tuple[bool, bool, bool], int]] = {}
    for at, candidate in enumerate(candidates):
        apart = typical is not None and compare(kind_of(candidate.traits), typical).grade is Grade.NOT_COMPARABLE
        rank = (not candidate.has_value, apart, not candidate.has_own_boundary)
        if candidate.place not in best or rank < best[candidate.place][0]:
            best[candidate.place] = (rank, at)
    return [at for _, at in best.values()]


def kind_of(traits: Traits) -> Traits:
    """The traits without period and quality: what a figure covers and counts, whenever it is of."""
    return replace(traits, period_start=datetime.date.min, period_end=datetime.date.min, quality="")


def by_kind(traits: Traits) -> tuple[int, str, str, str]:
    """A fixed order of kinds within one period: the reference definition, the only one, a bridged one, another declared one, an undeclared one."""
    order = ("reference", "single", "derived", "bridged", "not_comparable", "not_declared")
    return order.index(traits.definition_grade), traits.definition or "", traits.boundary, traits.denominator or ""
