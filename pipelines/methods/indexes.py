"""A composite index: from a matrix of values to scores with their coverage, their best and worst case, and ranks.

Belongs here: the order of the steps. Does not belong here: the steps (rooms beside), what happens when a choice is unsure (``uncertainty.py``).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipelines.methods.aggregating import Aggregation, Mean, aggregate_level, copeland, fill_groups
from pipelines.methods.blocks import Floats
from pipelines.methods.imputing import Flags, Groups, group_statistic, nearest_neighbours, row_mean
from pipelines.methods.normalising import Bounds, Normalisation, apply_bounds, fit_bounds
from pipelines.methods.treating import Treated, Treatment, treat
from pipelines.methods.trees import Tree

SCORE_DIGITS = 9
IMPUTATIONS = ("none", "carry_forward", "peer_median", "peer_mean", "row_mean", "nearest_neighbours")
Ranks = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Method:
    """Every choice of an index.

    Args:
        directions: shape (m,), +1 when more is better, -1 when less is.
        aggregations: one a level, from the indicators up.
        imputation: one of ``IMPUTATIONS``.
        score_min: share of indicators a city needs for a score.
        rank_min: share of indicators a city needs for a rank.
        bar: quantiles of each indicator's normalised values that stand for a missing one in the worst and the best case;
            ``None`` for the ends of the scale.

    Source:
        methods.md 1: order and defaults.
    """

    tree: Tree
    directions: Floats
    normalisation: Normalisation
    aggregations: tuple[Aggregation, ...]
    treatment: Treatment | None = None
    imputation: str = "none"
    score_min: float = 0.65
    rank_min: float = 0.80
    bar: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        if self.imputation not in IMPUTATIONS:
            raise ValueError(f"no imputation is called '{self.imputation}'; there are {', '.join(IMPUTATIONS)}")
        if len(self.aggregations) != len(self.tree.levels):
            raise ValueError(f"{len(self.aggregations)} aggregations for {len(self.tree.levels)} levels; give one a level")
        if len(self.directions) != self.tree.n_leaves:
            raise ValueError(f"{len(self.directions)} directions for {self.tree.n_leaves} indicators; give one each")
        if any(how.mean is Mean.COPELAND for how in self.aggregations[:-1]):
            raise ValueError("Copeland counts duels, whose sums are no scale to go on with; use it on the last level only")


@dataclass(frozen=True, slots=True)
class Cases:
    """What is known of the cities.

    Args:
        values: shape (n, m), each in its indicator's unit, ``nan`` where missing.
        carried: shape (n, m), an older value that may stand in, ``nan`` where there is none; only used where ``values`` is missing.
        groups: shape (n,), peer group of each city.
    """

    values: Floats
    carried: Floats
    groups: Groups

    def only(self, rows: Flags | npt.NDArray[np.int64]) -> "Cases":
        """Keep some cities."""
        return Cases(self.values[rows], self.carried[rows], self.groups[rows])


@dataclass(frozen=True, slots=True)
class Prepared:
    """Values on the way to the scale: filled and treated, with what was done to each column and the bounds found."""

    values: Floats
    is_filled: Flags
    treated: tuple[Treated, ...]
    bounds: Bounds


@dataclass(frozen=True, slots=True)
class Index:
    """An index of all cities; a city below ``score_min`` has ``nan`` throughout.

    ``levels[0]`` has shape (n, groups), the last one (n, 1): the index; ``filled`` has the same shapes and says which values are their
    peers' and none of the city's own. ``low`` and ``high`` are the index with every missing indicator at its worst and at its best.
    ``lower_is_better`` when the index is a distance.
    """

    coverage: Floats
    normalised: Floats
    is_filled: Flags
    treated: tuple[Treated, ...]
    levels: tuple[Floats, ...]
    filled: tuple[Flags, ...]
    low: Floats
    high: Floats
    lower_is_better: bool

    @property
    def scores(self) -> Floats:
        """The index itself, shape (n,)."""
        return self.levels[-1][:, 0]


def fill(cases: Cases, imputation: str) -> Floats:
    """Fill gaps before treatment; ``row_mean`` waits for the common scale and is not done here."""
    if imputation == "carry_forward":
        return np.where(np.isfinite(cases.values), cases.values, cases.carried)
    if imputation in ("peer_median", "peer_mean"):
        return group_statistic(cases.values, cases.groups, mean=imputation == "peer_mean")
    if imputation == "nearest_neighbours":
        return nearest_neighbours(cases.values)
    return np.array(cases.values)


def prepare(cases: Cases, method: Method) -> Prepared:
    """Fill, treat, and find the bounds; errors as in ``fit_bounds``."""
    filled = fill(cases, method.imputation)
    treated: tuple[Treated, ...] = ()
    if method.treatment is not None:
        filled, treated = treat(filled, method.treatment)
    bounds = fit_bounds(filled, method.directions, method.normalisation)
    return Prepared(filled, np.isfinite(filled) & ~np.isfinite(cases.values), treated, bounds)


def scale(prepared: Prepared, method: Method, bounds: Bounds | None = None) -> Floats:
    """Put prepared values on the common scale, with their own bounds or with others'."""
    normalised = apply_bounds(prepared.values, method.directions, method.normalisation, bounds or prepared.bounds)
    return row_mean(normalised) if method.imputation == "row_mean" else normalised


