"""Every step of an index against COINr 1.1.14 on the same inputs, to 1e-9; and of each difference, why it is there.

Numbers of COINr stand in ``tests/fixtures/coinr``; nothing of its code does.
"""

import numpy as np
import pytest

from pipelines.methods.aggregating import Aggregation, Mean, aggregate_group, copeland
from pipelines.methods.auditing import cronbach_alpha
from pipelines.methods.intervals import RunRanks, count_ranks, median_rank, rank_interval
from pipelines.methods.normalising import Normalisation, Scale, normalise
from pipelines.methods.treating import Treatment, fit_transform, passes, take_logarithm, treat
from pipelines.methods.weighting import first_component, searched
from tests.coinr_parity import ARITHMETIC, MEANS, TREATMENTS, Comparison, comparisons, leaves, rows_of, scores_of_runs, table, tree_in

# Name of a comparison that differs, to the test below that says why.
EXPLAINED = {
    "clean: treated, log_either_end_1_point": "test_a_column_that_nothing_mends_stays_as_it_was",
    "gaps: treated, log_either_end_1_point": "test_a_column_that_nothing_mends_stays_as_it_was",
    "gaps: treated, log_either_end_3_points": "test_a_column_that_nothing_mends_stays_as_it_was",
    "treated, ties_many": "test_a_column_that_nothing_mends_stays_as_it_was",
    "gaps: mean, gen05": "test_a_power_mean_leaves_a_gap_out_as_every_other_mean_does",
    "gaps: mean, genm2": "test_a_power_mean_leaves_a_gap_out_as_every_other_mean_does",
    "gaps: copeland": "test_duels_over_gaps_do_not_depend_on_the_order_of_the_rows",
    "gaps: cronbach": "test_alpha_is_taken_over_cities_that_have_all",
    "soft: searched weights, equal, loose": "test_searched_weights_are_searched_to_the_end",
    "soft: searched weights, unequal, loose": "test_searched_weights_are_searched_to_the_end",
    "runs: first-order indices": "test_first_order_indices_are_measured_from_the_mean",
    "runs: total indices": "test_total_indices_divide_by_the_variance_of_all_runs",
    "runs: low end of the rank": "test_ends_of_intervals_are_those_of_the_mid_distribution",
    "runs: high end of the rank": "test_ends_of_intervals_are_those_of_the_mid_distribution",
    "random_runs: low end of the rank": "test_ends_of_intervals_are_those_of_the_mid_distribution",
    "random_runs: high end of the rank": "test_ends_of_intervals_are_those_of_the_mid_distribution",
    "random_runs: median rank": "test_a_median_rank_is_a_rank",
}
BY_NAME = {c.name: c for c in comparisons()}


def same(ours: np.ndarray, expected: np.ndarray) -> None:
    assert not Comparison("", ours, expected).differs.any(), np.nanmax(np.abs(ours - expected))


@pytest.mark.parametrize("name", BY_NAME)
def test_a_step_equals_coinr_or_its_difference_is_explained(name: str) -> None:
    found = BY_NAME[name]
    assert found.ours.shape == found.theirs.shape
    assert np.isfinite(found.theirs).any()
    if name in EXPLAINED:
        assert found.differs.any(), "an explanation of what is equal leaves"
        assert EXPLAINED[name] in globals()
    else:
        assert not found.differs.any(), f"{found.differs.sum()} of {found.differs.size} numbers differ, at most by {np.nanmax(abs(found.ours - found.theirs))}"


@pytest.mark.parametrize("name", [name for name, why in EXPLAINED.items() if "nothing_mends" in why])
def test_a_column_that_nothing_mends_stays_as_it_was(name: str) -> None:
    """COINr keeps the logarithm that does not pass either; ours keeps the unit, since nothing was gained for it."""
    kind, _, way = name.rpartition(": treated, ")
    values = table(f"synthetic/input_{kind or 'ties_many'}")
    _, columns = treat(values, Treatment(most_drawn_in=TREATMENTS.get(way, 5)))
    differing = np.flatnonzero(BY_NAME[name].differs.any(axis=0))
    assert differing.tolist() == [j for j, column in enumerate(columns) if column.step == "failed"]
    for j in differing:
        logarithm = take_logarithm(values[:, j])
        same(BY_NAME[name].theirs[:, j], logarithm)
        assert not passes(logarithm, Treatment())
        np.testing.assert_array_equal(columns[j].values, values[:, j])


