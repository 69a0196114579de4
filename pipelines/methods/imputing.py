"""Fill what is missing, each fill known as one; nothing filled is ever a city's figure.

Belongs here: fills of a matrix of cities and indicators. Does not belong here: deciding to fill (a recipe).
"""

import numpy as np
import numpy.typing as npt

from pipelines.methods.blocks import Floats

NEIGHBOURS = 5
Flags = npt.NDArray[np.bool_]
Groups = npt.NDArray[np.int64]


def group_statistic(values: Floats, groups: Groups, *, mean: bool = False) -> Floats:
    """Fill each gap with the median (or the mean) of the city's peers that have the indicator.

    Args:
        values: shape (n, m).
        groups: shape (n,), the peer group of each city.

    Returns:
        Shape (n, m); ``nan`` stays where no peer has a value.
    """
    filled = np.array(values)
    for group in np.unique(groups):
        rows = np.flatnonzero(groups == group)
        part = values[rows]
        some = np.isfinite(part).any(axis=0)
        centre = np.full(values.shape[1], np.nan)
        centre[some] = (np.nanmean if mean else np.nanmedian)(part[:, some], axis=0)
        filled[rows] = np.where(np.isfinite(part), part, centre)
    return filled


def row_mean(normalised: Floats) -> Floats:
    """Fill each gap with the mean of the city's other values; on one scale only."""
    n = np.isfinite(normalised).sum(axis=1, keepdims=True)
    mean = np.where(n > 0, np.nansum(normalised, axis=1, keepdims=True) / np.maximum(n, 1), np.nan)
    return np.where(np.isfinite(normalised), normalised, mean)


def nearest_neighbours(values: Floats, *, k: int = NEIGHBOURS) -> Floats:
    """Fill each gap with the mean of the k nearest cities that have the indicator.

    Distance is the root mean square over indicators both have, in standard deviations; cities with none in common are no neighbours.
    """
    spread = np.nanstd(values, axis=0)
    z = values / np.where(spread > 0, spread, 1.0)
    known = np.isfinite(values)
    filled = np.array(values)
    for i in np.flatnonzero(~known.all(axis=1)):
        both = known & known[i]
        n = both.sum(axis=1)
        gap = np.where(both, z - np.where(known[i], z[i], 0.0), 0.0)
        away = np.where(n > 0, np.sqrt((gap**2).sum(axis=1) / np.maximum(n, 1)), np.inf)
        away[i] = np.inf
        for j in np.flatnonzero(~known[i]):
            near = np.where(known[:, j], away, np.inf)
            chosen = [c for c in np.argsort(near, kind="stable")[:k] if np.isfinite(near[c])]
            if chosen:
                filled[i, j] = values[chosen, j].mean()
    return filled
