"""Results of recipes as rows of the index tables.

Belongs here: columns and their order. Does not belong here: computing (methods), casts (dbt).
"""

import hashlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from pipelines.domain.recipes import Recipe

if TYPE_CHECKING:
    from pipelines.editions.indexing import RecipeResult

NAN = float("nan")
ALL_CITIES = "all"
Columns = tuple[tuple[str, type], ...]
INDEX_TABLES: dict[str, Columns] = {
    "recipes": (
        ("recipe_code", str), ("recipe_version", str), ("recipe_name", str), ("recipe_question", str), ("recipe_author", str), ("recipe_status", str),
        ("recipe_adopter", str), ("recipe_note", str), ("recipe_state", str), ("recipe_reason", str), ("recipe_sha256", str), ("recipe_text", str),
        ("first_year", float), ("last_year", float), ("n_indicators", float), ("n_cities", float), ("n_scored", float), ("n_ranked", float),
        ("has_ranking", float), ("has_fixed_bar", float), ("seed", float), ("n_runs", float), ("n_sensitivity_runs", float), ("n_top", float), ("n_bands", float),
        ("dominance_share", float),
    ),
    "scores": (
        ("recipe_code", str), ("city_code", str), ("score", float), ("score_low", float), ("score_high", float), ("coverage", float), ("n_available", float),
        ("n_filled", float), ("n_indicators", float), ("oldest_year", float), ("newest_year", float), ("weakest_quality_code", str), ("is_thin", float),
        ("rank_reason", str), ("rank_reason_text", str), ("rank_nominal", float), ("rank_median", float), ("rank_mean", float), ("rank_low", float),
        ("rank_high", float), ("top_share", float), ("tie_band", float),
    ),
    "groups": (("recipe_code", str), ("group_code", str), ("group_name", str), ("group_position", float), ("group_weight", float), ("city_code", str),
               ("group_score", float)),
    "inputs": (
        ("recipe_code", str), ("city_code", str), ("indicator_code", str), ("group_code", str), ("indicator_position", float), ("observation_id", str),
        ("input_state", str), ("input_reason", str), ("input_value", float), ("input_carried", float), ("normalised_value", float),
        ("effective_weight", float), ("indicator_direction", float), ("noise_share", float),
    ),
    "pairs": (("recipe_code", str), ("city_code", str), ("other_city_code", str), ("share_above", float), ("share_tied", float), ("is_dominant", float)),
    "effects": (
        ("recipe_code", str), ("factor_code", str), ("city_code", str), ("first_order", float), ("first_order_low", float), ("first_order_high", float),
        ("total_order", float), ("total_order_low", float), ("total_order_high", float), ("pilot_change", float), ("share_reranked", float),
    ),
    "removals": (("recipe_code", str), ("removed_kind", str), ("removed_code", str), ("city_code", str), ("rank_nominal", float), ("rank_without", float),
                 ("mean_shift", float)),
    "audits": (("recipe_code", str), ("check_code", str), ("node_level", float), ("node_code", str), ("other_code", str), ("audit_measure", float),
               ("audit_limit", float), ("audit_verdict", str)),
}  # fmt: skip
Row = tuple[Any, ...]


def rows_of(table: str, result: "RecipeResult") -> Iterator[Row]:
    """Give the rows of one table for one recipe; a recipe without a result has its own row and nothing else."""
    if table == "recipes":
        yield _recipe_row(result)
    elif table == "scores" or result.index is not None:
        yield from MAKERS[table](result)


def _recipe_row(result: "RecipeResult") -> Row:
    recipe, robust = result.recipe, result.robust
    used = [p.period_year for p in result.cases.points.values()] if result.index is not None else []
    n_scored = int(np.isfinite(result.index.scores).sum()) if result.index is not None else 0
    n_ranked = int(np.isfinite(result.ranks).sum()) if result.ranks is not None else 0
    unsure = recipe.robustness
    dominance = robust.dominance if robust else None
    n = len(dominance) if dominance is not None else 0
    return (
        recipe.recipe_code, recipe.version, recipe.name, recipe.question, recipe.author, recipe.status, recipe.adopter, recipe.note, result.state,
        result.reason, hashlib.sha256(recipe.text.encode()).hexdigest(), recipe.text, min(used, default=NAN), max(used, default=NAN), len(recipe.indicators),
        len(result.cases.cities), n_scored, n_ranked, float(recipe.ranking.is_on), float(result.method.normalisation.has_range) if result.method else NAN,
        unsure.seed if unsure else NAN, unsure.n_runs if robust and unsure else NAN, robust.sensitivity.n_runs if robust else NAN,
        recipe.ranking.n_top if robust else NAN, int(robust.summary.band.max()) if robust else NAN,
        float(dominance.sum() / (n * (n - 1) / 2)) if dominance is not None and n > 1 else NAN,
    )  # fmt: skip


