"""Which figures enter an index, which cities may be ranked, and how a recipe becomes arrays; all figures here are synthetic."""

import datetime
from dataclasses import fields, replace

import duckdb
import numpy as np
import pytest

from pipelines.domain.comparability import Grade
from pipelines.domain.recipes import MeanChoice, Ranking, Recipe, RecipeGroup, RecipeIndicator, Robustness, ScaleChoice
from pipelines.editions.index_cases import IndexCases, collect_cases
from pipelines.editions.index_methods import kinds_of, method_of, plan_of
from pipelines.editions.indexing import rank_reasons, scarce_indicators
from pipelines.methods.auditing import correlation
from pipelines.methods.indexes import build_index, prepare, scale
from pipelines.methods.uncertainty import Engine
from pipelines.warehouse.index_points import IndexPoint
from pipelines.warehouse.querying_indexes import IndexRecipe, index_recipes
from tests.factories_index import cases_of, make_values


def make_recipe(**changes: object) -> Recipe:
    groups = (RecipeGroup("a", "A", (RecipeIndicator("one"), RecipeIndicator("two"))), RecipeGroup("b", "B", (RecipeIndicator("three", weight=2.0),)))
    plain = Recipe(
        "trial", "1.0.0", "Trial", "Synthetic?", "test", "working", "", "Synthetic.", 2023, 2020, groups, ScaleChoice("min_max", 1, 100),
        (MeanChoice("arithmetic"), MeanChoice("arithmetic")), "", ranking=Ranking(is_on=True), robustness=Robustness(seed=1, weights=0.25),
    )  # fmt: skip
    return replace(plain, **changes)  # type: ignore[arg-type]


def make_point(
    city: str, indicator: str, value: float, *, year: int = 2022, boundary: str = "administrative", quality: str = "measured", **changes: object
) -> IndexPoint:
    member = city.split("-", maxsplit=1)[0]
    point = IndexPoint(
        city, member, indicator, f"{city}/{indicator}/{year}", value, "percent", year, datetime.date(year, 1, 1), datetime.date(year, 12, 31), boundary, True,
        None, "single", None, quality, 0.01, None,
    )  # fmt: skip
    return replace(point, **changes)  # type: ignore[arg-type]


def make_points(*extra: IndexPoint, n: int = 6) -> list[IndexPoint]:
    values = make_values(1, n, 3)
    plain = [make_point(f"AAA-{i}", code, float(values[i, j])) for i in range(n) for j, code in enumerate(("one", "two", "three"))]
    own = {(p.city_code, p.indicator_code) for p in extra}
    return sorted([*extra, *(p for p in plain if (p.city_code, p.indicator_code) not in own)], key=lambda p: (p.city_code, p.indicator_code, -p.period_year))


def collect(*extra: IndexPoint, recipe: Recipe | None = None, conditions: tuple[dict[str, str], ...] = ()) -> IndexCases:
    return collect_cases(recipe or make_recipe(), make_points(*extra), conditions)


def test_the_newest_figure_of_the_years_is_used_and_an_older_one_only_carried() -> None:
    found = collect(make_point("AAA-0", "one", 7.0, year=2023), make_point("AAA-0", "one", 5.0, year=2021), make_point("AAA-1", "one", 9.0, year=2019))
    assert found.cases.values[0, 0] == 7.0
    assert np.isnan(found.cases.values[1, 0])
    assert found.cases.carried[1, 0] == 9.0
    carried = method_of(make_recipe(imputation="carry_forward", score_min=0.5), np.ones(3), found.cases)
    index = build_index(found.cases, carried)
    assert index.is_filled[1].tolist() == [True, False, False]
    assert index.coverage[1] == pytest.approx(2 / 3), "what is carried is no figure of the city"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"boundary_code": "agglomeration"}, "covers the agglomeration, not the administrative"),
        ({"definition": "licensed", "definition_grade": "reference"}, None),
        ({"unit_code": "LCU"}, "in the currency of AAA, not of none"),
    ],
)
def test_a_figure_that_does_not_compare_is_left_out_with_the_reason(changes: dict[str, object], reason: str | None) -> None:
    others = [make_point(f"AAA-{i}", "one", 3.0 + i, definition="practising", definition_grade="reference") for i in range(1, 6)] if reason is None else []
    found = collect(make_point("AAA-0", "one", 99.0, **changes), *others)
    assert np.isnan(found.cases.values[0, 0]), "a wrong number on the right scale is worse than none"
    assert found.left_out == {("AAA-0", "one"): reason or "counts licensed, not practising"}
    assert ("AAA-0", "one") not in found.points


