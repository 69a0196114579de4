"""What many runs say of each city's rank: intervals, chances, tie bands; and whether every unsure step does anything at all.

Belongs here: reading ranks of runs. Does not belong here: making the runs (``uncertainty.py``).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipelines.methods.blocks import Floats
from pipelines.methods.draws import random_runs
from pipelines.methods.uncertainty import Engine

OUTSIDE = 0.05
CLEAR = 0.95
FEWEST_FOR_RANKS = 8
PILOT_RUNS = 64
PILOT_CHANGE = 1e-9
RunRanks = npt.NDArray[np.uint16]


class NoEffectError(ValueError):
    """An unsure step that changes nothing: it was asked for and would be reported, and did not happen."""


@dataclass(frozen=True, slots=True)
class Pilot:
    """What each unsure step does alone: the largest change of a score in standard deviations, and the share of runs with another ranking."""

    factors: tuple[str, ...]
    largest_change: Floats
    share_reranked: Floats


def pilot(engine: Engine, *, n_runs: int = PILOT_RUNS) -> Pilot:
    """Vary each unsure step alone and see that it changes the output.

    Raises:
        NoEffectError: a step changes no city's distance from the others in any run; names the steps.

    Source:
        methods.md 1, step 10; asked for in bluefoxr/COINr#60.
    """
    nominal, ranks = _standing(engine.nominal_scores()[engine.ranked]), engine.nominal_ranks()
    changes, reranked = [], []
    for number in range(len(engine.factors)):
        choices = np.full((n_runs, len(engine.factors)), np.nan)
        choices[:, number] = (np.arange(n_runs) + 0.5) / n_runs
        scores = engine.scores(choices)[:, engine.ranked]
        changes.append(np.abs(_standing(scores) - nominal).max())
        reranked.append((engine.ranks(choices) != ranks).any(axis=1).mean())
    idle = [name for name, change in zip(engine.factors, changes, strict=True) if not change > PILOT_CHANGE]
    if idle:
        raise NoEffectError(
            f"{', '.join(idle)}: asked for as unsure, and changes no score in {n_runs} runs. "
            "Take it out of the recipe, or give it alternatives that differ; the run was stopped."
        )
    return Pilot(engine.factors, np.array(changes), np.array(reranked))


def _standing(scores: Floats) -> Floats:
    """Scores of each run as standard deviations from its mean, so that another scale alone is no change."""
    around = scores - scores.mean(axis=-1, keepdims=True)
    spread = around.std(axis=-1, keepdims=True)
    return np.asarray(around / np.where(spread > 0, spread, 1.0))


@dataclass(frozen=True, slots=True)
class RankSummary:
    """Ranks of each ranked city over all runs; shape (n,) each, ``beats`` and ``ties`` (n, n).

    ``low`` and ``high`` are the 5th and 95th percentile, ends of a closed interval of ranks; ``top`` is the share of runs among
    the first ``n_top``; ``beats[i, j]`` the share of runs in which i stands strictly above j; ``band`` numbers the tie bands from 1.
    """

    nominal: Floats
    median: Floats
    mean: Floats
    low: Floats
    high: Floats
    top: Floats
    n_top: int
    beats: Floats
    band: npt.NDArray[np.int64]

    @property
    def n_surely_above(self) -> npt.NDArray[np.int64]:
        """Number of cities that each city stands above in 95 % of the runs, shape (n,)."""
        return np.asarray((self.beats >= CLEAR).sum(axis=1), np.int64)

    @property
    def n_surely_below(self) -> npt.NDArray[np.int64]:
        """Number of cities that stand above each city in 95 % of the runs, shape (n,)."""
        return np.asarray((self.beats >= CLEAR).sum(axis=0), np.int64)

    @property
    def sure_pairs_share(self) -> float:
        """Share of all pairs of cities whose order is the same in 95 % of the runs; ``nan`` for fewer than two cities."""
        n = len(self.nominal)
        return float((self.beats >= CLEAR).sum() / (n * (n - 1) / 2)) if n > 1 else float("nan")

    @property
    def mean_interval_width(self) -> float:
        """Mean over cities of the last rank of the interval less the first, in places: 0 when every rank is sure."""
        return float((self.high - self.low).mean())


def count_ranks(ranks: RunRanks) -> Floats:
    """Count how often each city stood at each rank; (runs, n) to (n, n), ranks from 1."""
    n = ranks.shape[1]
    at = ranks.astype(np.int64) - 1 + np.arange(n) * n
    return np.bincount(at.ravel(), minlength=n * n).reshape(n, n).astype(np.float64)


def median_rank(counts: Floats) -> Floats:
    """Give the lowest rank at or above which at least half of the runs lie; shape (n,)."""
    held = np.cumsum(counts, axis=1)
    return np.asarray((held >= 0.5 * held[:, -1:] - 1e-9).argmax(axis=1) + 1.0)


def rank_interval(counts: Floats, outside: float = OUTSIDE) -> tuple[Floats, Floats]:
    """Give the ends of the interval of ranks beyond which, on each side, a share of the runs lies; shape (n,) each.

    The runs at an end itself count half to each side. Counted whole, a closed interval of few ranks would hold 94 % and more of them.

    Source:
        methods.md 1, step 9 (5th and 95th percentile); percentiles of the mid-distribution: Parzen (2004), Ma, Genton and Parzen (2011).
    """
    share = counts / counts.sum(axis=1, keepdims=True)
    up_to = np.cumsum(share, axis=1) - share / 2.0
    low = (up_to >= outside - 1e-12).argmax(axis=1) + 1.0
    high = counts.shape[1] - (1.0 - up_to[:, ::-1] >= outside - 1e-12).argmax(axis=1).astype(np.float64)
    return low, high


def count_wins(ranks: RunRanks) -> Floats:
    """Share of runs in which one city stands strictly above another; (runs, n) to (n, n)."""
    by_city = np.ascontiguousarray(ranks.T)
    if by_city.max(initial=0) < 256:
        by_city = by_city.astype(np.uint8)
    n, n_runs = by_city.shape
    wins = np.zeros((n, n))
    for i in range(n):
        for j in range(i + 1, n):
            above = np.count_nonzero(by_city[i] < by_city[j])
            wins[i, j] = above
            wins[j, i] = n_runs - above - np.count_nonzero(by_city[i] == by_city[j])
    return np.asarray(wins / n_runs)


def tie_bands(median: Floats, mean: Floats, beats: Floats) -> npt.NDArray[np.int64]:
    """Number bands of cities: sorted by median rank, cut only where every city above beats every city below in 95 % of runs.

    A cut between neighbours alone would leave pairs across it that nobody can tell apart.

    Source:
        methods.md 1, step 9.
    """
    n = len(median)
    order = np.lexsort((np.arange(n), mean, median))
    in_order = beats[np.ix_(order, order)]
    # The least sure pair across each cut: the smallest of the first k rows from column k on.
    least = np.minimum.accumulate(np.minimum.accumulate(in_order, axis=0)[:, ::-1], axis=1)[:, ::-1]
    places = np.arange(1, n)
    band = np.empty(n, np.int64)
    band[order] = np.concatenate([[1], 1 + np.cumsum(least[places - 1, places] >= CLEAR)])
    return band


def summarise_ranks(nominal: npt.NDArray[np.int64], ranks: RunRanks, *, n_top: int) -> RankSummary:
    """Read intervals, chances and bands from the ranks of all runs.

    Args:
        nominal: shape (n,).
        ranks: shape (runs, n).
    """
    counts = count_ranks(ranks)
    places = np.arange(1, len(counts) + 1)
    n_runs = len(ranks)
    mean, median = counts @ places / n_runs, median_rank(counts)
    low, high = rank_interval(counts)
    beats = count_wins(ranks)
    return RankSummary(
        nominal.astype(np.float64), median, mean, low, high, counts[:, :n_top].sum(axis=1) / n_runs, n_top, beats,
        tie_bands(median, mean, beats),
    )  # fmt: skip


def profile_reason(n_indicators: int, summary: RankSummary) -> str:
    """Say why an index shows profiles of its cities and no ranks: ``few_indicators``, ``one_band``, or empty where ranks say something.

    Source:
        methods.md 1, step 9: "Below eight indicators, or with a single band, show profiles and no ranks".
    """
    if n_indicators < FEWEST_FOR_RANKS:
        return "few_indicators"
    return "one_band" if summary.band.max() == 1 else ""


def run(engine: Engine, *, n_runs: int, n_top: int) -> RankSummary:
    """Make all runs and read them; the pilot comes first, elsewhere."""
    ranks = engine.ranks(random_runs(n_runs, len(engine.factors), engine.seed))
    return summarise_ranks(engine.nominal_ranks(), ranks, n_top=n_top)
