"""Every step of an index beside COINr 1.1.14 on the same inputs (``tests/fixtures/coinr``); for the tests and for the printed figures.

Belongs here: what is compared with what. Does not belong here: why something differs (``tests/spec/test_index_parity.py``).
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from pipelines.methods.aggregating import Aggregation, Mean, aggregate_group, aggregate_level
from pipelines.methods.auditing import correlations, cronbach_alpha
from pipelines.methods.climbing import climb_runs
from pipelines.methods.imputing import group_statistic, row_mean
from pipelines.methods.indexes import Cases, Method, build_index, rank
from pipelines.methods.intervals import count_ranks, median_rank, rank_interval
from pipelines.methods.normalising import Normalisation, Scale, normalise
from pipelines.methods.robustness import remove_each
from pipelines.methods.sensitivity import centred_indices
from pipelines.methods.treating import Treatment, excess_kurtosis, skewness, treat
from pipelines.methods.trees import Tree, tree_of
from pipelines.methods.weighting import first_component, searched

FOLDER = Path(__file__).parent / "fixtures" / "coinr"
CLOSE = 1e-9
ALONE = np.zeros(40, np.int64)
GAPS = ("", "NA")
TREATMENTS = {"log_low_end": 5, "log_either_end": 5, "log_either_end_3_points": 3, "log_either_end_1_point": 1}
MEANS = {
    "amean": Aggregation(Mean.ARITHMETIC, group_min=0), "gmean": Aggregation(Mean.GEOMETRIC, group_min=0),
    "hmean": Aggregation(Mean.HARMONIC, group_min=0), "gen05": Aggregation(Mean.POWER, 0.5, group_min=0), "genm2": Aggregation(Mean.POWER, -2.0, group_min=0),
}  # fmt: skip
ARITHMETIC, GEOMETRIC, HARMONIC = (MEANS[name] for name in ("amean", "gmean", "hmean"))
COPELAND = Aggregation(Mean.COPELAND, group_min=0)
TREES = {
    "arithmetic": (ARITHMETIC,) * 3, "arithmetic_half": (replace(ARITHMETIC, group_min=0.5),) * 3,
    "arithmetic_two_thirds": (replace(ARITHMETIC, group_min=2 / 3),) * 3, "geometric": (GEOMETRIC,) * 3, "harmonic": (HARMONIC,) * 3,
    "mixed": (GEOMETRIC, ARITHMETIC, HARMONIC), "copeland": (ARITHMETIC, ARITHMETIC, COPELAND),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Comparison:
    """Ours and COINr's numbers of one step, in one shape."""

    name: str
    ours: np.ndarray
    theirs: np.ndarray

    @property
    def differs(self) -> np.ndarray:
        """Which numbers differ: by more than 1e-9 of their size (absolute below 1), or by being missing on one side."""
        gap = np.abs(self.ours - self.theirs) / np.maximum(1.0, np.abs(self.theirs))
        return np.where(np.isfinite(self.ours) & np.isfinite(self.theirs), gap > CLOSE, np.isfinite(self.ours) != np.isfinite(self.theirs))