def test_a_city_with_two_boundaries_enters_with_the_one_that_compares() -> None:
    """Its own boundary comes first; where that one does not compare and the other does, the other is used."""
    others = [make_point(f"AAA-{i}", "one", 3.0 + i, boundary_code="urban_extent") for i in range(1, 6)]
    own, urban = make_point("AAA-0", "one", 99.0), make_point("AAA-0", "one", 4.0, boundary_code="urban_extent", has_city_boundary=False)
    found = collect(own, urban, *others)
    assert found.cases.values[0, 0] == 4.0
    assert found.left_out == {}
    assert found.points["AAA-0", "one"].boundary_code == "urban_extent"


def test_a_city_with_two_definitions_enters_with_the_one_that_most_cities_have_and_once() -> None:
    """Whichever of the two the list begins with."""
    counted = {"definition": "practising", "definition_grade": "reference"}
    others = [make_point(f"AAA-{i}", "one", 3.0 + i, **counted) for i in range(1, 6)]
    two = make_point("AAA-0", "one", 99.0, definition="licensed", definition_grade="not_comparable"), make_point("AAA-0", "one", 4.0, **counted)
    for first, second in (two, two[::-1]):
        found = collect(first, second, *others)
        assert found.cases.values[0, 0] == 4.0
        assert found.cities.count("AAA-0") == 1


def test_what_does_not_compare_is_not_carried_forward_either() -> None:
    """An older figure of the urban extent is no older figure of the city."""
    older = make_point("AAA-1", "one", 9.0, year=2019, boundary_code="urban_extent", has_city_boundary=False)
    assert np.isnan(collect(older).cases.carried[1, 0])
    fitting = make_point("AAA-1", "one", 8.0, year=2018)
    assert collect(older, fitting).cases.carried[1, 0] == 8.0


def test_a_rank_asks_for_the_grade_that_the_recipe_states() -> None:
    found = collect(make_point("AAA-0", "one", 3.0, year=2021))
    recipe = make_recipe()
    method = method_of(recipe, np.ones(3), found.cases)
    index = build_index(found.cases, method)
    assert found.grades[0] is Grade.WITH_CARE
    assert rank_reasons(recipe, found, method, index) == ("grade", "", "", "", "", "")
    assert found.grade_reasons[0] == "one: 1 year apart"
    careful = make_recipe(ranking=Ranking(is_on=True, grade="with_care"))
    assert rank_reasons(careful, found, method, index) == ("",) * 6
    assert rank_reasons(make_recipe(ranking=Ranking()), found, method, index) == ("ranking_off",) * 6


def test_fewer_than_three_cities_are_not_ranked() -> None:
    recipe = make_recipe()
    found = collect_cases(recipe, make_points(n=2), ())
    method = method_of(recipe, np.ones(3), found.cases)
    assert rank_reasons(recipe, found, method, build_index(found.cases, method)) == ("too_few", "too_few")


@pytest.mark.parametrize(
    ("condition", "withheld"),
    [
        ({"member_code": "", "city_code": "AAA-1", "indicator_code": ""}, {"AAA-1"}),
        ({"member_code": "", "city_code": "", "indicator_code": "two"}, {f"AAA-{i}" for i in range(6)}),
        ({"member_code": "BBB", "city_code": "", "indicator_code": ""}, set()),
        ({"member_code": "AAA", "city_code": "AAA-2", "indicator_code": "other"}, set()),
    ],
)
def test_a_condition_keeps_out_whom_it_names(condition: dict[str, str], withheld: set[str]) -> None:
    found = collect(conditions=({**condition, "condition_code": "c", "reason": "asked"},))
    assert set(found.withheld) == withheld
    assert not withheld & set(found.cities)


def test_an_indicator_that_few_have_is_named() -> None:
    points = [p for p in make_points() if p.indicator_code != "three" or p.city_code in ("AAA-0", "AAA-1")]
    recipe = make_recipe()
    assert scarce_indicators(recipe, collect_cases(recipe, points, ())) == "three is known of 33% of the cities; the recipe asks for 50%"


def test_a_band_counts_the_distance_outside_and_a_figure_brings_its_error() -> None:
    items = (RecipeIndicator("one", band=(2.0, 3.0)), RecipeIndicator("two"))
    recipe = make_recipe(groups=(RecipeGroup("a", "A", items),))
    found = collect(make_point("AAA-0", "one", 2.5), make_point("AAA-1", "one", 4.5, relative_error=0.2), make_point("AAA-2", "one", 1.5), recipe=recipe)
    assert found.cases.values[:3, 0].tolist() == [0.0, 1.5, 0.5]
    assert found.relative_error[:2, 0].tolist() == [0.01, 0.2]
    assert (found.shared_error_key == -1).all(), "nobody says who measured"


