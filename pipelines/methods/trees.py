"""The tree of an index: indicators below groups below the index, on any number of levels.

Belongs here: who is whose parent, weights, and what each weighs in the whole. Does not belong here: how values are put together.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from pipelines.methods.blocks import Floats

Indices = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Level:
    """All nodes of one level.

    Args:
        parents: shape (k,), the place of each node's parent on the next level up; every place is somebody's parent.
        weights: shape (k,), not negative, of any sum: shares are taken within a parent.
        fewest: shape (parents,), members that each parent needs to have a value; ``None`` for no such need.
    """

    parents: Indices
    weights: Floats
    fewest: Indices | None = None

    def __post_init__(self) -> None:
        if self.parents.shape != self.weights.shape or self.parents.ndim != 1:
            raise ValueError(f"parents {self.parents.shape} and weights {self.weights.shape} do not fit; expected two of (k,)")
        if set(self.parents.tolist()) != set(range(self.n_parents)):
            raise ValueError("a group without members: every place on the next level must be somebody's parent")
        if not (np.isfinite(self.weights).all() and (self.weights >= 0).all()):
            raise ValueError("weights must be finite and not negative")
        if (np.bincount(self.parents, self.weights) <= 0).any():
            raise ValueError("a group whose weights add up to nothing cannot be put together; give one member a weight above 0")
        if self.fewest is not None and (self.fewest.shape != (self.n_parents,) or (self.fewest > np.bincount(self.parents)).any()):
            raise ValueError("a group that needs more members than it has never has a value; ask for as many as there are at most")

    @property
    def n_parents(self) -> int:
        """Number of nodes on the next level up."""
        return int(self.parents.max()) + 1

    def members(self, parent: int) -> Indices:
        """Places of the nodes below one parent."""
        return np.flatnonzero(self.parents == parent)

    def needs(self, parent: int, share: float) -> float:
        """Number of members that must be there for a parent to have a value: a share of them, and its own fewest."""
        fewest = 0 if self.fewest is None else int(self.fewest[parent])
        return max(share * len(self.members(parent)) - 1e-12, float(fewest))

    @property
    def shares(self) -> Floats:
        """Weights as shares of their parent, adding up to 1 within each; shape (k,)."""
        shares: Floats = self.weights / np.bincount(self.parents, self.weights)[self.parents]
        return shares


@dataclass(frozen=True, slots=True)
class Tree:
    """Levels from the indicators up; the last one's nodes have the index as their parent."""

    levels: tuple[Level, ...]

    def __post_init__(self) -> None:
        for below, above in zip(self.levels, self.levels[1:], strict=False):
            if below.n_parents != len(above.parents):
                raise ValueError(f"a level of {below.n_parents} parents stands below one of {len(above.parents)} nodes")
        if not self.levels or self.levels[-1].n_parents != 1:
            raise ValueError("the last level must have one parent, the index")

    @property
    def n_leaves(self) -> int:
        """Number of indicators."""
        return len(self.levels[0].parents)

    @property
    def effective_weights(self) -> tuple[Floats, ...]:
        """What each node weighs in the index: the product of shares on its way up; each level adds up to 1.

        Source:
            methods.md 1, step 6: "always publish effective weights".
        """
        found: list[Floats] = []
        above = np.ones(1)
        for level in reversed(self.levels):
            above = level.shares * above[level.parents]
            found.append(above)
        return tuple(reversed(found))

    def with_weights(self, weights: tuple[Floats, ...]) -> "Tree":
        """Give the same tree with other weights, one array a level."""
        return Tree(tuple(replace(level, weights=w) for level, w in zip(self.levels, weights, strict=True)))

    def ancestors(self, number: int) -> Indices:
        """Place of each indicator's group on a level of groups, 0 for the groups of indicators; shape (leaves,)."""
        found = self.levels[0].parents
        for level in self.levels[1 : number + 1]:
            found = level.parents[found]
        return found

    def without_leaves(self, gone: npt.NDArray[np.bool_]) -> "Tree":
        """Take indicators out, with the groups that are left without any; a group never needs more members than are left to it.

        Args:
            gone: shape (leaves,); not all.
        """
        levels, keep = [], ~gone
        for level in self.levels:
            parents = level.parents[keep]
            used = np.unique(parents)
            fewest = None if level.fewest is None else np.minimum(level.fewest[used], np.bincount(parents)[used])
            levels.append(Level(np.searchsorted(used, parents).astype(np.int64), level.weights[keep], fewest))
            keep = np.isin(np.arange(level.n_parents), used)
        return Tree(tuple(levels))

    def without(self, leaf: int) -> "Tree":
        """Give the tree with one indicator's weight at nothing; a group that is left with nothing weighs nothing.

        Raises:
            ValueError: nothing would be left.
        """
        weights = [np.array(level.weights) for level in self.levels]
        weights[0][leaf] = 0.0
        for number, level in enumerate(self.levels[:-1]):
            bare = np.bincount(level.parents, weights[number]) <= 0
            weights[number + 1][bare] = 0.0
            # An empty group's members keep their weights: their parent has none.
            weights[number] = np.where(bare[level.parents], level.weights, weights[number])
        return self.with_weights(tuple(weights))


def tree_of(parents: tuple[Any, ...], weights: tuple[Any, ...], fewest: tuple[Any, ...] | None = None) -> Tree:
    """Build a tree from plain lists, one of parents, one of weights and, where groups need some members, one of fewest a level."""
    needs = [None if n is None else np.asarray(n, np.int64) for n in fewest or (None,) * len(parents)]
    return Tree(tuple(Level(np.asarray(p, np.int64), np.asarray(w, np.float64), n) for p, w, n in zip(parents, weights, needs, strict=True)))
