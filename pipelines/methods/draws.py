"""Random numbers that depend on nothing but a seed and a place: the same run gives the same draw, in whatever order runs are made.

Belongs here: uniform and normal numbers by key, and designs of runs. Does not belong here: what is drawn.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.stats import qmc

from pipelines.methods.blocks import Floats

Keys = npt.NDArray[np.uint64]
GOLDEN = np.uint64(0x9E3779B97F4A7C15)


def mix(words: Keys) -> Keys:
    """Scatter the bits of 64-bit words.

    Source:
        Steele, Lea and Flood (2014), Fast splittable pseudorandom number generators: the finaliser of SplitMix64.
    """
    with np.errstate(over="ignore"):
        z = words + GOLDEN
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return np.asarray(z ^ (z >> np.uint64(31)))


def keys_of(choices: Floats, seed: int, factor: int) -> Keys:
    """Turn numbers of [0, 1) into keys, one for each run, other ones for each seed and factor."""
    with np.errstate(over="ignore"):
        stream = mix(np.array([seed], np.uint64) + np.array([factor + 1], np.uint64) * GOLDEN)
    return mix((choices * 2.0**53).astype(np.uint64) ^ stream)


def uniform(keys: Keys, n: int) -> Floats:
    """Draw n numbers of [0, 1) for each key; shape (len(keys), n)."""
    with np.errstate(over="ignore"):
        words = mix(keys[:, None] + np.arange(1, n + 1, dtype=np.uint64) * GOLDEN)
    return np.asarray((words >> np.uint64(11)) * 2.0**-53)


def normal(keys: Keys, shape: tuple[int, ...]) -> Floats:
    """Draw standard normal numbers for each key; shape (len(keys), *shape)."""
    drawn = np.empty((len(keys), *shape))
    for row, key in enumerate(keys):
        np.random.Generator(np.random.SFC64(int(key))).standard_normal(out=drawn[row])
    return drawn


def random_runs(n_runs: int, n_factors: int, seed: int) -> Floats:
    """Draw the choices of independent runs, shape (runs, factors)."""
    return np.random.Generator(np.random.PCG64(seed)).random((n_runs, n_factors))


def sobol_pairs(n_base: int, n_factors: int, seed: int) -> tuple[Floats, Floats]:
    """Draw two matrices of scrambled Sobol points, shape (n_base, factors) each.

    Args:
        n_base: a power of two.

    Source:
        Saltelli et al. (2010): both from one sequence of twice as many dimensions.
    """
    if n_base < 2 or n_base & (n_base - 1):
        raise ValueError(f"{n_base} points: Sobol points keep their balance only in powers of two")
    engine: Any = qmc.Sobol(2 * n_factors, scramble=True, rng=np.random.default_rng(seed))
    points = engine.random(n_base)
    return points[:, :n_factors], points[:, n_factors:]
