"""Paces and projections: what a series would reach, and what it would take.

Belongs here: lines with intervals, needed pace, finishing year, back-test. Does not belong here: verdicts.
"""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from pipelines.methods.blocks import Block, Ends, Floats, Line, fit_line, growth

MIN_POINTS = 4


@dataclass(frozen=True, slots=True)
class Projection:
    """A projected value with its interval, shape (n,) each, in the series' unit; ``nan`` under ``MIN_POINTS`` points."""

    value: Floats
    low: Floats
    high: Floats


def _quantile(line: Line, level: float) -> Floats:
    return np.asarray(stats.t.ppf(0.5 + level / 2, np.maximum(line.n_points - 2, 1)), np.float64)


def pace_interval(line: Line, *, level: float = 0.90) -> tuple[Floats, Floats]:
    """Interval of the yearly pace (slope) of least squares under normal residuals.

    Returns:
        Low and high end, shape (n,), in unit per year; ``nan`` under ``MIN_POINTS`` points.
    """
    enough = line.n_points >= MIN_POINTS
    with np.errstate(invalid="ignore", divide="ignore"):
        margin = np.where(enough, _quantile(line, level) * line.residual_sd / np.sqrt(line.spread), np.nan)
    return line.slope - margin, line.slope + margin


def project(block: Block, year: Floats, *, level: float = 0.90) -> Projection:
    """Project each series along its line to a year, with a prediction interval.

    Args:
        year: shape (n,).
        level: of the interval.

    Source:
        Prediction interval of simple linear regression: s * sqrt(1 + 1/n + (t - mean)^2 / Sxx).
    """
    line = fit_line(block)
    enough = line.n_points >= MIN_POINTS
    with np.errstate(invalid="ignore", divide="ignore"):
        spread = np.sqrt(1.0 + 1.0 / line.n_points + (year - line.mean_year) ** 2 / line.spread)
        margin = _quantile(line, level) * line.residual_sd * spread
    value = np.where(enough, line.at(year), np.nan)
    return Projection(value, np.where(enough, value - margin, np.nan), np.where(enough, value + margin, np.nan))


def backtest_error(block: Block) -> Floats:
    """Mean absolute error of the line one step ahead, each point predicted from the three or more before it.

    Returns:
        Shape (n,), in the series' unit; ``nan`` where no point can be predicted.
    """
    errors = np.full(block.values.shape, np.nan)
    for at in range(1, len(block.years)):
        line = fit_line(Block(block.years[:at], block.values[:, :at]))
        errors[:, at] = np.where(line.n_points >= MIN_POINTS - 1, np.abs(line.at(block.years[at]) - block.values[:, at]), np.nan)
    n = np.isfinite(errors).sum(axis=1)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.nansum(errors, axis=1) / n)


def needed_change(last: Floats, last_year: Floats, target: Floats, target_year: Floats) -> Floats:
    """Yearly change from the last value that reaches the target in its year, in unit per year; ``nan`` when that year is past."""
    left = target_year - last_year
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(left > 0, (target - last) / left, np.nan)


def needed_growth(last: Floats, last_year: Floats, target: Floats, target_year: Floats) -> Floats:
    """Yearly compound growth from the last value that reaches the target in its year, as a fraction.

    Source:
        goals.md 3.2: (t / x)^(1 / (T - y)) - 1.
    """
    return growth(last, target, target_year - last_year)


def finishing_year(points: Ends, target: Floats) -> Floats:
    """Year in which the target is reached at the compound pace between first and last point.

    Returns:
        Shape (n,); ``nan`` where values are not positive, nothing moved, or the series moves away from the target.

    Source:
        goals.md 3.2: y0 + (y - y0) ln(t / x0) / ln(x / x0).
    """
    sound = (points.first > 0) & (points.last > 0) & (target > 0) & (points.first != points.last) & (points.span > 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.log(target / points.first) / np.log(points.last / points.first)
        year = points.first_year + points.span * share
    # A share below 1 lies before the last point: then either it was passed on the way, or the series moves away.
    return np.where(sound & (share >= 1.0), year, np.nan)