@pytest.mark.parametrize("kind", ["clean", "gaps", "ties"])
def test_a_flag_that_one_city_has_is_no_outlier_to_be_drawn_in(kind: str) -> None:
    """Drawing it in would leave a column in which nobody differs: it stands as it was, in COINr too."""
    values = table(f"synthetic/input_{kind}")
    treated, columns = treat(values, Treatment())
    alone = [j for j, column in enumerate(columns) if column.step == "would_be_constant"]
    assert [int(np.nansum(values[:, j])) for j in alone] == [1]
    np.testing.assert_array_equal(treated[:, alone], values[:, alone])
    assert all(np.unique(column[np.isfinite(column)]).size > 1 for column in treated.T)
    same(fit_transform(values, Treatment())(values), treated)


def test_a_limit_counts_points_and_not_steps() -> None:
    """Six tied points are one step and six points: after them a limit of five is used up, of seven it is not."""
    values = table("synthetic/input_ties_many", "c")[:, 0]
    ways = {limit: treat(values[:, None], Treatment(most_drawn_in=limit, may_log=False))[1][0] for limit in (5, 6, 8)}
    assert {limit: (way.step, way.n_drawn_in) for limit, way in ways.items()} == {5: ("failed", 0), 6: ("failed", 0), 8: ("drawn_in", 8)}
    assert (ways[8].values != values).sum() == 8


@pytest.mark.parametrize("name", ["gen05", "genm2"])
def test_a_power_mean_leaves_a_gap_out_as_every_other_mean_does(name: str) -> None:
    """COINr's power mean has no value where a unit lacks one indicator; its arithmetic, geometric and harmonic means leave the gap out, as ours does."""
    found, scaled = BY_NAME[f"gaps: mean, {name}"], table("synthetic/gaps_norm_min_max_1_100")
    has_gap = ~np.isfinite(scaled).all(axis=1)
    np.testing.assert_array_equal(found.differs[:, 0], has_gap)
    assert np.isnan(found.theirs[has_gap]).all()
    for row in np.flatnonzero(has_gap):
        known = np.isfinite(scaled[row])
        weights = tree_in("synthetic/tree")[0].levels[0].weights[known]
        alone = aggregate_group(scaled[row : row + 1, known], weights, MEANS[name])
        same(found.ours[row], alone)


def test_copeland_counts_wins_less_losses_and_halves_ties() -> None:
    values = np.array([[90.0, 10.0], [10.0, 90.0], [50.0, 50.0], [60.0, 60.0]])
    assert copeland(values, values, np.array([1.0, 2.0])).tolist() == [-3.0, 3.0, -1.0, 1.0]
    drawn = np.array([[1.0, 2.0, 0.0], [2.0, 1.0, 0.0], [0.0, 0.0, 9.0]])
    assert copeland(drawn, drawn, np.array([0.1, 0.1, 0.1])).tolist() == [1.0, 1.0, -2.0], "half of the weight on each side is a draw"


def test_duels_over_gaps_do_not_depend_on_the_order_of_the_rows() -> None:
    """COINr gives the weight of a gap to whichever unit stands lower in the file; with the rows turned round its scores are others."""
    scaled, weights = table("synthetic/gaps_norm_min_max_1_100"), tree_in("synthetic/tree")[0].levels[0].weights
    order = np.random.default_rng(1).permutation(len(scaled))
    ours = copeland(scaled, scaled, weights)
    np.testing.assert_array_equal(copeland(scaled[order], scaled[order], weights), ours[order])

    upper = np.triu_indices(len(scaled), 1)

    def by_coinr(values: np.ndarray) -> np.ndarray:
        matrix = np.full((len(values), len(values)), 0.5)
        won = np.array([((row > values) + (row == values) / 2.0) @ weights for row in values]) / weights.sum()
        matrix[upper] = won[upper]
        matrix.T[upper] = 1.0 - won[upper]
        return matrix

    matrix = by_coinr(scaled)
    same(matrix[upper], table("synthetic/gaps_outranking_matrix")[upper])
    found = [np.sign(np.round(m - 0.5, 12)).sum(axis=1) for m in (matrix, by_coinr(scaled[::-1])[::-1, ::-1])]
    same(found[0], table("synthetic/gaps_copeland")[:, 0])
    assert (found[0] != found[1]).any()
    for p, q in ((0, 1), (3, 17), (20, 5)):
        common = np.isfinite(scaled[p]) & np.isfinite(scaled[q])
        share = weights[common] @ ((scaled[p] > scaled[q]) + (scaled[p] == scaled[q]) / 2.0)[common] / weights[common].sum()
        assert np.sign(share - 0.5) == copeland(scaled[[p, q]], scaled[[p, q]], weights)[0]


