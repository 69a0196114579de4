"""Which unsure step moves the ranks most: variance-based indices with intervals.

Belongs here: designs, estimators, their intervals. Does not belong here: what a run computes (``uncertainty.py``).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from pipelines.methods.blocks import Floats
from pipelines.methods.draws import sobol_pairs
from pipelines.methods.intervals import NoEffectError
from pipelines.methods.uncertainty import Engine

RESAMPLES = 500
LOW, HIGH = 0.05, 0.95


@dataclass(frozen=True, slots=True)
class Indices:
    """First-order and total indices of each factor and output, with 5th and 95th percentiles; shape (factors, outputs) each.

    ``nan`` for an output that no factor changes: a city whose rank is the same in every run.
    """

    first: Floats
    first_low: Floats
    first_high: Floats
    total: Floats
    total_low: Floats
    total_high: Floats


def centred_indices(a: Floats, b: Floats, mixed: Floats) -> tuple[Floats, Floats]:
    """Estimate first-order and total indices with outputs measured from their mean, which takes the mean's part out of the error.

    Args:
        a, b: shape (n, outputs).
        mixed: shape (factors, n, outputs).

    Returns:
        Shape (factors, outputs) each; ``nan`` where an output never changes.

    Source:
        methods.md 1, step 10 ("subtract the mean of y"); Saltelli et al. (2010) for the first, Jansen (1999) for the total index.
    """
    both = np.concatenate([a, b])
    centre, spread = both.mean(axis=0), both.var(axis=0)
    scale = np.where(spread > 0, spread, np.nan)
    first = ((b - centre) * (mixed - a)).mean(axis=1) / scale
    total = ((a - mixed) ** 2).mean(axis=1) / (2.0 * scale)
    return first, total


def estimate(a: Floats, b: Floats, mixed: Floats, *, seed: int, resamples: int = RESAMPLES) -> Indices:
    """Estimate indices with intervals by resampling runs; arguments as in ``centred_indices``."""
    first, total = centred_indices(a, b, mixed)
    rng = np.random.default_rng(seed)
    n, n_factors = len(a), len(mixed)
    drawn = np.empty((2, resamples, n_factors, a.shape[1]))
    for number in range(resamples):
        rows = rng.integers(0, n, n)
        drawn[0, number], drawn[1, number] = centred_indices(a[rows], b[rows], mixed[:, rows])
    ends = np.quantile(drawn, [LOW, HIGH], axis=1)
    return Indices(first, ends[0, 0], ends[1, 0], total, ends[0, 1], ends[1, 1])


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """Indices of the mean shift of all ranks, and of each city's rank; shape (factors,) and (factors, cities) inside."""

    factors: tuple[str, ...]
    of_shift: Indices
    of_city: Indices
    n_runs: int


def design_outputs(outputs: Callable[[Floats], Floats], n_factors: int, *, n_base: int, seed: int) -> tuple[Floats, Floats, Floats]:
    """Run a model over both designs and the mixed ones.

    Args:
        outputs: choices of shape (runs, factors) to outputs of shape (runs, outputs).

    Returns:
        Outputs of A, of B (n, outputs), and of A with each column of B (factors, n, outputs); n (factors + 2) runs.
    """
    first, second = sobol_pairs(n_base, n_factors, seed)
    designs = [first, second]
    for number in range(n_factors):
        mixed = first.copy()
        mixed[:, number] = second[:, number]
        designs.append(mixed)
    found = outputs(np.concatenate(designs)).reshape(n_factors + 2, n_base, -1)
    return found[0], found[1], found[2:]


def analyse(engine: Engine, *, n_base: int, resamples: int = RESAMPLES) -> Sensitivity:
    """Find what moves the ranks, on the whole and for each city.

    Args:
        n_base: points of each design, a power of two, 1 024 or more for figures to print.

    Raises:
        NoEffectError: a factor changes no rank in any run.
    """
    nominal = engine.nominal_ranks().astype(np.float64)

    def outputs(choices: Floats) -> Floats:
        ranks = engine.ranks(choices).astype(np.float64)
        return np.column_stack([np.abs(ranks - nominal).mean(axis=1), ranks])

    a, b, mixed = design_outputs(outputs, len(engine.factors), n_base=n_base, seed=engine.seed)
    idle = [name for name, part in zip(engine.factors, mixed, strict=True) if (part == a).all()]
    if idle:
        raise NoEffectError(f"{', '.join(idle)}: changes no rank in {n_base} pairs of runs; take it out of the recipe. The run was stopped.")
    found = estimate(a, b, mixed, seed=engine.seed, resamples=resamples)

    def part(at: slice) -> Indices:
        return Indices(*(getattr(found, name)[:, at] for name in Indices.__slots__))

    return Sensitivity(engine.factors, part(slice(0, 1)), part(slice(1, None)), n_base * (len(engine.factors) + 2))
