"""Where each published rule turns from one verdict to the next, from series on both sides of the limit; and why it says nothing."""

from collections.abc import Callable

import numpy as np
import pytest

from pipelines.methods.blocks import Block, ends
from pipelines.methods.verdicts import (
    Goals,
    Outcome,
    escap_progress,
    escap_status,
    eurostat_free_progress,
    eurostat_progress,
    german_symbol,
    sdg_index_arrow,
    share_of_path,
    statcan_free_progress,
    statcan_progress,
)  # fmt: skip

NAN = np.nan
Rule = Callable[[Block, Goals], Outcome]
STATCAN: Rule = lambda block, goals: statcan_progress(block, goals, as_of=2020)  # noqa: E731
EUROSTAT: Rule = lambda block, goals: eurostat_progress(block, goals, as_of=2020, window=5)  # noqa: E731
SDG: Rule = lambda block, goals: sdg_index_arrow(block, goals, as_of=2020)  # noqa: E731
ESCAP: Rule = lambda block, goals: escap_progress(block, goals, as_of=2020)  # noqa: E731
GERMAN: Rule = lambda block, goals: german_symbol(block, goals, as_of=2020)  # noqa: E731


def series(*values: float, first_year: int = 2015) -> Block:
    return Block(np.arange(first_year, first_year + len(values), dtype=float), np.array([values], float))


def goals(target: float, year: float = 2030, direction: float = -1) -> Goals:
    return Goals(np.array([target]), np.array([float(year)]), np.array([float(direction)]))


def said(rule: Rule, block: Block, goal: Goals) -> str:
    """The verdict, or the reason in brackets."""
    outcome = rule(block, goal)
    assert (outcome.verdicts[0] == "") != (outcome.reasons[0] == "")
    return str(outcome.verdicts[0]) or f"({outcome.reasons[0]})"


def compound(share: float, *, years: int = 6) -> Block:
    """From 100 in 2015, with a share of the compound growth that leads to 50 in 2030."""
    needed = 0.5 ** (1 / 15) - 1
    return series(*[100 * (1 + share * needed) ** t for t in range(years)])


@pytest.mark.parametrize(
    ("share", "statcan", "eurostat"),
    [
        (0.951, "on_track", "significant_progress"),
        (0.949, "acceleration_needed", "moderate_progress"),
        (0.601, "acceleration_needed", "moderate_progress"),
        (0.599, "limited_progress", "insufficient_progress"),
        (0.0, "limited_progress", "insufficient_progress"),
        (-0.001, "deterioration", "movement_away"),
    ],
)
def test_statcan_and_eurostat_turn_at_95_60_and_0_percent_of_the_pace_needed(share: float, statcan: str, eurostat: str) -> None:
    assert said(STATCAN, compound(share), goals(50)) == statcan
    assert said(EUROSTAT, compound(share), goals(50)) == eurostat
    assert STATCAN(compound(share), goals(50)).measures[0] == pytest.approx(share, abs=1e-9)
    assert EUROSTAT(compound(share), goals(50)).measures[0] == pytest.approx(share, abs=1e-9)


def free(rate: float, *, direction: float = 1.0, limit: float = NAN, first: float = 50.0) -> tuple[Outcome, Outcome]:
    block = series(*[first * (1 + direction * rate) ** t for t in range(6)])
    side = np.array([direction])
    return statcan_free_progress(block, side, np.array([limit]), as_of=2020), eurostat_free_progress(block, side, as_of=2020, window=5)


