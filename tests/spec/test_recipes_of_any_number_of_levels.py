"""A recipe has any number of levels: COINr's example of three by numbers, and one, three and four levels by hand, with fills between them.

``tests/fixtures/coinr/asem`` holds what COINr 1.1.14 gives for its ASEM example under synthetic codes: 49 indicators, 8 pillars, 2 sub-indices.
"""

import csv
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from pipelines.contracts.recipes import contradictions, read_recipe
from pipelines.domain.recipes import MeanChoice, Recipe, RecipeGroup, RecipeIndicator, ScaleChoice
from pipelines.editions.index_cases import peers_of
from pipelines.editions.index_methods import directions_of, method_of, stated_tree
from pipelines.methods.aggregating import Aggregation, Mean
from pipelines.methods.auditing import audit
from pipelines.methods.draws import random_runs
from pipelines.methods.indexes import Cases, Method, build_index, rank
from pipelines.methods.normalising import Normalisation, Scale
from pipelines.methods.robustness import remove_each
from pipelines.methods.trees import Tree, tree_of
from pipelines.methods.uncertainty import Engine, Plan
from tests.conftest import ROOT
from tests.factories_index import cases_of, make_values

ASEM = ROOT / "tests" / "fixtures" / "coinr" / "asem"
NAN = np.nan
AS_IS = Normalisation(Scale.SCALED, 0, 100, lower=np.zeros(6), upper=np.full(6, 100.0))


def rows_of(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((ASEM / f"{name}.csv").read_text("utf-8").splitlines()))


def numbers_of(name: str) -> np.ndarray:
    return np.array([[NAN if cell == "NA" else float(cell) for key, cell in row.items() if key != "unit"] for row in rows_of(name)])


def country(place: int) -> str:
    """A made-up country code for each unit; the fixture's are U01 to U51."""
    return f"U{chr(65 + place // 26)}{chr(65 + place % 26)}"


def asem_document() -> dict[str, Any]:
    """The tree of the fixture as a recipe; COINr counted coverage after filling, so that all units passed its 90 %, and three quarters do it here."""
    tree = rows_of("tree")

    def below(code: str) -> list[dict[str, Any]]:
        return [node(row) for row in tree if row["parent"] == code]

    def node(row: dict[str, str]) -> dict[str, Any]:
        if row["level"] == "1":
            return {"indicator_code": row["code"], "weight": float(row["weight"]), "direction": int(row["direction"])}
        kind = "indicators" if row["level"] == "2" else "groups"
        return {"group_code": row["code"].lower(), "group_name": row["code"], "weight": float(row["weight"]), kind: below(row["code"])}

    units = rows_of("units")
    return {
        "recipe_code": "asem", "version": "1.0.0", "name": "ASEM", "question": "As COINr?", "author": "test", "status": "working", "adopter": "", "note": "Test.",
        "year": 2018, "oldest_year": 2018, "groups": below("Index"), "weighting": "given", "scale": {"scale": "min_max"}, "treatment": {},
        "imputation": "peer_mean", "means": [{"mean": "arithmetic", "group_min": 0}] * 3, "score_min": 0.75, "rank_min": 0.75,
        "peers": {g: [country(at) for at, u in enumerate(units) if u["group"] == g] for g in {u["group"] for u in units}},
    }  # fmt: skip


@pytest.fixture
def asem(tmp_path: Path) -> Recipe:
    path = tmp_path / "asem.yaml"
    path.write_text(yaml.safe_dump(asem_document()), "utf-8")
    return read_recipe(path, ROOT / "data_contracts")


