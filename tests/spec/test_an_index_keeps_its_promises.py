"""What must hold for every index: withholding shows, parts add up, newcomers move nobody, steps without effect stop the run."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.methods.aggregating import Mean, copeland
from pipelines.methods.draws import random_runs
from pipelines.methods.indexes import build_index, rank, rank_some
from pipelines.methods.intervals import NoEffectError, count_wins, pilot, profile_reason, rank_interval, summarise_ranks, tie_bands
from pipelines.methods.normalising import Normalisation, Scale
from pipelines.methods.rank_changes import Edition, explain_changes
from pipelines.methods.treating import Treatment
from pipelines.methods.uncertainty import Engine, Plan
from tests.factories_index import MIN_MAX, PLACES, T_SCORE, cases_of, make_goalposts, make_method, make_values

BOUNDED = [MIN_MAX, make_goalposts(6, low=1), PLACES, Normalisation(Scale.DISTANCE_TO_BEST, 1, 100)]
MEANS = [(Mean.ARITHMETIC, Mean.ARITHMETIC), (Mean.GEOMETRIC, Mean.ARITHMETIC), (Mean.HARMONIC, Mean.GEOMETRIC), (Mean.MINIMUM, Mean.MEDIAN)]


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    scale=st.sampled_from(BOUNDED),
    means=st.sampled_from(MEANS),
    city=st.integers(0, 19),
    gaps=st.sets(st.integers(0, 5), min_size=1, max_size=3),
)
def test_what_is_withheld_is_inside_the_bar(seed: int, scale: Normalisation, means: tuple[Mean, Mean], city: int, gaps: set[int]) -> None:
    """A score may rise when bad values are withheld; the bar then reaches at least as low as the score was, and as high."""
    method = make_method(scale=scale, means=means, group_min=0.3, score_min=0.4)
    values = make_values(seed)
    before = build_index(cases_of(values), method)
    withheld = values.copy()
    withheld[city, list(gaps)] = np.nan
    after = build_index(cases_of(withheld), method)
    assert after.low[city] <= after.scores[city] + 1e-9 <= after.high[city] + 2e-9
    assert after.low[city] <= before.scores[city] + 1e-9
    assert after.high[city] >= before.scores[city] - 1e-9
    if after.scores[city] > before.scores[city] + 1e-9:
        assert after.high[city] > after.low[city], "a rise by withholding is never shown as a sure score"


def test_a_city_that_withholds_loses_its_rank_before_it_gains_one() -> None:
    method, values = make_method(), make_values(1)
    values[0, :2] = np.nan
    index = build_index(cases_of(values), method)
    ranks = rank_some(index, np.ones(20, bool), method)
    assert np.isfinite(index.scores[0]), "two thirds are enough for a score"
    assert np.isnan(ranks[0]), "and not for a rank"
    assert np.isfinite(ranks[1:]).all()


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), gaps=st.sampled_from([0.0, 0.15]))
def test_a_newcomer_moves_no_score_between_fixed_goalposts(seed: int, gaps: float) -> None:
    method = make_method(scale=make_goalposts(6), less=(1, 4))
    values = make_values(seed, gaps=gaps)
    alone = build_index(cases_of(values), method)
    newcomer = 1.0 + 20.0 * np.random.default_rng(seed + 1).random((1, 6))
    together = build_index(cases_of(np.vstack([values, newcomer])), method)
    np.testing.assert_array_equal(alone.scores, together.scores[:-1])


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    scales=st.sampled_from([(MIN_MAX, MIN_MAX), (MIN_MAX, T_SCORE), (make_goalposts(6), make_goalposts(6, low=1)), (T_SCORE, PLACES)]),
)
def test_the_parts_of_a_change_add_up_exactly(seed: int, scales: tuple[Normalisation, Normalisation]) -> None:
    rng = np.random.default_rng(seed)
    old, new = make_values(seed, n=9), make_values(seed, n=9) * rng.normal(1, 0.2, (9, 6)) + 0.1
    before, after = make_method(scale=scales[0]), make_method(scale=scales[1])
    after = replace(after, tree=after.tree.with_weights((rng.random(6) + 0.2, np.array([1.0, 2.0]))))
    codes = tuple("ABCDEFGHI")
    found = explain_changes(
        Edition(codes, cases_of(old), before, frozenset(codes)),
        Edition((*codes[2:], "NEW"), cases_of(np.vstack([new[2:], new[:1]])), after, frozenset(codes[2:]) | {"NEW"}),
    )
    assert {c.code for c in found} == set(codes[2:])
    for change in found:
        assert sum(change.parts.values()) == change.after - change.before, "exact fractions, no rounding"
    assert sorted(c.before for c in found) == sorted(rank(build_index(cases_of(old), before).scores[2:]).tolist())


def test_a_change_of_one_thing_is_that_things_alone() -> None:
    codes, values = tuple("ABCDE"), make_values(4, n=5)
    method = make_method(scale=make_goalposts(6))
    lowest = int(rank(build_index(cases_of(values), method).scores).argmax())
    better = values.copy()
    better[lowest] = 29.0
    found = explain_changes(Edition(codes, cases_of(values), method, frozenset(codes)), Edition(codes, cases_of(better), method, frozenset(codes)))
    own = {c.code: c.parts for c in found}[codes[lowest]]
    assert own["own_data"] == -4
    assert own["others_data"] == own["method"] == own["bounds"] == 0
    other = next(c for c in found if c.code != codes[lowest])
    assert other.parts["others_data"] == other.after - other.before == 1


def test_a_city_whose_row_is_switched_keeps_its_peers() -> None:
    """Two editions number their groups of peers each by its own; what a gap of the city takes comes from its own country in both."""
    values = make_values(6, n=6)
    values[2, :2] = np.nan
    method = replace(make_method(scale=make_goalposts(6), score_min=0.5, group_min=0.3), imputation="peer_mean")
    before = replace(cases_of(values), groups=np.array([0, 0, 0, 1, 1, 1]))
    # The later edition has a country more, which comes first: the same peers have other numbers.
    grown = np.vstack([make_values(7, n=3), values])
    after = replace(cases_of(grown), groups=np.array([0, 0, 0, 1, 1, 1, 2, 2, 2]))
    codes = tuple("ABCDEF")
    found = explain_changes(Edition(codes, before, method, frozenset(codes)), Edition((*"XYZ", *codes), after, method, frozenset(codes)))
    assert {c.code: (c.before, dict(c.parts)) for c in found} == {c.code: (c.after, dict.fromkeys(c.parts, 0)) for c in found}, "nothing of them changed"


@pytest.mark.parametrize(
    ("plan", "idle"),
    [
        (Plan(weights=0.25, normalisations=(MIN_MAX,)), "normalisation"),
        (Plan(weights=0.25, imputations=("peer_median", "random_peer")), "missing"),
        (Plan(weights=0.25, treatments=(None, Treatment())), "outliers"),
        (Plan(weights=0.25, means=(Mean.ARITHMETIC,)), "aggregation_1, aggregation_2"),
        (Plan(weights=0.25, relative_error=np.zeros((20, 6))), "quality"),
        (Plan(weights=0.25, bounds=0.1), "bounds"),
        (Plan(experts=np.full((3, 6), 100 / 6), bounds=0.1), "weights"),
    ],
)
def test_an_unsure_step_without_effect_stops_the_run(plan: Plan, idle: str) -> None:
    scale = PLACES if idle == "bounds" else MIN_MAX
    engine = Engine(cases_of(make_values(3)), make_method(scale=scale), plan, 1, np.ones(20, bool))
    with pytest.raises(NoEffectError, match=rf"^{idle}: "):
        pilot(engine)


def full_plan(values: np.ndarray) -> Plan:
    return Plan(
        normalisations=(MIN_MAX, make_goalposts(values.shape[1], low=1), PLACES, T_SCORE), bounds=0.1, weights=0.25, means=(Mean.ARITHMETIC, Mean.GEOMETRIC),
        imputations=("none", "peer_median", "row_mean", "random_peer"), treatments=(None, Treatment(skew=0.5, kurtosis=0.2)), leave_one_out=True,
        relative_error=np.full(values.shape, 0.1),
    )  # fmt: skip


def test_every_step_of_a_full_plan_does_something_and_the_recipe_itself_is_a_run() -> None:
    values = make_values(8, m=10, gaps=0.08)
    method = make_method(10, means=(Mean.GEOMETRIC, Mean.ARITHMETIC), rank_min=0.6, score_min=0.3, group_min=0.3)
    engine = Engine(cases_of(values), method, full_plan(values), 5, np.ones(20, bool))
    assert engine.factors == ("normalisation", "bounds", "weights", "aggregation_1", "aggregation_2", "missing", "outliers", "indicators", "quality")
    assert (pilot(engine).largest_change > 0.01).all()
    np.testing.assert_allclose(engine.nominal_scores(), build_index(cases_of(values), method).scores, rtol=1e-12)


def test_a_run_does_not_depend_on_the_runs_beside_it_nor_on_workers() -> None:
    values = make_values(8, m=10, gaps=0.08)
    engine = Engine(cases_of(values), make_method(10, score_min=0.3, group_min=0.3), full_plan(values), 5, np.ones(20, bool))
    choices = random_runs(300, len(engine.factors), 2)
    together = engine.scores(choices)
    alone = np.vstack([engine.scores(choices[at : at + 1]) for at in range(0, 300, 29)])
    np.testing.assert_allclose(together[::29], alone, rtol=1e-12)
    side_by_side = Engine(engine.cases, engine.method, engine.plan, 5, engine.ranked, workers=2)
    np.testing.assert_array_equal(side_by_side.ranks(choices), engine.ranks(choices))
    other_seed = Engine(engine.cases, engine.method, engine.plan, 6, engine.ranked)
    assert (other_seed.scores(choices) != together).any()


@pytest.mark.parametrize("means", [*MEANS, (Mean.POWER, Mean.HARMONIC)])
@pytest.mark.parametrize("scale", [MIN_MAX, T_SCORE, PLACES])
@pytest.mark.parametrize(("gaps", "groups"), [(0.0, 2), (0.1, 2), (0.0, 9)])
def test_runs_as_arrays_equal_one_index_at_a_time(means: tuple[Mean, Mean], scale: Normalisation, gaps: float, groups: int) -> None:
    """Every run by the fast way, against the whole index computed anew with that run's weights and left-out indicator."""
    values = make_values(11, m=10, gaps=gaps)
    method = make_method(10, groups=groups, scale=scale, means=means, group_min=0.3, score_min=0.3)
    engine = Engine(cases_of(values), method, Plan(weights=0.5, leave_one_out=True), 9, np.ones(20, bool))
    choices = random_runs(40, 2, 4)
    found = engine.scores(choices)
    weights = engine._weights(choices)
    for at in range(40):
        out = np.flatnonzero(weights[0][at] == 0)
        tree = method.tree.with_weights((np.where(weights[0][at] > 0, weights[0][at], 1.0), np.where(weights[1][at] > 0, weights[1][at], 1.0)))
        slow = build_index(cases_of(values), replace(method, tree=tree.without(int(out[0])) if out.size else tree))
        np.testing.assert_allclose(found[at], slow.scores, rtol=1e-9)
    assert (weights[0] == 0).any(), "some runs leave one out"