def test_alpha_is_taken_over_cities_that_have_all() -> None:
    """COINr takes each covariance over the units that have its pair; its own figures over complete rows are ours."""
    assert "gaps: cronbach_complete_cases" not in EXPLAINED
    assert not BY_NAME["gaps: cronbach_complete_cases"].differs.any()
    scaled, (tree, _) = table("synthetic/gaps_norm_min_max_1_100"), tree_in("synthetic/tree")
    for parent, theirs in enumerate(table("synthetic/gaps_cronbach", "alpha")[:, 0]):
        members = scaled[:, tree.levels[0].members(parent)].T
        pairs, k = np.array([[_pair_covariance(one, other) for other in members] for one in members]), len(members)
        assert k / (k - 1) * (1.0 - np.trace(pairs) / pairs.sum()) == pytest.approx(theirs, rel=1e-9)


def _pair_covariance(one: np.ndarray, other: np.ndarray) -> float:
    both = np.isfinite(one) & np.isfinite(other)
    return float(np.cov(one[both], other[both])[0, 1])


@pytest.mark.parametrize("name", ["equal", "unequal"])
def test_searched_weights_are_searched_to_the_end(name: str) -> None:
    """COINr's default stops early; with its tolerance as far down as it goes, its weights are ours."""
    pillars = table("synthetic/soft_pillars", "P1", "P2", "P3", "P4")
    wanted = table(f"synthetic/soft_optimised_{name}_loose", "Desired")[:, 0]

    def miss(weights: np.ndarray) -> float:
        found = np.array([np.corrcoef(pillars[:, k], pillars @ weights)[0, 1] for k in range(4)])
        return float(np.abs(found / found.sum() - wanted).max())

    loose = table(f"synthetic/soft_optimised_{name}_loose", "OptWeight")[:, 0]
    assert miss(loose) > 1e-4
    assert miss(searched(pillars, wanted)) < 1e-9
    assert not BY_NAME[f"soft: searched weights, {name}, tight"].differs.any()


def _designs() -> tuple[np.ndarray, np.ndarray]:
    """Outputs of both base designs together, and of the designs that mix a factor of the second into the first less the first."""
    ranks, nominal = table("synthetic/runs_ranks"), table("synthetic/runs_ranks", "Nominal")
    shift = np.abs(ranks[:, 1:] - nominal).mean(axis=0).reshape(5, 64)
    return shift[:2].ravel(), shift[2:] - shift[0]


def test_first_order_indices_are_measured_from_the_mean() -> None:
    """COINr's estimator keeps the part of the mean, which is nothing but error; ours takes it out, and the rest is the same."""
    both, moved = _designs()
    found = BY_NAME["runs: first-order indices"]
    same(found.ours * both.var() / both.var(ddof=1) + both.mean() * moved.mean(axis=1) / both.var(ddof=1), found.theirs)


def test_total_indices_divide_by_the_variance_of_all_runs() -> None:
    """COINr divides by n - 1 of 128 runs, ours by n."""
    both, _ = _designs()
    found = BY_NAME["runs: total indices"]
    same(found.ours * (len(both) - 1) / len(both), found.theirs)


def _ranks_of(name: str) -> RunRanks:
    ranks = table(f"synthetic/{name}_ranks")[:, 1:].T
    return ranks[: 128 if name == "runs" else None].astype(np.uint16)


