"""Charts about maturity, as Vega-Lite dictionaries: areas over cycles, and levels beside an outcome.

Belongs here: drawing. Does not belong here: choosing or computing values.
"""

from typing import Any

import streamlit as st

from app.components.charts import CONFIG, INK
from pipelines.exports.tables import figure_number, figure_text, number_text
from pipelines.warehouse.querying_maturity import AssessedArea, Assessment, Outcome, SchemeItem

LEVEL_COLOURS = {"1": "#e6d3b8", "2": "#d9c27f", "3": "#9cc0b5", "4": "#4f9aa8", "5": "#0b5c7a", "?": "#f0f2f4"}


def draw_areas(items: list[SchemeItem], cycles: list[Assessment], areas: list[AssessedArea]) -> None:
    """Draw one square per area and cycle with its level, or a question mark where it is unknown."""
    known = {(a.item_code, a.assessed_label, a.track_code): a for a in areas}
    rows = []
    for item in items:
        for cycle in cycles:
            area = known.get((item.item_code, cycle.assessed_label, cycle.track_code))
            level = number_text(area.level_value) if area else "?"
            label = f"{cycle.assessed_label}, {cycle.track_code}"
            text = item.level1_text if level == "1" else {"2": item.level2_text, "3": item.level3_text, "4": item.level4_text, "5": item.level5_text}.get(level)
            rows.append({"area": f"{item.item_code} {item.item_name}", "cycle": label, "level": level, "text": text or "not published"})
    x = {"field": "cycle", "type": "nominal", "title": None, "sort": None, "axis": {"orient": "top", "labelAngle": -30, "labelLimit": 160}}
    y = {"field": "area", "type": "nominal", "title": None, "sort": None, "axis": {"labelLimit": 190}}
    tip = [{"field": f, "type": "nominal", "title": t} for f, t in (("area", "Area"), ("cycle", "Assessed"), ("level", "Level"), ("text", "In our words"))]
    colour = {"field": "level", "type": "nominal", "scale": {"domain": list(LEVEL_COLOURS), "range": list(LEVEL_COLOURS.values())}, "legend": None}
    spec = {
        "config": CONFIG,
        "height": {"step": 22},
        "layer": [
            {"mark": {"type": "rect", "stroke": "#ffffff", "strokeWidth": 2}, "encoding": {"x": x, "y": y, "color": colour, "tooltip": tip}},
            {
                "mark": {"type": "text", "fontSize": 12},
                "encoding": {
                    "x": x, "y": y, "text": {"field": "level"}, "tooltip": tip,
                    "color": {"condition": {"test": {"field": "level", "oneOf": ["4", "5"]}, "value": "#ffffff"}, "value": "#1c2730"},
                },
            },
        ],
    }  # fmt: skip
    st.vega_lite_chart(
        rows, spec, theme=None, alt="Level of each area in each cycle; a question mark where it was not published. The table below says the same."
    )


def outcome_row(outcome: Outcome) -> dict[str, Any]:
    """Give one point: the area's own level where it was published, else that of the whole city with the means that its unknown areas allow."""
    is_area = outcome.area_level is not None
    level, of = (outcome.area_level, "the area") if is_area else (outcome.overall_level, "the whole city")
    value = figure_text(outcome.harmonised_value, outcome.decimals)
    return {
        "city": outcome.city_name, "level": level, "is_area": is_area, "low": None if is_area else outcome.lowest_mean,
        "high": None if is_area else outcome.highest_mean, "value": float(figure_number(outcome.harmonised_value, outcome.decimals) or 0),
        "label": f"{outcome.city_name}: level {number_text(level)} of {of} ({outcome.assessed_label}), {value} ({outcome.period_label})",
    }  # fmt: skip


def draw_outcomes(outcomes: list[Outcome]) -> None:
    """Draw each city's level against its figure of an indicator: the area's own level, or hollow that of the whole city with the means it can have."""
    first = outcomes[0]
    rows = [outcome_row(o) for o in outcomes]
    x = {"field": "level", "type": "quantitative", "title": "Level", "scale": {"domain": [0.8, 5.2]}, "axis": {"tickMinStep": 1, "format": "d"}}
    y = {"field": "value", "type": "quantitative", "title": first.unit_name, "scale": {"zero": True}}
    tip = [{"field": "label", "type": "nominal", "title": "City"}]
    layers: list[dict[str, Any]] = [
        {
            "mark": {"type": "rule", "color": "#9aa5ad", "strokeWidth": 2}, "transform": [{"filter": "datum.low !== null"}],
            "encoding": {"x": {**x, "field": "low"}, "x2": {"field": "high"}, "y": y},
        },
        {
            "mark": {"type": "point", "fill": INK, "stroke": INK, "strokeWidth": 1.6, "size": 70},
            "encoding": {"x": x, "y": y, "tooltip": tip, "fillOpacity": {"condition": {"test": "datum.is_area", "value": 1}, "value": 0}},
        },
        {"mark": {"type": "text", "align": "left", "dx": 7, "dy": -6, "fontSize": 11}, "encoding": {"x": x, "y": y, "text": {"field": "city"}}},
    ]  # fmt: skip
    spec = {"config": CONFIG, "height": 280, "layer": layers}
    st.vega_lite_chart(rows, spec, theme=None, alt=f"Level of each city beside {first.indicator_name}.")
