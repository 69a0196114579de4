"""Recipes of composite indices: YAML of the registries to the domain, and contradictions found before anything is computed.

Belongs here: the shape of a recipe and what cannot go together in one. Does not belong here: faults that only data show (methods).
"""

import json
from collections.abc import Sequence
from dataclasses import fields
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator

from pipelines.contracts.catalogues import Row, load_registry
from pipelines.contracts.recipe_trees import of_groups, siblings, uneven_depths
from pipelines.domain.errors import ContractError
from pipelines.domain.recipes import MeanChoice, Ranking, Recipe, RecipeGroup, RecipeIndicator, Robustness, ScaleChoice, TreatmentChoice

FOLDER = "recipes"
SIGNS = {"higher_better": 1, "lower_better": -1}
NEEDS_ENDS = ("goalposts", "scaled")
NEEDS_TARGET = ("sdg_index", "distance_to_target", "oecd_distance")
MOVABLE = ("min_max", "goalposts", "sdg_index")
NEEDS_POSITIVE = ("geometric", "harmonic", "power")
MAY_BE_LOW = ("z_score", "scaled", "distance_to_target", "distance_to_reference", "oecd_distance", "borda")
POINTS = 100.0
# As ``methods.uncertainty.LEAVE_OUT_FROM``, which this package must not import; a test holds the two together.
LEAVE_OUT_FROM = 10


@lru_cache(maxsize=4)
def load_recipes(contracts_dir: Path) -> tuple[Recipe, ...]:
    """Read every recipe, by code, once per process.

    Raises:
        ContractError: a recipe is no recipe, or contradicts itself; says which and why.
    """
    if faults := recipe_faults(contracts_dir):
        raise ContractError(f"{len(faults)} faults in recipes, first: {faults[0]}")
    return tuple(read_recipe(path, contracts_dir) for path in recipe_paths(contracts_dir))


def recipe_faults(contracts_dir: Path) -> list[str]:
    """Find every fault of every recipe: file, what is wrong, what to do."""
    faults = []
    for path in recipe_paths(contracts_dir):
        try:
            recipe = read_recipe(path, contracts_dir)
        except ContractError as error:
            faults.append(str(error))
            continue
        faults += [f"{path.name}: {fault}" for fault in contradictions(recipe, load_registry(contracts_dir)["indicators"])]
    return faults


def recipe_paths(contracts_dir: Path) -> list[Path]:
    """Files of all recipes, by name."""
    return sorted((contracts_dir / "registries" / FOLDER).glob("*.yaml"))


def read_recipe(path: Path, contracts_dir: Path) -> Recipe:
    """Read one recipe.

    Raises:
        ContractError: not YAML, or not of the recipe's shape; names the place.
    """
    text = path.read_text("utf-8")
    try:
        document = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ContractError(f"{path.name}: not readable as YAML ({error}).") from error
    schema = json.loads((contracts_dir / "schemas" / "recipe.schema.json").read_text("utf-8"))
    faults = [f"{e.json_path}: {e.message}" for e in Draft202012Validator(schema).iter_errors(document)]
    if faults:
        raise ContractError(f"{path.name}: {len(faults)} places do not fit the recipe's shape, first {faults[0]}")
    if document["recipe_code"] != path.stem:
        raise ContractError(f"{path.name}: the recipe calls itself '{document['recipe_code']}'; file and code must be one name.")
    return _recipe(document, text)


def recipe_from_text(text: str) -> Recipe:
    """Read a recipe that an edition keeps; it was validated when the edition was made."""
    return _recipe(yaml.safe_load(text), text)


def _recipe(document: dict[str, Any], text: str) -> Recipe:
    shaped = ("groups", "peers", "scale", "means", "ranking", "robustness")
    plain = {f.name: document[f.name] for f in fields(Recipe) if f.name in document and f.name not in shaped}
    made = {
        **plain,
        "groups": tuple(_group(g) for g in document.get("groups", ())),
        "flat": _items(document.get("indicators", ())),
        "peers": tuple((name, tuple(members)) for name, members in document.get("peers", {}).items()),
        "scale": ScaleChoice(**document["scale"]),
        "means": tuple(MeanChoice(**m) for m in document["means"]),
        "text": text,
    }
    for name in ("members", "bar"):
        if document.get(name) is not None:
            made[name] = tuple(document[name])
    if "experts" in document:
        made["experts"] = tuple(tuple(map(float, row)) for row in document["experts"])
    if document.get("treatment") is not None:
        made["treatment"] = TreatmentChoice(**document["treatment"])
    if "ranking" in document:
        made["ranking"] = Ranking(**document["ranking"])
    if "robustness" in document:
        made["robustness"] = _robustness(document["robustness"])
    return Recipe(**made)


