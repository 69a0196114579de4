"""Hold every series against every goal set: from the core through the methods to schema ``scored``.

Belongs here: which series meets which target, and the order of columns. Does not belong here: any formula (methods).
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from pipelines.methods.agreement import agree
from pipelines.methods.blocks import Block, Ends, Floats, ends, fit_line, has_trend
from pipelines.methods.distances import level_reached, loss_outside_band, score_between, sdr_colour, share_of_target, u4ssc_points
from pipelines.methods.projections import backtest_error, finishing_year, needed_change, needed_growth, pace_interval, project
from pipelines.methods.verdicts import (
    Goals,
    Outcome,
    escap_progress,
    escap_status,
    eurostat_free_progress,
    eurostat_progress,
    german_symbol,
    reached,
    sdg_index_arrow,
    share_of_path,
    statcan_free_progress,
    statcan_progress,
)  # fmt: skip
from pipelines.warehouse.scored_tables import Columns, read_core, read_levels, read_reference_year, write_scored

BASE_YEAR = 2015
SHORT, LONG = 5, 15
NO_GOAL = "none"
STEADY_DIGITS = 12
DIRECTIONS = {"higher_better": 1.0, "lower_better": -1.0}
Indices = np.ndarray[Any, np.dtype[np.int64]]

TARGET_RULES: dict[str, Callable[[Block, Goals, float], Outcome]] = {
    "sdg_index": lambda block, goals, as_of: sdg_index_arrow(block, goals, as_of=as_of, base_year=BASE_YEAR),
    "statcan": lambda block, goals, as_of: statcan_progress(block, goals, as_of=as_of, base_year=BASE_YEAR),
    "eurostat_short": lambda block, goals, as_of: eurostat_progress(block, goals, as_of=as_of, window=SHORT),
    "eurostat_long": lambda block, goals, as_of: eurostat_progress(block, goals, as_of=as_of, window=LONG),
    "escap": lambda block, goals, as_of: escap_progress(block, goals, as_of=as_of, base_year=BASE_YEAR),
    "german": lambda block, goals, as_of: german_symbol(block, goals, as_of=as_of),
}


@dataclass(frozen=True, slots=True)
class SeriesTable:
    """Every series once: what it is of, and its points on one grid of years."""

    ids: list[str]
    cities: list[str]
    members: list[str]
    indicators: list[str]
    block: Block


@dataclass(frozen=True, slots=True)
class Pairs:
    """Which series meets which row of a table of targets; two arrays of one length."""

    series: Indices
    rows: Indices


def series_table(points: Columns) -> SeriesTable:
    """Put points, which come sorted by series and year, on one grid."""
    ids, first, at = np.unique(np.array(points["series_id"], str), return_index=True, return_inverse=True)
    # A build that takes in no figure has no series; its grid still has a year, so that every method meets a block of its shape.
    years = np.arange(points["period_year"].min(), points["period_year"].max() + 1) if len(ids) else np.array([float(BASE_YEAR)])
    values = np.full((len(ids), len(years)), np.nan)
    if len(ids):
        values[at, (points["period_year"] - years[0]).astype(int)] = points["harmonised_value"]

    def of(name: str) -> list[str]:
        return [points[name][i] for i in first]

    return SeriesTable(list(ids), of("city_code"), of("member_code"), of("indicator_code"), Block(years, values))


def meet(table: SeriesTable, targets: Columns) -> Pairs:
    """Pair each target with the series of its indicator, within the country or city the goal set is for."""
    of_indicator: dict[str, list[int]] = defaultdict(list)
    for number, code in enumerate(table.indicators):
        of_indicator[code].append(number)
    found = [
        (number, row)
        for row, code in enumerate(targets["indicator_code"])
        for number in of_indicator.get(code, ())
        if targets["goal_member_code"][row] in (None, table.members[number]) and targets["goal_city_code"][row] in (None, table.cities[number])
    ]
    both = np.array(found, np.int64).reshape(-1, 2)
    return Pairs(both[:, 0], both[:, 1])


def steady(values: Floats) -> Floats:
    """Round to twelve significant digits, so that processors that sum in another order give the same bytes."""
    sound = np.isfinite(values) & (values != 0)
    power = np.where(sound, STEADY_DIGITS - 1 - np.floor(np.log10(np.abs(np.where(sound, values, 1.0)))), 0.0)
    return np.where(sound, np.round(values * 10.0**power) / 10.0**power, values)


def targets_of(block: Block, rows: Columns, pairs: Pairs) -> tuple[Goals, np.ndarray[Any, Any]]:
    """Targets of each pair, and the reason where there is none: no direction, two-sided, or no value in the base year."""
    direction = np.array([DIRECTIONS.get(rows["direction_code"][r], np.nan) for r in pairs.rows])
    share, base_year, level = (rows[name][pairs.rows] for name in ("share_of_base", "base_year", "target_level"))
    at = np.where(np.isfinite(base_year) & (base_year >= block.years[0]) & (base_year <= block.years[-1]), base_year - block.years[0], -1).astype(int)
    base = np.where(at >= 0, block.values[np.arange(len(at)), at], np.nan)
    target = np.where(np.isfinite(level), level, share * base)
    band = np.isfinite(rows["band_low"][pairs.rows])
    reasons = np.select([band, ~np.isfinite(direction), ~np.isfinite(target)], ["two_sided", "no_direction", "no_base_value"], "")
    judged = reasons == ""
    return Goals(np.where(judged, target, np.nan), rows["target_year"][pairs.rows], np.where(judged, direction, np.nan)), reasons


def standings(table: SeriesTable, rows: Columns, pairs: Pairs, indicators: Columns, *, as_of: float) -> tuple[Columns, Goals, Block]:
    """Where each series stands against each target; returns the columns, the goals and the block of the pairs.

    The target is the goal line; the optimum, where a set has one, is where its score is 100 and never what is left to go.
    """
    block = Block(table.block.years, table.block.values[pairs.series])
    goals, reasons = targets_of(block, rows, pairs)
    since, whole = ends(block.since(BASE_YEAR)), ends(block)
    green, red, worst, low, high = (rows[f"{name}"][pairs.rows] for name in ("green_level", "red_level", "worst_level", "band_low", "band_high"))
    optimum = np.where(reasons == "", rows["optimum_level"][pairs.rows], np.nan)
    zero = np.where(goals.direction > 0, np.where(np.isfinite(worst), worst, 0.0), worst)
    share = np.where(reasons == "", share_of_target(whole.last, goals.target, zero), np.nan)
    in_band = np.isfinite(low)
    outside = loss_outside_band(whole.last, low, high)
    met = np.where(in_band, outside <= 0, reached(whole.last, goals))
    known = in_band | (reasons == "")
    colours = np.where(np.isfinite(green) & np.isfinite(red), sdr_colour(whole.last, green, red), "")
    columns: Columns = {
        "series_id": [table.ids[i] for i in pairs.series], "goal_set_code": [rows["goal_set_code"][r] for r in pairs.rows],
        "target_level": goals.target, "target_year": goals.year, "optimum_level": optimum, **_ends_columns(since, whole), "n_points": block.n_points,
        "is_reached": np.where(known, met.astype(float), np.nan),
        "gap_left": np.where(in_band, outside, np.maximum(0.0, goals.direction * (goals.target - whole.last))),
        "gap_to_optimum": np.maximum(0.0, goals.direction * (optimum - whole.last)),
        "share_of_target": 100.0 * share, "u4ssc_points": u4ssc_points(share),
        "sdr_score": score_between(whole.last, worst, optimum), "sdr_colour": colours,
        "level_reached": np.full(len(reasons), np.nan), "share_of_path": share_of_path(since, goals),
        "escap_status": escap_status(block, goals, base_year=BASE_YEAR),
        **_trend_columns(block.since(BASE_YEAR), goals, hard_limits(table, pairs, indicators), as_of=as_of),
        "pace_needed": np.where(met, np.nan, needed_change(whole.last, whole.last_year, goals.target, goals.year)),
        "growth_needed_pct": np.where(met, np.nan, 100.0 * needed_growth(whole.last, whole.last_year, goals.target, goals.year)),
        "standing_reason": np.where(known, "", reasons),
    }  # fmt: skip
    return columns, goals, block


def _trend_columns(block: Block, goals: Goals, within: tuple[Floats, Floats], *, as_of: float) -> Columns:
    """Pace, projection and finishing year; ``nan`` where the points are no trend."""
    points, line = ends(block), fit_line(block)
    pace_low, pace_high = pace_interval(line)
    ahead = project(block, goals.year)
    found = {
        "pace": line.slope, "pace_low": pace_low, "pace_high": pace_high, "finishing_year": finishing_year(points, goals.target),
        "projected_value": np.clip(ahead.value, *within), "projected_low": np.clip(ahead.low, *within), "projected_high": np.clip(ahead.high, *within),
        "backtest_error": backtest_error(block),
    }  # fmt: skip
    return {name: np.where(has_trend(points, as_of), values, np.nan) for name, values in found.items()}


def hard_limits(table: SeriesTable, pairs: Pairs, indicators: Columns) -> tuple[Floats, Floats]:
    """What no value of each pair's indicator can go below or above; a line knows no such limits, a projection keeps to them."""
    at = {code: number for number, code in enumerate(indicators["indicator_code"])}
    rows = [at[table.indicators[i]] for i in pairs.series]
    lowest, highest = indicators["valid_min"][rows], indicators["valid_max"][rows]
    return np.where(np.isfinite(lowest), lowest, -np.inf), np.where(np.isfinite(highest), highest, np.inf)


