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
        green, red: the two thresholds of its group's colour, in the indicator's unit.
    """

    indicator_code: str
    weight: float = 1.0
    direction: int | None = None
    lower: float | None = None
    upper: float | None = None
    target: float | None = None
    band: tuple[float, float] | None = None
    green: float | None = None
    red: float | None = None


@dataclass(frozen=True, slots=True)
class RecipeGroup:
    """What is put together into one score: indicators, or groups of the level below; never both.

    Args:
        weight: within the group above, or the index; only proportions count.
        fewest: members that must be there for a score, beside the share that the level asks for.
    """

    group_code: str
    group_name: str
    indicators: tuple[RecipeIndicator, ...] = ()
    weight: float = 1.0
    groups: tuple["RecipeGroup", ...] = ()
    fewest: int = 0

    @property
    def all_indicators(self) -> tuple[RecipeIndicator, ...]:
        """The indicators of the group and of all groups below it, in order."""
        return (*self.indicators, *(i for g in self.groups for i in g.all_indicators))


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
    """An aggregation by name.

    Args:
        group_min: share of members that must be there.
        fill: what a group without a score takes: ``none``, or ``peer_mean`` or ``peer_median`` of the scores of the city's peers.
    """

    mean: str
    power: float = 0.5
    group_min: float = 2 / 3
    fill: str = "none"


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
        groups, flat: the groups straight below the index, of as many levels as there are means less one; or, without any, its indicators.
        members, boundary: whose cities, and of which boundary; empty for all, and for each city's own.
        peers: groups of countries by name, whose cities are each other's peers; a country in none is a group by itself.
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
    flat: tuple[RecipeIndicator, ...] = ()
    members: tuple[str, ...] = ()
    peers: tuple[tuple[str, tuple[str, ...]], ...] = ()
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
        return (*self.flat, *(i for g in self.groups for i in g.all_indicators))

    @property
    def levels(self) -> tuple[tuple[RecipeGroup, ...], ...]:
        """The groups of each level, from those of indicators up; none where the index is made of indicators straight."""
        found = [self.groups] if self.groups else []
        while found and any(g.groups for g in found[-1]):
            found.append(tuple(below for g in found[-1] for below in g.groups))
        return tuple(reversed(found))

    @property
    def parents(self) -> tuple[tuple[int, ...], ...]:
        """The place of each node's parent on the next level up, for the indicators and each level of groups; the index is at place 0."""
        members = [[len(g.indicators) or len(g.groups) for g in level] for level in self.levels]
        below = [tuple(place for place, n in enumerate(sizes) for _ in range(n)) for sizes in members]
        return (*below, (0,) * (len(self.groups) or len(self.flat)))

    def peer_group(self, member_code: str) -> str:
        """The name of a country's group of peers: the recipe's, else the country itself."""
        return next((name for name, members in self.peers if member_code in members), member_code)