@pytest.mark.parametrize("name", ["runs", "random_runs"])
def test_ends_of_intervals_are_those_of_the_mid_distribution(name: str) -> None:
    """COINr takes plain percentiles, which lie between ranks and hold more of the runs than they say; ours are ranks."""
    ranks = _ranks_of(name)
    plain = np.quantile(ranks, [0.05, 0.95], axis=0)
    same(plain[0], table(f"synthetic/{name}_rank_summary", "Q5")[:, 0])
    same(plain[1], table(f"synthetic/{name}_rank_summary", "Q95")[:, 0])
    low, high = rank_interval(count_ranks(ranks))
    assert np.abs(low - plain[0]).max() <= 1
    assert np.abs(high - plain[1]).max() <= 1

    def held(ends: tuple[np.ndarray, np.ndarray]) -> float:
        return float(((ranks >= ends[0]) & (ranks <= ends[1])).mean())

    assert abs(held((low, high)) - 0.9) < abs(held((np.floor(plain[0]), np.ceil(plain[1]))) - 0.9)


def test_a_median_rank_is_a_rank() -> None:
    """Of an even number of runs COINr takes the mean of the two in the middle, ours the better of them."""
    ranks, found = np.sort(_ranks_of("random_runs"), axis=0), BY_NAME["random_runs: median rank"]
    half = len(ranks) // 2
    same((ranks[half - 1] + ranks[half]) / 2.0, found.theirs)
    np.testing.assert_array_equal(ranks[half - 1], found.ours)
    np.testing.assert_array_equal(median_rank(count_ranks(_ranks_of("random_runs"))), found.ours)


@pytest.mark.parametrize("capped", [True, False])
def test_a_reference_that_is_the_lowest_is_refused_and_named(capped: bool) -> None:
    """COINr divides by nothing there, and gives no number."""
    values, (_, directions) = table("synthetic/input_clean"), tree_in("synthetic/tree")
    with pytest.raises(ValueError, match=r"places \[9\] have no spread"):
        normalise(values, directions, Normalisation(Scale.DISTANCE_TO_REFERENCE, 0, 1, is_cut=capped))
    theirs = table("synthetic/clean_norm_distance_to_reference")[:, 9]
    assert not np.isfinite(theirs).any()


def test_a_share_of_the_best_of_what_is_better_when_lower_is_refused() -> None:
    """COINr divides one negative number by another, and the worst has the largest share."""
    values, (_, directions) = table("synthetic/input_clean"), tree_in("synthetic/tree")
    with pytest.raises(ValueError, match="needs positive data"):
        normalise(values, directions, Normalisation(Scale.SHARE_OF_BEST, 0, 1))
    assert table("synthetic/clean_norm_share_of_best")[:, directions < 0].max() > 1


def test_the_reference_is_read_whole() -> None:
    """Were a file read short or a column shifted, everything above could hold by accident."""
    assert table("synthetic/input_clean").shape == (40, 12)
    assert leaves("Target")[:3].tolist() == [60.0, 30.0, 8.0]
    assert (len(rows_of("synthetic/runs_choices")), table("synthetic/runs_scores").shape) == (320, (40, 321))
    assert len(BY_NAME) == len(comparisons()) == 118
    assert scores_of_runs().shape == (320, 40)
    assert table("asem/input").shape == (51, 49)


def test_a_column_beyond_drawing_in_takes_a_logarithm() -> None:
    values = np.exp(np.linspace(0, 9, 60))[:, None]
    treated, (column,) = treat(values, Treatment(most_drawn_in=1))
    assert column.step == "logarithm"
    same(fit_transform(values, Treatment(most_drawn_in=1))(values), treated)
    assert (np.diff(treated[:, 0]) > 0).all(), "order stays"


def test_squared_loadings_add_up_to_one() -> None:
    scaled, (tree, _) = table("synthetic/soft_norm"), tree_in("synthetic/tree")
    found = first_component(scaled[:, tree.levels[0].members(0)], squared=True)
    same(found.weights, found.loadings**2)
    assert found.weights.sum() == pytest.approx(1.0)
    assert np.isnan(cronbach_alpha(scaled[:, :1]))


def test_gaps_below_the_groups_minimum_leave_no_mean() -> None:
    scores = np.array([[1.0, np.nan, np.nan], [1.0, 2.0, np.nan]])
    found = aggregate_group(scores, np.ones(3), Aggregation(Mean.ARITHMETIC))
    assert np.isnan(found[0])
    assert found[1] == 1.5
    assert aggregate_group(scores, np.ones(3), ARITHMETIC).tolist() == [1.0, 1.5]
