"""A recipe: every choice of a composite index, named and versioned.

Belongs here: the choices as values. Does not belong here: reading YAML (contracts), arrays (methods).
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RecipeIndicator:
    """One indicator of a recipe.

    Args:
        weight: within its group; only proportions count.
        direction: +1 or -1 where the recipe decides what the catalogue leaves open; ``None`` for the catalogue's.
        lower, upper: fixed ends in the indicator's unit.
        target: target or optimum in the indicator's unit.
        band: right on both sides; the distance outside it is then what counts, and less of it is better.
    """

    indicator_code: str
    weight: float = 1.0
    direction: int | None = None
    lower: float | None = None
    upper: float | None = None
    target: float | None = None
    band: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class RecipeGroup:
    """Indicators that are put together first."""

    group_code: str
    group_name: str
    indicators: tuple[RecipeIndicator, ...]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class ScaleChoice:
    """A normalisation by name, with the names of its ends; ``floor`` keeps values above it."""

    scale: str
    low: float = 0.0
    high: float = 100.0
    floor: float | None = None
    is_cut: bool = True


@dataclass(frozen=True, slots=True)
class MeanChoice:
    """An aggregation by name; ``group_min`` is the share of members that must be there."""

    mean: str
    power: float = 0.5
    group_min: float = 2 / 3


@dataclass(frozen=True, slots=True)
class TreatmentChoice:
    """An outlier rule; ``None`` in its place is none."""

    skew: float = 2.0
    kurtosis: float = 3.5
    most_drawn_in: int = 5
    may_log: bool = True


@dataclass(frozen=True, slots=True)
class Ranking:
    """Whether cities are ranked, and how far apart figures may be for it.

    Args:
        is_on: off unless somebody says so.
        grade: the worst comparability grade that ranked cities' figures may have: ``comparable``, ``bridged`` or ``with_care``.
        n_top: the k of "among the first k".
    """

    is_on: bool = False
    grade: str = "comparable"
    n_top: int = 10


@dataclass(frozen=True, slots=True)
class Robustness:
    """What is unsure, and how many runs say so; meanings as in ``methods.uncertainty.Plan``, which leaves one out from ten indicators on only."""

    seed: int
    n_runs: int = 10_000
    n_base: int = 1_024
    scales: tuple[ScaleChoice, ...] = ()
    bounds: float = 0.0
    weights: float = 0.0
    experts: bool = False
    means: tuple[str, ...] = ()
    imputations: tuple[str, ...] = ()
    treatments: tuple[TreatmentChoice | None, ...] = ()
    leave_one_out: bool = False
    quality: bool = False


@dataclass(frozen=True, slots=True)
class Recipe:
    """Every choice of an index.

    Args:
        status: ``working`` or ``adopted``; ``adopter`` says by whom.
        members, boundary: whose cities, and of which boundary; empty for all, and for each city's own.
        year, oldest_year: figures are the newest between the two.
        carry_years: how much older a figure may be that stands in for a missing one, where the recipe or a run carries forward.
        weighting: ``given``, ``flat`` (each indicator alike), ``nested`` (each group alike, then each indicator), ``budget``, ``component``,
            ``component_squared``, or ``optimised`` (the stated weights are what each indicator shall matter inside its group).
        experts: points of a board, one row an expert, over the indicators in order; for ``budget``.
        bar: quantiles that stand for a missing indicator's worst and best; ``None`` for the ends of the scale.
        text: the YAML as written.
    """

    recipe_code: str
    version: str
    name: str
    question: str
    author: str
    status: str
    adopter: str
    note: str
    year: int
    oldest_year: int
    groups: tuple[RecipeGroup, ...]
    scale: ScaleChoice
    means: tuple[MeanChoice, ...]
    text: str
    members: tuple[str, ...] = ()
    boundary: str = ""
    carry_years: int = 2
    weighting: str = "given"
    experts: tuple[tuple[float, ...], ...] = ()
    treatment: TreatmentChoice | None = None
    imputation: str = "none"
    score_min: float = 0.65
    rank_min: float = 0.80
    indicator_min: float = 0.50
    bar: tuple[float, float] | None = None
    ranking: Ranking = Ranking()
    robustness: Robustness | None = None

    @property
    def indicators(self) -> tuple[RecipeIndicator, ...]:
        """All indicators, group after group."""
        return tuple(i for g in self.groups for i in g.indicators)