def _ends_columns(since: Ends, whole: Ends) -> Columns:
    return {"first_year": since.first_year, "first_value": since.first, "last_year": whole.last_year, "last_value": whole.last}


def level_standings(table: SeriesTable, levels: Columns, like: Columns) -> Columns:
    """Where each series stands on a scale of levels; goal sets of levels have no single target.

    Args:
        levels: cut-offs in rising demand, several rows for a goal set and indicator.
        like: the columns that a standing has.
    """
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row, key in enumerate(zip(levels["goal_set_code"], levels["indicator_code"], strict=True)):
        groups[key].append(row)
    first = [rows[0] for rows in groups.values()]
    heads = {name: [levels[name][r] for r in first] for name in ("goal_set_code", "indicator_code", "goal_member_code", "goal_city_code")}
    pairs = meet(table, heads)
    points = ends(Block(table.block.years, table.block.values[pairs.series]))
    reached_levels = np.full(len(pairs.rows), np.nan)
    for number, rows in enumerate(groups.values()):
        of = pairs.rows == number
        direction = np.full(int(of.sum()), DIRECTIONS.get(levels["direction_code"][rows[0]], np.nan))
        reached_levels[of] = level_reached(points.last[of], np.tile(levels["goal_level"][rows], (int(of.sum()), 1)), direction)
    empty = {name: np.full(len(pairs.rows), np.nan) for name in like}
    said = {
        "series_id": [table.ids[i] for i in pairs.series], "goal_set_code": [heads["goal_set_code"][r] for r in pairs.rows],
        "sdr_colour": np.full(len(pairs.rows), ""),
        **_ends_columns(points, points), "n_points": Block(table.block.years, table.block.values[pairs.series]).n_points,
        "level_reached": reached_levels, "standing_reason": np.full(len(pairs.rows), "levels_only"),
    }  # fmt: skip
    return {**empty, **said}


