"""Chart of a named indicator set: which city has sent which indicator, and for which year.

Belongs here: drawing. Does not belong here: choosing or computing values.
"""

from typing import Any

import streamlit as st

from app.components.charts import CONFIG
from pipelines.exports.set_tables import newest_text
from pipelines.warehouse.querying_sets import SetFigure, SetItem

SENT, OTHER_BOUNDARY, NOT_SENT = "figure", "figure of another boundary", "no figure"
COLOURS = {SENT: "#0b5c7a", OTHER_BOUNDARY: "#9cc0b5", NOT_SENT: "#eef1f3"}


def draw_coverage(items: list[SetItem], figures: list[SetFigure]) -> None:
    """Draw one square per city and indicator with the last two digits of the newest year; an empty square is no figure."""
    newest = {(f.city_code, f.indicator_code): f for f in figures}
    cities = {f.city_code: f"{f.city_name}, {f.member_name}" for f in sorted(figures, key=lambda f: (f.member_name, f.city_name))}
    rows = []
    for code, city in cities.items():
        for item in items:
            figure = newest.get((code, item.indicator_code))
            kind = NOT_SENT if figure is None else SENT if figure.has_city_boundary else OTHER_BOUNDARY
            year = f"{figure.period_end.year % 100:02d}" if figure else ""
            rows.append(
                {
                    "city": city, "indicator": item.indicator_name, "topic": item.topic_name, "kind": kind, "year": year,
                    "value": newest_text(figure) if figure else "nobody has sent one",
                }
            )  # fmt: skip
    x: dict[str, Any] = {"field": "indicator", "type": "nominal", "title": None, "sort": None, "axis": {"orient": "top", "labelAngle": -50, "labelLimit": 210}}
    y = {"field": "city", "type": "nominal", "title": None, "sort": None, "axis": {"labelLimit": 190}}
    tip = [
        {"field": f, "type": "nominal", "title": t} for f, t in (("city", "City"), ("topic", "Topic"), ("indicator", "Indicator"), ("value", "Newest figure"))
    ]
    spec = {
        "config": CONFIG,
        "height": {"step": 22},
        "layer": [
            {
                "mark": {"type": "rect", "stroke": "#ffffff", "strokeWidth": 2},
                "encoding": {
                    "x": x, "y": y, "tooltip": tip,
                    "color": {
                        "field": "kind", "type": "nominal", "scale": {"domain": list(COLOURS), "range": list(COLOURS.values())},
                        "legend": {"orient": "bottom", "title": None},
                    },
                },
            },
            {
                "mark": {"type": "text", "fontSize": 11},
                "encoding": {
                    "x": x, "y": y, "text": {"field": "year"}, "tooltip": tip,
                    "color": {"condition": {"test": f"datum.kind === '{SENT}'", "value": "#ffffff"}, "value": "#1c2730"},
                },
            },
        ],
    }  # fmt: skip
    st.vega_lite_chart(rows, spec, theme=None, alt="Which city has sent which indicator of the set, with the newest year. The table below says the same.")
