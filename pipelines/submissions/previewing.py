"""What sending a checked file would change: figures that are new, revised or the same, goals met or lost, and what is still missing.

Belongs here: one file's figures against the present edition. Does not belong here: sending, drawing, SQL.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.domain.observations import FigureKey
from pipelines.warehouse.rule_running import HarmonisedFigure

CLOSE = 1e-9
WHOLE_YEAR_DAYS = 350
Place = tuple[str, str, datetime.date, datetime.date]


@dataclass(frozen=True, slots=True)
class Published:
    """One figure of the present edition, with its key and what stands beside the number.

    ``figure_definition_code`` is the definition in the figure's key, ``definition_code`` what the sender declared, if anything.
    """

    city_code: str
    indicator_code: str
    period_start: datetime.date
    period_end: datetime.date
    value: float
    boundary_code: str = ""
    definition_code: str | None = None
    figure_definition_code: str = ""
    unit_code: str = ""
    quality_code: str = "not_declared"
    source_note: str | None = None
    comment_written: str | None = None
    denominator_definition_code: str | None = None
    status_code: str = "observed"
    observation_id: str = ""
    numerator_value: float | None = None
    denominator_value: float | None = None

    @property
    def key(self) -> FigureKey:
        """What tells this figure from every other."""
        return FigureKey(self.city_code, self.boundary_code, self.indicator_code, self.figure_definition_code, self.period_start, self.period_end)

    @property
    def place(self) -> Place:
        """City, indicator and period, whatever it covers and counts."""
        return self.city_code, self.indicator_code, self.period_start, self.period_end


@dataclass(frozen=True, slots=True)
class Limit:
    """A goal's level for an indicator, and whether less is better."""

    goal_set_code: str
    indicator_code: str
    level: float
    lower_is_better: bool


@dataclass(frozen=True, slots=True)
class AttributeChange:
    """One thing that is said of a figure, before and after; empty where nothing was said."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Change:
    """One figure of the file against the edition; ``before`` is ``None`` when no figure of its key stands.

    Args:
        beside: figures of the edition for the same city, indicator and period by another boundary or definition; they stay.
        keeps_source: the same value stands with a source and the file names none, so what stands is left as it is.
        attributes: what else is said of the same figure, and was said otherwise.
    """

    figure: HarmonisedFigure
    before: float | None
    goals: tuple[str, ...]
    beside: tuple[Published, ...] = ()
    keeps_source: bool = False
    attributes: tuple[AttributeChange, ...] = ()

    @property
    def kind(self) -> str:
        """new, beside (new, and another figure of its place stands by another boundary or definition), revised, amended or same.

        An amended figure keeps its value; something that is said about it changes.
        """
        if self.before is None:
            return "beside" if self.beside else "new"
        if not _is_close(self.before, self.figure.value):
            return "revised"
        return "amended" if self.attributes else "same"

    @property
    def attributes_text(self) -> str:
        """Each attribute that changes, with what was said before."""
        return "; ".join(f"{a.name}: {a.before or 'nothing'} → {a.after or 'nothing'}" for a in self.attributes)

    @property
    def beside_text(self) -> str:
        """Each figure it will stand beside, with what tells them apart."""
        return "; ".join(_beside(self.figure, other) for other in self.beside)


def preview(figures: Sequence[HarmonisedFigure], published: Sequence[Published], limits: Sequence[Limit]) -> list[Change]:
    """Compare a file's figures with the edition: every attribute of each. A figure stays until a newer one of its key replaces it.

    Another boundary or another definition is another figure, also where one declares its definition and the other does not.

    Args:
        figures: of the checked file, in the indicators' units.
        published: of the present edition; may hold more than this member's.
        limits: goals of the present edition.
    """
    of_place: dict[Place, list[Published]] = {}
    for p in published:
        of_place.setdefault(p.place, []).append(p)
    changes = []
    for figure in figures:
        place = (figure.city_code, figure.indicator_code, figure.period_start, figure.period_end)
        standing = next((p for p in of_place.get(place, ()) if _gives_way(p, figure)), None)
        before = None if standing is None else standing.value
        held = [] if _is_part_of_year(figure) else [t for t in limits if t.indicator_code == figure.indicator_code]
        goals = tuple(text for limit in held if (text := _moved(limit, before, figure.value)))
        beside = tuple(p for p in of_place.get(place, ()) if not _gives_way(p, figure))
        keeps_source = standing is not None and _keeps_source(standing, figure)
        attributes = () if standing is None or keeps_source else changed_attributes(standing, figure)
        changes.append(Change(figure, before, goals, beside, keeps_source, attributes))
    return changes


def removed(withheld: Sequence[FigureKey], published: Sequence[Published]) -> list[Published]:
    """Give the figures of the edition that a reason in the file would stand in the place of; nothing else removes a figure."""
    gone = set(withheld)
    return [p for p in published if p.key in gone]


def changed_attributes(standing: Published, figure: HarmonisedFigure) -> tuple[AttributeChange, ...]:
    """Compare everything that is said about a figure beside its value and key, and give what differs."""
    codes = {
        "unit": (standing.unit_code, figure.unit_code), "boundary": (standing.boundary_code, figure.boundary_code),
        "definition": (standing.definition_code, figure.definition_code), "quality": (standing.quality_code, figure.quality_code),
        "status": (standing.status_code, figure.status_code),
    }  # fmt: skip
    texts = {
        "numerator": (_plain(standing.numerator_value), _plain(figure.numerator_value)),
        "denominator": (_plain(standing.denominator_value), _plain(figure.denominator_value)),
        "source": (standing.source_note, figure.source_note),
        "note": (standing.comment_written, figure.comment_written),
    }  # fmt: skip
    said = {name: tuple((code or "").replace("_", " ") for code in pair) for name, pair in codes.items()}
    said |= {name: tuple(" ".join((text or "").split()) for text in pair) for name, pair in texts.items()}
    return tuple(AttributeChange(name, before, after) for name, (before, after) in said.items() if before != after)


def _plain(value: float | None) -> str:
    return "" if value is None else f"{value:.12g}"


def _gives_way(standing: Published, figure: HarmonisedFigure) -> bool:
    """Whether the file's figure is the same one sent again; what was computed here stands only until somebody sends a figure of its boundary."""
    return standing.key == figure.key or (standing.status_code == "derived" and standing.boundary_code == figure.boundary_code)


