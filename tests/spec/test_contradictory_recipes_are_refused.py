"""A recipe that contradicts itself, or divides by nothing, is refused with the reason before or while it is run."""

import copy
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines.contracts.catalogues import load_registry
from pipelines.contracts.recipes import contradictions, load_recipes, read_recipe, recipe_faults
from pipelines.domain.errors import ContractError
from pipelines.domain.recipes import Ranking
from tests.conftest import ROOT

CONTRACTS = ROOT / "data_contracts"
SOUND: dict[str, Any] = {
    "recipe_code": "trial", "version": "1.0.0", "name": "Trial", "question": "Synthetic?", "author": "test", "status": "working", "adopter": "", "note": "Synthetic.",
    "year": 2023, "oldest_year": 2020,
    "groups": [
        {"group_code": "a", "group_name": "A", "indicators": [{"indicator_code": "iso37120:2018/5.1"}, {"indicator_code": "iso37120:2018/6.4"}]},
        {"group_code": "b", "group_name": "B", "indicators": [{"indicator_code": "iso37120:2018/11.3"}]},
    ],
    "scale": {"scale": "min_max", "low": 1, "high": 100}, "means": [{"mean": "arithmetic"}, {"mean": "geometric"}],
    "ranking": {"is_on": True}, "robustness": {"seed": 1, "weights": 0.25},
}  # fmt: skip
Change = Callable[[dict[str, Any]], Any]


def put(*path: Any, value: Any) -> Change:
    def change(document: dict[str, Any]) -> None:
        at: Any = document
        for step in path[:-1]:
            at = at[step]
        at[path[-1]] = value

    return change


FIRST = ("groups", 0, "indicators", 0)
FAULTS: list[tuple[Change, str]] = [
    (put(*FIRST, "indicator_code", value="iso37120:2018/99.9"), "'iso37120:2018/99.9' is not in the catalogue"),
    (put(*FIRST, "indicator_code", value="iso37120:2018/11.3"), "stands twice; it would weigh double"),
    (put(*FIRST, "indicator_code", value="iso37120:2018/16.4"), "neither way is better"),
    (put(*FIRST, value={"indicator_code": "iso37120:2018/5.1", "band": [3, 2]}), "ends before it begins"),
    (put(*FIRST, value={"indicator_code": "iso37120:2018/5.1", "band": [2, 3], "direction": 1}), "a band is right on both sides"),
    (put(*FIRST, value={"indicator_code": "iso37120:2018/5.1", "lower": 5, "upper": 5}), "the lower one must be lower, or the scale divides by nothing"),
    (put("groups", 1, "group_code", value="a"), "the group 'a' stands twice"),
    (put("scale", value={"scale": "min_max"}), "the geometric mean needs values above 0, and min_max gives others"),
    (put("scale", value={"scale": "z_score", "low": 50, "high": 10}), "the geometric mean needs values above 0, and z_score gives others"),
    (put("scale", value={"scale": "z_score", "low": 50, "high": 0, "floor": 1}), "divides by nothing"),
    (put("scale", value={"scale": "goalposts", "low": 1}), "goalposts needs lower and upper ends of iso37120:2018/5.1"),
    (put("scale", value={"scale": "sdg_index", "low": 1}), "sdg_index needs a target"),
    (put("scale", value={"scale": "min_max", "low": 100, "high": 1}), "the high end must be higher"),
    (put("scale", value={"scale": "oecd_distance"}), "OECD distance is better when lower"),
    (put("means", value=[{"mean": "copeland"}, {"mean": "arithmetic"}]), "Copeland counts duels"),
    (put("means", value=[{"mean": "arithmetic"}]), "1 means for 2 levels"),
    (lambda d: d.update(groups=[{"group_code": "top", "group_name": "Top", "groups": d["groups"]}]), "2 means for 3 levels"),
    (lambda d: (d.update(indicators=[i for g in d["groups"] for i in g["indicators"]]), d.pop("groups")), "2 means for 1 level;"),
    (lambda d: d.pop("groups"), "made of groups or, straight, of indicators"),
    (lambda d: d.update(indicators=d["groups"][1]["indicators"]), "made of groups or, straight, of indicators"),
    (put("groups", 0, "groups", value=[{"group_code": "c", "group_name": "C", "indicators": [{"indicator_code": "iso37120:2018/5.4"}]}]), "'a' is made of groups or of indicators"),
    (lambda d: d["groups"][1].pop("indicators"), "'b' is made of groups or of indicators"),
    (put("groups", 1, value={"group_code": "b", "group_name": "B", "groups": [
        {"group_code": "c", "group_name": "C", "indicators": [{"indicator_code": "iso37120:2018/11.3"}]}]}),
     "'iso37120:2018/5.1' stands under 1 group and 'iso37120:2018/11.3' under 2"),
    (lambda d: d.update(means=d["means"] * 2, groups=[{"group_code": "b", "group_name": "T", "groups": [
        {"group_code": g["group_code"], "group_name": "G", "groups": [{**g, "group_code": g["group_code"] + "1"}]} for g in d["groups"]]}]),
     "the group 'b' stands twice"),
    (put("groups", 1, "group_code", value="index"), "'index', which is the name of the whole"),
    (put("groups", 0, "fewest", value=3), "asks for 3 members and has 2"),
    (put("means", 1, "fill", value="peer_mean"), "the index itself is never filled in"),
    (put("peers", value={"x": ["JPN", "KOR"], "y": ["JPN"]}), "'JPN' stands in two groups of peers"),
    (put(*FIRST, value={"indicator_code": "iso37120:2018/5.1", "green": 5}), "needs its green, its red and both ends"),
    (put(*FIRST, value={"indicator_code": "iso37120:2018/5.1", "green": 10, "red": 5, "lower": 0, "upper": 20}), "another order than worst end, red, green, best end"),
    (put("groups", 1, "indicators", 0, value={"indicator_code": "iso37120:2018/11.3", "green": 5, "red": 10, "lower": 0, "upper": 20}),
     "another order than worst end, red, green, best end"),
    (put("weighting", value="budget"), "points of experts, and only they, make a budget"),
    (lambda d: d.update(weighting="budget", experts=[[50, 25, 24]]), "expert 1 splits 99 points"),
    (lambda d: d.update(weighting="budget", experts=[[50, 50]]), "expert 1 gives 2 numbers for 3 indicators"),
    (put("groups", 1, "indicators", 0, "weight", value=0), "weights add up to nothing divides by nothing"),
    (put("oldest_year", value=2024), "the oldest year must not be the later one"),
    (put("score_min", value=0.9), "a rank must ask for as much"),
    (put("bar", value=[0.9, 0.1]), "the bar's worst quantile must be below its best"),
    (lambda d: d.pop("robustness"), "ranks are never shown without intervals"),
    (put("robustness", value={"seed": 1}), "robustness names nothing that is unsure"),
    (put("robustness", value={"seed": 1, "leave_one_out": True}), "below 10 indicators, leaving one out stands beside the runs"),
    (lambda d: d.update(scale={"scale": "percentile_rank", "low": 1, "high": 100}, robustness={"seed": 1, "bounds": 0.1}), "no scale of the recipe has any"),
    (put("robustness", "n_base", value=1000), "powers of two"),
    (put("robustness", "experts", value=True), "experts cannot be drawn anew where there are none"),
    (lambda d: (d["means"][0].update(mean="median"), d["robustness"].update(means=["arithmetic", "geometric"])), "other means can be tried only where"),
    (put("robustness", "scales", value=[{"scale": "min_max"}]), "the geometric mean needs values above 0"),
    (
        lambda d: (d.update(scale={"scale": "goalposts", "low": 1, "high": 100}, treatment={}), [i.update(lower=0, upper=9) for g in d["groups"] for i in g["indicators"]]),
        "a logarithm changes the unit",
    ),
    (lambda d: d.update(groups=[{**d["groups"][1]}], robustness={"seed": 1, "leave_one_out": True}), "of one indicator none can be left out"),
]  # fmt: skip