def _items(documents: Sequence[dict[str, Any]]) -> tuple[RecipeIndicator, ...]:
    return tuple(RecipeIndicator(**{**i, "band": tuple(i["band"]) if "band" in i else None}) for i in documents)


def _group(document: dict[str, Any]) -> RecipeGroup:
    below = tuple(_group(g) for g in document.get("groups", ()))
    return RecipeGroup(
        document["group_code"], document["group_name"], _items(document.get("indicators", ())), document.get("weight", 1.0), below, document.get("fewest", 0)
    )


def _robustness(document: dict[str, Any]) -> Robustness:
    made = dict(document)
    made["scales"] = tuple(ScaleChoice(**s) for s in document.get("scales", ()))
    made["treatments"] = tuple(None if t == "none" else TreatmentChoice(**t) for t in document.get("treatments", ()))
    for name in ("means", "imputations"):
        made[name] = tuple(document.get(name, ()))
    return Robustness(**made)


def contradictions(recipe: Recipe, indicators: list[Row]) -> list[str]:
    """Find what in a recipe cannot go together; empty for a sound one.

    Args:
        indicators: rows of the catalogue.
    """
    if uneven := uneven_depths(recipe):
        return uneven
    return [
        *_of_indicators(recipe, indicators), *_of_thresholds(recipe, indicators), *of_groups(recipe), *_of_scale(recipe), *_of_weights(recipe),
        *_of_coverage(recipe), *_of_robustness(recipe),
    ]  # fmt: skip


def _of_indicators(recipe: Recipe, indicators: list[Row]) -> list[str]:
    catalogue = {row["indicator_code"]: row for row in indicators}
    codes = [i.indicator_code for i in recipe.indicators]
    faults = [f"'{code}' is not in the catalogue." for code in codes if code not in catalogue]
    faults += [f"'{code}' stands twice; it would weigh double." for code in sorted({c for c in codes if codes.count(c) > 1})]
    for item in recipe.indicators:
        row = catalogue.get(item.indicator_code)
        if row is not None and item.direction is None and item.band is None and row["direction"] not in SIGNS:
            faults.append(f"neither way is better for {item.indicator_code}; state a direction or a band, or take it out.")
        if item.band is not None and item.direction is not None:
            faults.append(f"{item.indicator_code} has a band and a direction; a band is right on both sides.")
        if item.band is not None and item.band[0] >= item.band[1]:
            faults.append(f"the band of {item.indicator_code} ends before it begins.")
        if item.lower is not None and item.upper is not None and item.lower >= item.upper:
            faults.append(
                f"the ends of {item.indicator_code} are {item.lower:g} and {item.upper:g}; the lower one must be lower, or the scale divides by nothing."
            )
    return faults


def _of_thresholds(recipe: Recipe, indicators: list[Row]) -> list[str]:
    """Green and red lie between the ends, and green on the better side."""
    catalogue, faults = {row["indicator_code"]: row for row in indicators}, []
    for item in recipe.indicators:
        if item.green is None and item.red is None:
            continue
        if item.lower is None or item.red is None or item.green is None or item.upper is None or item.band is not None:
            faults.append(f"a colour of {item.indicator_code} needs its green, its red and both ends, and no band; state all four or neither green nor red.")
            continue
        row = catalogue.get(item.indicator_code)
        if row is None or (item.direction is None and row["direction"] not in SIGNS):
            continue
        sign = sign_of(item, row)
        worst, best = (item.lower, item.upper) if sign > 0 else (item.upper, item.lower)
        if not sign * worst <= sign * item.red < sign * item.green <= sign * best:
            faults.append(f"the thresholds of {item.indicator_code} stand in another order than worst end, red, green, best end.")
    return faults


def sign_of(item: RecipeIndicator, row: Row) -> int:
    """Which way is better: -1 for a band's distance, the recipe's word, else the catalogue's."""
    return -1 if item.band is not None else item.direction or SIGNS[row["direction"]]


def _scales(recipe: Recipe) -> tuple[ScaleChoice, ...]:
    return (recipe.scale, *(recipe.robustness.scales if recipe.robustness else ()))


def _means(recipe: Recipe) -> set[str]:
    return {m.mean for m in recipe.means} | set(recipe.robustness.means if recipe.robustness else ())


