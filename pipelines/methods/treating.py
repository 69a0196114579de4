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
        most_drawn_in: points that may be drawn in before the logarithm is tried.
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

    ``step`` is ``none``, ``drawn_in``, ``logarithm`` or ``failed``: in the last case the column stands as it was and does not pass.
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
    """Draw the most extreme values in to the next one, one step at a time, until the column passes or the limit is reached.

    The high end when the skew is positive, else the low end. Values already drawn together move together and count once a step.

    Returns:
        The column and the number of steps.
    """
    x = np.array(values)
    for step in range(rule.most_drawn_in):
        if passes(x, rule):
            return x, step
        known = x[np.isfinite(x)]
        end = known.max() if skewness(x) > 0 else known.min()
        rest = known[known != end]
        x[x == end] = rest.max() if skewness(x) > 0 else rest.min()
    return x, rule.most_drawn_in


def take_logarithm(values: Floats) -> Floats:
    """Take the logarithm that keeps the order: from the low end when the skew is positive, from the high end otherwise.

    Source:
        methods.md 1, step 4: ln(x - min + a), and -ln(max + a - x), a a hundredth of the range.
    """
    low, high = np.nanmin(values), np.nanmax(values)
    shift = LOG_SHIFT * (high - low)
    return np.asarray(np.log(values - low + shift) if skewness(values) >= 0 else -np.log(high + shift - values))


def treat_column(values: Floats, rule: Treatment) -> Treated:
    """Treat one column: leave it, draw values in, or take the logarithm of what was there before; the first that passes."""
    if passes(values, rule):
        return Treated(np.array(values), "none", 0)
    drawn, steps = draw_in(values, rule)
    if passes(drawn, rule):
        return Treated(drawn, "drawn_in", steps)
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