def _is_close(before: float, after: float) -> bool:
    return abs(before - after) <= CLOSE * max(1.0, abs(before))


def _keeps_source(standing: Published, figure: HarmonisedFigure) -> bool:
    return _is_close(standing.value, figure.value) and bool((standing.source_note or "").strip()) and not (figure.source_note or "").strip()


def _beside(figure: HarmonisedFigure, other: Published) -> str:
    """The other figure by what differs: its boundary, or what it counts; always its value."""
    words = []
    if other.boundary_code != figure.boundary_code:
        words.append(f"boundary {other.boundary_code.replace('_', ' ')}")
    if other.figure_definition_code != figure.figure_definition_code:
        words.append(f"definition {other.figure_definition_code.replace('_', ' ')}")
    return f"{', '.join(words)}: {other.value:.10g}"


@dataclass(frozen=True, slots=True)
class Progress:
    """How much of a goal set one city can be held against: indicators with a figure before and after sending, and those still without."""

    city_code: str
    goal_set_code: str
    n_asked: int
    n_before: int
    n_after: int
    missing: tuple[str, ...]


def completeness(figures: Sequence[HarmonisedFigure], published: Sequence[Published], limits: Sequence[Limit]) -> list[Progress]:
    """Count, for each city of a file and each goal set, the indicators that have at least one figure.

    Returns:
        Cities in alphabetical order; empty while the edition has no goal.
    """
    asked: dict[str, set[str]] = {}
    for limit in limits:
        asked.setdefault(limit.goal_set_code, set()).add(limit.indicator_code)
    progress = []
    for city in sorted({f.city_code for f in figures}):
        before = {p.indicator_code for p in published if p.city_code == city and not _is_part_of_year(p)}
        after = before | {f.indicator_code for f in figures if f.city_code == city and not _is_part_of_year(f)}
        for goal_set, wanted in sorted(asked.items()):
            progress.append(Progress(city, goal_set, len(wanted), len(wanted & before), len(wanted & after), tuple(sorted(wanted - after))))
    return progress


def _is_part_of_year(figure: HarmonisedFigure | Published) -> bool:
    """Whether a figure covers neither a date nor a year: no verdict takes it."""
    return 1 < (figure.period_end - figure.period_start).days + 1 < WHOLE_YEAR_DAYS


def _moved(limit: Limit, before: float | None, after: float) -> str:
    gap = after - limit.level if limit.lower_is_better else limit.level - after
    now = "met" if gap <= 0 else f"{gap:.4g} away"
    if before is None:
        return f"{limit.goal_set_code}: {now}"
    old = before - limit.level if limit.lower_is_better else limit.level - before
    was = "met" if old <= 0 else f"{old:.4g} away"
    return "" if was == now else f"{limit.goal_set_code}: {was} before, {now} after"
