"""Groups of every level reach rows, tables and trials of weights; all figures here are synthetic."""

from dataclasses import fields, replace
from pathlib import Path

import duckdb
import numpy as np
import pytest

from pipelines.contracts.recipes import read_recipe
from pipelines.domain.recipes import Recipe
from pipelines.editions.index_cases import IndexCases, peers_of
from pipelines.editions.index_methods import colours_of, method_of
from pipelines.editions.index_rows import INDEX_TABLES, Computed, RecipeResult, rows_of
from pipelines.editions.index_trials import trial_of
from pipelines.exports.index_tables import groups_table, levels_text, mean_text, step_texts
from pipelines.methods.indexes import Cases, Index, build_index, rank
from pipelines.warehouse.querying_indexes import Effect, GroupScore, IndexInput, IndexScore, index_groups
from tests.conftest import ROOT
from tests.factories import make_view

NAN = np.nan
DEEP = """
recipe_code: deep
version: 1.0.0
name: Deep
question: Synthetic?
author: test
status: working
adopter: ""
note: Synthetic.
year: 2023
oldest_year: 2020
peers: {east: [JPN, KOR], west: [QAT]}
groups:
  - group_code: people
    group_name: People
    groups:
      - {group_code: work, group_name: Work, indicators: [{indicator_code: a, direction: 1, lower: 0, upper: 100, green: 80, red: 40},
          {indicator_code: b, direction: -1, lower: 0, upper: 10, green: 2, red: 6}]}
      - {group_code: health, group_name: Health, indicators: [{indicator_code: c, direction: 1, lower: 0, upper: 100}]}
  - group_code: place
    group_name: Place
    groups: [{group_code: air, group_name: Air, fewest: 2, indicators: [{indicator_code: d, direction: 1, lower: 0, upper: 100},
        {indicator_code: e, direction: 1, lower: 0, upper: 100}]}]
weighting: nested
scale: {scale: goalposts, low: 0, high: 100}
means: [{mean: arithmetic, group_min: 0.5, fill: peer_mean}, {mean: arithmetic}, {mean: arithmetic}]
score_min: 0.5
rank_min: 0.8
"""
CITIES = ("JPN-1", "JPN-2", "KOR-1", "QAT-1")
VALUES = np.array([
    [90.0, 1.0, 50.0, 30.0, 60.0],
    [60.0, 7.0, 70.0, NAN, 40.0],
    [20.0, NAN, NAN, 80.0, 20.0],
    [95.0, 4.0, 10.0, 99.0, 99.0],
])  # fmt: skip


@pytest.fixture
def deep(tmp_path: Path) -> Recipe:
    (tmp_path / "deep.yaml").write_text(DEEP, "utf-8")
    return read_recipe(tmp_path / "deep.yaml", ROOT / "data_contracts")


def compute(recipe: Recipe) -> tuple[Cases, Index, RecipeResult]:
    cases = Cases(VALUES, np.full(VALUES.shape, NAN), peers_of(recipe, [city[:3] for city in CITIES]))
    directions = np.array([1.0, -1.0, 1.0, 1.0, 1.0])
    method = method_of(recipe, directions, cases)
    index = build_index(cases, method)
    known = {f.name: () for f in fields(IndexCases)} | {"cities": CITIES, "points": {}, "left_out": {}, "withheld": {}, "cases": cases}
    done = Computed(method, index, np.full(4, NAN), ("ranking_off",) * 4, (), colours_of(recipe, directions, cases), None)
    return cases, index, RecipeResult(recipe, "computed", "", IndexCases(**known), done)  # type: ignore[arg-type]


def groups_of(recipe: Recipe) -> list[dict[str, object]]:
    names = [name for name, _ in INDEX_TABLES["groups"]]
    return [dict(zip(names, row, strict=True)) for row in rows_of("groups", compute(recipe)[2])]


def test_rows_of_groups_know_level_parent_place_weight_fill_and_colour(deep: Recipe) -> None:
    rows = groups_of(deep)
    assert len(rows) == 5 * len(CITIES)
    tree = {row["group_code"]: (row["group_level"], row["parent_group_code"], row["group_position"], row["group_weight"]) for row in rows}
    assert tree == {
        "people": (2, "", 1, 0.5), "work": (1, "people", 2, 0.25), "health": (1, "people", 3, 0.25), "place": (2, "", 4, 0.5), "air": (1, "place", 5, 0.5),
    }  # fmt: skip
    of = {(row["group_code"], row["city_code"]): row for row in rows}
    assert of["work", "JPN-1"]["group_score"] == pytest.approx((90 + 90) / 2)
    filled = {at: row["group_score"] for at, row in of.items() if row["is_group_filled"]}
    assert filled == pytest.approx({("health", "KOR-1"): 60.0, ("air", "JPN-2"): (45 + 50) / 2}), "of its peers, and of nobody else"
    assert of["place", "JPN-2"]["group_score"] == pytest.approx(47.5)
    assert [of["work", city]["group_colour"] for city in CITIES] == ["green", "orange", "red", "yellow"]
    assert {row["group_colour"] for row in rows if row["group_code"] != "work"} == {""}


