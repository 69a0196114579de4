"""Words on pages: escaping what members wrote, and labels of codes.

Belongs here: text only. Does not belong here: layout.
"""

import re

from pipelines.exports.tables import figure_text
from pipelines.warehouse.querying import Figure, IndicatorRow

MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>$:~&@/=\"'])")
DIRECTIONS = {"higher_better": "higher is better", "lower_better": "lower is better", "neutral_context": "context, neither way is better"}
MEASURES = {
    "stock": "a number or size at a date",
    "share_of_stock": "a share of what there is at a date",
    "yearly_flow": "a total over a year",
    "yearly_rate": "a yearly total for each person, household, area or length",
    "period_flow": "a total over the period it is given for",
    "daily_rate": "an amount a day, as the mean of a year",
    "monthly_rate": "an amount a month, as the mean of its period",
    "share_of_flow": "a share of what was made, spent or happened over a time",
    "period_mean": "a mean over a time",
    "statement": "a statement, not an amount",
}
PERIOD_NEEDS = {
    "year": "one whole year; a part of a year is never one",
    "years": "one whole year or several",
    "month": "one month",
    "date_or_year": "a date, or at most a year",
    "any": "any; the figure is read for the period it names",
}
FRAMEWORKS = {"iso37120": "ISO 37120", "iso37122": "ISO 37122", "iso37123": "ISO 37123", "u4ssc": "U4SSC", "forum": "component"}


def plain(text: object) -> str:
    """Escape text for Markdown, so that what a member wrote is shown and never rendered."""
    return MARKDOWN.sub(r"\\\1", " ".join(str(text).split()))


def indicator_label(row: IndicatorRow) -> str:
    """Name, framework and clause, and how many cities have it."""
    framework = FRAMEWORKS.get(row.framework_code, row.framework_code)
    place = framework if row.framework_code == "forum" else f"{framework} {row.clause}"
    return f"{row.indicator_name} · {place} · {row.n_cities} {'city' if row.n_cities == 1 else 'cities'}"


def city_label(figure: Figure) -> str:
    """City, with its country when another city of that name may stand beside it."""
    return f"{figure.city_name}, {figure.member_name}"


def value_label(figure: Figure) -> str:
    """Value and period as one short text; the reason when there is no value."""
    if figure.harmonised_value is None:
        return f"..  {(figure.reason_code or figure.status_code).replace('_', ' ')} ({figure.period_label})"
    mark = "" if figure.status_code == "observed" else f", {figure.status_code}"
    return f"{figure_text(figure.harmonised_value, figure.decimals)}  ({figure.period_label}{mark})"


def confidence_text(confidence: str) -> str:
    """Say how sure a definition is."""
    if confidence == "verified":
        return "verified: read in a public source"
    return f"{confidence.replace('_', ' ')}: working definition, not the standard's wording"
