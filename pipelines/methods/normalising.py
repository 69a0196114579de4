"""Bring indicators onto one scale: every published normalisation, fitted on data and applied to data.

Belongs here: one column at a time, city by city. Does not belong here: weights, groups.
Fitting and applying are apart, so that the bounds of one edition can be put on the data of another.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from pipelines.methods.blocks import Floats


class Scale(StrEnum):
    """The normalisations, by the names of recipes."""

    MIN_MAX = "min_max"
    GOALPOSTS = "goalposts"
    SDG_INDEX = "sdg_index"
    Z_SCORE = "z_score"
    SCALED = "scaled"
    RANK = "rank"
    PERCENTILE_RANK = "percentile_rank"
    BORDA = "borda"
    DISTANCE_TO_TARGET = "distance_to_target"
    DISTANCE_TO_BEST = "distance_to_best"
    DISTANCE_TO_REFERENCE = "distance_to_reference"
    SHARE_OF_BEST = "share_of_best"
    OECD_DISTANCE = "oecd_distance"


BY_PLACE = (Scale.RANK, Scale.PERCENTILE_RANK, Scale.BORDA)
FIXED_BOUNDS = (Scale.GOALPOSTS, Scale.SCALED)
WORST_QUANTILE = 0.025


@dataclass(frozen=True, slots=True)
class Normalisation:
    """A normalisation with its parameters.

    Args:
        low, high: what the scale's two ends are called: 0 and 100 for most; mean and standard deviation for ``z_score``.
        lower, upper: fixed ends per indicator in its unit, shape (m,); for goalposts and scaled.
        target: target or optimum per indicator in its unit, shape (m,); for distance to target, SDG Index and OECD.
        reference: place of the reference city; for distance to reference.
        is_cut: keep values within the ends; goalposts, SDG Index, and the upper end of distances.
        floor: no value goes below this one; for runs that put z-scores through a geometric mean.
    """

    scale: Scale
    low: float = 0.0
    high: float = 100.0
    lower: Floats | None = None
    upper: Floats | None = None
    target: Floats | None = None
    reference: int = 0
    is_cut: bool = True
    floor: float | None = None

    @property
    def lower_is_better(self) -> bool:
        """Whether the normalised value is a distance still to go."""
        return self.scale is Scale.OECD_DISTANCE

    @property
    def has_range(self) -> bool:
        """Whether no normalised value, of any city, can lie outside ``low`` to ``high``."""
        return self.scale in (Scale.MIN_MAX, Scale.PERCENTILE_RANK, Scale.DISTANCE_TO_BEST) or (
            self.is_cut and self.scale in (Scale.GOALPOSTS, Scale.SDG_INDEX)
        )


@dataclass(frozen=True, slots=True)
class Bounds:
    """The two values of each indicator, after its direction is multiplied in, that become 0 and 1; shape (m,) each."""

    zero: Floats
    one: Floats


def fit_bounds(values: Floats, directions: Floats, how: Normalisation) -> Bounds:
    """Find the bounds of each indicator.

    Args:
        values: shape (n, m), in each indicator's unit, ``nan`` where missing.
        directions: shape (m,), +1 when more is better, -1 when less is.

    Returns:
        ``nan`` for scales by place, which have no bounds.

    Raises:
        ValueError: a column is constant or empty (nothing can be divided by its spread), or bounds that the scale needs are missing or equal.

    Source:
        methods.md 1, step 5.
    """
    turned = values * directions
    known = np.isfinite(turned)
    if not known.any(axis=0).all():
        raise ValueError(f"indicators at places {np.flatnonzero(~known.any(axis=0)).tolist()} have no value; take them out of the recipe")
    if how.scale in BY_PLACE:
        nothing = np.full(values.shape[1], np.nan)
        return Bounds(nothing, nothing)
    least, most = np.nanmin(turned, axis=0), np.nanmax(turned, axis=0)
    zero, one = _ends(turned, directions, how, least, most)
    flat = ~np.isfinite(zero) | ~np.isfinite(one) | (zero == one)
    if flat.any():
        raise ValueError(
            f"indicators at places {np.flatnonzero(flat).tolist()} have no spread for {how.scale}: every city has the same value, or both ends are equal; "
            "take them out, or give them fixed ends"
        )
    return Bounds(zero, one)


def _ends(turned: Floats, directions: Floats, how: Normalisation, least: Floats, most: Floats) -> tuple[Floats, Floats]:
    if how.scale in (Scale.MIN_MAX, Scale.DISTANCE_TO_BEST):
        return least, most
    if how.scale in FIXED_BOUNDS:
        lower, upper = _given(how.lower, "lower ends"), _given(how.upper, "upper ends")
        return np.where(directions > 0, lower, -upper), np.where(directions > 0, upper, -lower)
    if how.scale is Scale.SHARE_OF_BEST:
        if (least <= 0).any():
            raise ValueError("share of best needs positive data and more-is-better; choose another scale for the others")
        return np.zeros_like(most), most
    if how.scale is Scale.DISTANCE_TO_REFERENCE:
        return least, turned[how.reference]
    if how.scale is Scale.Z_SCORE:
        mean = np.nanmean(turned, axis=0)
        spread = _spread(turned)
        return mean, mean + np.where(spread > 0, spread, np.nan)
    target = _given(how.target, "targets") * directions
    if how.scale is Scale.SDG_INDEX:
        return np.nanquantile(turned, WORST_QUANTILE, axis=0), target
    if how.scale is Scale.OECD_DISTANCE:
        return target, target - _spread(turned)
    return least, target


def _given(ends: Floats | None, what: str) -> Floats:
    if ends is None:
        raise ValueError(f"this scale needs {what} for every indicator; name them in the recipe")
    return ends


def _spread(turned: Floats) -> Floats:
    """Standard deviation with n - 1 in the denominator; ``nan`` for fewer than two values or none that differs."""
    n = np.isfinite(turned).sum(axis=0)
    around = turned - np.nanmean(turned, axis=0)
    spread = np.sqrt(np.nansum(around**2, axis=0) / np.maximum(n - 1, 1))
    differs = np.nanmax(turned, axis=0) > np.nanmin(turned, axis=0)
    return np.where((n > 1) & differs, spread, np.nan)


def apply_bounds(values: Floats, directions: Floats, how: Normalisation, bounds: Bounds) -> Floats:
    """Put values on the scale.

    Args:
        values: shape (..., n, m).

    Returns:
        The same shape; higher is better, but for ``oecd_distance``.
    """
    way = np.asarray(values * directions)
    if how.scale in BY_PLACE:
        return _by_place(way, how)
    # In place: thousands of runs pass here, and each new array would be written and read once more.
    way -= bounds.zero
    way /= bounds.one - bounds.zero
    if how.scale is Scale.OECD_DISTANCE:
        return np.maximum(way, 0.0, out=way)
    if how.is_cut and how.scale in (Scale.GOALPOSTS, Scale.SDG_INDEX):
        np.clip(way, 0.0, 1.0, out=way)
    elif how.is_cut and how.scale in (Scale.DISTANCE_TO_TARGET, Scale.DISTANCE_TO_REFERENCE):
        np.minimum(way, 1.0, out=way)
    way *= how.high if how.scale is Scale.Z_SCORE else how.high - how.low
    way += how.low
    return way if how.floor is None else np.maximum(way, how.floor, out=way)


def _by_place(turned: Floats, how: Normalisation) -> Floats:
    places = places_upwards(turned)
    if how.scale is Scale.RANK:
        return places
    if how.scale is Scale.BORDA:
        return places - 1.0
    n = np.isfinite(turned).sum(axis=-2, keepdims=True)
    share: Floats = (places - 1.0) / np.maximum(n - 1, 1)
    return share * (how.high - how.low) + how.low


def places_upwards(turned: Floats) -> Floats:
    """Place of each value in its column, 1 for the least; equals share the lowest place; ``nan`` stays ``nan``.

    Args:
        turned: shape (..., n, m).
    """
    across = np.moveaxis(turned, -2, -1)
    order = np.argsort(across, axis=-1)
    in_order = np.take_along_axis(across, order, axis=-1)
    spots = np.arange(across.shape[-1])
    starts = np.concatenate([np.ones_like(in_order[..., :1], bool), in_order[..., 1:] != in_order[..., :-1]], axis=-1)
    firsts = np.maximum.accumulate(np.where(starts, spots, 0), axis=-1)
    places = np.empty(across.shape)
    np.put_along_axis(places, order, firsts + 1.0, axis=-1)
    return np.where(np.isfinite(turned), np.moveaxis(places, -1, -2), np.nan)


def normalise(values: Floats, directions: Floats, how: Normalisation) -> Floats:
    """Fit and apply in one step; arguments and errors as in ``fit_bounds``."""
    return apply_bounds(values, directions, how, fit_bounds(values, directions, how))
