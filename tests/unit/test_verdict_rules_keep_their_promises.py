"""What must hold for every trend rule, whatever the series."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.methods.blocks import Block
from pipelines.methods.verdicts import Goals, Outcome, escap_progress, eurostat_progress, german_symbol, sdg_index_arrow, statcan_progress

RULES = {
    "sdg_index": sdg_index_arrow,
    "statcan": statcan_progress,
    "eurostat_short": lambda block, goals: eurostat_progress(block, goals, window=5),
    "eurostat_long": lambda block, goals: eurostat_progress(block, goals, window=15),
    "escap": escap_progress,
    "german": german_symbol,
}
VALUES = st.lists(st.one_of(st.just(np.nan), st.floats(0.5, 500)), min_size=1, max_size=12)
GOALS = st.tuples(st.floats(0.5, 500), st.sampled_from([2030.0, np.nan, 2012.0]), st.sampled_from([1.0, -1.0]))


def ask(rule: str, values: list[float], goal: tuple[float, float, float]) -> Outcome:
    block = Block(np.arange(2010, 2010 + len(values), dtype=float), np.array([values]))
    return RULES[rule](block, Goals(*(np.array([part]) for part in goal)))


@pytest.mark.parametrize("rule", RULES)
@settings(max_examples=150, deadline=None)
@given(values=VALUES, goal=GOALS)
def test_a_rule_gives_a_verdict_or_a_reason_never_both(rule: str, values: list[float], goal: tuple[float, float, float]) -> None:
    outcome = ask(rule, values, goal)
    assert (outcome.verdicts[0] == "") != (outcome.reasons[0] == "")
    assert outcome.verdicts[0] or np.isnan(outcome.measures[0])
    if np.isfinite(values).sum() < 2 or np.isnan(goal[1]):
        assert outcome.reasons[0], "one point, or a target without a year, is no trend"


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
    path = [100.0, 98.0, 97.0, 95.0, 94.0]
    ranks = [order.index(ask(rule, [np.nan] * 5 + [*path, float(last)], (40.0, 2030.0, -1.0)).verdicts[0]) for last in range(120, 20, -1)]
    assert ranks == sorted(ranks)
    assert len(set(ranks)) >= 3