def verdict_columns(ids: list[str], goal_sets: list[str], outcomes: dict[str, Outcome]) -> Columns:
    """Verdicts of several rules over the same pairs, rule after rule."""
    return {
        "series_id": [i for _ in outcomes for i in ids],
        "goal_set_code": [g for _ in outcomes for g in goal_sets],
        "rule_code": [rule for rule in outcomes for _ in ids],
        "verdict_code": [v for o in outcomes.values() for v in o.verdicts],
        "verdict_measure": np.concatenate([o.measures for o in outcomes.values()]),
        "verdict_reason": [r for o in outcomes.values() for r in o.reasons],
    }


def free_outcomes(table: SeriesTable, indicators: Columns, *, as_of: float) -> tuple[list[str], dict[str, Outcome]]:
    """Rules that need no target, over every series whose indicator has a better side; returns the series and the outcomes."""
    better = dict(zip(indicators["indicator_code"], indicators["direction_code"], strict=True))
    highest = dict(zip(indicators["indicator_code"], indicators["valid_max"], strict=True))
    lowest = dict(zip(indicators["indicator_code"], indicators["valid_min"], strict=True))
    chosen = [i for i, code in enumerate(table.indicators) if better[code] in DIRECTIONS]
    block = Block(table.block.years, table.block.values[chosen])
    direction = np.array([DIRECTIONS[better[table.indicators[i]]] for i in chosen])
    limit = np.array([(highest if d > 0 else lowest)[table.indicators[i]] for i, d in zip(chosen, direction, strict=True)])
    outcomes = {
        "statcan_free": statcan_free_progress(block, direction, limit, as_of=as_of, base_year=BASE_YEAR),
        "eurostat_free": eurostat_free_progress(block, direction, as_of=as_of, window=SHORT),
    }
    return [table.ids[i] for i in chosen], outcomes


