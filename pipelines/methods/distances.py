"""Where a value stands against a goal: every published variant of distance and band.

Belongs here: one value and its goal. Does not belong here: change over time (``verdicts.py``).
"""

import numpy as np

from pipelines.methods.blocks import Floats, Texts

U4SSC_LIMITS = (0.33, 0.66, 0.95)


def share_of_target(value: Floats, target: Floats, zero_point: Floats) -> Floats:
    """Share of the way from the zero point to the target, as a fraction; above 1 beyond the target.

    Returns:
        ``(x - w) / (t - w)``; for more-is-better with w = 0 it is x / t. ``nan`` where t equals w.

    Source:
        goals.md 3.1, general form.
    """
    way = target - zero_point
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(way != 0, (value - zero_point) / way, np.nan)


def u4ssc_points(share: Floats) -> Floats:
    """Points 1 to 4 by share of the benchmark; a limit belongs to the band above it; ``nan`` where the share is.

    Source:
        U4SSC, four bands with limits at 33, 66 and 95 percent (Pully factsheet p. 12, Mashhad factsheet p. 15);
        bands closed below is our reading of an open point.
    """
    points = 1.0 + sum((share >= limit - 1e-12).astype(np.float64) for limit in U4SSC_LIMITS)
    return np.where(np.isfinite(share), points, np.nan)


def score_between(value: Floats, worst: Floats, best: Floats) -> Floats:
    """Score 0 to 100 between a worst and a best end, whichever of the two is larger.

    Source:
        Sustainable Development Report: 100 (x - lower) / (optimum - lower), cut; with both ends fixed it is also the
        score of a certified municipality (Kópavogur), goals.md 3.5.
    """
    return np.clip(100.0 * share_of_target(value, best, worst), 0.0, 100.0)


def sdr_colour(value: Floats, green: Floats, red: Floats) -> Texts:
    """Colour by the green and the red threshold of the Sustainable Development Report.

    Returns:
        ``green`` at or beyond green, ``red`` at or beyond red, between them ``yellow`` up to the midpoint, else
        ``orange``; empty where a part is missing. Which side is better follows from the two thresholds.

    Source:
        goals.md 3.3 (the midpoint is recalled).
    """
    way = share_of_target(value, green, red)
    colour = np.select([way >= 1.0, way <= 0.0, way >= 0.5], ["green", "red", "yellow"], "orange")
    return np.where(np.isfinite(way), colour, "")


def loss_outside_band(value: Floats, low: Floats, high: Floats) -> Floats:
    """How far a value lies outside a band that is right on both sides; 0 inside, in the value's unit."""
    return np.maximum(0.0, np.maximum(low - value, value - high))


def level_reached(value: Floats, cut_offs: Floats, direction: Floats) -> Floats:
    """Level 1 and up by rising demands: 1 plus the number of cut-offs met; ``nan`` for no value.

    Args:
        value: shape (n,).
        cut_offs: shape (n, k), in the order of the levels 2, 3, ...
        direction: +1 when more is better, -1 when less is.

    Source:
        ITU-T Y.4904 as ITU illustrates it: households with internet, levels 2 to 5 at 30, 50, 70 and 90 percent.
    """
    met = direction[:, None] * (value[:, None] - cut_offs) >= 0
    return np.where(np.isfinite(value), 1.0 + np.logical_and.accumulate(met, axis=1).sum(axis=1), np.nan)
