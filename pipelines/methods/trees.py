"""The tree of an index: indicators below groups below the index.

Belongs here: who is whose parent, weights, and what each weighs in the whole. Does not belong here: how values are put together.
"""

from dataclasses import dataclass
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
    """

    parents: Indices
    weights: Floats

    def __post_init__(self) -> None:
        if self.parents.shape != self.weights.shape or self.parents.ndim != 1:
            raise ValueError(f"parents {self.parents.shape} and weights {self.weights.shape} do not fit; expected two of (k,)")
        if set(self.parents.tolist()) != set(range(self.n_parents)):
            raise ValueError("a group without members: every place on the next level must be somebody's parent")
        if not (np.isfinite(self.weights).all() and (self.weights >= 0).all()):
            raise ValueError("weights must be finite and not negative")
        if (np.bincount(self.parents, self.weights) <= 0).any():
            raise ValueError("a group whose weights add up to nothing cannot be put together; give one member a weight above 0")

    @property
    def n_parents(self) -> int:
        """Number of nodes on the next level up."""
        return int(self.parents.max()) + 1

    def members(self, parent: int) -> Indices:
        """Places of the nodes below one parent."""
        return np.flatnonzero(self.parents == parent)

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
        return Tree(tuple(Level(level.parents, w) for level, w in zip(self.levels, weights, strict=True)))

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


def tree_of(parents: tuple[Any, ...], weights: tuple[Any, ...]) -> Tree:
    """Build a tree from plain lists, one of parents and one of weights a level."""
    return Tree(tuple(Level(np.asarray(p, np.int64), np.asarray(w, np.float64)) for p, w in zip(parents, weights, strict=True)))