def join(*tables: Columns) -> Columns:
    """Put tables of the same columns below each other."""
    return {name: np.concatenate([np.asarray(t[name]) for t in tables]) for name in tables[0]}


def track_agreements(levels: Columns) -> Columns:
    """Compare every pair of tracks that rated one city by one scheme, area by area."""
    rated: dict[tuple[str, str], dict[str, dict[str, float]]] = defaultdict(lambda: defaultdict(dict))
    n_levels: dict[str, int] = {}
    parts = (levels[name] for name in ("city_code", "scheme_code", "track_code", "item_code", "level_value", "n_levels"))
    for city, scheme, track, item, level, n in zip(*parts, strict=True):
        rated[city, scheme][track][item] = level
        n_levels[scheme] = int(n)
    found = []
    for (city, scheme), tracks in rated.items():
        for first, second in combinations(sorted(tracks), 2):
            items = sorted({*tracks[first], *tracks[second]})
            one, other = (np.array([tracks[t].get(i, np.nan) for i in items]) for t in (first, second))
            agreed = agree(one, other, n_levels=n_levels[scheme])
            found.append((city, scheme, first, second, agreed.n_pairs, agreed.share_equal, agreed.mean_gap, agreed.kappa))
    names = ("city_code", "scheme_code", "first_track", "second_track", "n_areas_both", "share_equal", "mean_gap", "kappa")
    return {name: np.array([row[i] for row in found], str if i < 4 else np.float64) for i, name in enumerate(names)}


def score_step(warehouse: Path) -> dict[str, int]:
    """Compute standings and verdicts of the cities that this build takes in and leave them in schema ``scored``.

    Returns:
        Table name to number of rows.
    """
    points, targets, levels, indicators = read_core(warehouse)
    as_of = read_reference_year(warehouse)
    table = series_table(points)
    pairs = meet(table, targets)
    stood, goals, block = standings(table, targets, pairs, indicators, as_of=as_of)
    judged = np.flatnonzero(np.isfinite(goals.target))
    part, held = Block(block.years, block.values[judged]), Goals(goals.target[judged], goals.year[judged], goals.direction[judged])
    outcomes = {rule: judge(part, held, as_of) for rule, judge in TARGET_RULES.items()}
    with_target = verdict_columns([stood["series_id"][i] for i in judged], [stood["goal_set_code"][i] for i in judged], outcomes)
    free_ids, free = free_outcomes(table, indicators, as_of=as_of)
    tables = {
        "standings": join(stood, level_standings(table, levels, stood)),
        "verdicts": join(with_target, verdict_columns(free_ids, [NO_GOAL] * len(free_ids), free)),
        "agreements": track_agreements(read_levels(warehouse)),
    }
    tables = {name: {k: steady(c) if isinstance(c, np.ndarray) and c.dtype.kind == "f" else c for k, c in columns.items()} for name, columns in tables.items()}
    write_scored(warehouse, tables)
    return {name: len(next(iter(columns.values()))) for name, columns in tables.items()}
