"""Steps of an index by hand: weights, fills, audit, leaving out, dominance, trees."""

import numpy as np
import pytest

from pipelines.methods.aggregating import Aggregation, Mean, aggregate_group
from pipelines.methods.auditing import audit, correlation, cronbach_alpha, importance
from pipelines.methods.draws import keys_of, normal, sobol_pairs, uniform
from pipelines.methods.imputing import group_statistic, nearest_neighbours, row_mean
from pipelines.methods.indexes import build_index
from pipelines.methods.normalising import Normalisation, Scale, normalise
from pipelines.methods.robustness import dominance_share, dominates, remove_each
from pipelines.methods.trees import tree_of
from pipelines.methods.weighting import budget, first_component, searched
from tests.factories_index import cases_of, make_method, make_values

NAN = np.nan


def test_effective_weights_are_products_down_the_tree() -> None:
    tree = tree_of(([0, 0, 1], [0, 0]), ([1, 3, 5], [2, 2]))
    leaves, groups = tree.effective_weights
    assert leaves.tolist() == [0.125, 0.375, 0.5]
    assert groups.tolist() == [0.5, 0.5]
    assert tree.without(2).levels[1].weights.tolist() == [2, 0]


@pytest.mark.parametrize(
    ("parents", "weights", "why"),
    [
        (([0, 2], [0, 0, 0]), ([1, 1], [1, 1, 1]), "without members"),
        (([0, 0],), ([1, -1],), "not negative"),
        (([0, 0],), ([0, 0],), "add up to nothing"),
        (([0, 1],), ([1, 1],), "one parent"),
    ],
)
def test_a_broken_tree_is_refused(parents: tuple[list[int], ...], weights: tuple[list[float], ...], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        tree_of(parents, weights)


@pytest.mark.parametrize("scale", [Scale.MIN_MAX, Scale.Z_SCORE, Scale.SHARE_OF_BEST, Scale.DISTANCE_TO_REFERENCE])
def test_a_constant_column_is_refused_and_named(scale: Scale) -> None:
    values = np.column_stack([np.arange(5.0) + 1, np.full(5, 3.0)])
    if scale is Scale.SHARE_OF_BEST:
        values = values - 3.0
    with pytest.raises(ValueError, match=r"places \[1\]|positive data"):
        normalise(values, np.ones(2), Normalisation(scale, reference=4))


def test_an_sdg_scale_runs_from_the_worst_fortieth_to_the_optimum_and_oecd_counts_deviations() -> None:
    values = np.linspace(0, 100, 41)[:, None]
    sdg = normalise(values, np.ones(1), Normalisation(Scale.SDG_INDEX, target=np.array([80.0])))
    assert sdg[0, 0] == 0
    assert sdg[1, 0] == pytest.approx(0)
    assert sdg[-1, 0] == 100
    less = normalise(values, -np.ones(1), Normalisation(Scale.OECD_DISTANCE, target=np.array([20.0])))
    assert less[0, 0] == 0
    assert less[-1, 0] == pytest.approx(80 / values.std(ddof=1))


def test_a_board_splits_a_hundred_points() -> None:
    board = budget(np.array([[50.0, 50.0], [70.0, 30.0]]))
    assert board.weights.tolist() == [0.6, 0.4]
    assert board.spread.tolist() == pytest.approx([0.1 * 2**0.5] * 2)
    with pytest.raises(ValueError, match=r"experts at places \[1\]"):
        budget(np.array([[50.0, 50.0], [70.0, 40.0]]))


def test_components_of_both_signs_are_refused() -> None:
    x = make_values(1, 30, 1)
    with pytest.raises(ValueError, match="both signs"):
        first_component(np.column_stack([x, -x + make_values(2, 30, 1) * 0.1, make_values(3, 30, 1)]))


def test_searched_weights_give_the_wanted_correlations() -> None:
    values = make_values(5, 60, 4)
    weights = searched(values, np.array([1.0, 1.0, 2.0, 1.0]))
    index = values @ weights
    shares = np.array([correlation(values[:, k], index) for k in range(4)])
    np.testing.assert_allclose(shares / shares.sum(), [0.2, 0.2, 0.4, 0.2], atol=1e-6)
    assert weights.sum() == pytest.approx(1)


def test_fills_take_from_peers_and_neighbours_and_nothing_else() -> None:
    values = np.array([[1.0, 10.0], [3.0, NAN], [NAN, 30.0], [8.0, 50.0]])
    groups = np.array([0, 0, 1, 1])
    assert group_statistic(values, groups).tolist() == [[1, 10], [3, 10], [8, 30], [8, 50]]
    assert group_statistic(values, np.zeros(4, int), mean=True)[2, 0] == 4
    assert np.isnan(group_statistic(values, np.array([0, 1, 0, 0]))[1, 1]), "no peer has it"
    assert row_mean(values)[1].tolist() == [3, 3]
    assert nearest_neighbours(values, k=1)[1, 1] == 10


def test_means_that_need_positive_values_refuse_others_and_medians_know_weights() -> None:
    with pytest.raises(ValueError, match="needs values above 0"):
        aggregate_group(np.array([[0.0, 1.0]]), np.ones(2), Aggregation(Mean.GEOMETRIC))
    row = np.array([[1.0, 2.0, 3.0]])
    assert aggregate_group(row, np.array([1.0, 1.0, 5.0]), Aggregation(Mean.MEDIAN)).tolist() == [3]
    assert aggregate_group(row, np.array([1.0, 1.0, 2.0]), Aggregation(Mean.MEDIAN)).tolist() == [2.5]
    assert aggregate_group(row, np.ones(3), Aggregation(Mean.WORST_TWO)).tolist() == [1.5]
    with pytest.raises(ValueError, match="not 0"):
        Aggregation(Mean.POWER, power=0.0)


def test_dominance_and_its_share() -> None:
    normalised = np.array([[3.0, 3.0], [2.0, 2.0], [4.0, 1.0], [NAN, 9.0]])
    found = dominates(normalised)
    assert found.tolist() == [[False, True, False, False]] + [[False] * 4] * 3
    assert dominance_share(found[:3, :3]) == pytest.approx(1 / 3)


def test_leaving_out_ranks_again_and_a_missing_city_is_no_change() -> None:
    values = np.array([[9.0, 1.0, 5.0], [5.0, 5.0, 5.5], [1.0, 9.0, 6.0], [4.0, 4.0, 1.0]])
    method = make_method(3, 1)
    removals = remove_each(cases_of(values), method, np.ones(4, bool))
    assert [r.kind for r in removals] == ["indicator"] * 3 + ["city"] * 4
    without_first = removals[0].ranks.tolist()
    np.testing.assert_array_equal(without_first, [3, 2, 1, 4])
    assert np.isnan(removals[3].ranks[0])
    whole = build_index(cases_of(values), method).scores.argsort()[::-1].argsort() + 1
    assert removals[0].shift == pytest.approx(np.abs(np.array(without_first) - whole).mean())


def test_leaving_out_what_the_rest_cannot_do_without_gives_no_rank_and_no_refusal() -> None:
    values = np.array([[9.0, 1.0], [5.0, 1.0], [1.0, 1.0], [3.0, 7.0]])
    removals = {(r.kind, r.place): r for r in remove_each(cases_of(values), make_method(2, 1), np.ones(4, bool))}
    assert np.isnan(removals["city", 3].ranks).all(), "without the last city the second indicator is constant"
    assert np.isnan(removals["city", 3].shift)
    assert np.isfinite(removals["city", 0].shift)


def test_the_audit_finds_what_is_built_in() -> None:
    rng = np.random.default_rng(1)
    base = rng.normal(50, 10, 40)
    columns = np.column_stack([base, base + 0.01 * rng.normal(size=40), -base + 100 + rng.normal(size=40), rng.normal(50, 0.01, 40)])
    method = make_method(4, 1, scale=Normalisation(Scale.SCALED, lower=np.zeros(4), upper=np.full(4, 100.0)))
    index = build_index(cases_of(columns), method)
    lines = {(line.check, line.place, line.other): line.verdict for line in audit(index.normalised, index.levels, method.tree)}
    assert lines["pair_correlation", 0, 1] == "redundant"
    assert lines["parent_correlation", 2, 0] == "negative"
    assert lines["importance", 3, 0] == "underweight"
    assert lines["cronbach_alpha", -1, 0] == "inconsistent"
    assert lines["first_component", -1, 0] == "sound"
    scattered = build_index(cases_of(rng.normal(50, 10, (40, 4))), method)
    assert ("first_component", "scattered") in {(line.check, line.verdict) for line in audit(scattered.normalised, scattered.levels, method.tree)}
    few = build_index(cases_of(columns[:4]), method)
    assert {line.verdict for line in audit(few.normalised, few.levels, method.tree)} == {"not_run"}, "too few cities to say"


def test_alpha_and_importance_by_hand() -> None:
    same = np.arange(10.0)
    assert cronbach_alpha(np.column_stack([same, same])) == pytest.approx(1)
    np.testing.assert_allclose(importance(np.column_stack([same, same * 2]), same), [0.5, 0.5])


def test_draws_depend_on_key_and_seed_alone_and_are_even() -> None:
    choices = np.linspace(0, 1, 2_000, endpoint=False)
    keys = keys_of(choices, 7, 1)
    numbers = uniform(keys, 50)
    np.testing.assert_array_equal(uniform(keys[100:101], 50), numbers[100:101])
    assert 0 <= numbers.min() < 0.001
    assert 0.999 < numbers.max() < 1
    assert abs(numbers.mean() - 0.5) < 0.005
    assert np.abs(np.corrcoef(numbers[:, :10], rowvar=False) - np.eye(10)).max() < 0.1
    assert (uniform(keys_of(choices, 8, 1), 50) != numbers).mean() > 0.999
    assert (uniform(keys_of(choices, 7, 2), 50) != numbers).mean() > 0.999
    assert abs(normal(keys[:50], (200,)).std() - 1) < 0.03
    with pytest.raises(ValueError, match="powers of two"):
        sobol_pairs(1000, 2, 1)
