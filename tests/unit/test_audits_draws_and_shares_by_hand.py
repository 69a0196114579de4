"""The audit's limits on columns whose correlations are built in, random words against published ones, shares of a change by hand."""

from fractions import Fraction

import numpy as np
import pytest

from pipelines.methods.auditing import AuditLine, audit, correlation, correlations, cronbach_alpha, first_share, importance
from pipelines.methods.draws import keys_of, mix, sobol_pairs, uniform
from pipelines.methods.rank_changes import shapley
from pipelines.methods.trees import tree_of

NAN = np.nan
# Eight cities, columns of ones and minus ones that do not correlate with each other at all.
H = np.array([[(-1) ** bin(row & column).count("1") for column in range(8)] for row in range(8)], float)


def with_correlation(r: float, to: int, rest: int) -> np.ndarray:
    """A column that correlates with one of ``H`` by exactly r and with no other but ``rest``."""
    return np.asarray(r * H[:, to] + (1 - r**2) ** 0.5 * H[:, rest])


def lines_of(members: list[np.ndarray], above: np.ndarray, weights: list[float] | None = None) -> dict[tuple[str, int, int], AuditLine]:
    tree = tree_of(([0] * len(members),), (weights or [1.0] * len(members),))
    return {(line.check, line.place, line.other): line for line in audit(np.column_stack(members), (above[:, None],), tree)}


def test_a_correlation_by_hand_and_from_five_cities_on() -> None:
    x, y = np.arange(1.0, 6.0), np.array([1.0, 2.0, 3.0, 5.0, 4.0])
    assert correlation(x, y) == pytest.approx(0.9), "1 - 6 x 2 / (5 x 24)"
    assert correlation(np.append(x, NAN), np.append(y, 7.0)) == pytest.approx(0.9)
    assert np.isnan(correlation(x[:4], y[:4]))
    assert np.isnan(correlation(x, np.full(5, 3.0)))
    found = correlations(np.column_stack([x, y, -x]))
    np.testing.assert_allclose(found, [[1, 0.9, -1], [0.9, 1, -0.9], [-1, -0.9, 1]])


def test_the_first_component_of_a_pair_explains_half_of_one_and_the_correlation() -> None:
    x, y = np.arange(1.0, 6.0), np.array([1.0, 2.0, 3.0, 5.0, 4.0])
    assert first_share(np.column_stack([x, y])) == pytest.approx(0.95)
    assert np.isnan(first_share(np.column_stack([x, y])[:4])), "four cities"
    assert np.isnan(first_share(x[:, None])), "one column"
    assert np.isnan(first_share(np.column_stack([x, np.ones(5)]))), "one that does not vary"
    assert np.isnan(first_share(H[:5, 1:6])), "no more cities than columns"
    assert first_share(H[:, 1:8]) == pytest.approx(1 / 7), "eight cities, seven columns that have nothing in common"


def test_alpha_by_hand() -> None:
    """Variances 2.5 and 2.5, of the sum 2 x 2.5 x 1.9 = 9.5: twice (1 - 5 / 9.5)."""
    x, y = np.arange(1.0, 6.0), np.array([1.0, 2.0, 3.0, 5.0, 4.0])
    assert cronbach_alpha(np.column_stack([x, y])) == pytest.approx(2 * (1 - 5 / 9.5))
    assert cronbach_alpha(np.column_stack([x, y, x])) == pytest.approx(1.5 * (1 - 7.5 / (3 * 2.5 + 2 * 2.5 * 2.8)))
    assert np.isnan(cronbach_alpha(np.column_stack([x, y])[:4]))
    assert np.isnan(cronbach_alpha(x[:, None]))
    assert np.isnan(cronbach_alpha(np.column_stack([x, -x]))), "a sum that does not vary"
    assert importance(np.column_stack([with_correlation(0.9, 1, 2), with_correlation(-0.3, 1, 3)]), H[:, 1]).tolist() == pytest.approx([0.9, 0.1])


@pytest.mark.parametrize(("r", "verdict"), [(0.31, "sound"), (0.29, "weak"), (0.01, "weak"), (-0.01, "negative"), (-0.9, "negative")])
def test_a_member_is_weak_below_three_tenths_and_negative_below_nothing(r: float, verdict: str) -> None:
    line = lines_of([with_correlation(r, 1, 2), with_correlation(0.8, 1, 3)], H[:, 1])["parent_correlation", 0, 0]
    assert (line.verdict, line.limit, line.level) == (verdict, 0.3, 0)
    assert line.measure == pytest.approx(r)


@pytest.mark.parametrize(("r", "is_said"), [(0.93, True), (0.91, False), (-0.93, True), (-0.91, False)])
def test_a_pair_is_redundant_above_92_hundredths_either_way(r: float, is_said: bool) -> None:
    lines = lines_of([H[:, 2], with_correlation(r, 2, 3)], H[:, 2] + H[:, 3])
    assert (("pair_correlation", 0, 1) in lines) == is_said
    if is_said:
        assert (lines["pair_correlation", 0, 1].verdict, lines["pair_correlation", 0, 1].limit) == ("redundant", 0.92)
    assert lines_of([H[:, 2], np.ones(8)], H[:, 2])["pair_correlation", 0, 1].verdict == "not_run"