def _of_scale(recipe: Recipe) -> list[str]:
    faults = []
    positive = sorted(_means(recipe) & set(NEEDS_POSITIVE))
    for scale in _scales(recipe):
        if scale.scale in NEEDS_ENDS:
            faults += [f"{scale.scale} needs lower and upper ends of {i.indicator_code}." for i in recipe.indicators if i.lower is None or i.upper is None]
        if scale.scale in NEEDS_TARGET:
            faults += [f"{scale.scale} needs a target of {i.indicator_code}." for i in recipe.indicators if i.target is None]
        if scale.scale != "z_score" and scale.low >= scale.high:
            faults.append(f"{scale.scale} runs from {scale.low:g} to {scale.high:g}; the high end must be higher.")
        if scale.scale == "z_score" and scale.high <= 0:
            faults.append("a z-score with a standard deviation of nothing divides by nothing.")
        unbounded = scale.scale in MAY_BE_LOW or not scale.is_cut
        if positive and (scale.floor or 0.0) <= 0 and (unbounded or scale.low <= 0):
            faults.append(f"the {positive[0]} mean needs values above 0, and {scale.scale} gives others; let it run from 1 to 100, or state a floor above 0.")
        if scale.scale == "oecd_distance" and (len(_scales(recipe)) > 1 or positive):
            faults.append("an OECD distance is better when lower and goes with arithmetic means of its own kind only.")
    if recipe.treatment is not None and recipe.treatment.may_log and any(s.scale in (*NEEDS_ENDS, *NEEDS_TARGET) for s in _scales(recipe)):
        faults.append("a logarithm changes the unit, and ends or targets are stated in the indicator's unit; set may_log to false, or take another scale.")
    if any(m.mean == "copeland" for m in recipe.means[:-1]):
        faults.append("Copeland counts duels, whose sums are no scale to go on with; use it on the last level only.")
    return faults


def _of_weights(recipe: Recipe) -> list[str]:
    n = len(recipe.indicators)
    faults = [f"expert {at} splits {sum(row):g} points, not {POINTS:g}." for at, row in enumerate(recipe.experts, 1) if abs(sum(row) - POINTS) > 1e-6]
    faults += [f"expert {at} gives {len(row)} numbers for {n} indicators." for at, row in enumerate(recipe.experts, 1) if len(row) != n]
    if (recipe.weighting == "budget") != bool(recipe.experts):
        faults.append("points of experts, and only they, make a budget; state both or neither.")
    if any(sum(m.weight for m in members) <= 0 for members in siblings(recipe)):
        faults.append("a group whose weights add up to nothing divides by nothing.")
    if recipe.robustness and recipe.robustness.experts and not recipe.experts:
        faults.append("experts cannot be drawn anew where there are none.")
    return faults


def _of_coverage(recipe: Recipe) -> list[str]:
    faults = []
    if recipe.oldest_year > recipe.year:
        faults.append(f"figures from {recipe.oldest_year} to {recipe.year}: the oldest year must not be the later one.")
    if recipe.score_min > recipe.rank_min:
        faults.append(f"a rank asks for {recipe.rank_min:.0%} of the indicators and a score for {recipe.score_min:.0%}; a rank must ask for as much.")
    if recipe.bar is not None and recipe.bar[0] >= recipe.bar[1]:
        faults.append("the bar's worst quantile must be below its best.")
    if recipe.ranking.is_on and recipe.robustness is None:
        faults.append("ranks are never shown without intervals; state what is unsure under robustness, or turn the ranking off.")
    return faults


def _of_robustness(recipe: Recipe) -> list[str]:
    unsure = recipe.robustness
    if unsure is None:
        return []
    faults = []
    leaves_out = unsure.leave_one_out and len(recipe.indicators) >= LEAVE_OUT_FROM
    if not any((unsure.scales, unsure.bounds, unsure.weights, unsure.experts, unsure.means, unsure.imputations, unsure.treatments, leaves_out,
                unsure.quality)):  # fmt: skip
        beside = f"; below {LEAVE_OUT_FROM} indicators, leaving one out stands beside the runs" if unsure.leave_one_out else ""
        faults.append(f"robustness names nothing that is unsure{beside}.")
    if unsure.bounds and not any(s.scale in MOVABLE for s in _scales(recipe)):
        faults.append(f"bounds are unsure, and no scale of the recipe has any; {', '.join(MOVABLE)} have.")
    if unsure.n_base & (unsure.n_base - 1):
        faults.append(f"{unsure.n_base} points: Sobol points keep their balance only in powers of two.")
    if unsure.leave_one_out and len(recipe.indicators) < 2:
        faults.append("of one indicator none can be left out.")
    if unsure.means and any(m.mean not in ("arithmetic", *NEEDS_POSITIVE) for m in recipe.means):
        faults.append("other means can be tried only where the recipe's own are arithmetic, geometric, harmonic or power means.")
    return faults
