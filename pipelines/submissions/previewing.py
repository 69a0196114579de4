"""What sending a checked file would change: figures that are new, revised or the same, goals met or lost, and what is still missing.

Belongs here: one file's figures against the present edition. Does not belong here: sending, drawing, SQL.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.warehouse.rule_running import HarmonisedFigure

CLOSE = 1e-9
WHOLE_YEAR_DAYS = 350


@dataclass(frozen=True, slots=True)
class Published:
    """One figure of the present edition."""

    city_code: str
    indicator_code: str
    period_start: datetime.date
    period_end: datetime.date
    value: float


@dataclass(frozen=True, slots=True)
class Limit:
    """A goal's level for an indicator, and whether less is better."""

    goal_set_code: str
    indicator_code: str
    level: float
    lower_is_better: bool


@dataclass(frozen=True, slots=True)
class Change:
    """One figure of the file against the edition; ``before`` is ``None`` when it is new."""

    figure: HarmonisedFigure
    before: float | None
    goals: tuple[str, ...]

    @property
    def kind(self) -> str:
        """new, revised or same."""
        if self.before is None:
            return "new"
        return "same" if abs(self.before - self.figure.value) <= CLOSE * max(1.0, abs(self.before)) else "revised"


def preview(figures: Sequence[HarmonisedFigure], published: Sequence[Published], limits: Sequence[Limit]) -> list[Change]:
    """Compare a file's figures with the edition. Sending removes nothing: a figure stays until a newer one replaces it.

    Args:
        figures: of the checked file, in the indicators' units.
        published: of the present edition; may hold more than this member's.
        limits: goals of the present edition.
    """
    known = {(p.city_code, p.indicator_code, p.period_start, p.period_end): p.value for p in published}
    changes = []
    for figure in figures:
        before = known.get((figure.city_code, figure.indicator_code, figure.period_start, figure.period_end))
        held = [] if _is_part_of_year(figure) else [t for t in limits if t.indicator_code == figure.indicator_code]
        goals = tuple(text for limit in held if (text := _moved(limit, before, figure.value)))
        changes.append(Change(figure, before, goals))
    return changes


@dataclass(frozen=True, slots=True)
class Progress:
    """How much of a goal set one city can be held against: indicators with a figure before and after sending, and those still without."""

    city_code: str
    goal_set_code: str
    n_asked: int
    n_before: int
    n_after: int
    missing: tuple[str, ...]


def completeness(figures: Sequence[HarmonisedFigure], published: Sequence[Published], limits: Sequence[Limit]) -> list[Progress]:
    """Count, for each city of a file and each goal set, the indicators that have at least one figure.

    Returns:
        Cities in alphabetical order; empty while the edition has no goal.
    """
    asked: dict[str, set[str]] = {}
    for limit in limits:
        asked.setdefault(limit.goal_set_code, set()).add(limit.indicator_code)
    progress = []
    for city in sorted({f.city_code for f in figures}):
        before = {p.indicator_code for p in published if p.city_code == city and not _is_part_of_year(p)}
        after = before | {f.indicator_code for f in figures if f.city_code == city and not _is_part_of_year(f)}
        for goal_set, wanted in sorted(asked.items()):
            progress.append(Progress(city, goal_set, len(wanted), len(wanted & before), len(wanted & after), tuple(sorted(wanted - after))))
    return progress


def _is_part_of_year(figure: HarmonisedFigure | Published) -> bool:
    """Whether a figure covers neither a date nor a year: no verdict takes it."""
    return 1 < (figure.period_end - figure.period_start).days + 1 < WHOLE_YEAR_DAYS


def _moved(limit: Limit, before: float | None, after: float) -> str:
    gap = after - limit.level if limit.lower_is_better else limit.level - after
    now = "met" if gap <= 0 else f"{gap:.4g} away"
    if before is None:
        return f"{limit.goal_set_code}: {now}"
    old = before - limit.level if limit.lower_is_better else limit.level - before
    was = "met" if old <= 0 else f"{old:.4g} away"
    return "" if was == now else f"{limit.goal_set_code}: {was} before, {now} after"
