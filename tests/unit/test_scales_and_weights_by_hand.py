"""Every normalisation, the weights and the sensitivity estimators on a few numbers, each result worked out by hand."""

import numpy as np
import pytest

from pipelines.methods.normalising import Normalisation, Scale, apply_bounds, fit_bounds, normalise, places_upwards
from pipelines.methods.sensitivity import centred_indices, design_outputs, estimate
from pipelines.methods.weighting import budget, first_component, searched

NAN = np.nan
COLUMN = np.array([[2.0], [4.0], [NAN], [10.0]])
UP, DOWN = np.ones(1), -np.ones(1)
ONE = np.array([1.0])


def on(how: Normalisation, direction: np.ndarray = UP, values: np.ndarray = COLUMN) -> list[float]:
    """The scaled values of the cities that have one."""
    scaled = normalise(values, direction, how)
    assert np.isnan(scaled[np.isnan(values)]).all()
    return [round(float(v), 9) for v in scaled[np.isfinite(values)]]


def ends_at(lower: float, upper: float) -> dict[str, np.ndarray]:
    return {"lower": lower * ONE, "upper": upper * ONE}


# Mean of 2, 4 and 10 is 16/3; squares around it 100/9 + 16/9 + 196/9 = 312/9, over 2 and rooted: 4.163332.
SD = (312 / 9 / 2) ** 0.5


@pytest.mark.parametrize(
    ("how", "more", "less"),
    [
        (Normalisation(Scale.MIN_MAX), [0, 25, 100], [100, 75, 0]),
        (Normalisation(Scale.MIN_MAX, low=1.0), [1, 25.75, 100], [100, 75.25, 1]),
        (Normalisation(Scale.GOALPOSTS, **ends_at(4, 8)), [0, 0, 100], [100, 100, 0]),
        (Normalisation(Scale.GOALPOSTS, **ends_at(4, 8), is_cut=False), [-50, 0, 150], [150, 100, -50]),
        (Normalisation(Scale.SCALED, low=0.0, high=10.0, **ends_at(0, 20)), [1, 2, 5], [9, 8, 5]),
        (Normalisation(Scale.SCALED, **ends_at(4, 8)), [-50, 0, 150], [150, 100, -50]),
        (Normalisation(Scale.RANK), [1, 2, 3], [3, 2, 1]),
        (Normalisation(Scale.BORDA), [0, 1, 2], [2, 1, 0]),
        (Normalisation(Scale.PERCENTILE_RANK), [0, 50, 100], [100, 50, 0]),
        (Normalisation(Scale.PERCENTILE_RANK, low=1.0, high=11.0), [1, 6, 11], [11, 6, 1]),
        (Normalisation(Scale.DISTANCE_TO_TARGET, target=6.0 * ONE), [0, 50, 100], [100, 100, 0]),
        (Normalisation(Scale.DISTANCE_TO_TARGET, target=6.0 * ONE, is_cut=False), [0, 50, 200], [200, 150, 0]),
        (Normalisation(Scale.DISTANCE_TO_BEST), [0, 25, 100], [100, 75, 0]),
        (Normalisation(Scale.DISTANCE_TO_REFERENCE, reference=1), [0, 100, 100], [100, 100, 0]),
        (Normalisation(Scale.DISTANCE_TO_REFERENCE, reference=1, is_cut=False), [0, 100, 400], [133.333333333, 100, 0]),
        (Normalisation(Scale.Z_SCORE, low=0.0, high=1.0), [-10 / 3 / SD, -4 / 3 / SD, 14 / 3 / SD], [10 / 3 / SD, 4 / 3 / SD, -14 / 3 / SD]),
        (Normalisation(Scale.Z_SCORE, low=50.0, high=10.0), [50 - 100 / 3 / SD, 50 - 40 / 3 / SD, 50 + 140 / 3 / SD],
         [50 + 100 / 3 / SD, 50 + 40 / 3 / SD, 50 - 140 / 3 / SD]),
        (Normalisation(Scale.OECD_DISTANCE, target=6.0 * ONE), [4 / SD, 2 / SD, 0], [0, 0, 4 / SD]),
    ],
    ids=lambda part: f"{part.scale}-{part.is_cut}-{part.low:g}" if isinstance(part, Normalisation) else "",
)  # fmt: skip
def test_a_scale_by_hand_where_more_is_better_and_where_less_is(how: Normalisation, more: list[float], less: list[float]) -> None:
    assert on(how) == pytest.approx(more, abs=1e-8)
    assert on(how, DOWN) == pytest.approx(less, abs=1e-8)


def test_the_share_of_the_best_is_for_positive_data_alone() -> None:
    assert on(Normalisation(Scale.SHARE_OF_BEST)) == [20, 40, 100]
    for values, direction in ((COLUMN, DOWN), (COLUMN - 2.0, UP)):
        with pytest.raises(ValueError, match="positive data"):
            normalise(values, direction, Normalisation(Scale.SHARE_OF_BEST))


