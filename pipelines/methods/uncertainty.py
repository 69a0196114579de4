"""What an index would be under other choices that could as well have been made: thousands of runs as arrays.

Belongs here: the factors, and scores of many runs. Does not belong here: what is read from them (``intervals.py``, ``sensitivity.py``).
A factor's choice in a run is a number of [0, 1), or ``nan`` for what the recipe itself chose.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from pipelines.methods.aggregating import Aggregation, Mean
from pipelines.methods.blocks import Floats
from pipelines.methods.climbing import climb_runs
from pipelines.methods.draws import Keys, keys_of, uniform
from pipelines.methods.imputing import Flags
from pipelines.methods.indexes import Cases, Method, Ranks, fill, prepare, rank, scale
from pipelines.methods.measuring import NOT_SHARED, Errors, KindOfScale, deviations, disturb
from pipelines.methods.normalising import BY_PLACE, Bounds, Normalisation, Scale, apply_bounds, fit_bounds
from pipelines.methods.treating import Treatment, fit_transform

RANDOM_PEER = "random_peer"
LEAVE_OUT_FROM = 10
SHARED_RUNS, OWN_RUNS = 128, 8
RANK_TYPE = np.uint16
MOVABLE = (Scale.MIN_MAX, Scale.GOALPOSTS, Scale.SDG_INDEX)


@dataclass(frozen=True, slots=True)
class Plan:
    """Which steps are unsure, and how far.

    Args:
        normalisations: other scales, equal chances.
        bounds: how far both ends of a bounded scale may lie elsewhere, as a share of its range; moved ends cut.
        weights: how far each weight may lie elsewhere, as a share of itself, at every level.
        experts: points of a board at the indicators' level, shape (experts, m), drawn anew with replacement; instead of ``weights``.
        means: other means, at each level by itself.
        imputations: other ways with gaps; ``random_peer`` takes the value of a random peer.
        treatments: other outlier rules.
        leave_one_out: leave out no indicator or any one of them, half and half; only from ``LEAVE_OUT_FROM`` indicators on. Of fewer, one is so much
            of the whole that the runs would say nothing but that; ``robustness.remove_each`` says it beside the intervals.
        relative_error: shape (n, m), standard deviation of each figure as a share of itself; ``nan`` for none.
        shared_error_key: shape (n, m), figures of one publisher and method have the same number, whose part of the error is drawn once; -1 for none.
        kind_of_scale: one an indicator, what shape its errors have; all ``other`` when not given.

    Source:
        methods.md 1, step 9.
    """

    normalisations: tuple[Normalisation, ...] = ()
    bounds: float = 0.0
    weights: float = 0.0
    experts: Floats | None = None
    means: tuple[Mean, ...] = ()
    imputations: tuple[str, ...] = ()
    treatments: tuple[Treatment | None, ...] = ()
    leave_one_out: bool = False
    relative_error: Floats | None = None
    shared_error_key: npt.NDArray[np.int64] | None = None
    kind_of_scale: tuple[KindOfScale, ...] = ()

    def factors(self, n_levels: int, n_indicators: int) -> tuple[str, ...]:
        """Names of the steps that are unsure, in a fixed order."""
        asked = {
            "normalisation": bool(self.normalisations), "bounds": self.bounds > 0, "weights": self.weights > 0 or self.experts is not None,
            **{f"aggregation_{number + 1}": bool(self.means) for number in range(n_levels)},
            "missing": bool(self.imputations), "outliers": bool(self.treatments),
            "indicators": self.leave_one_out and n_indicators >= LEAVE_OUT_FROM, "quality": self.relative_error is not None,
        }  # fmt: skip
        return tuple(name for name, is_asked in asked.items() if is_asked)


@dataclass(frozen=True, slots=True)
class Combination:
    """The choices of a run that are one of a few."""

    normalisation: Normalisation
    treatment: Treatment | None
    imputation: str
    aggregations: tuple[Aggregation, ...]


@dataclass
class Engine:
    """Scores of any runs of a plan, over the cities that have a score.

    Args:
        cases: cities with enough coverage only.
        ranked: which of them are ranked; ``ranks`` are over these.
    """

    cases: Cases
    method: Method
    plan: Plan
    seed: int
    ranked: Flags
    workers: int = 1
    _shared: dict[tuple[int, int, str], Floats] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.ranked.any():
            raise ValueError("no city may be ranked; a run of ranks has nothing to say")
        if self.plan.experts is not None and self.plan.experts.shape[1] != self.method.tree.n_leaves:
            raise ValueError(f"a board of {self.plan.experts.shape[1]} points for {self.method.tree.n_leaves} indicators; give one each")

    @cached_property
    def factors(self) -> tuple[str, ...]:
        """Names of the unsure steps, the columns of a matrix of choices."""
        return self.plan.factors(len(self.method.tree.levels), self.method.tree.n_leaves)

    @cached_property
    def errors(self) -> Errors | None:
        """How well each figure is measured; what is missing, and may be filled in, has no error of its own."""
        stated, shape = self.plan.relative_error, self.cases.values.shape
        if stated is None:
            return None
        keys = self.plan.shared_error_key if self.plan.shared_error_key is not None else np.full(shape, NOT_SHARED)
        kinds = self.plan.kind_of_scale or (KindOfScale.OTHER,) * shape[1]
        return Errors(np.where(np.isfinite(self.cases.values), stated, np.nan), keys, kinds)

    @cached_property
    def nominal(self) -> Combination:
        """What the recipe itself chose."""
        return Combination(self.method.normalisation, self.method.treatment, self.method.imputation, self.method.aggregations)

    def scores(self, choices: Floats) -> Floats:
        """Compute the index of every run.

        Args:
            choices: shape (runs, factors).

        Returns:
            Shape (runs, cities); the same run gives the same scores whatever stands beside it.
        """
        found = np.empty((len(choices), len(self.cases.values)))

        def put(combination: Combination, rows: npt.NDArray[np.int64]) -> None:
            found[rows] = self._scores_of(combination, choices[rows])

        self._each_batch(choices, put)
        return found

    def ranks(self, choices: Floats) -> npt.NDArray[np.uint16]:
        """Rank the ranked cities in every run; shape (runs, ranked).

        Raises:
            ValueError: an alternative leaves a ranked city without a score.
        """
        found = np.empty((len(choices), int(self.ranked.sum())), RANK_TYPE)

        def put(combination: Combination, rows: npt.NDArray[np.int64]) -> None:
            scores = self._scores_of(combination, choices[rows])[:, self.ranked]
            if not np.isfinite(scores).all():
                raise ValueError(
                    f"with gaps treated by '{combination.imputation}', a ranked city has no score in some runs, and would silently stand last; "
                    "lower group_min, ask for more coverage of a rank, or take that alternative out"
                )
            found[rows] = rank(scores, lower_is_better=combination.normalisation.lower_is_better)

        self._each_batch(choices, put)
        return found

    def _each_batch(self, choices: Floats, put: Callable[[Combination, npt.NDArray[np.int64]], None]) -> None:
        """Make all runs, batch after batch, or several at a time: each batch writes its own rows."""
        if self.workers == 1:
            for combination, rows in self._batches(choices):
                put(combination, rows)
            return
        with ThreadPoolExecutor(self.workers) as pool:
            list(pool.map(lambda batch: put(*batch), self._batches(choices)))

    def nominal_scores(self) -> Floats:
        """Scores with every choice as the recipe made it, shape (cities,)."""
        scores: Floats = self.scores(np.full((1, len(self.factors)), np.nan))[0]
        return scores

    def nominal_ranks(self) -> Ranks:
        """Ranks of the ranked cities with every choice as the recipe made it."""
        return rank(self.nominal_scores()[self.ranked], lower_is_better=self.method.normalisation.lower_is_better)

    # --- which runs are of one kind -------------------------------------------------------------------------------------------------

    def _column(self, choices: Floats, name: str) -> Floats | None:
        return choices[:, self.factors.index(name)] if name in self.factors else None

    def _picked(self, choices: Floats, name: str, n: int) -> npt.NDArray[np.int64]:
        """Number of the option taken in each run, -1 for the recipe's own."""
        column = self._column(choices, name)
        if column is None:
            return np.full(len(choices), -1)
        return np.where(np.isnan(column), -1, np.minimum(np.nan_to_num(column) * n, n - 1)).astype(np.int64)

    def _batches(self, choices: Floats) -> Iterator[tuple[Combination, npt.NDArray[np.int64]]]:
        """Split runs into small parts of one combination each."""
        plan, n_levels = self.plan, len(self.method.tree.levels)
        picked = [
            self._picked(choices, "normalisation", len(plan.normalisations)), self._picked(choices, "outliers", len(plan.treatments)),
            self._picked(choices, "missing", len(plan.imputations)),
            *(self._picked(choices, f"aggregation_{level + 1}", len(plan.means)) for level in range(n_levels)),
        ]  # fmt: skip
        kinds, of_run = np.unique(np.column_stack(picked), axis=0, return_inverse=True)
        order = np.argsort(of_run.ravel(), kind="stable")
        edges = np.searchsorted(of_run.ravel()[order], np.arange(len(kinds) + 1))
        for kind, start, stop in zip(kinds, edges[:-1], edges[1:], strict=True):
            combination = self._combination(kind.tolist())
            size = OWN_RUNS if self._is_own(combination) else SHARED_RUNS
            for first in range(start, stop, size):
                yield combination, order[first : min(first + size, stop)]

    def _combination(self, kind: list[int]) -> Combination:
        own, plan = self.nominal, self.plan
        norm, treatment, missing, *means = kind
        aggregations = tuple(how if pick < 0 else replace(how, mean=plan.means[pick]) for how, pick in zip(own.aggregations, means, strict=True))
        return Combination(
            own.normalisation if norm < 0 else plan.normalisations[norm], own.treatment if treatment < 0 else plan.treatments[treatment],
            own.imputation if missing < 0 else plan.imputations[missing], aggregations,
        )  # fmt: skip

    def _is_own(self, combination: Combination) -> bool:
        """Whether runs of this kind differ in their cells and not in their weights alone."""
        return "bounds" in self.factors or "quality" in self.factors or combination.imputation == RANDOM_PEER

    # --- one batch ------------------------------------------------------------------------------------------------------------------

    def _scores_of(self, combination: Combination, choices: Floats) -> Floats:
        weights = self._weights(choices)
        if self._is_own(combination):
            return climb_runs(self._own_cells(combination, choices), self.method.tree, combination.aggregations, weights, self.cases.groups)
        return climb_runs(self._shared_cells(combination)[None], self.method.tree, combination.aggregations, weights, self.cases.groups)

    def _weights(self, choices: Floats) -> tuple[Floats, ...]:
        """Weights of each run, shape (runs, nodes) a level."""
        levels, column = self.method.tree.levels, self._column(choices, "weights")
        found = [np.tile(level.weights, (len(choices), 1)) for level in levels]
        if column is not None:
            unsure = np.isfinite(column)
            keys = keys_of(np.nan_to_num(column), self.seed, 1)
            for number, level in enumerate(levels):
                if self.plan.experts is not None and number == 0:
                    drawn = _boards(keys, self.plan.experts)
                elif self.plan.experts is not None:
                    # A board splits its points over indicators; a group weighs what its members do.
                    drawn = np.stack([found[number - 1][:, levels[number - 1].members(p)].sum(axis=1) for p in range(levels[number - 1].n_parents)], axis=1)
                else:
                    drawn = level.weights * (1.0 + self.plan.weights * (2.0 * uniform(mix_level(keys, number), len(level.weights)) - 1.0))
                found[number] = np.where(unsure[:, None], drawn, found[number])
        left_out = self._column(choices, "indicators")
        if left_out is not None:
            m = self.method.tree.n_leaves
            at = np.floor((np.nan_to_num(left_out) - 0.5) * 2.0 * m).astype(np.int64)
            rows = np.flatnonzero(np.isfinite(left_out) & (left_out >= 0.5))
            found[0][rows, np.minimum(at[rows], m - 1)] = 0.0
            for number, level in enumerate(levels[:-1]):
                for parent in range(level.n_parents):
                    bare = (found[number][:, level.members(parent)] == 0).all(axis=1)
                    found[number + 1][bare, parent] = 0.0
        return tuple(found)

    def _shared_cells(self, combination: Combination) -> Floats:
        """Normalised values of a kind of run whose cells are alike in all; kept."""
        # By identity: the plan keeps its options, and two that print alike may differ in a later digit.
        key = (id(combination.normalisation), id(combination.treatment), combination.imputation)
        if key not in self._shared:
            method = replace(
                self.method, normalisation=combination.normalisation, treatment=combination.treatment,
                imputation="none" if combination.imputation == RANDOM_PEER else combination.imputation,
            )  # fmt: skip
            self._shared[key] = scale(prepare(self.cases, method), method)
        return self._shared[key]

    @cached_property
    def _donors(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], list[npt.NDArray[np.int64]]]:
        """Missing cells, and the cities that can lend each a value: peers, else all that have it."""
        known = np.isfinite(self.cases.values)
        rows, columns = np.nonzero(~known)
        lenders = []
        for i, j in zip(rows, columns, strict=True):
            peers = np.flatnonzero(known[:, j] & (self.cases.groups == self.cases.groups[i]))
            lenders.append(peers if peers.size else np.flatnonzero(known[:, j]))
        return rows, columns, lenders

    def _own_cells(self, combination: Combination, choices: Floats) -> Floats:
        """Normalised values of each run, shape (runs, n, m)."""
        quality, bounds = self._column(choices, "quality"), self._column(choices, "bounds")
        if quality is None and bounds is None:
            cells = np.repeat(self._shared_cells(combination)[None], len(choices), axis=0)
        else:
            cells = self._rescaled(combination, self._measured(combination, len(choices), quality), bounds)
        missing = self._column(choices, "missing")
        if missing is not None and combination.imputation == RANDOM_PEER and self._donors[0].size:
            rows, columns, lenders = self._donors
            drawn = uniform(keys_of(missing, self.seed, 2), len(rows))
            for cell, (i, j, lend) in enumerate(zip(rows, columns, lenders, strict=True)):
                at = lend[np.minimum(drawn[:, cell] * len(lend), len(lend) - 1).astype(np.int64)]
                cells[:, i, j] = cells[np.arange(len(cells)), at, j]
        return cells

    def _measured(self, combination: Combination, n_runs: int, quality: Floats | None) -> Floats:
        """Filled and treated values, each with the error its quality allows; filled cells have none of their own."""
        imputation = "none" if combination.imputation in (RANDOM_PEER, "row_mean") else combination.imputation
        filled = fill(self.cases, imputation)
        transform = fit_transform(filled, combination.treatment)
        if quality is None or self.errors is None:
            return np.repeat(transform(filled)[None], n_runs, axis=0)
        drawn = disturb(filled, self.errors, deviations(np.nan_to_num(quality), self.seed, self.errors))
        drawn[~np.isfinite(quality)] = filled
        return drawn if combination.treatment is None else transform(drawn)

    def _rescaled(self, combination: Combination, values: Floats, moved: Floats | None) -> Floats:
        """Normalise each run by the bounds of its own values, moved where bounds are unsure."""
        how, directions = combination.normalisation, self.method.directions
        bounds = fit_runs(values, directions, how)
        if moved is not None and how.scale in MOVABLE:
            unsure = np.isfinite(moved)[:, None, None]
            drawn = self.plan.bounds * (2.0 * uniform(keys_of(np.nan_to_num(moved), self.seed, 4), 2 * values.shape[2]) - 1.0)
            drawn = np.where(unsure[:, 0], drawn, 0.0)[:, None, :]
            reach = bounds.one - bounds.zero
            bounds = Bounds(bounds.zero + drawn[..., : values.shape[2]] * reach, bounds.one + drawn[..., values.shape[2] :] * reach)
            found = apply_bounds(values, directions, how, bounds)
            # A moved end cuts: nothing lies beyond the end of a scale.
            np.clip(found, np.where(unsure, how.low, -np.inf), np.where(unsure, how.high, np.inf), out=found)
        else:
            found = apply_bounds(values, directions, how, bounds)
        if combination.imputation == "row_mean":
            known = np.isfinite(found)
            mean = np.nansum(found, axis=2, keepdims=True) / np.maximum(known.sum(axis=2, keepdims=True), 1)
            found = np.where(known, found, mean)
        return found


