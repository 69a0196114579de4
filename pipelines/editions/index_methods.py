"""A recipe in the words of the methods: its tree, scale, means, and what is unsure, as arrays.

Belongs here: choices to arrays. Does not belong here: formulas (methods), figures (``index_cases.py``).
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from pipelines.contracts.catalogues import Row
from pipelines.contracts.recipes import sign_of
from pipelines.domain.recipes import MeanChoice, Recipe, RecipeIndicator, ScaleChoice, TreatmentChoice
from pipelines.editions.index_cases import IndexCases
from pipelines.methods.aggregating import Aggregation, Mean
from pipelines.methods.blocks import Floats, Texts
from pipelines.methods.goal_colours import goal_colour, threshold_points
from pipelines.methods.imputing import Flags
from pipelines.methods.indexes import Cases, Method, prepare, scale
from pipelines.methods.measuring import KindOfScale
from pipelines.methods.normalising import Normalisation, Scale
from pipelines.methods.treating import Treatment
from pipelines.methods.trees import Tree, tree_of
from pipelines.methods.uncertainty import Plan
from pipelines.methods.weighting import budget, first_component, searched

FROM_DATA: dict[str, Callable[[Floats, Floats], Floats]] = {
    "component": lambda values, _stated: first_component(values).weights,
    "component_squared": lambda values, _stated: first_component(values, squared=True).weights,
    "optimised": lambda values, stated: searched(values[np.isfinite(values).all(axis=1)], stated),
}

SHARE_ENDS = (0.0, 100.0)


def ends_of(recipe: Recipe, name: str) -> Floats | None:
    """Give one fixed end of every indicator, ``None`` where a recipe does not state all."""
    ends = [getattr(item, name) for item in recipe.indicators]
    return None if any(e is None for e in ends) else np.array(ends, np.float64)


def normalisation_of(recipe: Recipe, choice: ScaleChoice) -> Normalisation:
    """Give a scale with the ends and targets that the recipe states."""
    lower, upper, target = (ends_of(recipe, name) for name in ("lower", "upper", "target"))
    return Normalisation(Scale(choice.scale), choice.low, choice.high, lower, upper, target, is_cut=choice.is_cut, floor=choice.floor)


def treatment_of(choice: TreatmentChoice | None) -> Treatment | None:
    """Give an outlier rule."""
    return None if choice is None else Treatment(choice.skew, choice.kurtosis, choice.most_drawn_in, choice.may_log)


def aggregation_of(choice: MeanChoice) -> Aggregation:
    """Give a mean."""
    return Aggregation(Mean(choice.mean), choice.power, choice.group_min, choice.fill)


def summed_up(recipe: Recipe, leaves: Floats) -> tuple[Floats, ...]:
    """Give every level the weights that its indicators add up to.

    Args:
        leaves: shape (..., m), weights of the indicators.

    Returns:
        Shape (..., nodes) a level, from the indicators up, without the index.
    """
    found = [leaves]
    for parents in recipe.parents[:-1]:
        places = np.array(parents)
        found.append(np.stack([found[-1][..., places == parent].sum(axis=-1) for parent in range(int(places.max()) + 1)], axis=-1))
    return tuple(found)


def tree_with(recipe: Recipe, weights: tuple[Floats, ...]) -> Tree:
    """Give the recipe's tree with weights, one array a level."""
    return tree_of(recipe.parents, weights, (*([g.fewest for g in level] for level in recipe.levels), None))


def stated_tree(recipe: Recipe) -> Tree:
    """Give the tree with the weights that need no data; those that do start alike."""
    alike = np.ones(len(recipe.indicators))
    if recipe.weighting == "budget":
        return tree_with(recipe, summed_up(recipe, budget(np.array(recipe.experts)).weights))
    if recipe.weighting == "flat":
        return tree_with(recipe, summed_up(recipe, alike))
    stated = ([i.weight for i in recipe.indicators], *([g.weight for g in level] for level in recipe.levels))
    if recipe.weighting == "given":
        return tree_with(recipe, tuple(np.array(weights, np.float64) for weights in stated))
    return tree_with(recipe, tuple(np.ones(len(weights)) for weights in stated))


