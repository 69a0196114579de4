"""Shares written as fractions under a unit of per cent: asked once for each indicator, settled by one answer.

Belongs here: noticing such figures, and applying the answer. Does not belong here: asking (app), single figures (the contract's rules).
"""

from collections import defaultdict

from pipelines.domain.answers import Answers
from pipelines.domain.observations import IntakeResult, ReadingTrouble, ReportedObservation

RULE = "percent_column_is_no_fraction"
# In a finding, between the indicator's code and what was found.
CODE_END = ": "
FRACTION, PERCENT = "fraction", "percent"
READINGS = (FRACTION, PERCENT)
ENOUGH_FIGURES = 2
STEP = "x 100: shares of one by the sender's answer"


def settle_shares(result: IntakeResult, shares: dict[str, tuple[float, float]], answers: Answers) -> None:
    """Apply what the sender said of shares, and ask where nothing is said and the figures look like fractions.

    A few tenths of a per cent do occur. It is asked only where every figure of the indicator lies within 0 and 1, two at least
    are more than 0, and all of them would be plausible a hundred times as large.
    """
    figures: dict[str, list[ReportedObservation]] = defaultdict(list)
    for one in result.observations:
        if one.unit_code == PERCENT and one.indicator_code in shares and one.reported_value is not None:
            figures[one.indicator_code].append(one)
    for code, all_of_it in figures.items():
        plain = [o for o in all_of_it if "%" not in (o.value_written or "")]
        if answers.shares.get(code) == FRACTION:
            _multiply(plain, result)
        elif code not in answers.shares and len(plain) == len(all_of_it) and _look_like_fractions(plain, *shares[code]):
            values = [o.reported_value or 0.0 for o in plain]
            found = f"{code}{CODE_END}{len(plain)} figures from {min(values):g} to {max(values):g}"
            result.troubles.append(ReadingTrouble(RULE, found, plain[0].source_sheet, plain[0].source_row, plain[0].source_column))


def _look_like_fractions(figures: list[ReportedObservation], low: float, high: float) -> bool:
    values = [o.reported_value or 0.0 for o in figures]
    positive = [v for v in values if v > 0]
    return all(0 <= v <= 1 for v in values) and len(positive) >= ENOUGH_FIGURES and all(low <= 100 * v <= high for v in positive)


def _multiply(figures: list[ReportedObservation], result: IntakeResult) -> None:
    for one in figures:
        one.reported_value = float(f"{(one.reported_value or 0.0) * 100:.15g}")
        if one.standard_error_value is not None:
            one.standard_error_value = float(f"{one.standard_error_value * 100:.15g}")
        one.add_step(STEP)
    if figures:
        result.repairs.append(f"{len(figures)} figures of {figures[0].indicator_code} read as shares of one by the sender's answer")
