"""What another weighting would do to an index that stands: for readers who try, never published.

Belongs here: from an edition's normalised values to ranks under other weights. Does not belong here: publishing, drawing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from pipelines.contracts.recipes import recipe_from_text
from pipelines.editions.index_cases import peers_of
from pipelines.editions.index_methods import aggregation_of, normalisation_of, summed_up, tree_with
from pipelines.methods.aggregating import QUASI
from pipelines.methods.blocks import Floats
from pipelines.methods.climbing import climb_runs
from pipelines.methods.draws import keys_of, random_runs, uniform
from pipelines.methods.indexes import rank
from pipelines.methods.intervals import count_ranks, rank_interval
from pipelines.methods.uncertainty import RANK_TYPE
from pipelines.methods.weighting import Budget, budget
from pipelines.warehouse.querying_indexes import IndexInput, IndexScore

RUNS = 1_000
NUDGE = 0.25


@dataclass(frozen=True, slots=True)
class Trial:
    """Ranks of the ranked cities under a reader's weights, among the same cities as in the edition.

    ``low`` and ``high`` hold 90 % of a thousand runs in which each weight lies up to a quarter elsewhere; ``by_delegate`` has one row for
    each member of a board, whose points are averaged in ``board``.
    """

    city_codes: tuple[str, ...]
    ranks: Floats
    low: Floats
    high: Floats
    by_delegate: Floats
    board: Budget


def trial_of(recipe_text: str, scores: Sequence[IndexScore], inputs: Sequence[IndexInput], points: Floats, *, seed: int) -> Trial:
    """Rank the edition's ranked cities by a board's points, or one reader's.

    Args:
        points: shape (delegates, indicators), each row adding up to 100, in the order of the recipe.

    Raises:
        ValueError: a split does not add up, or the recipe puts levels together in a way that has no runs.
    """
    recipe = recipe_from_text(recipe_text)
    board = budget(points)
    aggregations = tuple(map(aggregation_of, recipe.means))
    if any(how.mean not in QUASI for how in aggregations):
        raise ValueError("this recipe's means take no other weights; only arithmetic, geometric, harmonic and power means do")
    # Every city with a score: what a group without one takes comes from its peers, ranked or not.
    scored = tuple(s.city_code for s in scores if s.score is not None)
    ranked = np.array([s.rank_nominal is not None for s in scores if s.score is not None], bool)
    place = {city: at for at, city in enumerate(scored)}
    cells = np.full((len(scored), len(recipe.indicators)), np.nan)
    for item in inputs:
        if item.city_code in place and item.normalised_value is not None:
            cells[place[item.city_code], item.indicator_position - 1] = item.normalised_value
    tree = tree_with(recipe, summed_up(recipe, np.ones(len(recipe.indicators))))
    peers = peers_of(recipe, [s.member_code for s in scores if s.score is not None])
    lenient = tuple(how if how.fill != "none" else replace(how, group_min=0.0) for how in aggregations)
    lower_is_better = normalisation_of(recipe, recipe.scale).lower_is_better

    def ranks_by(leaves: Floats) -> Floats:
        found = climb_runs(cells[None], tree, lenient, summed_up(recipe, leaves), peers)[:, ranked]
        return rank(found, lower_is_better=lower_is_better).astype(np.float64)

    cities = tuple(city for city, is_ranked in zip(scored, ranked, strict=True) if is_ranked)
    nudges = 2.0 * uniform(keys_of(random_runs(RUNS, 1, seed)[:, 0], seed, 0), len(recipe.indicators)) - 1.0
    low, high = rank_interval(count_ranks(ranks_by(board.weights * (1.0 + NUDGE * nudges)).astype(RANK_TYPE)))
    return Trial(cities, ranks_by(board.weights[None])[0], low, high, ranks_by(points / 100.0), board)
