"""Words a reader of files needs: exact synonyms and a member's habits.

Belongs here: look-up tables as plain values. Does not belong here: reading them from disk (contracts).
"""

from dataclasses import dataclass, field

from pipelines.domain.places import PlaceWords


@dataclass(frozen=True, slots=True)
class Mark:
    """What a mark such as ``…`` or ``X`` means in a member's tables."""

    status_code: str
    reason_code: str


@dataclass(frozen=True, slots=True)
class NoteMark:
    """A mark glued to a figure or a period, such as ``p)`` or ``Sơ bộ``."""

    mark: str
    is_prefix: bool
    status_code: str


@dataclass(frozen=True, slots=True)
class HeaderRemark:
    """A bracketed remark of a header that is no unit; ``kind`` is span, status or mean, and a mean is never said of a count."""

    kind: str
    status_code: str


@dataclass(frozen=True, slots=True)
class MemberHabits:
    """How one member's offices write files; ``bare_year_calendar`` is empty where bare years are Gregorian.

    ``short_year_calendar`` is the calendar that a year of two digits may as well be of, empty where it can be none.
    """

    member_code: str
    encodings: tuple[str, ...]
    marks: dict[str, Mark]
    note_marks: tuple[NoteMark, ...] = ()
    bare_year_calendar: str = ""
    short_year_calendar: str = ""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Exact synonyms, folded, for every kind of written word.

    Attributes:
        headers: folded header to column role; header_calendars: folded header to calendar.
        cities: member code to folded name to city code.
        indicators, units, boundaries, qualities, statuses, methods: folded word to code.
        definitions: indicator code to folded word to the definition that an office follows.
        readings: folded name of an indicator that says the definition too, such as revenue water, to its definition.
        clauses_without_edition: folded bare clauses that several editions share.
        totals: folded words of total rows and columns.
        period_needs: indicator code to the period it needs.
        monthly_twins: indicator code to the indicator of its months.
        places: words for countries and levels of places, and names that several places share.
        header_remarks: folded remark in a header's brackets that is no unit.
        shares: indicator code to its least and most plausible figure, of indicators in per cent.
    """

    headers: dict[str, str]
    header_calendars: dict[str, str]
    cities: dict[str, dict[str, str]]
    indicators: dict[str, str]
    definitions: dict[str, dict[str, str]]
    readings: dict[str, str]
    units: dict[str, str]
    boundaries: dict[str, str]
    qualities: dict[str, str]
    statuses: dict[str, str]
    methods: dict[str, str]
    clauses_without_edition: frozenset[str]
    totals: frozenset[str]
    header_remarks: dict[str, HeaderRemark]
    shares: dict[str, tuple[float, float]]
    period_needs: dict[str, str] = field(default_factory=dict)
    monthly_twins: dict[str, str] = field(default_factory=dict)
    places: PlaceWords = field(default_factory=PlaceWords)
