"""From cells to the index in many runs at once.

Belongs here: the tree climbed by thousands of weightings as arrays. Does not belong here: one index by itself (``indexes.py``), what is unsure.
"""

import numpy as np

from pipelines.methods.aggregating import QUASI, Aggregation, aggregate_level, bend_of, fill_groups, require_positive
from pipelines.methods.blocks import Floats
from pipelines.methods.imputing import Flags, Groups
from pipelines.methods.trees import Level, Tree


def climb_runs(cells: Floats, tree: Tree, aggregations: tuple[Aggregation, ...], weights: tuple[Floats, ...], peers: Groups) -> Floats:
    """Put the cells of many runs together up to the index.

    Args:
        cells: shape (runs, n, m), or (1, n, m) when all runs share them.
        weights: shape (runs, nodes) a level.
        peers: shape (n,), the peer group of each city, for levels that fill groups.

    Returns:
        Shape (runs, n).
    """
    levels = tree.levels
    if any(how.mean not in QUASI for how in aggregations):
        return _climb_one_by_one(cells, tree, aggregations, weights, peers)
    if len({(how.mean, how.power) for how in aggregations}) == 1 and np.isfinite(cells).all() and (weights[0] > 0).all():
        return _climb_at_once(cells, tree, aggregations[0], weights)
    nodes = _fill_nodes(_climb_cells(cells, levels[0], aggregations[0], weights[0]), peers, aggregations[0])
    for level, how, w in zip(levels[1:], aggregations[1:], weights[1:], strict=True):
        nodes = _fill_nodes(_climb_nodes(nodes, level, how, w), peers, how)
    return np.broadcast_to(nodes[0], (len(weights[0]), cells.shape[1]))


def _fill_nodes(nodes: Floats, peers: Groups, how: Aggregation) -> Floats:
    """Fill groups without a value in every run by itself; (parents, runs, n) stays."""
    if how.fill == "none" or np.isfinite(nodes).all():
        return nodes
    flat = nodes.reshape(-1, nodes.shape[2])
    return np.ascontiguousarray(fill_groups(flat.T, peers, how).T).reshape(nodes.shape)


def _climb_one_by_one(cells: Floats, tree: Tree, aggregations: tuple[Aggregation, ...], weights: tuple[Floats, ...], peers: Groups) -> Floats:
    found = np.empty((len(weights[0]), cells.shape[1]))
    for run in range(len(found)):
        values = cells[run if len(cells) > 1 else 0]
        own = tree.with_weights(tuple(_any_weights(level, w[run]) for level, w in zip(tree.levels, weights, strict=True)))
        for level, how in zip(own.levels, aggregations, strict=True):
            values = fill_groups(aggregate_level(values, level, how), peers, how)
        found[run] = values[:, 0]
    return found


def _any_weights(level: Level, weights: Floats) -> Floats:
    """Give the members of a group that lost all weight some again: the group itself weighs nothing above, and a group must have a value."""
    bare = np.bincount(level.parents, weights) <= 0
    return np.where(bare[level.parents], 1.0, weights)


def _climb_at_once(cells: Floats, tree: Tree, how: Aggregation, weights: tuple[Floats, ...]) -> Floats:
    """One kind of mean throughout and no gaps: what each indicator weighs in the whole decides."""
    share = np.ones((len(weights[0]), 1))
    for level, w in zip(reversed(tree.levels), reversed(weights), strict=True):
        held = np.stack([w[:, level.members(p)].sum(axis=1) for p in range(level.n_parents)], axis=1)
        share = (w / held[:, level.parents]) * share[:, level.parents]
    require_positive(cells, how)
    bend, back = bend_of(how)
    bent = bend(cells)
    summed = share @ bent[0].T if len(cells) == 1 else np.matmul(bent, share[:, :, None])[..., 0]
    return back(summed)


def _climb_cells(cells: Floats, level: Level, how: Aggregation, weights: Floats) -> Floats:
    """The first level of quasi-arithmetic means; (runs or 1, n, m) to (groups, runs, n)."""
    require_positive(cells, how)
    bend, back = bend_of(how)
    known = np.isfinite(cells)
    whole = bool(known.all())
    bent = bend(cells) if whole else np.where(known, bend(np.where(known, cells, 1.0)), 0.0)
    found = np.empty((level.n_parents, len(weights), cells.shape[1]))
    for parent in range(level.n_parents):
        at = level.members(parent)
        w = weights[:, at]
        summed = _weighed(bent[..., at], w)
        if whole and (w > 0).any(axis=1).all():
            found[parent] = summed / w.sum(axis=1)[:, None]
            continue
        there = known[..., at]
        # A left-out indicator is no gap: the group's minimum counts what was reported.
        n_there = there.sum(axis=2) + _weighed(~there, (w == 0).astype(np.float64))
        total = np.where(n_there >= level.needs(parent, how.group_min), _weighed(there, w), 0.0)
        found[parent] = np.where(total > 0, summed / np.where(total > 0, total, 1.0), np.nan)
    return back(found)


def _weighed(part: Floats | Flags, weights: Floats) -> Floats:
    """Weighted sums of members in every run; (runs or 1, n, k) and (runs, k) to (runs, n)."""
    if len(part) == 1:
        return np.asarray(weights @ part[0].T.astype(np.float64, copy=False))
    return np.asarray(np.matmul(part, weights[:, :, None])[..., 0])


def _climb_nodes(nodes: Floats, level: Level, how: Aggregation, weights: Floats) -> Floats:
    """A level above the first; (k, runs, n) to (parents, runs, n)."""
    require_positive(nodes, how)
    bend, back = bend_of(how)
    bent = bend(nodes)
    found = np.empty((level.n_parents, *nodes.shape[1:]))
    whole = bool(np.isfinite(nodes).all())
    for parent in range(level.n_parents):
        members = level.members(parent)
        summed, total = np.zeros(nodes.shape[1:]), np.zeros(nodes.shape[1:] if not whole else (nodes.shape[1], 1))
        n_there = np.zeros(nodes.shape[1:])
        for k in members:
            w = weights[:, k, None]
            if whole:
                summed += w * bent[k]
                total += w
            else:
                there = np.isfinite(nodes[k])
                summed += np.where(there, w * bent[k], 0.0)
                total += w * there
                n_there += there | (w == 0)
        if not whole:
            total = np.where(n_there >= level.needs(parent, how.group_min), total, 0.0)
        found[parent] = np.where(total > 0, summed / np.where(total > 0, total, 1.0), np.nan)
    return back(found)
