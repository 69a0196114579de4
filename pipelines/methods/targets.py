"""How others choose a target, and what a candidate target would mean.

Belongs here: candidates from a distribution, and who would reach one. Does not belong here: adopting one.
"""

from dataclasses import dataclass

import numpy as np

from pipelines.methods.blocks import Floats

MIN_CITIES = 5


@dataclass(frozen=True, slots=True)
class Reach:
    """How many cities reach a candidate target: today, and at the target year by their own pace.

    ``n_later_low`` and ``n_later_high`` count the interval's bad and good end; cities without a projection (fewer than
    four points) are in ``n_unknown`` and in none of the three.
    """

    n_cities: int
    n_today: int
    n_later: int
    n_later_low: int
    n_later_high: int
    n_unknown: int


def candidate_targets(values: Floats, direction: float) -> dict[str, float]:
    """Targets that the cities' own distribution suggests.

    Args:
        values: latest value of each city, shape (n,).
        direction: +1 when more is better, -1 when less is.

    Returns:
        ``mean_of_best_five`` (Sustainable Development Report), ``best_fifth`` (the 80th percentile towards better) and
        ``median``; empty with fewer than five cities.

    Source:
        goals.md 3.3: mean of the best five where no other optimum is given.
    """
    known = np.sort(values[np.isfinite(values)] * direction)[::-1]
    if known.size < MIN_CITIES:
        return {}
    found = {"mean_of_best_five": known[:5].mean(), "best_fifth": np.quantile(known, 0.8), "median": np.median(known)}
    return {name: float(level * direction) for name, level in found.items()}


def reach(values: Floats, projected: Floats, low: Floats, high: Floats, *, direction: float, target: float) -> Reach:
    """Count who reaches a target today and, by projection, in the target year.

    Args:
        values: latest value of each city, shape (n,).
        projected: value of each city in the target year, ``nan`` where there is no projection.
        low: lower end of the projection's interval.
        high: upper end of the projection's interval.
        direction: +1 when more is better, -1 when less is.
        target: the candidate, in the values' unit.
    """
    bad, good = (low, high) if direction > 0 else (high, low)

    def met(level: Floats) -> int:
        return int((direction * (level - target) >= 0).sum())

    return Reach(int(np.isfinite(values).sum()), met(values), met(projected), met(bad), met(good), int((np.isfinite(values) & ~np.isfinite(projected)).sum()))
