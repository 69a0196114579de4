"""Run every recipe: from the core through the methods to the index tables of schema ``scored``.

Belongs here: the order of one recipe's run, and its refusal. Does not belong here: formulas (methods), choosing figures (``index_cases.py``),
columns (``index_rows.py``).
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from pipelines.contracts.catalogues import load_registry
from pipelines.contracts.recipes import load_recipes
from pipelines.domain.recipes import Recipe
from pipelines.editions.index_cases import GRADES, IndexCases, collect_cases
from pipelines.editions.index_methods import colours_of, directions_of, kinds_of, method_of, plan_of
from pipelines.editions.index_rows import INDEX_TABLES, Computed, RecipeResult, Robust, rows_of
from pipelines.editions.scoring import steady
from pipelines.methods.auditing import audit
from pipelines.methods.blocks import Floats
from pipelines.methods.indexes import Index, Method, build_index, rank_some
from pipelines.methods.intervals import pilot, run
from pipelines.methods.measuring import KindOfScale
from pipelines.methods.robustness import dominates, remove_each
from pipelines.methods.sensitivity import analyse
from pipelines.methods.uncertainty import Engine
from pipelines.warehouse.index_points import index_points
from pipelines.warehouse.scored_tables import write_scored

FEWEST_RANKED = 3
Say = Callable[[str, str], None]


def run_recipe(recipe: Recipe, warehouse: Path, contracts_dir: Path, *, say: Say, workers: int = 1) -> RecipeResult:
    """Run one recipe. A recipe that cannot be computed, or of which an unsure step does nothing, gives its reason and no number at all."""
    registry = load_registry(contracts_dir)
    codes = [i.indicator_code for i in recipe.indicators]
    points = index_points(warehouse, codes, first_year=recipe.oldest_year - recipe.carry_years, last_year=recipe.year)
    cases = collect_cases(recipe, points, registry["use_conditions"])
    if not cases.points:
        return RecipeResult(recipe, "no_data", "no city has a figure of its indicators in its years", cases)
    if scarce := scarce_indicators(recipe, cases):
        return RecipeResult(recipe, "refused", scarce, cases)
    try:
        return _compute(recipe, cases, {row["indicator_code"]: row for row in registry["indicators"]}, say=say, workers=workers)
    except ValueError as error:
        order = ", ".join(f"{place} is {code}" for place, code in enumerate(codes))
        return RecipeResult(recipe, "refused", f"{error} (Places of indicators: {order}.)" if "place" in str(error) else str(error), cases)


def scarce_indicators(recipe: Recipe, cases: IndexCases) -> str:
    """Say which indicators too few cities have; empty for none."""
    shares = np.isfinite(cases.cases.values).mean(axis=0)
    found = [
        f"{item.indicator_code} is known of {share:.0%} of the cities"
        for item, share in zip(recipe.indicators, shares, strict=True)
        if share < recipe.indicator_min - 1e-12
    ]
    return f"{'; '.join(found)}; the recipe asks for {recipe.indicator_min:.0%}" if found else ""


def _compute(recipe: Recipe, cases: IndexCases, catalogue: dict[str, dict[str, str]], *, say: Say, workers: int) -> RecipeResult:
    say(recipe.recipe_code, "scores")
    method = method_of(recipe, directions_of(recipe, catalogue), cases.cases)
    index = build_index(cases.cases, method)
    reasons = rank_reasons(recipe, cases, method, index)
    ranks = rank_some(index, np.array([r == "" for r in reasons], bool), method)
    lines = audit(index.normalised, index.levels, method.tree)
    kinds = kinds_of(recipe, catalogue)
    robust = _robust(recipe, cases, kinds, method, index, ranks, say=say, workers=workers) if np.isfinite(ranks).any() else None
    colours = colours_of(recipe, method.directions, cases.cases)
    return RecipeResult(recipe, "computed", "", cases, Computed(method, index, ranks, reasons, lines, colours, robust))


def rank_reasons(recipe: Recipe, cases: IndexCases, method: Method, index: Index) -> tuple[str, ...]:
    """Say of each city why it is not ranked, empty for ranked ones."""
    allowed = GRADES[recipe.ranking.grade]

    def reason(i: int) -> str:
        if not np.isfinite(index.scores[i]):
            return "no_score"
        if not recipe.ranking.is_on:
            return "ranking_off"
        if index.coverage[i] < method.rank_min - 1e-12:
            return "coverage"
        return "" if cases.grades[i] <= allowed else "grade"

    found = [reason(i) for i in range(len(cases.cities))]
    return tuple("too_few" if r == "" and found.count("") < FEWEST_RANKED else r for r in found)


def _robust(
    recipe: Recipe, cases: IndexCases, kinds: tuple[KindOfScale, ...], method: Method, index: Index, ranks: Floats, *, say: Say, workers: int
) -> Robust:
    unsure = recipe.robustness
    if unsure is None:
        raise ValueError("ranks without anything that is unsure; state it under robustness, or turn the ranking off")
    within, ranked = np.isfinite(index.scores), np.isfinite(ranks)
    engine = Engine(cases.cases.only(within), method, plan_of(recipe, cases, within, kinds), unsure.seed, ranked[within], workers)
    say(recipe.recipe_code, "pilot of every unsure step")
    tried = pilot(engine)
    say(recipe.recipe_code, f"{unsure.n_runs:,} runs")
    summary = run(engine, n_runs=unsure.n_runs, n_top=recipe.ranking.n_top)
    say(recipe.recipe_code, f"sensitivity, {unsure.n_base * (len(engine.factors) + 2):,} runs")
    sensitivity = analyse(engine, n_base=unsure.n_base)
    say(recipe.recipe_code, "leaving out one by one")
    return Robust(summary, tried, sensitivity, remove_each(cases.cases, method, ranked), dominates(index.normalised[ranked]))


def index_step(warehouse: Path, contracts_dir: Path, *, say: Say, workers: int = 1) -> dict[str, int]:
    """Run every recipe and leave the results in schema ``scored``.

    Returns:
        Table name to number of rows.
    """
    results = [run_recipe(recipe, warehouse, contracts_dir, say=say, workers=workers) for recipe in load_recipes(contracts_dir)]
    tables = {}
    for name, columns in INDEX_TABLES.items():
        rows = [row for result in results for row in rows_of(name, result)]
        tables[f"index_{name}"] = {
            column: [row[at] for row in rows] if kind is str else steady(np.array([row[at] for row in rows], np.float64))
            for at, (column, kind) in enumerate(columns)
        }
    texts = frozenset(column for columns in INDEX_TABLES.values() for column, kind in columns if kind is str)
    write_scored(warehouse, tables, text_columns=texts)
    return {name: len(next(iter(columns.values()))) for name, columns in tables.items()}