def _boards(keys: Keys, points: Floats) -> Floats:
    """Mean points of boards drawn anew from the experts, one for each key."""
    drawn = np.minimum(uniform(keys, len(points)) * len(points), len(points) - 1).astype(np.int64)
    return np.asarray(points[drawn].mean(axis=1))


def mix_level(keys: Keys, level: int) -> Keys:
    """Give each level draws of its own."""
    with np.errstate(over="ignore"):
        return keys + np.uint64(level) * np.uint64(0xD1B54A32D192ED03)


def fit_runs(values: Floats, directions: Floats, how: Normalisation) -> Bounds:
    """Find the bounds of each run's own values: shape (runs, 1, m); fixed ends are the same in all."""
    if how.scale in BY_PLACE or how.scale in (Scale.GOALPOSTS, Scale.SCALED):
        one = fit_bounds(values[0], directions, how)
        return Bounds(one.zero[None, None], one.one[None, None])
    if how.scale in (Scale.MIN_MAX, Scale.DISTANCE_TO_BEST):
        least = np.where(directions > 0, np.fmin.reduce(values, axis=1), -np.fmax.reduce(values, axis=1))
        most = np.where(directions > 0, np.fmax.reduce(values, axis=1), -np.fmin.reduce(values, axis=1))
        return Bounds(least[:, None], most[:, None])
    found = [fit_bounds(run, directions, how) for run in values]
    return Bounds(np.stack([b.zero for b in found])[:, None], np.stack([b.one for b in found])[:, None])
