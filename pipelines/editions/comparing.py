"""Two editions beside each other: why a city's rank in an index changed.

Belongs here: reading both editions' inputs and asking the methods. Does not belong here: formulas, drawing.
"""

from collections.abc import Sequence

import numpy as np

from pipelines.contracts.recipes import recipe_from_text
from pipelines.domain.errors import UsageError
from pipelines.domain.recipes import Recipe
from pipelines.editions.index_cases import peers_of
from pipelines.editions.index_methods import method_of
from pipelines.methods.indexes import Cases
from pipelines.methods.rank_changes import Edition, RankChange, explain_changes
from pipelines.warehouse.connecting import Connection
from pipelines.warehouse.querying_indexes import IndexInput, index_inputs, index_recipes, index_scores


def index_of(connection: Connection, recipe_code: str) -> Edition:
    """Give what an edition's index was computed from.

    Raises:
        UsageError: the edition has no such index, or did not compute it.
    """
    found = [r for r in index_recipes(connection) if r.recipe_code == recipe_code]
    if not found or found[0].recipe_state != "computed":
        raise UsageError(f"The edition has no result of the recipe '{recipe_code}': {found[0].recipe_reason if found else 'it does not know it'}.")
    recipe = recipe_from_text(found[0].recipe_text)
    rows = index_inputs(connection, recipe_code)
    codes = tuple(dict.fromkeys(row.city_code for row in rows))
    cases = _cases(recipe, rows, codes)
    directions = np.array([float(row.indicator_direction) for row in rows[: len(recipe.indicators)]])
    ranked = frozenset(s.city_code for s in index_scores(connection, recipe_code) if s.rank_nominal is not None)
    return Edition(codes, cases, method_of(recipe, directions, cases), ranked)


def _cases(recipe: Recipe, rows: Sequence[IndexInput], codes: tuple[str, ...]) -> Cases:
    place = {code: at for at, code in enumerate(codes)}
    values, carried = (np.full((len(codes), len(recipe.indicators)), np.nan) for _ in range(2))
    members = {}
    for row in rows:
        at = (place[row.city_code], row.indicator_position - 1)
        values[at] = np.nan if row.input_value is None else row.input_value
        carried[at] = np.nan if row.input_carried is None else row.input_carried
        members[row.city_code] = row.member_code
    return Cases(values, carried, peers_of(recipe, [members[c] for c in codes]))


def explain_index(before: Connection, after: Connection, recipe_code: str) -> tuple[RankChange, ...]:
    """Explain every change of rank between two editions, among the cities that both rank.

    Raises:
        UsageError: one of them has no result of the recipe, its indicators differ, or no city is ranked in both.
    """
    editions = index_of(before, recipe_code), index_of(after, recipe_code)
    indicators = [
        [row.indicator_code for row in index_inputs(c, recipe_code)[: e.method.tree.n_leaves]] for c, e in zip((before, after), editions, strict=True)
    ]
    if indicators[0] != indicators[1]:
        raise UsageError("The two editions' recipes have different indicators; what changed cannot be told apart.")
    try:
        return explain_changes(*editions)
    except ValueError as error:
        raise UsageError(f"The change cannot be explained: {error}.") from error
