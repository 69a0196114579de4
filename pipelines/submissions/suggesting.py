"""What may mend a finding: offered with the finding, never applied by itself.

Belongs here: words like the written one, slips of magnitude, share and complement, unclear dates.
Does not belong here: applying an answer (intake), drawing it (app).
"""

import math

from pipelines.domain.answers import CELL_READINGS, PERIOD_OF_DATE, PERIOD_OF_OTHER_LENGTH, PeriodAnswer
from pipelines.domain.findings import Suggestion
from pipelines.intake.date_cells import SHORT_YEAR_SHOWN
from pipelines.intake.headers import PATH_MARK
from pipelines.intake.layout_faults import HEADER_FAULT, NO_HEADER
from pipelines.intake.matching import Matcher
from pipelines.intake.parsing.periods import SURE_YEARS
from pipelines.intake.shares import CODE_END as SHARES_MARK
from pipelines.intake.shares import FRACTION, PERCENT
from pipelines.intake.shares import RULE as SHARES_RULE
from pipelines.warehouse.rule_running import Violation

WORD_RULES = {
    "headers_are_known": "headers", "city_is_known": "cities", "indicator_is_known": "indicators",
    "indicator_code_has_edition": "indicators", "unit_is_known": "units",
}  # fmt: skip
SLIPS = (10.0, 100.0, 1_000.0, 10_000.0, 1_000_000.0, 0.1, 0.01, 0.001, 0.0001, 0.000001)
MAX_WORDS = 300
DATE_ANSWERS = (
    (PeriodAnswer.WITHIN, "the year or month in which the date lies"),
    (PeriodAnswer.ENDED, "the year or month that ends on the date"),
)
SHARE_WORDS = {FRACTION: "shares of one, a hundred times as much in per cent", PERCENT: "really per cent"}
# Rules whose suggestion is another figure for the same cell.
OTHER_FIGURES = ("percent_is_not_a_fraction", "direction_is_not_flipped", "magnitude_is_consistent", "value_is_plausible", "value_is_within_limits")
READING_WORDS = {
    ("scale", "shown"): "the figure as the cell shows it, divided by thousands", ("scale", "stored"): "the whole stored figure",
    ("digits", "shown"): "the figure with the digits that the format adds", ("digits", "stored"): "the stored figure alone",
    ("sign", "shown"): "the sign that the cell shows", ("sign", "stored"): "the sign that is stored",
    ("mark", "shown"): "what the cell shows: a mark, or nothing", ("mark", "stored"): "the stored figure",
    ("year", "shown"): "the day that the cell shows", ("year", "stored"): "the stored number, as a year",
    ("hidden", "shown"): "leave out what is hidden", ("hidden", "stored"): "take it like everything else",
    ("lost_format", "like_neighbours"): "the format of its neighbours belongs to it", ("lost_format", "stored"): "the figure as it stands",
    ("short_year", "stored"): "the Gregorian year that the cell stores", ("short_year", "own_calendar"): "two digits of a year of the country's calendar",
}  # fmt: skip
CALENDAR_SPELLING = {"buddhist": "พ.ศ. {}", "hijri": "{}هـ", "minguo": "民國{}年", "solar_hijri": "{} هجری شمسی"}


def word_to_answer(rule_id: str, found: str) -> tuple[str, str] | None:
    """The word that a finding asks about.

    Returns:
        The kind of answer that would say what it means, and the word; ``None`` where no answer of words helps.
    """
    kind = WORD_RULES.get(rule_id)
    word = found.partition(HEADER_FAULT)[0]
    return (kind, word) if kind and word and word != NO_HEADER else None


