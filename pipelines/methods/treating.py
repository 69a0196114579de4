"""Outliers of an indicator: found by skew and kurtosis, drawn in one by one, else by a logarithm.

Belongs here: one column and what was done to it. Does not belong here: faults of a value (rules of the contract).
"""

from dataclasses import dataclass

import numpy as np

from pipelines.methods.blocks import Floats

FEWEST = 25
LOG_SHIFT = 0.01


@dataclass(frozen=True, slots=True)
class Treatment:
    """Thresholds of the outlier rule.

    Args:
        skew, kurtosis: a column passes when its skew is below the one, or its excess kurtosis below the other.
        most_drawn_in: points that may be drawn in before the logarithm is tried; points, not steps, of which one may move several.
        may_log: whether the logarithm may be tried.

    Source:
        methods.md 1, step 4: thresholds 2 and 3.5, five points.
    """

    skew: float = 2.0
    kurtosis: float = 3.5
    most_drawn_in: int = 5
    may_log: bool = True


@dataclass(frozen=True, slots=True)
class Treated:
    """A column after treatment and what was done.

    ``step`` is ``none``, ``drawn_in``, ``logarithm``, ``would_be_constant`` or ``failed``: in the last two cases the column stands as it was and
    does not pass. ``n_drawn_in`` counts points.
    """

    values: Floats
    step: str
    n_drawn_in: int


def skewness(values: Floats) -> float:
    """Skew corrected for the number of values, without ``nan``; ``nan`` for fewer than three values or none that differs.

    Source:
        G1 of Joanes and Gill (1998), type 2 in R's e1071.
    """
    x = values[np.isfinite(values)]
    n = len(x)
    if n < 3 or x.max() == x.min():
        return float("nan")
    around = x - x.mean()
    return float(np.mean(around**3) / np.mean(around**2) ** 1.5 * np.sqrt(n * (n - 1)) / (n - 2))


def excess_kurtosis(values: Floats) -> float:
    """Excess kurtosis corrected for the number of values; ``nan`` for fewer than four values or none that differs.

    Source:
        G2 of Joanes and Gill (1998), type 2 in R's e1071.
    """
    x = values[np.isfinite(values)]
    n = len(x)
    if n < 4 or x.max() == x.min():
        return float("nan")
    around = x - x.mean()
    plain = np.mean(around**4) / np.mean(around**2) ** 2 - 3.0
    return float(((n + 1) * plain + 6.0) * (n - 1) / ((n - 2) * (n - 3)))


def passes(values: Floats, rule: Treatment) -> bool:
    """Whether a column needs no treatment; too few values to tell count as passing."""
    skew, kurtosis = skewness(values), excess_kurtosis(values)
    return not (abs(skew) >= rule.skew and kurtosis >= rule.kurtosis)


def draw_in(values: Floats, rule: Treatment) -> tuple[Floats, int]:
    """Draw the most extreme values in to the next one, one step at a time, until the column passes or enough points were drawn in.

    The high end when the skew is positive, else the low end. Values that are alike move together, so that the last step may go beyond the limit;
    a point that moves twice is one point. Never until nothing varies: a column with two values left stays as it is.

    Returns:
        The column and the number of points that are drawn in.

    Source:
        COINr 1.1.14 on tied outliers (``tests/fixtures/coinr``): the limit is held against points before each step.
    """
    x = np.array(values)
    moved = np.zeros(x.shape, bool)
    while moved.sum() < rule.most_drawn_in and not passes(x, rule):
        known = x[np.isfinite(x)]
        is_high = skewness(x) > 0
        end = known.max() if is_high else known.min()
        rest = known[known != end]
        if rest.min() == rest.max():
            break
        at_end = x == end
        moved |= at_end
        x[at_end] = rest.max() if is_high else rest.min()
    return x, int(moved.sum())


def take_logarithm(values: Floats) -> Floats:
    """Take the logarithm that keeps the order: from the low end when the skew is positive, from the high end otherwise.

    Source:
        methods.md 1, step 4: ln(x - min + a), and -ln(max + a - x), a a hundredth of the range.
    """
    low, high = np.nanmin(values), np.nanmax(values)
    shift = LOG_SHIFT * (high - low)
    return np.asarray(np.log(values - low + shift) if skewness(values) >= 0 else -np.log(high + shift - values))


def treat_column(values: Floats, rule: Treatment) -> Treated:
    """Treat one column: leave it, draw values in, or take the logarithm of what was there before; the first that passes.

    A column that drawing in would make constant is left alone: a flag that few cities have is no outlier, and no figure would be left of it.
    """
    if passes(values, rule):
        return Treated(np.array(values), "none", 0)
    drawn, n_points = draw_in(values, rule)
    if passes(drawn, rule):
        return Treated(drawn, "drawn_in", n_points)
    if n_points < rule.most_drawn_in:
        return Treated(np.array(values), "would_be_constant", 0)
    if rule.may_log:
        logged = take_logarithm(values)
        if passes(logged, rule):
            return Treated(logged, "logarithm", 0)
    return Treated(np.array(values), "failed", 0)


def treat(values: Floats, rule: Treatment) -> tuple[Floats, tuple[Treated, ...]]:
    """Treat every column of a matrix of shape (n, m)."""
    columns = tuple(treat_column(values[:, j], rule) for j in range(values.shape[1]))
    return np.column_stack([c.values for c in columns]), columns


@dataclass(frozen=True, slots=True)
class Transform:
    """What treatment found for each column, so that it can be done to other values of the column; shape (m,) each.

    Values are kept within ``low`` and ``high``; ``log_side`` is +1 for a logarithm from the low end, -1 from the high end, 0 for none.
    """

    low: Floats
    high: Floats
    log_side: Floats
    shift: Floats

    def __call__(self, values: Floats) -> Floats:
        """Treat values of shape (..., n, m)."""
        kept = np.clip(values, self.low, self.high)
        if not self.log_side.any():
            return kept
        way = np.where(self.log_side > 0, kept - self.low, self.high - kept) + self.shift
        logged = np.log(np.where(self.log_side != 0, way, 1.0)) * self.log_side
        return np.where(self.log_side != 0, logged, kept)


def fit_transform(values: Floats, rule: Treatment | None) -> Transform:
    """Say what a rule does to a matrix of shape (n, m); nothing for no rule."""
    m = values.shape[1]
    found = Transform(np.full(m, -np.inf), np.full(m, np.inf), np.zeros(m), np.zeros(m))
    if rule is None:
        return found
    for j in range(m):
        done = treat_column(values[:, j], rule)
        ends = done.values if done.step == "drawn_in" else values[:, j]
        if done.step in ("drawn_in", "logarithm"):
            found.low[j], found.high[j] = np.nanmin(ends), np.nanmax(ends)
        if done.step == "logarithm":
            found.log_side[j] = 1.0 if skewness(ends) >= 0 else -1.0
            found.shift[j] = LOG_SHIFT * (found.high[j] - found.low[j])
    return found