def recipe_of(document: dict[str, Any], folder: Path) -> Any:
    path = folder / "trial.yaml"
    path.write_text(yaml.safe_dump(document), "utf-8")
    return read_recipe(path, CONTRACTS)


def test_the_sound_recipe_has_no_contradiction_and_ranking_is_off_unless_said(tmp_path: Path) -> None:
    recipe = recipe_of(SOUND, tmp_path)
    assert contradictions(recipe, load_registry(CONTRACTS)["indicators"]) == []
    tree = [{"group_code": "top", "group_name": "Top", "groups": SOUND["groups"]}]
    deep = {
        **SOUND,
        "groups": tree,
        "means": [{"mean": "arithmetic", "fill": "peer_mean"}, {"mean": "arithmetic"}, {"mean": "geometric"}],
        "peers": {"east": ["JPN", "KOR"]},
    }
    assert contradictions(recipe_of(deep, tmp_path), load_registry(CONTRACTS)["indicators"]) == []
    coloured = copy.deepcopy(SOUND)
    put(*FIRST, value={"indicator_code": "iso37120:2018/5.1", "green": 5, "red": 10, "lower": 0.5, "upper": 25.9})(coloured)
    assert contradictions(recipe_of(coloured, tmp_path), load_registry(CONTRACTS)["indicators"]) == []
    silent = {k: v for k, v in SOUND.items() if k not in ("ranking", "robustness")}
    assert recipe_of(silent, tmp_path).ranking == Ranking(is_on=False, grade="comparable", n_top=10)


@pytest.mark.parametrize(("change", "reason"), FAULTS, ids=[reason[:40] for _, reason in FAULTS])
def test_a_contradiction_is_named(change: Change, reason: str, tmp_path: Path) -> None:
    document = copy.deepcopy(SOUND)
    change(document)
    found = contradictions(recipe_of(document, tmp_path), load_registry(CONTRACTS)["indicators"])
    assert any(reason in fault for fault in found), found


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (put("scale", "scale", value="mini_max"), "scale"),
        (put("version", value="1"), "version"),
        (put("imputation", value="guess"), "imputation"),
        (put("weights", value=[1]), "weights"),
        (put("recipe_code", value="other"), "must be one name"),
    ],
)
def test_what_is_no_recipe_is_refused_with_its_place(change: Change, place: str, tmp_path: Path) -> None:
    document = copy.deepcopy(SOUND)
    change(document)
    with pytest.raises(ContractError, match=place):
        recipe_of(document, tmp_path)


def test_every_fault_of_the_folder_is_named_and_nothing_loads(tmp_path: Path) -> None:
    contracts = tmp_path / "data_contracts"
    shutil.copytree(CONTRACTS, contracts)
    for name in ("first", "second"):
        (contracts / "registries" / "recipes" / f"{name}.yaml").write_text(yaml.safe_dump({**SOUND, "recipe_code": name, "score_min": 0.9}), "utf-8")
    (contracts / "registries" / "recipes" / "third.yaml").write_text("a: [", "utf-8")
    assert [fault.split(":")[0] for fault in recipe_faults(contracts)] == ["first.yaml", "second.yaml", "third.yaml"]
    with pytest.raises(ContractError, match="3 faults in recipes"):
        load_recipes(contracts)
