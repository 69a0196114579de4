"""Small synthetic indices for tests; no city's figures."""

import numpy as np

from pipelines.methods.aggregating import Aggregation, Mean
from pipelines.methods.indexes import Cases, Method
from pipelines.methods.normalising import Normalisation, Scale
from pipelines.methods.trees import tree_of

MIN_MAX = Normalisation(Scale.MIN_MAX, 1, 100)
T_SCORE = Normalisation(Scale.Z_SCORE, 50, 10, floor=1.0)
PLACES = Normalisation(Scale.PERCENTILE_RANK, 1, 100)


def make_values(seed: int, n: int = 20, m: int = 6, *, gaps: float = 0.0, common: float = 0.5) -> np.ndarray:
    """Positive values with something in common, 1 to about 15; a share of the cells missing, never a whole column."""
    rng = np.random.default_rng(seed)
    values = 1.0 + np.exp(0.5 * (common * rng.normal(size=(n, 1)) + rng.normal(size=(n, m))))
    holes = rng.random((n, m)) < gaps
    holes[rng.integers(0, n), :] = False
    return np.where(holes, np.nan, values)


def make_goalposts(m: int, *, low: float = 0.0, high: float = 100.0) -> Normalisation:
    """Fixed ends that all of ``make_values`` lies within."""
    return Normalisation(Scale.GOALPOSTS, low, high, lower=np.full(m, 1.0), upper=np.full(m, 30.0))


def make_method(
    m: int = 6,
    groups: int = 2,
    *,
    scale: Normalisation = MIN_MAX,
    means: tuple[Mean, Mean] = (Mean.ARITHMETIC, Mean.ARITHMETIC),
    group_min: float = 2 / 3,
    score_min: float = 0.65,
    rank_min: float = 0.8,
    less: tuple[int, ...] = (),
) -> Method:
    """Indicators spread over groups in turn, all weights alike."""
    directions = np.where(np.isin(np.arange(m), less), -1.0, 1.0)
    tree = tree_of((np.arange(m) % groups, np.zeros(groups, int)), (np.ones(m), np.ones(groups)))
    return Method(tree, directions, scale, tuple(Aggregation(mean, group_min=group_min) for mean in means), score_min=score_min, rank_min=rank_min)


def cases_of(values: np.ndarray) -> Cases:
    """Take a matrix alone: nothing older, one group of peers."""
    return Cases(values, np.full(values.shape, np.nan), np.zeros(len(values), np.int64))
