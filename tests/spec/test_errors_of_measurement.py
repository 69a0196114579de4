"""Errors of figures stay possible, and what figures of one publisher and method share is drawn once; leaving one out needs enough indicators."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.contracts import recipes
from pipelines.methods import uncertainty
from pipelines.methods.draws import random_runs
from pipelines.methods.intervals import run
from pipelines.methods.measuring import Errors, KindOfScale, deviations, disturb
from pipelines.methods.uncertainty import Engine, Plan
from tests.factories_index import cases_of, make_goalposts, make_method, make_values

SHARE, RATE, OTHER = KindOfScale.SHARE, KindOfScale.RATE, KindOfScale.OTHER
RUNS = 20_000


def errors_of(spread: np.ndarray, keys: np.ndarray | None = None, kinds: tuple[KindOfScale, ...] | None = None) -> Errors:
    return Errors(spread, np.full(spread.shape, -1) if keys is None else keys, kinds or (RATE,) * spread.shape[1])


def drawn(values: np.ndarray, errors: Errors, *, n_runs: int = RUNS, seed: int = 1) -> np.ndarray:
    return disturb(values, errors, deviations(random_runs(n_runs, 1, 2)[:, 0], seed, errors))


@settings(max_examples=40, deadline=None)
@given(share=st.floats(0.0, 100.0), error=st.floats(0.0, 3.0), seed=st.integers(0, 10**6))
def test_a_share_never_leaves_0_to_100_however_large_its_error(share: float, error: float, seed: int) -> None:
    found = drawn(np.array([[share]]), errors_of(np.array([[error]]), kinds=(SHARE,)), n_runs=500, seed=seed)
    assert ((found >= 0) & (found <= 100)).all()


@pytest.mark.parametrize(("value", "kind", "spread"), [(4.0, SHARE, 0.2), (97.0, SHARE, 0.15), (50.0, SHARE, 0.1), (36.0, RATE, 2.5), (-12.0, OTHER, 0.6)])
def test_an_error_has_the_size_that_is_stated_and_no_side(value: float, kind: KindOfScale, spread: float) -> None:
    """A share of 97 is as sure as the 3 that are left of it: 5 % of 3 are 0.15."""
    stated = {4.0: 0.05, 97.0: 0.05, 50.0: 0.002, 36.0: 2.5 / 36.0, -12.0: 0.05}[value]
    found = drawn(np.array([[value]]), errors_of(np.array([[stated]]), kinds=(kind,)))[:, 0, 0]
    assert found.std() == pytest.approx(spread, rel=0.05)
    assert abs((found > value).mean() - 0.5) < 0.02


def test_rates_are_log_normal_and_never_turn_their_sign() -> None:
    found = drawn(np.array([[10.0, -10.0]]), errors_of(np.array([[0.8, 0.8]])))
    assert (found[:, 0, 0] > 0).all()
    assert (found[:, 0, 1] < 0).all()
    logs = np.log(found[:, 0, 0] / 10.0)
    assert abs(np.mean((logs / logs.std()) ** 3)) < 0.1, "the logarithm is even on both sides"
    assert found[:, 0, 0].std() / found[:, 0, 0].mean() == pytest.approx(0.8, rel=0.05)


def test_what_has_no_error_stays_to_the_last_bit_and_what_is_beyond_its_ends_has_none() -> None:
    values = np.array([[12.3, 0.1, 5.0, np.nan], [100.0, 0.0, -1.0, 101.5]])
    spread = np.array([[np.nan, 0.0, np.nan, 0.1], [0.2, 0.2, 0.0, 0.2]])
    found = drawn(values, errors_of(spread, kinds=(SHARE, RATE, OTHER, SHARE)), n_runs=50)
    np.testing.assert_array_equal(found, np.repeat(values[None], 50, axis=0))


def test_figures_of_one_publisher_and_method_share_half_of_the_variance_of_their_error() -> None:
    keys = np.array([[7, -1], [7, 3], [-1, 3]])
    off = deviations(random_runs(RUNS, 1, 2)[:, 0], 1, errors_of(np.full((3, 2), 0.1), keys))
    assert np.abs(off.std(axis=0) - 1.0).max() < 0.03, "sharing makes no error larger"
    together = np.corrcoef(off.reshape(RUNS, 6), rowvar=False)
    expected = np.eye(6)
    for one, other in ((0, 2), (3, 5)):
        expected[one, other] = expected[other, one] = 0.5
    assert np.abs(together - expected).max() < 0.03


def test_what_is_shared_by_all_moves_no_rank_and_what_is_each_ones_own_does() -> None:
    """A publisher that measures everybody too high by the same share changes no order."""
    values = make_values(4, m=1)
    method = make_method(1, 1, scale=make_goalposts(1, low=1))
    widths = []
    for key in (-1, 5):
        plan = Plan(relative_error=np.full(values.shape, 0.1), shared_error_key=np.full(values.shape, key), kind_of_scale=(RATE,))
        widths.append(run(Engine(cases_of(values), method, plan, 3, np.ones(20, bool)), n_runs=4_000, n_top=3).mean_interval_width)
    assert widths[1] < 0.85 * widths[0], widths


def test_a_run_with_shared_errors_is_the_same_whatever_stands_beside_it() -> None:
    values = 100.0 * make_values(4) / 40.0
    keys = np.tile(np.array([0, 0, 1, 1, -1, 2]), (20, 1))
    plan = Plan(relative_error=np.full(values.shape, 0.1), shared_error_key=keys, kind_of_scale=(SHARE, RATE, OTHER, SHARE, RATE, RATE))
    engine = Engine(cases_of(values), make_method(), plan, 3, np.ones(20, bool))
    choices = random_runs(60, 1, 4)
    np.testing.assert_array_equal(engine.scores(choices)[::7], np.vstack([engine.scores(choices[at : at + 1]) for at in range(0, 60, 7)]))


def test_errors_that_do_not_fit_or_are_below_nothing_are_refused() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        Errors(np.zeros((3, 2)), np.zeros((3, 2), np.int64), (RATE,))
    with pytest.raises(ValueError, match="below 0"):
        errors_of(np.array([[-0.1]]))


@pytest.mark.parametrize(("n_indicators", "is_inside"), [(9, False), (10, True)])
def test_one_is_left_out_inside_the_intervals_from_ten_indicators_on(n_indicators: int, is_inside: bool) -> None:
    engine = Engine(cases_of(make_values(1, m=n_indicators)), make_method(n_indicators), Plan(weights=0.25, leave_one_out=True), 1, np.ones(20, bool))
    assert ("indicators" in engine.factors) is is_inside
    weights = engine._weights(random_runs(200, len(engine.factors), 1))
    assert (weights[0] == 0).any() == is_inside
    assert recipes.LEAVE_OUT_FROM == uncertainty.LEAVE_OUT_FROM


def test_half_and_double_the_error_narrow_and_widen_the_intervals() -> None:
    values = make_values(4)
    widths = []
    for factor in (0.5, 1.0, 2.0):
        plan = replace(Plan(kind_of_scale=(RATE,) * 6), relative_error=np.full(values.shape, 0.1 * factor))
        widths.append(run(Engine(cases_of(values), make_method(), plan, 3, np.ones(20, bool)), n_runs=1_000, n_top=3).mean_interval_width)
    assert widths[0] < widths[1] < widths[2]
