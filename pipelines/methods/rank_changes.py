"""Why a rank changed between two editions: own data, others' data, method, bounds; the parts add up exactly.

Belongs here: the sixteen re-runs and the shares. Does not belong here: reading editions.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import factorial

import numpy as np

from pipelines.methods.indexes import Cases, Method, build_index, prepare, rank
from pipelines.methods.normalising import Bounds, fit_bounds

SWITCHES = ("own_data", "others_data", "method", "bounds")


@dataclass(frozen=True, slots=True)
class Edition:
    """What one edition was computed from: its cities in one order, its method, and where its bounds come from.

    Args:
        codes: names of the cities, in the order of the rows.
        ranked: codes of the cities that had a rank.
    """

    codes: tuple[str, ...]
    cases: Cases
    method: Method
    ranked: frozenset[str]


@dataclass(frozen=True, slots=True)
class RankChange:
    """The ranks of a city in two editions among the cities ranked in both, and the exact parts of the change, by the names of ``SWITCHES``."""

    code: str
    before: int
    after: int
    parts: dict[str, Fraction]


def shapley(worth: Callable[[frozenset[int]], int], n: int) -> list[Fraction]:
    """Share a change among n switches: each one's mean effect over all orders of switching; exact fractions.

    Args:
        worth: value with these switches turned.

    Source:
        Shapley (1953); methods.md 1, step 12.
    """
    subsets = [frozenset(i for i in range(n) if on[i]) for on in product((False, True), repeat=n)]
    known = {turned: worth(turned) for turned in subsets}
    parts = []
    for i in range(n):
        total = Fraction(0)
        for turned, value in known.items():
            if i not in turned:
                weight = Fraction(factorial(len(turned)) * factorial(n - len(turned) - 1), factorial(n))
                total += weight * (known[turned | {i}] - value)
        parts.append(total)
    return parts


def explain_changes(before: Edition, after: Edition) -> tuple[RankChange, ...]:
    """Explain every change of rank among the cities that are ranked in both editions.

    Ranks are among these cities alone; cities that only one edition has are part of others' data. Bounds are those that an edition's
    whole data (or its fixed ends) give under the method in force.

    Raises:
        ValueError: the editions measure other indicators (nothing can be switched), or no city is ranked in both.
    """
    if before.method.tree.n_leaves != after.method.tree.n_leaves:
        raise ValueError("the two editions have different indicators; what changed cannot be told apart")
    both = [code for code in before.codes if code in before.ranked and code in after.ranked and code in after.codes]
    if not both:
        raise ValueError("no city is ranked in both editions")
    bounds = {(m, b): _bounds(e, method) for m, method in enumerate((before.method, after.method)) for b, e in enumerate((before, after))}
    return tuple(_explain(code, both, (before, after), bounds) for code in both)


def _bounds(edition: Edition, method: Method) -> Bounds:
    """Bounds of an edition's data and fixed ends under a method."""
    within = np.isfinite(edition.cases.values).mean(axis=1) >= method.score_min - 1e-12
    own = edition.method.normalisation
    how = method.normalisation
    if own.scale is how.scale:
        how = own
    values = prepare(edition.cases.only(within), method).values
    return fit_bounds(values, method.directions, how)


def _explain(code: str, both: list[str], editions: tuple[Edition, Edition], bounds: dict[tuple[int, int], Bounds]) -> RankChange:
    def worth(turned: frozenset[int]) -> int:
        own, others, method, ends = (int(i in turned) for i in range(4))
        return _rank_with(code, both, editions[own], editions[others], editions[method].method, bounds[method, ends])

    parts = shapley(worth, 4)
    return RankChange(code, worth(frozenset()), worth(frozenset(range(4))), dict(zip(SWITCHES, parts, strict=True)))


def _rank_with(code: str, both: list[str], own: Edition, others: Edition, method: Method, bounds: Bounds) -> int:
    """Rank a city among the common ones, with its own row from one edition and all others from another."""
    mine, row = others.codes.index(code), own.codes.index(code)

    def merged(of_others: np.ndarray, of_own: np.ndarray) -> np.ndarray:
        found = np.array(of_others)
        found[mine] = of_own[row]
        return found

    # Numbers of peer groups are an edition's own: the city stands among the peers that the others' edition gives it.
    cases = Cases(merged(others.cases.values, own.cases.values), merged(others.cases.carried, own.cases.carried), others.cases.groups)
    index = build_index(cases, method, bounds)
    places = [others.codes.index(c) for c in both]
    scores = index.scores[places]
    # A city that the other edition's data or method leave without a score stands behind all that have one.
    behind = np.inf if index.lower_is_better else -np.inf
    ranks = rank(np.where(np.isfinite(scores), scores, behind), lower_is_better=index.lower_is_better)
    return int(ranks[both.index(code)])
