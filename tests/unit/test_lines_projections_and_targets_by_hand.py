"""Lines, projections, paces, candidate targets and distances, each against numbers worked out by hand in the test."""

import numpy as np
import pytest

from pipelines.methods.blocks import Block, Ends, ends, fit_line, growth, has_trend, is_old
from pipelines.methods.distances import level_reached, loss_outside_band, score_between, sdr_colour, share_of_target, u4ssc_points
from pipelines.methods.projections import backtest_error, finishing_year, needed_change, needed_growth, pace_interval, project
from pipelines.methods.targets import Reach, candidate_targets, reach

NAN = np.nan


def arr(*numbers: float) -> np.ndarray:
    return np.array(numbers, float)


def block(*rows: list[float], first_year: int = 2015) -> Block:
    return Block(np.arange(first_year, first_year + len(rows[0]), dtype=float), np.array(rows, float))


FOUR = [1.0, 3.0, 2.0, 4.0]
"""Mean year 2016.5, mean 2.5; years around it -1.5, -0.5, 0.5, 1.5: sum of squares 5, of products 4, slope 0.8.
Residuals -0.3, 0.9, -0.9, 0.3: squares 1.8, over 2 degrees of freedom 0.9."""
T_TWO = 2.919986
"""95th percentile of Student's t with 2 degrees of freedom, printed in tables as 2.920."""


def test_a_line_by_hand() -> None:
    line = fit_line(block(FOUR, [NAN, 5.0, NAN, 9.0], [NAN, NAN, 7.0, NAN]))
    assert line.slope.tolist()[:2] == pytest.approx([0.8, 2.0])
    assert line.mean_year.tolist() == [2016.5, 2017.0, 2017.0]
    assert line.at_mean_year.tolist() == [2.5, 7.0, 7.0]
    assert line.residual_sd[0] == pytest.approx(0.9**0.5)
    assert line.spread.tolist() == [5.0, 2.0, 0.0]
    assert line.n_points.tolist() == [4, 2, 1]
    assert np.isnan(line.slope[2]), "one point has no slope"
    assert np.isnan(line.residual_sd[1]), "two points have no residual"
    assert line.at(2020)[:2].tolist() == pytest.approx([5.3, 13.0])


def test_three_points_have_a_residual_with_one_degree_of_freedom() -> None:
    """0, 3, 0: mean 1, slope 0, residuals -1, 2, -1: squares 6 over 1."""
    assert fit_line(block([0, 3, 0])).residual_sd[0] == pytest.approx(6**0.5)


def test_weights_pull_the_line() -> None:
    """0, 0, 6 with weights 1, 1, 2: mean year 1.25, mean 3; sum of squares 1.5625 + 0.0625 + 2 x 0.5625 = 2.75, of products 3.75 + 0.75 + 4.5 = 9."""
    line = fit_line(block([0, 0, 6], first_year=0), weights=np.array([[1.0, 1.0, 2.0]]))
    assert (line.mean_year[0], line.at_mean_year[0], line.spread[0]) == (1.25, 3.0, 2.75)
    assert line.slope[0] == pytest.approx(9 / 2.75)


def test_an_interval_of_the_pace_needs_four_points_and_has_the_level_that_is_asked() -> None:
    line = fit_line(block(FOUR, [1.0, 3.0, 2.0, NAN]))
    low, high = pace_interval(line)
    margin = T_TWO * 0.9**0.5 / 5**0.5
    assert (low[0], high[0]) == (pytest.approx(0.8 - margin, abs=1e-5), pytest.approx(0.8 + margin, abs=1e-5))
    assert np.isnan([low[1], high[1]]).all()
    wider = pace_interval(line, level=0.95)
    assert wider[1][0] - 0.8 == pytest.approx(4.302653 * 0.9**0.5 / 5**0.5, abs=1e-5), "97.5th percentile with 2 degrees of freedom: 4.303"


def test_a_projection_by_hand() -> None:
    """In 2020, 3.5 years after the mean: 2.5 + 0.8 x 3.5; variance 0.9 (1 + 1/4 + 12.25 / 5)."""
    ahead = project(block(FOUR, [1.0, 3.0, 2.0, NAN]), arr(2020, 2020))
    margin = T_TWO * (0.9 * (1 + 0.25 + 12.25 / 5)) ** 0.5
    assert (ahead.value[0], ahead.low[0], ahead.high[0]) == (pytest.approx(5.3), pytest.approx(5.3 - margin, abs=1e-5), pytest.approx(5.3 + margin, abs=1e-5))
    assert np.isnan([ahead.value[1], ahead.low[1], ahead.high[1]]).all(), "three points are not carried on"
    assert project(block([1.0, 3.0, 2.0, 4.0, 3.0, 5.0]), arr(2025), level=0.5).high[0] < project(block([1.0, 3.0, 2.0, 4.0, 3.0, 5.0]), arr(2025)).high[0]


