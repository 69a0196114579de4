"""What the sender answered about periods that do not fit an indicator: dates that stand for a year, parts of a year.

An SDMX file answers one of them itself: its codes say that a figure is one of a week, quarter, third or half of a year.

Belongs here: applying these answers to figures as they are read, and naming in the receipt what they did.
Does not belong here: deciding which periods fit (rules of the contract), drawing the question (app).
"""

import re
from collections import defaultdict

from pipelines.domain.answers import PERIOD_OF_DATE, PERIOD_OF_OTHER_LENGTH, PeriodAnswer
from pipelines.domain.observations import ReportedObservation
from pipelines.intake.matching import Matcher

MONTHS_OF_A_YEAR = 12
BY_ANSWER = " by the sender's answer"
# February ends on its 28th or 29th; a calendar of another country keeps the same months.
LAST_DAYS = {1: 31, 2: 28, 3: 31, 4: 30, 5: 31, 6: 30, 7: 31, 8: 31, 9: 30, 10: 31, 11: 30, 12: 31}
NEEDS_OF_A_SPAN = ("year", "years", "month")
# Reporting periods of SDMX (SDMX 3.0, Section 6, 4.2.6) shorter than a year and longer or other than a month, of which no indicator is asked.
PART_OF_A_YEAR = re.compile(r"\d{4}-(?:W\d{2}|Q[1-4]|T[1-3]|S[12])")
READ_AS = {PeriodAnswer.WITHIN: "in which it lies", PeriodAnswer.ENDED: "that ends on it"}


class PeriodAnswers:
    """The answers about periods of one file, applied figure by figure."""

    def __init__(self, matcher: Matcher, *, is_sdmx: bool) -> None:
        self.is_sdmx = is_sdmx
        self.needs = matcher.vocabulary.period_needs
        self.twins = matcher.vocabulary.monthly_twins
        self.of_date = matcher.answers.periods.get(PERIOD_OF_DATE, "")
        self.of_other_length = matcher.answers.periods.get(PERIOD_OF_OTHER_LENGTH, "")
        self.done: dict[tuple[str, str, str], list[str]] = defaultdict(list)

    def leave_out(self, one: ReportedObservation) -> bool:
        """Apply the answers to a figure.

        Returns:
            Whether this figure is left out, by the sender's answer or by the frequency that its code says.
        """
        need = self.needs.get(one.indicator_code or "", "")
        if self.is_sdmx and need in NEEDS_OF_A_SPAN and PART_OF_A_YEAR.fullmatch(one.period_written or ""):
            self._note(one, f"left out, since their SDMX periods are parts of a year and the indicator needs a {need.removesuffix('s')}", "")
            return True
        if not need or one.period_parse_state != "read":
            return False
        if one.period_day is not None:
            return need in NEEDS_OF_A_SPAN and bool(self.of_date) and self._date(one, need)
        n_months = one.period_months or (1 if one.period_month is not None else MONTHS_OF_A_YEAR)
        return bool(self.of_other_length) and not _fits(need, n_months) and self._other_length(one)

    def lines(self) -> list[str]:
        """Say in words what the answers did, with every figure they touched."""
        said = []
        for (indicator, what, why), figures in self.done.items():
            said.append(f"{len(figures)} figures of {indicator!r} {what}{why}: {', '.join(figures)}")
        return said

    def _date(self, one: ReportedObservation, need: str) -> bool:
        unit = "month" if need == "month" else "year"
        if self.of_date == PeriodAnswer.LEAVE_OUT:
            self._note(one, f"whose period is a date and not a {unit} left out")
            return True
        is_read = _ended(one, need) if self.of_date == PeriodAnswer.ENDED else _within(one, need)
        if is_read:
            read_as = f"read as the {unit} {READ_AS[PeriodAnswer(self.of_date)]}"
            one.add_step(f"date {one.period_written} {read_as} by the sender's answer")
            self._note(one, f"of a date {read_as}")
        return False

    def _other_length(self, one: ReportedObservation) -> bool:
        twin = self.twins.get(one.indicator_code or "")
        is_month = one.period_month is not None and one.period_months in (None, 1)
        if twin and is_month and self.of_other_length == PeriodAnswer.MONTHLY_TWIN:
            self._note(one, f"of months taken as {twin}")
            one.add_step(f"a month of {one.indicator_code} taken as {twin} by the sender's answer")
            one.indicator_code = twin
            return False
        self._note(one, "whose period has another length than the indicator needs left out")
        return True

    def _note(self, one: ReportedObservation, what: str, why: str = BY_ANSWER) -> None:
        indicator = one.indicator_written or one.indicator_code or ""
        self.done[indicator, what, why].append(f"{one.city_written} {one.period_written}")


def _fits(need: str, n_months: int) -> bool:
    """Whether a span of months is what an indicator needs, as the rule of the contract says of days."""
    match need:
        case "year":
            return n_months == MONTHS_OF_A_YEAR
        case "years":
            return n_months >= MONTHS_OF_A_YEAR
        case "month":
            return n_months == 1
        case "date_or_year":
            return n_months <= MONTHS_OF_A_YEAR
    return True


def _within(one: ReportedObservation, need: str) -> bool:
    """Read a date as the month or the year that it lies in, in the calendar as written."""
    one.period_day = None
    if need != "month":
        one.period_month = None
    return True


def _ended(one: ReportedObservation, need: str) -> bool:
    """Read the last day of a month as the end of that month or of twelve months.

    Any other day ends neither, and stays a question.
    """
    year, month, day = one.period_year, one.period_month, one.period_day
    if year is None or month is None or day is None or day < LAST_DAYS[month]:
        return False
    if need != "month" and month < MONTHS_OF_A_YEAR:
        one.period_year, one.period_month, one.period_day = year - 1, month + 1, None
        one.period_months = MONTHS_OF_A_YEAR
        return True
    return _within(one, need)