@lru_cache(maxsize=256)
def rows_of(name: str) -> tuple[dict[str, str], ...]:
    """Read a file of the reference, by header."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8") as stream:
        return tuple(csv.DictReader(stream))


def table(name: str, *columns: str, skip: tuple[str, ...] = ("uCode", "grp", "unit", "group")) -> np.ndarray:
    """Read numbers of a file, shape (rows, columns); all columns but those that are no numbers when none is named."""
    rows = rows_of(name)
    names = columns or tuple(c for c in rows[0] if c not in skip)
    return np.array([[np.nan if row[c] in GAPS else float(row[c]) for c in names] for row in rows])


@lru_cache(maxsize=4)
def tree_in(name: str) -> tuple[Tree, np.ndarray]:
    """Read a tree and the directions of its leaves."""
    rows = [{key.lower().replace("icode", "code"): value for key, value in row.items()} for row in rows_of(name)]
    by_level = [[row for row in rows if row["level"] == str(level)] for level in range(1, max(int(r["level"]) for r in rows))]
    above = [[row["code"] for row in level] for level in by_level[1:]] + [["Index"]]
    parents = tuple([names.index(row["parent"]) for row in level] for level, names in zip(by_level, above, strict=True))
    weights = tuple([float(row["weight"]) for row in level] for level in by_level)
    return tree_of(parents, weights), np.array([float(row["direction"]) for row in by_level[0]])


def leaves(column: str) -> np.ndarray:
    """A column of the synthetic tree, over its indicators."""
    return np.array([float(row[column]) for row in rows_of("synthetic/tree") if row["Level"] == "1"])


def scales(kind: str) -> dict[str, Normalisation]:
    """Our scales by the names of the reference files; the reference city is the first."""
    ends = {"lower": leaves("lower"), "upper": leaves("upper")}
    return {
        "min_max_0_100": Normalisation(Scale.MIN_MAX), "min_max_1_100": Normalisation(Scale.MIN_MAX, 1, 100),
        "z_score_0_1": Normalisation(Scale.Z_SCORE, 0, 1), "z_score_50_10": Normalisation(Scale.Z_SCORE, 50, 10), "rank": Normalisation(Scale.RANK),
        "percentile_rank": Normalisation(Scale.PERCENTILE_RANK, 0, 1), "borda": Normalisation(Scale.BORDA),
        "distance_to_best": Normalisation(Scale.DISTANCE_TO_BEST, 0, 1),
        "distance_to_reference": Normalisation(Scale.DISTANCE_TO_REFERENCE, 0, 1, is_cut=False),
        "distance_to_reference_capped": Normalisation(Scale.DISTANCE_TO_REFERENCE, 0, 1),
        "distance_to_target_capped": Normalisation(Scale.DISTANCE_TO_TARGET, 0, 1, target=leaves("Target")),
        "scaled": Normalisation(Scale.SCALED, **ends), "goalposts": Normalisation(Scale.GOALPOSTS, **ends),
    }  # fmt: skip


def cases_of(values: np.ndarray) -> Cases:
    """Values alone, one group of peers."""
    return Cases(values, np.full(values.shape, np.nan), np.zeros(len(values), np.int64))


def peers() -> np.ndarray:
    """Group of each synthetic unit."""
    return np.unique([row["grp"] for row in rows_of("synthetic/input_gaps")], return_inverse=True)[1]


def undivided(turned: np.ndarray) -> np.ndarray:
    """Columns whose reference, the first unit, is not their lowest: the distance to it would be divided by nothing."""
    return np.asarray(turned[0] > np.nanmin(turned, axis=0))


def normalisations(kind: str) -> Iterator[Comparison]:
    """Every scale; a column that the scale cannot divide is refused by ours, and left out on both sides."""
    values, (_, directions) = table(f"synthetic/input_{kind}"), tree_in("synthetic/tree")
    for name, how in scales(kind).items():
        theirs, ours = table(f"synthetic/{kind}_norm_{name}"), np.full(values.shape, np.nan)
        use = undivided(values * directions) if name.startswith("distance_to_reference") else np.ones(values.shape[1], bool)
        theirs[:, ~use] = np.nan
        kept = replace(how, **{end: getattr(how, end)[use] for end in ("lower", "upper", "target") if getattr(how, end) is not None})
        ours[:, use] = normalise(values[:, use], directions[use], kept)
        yield Comparison(f"{kind}: normalised, {name}", ours, theirs)
    more = (directions > 0) & (np.nanmin(values, axis=0) > 0)
    share = normalise(values[:, more], directions[more], Normalisation(Scale.SHARE_OF_BEST, 0, 1))
    yield Comparison(f"{kind}: normalised, share_of_best", share, table(f"synthetic/{kind}_norm_share_of_best")[:, more])


def treatments(kind: str) -> Iterator[Comparison]:
    """Skew, kurtosis and treated columns, under three limits of points."""
    values = table(f"synthetic/input_{kind}")
    yield Comparison(f"{kind}: skew and kurtosis", np.array([[skewness(v), excess_kurtosis(v)] for v in values.T]), table(f"synthetic/{kind}_skew_kurtosis"))
    for name, limit in TREATMENTS.items():
        yield Comparison(f"{kind}: treated, {name}", treat(values, Treatment(most_drawn_in=limit))[0], table(f"synthetic/{kind}_treated_{name}"))


def ties() -> Iterator[Comparison]:
    """Columns whose outliers are tied."""
    for name in ("ties", "ties_many"):
        yield Comparison(f"treated, {name}", treat(table(f"synthetic/input_{name}"), Treatment())[0], table(f"synthetic/treated_{name}"))


def climb(values: np.ndarray, tree: Tree, means: tuple[Aggregation, ...]) -> np.ndarray:
    """Scores of all levels beside each other."""
    found = []
    for level, how in zip(tree.levels, means, strict=True):
        values = aggregate_level(values, level, how)
        found.append(values)
    return np.column_stack(found)


def aggregations(kind: str) -> Iterator[Comparison]:
    """One group by every mean, Copeland, and the three levels of the tree."""
    scaled, (tree, _) = table(f"synthetic/{kind}_norm_min_max_1_100"), tree_in("synthetic/tree")
    weights = tree.levels[0].weights
    for name, how in MEANS.items():
        yield Comparison(f"{kind}: mean, {name}", aggregate_group(scaled, weights, how)[:, None], table(f"synthetic/{kind}_means", name))
    yield Comparison(f"{kind}: copeland", aggregate_group(scaled, weights, COPELAND)[:, None], table(f"synthetic/{kind}_copeland"))
    for name, means in TREES.items():
        columns = ("S1", "S2", "Index") if name == "copeland" else ("P1", "P2", "P3", "P4", "S1", "S2", "Index")
        ours = climb(scaled, tree, means)[:, -len(columns) :]
        yield Comparison(f"{kind}: tree, {name}", ours, table(f"synthetic/{kind}_tree_{name}", *columns))


def audits(kind: str) -> Iterator[Comparison]:
    """Correlations of pairs and with the parent (a geometric mean), and alpha by pillar."""
    scaled, (tree, _) = table(f"synthetic/{kind}_norm_min_max_1_100"), tree_in("synthetic/tree")
    yield Comparison(f"{kind}: correlations of pairs", correlations(scaled), table(f"synthetic/{kind}_correlation_pairs"))
    pillars = aggregate_level(scaled, tree.levels[0], GEOMETRIC)
    with_parent = [correlations(np.column_stack([scaled[:, j], pillars[:, p]]))[0, 1] for j, p in enumerate(tree.levels[0].parents)]
    yield Comparison(f"{kind}: correlations with the parent", np.array(with_parent), table(f"synthetic/{kind}_correlation_with_parent", "Correlation")[:, 0])
    alpha = np.array([cronbach_alpha(scaled[:, tree.levels[0].members(p)]) for p in range(4)])
    for name in ("cronbach", "cronbach_complete_cases") if kind == "gaps" else ("cronbach",):
        yield Comparison(f"{kind}: {name}", alpha, table(f"synthetic/{kind}_{name}", "alpha")[:, 0])


def fills() -> Iterator[Comparison]:
    """Fills of gaps, coverage, and who is kept."""
    values, groups = table("synthetic/input_gaps"), peers()
    for name, by, mean in (("mean", 0 * groups, True), ("median", 0 * groups, False), ("group_mean", groups, True), ("group_median", groups, False)):
        yield Comparison(f"filled, {name}", group_statistic(values, by, mean=mean), table(f"synthetic/fill_{name}"))
    yield Comparison("filled, row mean on the scale", row_mean(table("synthetic/gaps_norm_min_max_0_100")), table("synthetic/fill_row_mean_normalised"))
    coverage = np.isfinite(values).mean(axis=1)
    yield Comparison("coverage", coverage[:, None], table("synthetic/coverage", "Dat_Avail"))
    codes = [row["uCode"] for row in rows_of("synthetic/input_gaps")]
    for share in (65, 80, 90):
        kept = {row["u"] for row in rows_of(f"synthetic/kept_{share}")}
        ours = coverage >= share / 100 - 1e-12
        yield Comparison(f"kept at {share} %", ours.astype(float), np.array([float(c in kept) for c in codes]))


def soft() -> Iterator[Comparison]:
    """Weights, their effect, components, searched weights, and leaving out, on correlated columns without outliers."""
    values, (tree, directions) = table("synthetic/input_soft"), tree_in("synthetic/tree")
    scaled = normalise(values, directions, Normalisation(Scale.MIN_MAX, 1, 100))
    yield Comparison("soft: normalised", scaled, table("synthetic/soft_norm"))
    yield Comparison("soft: tree", climb(scaled, tree, (ARITHMETIC,) * 3), table("synthetic/soft_tree"))
    yield Comparison("soft: effective weights", np.concatenate([*tree.effective_weights, [1.0]]), table("synthetic/soft_effective_weights", "EffWeight")[:, 0])
    loadings, explained = table("synthetic/soft_component_weights", "Weight")[:12, 0], table("synthetic/soft_component_explained", "expl")[:, 0]
    for p in range(4):
        at = tree.levels[0].members(p)
        found = first_component(scaled[:, at])
        # The sign of a component is arbitrary.
        yield Comparison(f"soft: loadings, P{p + 1}", found.loadings, loadings[at] * np.sign(loadings[at].sum()))
        yield Comparison(f"soft: explained, P{p + 1}", np.array([found.explained]), explained[p : p + 1])
    pillars = table("synthetic/soft_pillars", "P1", "P2", "P3", "P4")
    for name in ("equal", "unequal"):
        wanted = table(f"synthetic/soft_optimised_{name}_tight", "Desired")[:, 0]
        for how in ("loose", "tight"):
            theirs = table(f"synthetic/soft_optimised_{name}_{how}", "OptWeight")[:, 0]
            yield Comparison(f"soft: searched weights, {name}, {how}", searched(pillars, wanted), theirs / theirs.sum())
    method = Method(tree, directions, Normalisation(Scale.MIN_MAX, 1, 100), (ARITHMETIC,) * 3)
    removals = remove_each(cases_of(values), method, np.ones(len(values), bool))
    without = np.column_stack([r.ranks for r in removals if r.kind == "indicator"])
    codes = [f"I{j:02}" for j in range(1, 13)]
    yield Comparison("soft: ranks without each indicator", without, table("synthetic/soft_without_each_indicator_ranks", *codes))
    shifts = np.array([r.shift for r in removals if r.kind == "indicator"])
    yield Comparison("soft: shift without each indicator", shifts, table("synthetic/soft_without_each_indicator_shift", "d")[1:, 0])
    groups = np.column_stack([r.ranks for r in removals if r.kind == "group" and r.level == 0])
    yield Comparison("soft: ranks without each pillar", groups, table("synthetic/soft_without_each_pillar_ranks", "P1", "P2", "P3", "P4"))


def scores_of_runs() -> np.ndarray:
    """Our scores of the 320 runs of the reference, each with its weights, scale and mean, by the way that makes thousands at once."""
    values, (tree, directions) = table("synthetic/input_soft"), tree_in("synthetic/tree")
    sets = table("synthetic/runs_weights", "Weight")[:, 0].reshape(50, 19)
    choices = rows_of("synthetic/runs_choices")
    found = np.empty((len(choices), len(values)))
    for scale in ("min_max_1_100", "z_score_50_10", "rank"):
        cells = normalise(values, directions, scales("soft")[scale])
        for mean, how in (("arithmetic", ARITHMETIC), ("geometric", GEOMETRIC)):
            at = np.array([k for k, row in enumerate(choices) if (row["scale"], row["mean"]) == (scale, mean)])
            drawn = sets[[int(choices[k]["weights_set"]) - 1 for k in at]]
            found[at] = climb_runs(cells[None], tree, (how,) * 3, (drawn[:, :12], drawn[:, 12:16], drawn[:, 16:18]), ALONE)
    return found


def runs() -> Iterator[Comparison]:
    """A sensitivity analysis of 320 runs, and what is read from ranks of runs."""
    scores = scores_of_runs()
    names = [f"r_{k}" for k in range(1, 321)]
    yield Comparison("runs: scores", scores.T, table("synthetic/runs_scores", *names))
    ranks = rank(scores)
    yield Comparison("runs: ranks", ranks.T.astype(float), table("synthetic/runs_ranks", *names))
    index = build_index(cases_of(table("synthetic/input_soft")), _soft_method())
    yield Comparison("runs: ranks of the index itself", rank(index.scores).astype(float), table("synthetic/runs_ranks", "Nominal")[:, 0])
    # Both base designs, then one design a factor.
    outputs = np.abs(ranks - rank(index.scores)).mean(axis=1).reshape(5, 64, 1)
    first, total = centred_indices(outputs[0], outputs[1], outputs[2:])
    yield Comparison("runs: first-order indices", first[:, 0], table("synthetic/runs_sensitivity", "Si")[:, 0])
    yield Comparison("runs: total indices", total[:, 0], table("synthetic/runs_sensitivity", "STi")[:, 0])
    # COINr sums up the ranks of the two base designs alone.
    for name, made in (("runs", ranks[:128]), ("random_runs", _random_ranks())):
        counts, summary = count_ranks(made.astype(np.uint16)), f"synthetic/{name}_rank_summary"
        low, high = rank_interval(counts)
        yield Comparison(f"{name}: mean rank", made.mean(axis=0), table(summary, "Mean")[:, 0])
        yield Comparison(f"{name}: median rank", median_rank(counts), table(summary, "Median")[:, 0])
        yield Comparison(f"{name}: low end of the rank", low, table(summary, "Q5")[:, 0])
        yield Comparison(f"{name}: high end of the rank", high, table(summary, "Q95")[:, 0])


def _soft_method() -> Method:
    tree, directions = tree_in("synthetic/tree")
    return Method(tree, directions, Normalisation(Scale.MIN_MAX, 1, 100), (ARITHMETIC,) * 3)


def _random_ranks() -> np.ndarray:
    return table("synthetic/random_runs_ranks", *(f"r_{k}" for k in range(1, 401))).T


def asem() -> Iterator[Comparison]:
    """The example of COINr's own package, 51 countries and 49 indicators in three levels, from denominated figures on."""
    tree, directions = tree_in("asem/tree")
    groups = np.unique([row["group"] for row in rows_of("asem/units")], return_inverse=True)[1]
    filled = group_statistic(table("asem/denominated"), groups, mean=True)
    yield Comparison("ASEM: filled", filled, table("asem/filled_group_mean"))
    treated, _ = treat(filled, Treatment())
    yield Comparison("ASEM: treated", treated, table("asem/treated"))
    scaled = normalise(treated, directions, Normalisation(Scale.MIN_MAX))
    yield Comparison("ASEM: normalised", scaled, table("asem/normalised"))
    levels = climb(scaled, tree, (ARITHMETIC,) * 3)
    yield Comparison("ASEM: scores of all levels", levels, table("asem/aggregated"))
    yield Comparison("ASEM: ranks", rank(levels[:, -1]).astype(float), table("asem/ranks", "rank")[:, 0])


@lru_cache(maxsize=1)
def comparisons() -> tuple[Comparison, ...]:
    """Give every comparison, in a fixed order."""
    of_kinds = [part(kind) for part in (normalisations, treatments, aggregations, audits) for kind in ("clean", "gaps")]
    return tuple(c for part in (*of_kinds, ties(), fills(), soft(), runs(), asem()) for c in part)
