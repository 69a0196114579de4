"""Trend rules of other systems, side by side: is a series on its way to its target?

Belongs here: one function per published rule. Does not belong here: which series and targets are asked about, and
where a value stands now (``distances.py``). A rule says nothing (empty verdict) where its own formula is not defined;
the reason stands beside it. No rule speaks of two points, of a window that the points do not cover, or of points that end
long before the year it is asked in (``as_of``); published minima are lower where a rule's source says so.
"""

from dataclasses import dataclass

import numpy as np

from pipelines.methods.blocks import TREND_POINTS, Block, Ends, Flags, Floats, Texts, ends, fit_line, growth, is_old

TOO_FEW, NO_TARGET_YEAR, NOT_POSITIVE, NO_BASE = "too_few_points", "no_target_year", "not_positive", "no_base"
TARGET_YEAR_PAST, NO_WAY, TOO_OLD = "target_year_past", "target_equals_base", "too_old"
COVERED_YEARS = {5: 3.0, 15: 10.0}
GERMAN_YEARS, GERMAN_POINTS = 5, 4
FREE_GROWTH = 0.015


@dataclass(frozen=True, slots=True)
class Goals:
    """Targets of n series, shape (n,) each.

    ``direction`` is +1 when more is better, -1 when less is; ``year`` is ``nan`` for a target without a year.
    """

    target: Floats
    year: Floats
    direction: Floats


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one rule says of n series: a verdict or a reason for none, and the number it rests on; shape (n,) each."""

    verdicts: Texts
    measures: Floats
    reasons: Texts


def _outcome(verdicts: Texts, measures: Floats, reasons: Texts) -> Outcome:
    silent = reasons != ""
    return Outcome(np.where(silent, "", verdicts), np.where(silent, np.nan, measures), reasons)


def reached(value: Floats, goals: Goals) -> Flags:
    """Whether the value is at the target or beyond it."""
    return np.asarray(goals.direction * (value - goals.target) >= 0)


def _too_few(points: Ends, *, window: int | None = None) -> Flags:
    """Whether points are no trend: fewer than three, or too short a part of the window.

    Args:
        window: years that a rule looks back; none for a rule that takes what there is since its base.

    Source:
        Ours: three points. Open SDG and ESCAP take two; but from two no noise can be told from a trend. Ten of fifteen years and
        three of five are Eurostat's, recalled.
    """
    few = points.n_points < TREND_POINTS
    return np.asarray(few if window is None else few | (points.span < COVERED_YEARS[window]))


def _reasons(points: Ends, goals: Goals | None, as_of: float, few: Flags, *extra: tuple[Flags, str]) -> Texts:
    """First reason that holds for each series; empty where none does."""
    conditions = [~np.isfinite(points.first), is_old(points, as_of), few]
    names = [NO_BASE, TOO_OLD, TOO_FEW]
    if goals is not None:
        conditions.append(~np.isfinite(goals.year))
        names.append(NO_TARGET_YEAR)
    conditions += [condition for condition, _ in extra]
    names += [name for _, name in extra]
    return np.select(conditions, names, "")


def sdg_index_arrow(block: Block, goals: Goals, *, as_of: float, base_year: int = 2015, window: int = 5) -> Outcome:
    """Arrow of the SDG Index: the recent yearly change against the one needed since the base year.

    Args:
        as_of: the year that trends are judged from.
        window: years back from the last value over which the recent change is taken.

    Returns:
        ``on_track``, ``moderately_improving``, ``stagnating``, ``decreasing``; measure: actual over needed change.

    Source:
        Sustainable Development Report; cut-offs 0, 0.5 and 1 and the window are recalled (methods.md 2). What is to be reached
        is where its green band begins, not the optimum: "on track or maintaining achievement".
    """
    since = ends(block.since(base_year))
    recent = ends(block.since(ends(block).last_year - window))
    with np.errstate(invalid="ignore", divide="ignore"):
        needed = (goals.target - since.first) / (goals.year - since.first_year)
        actual = (recent.last - recent.first) / recent.span
        ratio = actual / needed
    done = reached(recent.last, goals)
    reasons = _reasons(
        since, goals, as_of, _too_few(since) | _too_few(recent, window=window),
        (~done & ~(goals.year > since.first_year), TARGET_YEAR_PAST),
    )  # fmt: skip
    worse = goals.direction * actual < 0
    was_there = reached(since.first, goals)
    # A target that was met at the base leaves nothing to compare the pace with: met is on track, lost is decreasing.
    verdicts = np.select([done, was_there | worse, ratio >= 1.0, ratio >= 0.5], ["on_track", "decreasing", "on_track", "moderately_improving"], "stagnating")
    return _outcome(verdicts, np.where(done | was_there, np.nan, ratio), reasons)


def statcan_ratio(points: Ends, goals: Goals, *, stand_in: float = 0.001) -> Floats:
    """Actual over needed compound growth, positive towards the target.

    Args:
        stand_in: put in place of a base or target of zero; the result depends on it.
    """
    first, target = np.where(points.first == 0, stand_in, points.first), np.where(goals.target == 0, stand_in, goals.target)
    needed = growth(first, target, goals.year - points.first_year)
    with np.errstate(invalid="ignore", divide="ignore"):
        return goals.direction * growth(first, np.where(points.last == 0, stand_in, points.last), points.span) / np.abs(needed)


def statcan_progress(block: Block, goals: Goals, *, as_of: float, base_year: int = 2015) -> Outcome:
    """Statistics Canada / Open SDG with a target: compound growth against what is needed.

    Args:
        as_of: the year that trends are judged from.

    Returns:
        ``target_achieved``, ``on_track`` (0.95 and above), ``acceleration_needed`` (0.60), ``limited_progress`` (0),
        ``deterioration``; measure: the ratio.

    Source:
        Open SDG progress measure (methods.md 2).
    """
    points = ends(block.since(base_year))
    done = reached(points.last, goals)
    ratio = statcan_ratio(points, goals)
    reasons = _reasons(
        points, goals, as_of, _too_few(points),
        (~done & ~((points.first >= 0) & (points.last >= 0) & (goals.target >= 0)), NOT_POSITIVE),
        (~done & ~(goals.year > points.first_year), TARGET_YEAR_PAST),
        (~done & ~np.isfinite(ratio), NO_WAY),
    )  # fmt: skip
    verdicts = np.select(
        [done, ratio >= 0.95, ratio >= 0.60, ratio >= 0.0], ["target_achieved", "on_track", "acceleration_needed", "limited_progress"], "deterioration"
    )
    return _outcome(verdicts, ratio, reasons)


def natural_limit_factor(first: Floats, limit: Floats) -> Floats:
    """Shrink growth thresholds near a natural limit, so that the wanted growth does not overshoot it in 15 years.

    Returns:
        C in (0, 1]; 1 where there is no limit (``nan``).

    Source:
        Ours: the published formula is an image; this one meets its stated aim (methods.md 2).
    """
    sound = (first > 0) & (limit > 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        yearly = np.abs(np.power(limit / first, 1.0 / 15.0) - 1.0)
    return np.where(sound, np.minimum(1.0, yearly / FREE_GROWTH), 1.0)


def statcan_free_progress(block: Block, direction: Floats, limit: Floats, *, as_of: float, base_year: int = 2015) -> Outcome:
    """Statistics Canada / Open SDG without a target: compound growth against fixed rates; a direction only.

    Args:
        limit: natural limit in the wanted direction, ``nan`` for none; shape (n,).
        as_of: the year that trends are judged from.

    Returns:
        ``on_track``, ``acceleration_needed``, ``limited_progress``, ``deterioration``; measure: wanted growth in
        percent a year.
    """
    points = ends(block.since(base_year))
    rate = direction * growth(points.first, points.last, points.span)
    at_limit = np.isfinite(limit) & (points.first == limit)
    factor = np.where(at_limit, 0.0, natural_limit_factor(points.first, limit))
    reasons = _reasons(points, None, as_of, _too_few(points), (~np.isfinite(rate), NOT_POSITIVE))
    verdicts = np.select(
        [rate >= FREE_GROWTH * factor, rate >= 0.005 * factor, rate >= 0.0], ["on_track", "acceleration_needed", "limited_progress"], "deterioration"
    )
    return _outcome(verdicts, 100.0 * rate, reasons)


def eurostat_progress(block: Block, goals: Goals, *, as_of: float, window: int) -> Outcome:
    """Eurostat with a target: actual over needed compound growth from the window's first year.

    Args:
        as_of: the year that trends are judged from.
        window: 5 (short term) or 15 (long term) years back from the last value.

    Returns:
        ``significant_progress`` (95 % and above), ``moderate_progress`` (60 %), ``insufficient_progress`` (0 %),
        ``movement_away``; measure: the ratio.

    Source:
        Eurostat monitoring of the SDGs; thresholds recalled, kinship stated by Statistics Canada (methods.md 2).
    """
    points = ends(block.since(ends(block).last_year - window))
    done = reached(points.last, goals)
    needed = growth(points.first, goals.target, goals.year - points.first_year)
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = goals.direction * growth(points.first, points.last, points.span) / np.abs(needed)
    sound = (points.first > 0) & (points.last > 0) & (goals.target > 0)
    reasons = _reasons(
        points, goals, as_of, _too_few(points, window=window),
        (~done & ~sound, NOT_POSITIVE), (~done & ~(goals.year > points.first_year), TARGET_YEAR_PAST), (~done & ~np.isfinite(ratio), NO_WAY),
    )  # fmt: skip
    verdicts = np.select(
        [done | (ratio >= 0.95), ratio >= 0.60, ratio >= 0.0], ["significant_progress", "moderate_progress", "insufficient_progress"], "movement_away"
    )
    return _outcome(verdicts, np.where(done, np.nan, ratio), reasons)


def eurostat_free_progress(block: Block, direction: Floats, *, as_of: float, window: int) -> Outcome:
    """Eurostat without a target: wanted growth of 1 % a year and more, 0 to 1, 0 to -1, below.

    Args:
        as_of: the year that trends are judged from.
        window: as in ``eurostat_progress``.

    Returns:
        ``significant_progress``, ``moderate_progress``, ``moderate_movement_away``, ``significant_movement_away``;
        measure: wanted growth in percent a year.
    """
    points = ends(block.since(ends(block).last_year - window))
    rate = direction * growth(points.first, points.last, points.span)
    reasons = _reasons(points, None, as_of, _too_few(points, window=window), (~np.isfinite(rate), NOT_POSITIVE))
    verdicts = np.select(
        [rate >= 0.01, rate >= 0.0, rate >= -0.01], ["significant_progress", "moderate_progress", "moderate_movement_away"], "significant_movement_away"
    )
    return _outcome(verdicts, 100.0 * rate, reasons)


def escap_status(block: Block, goals: Goals, *, base_year: int = 2015) -> Floats:
    """ESCAP current status index: 0 at the base, 10 at the target, cut at both ends; ``nan`` where it is not defined.

    Source:
        ESCAP Asia and the Pacific SDG Progress Report (methods.md 2).
    """
    points = ends(block.since(base_year))
    way = goals.target - points.first
    with np.errstate(invalid="ignore", divide="ignore"):
        share = (points.last - points.first) / way
    met = reached(points.last, goals)
    return np.where(met, 10.0, np.where(reached(points.first, goals), 0.0, 10.0 * np.clip(share, 0.0, 1.0)))


def escap_progress(block: Block, goals: Goals, *, as_of: float, base_year: int = 2015) -> Outcome:
    """ESCAP anticipated progress: the gap that the projected value leaves in the target year, of the whole way.

    The projection is a line fitted with weights rising by one a year towards the latest (our reading of "recent years
    heavier").

    Args:
        as_of: the year that trends are judged from.

    Returns:
        ``keep_pace`` (10 and below), ``speed_up`` (to 100), ``reverse``; measure: the index in percent.

    Source:
        ESCAP; cut-offs recalled (methods.md 2).
    """
    since = block.since(base_year)
    points = ends(since)
    weights = np.maximum(since.years[None, :] - points.first_year[:, None] + 1.0, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        projected = fit_line(since, weights=np.where(np.isfinite(weights), weights, 0.0)).at(goals.year)
        index = 100.0 * np.maximum(0.0, goals.direction * (goals.target - projected)) / np.abs(goals.target - points.first)
    was_there = reached(points.first, goals)
    reasons = _reasons(
        points, goals, as_of, _too_few(points),
        (was_there & ~reached(points.last, goals), NO_WAY), (~was_there & ~(goals.year > points.first_year), TARGET_YEAR_PAST),
    )  # fmt: skip
    done = reached(points.last, goals)
    verdicts = np.select([done | (index <= 10.0), index <= 100.0], ["keep_pace", "speed_up"], "reverse")
    return _outcome(verdicts, np.where(was_there, np.nan, index), reasons)


def german_symbol(block: Block, goals: Goals, *, as_of: float) -> Outcome:
    """German weather symbol: the mean of the last five yearly changes carried on to the target year.

    Args:
        as_of: the year that trends are judged from.

    Returns:
        ``sun`` (miss under 5 % of the way left), ``slightly_cloudy`` (to 20 %), ``cloudy`` (more, right direction),
        ``storm`` (wrong direction); measure: the missed share in percent.

    Source:
        German sustainable development strategy, indicator report of the Federal Statistical Office: six points, at
        least four (methods.md 2).
    """
    points = ends(block.since(ends(block).last_year - GERMAN_YEARS))
    with np.errstate(invalid="ignore", divide="ignore"):
        change = (points.last - points.first) / points.span
        shortfall = goals.direction * (goals.target - (points.last + change * (goals.year - points.last_year)))
        missed = 100.0 * np.maximum(0.0, shortfall) / np.abs(goals.target - points.last)
    done = reached(points.last, goals)
    # At the target, only a development away from it is bad weather.
    stays = done & (shortfall <= 0)
    reasons = _reasons(points, goals, as_of, points.n_points < GERMAN_POINTS, (~done & ~(goals.year > points.last_year), TARGET_YEAR_PAST))
    verdicts = np.select([stays, goals.direction * change <= 0, missed < 5.0, missed <= 20.0], ["sun", "storm", "sun", "slightly_cloudy"], "cloudy")
    return _outcome(verdicts, np.where(done, np.nan, missed), reasons)


def share_of_path(points: Ends, goals: Goals) -> Floats:
    """Share of the way from base to target that is done, in percent; ``nan`` where base and target are one.

    Source:
        Healthy People: 100 (y - y0) / (T - y0).
    """
    way = goals.target - points.first
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(way != 0, 100.0 * (points.last - points.first) / way, np.nan)
