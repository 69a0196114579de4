"""Words on pages: escaping what members wrote, and labels of codes.

Belongs here: text only. Does not belong here: layout.
"""

import re

from pipelines.exports.tables import number_text
from pipelines.warehouse.querying import Figure, IndicatorRow

MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>$:~&@/=\"'])")
DIRECTIONS = {"higher_better": "higher is better", "lower_better": "lower is better", "neutral_context": "context, neither way is better"}
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
    return f"{number_text(figure.harmonised_value)}  ({figure.period_label}{mark})"


def confidence_text(confidence: str) -> str:
    """Say how sure a definition is."""
    if confidence == "verified":
        return "verified: read in a public source"
    return f"{confidence.replace('_', ' ')}: working definition, not the standard's wording"