@pytest.mark.parametrize("direction", [1.0, -1.0])
@pytest.mark.parametrize(
    ("percent", "statcan", "eurostat"),
    [
        (1.51, "on_track", "significant_progress"),
        (1.49, "acceleration_needed", "significant_progress"),
        (1.01, "acceleration_needed", "significant_progress"),
        (0.99, "acceleration_needed", "moderate_progress"),
        (0.51, "acceleration_needed", "moderate_progress"),
        (0.49, "limited_progress", "moderate_progress"),
        (0.0, "limited_progress", "moderate_progress"),
        (-0.01, "deterioration", "moderate_movement_away"),
        (-0.99, "deterioration", "moderate_movement_away"),
        (-1.01, "deterioration", "significant_movement_away"),
    ],
)
def test_without_a_target_the_limits_are_yearly_rates(percent: float, statcan: str, eurostat: str, direction: float) -> None:
    by_statcan, by_eurostat = free(percent / 100, direction=direction)
    assert (by_statcan.verdicts[0], by_eurostat.verdicts[0]) == (statcan, eurostat)
    assert by_statcan.measures[0] == pytest.approx(percent)
    assert by_eurostat.measures[0] == pytest.approx(percent)


def test_near_a_natural_limit_both_rates_shrink_so_that_the_limit_is_not_overshot() -> None:
    """From 95 of 100 the wanted 1.5 % become (100/95)^(1/15) - 1 = 0.3425 %, and 0.5 % a third of that, 0.1142 %."""
    for percent, verdict in ((0.343, "on_track"), (0.342, "acceleration_needed"), (0.1145, "acceleration_needed"), (0.1140, "limited_progress")):
        assert free(percent / 100, first=95.0, limit=100.0)[0].verdicts[0] == verdict, percent
    for percent, verdict in ((1.51, "on_track"), (1.49, "acceleration_needed")):
        assert free(percent / 100, first=50.0, limit=100.0)[0].verdicts[0] == verdict, "from 50 of 100 nothing shrinks"
    assert free(0.0, first=100.0, limit=100.0)[0].verdicts[0] == "on_track", "at the limit nothing more can be wanted"
    assert free(-0.001, first=100.0, limit=100.0)[0].verdicts[0] == "deterioration"
    assert free(0.0149, first=50.0, limit=0.0)[0].verdicts[0] == "acceleration_needed", "a limit of zero has no compound way to it"


@pytest.mark.parametrize(
    ("fall", "verdict", "ratio"),
    [(2.0, "on_track", 1.0), (1.999, "moderately_improving", 0.9995), (1.0, "moderately_improving", 0.5), (0.999, "stagnating", 0.4995),
     (0.0, "stagnating", 0.0), (-0.001, "decreasing", -0.0005)],
)  # fmt: skip
def test_the_sdg_arrow_turns_at_the_pace_needed_half_of_it_and_none(fall: float, verdict: str, ratio: float) -> None:
    """From 40 in 2015 to 10 in 2030 a fall of 2 a year is needed."""
    block = series(*[40 - fall * t for t in range(6)])
    assert said(SDG, block, goals(10)) == verdict
    assert SDG(block, goals(10)).measures[0] == pytest.approx(ratio)


def test_the_sdg_arrow_takes_the_last_five_years_against_the_need_since_2015() -> None:
    """2015 to 2025: flat at 40 to 2020, then 1.5 a year; needed (40 - 10) / 15 = 2 a year; a leap in 2019 is out of the window, one in 2014 before the base."""
    values = [99.0, 40, 40, 40, 40, 7, 40, 38.5, 37, 35.5, 34, 32.5]
    outcome = sdg_index_arrow(series(*values, first_year=2014), goals(10), as_of=2025)
    assert outcome.verdicts.tolist() == ["moderately_improving"]
    assert outcome.measures[0] == pytest.approx(0.75)


@pytest.mark.parametrize(("last", "verdict"), [(10.0, "on_track"), (9.0, "on_track")])
def test_a_goal_line_that_is_reached_is_on_track_for_the_sdg_arrow(last: float, verdict: str) -> None:
    outcome = SDG(series(40, 30, 20, 15, 12, last), goals(10))
    assert outcome.verdicts[0] == verdict
    assert np.isnan(outcome.measures[0]), "met, there is no pace to compare"


def test_a_goal_line_that_was_met_at_the_base_and_is_lost_is_decreasing() -> None:
    outcome = SDG(series(9, 9, 9, 9, 11, 10.5), goals(10))
    assert outcome.verdicts.tolist() == ["decreasing"]
    assert np.isnan(outcome.measures[0])


