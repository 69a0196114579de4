"""Results of recipes as rows of the index tables.

Belongs here: columns and their order. Does not belong here: computing (methods), casts (dbt).
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipelines.domain.recipes import Recipe, RecipeGroup
from pipelines.editions.index_cases import IndexCases
from pipelines.methods.auditing import AuditLine
from pipelines.methods.blocks import Floats, Texts
from pipelines.methods.imputing import Flags
from pipelines.methods.indexes import Index, Method
from pipelines.methods.intervals import Pilot, RankSummary, profile_reason
from pipelines.methods.robustness import Removal, dominance_share
from pipelines.methods.sensitivity import Sensitivity

NAN = float("nan")
ALL_CITIES = "all"
Columns = tuple[tuple[str, type], ...]
INDEX_TABLES: dict[str, Columns] = {
    "recipes": (
        ("recipe_code", str), ("recipe_version", str), ("recipe_name", str), ("recipe_question", str), ("recipe_author", str),
        ("recipe_status", str), ("recipe_adopter", str), ("recipe_note", str), ("recipe_state", str), ("recipe_reason", str),
        ("recipe_sha256", str), ("recipe_text", str),
        ("first_year", float), ("last_year", float), ("n_indicators", float), ("n_cities", float), ("n_scored", float), ("n_ranked", float),
        ("has_ranking", float), ("has_fixed_bar", float), ("seed", float), ("n_runs", float), ("n_sensitivity_runs", float), ("n_top", float),
        ("n_bands", float),
        ("dominance_share", float), ("sure_pairs_share", float), ("mean_interval_width", float), ("profile_reason", str),
    ),
    "scores": (
        ("recipe_code", str), ("city_code", str), ("score", float), ("score_low", float), ("score_high", float), ("coverage", float), ("n_available", float),
        ("n_filled", float), ("n_indicators", float), ("oldest_year", float), ("newest_year", float), ("weakest_quality_code", str), ("is_thin", float),
        ("rank_reason", str), ("rank_reason_text", str), ("rank_nominal", float), ("rank_median", float), ("rank_mean", float), ("rank_low", float),
        ("rank_high", float), ("top_share", float), ("tie_band", float),
        ("n_surely_above", float), ("n_surely_below", float),
    ),
    "groups": (("recipe_code", str), ("group_code", str), ("group_name", str), ("group_level", float), ("parent_group_code", str), ("group_position", float),
               ("group_weight", float), ("city_code", str), ("group_score", float), ("is_group_filled", float), ("group_colour", str)),
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


@dataclass(frozen=True, slots=True)
class Robust:
    """What the runs of a recipe say; only where cities are ranked."""

    summary: RankSummary
    pilot: Pilot
    sensitivity: Sensitivity
    removals: tuple[Removal, ...]
    dominance: Flags


@dataclass(frozen=True, slots=True)
class Computed:
    """The numbers of a recipe.

    Args:
        ranks: shape (n,), ``nan`` for a city without one; ``rank_reasons`` says why, empty for ranked ones.
        colours: shape (n, groups of indicators), empty for a group without thresholds.
    """

    method: Method
    index: Index
    ranks: Floats
    rank_reasons: tuple[str, ...]
    lines: tuple[AuditLine, ...]
    colours: Texts
    robust: Robust | None


@dataclass(frozen=True, slots=True)
class RecipeResult:
    """A recipe run on the cities there are.

    Args:
        state: ``computed``, ``refused`` or ``no_data``; ``reason`` says why not, in the last two cases, and there is no number.
    """

    recipe: Recipe
    state: str
    reason: str
    cases: IndexCases
    computed: Computed | None = None


def rows_of(table: str, result: RecipeResult) -> Iterator[Row]:
    """Give the rows of one table for one recipe; a recipe without a result has its own row, those of withheld cities, and nothing else."""
    if table == "recipes":
        yield _recipe_row(result)
        return
    if result.computed is not None:
        yield from MAKERS[table](result.recipe, result.cases, result.computed)
    if table == "scores":
        yield from _withheld(result)


def _recipe_row(result: RecipeResult) -> Row:
    recipe, done = result.recipe, result.computed
    robust, unsure = done.robust if done else None, recipe.robustness
    used = [p.period_year for p in result.cases.points.values()] if done else []
    return (
        recipe.recipe_code, recipe.version, recipe.name, recipe.question, recipe.author, recipe.status, recipe.adopter, recipe.note, result.state,
        result.reason, hashlib.sha256(recipe.text.encode()).hexdigest(), recipe.text, min(used, default=NAN), max(used, default=NAN), len(recipe.indicators),
        len(result.cases.cities), int(np.isfinite(done.index.scores).sum()) if done else 0, int(np.isfinite(done.ranks).sum()) if done else 0,
        float(recipe.ranking.is_on), float(done.method.normalisation.has_range) if done else NAN, unsure.seed if unsure else NAN,
        unsure.n_runs if robust and unsure else NAN, robust.sensitivity.n_runs if robust else NAN, recipe.ranking.n_top if robust else NAN,
        int(robust.summary.band.max()) if robust else NAN, dominance_share(robust.dominance) if robust else NAN,
        robust.summary.sure_pairs_share if robust else NAN, robust.summary.mean_interval_width if robust else NAN,
        profile_reason(len(recipe.indicators), robust.summary) if robust else "",
    )  # fmt: skip


NO_RANK = (NAN,) * 9


def _scores(recipe: Recipe, cases: IndexCases, done: Computed) -> Iterator[Row]:
    place = {int(i): at for at, i in enumerate(np.flatnonzero(np.isfinite(done.ranks)))}
    codes = [i.indicator_code for i in recipe.indicators]
    for i, city in enumerate(cases.cities):
        used = [cases.points[city, code] for code in codes if (city, code) in cases.points]
        weakest = max(used, key=lambda p: float(cases.relative_error[i][codes.index(p.indicator_code)])).quality_code if used else ""
        ranked: Row = NO_RANK
        if i in place and done.robust:
            s, at = done.robust.summary, place[i]
            ranked = (done.ranks[i], s.median[at], s.mean[at], s.low[at], s.high[at], s.top[at], s.band[at], s.n_surely_above[at], s.n_surely_below[at])
        years, coverage, reason = [p.period_year for p in used], float(done.index.coverage[i]), done.rank_reasons[i]
        is_thin = float(coverage < done.method.rank_min - 1e-12) if np.isfinite(done.index.scores[i]) else NAN
        yield (
            recipe.recipe_code, city, done.index.scores[i], done.index.low[i], done.index.high[i], coverage, len(used), int(done.index.is_filled[i].sum()),
            len(codes), min(years, default=NAN), max(years, default=NAN), weakest, is_thin, reason,
            cases.grade_reasons[i] if reason == "grade" else "", *ranked,
        )  # fmt: skip


def _withheld(result: RecipeResult) -> Iterator[Row]:
    """Cities under a no-ranking condition: named with the reason, without any number that could be put in order."""
    for city, text in sorted(result.cases.withheld.items()):
        yield (result.recipe.recipe_code, city, *(NAN,) * 6, len(result.recipe.indicators), NAN, NAN, "", NAN, "no_ranking", text, *NO_RANK)


def _groups(recipe: Recipe, cases: IndexCases, done: Computed) -> Iterator[Row]:
    """Groups of every level from those of indicators up; a place in the recipe counts down the tree, a group before its members."""
    weights = done.method.tree.effective_weights
    at = {g.group_code: number + 1 for number, g in enumerate(_down(recipe.groups))}
    for level, groups in enumerate(recipe.levels):
        above = [g.group_code for g in recipe.levels[level + 1]] if level + 1 < len(recipe.levels) else [""]
        for number, group in enumerate(groups):
            place = (level + 1, above[recipe.parents[level + 1][number]], at[group.group_code], weights[level + 1][number])
            for i, city in enumerate(cases.cities):
                score, is_filled = done.index.levels[level][i, number], float(done.index.filled[level][i, number])
                colour = done.colours[i, number] if level == 0 else ""
                yield (recipe.recipe_code, group.group_code, group.group_name, *place, city, score, is_filled, str(colour))


def _down(groups: tuple[RecipeGroup, ...]) -> Iterator[RecipeGroup]:
    for group in groups:
        yield group
        yield from _down(group.groups)


def _inputs(recipe: Recipe, cases: IndexCases, done: Computed) -> Iterator[Row]:
    weights = done.method.tree.effective_weights[0]
    group_of = [recipe.levels[0][place].group_code for place in recipe.parents[0]] if recipe.groups else [""] * len(recipe.indicators)
    for j, item in enumerate(recipe.indicators):
        for i, city in enumerate(cases.cities):
            key = (city, item.indicator_code)
            point = cases.points.get(key)
            state = "used" if point else "not_comparable" if key in cases.left_out else "filled" if done.index.is_filled[i, j] else "missing"
            yield (
                recipe.recipe_code, city, item.indicator_code, group_of[j], j + 1, point.observation_id if point else "", state, cases.left_out.get(key, ""),
                cases.cases.values[i, j], cases.cases.carried[i, j], done.index.normalised[i, j], weights[j], done.method.directions[j],
                cases.relative_error[i, j],
            )  # fmt: skip


def _ranked_cities(cases: IndexCases, done: Computed) -> list[str]:
    return [cases.cities[int(i)] for i in np.flatnonzero(np.isfinite(done.ranks))]


def _pairs(recipe: Recipe, cases: IndexCases, done: Computed) -> Iterator[Row]:
    if done.robust is None:
        return
    beats, cities = done.robust.summary.beats, _ranked_cities(cases, done)
    for i, city in enumerate(cities):
        for j, other in enumerate(cities):
            if i != j:
                tied = max(0.0, 1.0 - beats[i, j] - beats[j, i])
                yield (recipe.recipe_code, city, other, beats[i, j], tied, float(done.robust.dominance[i, j]))


def _effects(recipe: Recipe, cases: IndexCases, done: Computed) -> Iterator[Row]:
    if done.robust is None:
        return
    found, tried = done.robust.sensitivity, done.robust.pilot
    for k, factor in enumerate(found.factors):
        for part, cities in ((found.of_shift, [ALL_CITIES]), (found.of_city, _ranked_cities(cases, done))):
            for at, city in enumerate(cities):
                numbers = (part.first[k, at], part.first_low[k, at], part.first_high[k, at], part.total[k, at], part.total_low[k, at], part.total_high[k, at])
                yield (recipe.recipe_code, factor, city, *numbers, tried.largest_change[k], tried.share_reranked[k])


def _removals(recipe: Recipe, cases: IndexCases, done: Computed) -> Iterator[Row]:
    if done.robust is None:
        return
    cities, nominal = _ranked_cities(cases, done), done.ranks[np.isfinite(done.ranks)]
    names = {("indicator", 0): [i.indicator_code for i in recipe.indicators], ("city", 0): cities}
    names |= {("group", level): [g.group_code for g in groups] for level, groups in enumerate(recipe.levels)}
    for removal in done.robust.removals:
        name = names[removal.kind, removal.level][removal.place]
        for at, city in enumerate(cities):
            yield (recipe.recipe_code, removal.kind, name, city, nominal[at], removal.ranks[at], removal.shift)


def _audits(recipe: Recipe, _cases: IndexCases, done: Computed) -> Iterator[Row]:
    names = ([i.indicator_code for i in recipe.indicators], *([g.group_code for g in groups] for groups in recipe.levels), ["index"])
    for line in done.lines:
        node = names[line.level + 1][line.other] if line.place < 0 else names[line.level][line.place]
        other = "" if line.place < 0 else names[line.level if line.check == "pair_correlation" else line.level + 1][line.other]
        yield (recipe.recipe_code, line.check, line.level, node, other, line.measure, line.limit, line.verdict)


MAKERS: dict[str, Callable[[Recipe, IndexCases, Computed], Iterator[Row]]] = {
    "scores": _scores, "groups": _groups, "inputs": _inputs, "pairs": _pairs, "effects": _effects, "removals": _removals, "audits": _audits,
}  # fmt: skip
