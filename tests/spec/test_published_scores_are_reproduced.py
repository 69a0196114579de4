"""Numbers that other systems printed, from their inputs: distances, bands, verdicts, levels."""

import numpy as np
import pytest

from pipelines.methods.agreement import agree
from pipelines.methods.blocks import Block, ends, fit_line
from pipelines.methods.distances import (
    level_reached,
    loss_outside_band,
    score_between,
    sdr_colour,
    share_of_target,
    u4ssc_points,
)  # fmt: skip
from pipelines.methods.projections import finishing_year, needed_growth, project
from pipelines.methods.verdicts import (
    Goals,
    escap_progress,
    escap_status,
    eurostat_free_progress,
    eurostat_progress,
    german_symbol,
    natural_limit_factor,
    sdg_index_arrow,
    share_of_path,
    statcan_free_progress,
    statcan_progress,
)  # fmt: skip

NAN = np.nan


def arr(*numbers: float) -> np.ndarray:
    return np.array(numbers, float)


def block(*rows: list[float], first_year: int = 2015) -> Block:
    return Block(np.arange(first_year, first_year + len(rows[0]), dtype=float), np.array(rows, float))


def goals(target: float, year: float, direction: float, n: int = 1) -> Goals:
    return Goals(np.full(n, target), np.full(n, year), np.full(n, direction))


def test_u4ssc_points_as_itu_prints_their_limits() -> None:
    assert u4ssc_points(arr(0.329, 0.33, 0.659, 0.66, 0.949, 0.95, 1.4, NAN)).tolist()[:-1] == [1, 2, 2, 3, 3, 4, 4]


def test_the_u4ssc_limits_of_a_sixty_percent_target() -> None:
    """Mashhad, fixed broadband: full target 60 % of households; limits 57.0, 39.6 and 19.8."""
    values = arr(57.0, 56.9, 39.6, 39.5, 19.8, 19.7)
    assert u4ssc_points(share_of_target(values, np.full(6, 60.0), np.zeros(6))).tolist() == [4, 3, 3, 2, 2, 1]


@pytest.mark.parametrize(("value", "low", "high", "printed"), [(12.97, 0, 61.27, 78.83), (2.09, 0.29, 30, 93.94), (12.3, 0, 190, 93.53)])
def test_the_scores_of_kopavogur(value: float, low: float, high: float, printed: float) -> None:
    """Less is better in all three: the worst end is the maximum."""
    assert score_between(arr(value), arr(high), arr(low))[0] == pytest.approx(printed, abs=0.005)


SDR = {  # value, worst, best, green, red, score by hand, colour
    "PM2.5": (25.0, 87.0, 6.3, 10.0, 25.0, 100 * 62 / 80.7, "red"),
    "traffic deaths": (8.4, 33.7, 3.2, 8.4, 16.8, 100 * 25.3 / 30.5, "green"),
    "life expectancy": (76.0, 54.0, 83.0, 80.0, 70.0, 100 * 22 / 29, "yellow"),
    "Gini": (36.0, 63.0, 27.5, 30.0, 40.0, 100 * 27 / 35.5, "orange"),
    "municipal waste": (1.5, 3.7, 0.1, 1.0, 2.0, 100 * 2.2 / 3.6, "yellow"),
    "electricity access": (5.0, 9.1, 100.0, 98.0, 80.0, 0.0, "red"),
    "CO2": (0.0, 20.0, 0.0, 2.0, 4.0, 100.0, "green"),
}


@pytest.mark.parametrize("name", SDR)
def test_scores_and_colours_from_the_four_columns_of_the_sdr(name: str) -> None:
    value, worst, best, green, red, score, colour = SDR[name]
    assert score_between(arr(value), arr(worst), arr(best))[0] == pytest.approx(score)
    assert sdr_colour(arr(value), arr(green), arr(red)).tolist() == [colour]


def test_statistics_canada_by_ratio() -> None:
    """Needed: 100 to 50 in 15 years; the series goes 1.0, 0.7, 0.3 and -0.2 times as fast on the compound scale."""
    needed = 0.5 ** (1 / 15) - 1
    rows = [[100 * (1 + pace * needed) ** t for t in range(6)] for pace in (1.0, 0.7, 0.3, -0.2)]
    outcome = statcan_progress(block(*rows, [40.0] * 6), goals(50, 2030, -1, 5), as_of=2020)
    assert outcome.verdicts.tolist() == ["on_track", "acceleration_needed", "limited_progress", "deterioration", "target_achieved"]
    assert outcome.measures[:4].tolist() == pytest.approx([1.0, 0.7, 0.3, -0.2])


def test_near_a_natural_limit_the_threshold_does_not_overshoot_it_in_fifteen_years() -> None:
    factor = natural_limit_factor(arr(95, 50, 99), arr(100, 100, NAN))
    assert 95 * (1 + 0.015 * factor[0]) ** 15 == pytest.approx(100)
    assert factor[1:].tolist() == [1, 1]
    at_limit = statcan_free_progress(block([100, 100, 100]), arr(1), arr(100), as_of=2020)
    assert at_limit.verdicts.tolist() == ["on_track"]


