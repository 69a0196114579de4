"""What must hold for every trend rule, whatever the series."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.methods.blocks import Block
from pipelines.methods.verdicts import (
    Goals,
    Outcome,
    escap_progress,
    eurostat_free_progress,
    eurostat_progress,
    german_symbol,
    sdg_index_arrow,
    statcan_free_progress,
    statcan_progress,
)  # fmt: skip

RULES = {
    "sdg_index": lambda block, goals, year: sdg_index_arrow(block, goals, as_of=year),
    "statcan": lambda block, goals, year: statcan_progress(block, goals, as_of=year),
    "eurostat_short": lambda block, goals, year: eurostat_progress(block, goals, as_of=year, window=5),
    "eurostat_long": lambda block, goals, year: eurostat_progress(block, goals, as_of=year, window=15),
    "escap": lambda block, goals, year: escap_progress(block, goals, as_of=year),
    "german": lambda block, goals, year: german_symbol(block, goals, as_of=year),
}
FREE = {
    "statcan_free": lambda block, direction, year: statcan_free_progress(block, direction, np.full(len(direction), np.nan), as_of=year),
    "eurostat_free": lambda block, direction, year: eurostat_free_progress(block, direction, as_of=year, window=5),
}
VALUES = st.lists(st.one_of(st.just(np.nan), st.floats(0.5, 500)), min_size=1, max_size=12)
GOALS = st.tuples(st.floats(0.5, 500), st.sampled_from([2030.0, np.nan, 2012.0]), st.sampled_from([1.0, -1.0]))


def ask(rule: str, values: list[float], goal: tuple[float, float, float], *, first_year: int = 2010, as_of: float | None = None) -> Outcome:
    """Ask one rule about one series of neighbouring years, in its own last year unless another is given."""
    years = np.arange(first_year, first_year + len(values), dtype=float)
    block, year = Block(years, np.array([values])), years[-1] if as_of is None else as_of
    if rule in FREE:
        return FREE[rule](block, np.array([goal[2]]), year)
    return RULES[rule](block, Goals(*(np.array([part]) for part in goal)), year)


@pytest.mark.parametrize("rule", RULES)
@settings(max_examples=150, deadline=None)
@given(values=VALUES, goal=GOALS)
def test_a_rule_gives_a_verdict_or_a_reason_never_both(rule: str, values: list[float], goal: tuple[float, float, float]) -> None:
    outcome = ask(rule, values, goal)
    assert (outcome.verdicts[0] == "") != (outcome.reasons[0] == "")
    assert outcome.verdicts[0] or np.isnan(outcome.measures[0])
    if np.isfinite(values).sum() < 3 or np.isnan(goal[1]):
        assert outcome.reasons[0], "two points, or a target without a year, are no trend"


@pytest.mark.parametrize("rule", RULES)
@settings(max_examples=100, deadline=None)
@given(values=VALUES, goal=GOALS, power=st.integers(-3, 6))
def test_a_change_of_unit_changes_no_verdict(rule: str, values: list[float], goal: tuple[float, float, float], power: int) -> None:
    factor = 2.0**power
    scaled = ask(rule, [v * factor for v in values], (goal[0] * factor, *goal[1:]))
    assert scaled.verdicts.tolist() == ask(rule, values, goal).verdicts.tolist()


@pytest.mark.parametrize("rule", RULES)
def test_a_better_last_value_never_gives_a_worse_verdict(rule: str) -> None:
    """Less is better, from 100 in 2015 to 40 in 2030: as the last value falls, a rule may only turn to the better."""
    order = ["storm", "reverse", "decreasing", "movement_away", "deterioration", "stagnating", "limited_progress", "insufficient_progress", "cloudy",
             "moderately_improving", "acceleration_needed", "moderate_progress", "slightly_cloudy", "speed_up",
             "on_track", "significant_progress", "sun", "keep_pace", "target_achieved"]  # fmt: skip
    path = [108.0, 107.0, 105.0, 104.0, 102.0, 100.0, 98.0, 97.0, 95.0, 94.0]
    ranks = [order.index(ask(rule, [*path, float(last)], (40.0, 2030.0, -1.0)).verdicts[0]) for last in range(120, 20, -1)]
    assert ranks == sorted(ranks)
    assert len(set(ranks)) >= 3


GOAL = (20.0, 2030.0, -1.0)


@pytest.mark.parametrize("rule", [*RULES, *FREE])
def test_two_points_are_no_trend_however_far_apart(rule: str) -> None:
    """2015 and 2025 alone: too few points, and so no verdict that could be counted as a vote."""
    outcome = ask(rule, [50.0, *[np.nan] * 9, 40.0], GOAL, first_year=2015)
    assert (outcome.verdicts.tolist(), outcome.reasons.tolist()) == ([""], ["too_few_points"])
    assert np.isnan(outcome.measures[0])


@pytest.mark.parametrize("rule", [*RULES, *FREE])
def test_figures_that_end_six_years_before_the_year_asked_in_are_too_old_and_those_of_five_years_are_not(rule: str) -> None:
    series = [60.0 - t for t in range(16)]
    assert ask(rule, series, GOAL, first_year=2005, as_of=2025).verdicts[0]
    outcome = ask(rule, series, GOAL, first_year=2005, as_of=2026)
    assert (outcome.verdicts.tolist(), outcome.reasons.tolist()) == ([""], ["too_old"])


COVER = {  # rule: years (counted back from the last) that are covered enough, and those that are not
    "sdg_index": ([3, 1, 0], [2, 1, 0]),
    "statcan": ([2, 1, 0], [1, 0]),
    "eurostat_short": ([3, 1, 0], [2, 1, 0]),
    "eurostat_long": ([10, 5, 0], [9, 5, 0]),
    "escap": ([2, 1, 0], [1, 0]),
    "german": ([4, 2, 1, 0], [5, 2, 0]),
    "statcan_free": ([2, 1, 0], [1, 0]),
    "eurostat_free": ([3, 1, 0], [2, 1, 0]),
}


@pytest.mark.parametrize("rule", COVER)
def test_a_rule_speaks_only_where_its_window_is_covered(rule: str) -> None:
    """Enough and one year, or one point, less than enough; figures before the window cover nothing."""
    enough, less = COVER[rule]
    for years, is_enough in ((enough, True), (less, False)):
        series = [40.0 + back if back in years else np.nan for back in range(15, -1, -1)]
        outcome = ask(rule, series, GOAL, first_year=2010)
        assert (outcome.verdicts[0] != "", outcome.reasons[0]) == (is_enough, "" if is_enough else "too_few_points"), years


@pytest.mark.parametrize("rule", ["sdg_index", "eurostat_short", "german", "eurostat_free"])
def test_what_lies_before_the_window_is_not_looked_at(rule: str) -> None:
    """Five years back from the last value and no more: a leap in the sixth year back changes neither verdict nor measure."""
    recent = [45.0, 44.0, 43.0, 42.0, 41.0, 40.0]
    plain, leapt = (ask(rule, [*before, *recent], (20.0, 2030.0, -1.0), first_year=2015 - len(before)) for before in ([], [500.0, 1.0]))
    assert plain.verdicts[0] == leapt.verdicts[0] != ""
    assert plain.measures.tolist() == leapt.measures.tolist()