@pytest.mark.parametrize(
    ("fall", "verdict", "index"),
    [(6.01, "keep_pace", 9.85), (5.99, "speed_up", 10.15), (0.01, "speed_up", 99.85), (-0.01, "reverse", 100.15)],
)
def test_escap_turns_at_a_tenth_and_at_the_whole_of_the_way(fall: float, verdict: str, index: float) -> None:
    """From 100 in 2015 to 0 in 2030: what is left in 2030 is 100 less 15 falls, in percent of the way of 100."""
    block = series(*[100 - fall * t for t in range(6)])
    assert said(ESCAP, block, goals(0)) == verdict
    assert ESCAP(block, goals(0)).measures[0] == pytest.approx(index)


def test_escap_weighs_recent_years_more_by_one_a_year() -> None:
    """40, 39, 38.6 with weights 1, 2, 3, by hand.

    Mean year 2015 + 4/3, mean value 233.8 / 6; slope -(6.4 / 10) a year; in 2030: 38.96667 - 0.64 (15 - 4/3) = 30.22; left 20.22 of 30.
    """
    outcome = escap_progress(series(40, 39, 38.6), goals(10), as_of=2017)
    assert outcome.measures[0] == pytest.approx(100 * 20.22 / 30)
    later = escap_progress(series(70, NAN, 40, 39, 38.6, first_year=2013), goals(10), as_of=2017)
    assert later.measures[0] == pytest.approx(100 * 20.22 / 30), "what lies before 2015 has no weight"


def test_escap_says_that_a_target_met_at_the_base_and_kept_keeps_pace_and_one_lost_leaves_no_way() -> None:
    assert said(ESCAP, series(9, 9, 9), goals(10)) == "keep_pace"
    assert np.isnan(ESCAP(series(9, 9, 9), goals(10)).measures[0])
    assert said(ESCAP, series(9, 10, 11), goals(10)) == "(target_equals_base)"
    assert said(ESCAP, series(40, 41, 9), goals(10)) == "keep_pace", "reached is reached, whatever the line says"


def test_the_escap_status_runs_from_the_base_to_the_target_and_is_cut_at_both_ends() -> None:
    blocks = [series(40, 25), series(40, 50), series(40, 5), series(9, 12), series(9, 8), series(99, 40, 25, first_year=2014)]
    assert [escap_status(block, goals(10))[0] for block in blocks] == [5.0, 0.0, 10.0, 0.0, 10.0, 5.0]


@pytest.mark.parametrize(
    ("rise", "verdict", "missed"),
    [(10.0, "sun", 0.0), (9.6, "sun", 4.0), (9.5, "slightly_cloudy", 5.0), (8.0, "slightly_cloudy", 20.0), (7.9, "cloudy", 21.0), (0.1, "cloudy", 99.0),
     (0.0, "storm", 100.0), (-1.0, "storm", 110.0)],
)  # fmt: skip
def test_the_german_symbol_turns_at_5_and_at_20_percent_of_the_way_left(rise: float, verdict: str, missed: float) -> None:
    """100 in 2020, 200 in 2030: a rise of ten a year hits the target."""
    block = series(*[100 - rise * (5 - t) for t in range(6)])
    assert said(GERMAN, block, goals(200, direction=1)) == verdict
    assert GERMAN(block, goals(200, direction=1)).measures[0] == pytest.approx(missed)


def test_the_german_symbol_takes_the_mean_of_the_last_five_changes() -> None:
    """60 five years before 100 is 8 a year, whatever happened between and before."""
    block = series(300.0, 60.0, 50.0, NAN, 130.0, NAN, 100.0, first_year=2014)
    assert GERMAN(block, goals(200, direction=1)).measures[0] == pytest.approx(20.0)


def test_at_its_target_a_series_that_turns_away_far_enough_is_stormy() -> None:
    """Less is better, 8 in 2020, target 10: with 0.2 a year more it stays at the target in 2030, with 0.3 it does not."""
    kept, lost = ([8 - rise * (5 - t) for t in range(6)] for rise in (0.2, 0.3))
    assert (said(GERMAN, series(*kept), goals(10)), said(GERMAN, series(*lost), goals(10))) == ("sun", "storm")
    assert np.isnan(GERMAN(series(*lost), goals(10)).measures[0])