def test_figures_of_one_publisher_and_method_err_together() -> None:
    found = collect(
        make_point("AAA-0", "one", 7.0, relative_error=0.03, shared_error_key="Office | survey"),
        make_point("AAA-1", "two", 7.0, shared_error_key="Office | survey"),
        make_point("AAA-2", "one", 7.0, shared_error_key="Office | register"),
    )
    assert (found.relative_error[0, 0], found.relative_error[1, 1]) == (0.03, 0.01)
    keys = found.shared_error_key
    assert keys[0, 0] == keys[1, 1] != keys[2, 0]
    assert -1 not in (keys[0, 0], keys[2, 0])
    assert (keys == -1).sum() == keys.size - 3
    missing = collect_cases(make_recipe(), [p for p in make_points() if (p.city_code, p.indicator_code) != ("AAA-0", "one")], ())
    assert np.isnan(missing.relative_error[0, 0]), "no figure, no error"


def test_a_scale_says_what_errors_look_like() -> None:
    ends = {"one": ("0", "100"), "two": ("0", ""), "three": ("", "")}
    catalogue = {code: {"valid_min": low, "valid_max": high} for code, (low, high) in ends.items()}
    assert kinds_of(make_recipe(), catalogue) == ("share", "rate", "other")
    banded = make_recipe(groups=(RecipeGroup("a", "A", (RecipeIndicator("one", band=(2.0, 3.0)), RecipeIndicator("three", band=(2.0, 3.0)))),))
    assert kinds_of(banded, catalogue) == ("rate", "rate"), "a distance outside a band is never below 0"


def test_each_weighting_gives_the_weights_it_names() -> None:
    values = make_values(3, 40, 3, common=2.0)
    cases = cases_of(values)

    def shares(**changes: object) -> tuple[list[float], list[float]]:
        leaves, groups = method_of(make_recipe(**changes), np.ones(3), cases).tree.effective_weights
        return leaves.round(6).tolist(), groups.round(6).tolist()

    assert shares(weighting="given") == ([0.25, 0.25, 0.5], [0.5, 0.5])
    assert shares(weighting="nested") == ([0.25, 0.25, 0.5], [0.5, 0.5])
    assert shares(weighting="flat") == ([0.333333] * 3, [0.666667, 0.333333])
    assert shares(weighting="budget", experts=((50.0, 30.0, 20.0), (30.0, 10.0, 60.0))) == ([0.4, 0.2, 0.4], [0.6, 0.4])
    leaves, groups = shares(weighting="component")
    assert leaves[0] + leaves[1] == pytest.approx(0.5, abs=1e-6)
    assert groups == [0.5, 0.5]
    wanted = replace(make_recipe().groups[0], indicators=(RecipeIndicator("one", weight=1.1), RecipeIndicator("two", weight=1.0)))
    method = method_of(make_recipe(weighting="optimised", groups=(wanted, make_recipe().groups[1])), np.ones(3), cases)
    normalised = scale(prepare(cases, method), method)[:, :2]
    index = normalised @ method.tree.levels[0].weights[:2]
    assert correlation(normalised[:, 0], index) / correlation(normalised[:, 1], index) == pytest.approx(1.1, abs=1e-5)


def test_experts_are_drawn_anew_and_groups_weigh_what_their_members_do() -> None:
    experts = ((60.0, 20.0, 20.0), (20.0, 20.0, 60.0), (30.0, 50.0, 20.0))
    recipe = make_recipe(weighting="budget", experts=experts, robustness=Robustness(seed=1, experts=True))
    values = make_values(3, 10, 3)
    engine = Engine(cases_of(values), method_of(recipe, np.ones(3), cases_of(values)), plan_of(recipe, collect(), np.ones(6, bool), ()), 1, np.ones(10, bool))
    choices = np.linspace(0, 1, 500, endpoint=False)[:, None]
    leaves, groups = engine._weights(choices)
    np.testing.assert_allclose(leaves.sum(axis=1), 100)
    np.testing.assert_allclose(groups, np.column_stack([leaves[:, 0] + leaves[:, 1], leaves[:, 2]]))
    np.testing.assert_allclose(leaves.mean(axis=0), np.mean(experts, axis=0), rtol=0.05)
    assert len(np.unique(leaves.round(6), axis=0)) == 10, "three experts drawn thrice: ten different boards"


def test_an_edition_from_before_a_column_stays_readable() -> None:
    """Neither how sure an order is nor profiles stand in it: they are empty, and everything else is there."""
    connection = duckdb.connect()
    connection.execute("create schema marts")
    newer = {"sure_pairs_share", "mean_interval_width", "profile_reason"}
    columns = [f.name for f in fields(IndexRecipe) if f.name not in newer]
    connection.execute(f"create table marts.mart_index_recipes as select {', '.join(f'1 as {name}' for name in columns)}")
    [recipe] = index_recipes(connection)
    assert (recipe.n_ranked, recipe.sure_pairs_share, recipe.mean_interval_width, recipe.profile_reason) == (1, None, None, None)
