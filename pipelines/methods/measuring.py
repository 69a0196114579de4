"""Errors of measurement: how far off each figure may be, drawn so that it stays possible and so that what is shared errs together.

Belongs here: the shape of an error by kind of scale, and what one publisher and method share. Does not belong here: how large an error is
(a register of kinds of source), which runs are made (``uncertainty.py``).
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np
import numpy.typing as npt

from pipelines.methods.blocks import Floats
from pipelines.methods.draws import keys_of, normal

# Half of the variance of an error is common to the figures of one publisher and method, until more is known (methods.md 1, step 9).
SHARED_VARIANCE = 0.5
NOT_SHARED = -1
WHOLE = 100.0
OWN_STREAM, SHARED_STREAM = 3, 5


class KindOfScale(StrEnum):
    """What a figure can be, which decides the shape of its error."""

    SHARE = "share"
    RATE = "rate"
    OTHER = "other"


@dataclass(frozen=True)
class Errors:
    """How well each figure of a matrix of n cities and m indicators is measured.

    Args:
        relative_error: shape (n, m), standard deviation as a share of the figure (of a share: of what is nearer, the figure or the rest to 100);
            ``nan`` for no error.
        shared_error_key: shape (n, m), figures with the same number share part of their error; -1 for none.
        kind_of_scale: one an indicator.
    """

    relative_error: Floats
    shared_error_key: npt.NDArray[np.int64]
    kind_of_scale: tuple[KindOfScale, ...]

    def __post_init__(self) -> None:
        if self.relative_error.shape != self.shared_error_key.shape or self.relative_error.shape[1] != len(self.kind_of_scale):
            raise ValueError(
                f"errors {self.relative_error.shape}, keys {self.shared_error_key.shape} and {len(self.kind_of_scale)} kinds of scale do not fit; "
                "expected (n, m), (n, m) and m"
            )
        if (self.relative_error < 0).any():
            raise ValueError("an error below 0 is no standard deviation; state it as a share of the figure, 0 or more, or nan for none")

    # Kept, since thousands of runs ask for them in small batches.
    @cached_property
    def spread(self) -> Floats:
        """Standard deviation of each figure as a share of itself, 0 where there is none, shape (n, m)."""
        return np.nan_to_num(self.relative_error)

    @cached_property
    def sharing(self) -> tuple[int, npt.NDArray[np.int64], Floats]:
        """Number of keys; the place of each figure's among them, the number itself for none; and the part of its error that is its own; (n, m) each."""
        is_shared = self.shared_error_key != NOT_SHARED
        keys = np.unique(self.shared_error_key[is_shared])
        places = np.where(is_shared, np.searchsorted(keys, self.shared_error_key), len(keys))
        return len(keys), places, np.where(is_shared, np.sqrt(1.0 - SHARED_VARIANCE), 1.0)


def deviations(choices: Floats, seed: int, errors: Errors) -> Floats:
    """Draw how many standard deviations each figure is off in each run.

    Args:
        choices: shape (runs,), numbers of [0, 1).

    Returns:
        Shape (runs, n, m), standard normal each. What is shared is drawn once for each key and run, and makes up half of the variance.
    """
    drawn = normal(keys_of(choices, seed, OWN_STREAM), errors.relative_error.shape)
    n_keys, places, own_part = errors.sharing
    if not n_keys:
        return drawn
    common = np.zeros((len(choices), n_keys + 1))
    common[:, :n_keys] = np.sqrt(SHARED_VARIANCE) * normal(keys_of(choices, seed, SHARED_STREAM), (n_keys,))
    drawn *= own_part
    for run in range(len(drawn)):
        drawn[run] += common[run][places]
    return drawn


def disturb(values: Floats, errors: Errors, off: Floats) -> Floats:
    """Give the figures as they may be, when they are off by so many standard deviations.

    Args:
        values: shape (n, m), in each indicator's unit, ``nan`` where missing.
        off: shape (runs, n, m), as ``deviations``; written over.

    Returns:
        Shape (runs, n, m), the median of each cell its value. Rates and counts are log-normal and keep their sign; shares move along their
        odds and stay within 0 to 100, with a standard deviation on the smaller of the share and the rest; all others are normal. A share reported
        beyond 0 or 100 is left as it is: it has no odds.

    Source:
        methods.md 1, step 9: "shares: on min(x, 100 - x), never outside 0 to 100; counts and rates: log-normal".
    """
    spread = errors.spread
    for kind in dict.fromkeys(errors.kind_of_scale):
        columns = [j for j, k in enumerate(errors.kind_of_scale) if k is kind]
        # A view where all are of one kind, which saves two copies of every run.
        at = slice(None) if len(columns) == len(errors.kind_of_scale) else columns
        off[:, :, at] = SHAPES[kind](values[:, at], spread[:, at], off[:, :, at])
    return off


def _shares(values: Floats, spread: Floats, off: Floats) -> Floats:
    moves = (values > 0) & (values < WHOLE) & (spread > 0)
    share = np.where(moves, values, WHOLE / 2.0)
    # A step of one in the logarithm of the odds moves a share by share * (100 - share) / 100.
    off *= np.where(moves, spread * WHOLE / np.maximum(share, WHOLE - share), 0.0)
    np.exp(off, out=off)
    off *= share / (WHOLE - share)
    return np.where(moves, WHOLE * (off / (1.0 + off)), values)


def _rates(values: Floats, spread: Floats, off: Floats) -> Floats:
    # The logarithm's standard deviation whose exponential has the wanted one as a share of its mean.
    off *= np.sqrt(np.log1p(spread**2))
    np.exp(off, out=off)
    off *= values
    return off


def _others(values: Floats, spread: Floats, off: Floats) -> Floats:
    off *= spread * np.abs(values)
    off += values
    return off


SHAPES = {KindOfScale.SHARE: _shares, KindOfScale.RATE: _rates, KindOfScale.OTHER: _others}
