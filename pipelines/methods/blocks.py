"""Series side by side as one array, and what rules ask of them.

Belongs here: first, last, slope and window of many series at once. Does not belong here: what a rule makes of them.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Texts = npt.NDArray[np.str_]
Flags = npt.NDArray[np.bool_]
TREND_POINTS = 3
OLDEST_YEARS = 5


@dataclass(frozen=True, slots=True)
class Block:
    """Many series on one grid of years.

    Args:
        years: shape (t,), rising by one.
        values: shape (n, t), ``nan`` where a series has no value; in any unit, one unit within a series.
    """

    years: Floats
    values: Floats

    def __post_init__(self) -> None:
        if self.values.ndim != 2 or self.years.shape != (self.values.shape[1],):
            raise ValueError(f"years {self.years.shape} and values {self.values.shape} do not fit; expected (t,) and (n, t)")

    @property
    def n_points(self) -> Floats:
        """Number of values of each series, shape (n,)."""
        return np.asarray(np.isfinite(self.values).sum(axis=1), np.float64)

    def since(self, first_year: float | Floats) -> "Block":
        """Keep the values of ``first_year`` and later; a scalar, or one year per series."""
        limit = np.broadcast_to(np.asarray(first_year, np.float64), (len(self.values),))
        return Block(self.years, np.where(self.years[None, :] >= limit[:, None], self.values, np.nan))


@dataclass(frozen=True, slots=True)
class Ends:
    """First and last point of each series and how many there are, shape (n,) each; ``nan`` for an empty series, which has 0."""

    first_year: Floats
    first: Floats
    last_year: Floats
    last: Floats
    n_points: Floats

    @property
    def span(self) -> Floats:
        """Years between the two; 0 for one point."""
        return self.last_year - self.first_year


def ends(block: Block) -> Ends:
    """Give the first and the last point of each series."""
    known = np.isfinite(block.values)
    some = known.any(axis=1)
    if not block.years.size:
        empty = np.full(len(block.values), np.nan)
        return Ends(empty, empty, empty, empty, np.zeros(len(block.values)))
    at_first, at_last = known.argmax(axis=1), known.shape[1] - 1 - known[:, ::-1].argmax(axis=1)
    rows = np.arange(len(known))
    return Ends(
        np.where(some, block.years[at_first], np.nan), np.where(some, block.values[rows, at_first], np.nan),
        np.where(some, block.years[at_last], np.nan), np.where(some, block.values[rows, at_last], np.nan), block.n_points,
    )  # fmt: skip


def is_old(points: Ends, as_of: float) -> Flags:
    """Whether the last point lies so far back that it speaks of no present trend.

    Args:
        as_of: the year that trends are judged from.

    Source:
        Ours: the short windows (SDG Index, Eurostat, Germany) look back ``OLDEST_YEARS``; an older point lies in none of them.
    """
    return np.asarray(as_of - points.last_year > OLDEST_YEARS)


def has_trend(points: Ends, as_of: float) -> Flags:
    """Whether the points may be spoken of as a trend: there are ``TREND_POINTS`` or more, and the last is not old."""
    return np.asarray((points.n_points >= TREND_POINTS) & ~is_old(points, as_of))


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line through each series, fitted by weighted least squares; shape (n,) each.

    ``slope`` is per year; ``at_mean_year`` the line's value at ``mean_year``; ``residual_sd`` has n - 2 degrees
    of freedom and is ``nan`` for fewer than three points; ``spread`` is the weighted sum of squared years.
    """

    mean_year: Floats
    at_mean_year: Floats
    slope: Floats
    residual_sd: Floats
    spread: Floats
    n_points: Floats

    def at(self, year: float | Floats) -> Floats:
        """Value of the line in a year."""
        return self.at_mean_year + self.slope * (np.asarray(year) - self.mean_year)


def fit_line(block: Block, *, weights: Floats | None = None) -> Line:
    """Fit a line to each series.

    Args:
        weights: shape (n, t), not negative; equal when not given.

    Returns:
        ``slope`` and all after it are ``nan`` for a series with fewer than two points.
    """
    known = np.isfinite(block.values)
    weight = known.astype(np.float64) if weights is None else np.where(known, weights, 0.0)
    total = weight.sum(axis=1)
    n = known.sum(axis=1).astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        filled = np.where(known, block.values, 0.0)
        mean_year = (weight * block.years).sum(axis=1) / total
        mean_value = (weight * filled).sum(axis=1) / total
        around = block.years[None, :] - mean_year[:, None]
        spread = (weight * around**2).sum(axis=1)
        slope = (weight * around * (filled - mean_value[:, None])).sum(axis=1) / np.where(n >= 2, spread, np.nan)
        residual = np.where(known, filled - mean_value[:, None] - slope[:, None] * around, 0.0)
        residual_sd = np.sqrt((weight * residual**2).sum(axis=1) / np.where(n >= 3, n - 2, np.nan))
    return Line(mean_year, mean_value, slope, residual_sd, spread, n)


def growth(first: Floats, last: Floats, span: Floats) -> Floats:
    """Compound yearly growth from first to last as a fraction.

    Returns:
        Shape (n,); ``nan`` where a value is not positive or no year lies between.

    Source:
        goals.md 3.2: "undefined at zero or negative values: return no estimate, not a number".
    """
    sound = (first > 0) & (last > 0) & (span > 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(sound, np.power(last / first, 1.0 / span) - 1.0, np.nan)