def test_the_error_one_step_ahead_is_the_mean_miss_of_points_that_three_or_more_go_before() -> None:
    """1, 2, 3 lead to 4, not 5: one off. 1, 2, 3, 5 (mean 2.75, slope 1.3) lead to 6, not 9: three off."""
    errors = backtest_error(block([1, 2, 3, 5, 9], [1, 2, 3, NAN, NAN], [1, NAN, 2, 3, 6]))
    assert errors[0] == pytest.approx(2)
    assert np.isnan(errors[1])
    # 2015, 2017, 2018: mean year 2 after 2015 - 1/3, mean 2; slope (5/3 + 0 + 4/3) / (25/9 + 1/9 + 16/9) = 3 / (42/9); at 4: 2 + 9/14 (4 - 5/3) = 3.5.
    assert errors[2] == pytest.approx(2.5)


def test_needed_paces_end_with_the_target_year() -> None:
    assert needed_change(arr(80, 80, 80), arr(2020, 2020, 2020), arr(50, 50, 50), arr(2030, 2021, 2020)).tolist()[:2] == [-3, -30]
    assert np.isnan(needed_change(arr(80), arr(2020), arr(50), arr(2020))[0])
    assert np.isnan(needed_change(arr(80), arr(2020), arr(50), arr(2019))[0])
    assert needed_growth(arr(80), arr(2020), arr(20), arr(2022))[0] == pytest.approx(-0.5)


def test_growth_is_compound_and_undefined_at_zero_below_it_and_within_no_time() -> None:
    assert growth(arr(100, 100), arr(121, 25), arr(2, 2)).tolist() == pytest.approx([0.1, -0.5])
    assert np.isnan(growth(arr(0, 5, -5, 5, 5), arr(5, 0, -5, 5, 5), arr(2, 2, 2, 0, -1))).all()


def at_ends(first: float, last: float, span: float = 5) -> Ends:
    return Ends(arr(2015), arr(first), arr(2015 + span), arr(last), arr(2))


def test_the_finishing_year_at_the_compound_pace() -> None:
    """Halved every 5 years: 25 of 100 is reached after 10; the target itself in its year; nothing when the series moves away or stands."""
    assert finishing_year(at_ends(100, 50), arr(25))[0] == pytest.approx(2025)
    assert finishing_year(at_ends(100, 50), arr(50))[0] == pytest.approx(2020)
    assert finishing_year(at_ends(10, 20, 3), arr(80))[0] == pytest.approx(2024)
    assert np.isnan(
        [finishing_year(e, arr(t))[0] for e, t in ((at_ends(100, 50), 75), (at_ends(100, 50), 120), (at_ends(50, 50), 25), (at_ends(-1, 50), 60),
         (at_ends(9, 0), 1), (at_ends(9, 5), 0), (at_ends(9, 5, 0), 1))]
    ).all()  # fmt: skip


def test_ends_count_points_and_a_trend_needs_three_that_are_not_old() -> None:
    found = ends(block([NAN, 2, 3, NAN], [1, 2, 3, NAN], [NAN] * 4, [1, NAN, 3, 4]))
    assert found.first_year.tolist()[:2] == [2016, 2015]
    assert found.last_year.tolist()[:2] == [2017, 2017]
    assert (found.first[0], found.last[0], found.span[0]) == (2, 3, 1)
    assert found.n_points.tolist() == [2, 3, 0, 3]
    assert np.isnan([found.first[2], found.last[2], found.first_year[2], found.last_year[2]]).all()
    assert has_trend(found, 2020).tolist() == [False, True, False, True]
    assert is_old(found, 2022).tolist() == [False, False, False, False]
    assert is_old(found, 2023).tolist() == [True, True, False, False], "no points are not old points"
    assert has_trend(found, 2023).tolist() == [False, False, False, True]
    none = ends(Block(np.array([]), np.empty((2, 0))))
    assert none.n_points.tolist() == [0, 0]
    assert np.isnan(none.first).all()


