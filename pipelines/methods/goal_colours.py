"""The colour of a goal from its indicators and their thresholds, as the Sustainable Development Report gives it.

Belongs here: points of one figure between its ends, and the colour of several. Does not belong here: the colour of one figure (``distances.py``).
"""

import numpy as np

from pipelines.methods.blocks import Floats, Texts
from pipelines.methods.distances import share_of_target

RED, ORANGE, YELLOW, MOST = 1.0, 1.5, 2.0, 3.0
WORST_OF = 2
GREY_BELOW = 0.5


def threshold_points(values: Floats, worst: Floats, red: Floats, green: Floats, best: Floats) -> Floats:
    """Points 0 to 3: 0 at the worst end, 1 at red, 2 at green, 3 at the best end, and straight lines between.

    Args:
        values: shape (n, k), in each indicator's unit, ``nan`` where missing.
        worst, red, green, best: shape (k,), in this order; which side is better follows from it. Red may be the worst end, green the best.

    Returns:
        Shape (n, k); a threshold belongs to the better side.

    Source:
        methods.md 2, status of the SDG Index (bands rescaled to 0 to 3; seen to give the published colours of 2025).
    """
    way = np.clip(share_of_target(values, best, worst), 0.0, 1.0)
    at_red, at_green = share_of_target(red, best, worst), share_of_target(green, best, worst)
    with np.errstate(invalid="ignore", divide="ignore"):
        below, between, above = way / at_red, 1.0 + (way - at_red) / (at_green - at_red), 2.0 + (way - at_green) / (1.0 - at_green)
    points = np.select([way >= 1.0, way >= at_green, way >= at_red], [np.full(way.shape, MOST), above, between], below)
    return np.where(np.isfinite(way), points, np.nan)


def goal_colour(points: Floats) -> Texts:
    """Colour of a goal by the mean of its two worst indicators, or of the only one.

    Args:
        points: shape (n, k), 0 to 3, ``nan`` where missing.

    Returns:
        Shape (n,): ``red`` below 1, ``orange`` below 1.5, ``yellow`` below 2, else ``green``; red only where both are below 1, green only
        where both are 2 or more; ``grey`` where fewer than half of the indicators are there.

    Source:
        methods.md 2, status of the SDG Index: all goal colours of 2025 outside the OECD but two, which are rounding.
    """
    n = np.isfinite(points).sum(axis=1)
    two = np.sort(points, axis=1)[:, :WORST_OF]
    with np.errstate(invalid="ignore"):
        mean = np.nansum(two, axis=1) / np.maximum(np.isfinite(two).sum(axis=1), 1)
        is_red, is_green = ~(two >= RED).any(axis=1), ~(two < YELLOW).any(axis=1)
    colours = np.select([is_red, is_green, mean < ORANGE], ["red", "green", "orange"], "yellow")
    return np.where((n > 0) & (n >= GREY_BELOW * points.shape[1]), colours, "grey")