def test_an_alternative_that_leaves_a_ranked_city_without_a_score_stops_the_run() -> None:
    values = make_values(2)
    values[0, [0, 2, 4]] = np.nan
    filled = replace(make_method(score_min=0.5), imputation="peer_median")
    whole = replace(filled, aggregations=(filled.aggregations[0], replace(filled.aggregations[1], group_min=1.0)))
    engine = Engine(cases_of(values), whole, Plan(imputations=("peer_median", "none")), 1, np.ones(20, bool))
    assert engine.ranks(np.array([[0.1]])).shape == (1, 20)
    with pytest.raises(ValueError, match="a ranked city has no score in some runs"):
        engine.ranks(np.array([[0.9]]))


def test_competition_ranks_and_equal_scores_in_the_last_bits() -> None:
    assert rank(np.array([3.0, 5.0, 5.0, 1.0])).tolist() == [3, 1, 1, 4]
    assert rank(np.array([0.1 + 0.2, 0.3, 0.2])).tolist() == [1, 1, 3]
    assert rank(np.array([[3.0, 5.0], [5.0, 3.0]]), lower_is_better=True).tolist() == [[1, 2], [2, 1]]


def test_intervals_chances_and_bands_from_ranks_by_hand() -> None:
    ranks = np.array([[1, 2, 3]] * 96 + [[2, 1, 3]] * 4, np.uint16)
    found = summarise_ranks(np.array([1, 2, 3]), ranks, n_top=1)
    assert (found.n_surely_above.tolist(), found.n_surely_below.tolist(), found.sure_pairs_share) == ([2, 1, 0], [0, 1, 2], 1.0)
    assert found.top.tolist() == [0.96, 0.04, 0.0]
    assert found.beats[0].tolist() == [0.0, 0.96, 1.0]
    assert (found.low.tolist(), found.high.tolist()) == ([1, 2, 3], [1, 2, 3])
    assert found.band.tolist() == [1, 2, 3]
    assert tie_bands(np.array([1.0, 2, 3]), np.array([1.0, 2, 3]), np.array([[0, 0.9, 1], [0.1, 0, 0.97], [0, 0.03, 0]])).tolist() == [1, 1, 2]
    across = np.array([[0, 0.97, 0.9], [0.03, 0, 0.6], [0.1, 0.4, 0]])
    assert tie_bands(np.array([1.0, 2, 3]), np.array([1.0, 2, 3]), across).tolist() == [1, 1, 1], "neighbours are sure, and one pair across the cut is not"
    wide = rank_interval(np.array([[10.0, 80.0, 10.0]]))
    assert [float(e[0]) for e in wide] == [1, 3], "an end at or beyond which 5 % lie is in"
    narrow = rank_interval(np.array([[8.0, 84.0, 8.0]]))
    assert [float(e[0]) for e in narrow] == [2, 2]