def test_the_sdg_scale_is_cut_at_both_ends_unless_asked() -> None:
    """0 to 40 in steps of 1: the 2.5th percentile is 1, the optimum 31."""
    values = np.arange(41.0)[:, None]
    optimum = np.array([31.0])
    cut = normalise(values, UP, Normalisation(Scale.SDG_INDEX, target=optimum))[[0, 1, 16, 31, 40], 0]
    assert cut.tolist() == pytest.approx([0, 0, 50, 100, 100])
    free = normalise(values, UP, Normalisation(Scale.SDG_INDEX, target=optimum, is_cut=False))[[0, 40], 0]
    assert free.tolist() == pytest.approx([-100 / 30, 130])


def test_a_floor_lifts_what_lies_below_it_and_nothing_else() -> None:
    how = Normalisation(Scale.Z_SCORE, low=50.0, high=10.0, floor=45.0)
    assert on(how) == pytest.approx([45, 50 - 40 / 3 / SD, 50 + 140 / 3 / SD])


def test_bounds_of_one_edition_are_put_on_another() -> None:
    how = Normalisation(Scale.MIN_MAX)
    bounds = fit_bounds(COLUMN, UP, how)
    assert (bounds.zero.tolist(), bounds.one.tolist()) == ([2], [10])
    assert apply_bounds(np.array([[6.0], [12.0]]), UP, how, bounds)[:, 0].tolist() == [50, 125]
    assert np.isnan(fit_bounds(COLUMN, UP, Normalisation(Scale.BORDA)).zero).all()


def test_equal_values_share_the_lower_place_and_gaps_have_none() -> None:
    column = np.array([[5.0], [1.0], [5.0], [NAN], [9.0], [1.0]])
    np.testing.assert_array_equal(places_upwards(column)[:, 0], [3, 1, 3, NAN, 5, 1])
    two = np.stack([column, -column])
    np.testing.assert_array_equal(places_upwards(two)[1, :, 0], [2, 4, 2, NAN, 1, 4])


def test_what_a_scale_needs_is_asked_for_by_name() -> None:
    for scale, what in ((Scale.GOALPOSTS, "lower ends"), (Scale.SDG_INDEX, "targets"), (Scale.OECD_DISTANCE, "targets"), (Scale.DISTANCE_TO_TARGET, "targets")):
        with pytest.raises(ValueError, match=what):
            normalise(COLUMN, UP, Normalisation(scale))
    with pytest.raises(ValueError, match="upper ends"):
        normalise(COLUMN, UP, Normalisation(Scale.SCALED, lower=ONE))
    with pytest.raises(ValueError, match=r"places \[1\] have no value"):
        normalise(np.array([[1.0, NAN], [2.0, NAN]]), np.ones(2), Normalisation(Scale.BORDA))
    with pytest.raises(ValueError, match=r"places \[0\] have no spread"):
        normalise(COLUMN, UP, Normalisation(Scale.GOALPOSTS, **ends_at(5, 5)))
    with pytest.raises(ValueError, match=r"places \[0\] have no spread"):
        normalise(np.array([[3.0], [NAN]]), UP, Normalisation(Scale.OECD_DISTANCE, target=ONE))


def test_which_scales_have_a_range_and_which_is_a_distance() -> None:
    ranged = {s for s in Scale if Normalisation(s).has_range}
    assert ranged == {Scale.MIN_MAX, Scale.PERCENTILE_RANK, Scale.DISTANCE_TO_BEST, Scale.GOALPOSTS, Scale.SDG_INDEX}
    uncut = {s for s in Scale if Normalisation(s, is_cut=False).has_range}
    assert uncut == {Scale.MIN_MAX, Scale.PERCENTILE_RANK, Scale.DISTANCE_TO_BEST}
    assert {s for s in Scale if Normalisation(s).lower_is_better} == {Scale.OECD_DISTANCE}


def test_a_board_of_three_and_of_one() -> None:
    board = budget(np.array([[20.0, 80.0], [30.0, 70.0], [40.0, 60.0]]))
    assert board.weights.tolist() == pytest.approx([0.3, 0.7])
    assert board.spread.tolist() == pytest.approx([0.1, 0.1]), "standard deviation of 20, 30, 40 with n - 1, of one hundred"
    assert budget(np.array([[25.0, 75.0]])).spread.tolist() == [0, 0]
    assert budget(np.array([[25.0, 75.0 + 5e-7]])).weights[0] == 0.25, "rounding is no fault"
    for wrong in ([-10.0, 110.0], [50.0, 50.001], [49.0, 50.0]):
        with pytest.raises(ValueError, match=r"places \[1\]"):
            budget(np.array([[50.0, 50.0], wrong]))