def climb(normalised: Floats, method: Method, peers: Groups) -> tuple[tuple[Floats, ...], tuple[Flags, ...]]:
    """Put normalised values together level by level; the last one has shape (n, 1).

    Returns:
        The values of each level, and which of them were filled from the city's peers.
    """
    levels, filled = [], []
    for level, how in zip(method.tree.levels, method.aggregations, strict=True):
        own = aggregate_level(normalised, level, how)
        normalised = fill_groups(own, peers, how)
        levels.append(normalised)
        filled.append(np.isfinite(normalised) & ~np.isfinite(own))
    return tuple(levels), tuple(filled)


def ends_of(normalised: Floats, how: Normalisation, bar: tuple[float, float] | None) -> tuple[Floats, Floats]:
    """Give the lowest and the highest value that a missing indicator is taken to have, shape (m,) each.

    Scales without fixed ends have none but the lowest and highest value of any city on any indicator; the case is then no surer than that.
    """
    if bar is not None:
        ends = np.nanquantile(normalised, bar, axis=0)
    elif how.has_range:
        ends = np.tile(np.array([[how.low], [how.high]]), normalised.shape[1])
    else:
        ends = np.tile(np.array([[np.nanmin(normalised)], [np.nanmax(normalised)]]), normalised.shape[1])
    return ends[0], ends[1]


def best_and_worst(normalised: Floats, is_missing: Flags, method: Method, peers: Groups) -> tuple[Floats, Floats]:
    """Give the index with every missing indicator at its worst and at its best, shape (n,) each; the lower number first.

    Source:
        methods.md 1, step 2: "always also publish S_low and S_high".
    """
    worst, best = ends_of(normalised, method.normalisation, method.bar)
    low, high = np.where(is_missing, worst, normalised), np.where(is_missing, best, normalised)
    if method.aggregations[-1].mean is not Mean.COPELAND:
        return climb(low, method, peers)[0][-1][:, 0], climb(high, method, peers)[0][-1][:, 0]
    *below, last = method.tree.levels
    for level, how in zip(below, method.aggregations, strict=False):
        low, high = aggregate_level(low, level, how), aggregate_level(high, level, how)
    return copeland(low, high, last.weights), copeland(high, low, last.weights)


def build_index(cases: Cases, method: Method, bounds: Bounds | None = None) -> Index:
    """Compute an index over the cities that have enough indicators.

    Args:
        bounds: use these instead of the data's own.

    Returns:
        Arrays over all cities given.

    Raises:
        ValueError: no city has enough, a column is constant, or a mean is not defined for its values; says which.
    """
    coverage = np.isfinite(cases.values).mean(axis=1)
    within = coverage >= method.score_min - 1e-12
    if not within.any():
        raise ValueError(f"no city has {method.score_min:.0%} of the indicators; nothing can be scored")
    part = cases.only(within)
    prepared = prepare(part, method)
    normalised = scale(prepared, method, bounds)
    levels, filled = climb(normalised, method, part.groups)
    low, high = best_and_worst(normalised, ~np.isfinite(part.values), method, part.groups)
    # Quantiles can lie on one side of what the city's other values say; the bar is around the score in any case.
    low, high = np.fmin(low, levels[-1][:, 0]), np.fmax(high, levels[-1][:, 0])

    def whole(values: Floats) -> Floats:
        spread = np.full((len(within), *values.shape[1:]), np.nan)
        spread[within] = values
        return spread

    def flags(found: Flags) -> Flags:
        spread = np.zeros((len(within), *found.shape[1:]), bool)
        spread[within] = found
        return spread

    is_filled = flags(np.isfinite(normalised) & ~np.isfinite(part.values))
    return Index(
        coverage, whole(normalised), is_filled, prepared.treated, tuple(whole(v) for v in levels), tuple(map(flags, filled)), whole(low), whole(high),
        method.normalisation.lower_is_better,
    )  # fmt: skip


def rank(scores: Floats, *, lower_is_better: bool = False) -> Ranks:
    """Rank cities, the best first; equals share the better rank (1, 2, 2, 4).

    Args:
        scores: shape (..., n), all finite.

    Returns:
        The same shape. Scores that agree to nine decimals are equal: two ways to add up the same numbers differ in the last bits.

    Source:
        methods.md 1, step 8: from unrounded scores, competition ties.
    """
    turned = np.round(scores if lower_is_better else -scores, SCORE_DIGITS)
    order = np.argsort(turned, axis=-1)
    in_order = np.take_along_axis(turned, order, axis=-1)
    spots = np.arange(turned.shape[-1])
    same = in_order[..., 1:] == in_order[..., :-1]
    ranks = np.empty(turned.shape, np.int64)
    if not same.any():
        np.put_along_axis(ranks, order, np.broadcast_to(spots + 1, turned.shape), axis=-1)
        return ranks
    starts = np.concatenate([np.zeros_like(order[..., :1]), np.where(same, 0, spots[1:])], axis=-1)
    np.put_along_axis(ranks, order, np.maximum.accumulate(starts, axis=-1) + 1, axis=-1)
    return ranks


def rank_some(index: Index, may_rank: Flags, method: Method) -> Floats:
    """Rank the cities that may be ranked and have enough coverage and a score; ``nan`` for all others, shape (n,)."""
    ranked = may_rank & (index.coverage >= method.rank_min - 1e-12) & np.isfinite(index.scores)
    found = np.full(len(ranked), np.nan)
    if ranked.any():
        found[ranked] = rank(index.scores[ranked], lower_is_better=index.lower_is_better)
    return found