def _scores(result: "RecipeResult") -> Iterator[Row]:
    recipe, cases, index = result.recipe, result.cases, result.index
    m = len(recipe.indicators)
    nothing = (NAN,) * 7
    if index is not None and result.ranks is not None and result.method is not None:
        place = {int(i): at for at, i in enumerate(np.flatnonzero(np.isfinite(result.ranks)))}
        for i, city in enumerate(cases.cities):
            used = [cases.points[city, item.indicator_code] for item in recipe.indicators if (city, item.indicator_code) in cases.points]
            noise = cases.noise[i]
            weakest = max(used, key=lambda p: float(noise[_position(recipe, p.indicator_code)])).quality_code if used else ""
            ranked: Row = nothing
            if i in place and result.robust:
                s, at = result.robust.summary, place[i]
                ranked = (result.ranks[i], s.median[at], s.mean[at], s.low[at], s.high[at], s.top[at], s.band[at])
            n_filled, coverage = int(index.is_filled[i].sum()), float(index.coverage[i])
            thin = float(coverage < result.method.rank_min - 1e-12)
            years = [p.period_year for p in used]
            reason = result.rank_reasons[i]
            text = cases.grade_reasons[i] if reason == "grade" else ""
            yield (recipe.recipe_code, city, index.scores[i], index.low[i], index.high[i], coverage, len(used), n_filled, m, min(years, default=NAN),
                   max(years, default=NAN), weakest, thin, reason, text, *ranked)  # fmt: skip
    for city, text in sorted(cases.withheld.items()):
        yield (recipe.recipe_code, city, NAN, NAN, NAN, NAN, NAN, NAN, m, NAN, NAN, "", NAN, "no_ranking", text, *nothing)


def _position(recipe: Recipe, code: str) -> int:
    return [i.indicator_code for i in recipe.indicators].index(code)


def _groups(result: "RecipeResult") -> Iterator[Row]:
    assert result.index is not None
    assert result.method is not None
    shares = result.method.tree.levels[1].shares
    for number, group in enumerate(result.recipe.groups):
        for i, city in enumerate(result.cases.cities):
            score = result.index.levels[0][i, number]
            yield (result.recipe.recipe_code, group.group_code, group.group_name, number + 1, shares[number], city, score)


def _inputs(result: "RecipeResult") -> Iterator[Row]:
    assert result.index is not None
    assert result.method is not None
    cases, weights = result.cases, result.method.tree.effective_weights[0]
    group_of = [g.group_code for g in result.recipe.groups for _ in g.indicators]
    for j, item in enumerate(result.recipe.indicators):
        for i, city in enumerate(cases.cities):
            key = (city, item.indicator_code)
            point = cases.points.get(key)
            state = "used" if point else "not_comparable" if key in cases.left_out else "filled" if result.index.is_filled[i, j] else "missing"
            yield (
                result.recipe.recipe_code, city, item.indicator_code, group_of[j], j + 1, point.observation_id if point else "", state,
                cases.left_out.get(key, ""), cases.cases.values[i, j], cases.cases.carried[i, j], result.index.normalised[i, j], weights[j],
                result.method.directions[j], cases.noise[i, j] if point else NAN,
            )  # fmt: skip


def _ranked_cities(result: "RecipeResult") -> list[str]:
    return [] if result.ranks is None else [result.cases.cities[int(i)] for i in np.flatnonzero(np.isfinite(result.ranks))]


def _pairs(result: "RecipeResult") -> Iterator[Row]:
    if result.robust is None:
        return
    beats, cities = result.robust.summary.beats, _ranked_cities(result)
    for i, city in enumerate(cities):
        for j, other in enumerate(cities):
            if i != j:
                tied = max(0.0, 1.0 - beats[i, j] - beats[j, i])
                yield (result.recipe.recipe_code, city, other, beats[i, j], tied, float(result.robust.dominance[i, j]))


def _effects(result: "RecipeResult") -> Iterator[Row]:
    if result.robust is None:
        return
    found, tried = result.robust.sensitivity, result.robust.pilot
    for k, factor in enumerate(found.factors):
        for part, cities in ((found.of_shift, [ALL_CITIES]), (found.of_city, _ranked_cities(result))):
            for at, city in enumerate(cities):
                numbers = (part.first[k, at], part.first_low[k, at], part.first_high[k, at], part.total[k, at], part.total_low[k, at], part.total_high[k, at])
                yield (result.recipe.recipe_code, factor, city, *numbers, tried.largest_change[k], tried.share_reranked[k])


def _removals(result: "RecipeResult") -> Iterator[Row]:
    if result.robust is None or result.ranks is None:
        return
    cities, nominal = _ranked_cities(result), result.ranks[np.isfinite(result.ranks)]
    names = {"indicator": [i.indicator_code for i in result.recipe.indicators], "group": [g.group_code for g in result.recipe.groups], "city": cities}
    for removal in result.robust.removals:
        for at, city in enumerate(cities):
            yield (result.recipe.recipe_code, removal.kind, names[removal.kind][removal.place], city, nominal[at], removal.ranks[at], removal.shift)


def _audits(result: "RecipeResult") -> Iterator[Row]:
    names = ([i.indicator_code for i in result.recipe.indicators], [g.group_code for g in result.recipe.groups], ["index"])
    for line in result.lines:
        node = names[line.level + 1][line.other] if line.place < 0 else names[line.level][line.place]
        other = "" if line.place < 0 else names[line.level if line.check == "pair_correlation" else line.level + 1][line.other]
        yield (result.recipe.recipe_code, line.check, line.level, node, other, line.measure, line.limit, line.verdict)


MAKERS: dict[str, Callable[["RecipeResult"], Iterator[Row]]] = {
    "scores": _scores, "groups": _groups, "inputs": _inputs, "pairs": _pairs, "effects": _effects, "removals": _removals, "audits": _audits,
}  # fmt: skip