def test_below_eight_indicators_or_with_one_band_there_are_profiles_and_no_ranks() -> None:
    sure = summarise_ranks(np.array([1, 2]), np.array([[1, 2]] * 20, np.uint16), n_top=1)
    level = summarise_ranks(np.array([1, 2]), np.array([[1, 2]] * 18 + [[2, 1]] * 2, np.uint16), n_top=1)
    assert [profile_reason(n, sure) for n in (3, 7, 8, 40)] == ["few_indicators", "few_indicators", "", ""]
    assert [profile_reason(n, level) for n in (7, 8)] == ["few_indicators", "one_band"]
    assert (level.sure_pairs_share, level.mean_interval_width) == (0.0, 1.0)
    assert (sure.sure_pairs_share, sure.mean_interval_width) == (1.0, 0.0)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10**6), n=st.integers(2, 9))
def test_across_the_edge_of_a_band_every_pair_is_sure_and_no_cut_is_missed(seed: int, n: int) -> None:
    """Against the definition, one pair at a time."""
    rng = np.random.default_rng(seed)
    ranks = rank(np.sort(rng.normal(0, 2, n))[::-1] + rng.normal(0, 0.8 * rng.random(), (100, n)))
    found = summarise_ranks(np.arange(1, n + 1), ranks.astype(np.uint16), n_top=1)
    order = sorted(range(n), key=lambda i: (found.median[i], found.mean[i], i))
    band, expected = 1, {}
    for k, city in enumerate(order):
        if k and all(found.beats[above, below] >= 0.95 for above in order[:k] for below in order[k:]):
            band += 1
        expected[city] = band
    assert found.band.tolist() == [expected[i] for i in range(n)]
    assert found.n_surely_above.sum() == found.n_surely_below.sum() == round(found.sure_pairs_share * n * (n - 1) / 2)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_chances_of_a_pair_add_up(seed: int) -> None:
    ranks = rank(np.round(np.random.default_rng(seed).normal(size=(50, 7)), 1)).astype(np.uint16)
    wins = count_wins(ranks)
    ties = (ranks[:, :, None] == ranks[:, None, :]).mean(axis=0)
    np.testing.assert_allclose((wins + wins.T + ties)[~np.eye(7, dtype=bool)], 1.0)


def test_copeland_case_is_own_worst_against_rivals_best() -> None:
    own, rivals = np.array([[1.0, 1.0], [2.0, 2.0]]), np.array([[3.0, 3.0], [2.0, 2.0]])
    assert copeland(own, rivals, np.array([1.0, 1.0])).tolist() == [-1.0, -1.0], "each at its worst loses to the other at its best"
    values = make_values(2)
    values[0, 0] = np.nan
    method = make_method(groups=1, means=(Mean.ARITHMETIC, Mean.COPELAND), group_min=0.5)
    index = build_index(cases_of(values), method)
    assert index.low[0] <= index.scores[0] <= index.high[0]