def test_eurostat_with_and_without_a_target() -> None:
    needed = (80 / 50) ** (1 / 15) - 1
    rows = [[50 * (1 + pace * needed) ** t for t in range(6)] for pace in (1.0, 0.7, 0.3, -0.2)]
    outcome = eurostat_progress(block(*rows), goals(80, 2030, 1, 4), as_of=2020, window=5)
    assert outcome.verdicts.tolist() == ["significant_progress", "moderate_progress", "insufficient_progress", "movement_away"]
    rates = [[100 * (1 + rate) ** t for t in range(6)] for rate in (0.012, 0.004, -0.004, -0.012)]
    free = eurostat_free_progress(block(*rates), np.ones(4), as_of=2020, window=5)
    assert free.verdicts.tolist() == ["significant_progress", "moderate_progress", "moderate_movement_away", "significant_movement_away"]


def test_the_arrow_of_the_sdg_index() -> None:
    """From 40 in 2015 to 10 in 2030 a fall of 2 a year is needed."""
    rows = [[40 - 2.0 * pace * t for t in range(6)] for pace in (1.0, 0.6, 0.2, -0.5)]
    outcome = sdg_index_arrow(block(*rows), goals(10, 2030, -1, 4), as_of=2020)
    assert outcome.verdicts.tolist() == ["on_track", "moderately_improving", "stagnating", "decreasing"]
    assert outcome.measures.tolist() == pytest.approx([1.0, 0.6, 0.2, -0.5])


def test_escap_keeps_pace_speeds_up_or_reverses() -> None:
    rows = [[40 - 2.0 * pace * t for t in range(6)] for pace in (0.95, 0.5, -0.5)]
    outcome = escap_progress(block(*rows), goals(10, 2030, -1, 3), as_of=2020)
    assert outcome.verdicts.tolist() == ["keep_pace", "speed_up", "reverse"]
    assert outcome.measures.tolist() == pytest.approx([5.0, 50.0, 150.0])
    assert escap_status(block(*rows), goals(10, 2030, -1, 3)).tolist() == pytest.approx([10 * 9.5 / 30, 10 * 5 / 30, 0.0])


def test_the_german_weather_symbols() -> None:
    """Last value 50, ten years left, 10 to go: the yearly change decides what share of the 10 is missed."""
    rows = [[50 - change * (5 - t) for t in range(6)] for change in (1.0, 0.96, 0.85, 0.5, -0.1)]
    outcome = german_symbol(block(*rows), goals(60, 2030, 1, 5), as_of=2020)
    assert outcome.verdicts.tolist() == ["sun", "sun", "slightly_cloudy", "cloudy", "storm"]
    assert outcome.measures[:4].tolist() == pytest.approx([0, 4, 15, 50])
    few = german_symbol(block([NAN, NAN, NAN, 1, 2, 3]), goals(9, 2030, 1), as_of=2020)
    assert (few.verdicts.tolist(), few.reasons.tolist()) == ([""], ["too_few_points"])


def test_share_of_path_growth_and_finishing_year() -> None:
    points = ends(block([100, NAN, NAN, NAN, NAN, 80]))
    assert share_of_path(points, goals(50, 2030, -1)).tolist() == [40.0]
    assert needed_growth(arr(80), arr(2020), arr(50), arr(2030))[0] == pytest.approx((50 / 80) ** 0.1 - 1)
    assert finishing_year(points, arr(50))[0] == pytest.approx(2015 + 5 * np.log(0.5) / np.log(0.8))
    assert np.isnan(finishing_year(points, arr(120))[0]), "a series that moves away never finishes"
    assert np.isnan(finishing_year(ends(block([0, 5])), arr(9))[0]), "zero has no growth"


def test_the_levels_of_y4904_as_itu_illustrates_them() -> None:
    cuts = np.tile([30.0, 50.0, 70.0, 90.0], (6, 1))
    assert level_reached(arr(12, 30, 69, 70, 95, NAN), cuts, np.ones(6)).tolist()[:-1] == [1, 2, 3, 4, 5]


def test_the_loss_outside_a_band() -> None:
    assert loss_outside_band(arr(10, 25, 40), np.full(3, 20.0), np.full(3, 30.0)).tolist() == [10, 0, 10]


def test_quadratic_weighted_kappa() -> None:
    """A worked table: two raters, five areas; expected disagreement by hand."""
    same = agree(arr(1, 2, 3, 4, NAN), arr(1, 2, 3, 4, 5), n_levels=5)
    assert (same.n_pairs, same.share_equal, same.kappa) == (4, 1.0, 1.0)
    near = agree(arr(3, 3, 4, 4), arr(3, 4, 4, 5), n_levels=5)
    # Observed squared gaps 0 + 1 + 0 + 1 = 2; expected from the margins (3: 2, 4: 2) and (3: 1, 4: 2, 5: 1).
    assert near.kappa == pytest.approx(1 - 2 / ((2 * 2 * 1 + 2 * 1 * 4 + 2 * 1 * 1 + 2 * 1 * 1) / 4))
    assert (near.share_equal, near.mean_gap) == (0.5, -0.5)
    assert np.isnan(agree(arr(4, 4), arr(4, 4), n_levels=5).kappa)


def test_a_projection_has_an_interval_and_needs_four_points() -> None:
    exact = project(block([1, 2, 3, 4]), arr(2030))
    assert (exact.value[0], exact.low[0], exact.high[0]) == (pytest.approx(16), pytest.approx(16), pytest.approx(16))
    noisy = project(block([1, 2.4, 2.8, 4.1, 5.2]), arr(2025))
    assert noisy.low[0] < noisy.value[0] < noisy.high[0]
    assert np.isnan(project(block([1, 2, 3, NAN]), arr(2030)).value[0])
    assert fit_line(block([3, NAN, NAN, NAN])).slope.tolist() != [0.0]
