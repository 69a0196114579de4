"""Put the members of a group together: means of every kind, the median, the worst, and Copeland's count of duels.

Belongs here: one group, and one level of a tree. Does not belong here: coverage of the whole, ranks.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from pipelines.methods.blocks import Floats
from pipelines.methods.imputing import Groups, group_statistic
from pipelines.methods.trees import Level


class Mean(StrEnum):
    """The aggregations, by the names of recipes."""

    ARITHMETIC = "arithmetic"
    GEOMETRIC = "geometric"
    HARMONIC = "harmonic"
    POWER = "power"
    MEDIAN = "median"
    MINIMUM = "minimum"
    WORST_TWO = "worst_two"
    COPELAND = "copeland"


QUASI = (Mean.ARITHMETIC, Mean.GEOMETRIC, Mean.HARMONIC, Mean.POWER)
FILLS = ("none", "peer_mean", "peer_median")
Bend = Callable[[Floats], Floats]
# Weight for and against a city is added up in another order each time; what is left of a draw is a rounding error.
DRAWN = 1e-12


@dataclass(frozen=True, slots=True)
class Aggregation:
    """How a level is put together.

    Args:
        power: exponent of the power mean, -5 to 1, not 0.
        group_min: share of a group's members that must be there for the group to have a value.
        fill: what a group without a value takes: ``none``, or the ``peer_mean`` or ``peer_median`` of its peers' values.
    """

    mean: Mean
    power: float = 0.5
    group_min: float = 2 / 3
    fill: str = "none"

    def __post_init__(self) -> None:
        if self.mean is Mean.POWER and not (-5.0 <= self.power <= 1.0 and self.power != 0.0):
            raise ValueError(f"a power mean of {self.power}: choose an exponent from -5 to 1, not 0 (that is the geometric mean)")
        if self.fill not in FILLS:
            raise ValueError(f"no fill of groups is called '{self.fill}'; there are {', '.join(FILLS)}")

    @property
    def needs_positive(self) -> bool:
        """Whether a value of zero or less has no mean of this kind."""
        return self.mean in (Mean.GEOMETRIC, Mean.HARMONIC) or (self.mean is Mean.POWER and self.power < 1.0)


def bend_of(how: Aggregation) -> tuple[Bend, Bend]:
    """Give f and its inverse, so that the mean is the inverse of the weighted mean of f."""
    if how.mean is Mean.GEOMETRIC:
        return np.log, np.exp
    if how.mean is Mean.HARMONIC:
        return np.reciprocal, np.reciprocal
    if how.mean is Mean.POWER and how.power != 1.0:
        power = how.power
        return (lambda x: np.asarray(x**power)), (lambda x: np.asarray(x ** (1.0 / power)))
    return np.positive, np.positive


def require_positive(values: Floats, how: Aggregation) -> None:
    """Refuse values that the mean is not defined for.

    Raises:
        ValueError: a value of zero or less stands below a mean that needs positive ones.
    """
    if how.needs_positive and np.nanmin(values, initial=np.inf) <= 0:
        raise ValueError(f"the {how.mean} mean needs values above 0; normalise to 1 to 100, or choose the arithmetic mean")


def aggregate_group(values: Floats, weights: Floats, how: Aggregation, *, fewest: float = 0.0) -> Floats:
    """Put the members of one group together, city by city.

    Args:
        values: shape (n, k), ``nan`` where missing.
        weights: shape (k,).
        fewest: members that must be there, beside ``group_min`` of them.

    Returns:
        Shape (n,); a missing member is left out and the weights of the others are scaled up, which is the same as giving it the
        mean of the city's others; ``nan`` where fewer than ``group_min`` of the members are there. Copeland: rivals beaten less
        rivals lost to, over members that both have.

    Source:
        methods.md 1, step 7.
    """
    # A member that weighs nothing was left out on purpose: it is neither a gap nor a value.
    enough = (np.isfinite(values) | (weights == 0)).sum(axis=1) >= max(fewest, how.group_min * values.shape[1] - 1e-12)
    known = np.isfinite(values) & (weights > 0)
    enough &= known @ weights > 0
    require_positive(values, how)
    if how.mean is Mean.COPELAND:
        found = copeland(values, values, weights)
    elif how.mean in QUASI:
        bend, back = bend_of(how)
        total = known @ weights
        summed = np.where(known, bend(np.where(known, values, 1.0)), 0.0) @ weights
        found = np.where(enough, back(np.where(enough, summed / np.where(total > 0, total, 1.0), 1.0)), np.nan)
    else:
        found = np.array([_of_row(row[k], weights[k], how.mean) if k.any() else np.nan for row, k in zip(values, known, strict=True)])
    return np.where(enough, found, np.nan)


def _of_row(row: Floats, weights: Floats, mean: Mean) -> float:
    if mean is Mean.MINIMUM:
        return float(row.min())
    if mean is Mean.WORST_TWO:
        return float(np.sort(row)[:2].mean())
    order = np.argsort(row, kind="stable")
    held = np.cumsum(weights[order])
    half = held[-1] / 2.0
    at = int(np.searchsorted(held, half - 1e-12 * held[-1]))
    middle = row[order[at]]
    # Exactly half the weight lies below: the mean of the two in the middle.
    if abs(held[at] - half) <= 1e-12 * held[-1] and at + 1 < len(row):
        return float((middle + row[order[at + 1]]) / 2.0)
    return float(middle)


def copeland(own: Floats, others: Floats, weights: Floats) -> Floats:
    """Count the rivals a city beats less those that beat it; shape (n,), from -(n - 1) to n - 1.

    A city beats a rival when it is better on more than half of the weight that both have a value for; weight on which they tie counts half
    for each, so that a duel is decided by the weight for it less the weight against it. Nothing in common is no duel.

    Args:
        own: shape (n, k), the values a city enters its duels with.
        others: shape (n, k), the values its rivals have; the same array but for best and worst cases.

    Source:
        methods.md 1, step 7; COINr 1.1.14 on complete data (``tests/fixtures/coinr``). With gaps COINr's result depends on the order of the rows.
    """
    scores = np.zeros(len(own))
    nearly = DRAWN * weights.sum()
    for i, row in enumerate(own):
        # A comparison with a gap is neither above nor below.
        ahead = ((row > others).astype(np.float64) - (row < others)) @ weights
        ahead[i] = 0.0
        scores[i] = np.count_nonzero(ahead > nearly) - np.count_nonzero(ahead < -nearly)
    return scores


def aggregate_level(values: Floats, level: Level, how: Aggregation) -> Floats:
    """Put each group of a level together; shape (n, k) to (n, parents); nothing is filled here."""
    members = [level.members(parent) for parent in range(level.n_parents)]
    fewest = [level.needs(parent, how.group_min) for parent in range(level.n_parents)]
    return np.column_stack([aggregate_group(values[:, m], level.weights[m], how, fewest=f) for m, f in zip(members, fewest, strict=True)])


def fill_groups(values: Floats, peers: Groups, how: Aggregation) -> Floats:
    """Fill groups without a value from the city's peers, as the level asks.

    Args:
        values: shape (n, parents).
        peers: shape (n,), the peer group of each city.

    Returns:
        Shape (n, parents); ``nan`` stays where no peer has a value, or nothing is to be filled.

    Source:
        methods.md 2, scores of the SDG Index: a goal without a score takes the mean of the country's region.
    """
    return values if how.fill == "none" else group_statistic(values, peers, mean=how.fill == "peer_mean")
