"""Weights: given, split by experts, from components, or searched.

Belongs here: weights of the members of one group. Does not belong here: the tree they stand in.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import least_squares

from pipelines.methods.blocks import Floats

POINTS = 100.0


@dataclass(frozen=True, slots=True)
class Budget:
    """Weights of a board: the mean split and how far its members are apart, each of shape (k,)."""

    weights: Floats
    spread: Floats


def budget(points: Floats) -> Budget:
    """Average the points of a board; every expert splits one hundred.

    Args:
        points: shape (experts, k), not negative.

    Raises:
        ValueError: a split does not add up to 100, or has a negative part.

    Source:
        methods.md 1, step 6: w = mean of b / 100, with its spread.
    """
    wrong = np.flatnonzero((np.abs(points.sum(axis=1) - POINTS) > 1e-6) | (points < 0).any(axis=1))
    if wrong.size:
        raise ValueError(f"experts at places {wrong.tolist()} do not split exactly {POINTS:.0f} points; each must")
    spread = points.std(axis=0, ddof=1) if len(points) > 1 else np.zeros(points.shape[1])
    return Budget(points.mean(axis=0) / POINTS, spread / POINTS)


@dataclass(frozen=True, slots=True)
class Component:
    """The first component of a group: weights of shape (k,) adding up to 1, loadings, and the share of variance it explains."""

    weights: Floats
    loadings: Floats
    explained: float


def first_component(values: Floats, *, squared: bool = False) -> Component:
    """Take weights from the first component of standardised columns, over cities that have all of them.

    Args:
        values: shape (n, k), on any scales, higher better in each.
        squared: squared loadings, as the handbook does; plain ones otherwise, as COINr does.

    Raises:
        ValueError: loadings of both signs (no one direction is better), too few whole cities, or a constant column.

    Source:
        methods.md 1, step 6; OECD/JRC Handbook on Constructing Composite Indicators (2008), step 6.
    """
    whole = values[np.isfinite(values).all(axis=1)]
    if len(whole) < max(3, values.shape[1]):
        raise ValueError(f"{len(whole)} cities have all {values.shape[1]} indicators; a component needs at least {max(3, values.shape[1])}")
    spread = whole.std(axis=0, ddof=1)
    if (spread <= 0).any():
        raise ValueError("a constant indicator has no loading; take it out")
    z = (whole - whole.mean(axis=0)) / spread
    _, singular, axes = np.linalg.svd(z, full_matrices=False)
    loadings = axes[0] * (1.0 if axes[0].sum() >= 0 else -1.0)
    if loadings.min() < -1e-12:
        raise ValueError(f"loadings of both signs ({', '.join(f'{v:.2f}' for v in loadings)}): the indicators pull against each other; choose other weights")
    parts = loadings**2 if squared else loadings
    return Component(parts / parts.sum(), loadings, float(singular[0] ** 2 / (singular**2).sum()))


def searched(values: Floats, wanted: Floats) -> Floats:
    """Search weights so that the members' correlations with their weighted mean stand in the wanted proportions.

    Args:
        values: shape (n, k), one scale, without gaps.
        wanted: shape (k,), positive; only proportions count.

    Returns:
        Shape (k,), not negative, adding up to 1.

    Raises:
        ValueError: no such weights were found.

    Source:
        methods.md 1, step 6 (optimised weights); Becker et al. (2017), Weights and importance in composite indicators.
    """
    target = wanted / wanted.sum()
    around = values - values.mean(axis=0)
    norms = np.sqrt((around**2).sum(axis=0))

    def miss(roots: Floats) -> Floats:
        weights = roots**2 / (roots**2).sum()
        index = around @ weights
        correlations = around.T @ index / (norms * np.sqrt((index**2).sum()))
        return np.asarray(correlations / correlations.sum() - target)

    found = least_squares(miss, np.sqrt(target), xtol=1e-14, ftol=1e-14, gtol=1e-14)
    if np.abs(found.fun).max() > 1e-6:
        raise ValueError(f"no weights give these proportions; the nearest miss them by {np.abs(found.fun).max():.3f}")
    weights: Floats = found.x**2 / (found.x**2).sum()
    return weights
