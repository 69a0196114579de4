"""Every step of an index against the same step in base R, to 1e-9; ``tests/fixtures/index_parity/expected.R`` wrote the expected results."""

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from pipelines.methods.aggregating import Aggregation, Mean, aggregate_group
from pipelines.methods.auditing import cronbach_alpha, first_share
from pipelines.methods.indexes import Method, build_index, rank
from pipelines.methods.normalising import Normalisation, Scale, normalise
from pipelines.methods.sensitivity import centred_indices
from pipelines.methods.treating import Treatment, excess_kurtosis, fit_transform, skewness, treat
from pipelines.methods.trees import tree_of
from pipelines.methods.weighting import first_component
from tests.factories_index import cases_of

FOLDER = Path(__file__).parents[1] / "fixtures" / "index_parity"
M = 8
GAPS = ((1, 0), (4, 2), (4, 3), (8, 7))
WEIGHTS = np.array([1, 2, 0.5, 1, 1, 3, 1, 0.25])
MIN_MAX = Normalisation(Scale.MIN_MAX, 1, 100)
SCALES = {
    "min_max": MIN_MAX,
    "z_score": Normalisation(Scale.Z_SCORE, 10, 2),
    "scaled": Normalisation(Scale.SCALED, lower=np.full(M, -10.0), upper=np.full(M, 1000.0)),
    "rank": Normalisation(Scale.RANK),
    "percentile_rank": Normalisation(Scale.PERCENTILE_RANK, 0, 1),
    "borda": Normalisation(Scale.BORDA),
    "distance_to_best": Normalisation(Scale.DISTANCE_TO_BEST, 0, 1),
    "distance_to_reference": Normalisation(Scale.DISTANCE_TO_REFERENCE, 0, 1, reference=9, is_cut=False),
    "distance_to_target": Normalisation(Scale.DISTANCE_TO_TARGET, 0, 1, target=np.full(M, 300.0)),
    "goalposts": Normalisation(Scale.GOALPOSTS, lower=np.full(M, 1.0), upper=np.full(M, 60.0)),
}


def table(name: str) -> np.ndarray:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8") as stream:
        return np.array([[np.nan if cell == "NA" else float(cell) for cell in row] for row in list(csv.reader(stream))[1:]])


def data(*, gaps: bool = False) -> np.ndarray:
    values = table("input")
    for at in GAPS if gaps else ():
        values[at] = np.nan
    return values


def same(ours: np.ndarray, expected: np.ndarray) -> None:
    np.testing.assert_allclose(ours, expected, rtol=1e-9, atol=1e-9, equal_nan=True)


@pytest.mark.parametrize("gaps", [False, True])
@pytest.mark.parametrize("name", SCALES)
def test_normalisations_equal_r(name: str, gaps: bool) -> None:
    same(normalise(data(gaps=gaps), np.ones(M), SCALES[name]), table(("gap_" if gaps else "") + f"norm_{name}"))


def test_normalisations_of_less_is_better_equal_r() -> None:
    less = -np.ones(M)
    same(normalise(data(), less, MIN_MAX), table("less_norm_min_max"))
    same(normalise(data(), less, SCALES["goalposts"]), table("less_norm_goalposts"))
    target = Normalisation(Scale.DISTANCE_TO_TARGET, 0, 1, target=np.full(M, -5000.0))
    same(normalise(data(), less, target), table("less_norm_distance_to_target"))


def test_share_of_best_equals_r() -> None:
    same(normalise(np.exp(data()[:, :4] / 20), np.ones(4), Normalisation(Scale.SHARE_OF_BEST, 0, 1)), table("norm_share_of_best"))


def test_moments_and_treatment_equal_r() -> None:
    values = data()
    same(np.array([[skewness(v), excess_kurtosis(v)] for v in values.T]), table("moments"))
    treated, columns = treat(values, Treatment())
    same(treated, table("treated"))
    assert {"drawn_in", "none"} <= {c.step for c in columns}, "the data show more than one way"
    assert [c.step for c in columns[1:4]] == ["none"] * 3
    same(fit_transform(values, Treatment())(values), table("treated"))