@pytest.mark.parametrize(
    ("weights", "ratios", "verdicts", "limits"),
    [
        ([0.24, 0.76], [0.5 / 0.24, 0.5 / 0.76], ["overweight", "sound"], [2.0, 2.0]),
        ([0.26, 0.74], [0.5 / 0.26, 0.5 / 0.74], ["sound", "sound"], [2.0, 2.0]),
    ],
)
def test_a_member_is_overweight_at_more_than_twice_its_share(weights: list[float], ratios: list[float], verdicts: list[str], limits: list[float]) -> None:
    """Two members of equal correlation have half the importance each."""
    lines = lines_of([with_correlation(0.7, 1, 2), with_correlation(0.7, 1, 3)], H[:, 1], weights)
    said = [lines["importance", k, 0] for k in (0, 1)]
    assert [line.measure for line in said] == pytest.approx(ratios)
    assert ([line.verdict for line in said], [line.limit for line in said]) == (verdicts, limits)


@pytest.mark.parametrize(("part", "verdict"), [(0.24, "underweight"), (0.26, "sound")])
def test_a_member_is_underweight_at_less_than_half_its_share(part: float, verdict: str) -> None:
    """Squared correlations stand as ``part`` to the rest; both members weigh a half."""
    line = lines_of([with_correlation(part**0.5 * 0.9, 1, 2), with_correlation((1 - part) ** 0.5 * 0.9, 1, 3)], H[:, 1])["importance", 0, 0]
    assert line.measure == pytest.approx(2 * part)
    assert (line.verdict, line.limit) == (verdict, 0.5 if verdict == "underweight" else 2.0)


@pytest.mark.parametrize(("r", "verdict"), [(0.11, "sound"), (0.09, "scattered")])
def test_three_members_are_scattered_where_the_first_component_explains_less_than_four_tenths(r: float, verdict: str) -> None:
    """Three columns with one correlation r between each two: the first component explains (1 + 2 r) / 3."""
    members = [with_correlation(r**0.5, 1, rest) for rest in (2, 3, 4)]
    line = lines_of(members, H[:, 1])["first_component", -1, 0]
    assert line.measure == pytest.approx((1 + 2 * r) / 3)
    assert (line.verdict, line.limit) == (verdict, 0.4)
    assert ("first_component", -1, 0) not in lines_of(members[:2], H[:, 1]), "of two the first explains half at least"


@pytest.mark.parametrize(("r", "verdict"), [(0.55, "sound"), (0.53, "inconsistent")])
def test_a_pair_is_inconsistent_where_alpha_is_below_seven_tenths(r: float, verdict: str) -> None:
    """Of two columns of one variance alpha is 2 r / (1 + r)."""
    line = lines_of([H[:, 1], with_correlation(r, 1, 2)], H[:, 1])["cronbach_alpha", -1, 0]
    assert line.measure == pytest.approx(2 * r / (1 + r))
    assert (line.verdict, line.limit) == (verdict, 0.7)


def test_a_group_of_one_is_not_audited_and_levels_are_counted_from_the_indicators() -> None:
    tree = tree_of(([0, 0, 1], [0, 0]), ([1, 1, 1], [1, 1]))
    groups = np.column_stack([H[:, 1] + H[:, 2], H[:, 3]])
    lines = audit(np.column_stack([H[:, 1], H[:, 2], H[:, 3]]), (groups, groups.sum(axis=1)[:, None]), tree)
    assert {(line.level, line.place) for line in lines if line.check == "parent_correlation"} == {(0, 0), (0, 1), (1, 0), (1, 1)}


def test_random_words_are_those_of_splitmix64() -> None:
    """First outputs of the published generator from states 0 and 1 234 567, as its implementations print them."""
    zero = np.array([0], np.uint64)
    assert int(mix(zero)[0]) == 0xE220A8397B1DCDAF
    assert int(mix(np.array([1234567], np.uint64))[0]) == 6457827717110365317
    assert uniform(zero, 2)[0].tolist() == [(0x6E789E6AA1B965F4 >> 11) / 2**53, (0x06C45D188009454F >> 11) / 2**53]
    assert len({int(k) for seed in (0, 1) for factor in (0, 1) for k in keys_of(np.array([0.25, 0.5]), seed, factor)}) == 8


def test_sobol_points_fall_one_into_each_part_of_every_axis() -> None:
    first, second = sobol_pairs(16, 3, seed=4)
    for points in (first, second):
        assert points.shape == (16, 3)
        for axis in range(3):
            assert sorted((points[:, axis] * 16).astype(int)) == list(range(16))
    assert not np.array_equal(first, second)
    assert sobol_pairs(2, 1, seed=1)[0].shape == (2, 1)
    for wrong in (0, 1, 3, 24):
        with pytest.raises(ValueError, match="powers of two"):
            sobol_pairs(wrong, 1, seed=1)


def test_shares_of_a_change_by_hand() -> None:
    """Alone 1 and 3, together 10: each the mean of coming first and coming last. A left glove and two right ones: 2/3, 1/6, 1/6 (Shapley's own example)."""
    worth = {frozenset(): 0, frozenset({0}): 1, frozenset({1}): 3, frozenset({0, 1}): 10}
    assert shapley(lambda on: worth[on], 2) == [4, 6]
    assert shapley(lambda on: int(0 in on and len(on) > 1), 3) == [Fraction(2, 3), Fraction(1, 6), Fraction(1, 6)]