def test_a_group_with_fewer_than_half_of_its_figures_is_grey(deep: Recipe) -> None:
    people = deep.groups[0]
    wide = replace(people.groups[0], indicators=tuple(replace(people.groups[0].indicators[0], indicator_code=code) for code in ("a", "b", "c", "d", "e")))
    recipe = replace(deep, groups=(replace(people, groups=(wide,)),))
    values = np.array([[90.0, 90.0, NAN, NAN, NAN], [90.0, 90.0, 90.0, NAN, NAN]])
    cases = Cases(values, np.full(values.shape, NAN), np.zeros(2, np.int64))
    assert colours_of(recipe, np.ones(5), cases)[:, 0].tolist() == ["grey", "green"]


def test_a_table_of_groups_says_what_was_filled_and_has_colours_only_where_there_are_any(deep: Recipe) -> None:
    groups = [
        GroupScore(**{f.name: row.get(f.name) for f in fields(GroupScore)} | {"city_name": str(row["city_code"]), "member_name": "M"})  # type: ignore[arg-type]
        for row in groups_of(deep)
    ]
    table = groups_table("t", groups, notes=(), view=make_view())
    assert [c.key for c in table.columns] == ["city", "member", "group", "parent", "score", "weight", "state", "colour"]
    states = {(row[0], row[2]): row[6] for row in table.rows}
    assert states["KOR-1", "Health"] == "filled in from its peers, not its own"
    assert states["JPN-1", "Health"] == "its own"
    assert {row[3] for row in table.rows if row[2] == "Work"} == {"People"}
    assert {row[3] for row in table.rows if row[2] == "People"} == {"the index"}
    plain = groups_table("t", [replace(g, group_colour=None) for g in groups], notes=(), view=make_view())
    assert "colour" not in [c.key for c in plain.columns]
    assert levels_text(deep) == "5 indicators make 3 groups, these make 2, and these make the index."
    assert levels_text(replace(deep, groups=(), flat=deep.indicators)) == "5 indicators make the index straight."


def test_groups_of_an_edition_from_before_there_were_levels_are_read(deep: Recipe) -> None:
    connection = duckdb.connect()
    connection.execute("create schema marts")
    connection.execute("create table marts.mart_cities as select 'JPN-1' as city_code, 'One' as city_name, 'Japan' as member_name")
    connection.execute(
        "create table marts.mart_index_groups as select 'r' as recipe_code, 'work' as group_code, 'Work' as group_name, 1 as group_position, "
        "0.5 as group_weight, 'JPN-1' as city_code, 60.0 as group_score"
    )
    [group] = index_groups(connection, "r")
    assert (group.city_name, group.group_score, group.group_level, group.parent_group_code, group.is_group_filled) == ("One", 60.0, None, None, None)
    assert groups_table("t", [group], notes=(), view=make_view()).rows == (("One", "Japan", "Work", "the index", 60.0, "50 %", "its own"),)


@pytest.mark.parametrize(
    ("n_levels", "words"),
    [
        (1, ["the mean over indicators"]),
        (2, ["the mean inside groups", "the mean over groups"]),
        (3, ["the mean inside groups", "the mean over groups, level 2", "the mean over groups"]),
    ],
)
def test_the_mean_of_each_level_has_its_words(n_levels: int, words: list[str]) -> None:
    assert [mean_text(level, n_levels) for level in range(1, n_levels + 1)] == words
    effects = [Effect(f"aggregation_{level}", "all", *(0.0,) * 8) for level in range(1, n_levels + 1)]
    spelt = step_texts(effects)
    assert [spelt[e.factor_code] for e in effects] == words


def test_other_weights_are_tried_over_every_level_with_the_fills_of_all_scored_cities(deep: Recipe) -> None:
    """The board's points as the recipe weighs give the recipe's order; a peer without a rank still fills."""
    _, index, _ = compute(deep)
    ranked = [0, 1, 3]
    places = {i: int(r) for i, r in zip(ranked, rank(index.scores[ranked]), strict=True)}
    scores = [
        IndexScore(**dict.fromkeys(f.name for f in fields(IndexScore))
                   | {"city_code": c, "member_code": c[:3], "score": index.scores[i], "rank_nominal": places.get(i)})  # type: ignore[arg-type]
        for i, c in enumerate(CITIES)
    ]  # fmt: skip
    inputs = [
        IndexInput(**dict.fromkeys(f.name for f in fields(IndexInput))
                   | {"city_code": c, "indicator_position": j + 1, "normalised_value": None if np.isnan(index.normalised[i, j]) else index.normalised[i, j]})  # type: ignore[arg-type]
        for i, c in enumerate(CITIES) for j in range(5)
    ]  # fmt: skip
    trial = trial_of(DEEP, scores, inputs, np.array([[12.5, 12.5, 25.0, 25.0, 25.0]]), seed=1)
    assert trial.city_codes == ("JPN-1", "JPN-2", "QAT-1")
    assert trial.ranks.tolist() == [places[i] for i in ranked]
    air = trial_of(DEEP, scores, inputs, np.array([[0.0, 0.0, 0.0, 0.0, 100.0]]), seed=1)
    assert air.ranks.tolist() == [2, 3, 1], "the second city takes the mean of 60 and the unranked city's 20"