def test_since_keeps_the_year_itself_and_takes_a_year_for_each_series() -> None:
    kept = block([1, 2, 3], [4, 5, 6]).since(arr(2016, 2017)).values
    np.testing.assert_array_equal(kept, [[NAN, 2, 3], [NAN, NAN, 6]])
    assert block([1, 2, 3]).n_points.tolist() == [3]
    with pytest.raises(ValueError, match="do not fit"):
        Block(np.array([1.0]), np.array([1.0]))
    with pytest.raises(ValueError, match="do not fit"):
        Block(np.array([1.0, 2.0]), np.array([[1.0]]))


def test_candidate_targets_of_ten_cities_and_of_too_few() -> None:
    ten = np.arange(1.0, 11.0)
    assert candidate_targets(ten, 1.0) == {"mean_of_best_five": 8.0, "best_fifth": pytest.approx(8.2), "median": 5.5}
    assert candidate_targets(ten, -1.0) == {"mean_of_best_five": 3.0, "best_fifth": pytest.approx(2.8), "median": 5.5}
    assert candidate_targets(arr(1, 2, 3, 4, NAN), 1.0) == {}
    assert candidate_targets(arr(1, 2, 3, 4, 5, NAN), 1.0)["median"] == 3


def test_who_reaches_a_candidate_today_and_later() -> None:
    """Target 10; the last city has no figure, the third no projection."""
    values, projected, low, high = arr(9, 10, 11, 3, NAN), arr(10, 12, NAN, 4, NAN), arr(9, 9, NAN, 3, NAN), arr(11, 13, NAN, 10, NAN)
    more = reach(values, projected, low, high, direction=1.0, target=10.0)
    assert more == Reach(n_cities=4, n_today=2, n_later=2, n_later_low=0, n_later_high=3, n_unknown=1)
    less = reach(values, projected, low, high, direction=-1.0, target=10.0)
    assert less == Reach(n_cities=4, n_today=3, n_later=2, n_later_low=1, n_later_high=3, n_unknown=1)


@pytest.mark.parametrize(("green", "red", "sign"), [(30.0, 10.0, 1), (-30.0, -10.0, -1)])
def test_colours_turn_at_green_at_the_midpoint_and_at_red(green: float, red: float, sign: int) -> None:
    values = sign * arr(31, 30, 29.9, 20, 19.9, 10.1, 10, 9, NAN)
    colours = ["green", "green", "yellow", "yellow", "orange", "orange", "red", "red", ""]
    assert sdr_colour(values, np.full(9, green), np.full(9, red)).tolist() == colours
    assert sdr_colour(arr(1), arr(5), arr(5)).tolist() == [""], "two thresholds at one place are no scale"


def test_shares_and_scores_between_two_ends() -> None:
    assert share_of_target(arr(15, 5, 30), arr(20, 20, 20), arr(10, 10, 10)).tolist() == [0.5, -0.5, 2.0]
    assert np.isnan(share_of_target(arr(15), arr(20), arr(20))[0])
    assert score_between(arr(15, 5, 30), np.full(3, 10.0), np.full(3, 20.0)).tolist() == [50, 0, 100]
    assert score_between(arr(5), arr(10), arr(0)).tolist() == [50]


def test_points_of_u4ssc_at_a_limit_that_arithmetic_misses_by_a_hair() -> None:
    assert u4ssc_points(arr(0.33 - 1e-13, 0.33 - 1e-11, 0.95 - 1e-13, 0.95 - 1e-11)).tolist() == [2, 1, 4, 3]
    assert np.isnan(u4ssc_points(arr(NAN))[0])


def test_levels_are_reached_in_order_and_from_the_right_side() -> None:
    cuts = np.array([[30.0, 50.0, 40.0]])
    assert [level_reached(arr(v), cuts, np.ones(1))[0] for v in (29, 30, 45, 50)] == [1, 2, 2, 4]
    assert [level_reached(arr(v), np.array([[20.0, 10.0]]), -np.ones(1))[0] for v in (21, 20, 11, 10)] == [1, 2, 2, 3]
    assert np.isnan(level_reached(arr(NAN), cuts, np.ones(1))[0])


def test_a_loss_counts_from_the_nearer_end_of_the_band() -> None:
    assert loss_outside_band(arr(5, 10, 15, 20, 23), np.full(5, 10.0), np.full(5, 20.0)).tolist() == [5, 0, 0, 0, 3]