def test_a_column_beyond_drawing_in_takes_a_logarithm() -> None:
    values = np.exp(np.linspace(0, 9, 60))[:, None]
    treated, (column,) = treat(values, Treatment(most_drawn_in=1))
    assert column.step == "logarithm"
    same(fit_transform(values, Treatment(most_drawn_in=1))(values), treated)
    assert (np.diff(treated[:, 0]) > 0).all(), "order stays"


@pytest.mark.parametrize("gaps", [False, True])
def test_means_equal_r(gaps: bool) -> None:
    scores = normalise(data(gaps=gaps), np.ones(M), MIN_MAX)
    ways = (Aggregation(Mean.ARITHMETIC), Aggregation(Mean.GEOMETRIC), Aggregation(Mean.HARMONIC), Aggregation(Mean.POWER, power=-2.0))
    ours = np.column_stack([aggregate_group(scores, WEIGHTS, how) for how in ways])
    same(ours, table("gap_means" if gaps else "means"))


def test_copeland_equals_r() -> None:
    same(aggregate_group(normalise(data(), np.ones(M), MIN_MAX), WEIGHTS, Aggregation(Mean.COPELAND))[:, None], table("copeland"))


def test_an_index_of_two_levels_and_its_ranks_equal_r() -> None:
    tree = tree_of(([0, 0, 0, 1, 1, 2, 2, 2], [0, 0, 0]), (WEIGHTS, [2, 1, 1]))
    method = Method(tree, np.ones(M), MIN_MAX, (Aggregation(Mean.GEOMETRIC), Aggregation(Mean.ARITHMETIC)))
    index = build_index(cases_of(data()), method)
    expected = table("index")
    same(np.column_stack([index.levels[0], index.scores]), expected[:, :4])
    assert rank(index.scores).tolist() == expected[:, 4].tolist()


def test_component_and_alpha_equal_r() -> None:
    full = normalise(data(), np.ones(M), MIN_MAX)
    items = np.column_stack([full[:, 1], full[:, 1] + full[:, 2], 2 * full[:, 1] + full[:, 3], full[:, 1] + full[:, 3] / 2])
    component = first_component(items)
    expected = table("component")
    same(component.loadings, expected[:, 0])
    same(np.array([component.explained, first_share(items)]), expected[:2, 1])
    same(np.array([cronbach_alpha(items)]), table("alpha")[0])
    same(component.weights, expected[:, 0] / expected[:, 0].sum())
    same(first_component(items, squared=True).weights, expected[:, 0] ** 2)


def test_estimators_of_sensitivity_equal_r() -> None:
    """Total indices are those of R; first-order ones differ by the part of the mean, which R's (COINr's documented) estimator keeps and ours takes out."""
    runs = table("runs")
    a, b, mixed = runs[:, 0], runs[:, 1], runs[:, 2:].T
    first, total = centred_indices(a[:, None], b[:, None], mixed[:, :, None])
    expected = table("sensitivity")
    both = np.concatenate([a, b])
    spread = both.var(ddof=1) / both.var()
    same(total[:, 0] / spread, expected[:, 1])
    of_the_mean = both.mean() * (mixed - a).mean(axis=1) / both.var(ddof=1)
    same(first[:, 0] / spread + of_the_mean, expected[:, 0])
    exact = np.array([0.3139, 0.4424, 0.0])
    assert np.abs(first[:, 0] - exact).mean() <= np.abs(expected[:, 0] - exact).mean(), "measured from the mean, the error is no larger"


def test_gaps_below_the_groups_minimum_leave_no_mean() -> None:
    scores = np.array([[1.0, np.nan, np.nan], [1.0, 2.0, np.nan]])
    found = aggregate_group(scores, np.ones(3), Aggregation(Mean.ARITHMETIC))
    assert np.isnan(found[0])
    assert found[1] == 1.5
    lenient = aggregate_group(scores, np.ones(3), replace(Aggregation(Mean.ARITHMETIC), group_min=0.3))
    assert lenient.tolist() == [1.0, 1.5]
