"""What moves a rank when one thing is taken away, and which orders no weights can turn.

Belongs here: leaving out an indicator, a group or a city; dominance. Does not belong here: random runs (``uncertainty.py``).
"""

from dataclasses import dataclass, replace

import numpy as np

from pipelines.methods.blocks import Floats
from pipelines.methods.imputing import Flags
from pipelines.methods.indexes import Cases, Method, build_index, rank


@dataclass(frozen=True, slots=True)
class Removal:
    """Ranks of the ranked cities without one thing; ``nan`` for the city taken away. ``shift`` is the mean absolute change of the others.

    ``level`` says of which level of groups ``place`` is, 0 for the groups of indicators, and for indicators and cities.
    Ranks and shift are ``nan`` throughout where nothing can be computed without it: the rest has a column that does not vary.
    """

    kind: str
    place: int
    ranks: Floats
    shift: float
    level: int = 0


def _without_columns(cases: Cases, method: Method, columns: Flags) -> tuple[Cases, Method]:
    """Take indicators out of a method, groups that are left without any included."""
    keep = ~columns
    norm = method.normalisation
    lower, upper, target = (None if ends is None else ends[keep] for ends in (norm.lower, norm.upper, norm.target))
    left = replace(
        method,
        tree=method.tree.without_leaves(columns),
        directions=method.directions[keep],
        normalisation=replace(norm, lower=lower, upper=upper, target=target),
    )
    return Cases(cases.values[:, keep], cases.carried[:, keep], cases.groups), left


def remove_each(cases: Cases, method: Method, ranked: Flags) -> tuple[Removal, ...]:
    """Rank the ranked cities without each indicator, each group of every level, and each ranked city.

    Coverage is asked for once, with everything in place: a city that is ranked stays ranked when an indicator is taken away.

    Args:
        ranked: shape (n,), the cities that have a rank.

    Returns:
        Indicators first, then groups (when there are two or more), then cities; nothing is taken away where nothing would be left.
    """
    free = replace(method, score_min=0.0, rank_min=0.0)
    within = np.isfinite(cases.values).mean(axis=1) >= method.score_min - 1e-12
    part, at = cases.only(within), ranked[within]
    whole = _ranks(part, free, at)
    found: list[Removal] = []
    m = part.values.shape[1]
    if m > 1:
        for j in range(m):
            found.append(_removal("indicator", j, _ranks(*_without_columns(part, free, np.arange(m) == j), at), whole))
    for number, level in enumerate(method.tree.levels[:-1]):
        of_group = method.tree.ancestors(number)
        for parent in range(level.n_parents) if level.n_parents > 1 else ():
            found.append(replace(_removal("group", parent, _ranks(*_without_columns(part, free, of_group == parent), at), whole), level=number))
    rows = np.flatnonzero(at)
    if len(rows) > 2:
        for place, row in enumerate(rows):
            keep = np.arange(len(at)) != row
            ranks = np.insert(_ranks(part.only(keep), free, at[keep]), place, np.nan)
            # Without a city everyone below it moves up; only what goes beyond that is a change.
            found.append(_removal("city", place, ranks, whole - (whole[place] < whole)))
    return tuple(found)


def _ranks(cases: Cases, method: Method, ranked: Flags) -> Floats:
    try:
        index = build_index(cases, method)
    except ValueError:
        return np.full(int(ranked.sum()), np.nan)
    scores = index.scores[ranked]
    ranks = np.full(len(scores), np.nan)
    known = np.isfinite(scores)
    ranks[known] = rank(scores[known], lower_is_better=index.lower_is_better)
    return ranks


def _removal(kind: str, place: int, ranks: Floats, expected: Floats) -> Removal:
    known = np.isfinite(ranks)
    return Removal(kind, place, ranks, float(np.abs(ranks - expected)[known].mean()) if known.any() else float("nan"))


def dominates(normalised: Floats) -> Flags:
    """Say which city is at least as good as another on every indicator and better on one: no weights can turn that order.

    Args:
        normalised: shape (n, m), higher better. Pairs with a gap on either side dominate in neither way.

    Returns:
        Shape (n, n), ``[i, j]``: i dominates j.
    """
    known = np.isfinite(normalised).all(axis=1)
    at_least = np.asarray((normalised[:, None] >= normalised[None]).all(axis=2))
    better = at_least & np.asarray((normalised[:, None] > normalised[None]).any(axis=2))
    return np.asarray(better & np.outer(known, known))


def dominance_share(dominance: Flags) -> float:
    """Share of pairs of cities in which one dominates the other; ``nan`` for fewer than two cities."""
    n = len(dominance)
    return float(dominance.sum() / (n * (n - 1) / 2)) if n > 1 else float("nan")