def method_of(recipe: Recipe, directions: Floats, cases: Cases) -> Method:
    """Give every choice of a recipe as arrays.

    Args:
        directions: shape (m,), as ``directions_of``.
        cases: the cities, from which components and searched weights come.

    Raises:
        ValueError: no such weights can be found in these data.
    """
    method = Method(
        stated_tree(recipe), directions, normalisation_of(recipe, recipe.scale), tuple(map(aggregation_of, recipe.means)), treatment_of(recipe.treatment),
        recipe.imputation, recipe.score_min, recipe.rank_min, recipe.bar,
    )  # fmt: skip
    if recipe.weighting not in FROM_DATA:
        return method
    within = np.isfinite(cases.values).mean(axis=1) >= recipe.score_min - 1e-12
    normalised = scale(prepare(cases.only(within), method), method)
    level = method.tree.levels[0]
    stated = np.array([i.weight for i in recipe.indicators])
    weights = np.ones(len(level.parents))
    for parent in range(level.n_parents):
        members = level.members(parent)
        if len(members) > 1:
            weights[members] = FROM_DATA[recipe.weighting](normalised[:, members], stated[members])
    return replace(method, tree=method.tree.with_weights((weights, *(above.weights for above in method.tree.levels[1:]))))


def directions_of(recipe: Recipe, catalogue: Mapping[str, Row]) -> Floats:
    """Which way is better for each indicator, as +1 or -1, by the recipe's word or the catalogue's."""
    return np.array([float(sign_of(item, catalogue[item.indicator_code])) for item in recipe.indicators])


def colours_of(recipe: Recipe, directions: Floats, cases: Cases) -> Texts:
    """Give the colour of each group of indicators that all have thresholds; from figures alone, nothing filled in.

    Returns:
        Shape (n, groups of indicators); empty for groups without thresholds.
    """
    groups = recipe.levels[0] if recipe.groups else ()
    colours = np.full((len(cases.values), len(groups)), "", "U6")
    places = np.array(recipe.parents[0])
    for number, group in enumerate(groups):
        if any(i.green is None or i.red is None for i in group.indicators):
            continue
        at = places == number
        lower, upper, green, red = (np.array([getattr(i, name) for i in group.indicators], np.float64) for name in ("lower", "upper", "green", "red"))
        worst, best = np.where(directions[at] > 0, lower, upper), np.where(directions[at] > 0, upper, lower)
        colours[:, number] = goal_colour(threshold_points(cases.values[:, at], worst, red, green, best))
    return colours


def kinds_of(recipe: Recipe, catalogue: Mapping[str, Row]) -> tuple[KindOfScale, ...]:
    """Say what each indicator can be: a share of 0 to 100, a rate or count that is never below 0, or any number.

    The distance outside a band is never below 0.
    """

    def kind(item: RecipeIndicator) -> KindOfScale:
        least, most = (catalogue[item.indicator_code][end] for end in ("valid_min", "valid_max"))
        if item.band is None and least and most and (float(least), float(most)) == SHARE_ENDS:
            return KindOfScale.SHARE
        return KindOfScale.RATE if item.band is not None or (least and float(least) >= 0) else KindOfScale.OTHER

    return tuple(kind(item) for item in recipe.indicators)


def plan_of(recipe: Recipe, cases: IndexCases, within: Flags, kinds: tuple[KindOfScale, ...]) -> Plan:
    """Give what is unsure; nothing where the recipe does not say.

    Args:
        within: shape (n,), the cities that have a score.
        kinds: as ``kinds_of``.
    """
    unsure = recipe.robustness
    if unsure is None:
        return Plan()
    return Plan(
        tuple(normalisation_of(recipe, s) for s in unsure.scales), unsure.bounds, unsure.weights, np.array(recipe.experts) if unsure.experts else None,
        tuple(map(Mean, unsure.means)), unsure.imputations, tuple(map(treatment_of, unsure.treatments)), unsure.leave_one_out,
        *((cases.relative_error[within], cases.shared_error_key[within], kinds) if unsure.quality else ()),
    )  # fmt: skip