FALL = (60, 58, 56, 54, 52, 50)
SILENT = {  # rule, series, target and year, reason
    "no value since 2015": (SDG, series(*FALL, first_year=2009), goals(20), "(no_base)"),
    "no target year": (SDG, series(*FALL), goals(20, NAN), "(no_target_year)"),
    "the target is the base": (SDG, series(20, 21, 22, 23, 24, 25), goals(20), "decreasing"),
    "the year is past": (SDG, series(*FALL), goals(20, 2015), "(target_year_past)"),
    "statcan: below zero": (STATCAN, series(-5, *FALL[1:]), goals(20), "(not_positive)"),
    "statcan: last below zero": (STATCAN, series(5, 4, 3, 2, 1, -1), goals(-2), "(not_positive)"),
    "statcan: zero target": (STATCAN, series(*FALL), goals(0), "limited_progress"),
    "statcan: zero base": (STATCAN, series(0, 1, 2, 3, 4, 5), goals(20, direction=1), "on_track"),
    "statcan: the year is past": (STATCAN, series(*FALL), goals(20, 2015), "(target_year_past)"),
    "statcan: achieved": (STATCAN, series(60, 50, 40, 30, 20, 20), goals(20), "target_achieved"),
    "statcan: target at the base": (STATCAN, series(20, 21, 22, 23, 24, 25), goals(20), "(target_equals_base)"),
    "eurostat: zero target": (EUROSTAT, series(*FALL), goals(0), "(not_positive)"),
    "eurostat: zero base": (EUROSTAT, series(0, 1, 2, 3, 4, 5), goals(20, direction=1), "(not_positive)"),
    "eurostat: zero last": (EUROSTAT, series(5, 4, 3, 2, 1, 0), goals(-1), "(not_positive)"),
    "eurostat: the year is past": (EUROSTAT, series(*FALL), goals(20, 2015), "(target_year_past)"),
    "eurostat: achieved": (EUROSTAT, series(60, 50, 40, 30, 20, 20), goals(20), "significant_progress"),
    "escap: the year is past": (ESCAP, series(*FALL), goals(20, 2015), "(target_year_past)"),
    "german: the year is past": (GERMAN, series(*FALL), goals(20, 2020), "(target_year_past)"),
    "german: the year is next": (GERMAN, series(*FALL), goals(20, 2021), "cloudy"),
    "german: three points": (GERMAN, series(*FALL[3:], first_year=2018), goals(20), "(too_few_points)"),
}


@pytest.mark.parametrize("case", SILENT)
def test_a_rule_says_why_it_says_nothing_and_speaks_where_its_formula_is_defined(case: str) -> None:
    rule, block, goal, expected = SILENT[case]
    assert said(rule, block, goal) == expected


def test_a_zero_is_replaced_by_a_thousandth_for_statistics_canada() -> None:
    """From 0 (0.001) to 8 in 5 years, from 0.001 to 64 in 15: ln 8000 / 5 against ln 64000 / 15, on the compound scale."""
    outcome = statcan_progress(series(0, 1, 2, 4, 6, 8), goals(64, direction=1), as_of=2020)
    assert outcome.measures[0] == pytest.approx((8000 ** (1 / 5) - 1) / (64000 ** (1 / 15) - 1))
    gone = statcan_progress(series(64, 60, 50, 40, 30, 0), goals(0), as_of=2020)
    assert gone.verdicts.tolist() == ["target_achieved"]


def test_the_share_of_the_path_done_by_hand() -> None:
    assert share_of_path(ends(series(100, 80)), goals(50)).tolist() == [40.0]
    assert share_of_path(ends(series(100, 120)), goals(50)).tolist() == [-40.0]
    assert np.isnan(share_of_path(ends(series(50, 80)), goals(50))[0])
