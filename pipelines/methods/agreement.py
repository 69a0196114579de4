"""Agreement of raters about levels of maturity.

Belongs here: levels by area from several raters. Does not belong here: which scheme or city.
"""

from dataclasses import dataclass

import numpy as np

from pipelines.methods.blocks import Floats


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two raters agree; ``kappa`` is ``nan`` where all levels of both are one and the same."""

    n_pairs: int
    share_equal: float
    mean_gap: float
    kappa: float


def agree(first: Floats, second: Floats, *, n_levels: int) -> Agreement:
    """Compare two raters' levels of the same areas.

    Args:
        first: shape (areas,), levels 1 to ``n_levels`` or ``nan``.
        second: the same areas by the other rater.
        n_levels: number of levels of the scheme.

    Returns:
        Over the areas that both rated: share of equal levels, mean of first minus second, quadratic-weighted kappa.

    Source:
        Cohen (1968), weighted kappa with squared differences.
    """
    both = np.isfinite(first) & np.isfinite(second)
    n = int(both.sum())
    if not n:
        return Agreement(0, np.nan, np.nan, np.nan)
    one, other = first[both].astype(int) - 1, second[both].astype(int) - 1
    observed = np.zeros((n_levels, n_levels))
    np.add.at(observed, (one, other), 1.0)
    expected = np.outer(observed.sum(axis=1), observed.sum(axis=0)) / n
    grid = np.arange(n_levels)
    weights = (grid[:, None] - grid[None, :]) ** 2.0
    disagreement = float((weights * expected).sum())
    kappa = 1.0 - float((weights * observed).sum()) / disagreement if disagreement else np.nan
    return Agreement(n, float((one == other).mean()), float((one - other).mean()), kappa)