def test_a_recipe_of_three_levels_gives_coinrs_scores_at_every_level_and_its_ranks(asem: Recipe) -> None:
    catalogue = [{"indicator_code": i.indicator_code, "direction": ""} for i in asem.indicators]
    assert contradictions(asem, catalogue) == []
    assert [[g.group_name for g in level] for level in asem.levels] == [[f"P{n}" for n in range(1, 9)], ["S1", "S2"]]
    values = numbers_of("denominated")
    assert np.isnan(values).any(), "there are gaps to fill"
    cases = Cases(values, np.full(values.shape, NAN), peers_of(asem, [country(at) for at in range(len(values))]))
    index = build_index(cases, method_of(asem, directions_of(asem, {row["indicator_code"]: row for row in catalogue}), cases))
    np.testing.assert_allclose(index.normalised, numbers_of("normalised"), rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(np.column_stack(index.levels), numbers_of("aggregated"), rtol=1e-9, atol=1e-9)
    assert rank(index.scores).tolist() == numbers_of("ranks")[:, 0].tolist()


def recipe_of(*groups: RecipeGroup, flat: tuple[RecipeIndicator, ...] = (), n_means: int, weighting: str = "given") -> Recipe:
    return Recipe(
        "trial", "1.0.0", "Trial", "Synthetic?", "test", "working", "", "Synthetic.", 2023, 2020, groups, ScaleChoice("min_max"),
        (MeanChoice("arithmetic"),) * n_means, "", flat=flat, weighting=weighting,
    )  # fmt: skip


A, B, C, D = (RecipeIndicator(code, weight=weight) for code, weight in (("a", 1.0), ("b", 3.0), ("c", 1.0), ("d", 1.0)))
DEEP = (
    RecipeGroup("people", "People", weight=2.0, groups=(RecipeGroup("work", "Work", (A, B), weight=1.0), RecipeGroup("health", "Health", (C,), weight=4.0))),
    RecipeGroup("place", "Place", weight=3.0, groups=(RecipeGroup("air", "Air", (D,)),)),
)


@pytest.mark.parametrize(
    ("weighting", "leaves", "groups", "tops"),
    [
        ("given", [0.02, 0.06, 0.32, 0.6], [0.08, 0.32, 0.6], [0.4, 0.6]),
        ("flat", [0.25] * 4, [0.5, 0.25, 0.25], [0.75, 0.25]),
        ("nested", [0.125, 0.125, 0.25, 0.5], [0.25, 0.25, 0.5], [0.5, 0.5]),
    ],
)
def test_weights_of_three_levels_are_products_down_the_tree(weighting: str, leaves: list[float], groups: list[float], tops: list[float]) -> None:
    tree = stated_tree(recipe_of(*DEEP, n_means=3, weighting=weighting))
    found = tree.effective_weights
    assert [level.tolist() for level in found] == [pytest.approx(leaves), pytest.approx(groups), pytest.approx(tops)]
    assert tree.ancestors(1).tolist() == [0, 0, 0, 1]


def test_an_index_of_indicators_straight_and_one_of_four_levels_give_the_same_where_they_weigh_the_same() -> None:
    values = make_values(3, 12, 4)
    nested = [RecipeGroup("whole", "Whole", groups=DEEP)]
    weights = stated_tree(recipe_of(*nested, n_means=4)).effective_weights[0]
    flat = tuple(replace(item, weight=float(w)) for item, w in zip((A, B, C, D), weights, strict=True))
    scores = []
    for recipe in (recipe_of(flat=flat, n_means=1), recipe_of(*nested, n_means=4)):
        index = build_index(cases_of(values), method_of(recipe, np.ones(4), cases_of(values)))
        assert len(index.levels) == len(recipe.means) == len(recipe.levels) + 1
        scores.append(index.scores)
    np.testing.assert_allclose(scores[0], scores[1], rtol=1e-12)


def three_levels(means: tuple[Mean, Mean, Mean], fills: tuple[str, str], fewest: tuple[int, ...] | None = None, times: int = 1) -> Method:
    leaves = ([0, 0, 1, 1, 2, 2] * times, [1, 2, 1, 1, 3, 1] * times)
    tree = tree_of((leaves[0], [0, 0, 1], [0, 0]), (leaves[1], [1, 2, 1], [2, 1]), (fewest, None, None))
    hows = (Aggregation(means[0], group_min=0.5, fill=fills[0]), Aggregation(means[1], group_min=0.5, fill=fills[1]), Aggregation(means[2], group_min=1.0))
    ends = {name: np.tile(getattr(AS_IS, name), times) for name in ("lower", "upper")}
    return Method(tree, np.ones(6 * times), replace(AS_IS, **ends), hows, score_min=0.3)


PLAIN = (Mean.ARITHMETIC,) * 3
GAPS = np.array([
    [10.0, 40.0, NAN, NAN, 50.0, 50.0],
    [20.0, 20.0, 60.0, 80.0, NAN, NAN],
    [30.0, 30.0, 50.0, NAN, 90.0, 10.0],
    [10.0, 10.0, 90.0, 90.0, 20.0, 20.0],
])  # fmt: skip


def test_a_group_without_a_score_takes_its_peers_mean_and_is_known_as_filled() -> None:
    """Units 0 to 2 are peers, the last one stands alone; the second group of the first unit takes 70 and 50 of its peers, not the 90 of the other."""
    cases = replace(cases_of(GAPS), groups=np.array([0, 0, 0, 1]))
    index = build_index(cases, three_levels(PLAIN, ("peer_mean", "none")))
    np.testing.assert_allclose(index.levels[0], [[30, 60, 50], [20, 70, 60], [30, 50, 70], [10, 90, 20]])
    assert [f.tolist() for f in index.filled[0]] == [[False, True, False], [False, False, True], [False] * 3, [False] * 3]
    assert not index.filled[1].any()
    np.testing.assert_allclose(index.scores[0], (2 * (30 + 2 * 60) / 3 + 50) / 3)
    assert not index.is_filled.any(), "no indicator is"
    assert index.low[0] < index.scores[0] < index.high[0]
    alone = build_index(replace(cases, groups=np.array([0, 1, 2, 3])), three_levels(PLAIN, ("peer_mean", "none")))
    assert np.isnan(alone.levels[0][0, 1]), "without a peer nothing is filled"


def test_a_median_fills_as_well_and_a_higher_level_by_itself() -> None:
    values = np.vstack([GAPS, [[40.0, 40.0, 10.0, 10.0, 5.0, 5.0]]])
    index = build_index(cases_of(values), three_levels(PLAIN, ("peer_median", "none")))
    assert index.levels[0][0, 1] == np.median([70, 50, 90, 10])
    above = build_index(cases_of(values), three_levels(PLAIN, ("none", "peer_mean")))
    assert np.isnan(above.levels[0][1, 2])
    assert above.filled[1].tolist() == [[False, False], [False, True], *[[False, False]] * 3]
    assert above.levels[1][1, 1] == pytest.approx(np.mean([50, 70, 20, 5]))


def test_a_group_that_asks_for_more_members_is_filled_where_one_alone_would_do() -> None:
    strict = build_index(cases_of(GAPS), three_levels(PLAIN, ("peer_mean", "none"), fewest=(0, 2, 0)))
    assert strict.filled[0][:, 1].tolist() == [True, False, True, False], "the third unit has one of two"
    assert strict.levels[0][2, 1] == pytest.approx((70 + 90) / 2)
    lenient = build_index(cases_of(GAPS), three_levels(PLAIN, ("peer_mean", "none")))
    assert lenient.levels[0][2, 1] == 50
    with pytest.raises(ValueError, match="more members than it has"):
        three_levels(PLAIN, ("none", "none"), fewest=(0, 3, 0))


@pytest.mark.parametrize("means", [PLAIN, (Mean.GEOMETRIC, Mean.ARITHMETIC, Mean.HARMONIC), (Mean.MINIMUM, Mean.ARITHMETIC, Mean.MEDIAN)])
@pytest.mark.parametrize("fills", [("peer_mean", "none"), ("peer_median", "peer_mean"), ("none", "none")])
def test_runs_of_three_levels_with_fills_equal_one_index_at_a_time(means: tuple[Mean, Mean, Mean], fills: tuple[str, str]) -> None:
    """Every run by the fast way, against the whole index computed anew with that run's weights and left-out indicator."""
    values = make_values(11, m=12, gaps=0.25)
    cases = replace(cases_of(values), groups=np.arange(20) % 3)
    method = three_levels(means, fills, fewest=(0, 2, 0), times=2)
    lenient = replace(method, aggregations=(*method.aggregations[:2], replace(method.aggregations[2], group_min=0.5)), score_min=0.0)
    engine = Engine(cases, lenient, Plan(weights=0.5, leave_one_out=True), 9, np.ones(20, bool))
    choices = random_runs(40, 2, 4)
    found, weights = engine.scores(choices), engine._weights(choices)
    n_left_out = 0
    for at in range(40):
        out = np.flatnonzero(weights[0][at] == 0)
        tree = lenient.tree.with_weights(tuple(np.where(w[at] > 0, w[at], 1.0) for w in weights))
        slow = build_index(cases, replace(lenient, tree=tree.without(int(out[0])) if out.size else tree))
        np.testing.assert_allclose(found[at], slow.scores, rtol=1e-9)
        n_left_out += out.size
    assert n_left_out > 5


def test_leaving_out_takes_groups_of_every_level_and_the_audit_walks_every_level() -> None:
    values = make_values(5, 15, 6)
    method = replace(three_levels(PLAIN, ("none", "none"), fewest=(0, 2, 0)), normalisation=Normalisation(Scale.MIN_MAX, 1, 100))
    removals = {(r.kind, r.level, r.place): r for r in remove_each(cases_of(values), method, np.ones(15, bool))}
    assert [key for key in removals if key[0] == "group"] == [("group", 0, 0), ("group", 0, 1), ("group", 0, 2), ("group", 1, 0), ("group", 1, 1)]
    rest = Tree(tree_of(([0, 0, 1, 1], [0, 0], [0]), ([1, 2, 1, 1], [1, 2], [2])).levels)
    without = build_index(cases_of(values[:, :4]), replace(method, tree=rest, directions=np.ones(4)))
    assert removals["group", 1, 1].ranks.tolist() == rank(without.scores).tolist()
    assert removals["group", 0, 2].ranks.tolist() == removals["group", 1, 1].ranks.tolist(), "the only group of its group"
    assert np.isfinite(removals["indicator", 0, 2].ranks).all(), "a group never needs more members than are left to it"
    index = build_index(cases_of(values), method)
    assert {line.level for line in audit(index.normalised, index.levels, method.tree)} == {0, 1, 2}