def test_a_first_component_of_two_columns_by_hand() -> None:
    """Two columns with correlation r have loadings (1, 1) / sqrt 2 and explain (1 + r) / 2; here r = 0.8 (products 4 over 5)."""
    pair = np.array([[1.0, 1.0], [2.0, 3.0], [3.0, 2.0], [4.0, 4.0]])
    found = first_component(np.vstack([pair, [9.0, NAN]]))
    assert found.weights.tolist() == pytest.approx([0.5, 0.5])
    assert found.loadings.tolist() == pytest.approx([0.5**0.5] * 2)
    assert found.explained == pytest.approx(0.9)
    assert first_component(-pair).loadings.tolist() == pytest.approx([0.5**0.5] * 2), "whichever way the axis came out, more is more"


def test_squared_loadings_are_shares_of_variance() -> None:
    """Three columns, the first two the same and the third at correlation 0.8: the loadings' squares add up to one already."""
    x, y = np.array([1.0, 2.0, 3.0, 4.0]), np.array([1.0, 3.0, 2.0, 4.0])
    plain, squared = first_component(np.column_stack([x, x, y])), first_component(np.column_stack([x, x, y]), squared=True)
    assert (plain.loadings**2).sum() == pytest.approx(1)
    assert squared.weights.tolist() == pytest.approx((plain.loadings**2).tolist())
    assert plain.weights.tolist() == pytest.approx((plain.loadings / plain.loadings.sum()).tolist())
    # The largest root of the correlations (1, 1, 0.8): (1 + sqrt(1 + 8 x 0.64)) / 2 + 1, less one for the third, over three.
    assert plain.explained == pytest.approx((1 + (1 + (1 + 8 * 0.64) ** 0.5) / 2) / 3)


def test_a_component_needs_three_whole_cities_and_as_many_as_columns() -> None:
    rows = np.array([[1.0, 2.0], [2.0, 1.0], [3.0, 3.0]])
    assert first_component(rows).weights.sum() == pytest.approx(1)
    for few in (rows[:2], np.random.default_rng(1).random((3, 4))):
        with pytest.raises(ValueError, match="a component needs at least"):
            first_component(few)
    with pytest.raises(ValueError, match="constant indicator"):
        first_component(np.array([[1.0, 2.0], [2.0, 2.0], [3.0, 2.0]]))


def test_weights_that_no_correlation_allows_are_refused() -> None:
    x = np.array([1.0, 2.0, 3.0, 4.0, 5.0])
    with pytest.raises(ValueError, match="no weights give these proportions"):
        searched(np.column_stack([x, x]), np.array([1.0, 2.0]))
    weights = searched(np.column_stack([x, x[[1, 0, 2, 4, 3]]]), np.array([3.0, 3.0]))
    assert weights.tolist() == pytest.approx([0.5, 0.5])


def test_indices_by_hand() -> None:
    """Outputs 0, 2 and 4, 2: mean 2, variance 2. First: ((2 x 1) + (0 x -1)) / 2 over 2; total: (1 + 1) / 2 over twice 2."""
    a, b, mixed = np.array([[0.0], [2.0]]), np.array([[4.0], [2.0]]), np.array([[[1.0], [1.0]]])
    first, total = centred_indices(a, b, mixed)
    assert (first.tolist(), total.tolist()) == ([[0.5]], [[0.25]])
    still = np.ones((2, 1))
    assert np.isnan(centred_indices(still, still, np.ones((1, 2, 1)))).all(), "an output that never changes has no variance to share"


def test_a_sum_of_two_parts_shares_its_variance_by_the_squares_of_its_factors() -> None:
    """y = x1 + 2 x2 of even draws: variances 1 and 4, shares 0.2 and 0.8, alone and in total."""
    a, b, mixed = design_outputs(lambda x: (x[:, 0] + 2 * x[:, 1])[:, None], 2, n_base=1024, seed=3)
    assert (a.shape, b.shape, mixed.shape) == ((1024, 1), (1024, 1), (2, 1024, 1))
    found = estimate(a, b, mixed, seed=1, resamples=200)
    assert found.first[:, 0].tolist() == pytest.approx([0.2, 0.8], abs=0.02)
    assert found.total[:, 0].tolist() == pytest.approx([0.2, 0.8], abs=0.02)
    for low, middle, high in ((found.first_low, found.first, found.first_high), (found.total_low, found.total, found.total_high)):
        assert (low < middle).all()
        assert (middle < high).all()
        assert (high - low < 0.2).all()


def test_a_mixed_design_changes_one_factor_alone() -> None:
    a, b, mixed = design_outputs(lambda x: x, 3, n_base=8, seed=5)
    for number in range(3):
        np.testing.assert_array_equal(mixed[number][:, number], b[:, number])
        others = [k for k in range(3) if k != number]
        np.testing.assert_array_equal(mixed[number][:, others], a[:, others])