class Suggester:
    """Suggestions for the findings of one file; each written word is looked up once."""

    def __init__(self, matcher: Matcher, decimal_sign: str) -> None:
        self.matcher = matcher
        self.decimal_sign = decimal_sign or "."
        self.words: dict[tuple[str, str], tuple[Suggestion, ...]] = {}

    def for_word(self, rule_id: str, found: str) -> tuple[Suggestion, ...]:
        """Words of the vocabulary that are like the written one, or the two readings of a column of shares."""
        if rule_id == SHARES_RULE:
            code = found.partition(SHARES_MARK)[0]
            return tuple(Suggestion("shares", code, reading, words, 50) for reading, words in SHARE_WORDS.items())
        if (asked := word_to_answer(rule_id, found)) is None:
            return ()
        if asked not in self.words:
            if len(self.words) >= MAX_WORDS:
                return ()
            kind, written = asked
            alike = self.matcher.suggest(kind, written.rpartition(PATH_MARK)[2])
            self.words[asked] = tuple(Suggestion(kind, written, s.target, s.word, s.confidence) for s in alike)
        return self.words[asked]

    @staticmethod
    def for_offers(rule_id: str, found: str, offers: tuple[tuple[str, str], ...]) -> tuple[Suggestion, ...]:
        """Answers that the reading itself offers, such as a year column to be the period of one value column; none is likelier than another."""
        asked = word_to_answer(rule_id, found)
        return tuple(Suggestion(asked[0], asked[1], target, word, round(100 / len(offers))) for target, word in offers) if asked else ()

    @staticmethod
    def for_cause(cause: str) -> tuple[Suggestion, ...]:
        """The readings of cells that store one thing and show another."""
        return tuple(Suggestion("cell_readings", cause, reading, READING_WORDS[cause, reading], 50) for reading in CELL_READINGS.get(cause, ()))

    def for_value(self, rule_id: str, violation: Violation, cell: str) -> tuple[Suggestion, ...]:
        """Another figure, or another reading, for a failing value or period; never another figure for a plausible one."""
        match rule_id:
            case "value_is_decidable":
                return tuple(Suggestion("decimal_sign", "", sign, name, 50) for sign, name in ((".", "a dot is decimal"), (",", "a comma is decimal")))
            case "period_is_decidable":
                return self._periods(str(violation.get("period_written") or ""), cell)
            case "date_stands_for_period":
                return tuple(Suggestion("periods", PERIOD_OF_DATE, answer, word, 50) for answer, word in DATE_ANSWERS)
            case "period_fits_indicator":
                return self._twin(violation)
        return () if rule_id not in OTHER_FIGURES or _is_plausible(violation, 1.0) else self._other_figure(rule_id, violation, cell)

    def _other_figure(self, rule_id: str, violation: Violation, cell: str) -> tuple[Suggestion, ...]:
        """Another figure for an implausible one, where that would be plausible."""
        if rule_id == "direction_is_not_flipped":
            value = violation.get("reported_value")
            if value is None or str(violation.get("unit_code")) != "percent":
                return ()
            return (Suggestion("corrections", cell, self._spell(100 - float(str(value))), "the remainder to 100", 60),)
        if rule_id == "percent_is_not_a_fraction":
            factor, word, confidence = 100.0, "the share in per cent", 80
        elif rule_id == "magnitude_is_consistent":
            factor, word, confidence = _power_of_ten(violation), "the magnitude of the other periods", 80
        else:
            factor = next((slip for slip in SLIPS if _is_plausible(violation, slip)), 1.0)
            word, confidence = f"{factor:g} times as much", 55
        return self._figure(violation, factor, cell, word, confidence) if _is_plausible(violation, factor) else ()

    def _twin(self, violation: Violation) -> tuple[Suggestion, ...]:
        """The indicator of months, for a month of one that needs a year; nothing where the register has none."""
        twin = self.matcher.vocabulary.monthly_twins.get(str(violation.get("harmonised_indicator_code") or ""))
        if not twin or violation.get("period_type") != "month":
            return ()
        return (Suggestion("periods", PERIOD_OF_OTHER_LENGTH, PeriodAnswer.MONTHLY_TWIN, f"a figure of {twin}", 80),)

    def _figure(self, violation: Violation, factor: float, cell: str, word: str, confidence: int) -> tuple[Suggestion, ...]:
        value = violation.get("reported_value")
        return (Suggestion("corrections", cell, self._spell(float(str(value)) * factor), word, confidence),) if value is not None else ()

    def _spell(self, value: float) -> str:
        return f"{value:.12g}".replace(".", self.decimal_sign)

    @staticmethod
    def _periods(written: str, cell: str) -> tuple[Suggestion, ...]:
        if SHORT_YEAR_SHOWN in written:
            return Suggester.for_cause("short_year")
        digits = written.strip().rstrip("年")
        if digits.isdecimal() and len(digits) <= 4:
            return tuple(
                Suggestion("corrections", cell, CALENDAR_SPELLING[calendar].format(digits), f"a year of the {calendar.replace('_', ' ')} calendar", 50)
                for calendar, years in SURE_YEARS.items()
                if int(digits) in years
            )
        if written.count("/") == 2 or written.count(".") == 2 or written.count("-") == 2:
            return (Suggestion("date_order", "", "dmy", "the day comes first", 50), Suggestion("date_order", "", "mdy", "the month comes first", 50))
        return ()


def _power_of_ten(violation: Violation) -> float:
    harmonised, median = float(str(violation["harmonised_value"])), float(str(violation["series_median"]))
    return float(10.0 ** round(math.log10(median / harmonised)))


def _is_plausible(violation: Violation, factor: float) -> bool:
    value, low, high = (violation.get(k) for k in ("harmonised_value", "plausible_min", "plausible_max"))
    if value is None or low is None or high is None or float(str(value)) == 0:
        return False
    return float(str(low)) <= float(str(value)) * factor <= float(str(high))
