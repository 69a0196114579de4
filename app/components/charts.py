"""Charts as Vega-Lite dictionaries over figures; year and status are on every mark.

Belongs here: drawing. Does not belong here: choosing or computing values.
"""

from typing import Any

import streamlit as st

from app.components.words import city_label, value_label
from pipelines.exports.goal_tables import kind_text
from pipelines.exports.tables import definition_text, figure_number, number_text
from pipelines.warehouse.querying import CityRow, Figure, GoalLevel

INK, GOAL = "#0b5c7a", "#b3411e"
BOUNDARY_COLOURS = {"administrative": INK, "prefecture": "#4f9aa8", "district": "#7d6aa8", "urban extent": "#d08a1e", "agglomeration": "#7f8a93"}
ROW_PIXELS, GOAL_PIXELS, AXIS_PIXELS = 22, 14, 48
GOAL_DASHES = {"target": [1, 0], "green": [1, 0], "optimum": [6, 3], "step": [3, 3], "red": [2, 4]}
FIGURE_TIPS = (("city", "City"), ("label", "Value"), ("status", "Status"), ("boundary", "Boundary"), ("definition", "Definition"))
CONFIG = {"font": "Source Sans, Noto Sans, Noto Sans CJK KR, sans-serif", "view": {"stroke": None}, "axis": {"labelFontSize": 12, "titleFontSize": 12}}


def drawn_number(figure: Figure) -> float | None:
    """The figure as every table shows it, with its indicator's decimals."""
    shown = figure_number(figure.harmonised_value, figure.decimals)
    return None if shown is None else float(shown)


def figure_values(figures: list[Figure]) -> list[dict[str, Any]]:
    """Give chart rows of figures: label, value, spelled value, status, boundary."""
    return [
        {
            "city": city_label(f),
            "value": drawn_number(f),
            "label": value_label(f),
            "period": f.period_label,
            "year": f.period_year,
            "start": f.period_start.isoformat(),
            "status": f.status_code.replace("_", " "),
            "boundary": f.boundary_code.replace("_", " "),
            "definition": definition_text(f),
        }
        for f in figures
    ]


def draw_comparison(figures: list[Figure], goals: list[GoalLevel], *, not_comparable: frozenset[str], unit: str, alt: str) -> None:
    """Draw one bar per city with value and period beside it, goal levels as lines across, and an outline alone for what does not compare."""
    rows = figure_values(figures)
    for row, figure in zip(rows, figures, strict=True):
        row["apart"] = figure.city_code in not_comparable
    order = [r["city"] for r in rows]
    y = {"field": "city", "type": "nominal", "sort": order, "title": None, "axis": {"labelLimit": 190, "ticks": False, "domain": False}}
    present = [b for b in BOUNDARY_COLOURS if any(r["boundary"] == b for r in rows)]
    legend = {"orient": "top", "title": "Boundary"} if len(present) > 1 else None
    colour = {"field": "boundary", "type": "nominal", "scale": {"domain": present, "range": [BOUNDARY_COLOURS[b] for b in present]}, "legend": legend}
    top = max([r["value"] for r in rows if r["value"] is not None] + [g.goal_level for g in goals if g.goal_kind in GOAL_DASHES] + [0])
    x: dict[str, Any] = {
        "field": "value",
        "type": "quantitative",
        "title": unit,
        "scale": {"domain": [0, top * 1.02 or 1], "nice": False},
        "axis": {"grid": True, "gridColor": "#e6ebee", "tickCount": 5},
    }
    tip = [{"field": k, "type": "nominal", "title": t} for k, t in FIGURE_TIPS]
    layers: list[dict[str, Any]] = [
        {
            "mark": {"type": "bar", "height": 12, "cornerRadiusEnd": 2},
            "transform": [{"filter": "datum.value !== null"}],
            "encoding": {
                "x": x,
                "y": y,
                "color": colour,
                "tooltip": tip,
                "fillOpacity": {
                    "condition": [{"test": "datum.apart", "value": 0.0}, {"test": "datum.status === 'observed'", "value": 0.85}],
                    "value": 0.5,
                },
                "stroke": {**colour, "legend": None},
                "strokeWidth": {"condition": {"test": "datum.apart", "value": 1.4}, "value": 0},
            },
        },
        {
            "mark": {"type": "text", "align": "left", "dx": 5, "fontSize": 11, "color": "#1c2730"},
            "transform": [{"calculate": "datum.value === null ? 0 : datum.value", "as": "at"}],
            "encoding": {"x": {"field": "at", "type": "quantitative"}, "y": y, "text": {"field": "label"}},
        },
    ]
    lines = [g for g in goals if g.goal_kind in GOAL_DASHES]
    for number, goal in enumerate(lines):
        layers += _goal_layers(goal, height=-(6 + GOAL_PIXELS * (len(lines) - 1 - number)))
    spec = {
        "config": CONFIG,
        "height": ROW_PIXELS * len(rows) + GOAL_PIXELS * len(lines) + AXIS_PIXELS + (30 if legend else 0),
        "padding": {"left": 5, "right": 8, "top": 8, "bottom": 5},
        "autosize": {"type": "fit", "contains": "padding"},
        "layer": layers,
    }
    st.vega_lite_chart(rows, spec, theme=None, alt=alt)


def _goal_layers(goal: GoalLevel, *, height: int) -> list[dict[str, Any]]:
    """Draw one goal level as a line across, its name above the bars on a row of its own."""
    line = {"values": [{"level": goal.goal_level, "name": f"{kind_text(goal.goal_kind)} {number_text(goal.goal_level)}"}]}
    x = {"field": "level", "type": "quantitative"}
    return [
        {
            "data": line,
            "mark": {"type": "rule", "color": GOAL, "strokeDash": GOAL_DASHES[goal.goal_kind], "strokeWidth": 1.4},
            "encoding": {"x": x, "y": {"value": height}, "y2": {"value": "height"}},
        },
        {
            "data": line,
            "mark": {"type": "text", "align": "left", "baseline": "middle", "dx": 4, "color": GOAL, "fontSize": 11},
            "encoding": {"x": x, "y": {"value": height}, "text": {"field": "name"}},
        },
    ]


def draw_city_map(cities: list[CityRow], counts: dict[str, int]) -> None:
    """Draw cities as points on neutral ground, sized by the number of indicators; no border is drawn."""
    rows = [
        {"city": c.city_name, "country": c.member_name, "lon": c.longitude, "lat": c.latitude, "n": counts.get(c.city_code, 0)}
        for c in cities
        if c.latitude is not None and counts.get(c.city_code)
    ]
    spec = {
        "config": CONFIG,
        "height": 330,
        "layer": [
            {"data": {"graticule": {"step": [10, 10], "extent": [[30, -15], [150, 50]]}}, "mark": {"type": "geoshape", "stroke": "#eef2f4", "strokeWidth": 1}},
            {
                "mark": {"type": "circle", "opacity": 0.75, "color": INK},
                "encoding": {
                    "longitude": {"field": "lon", "type": "quantitative"},
                    "latitude": {"field": "lat", "type": "quantitative"},
                    "size": {"field": "n", "type": "quantitative", "title": "Indicators", "scale": {"range": [20, 320]}, "legend": {"orient": "bottom"}},
                    "tooltip": [
                        {"field": "city", "type": "nominal", "title": "City"},
                        {"field": "country", "type": "nominal", "title": "Country"},
                        {"field": "n", "type": "quantitative", "title": "Indicators"},
                    ],
                },
            },
        ],
        "projection": {"type": "equirectangular"},
    }
    st.vega_lite_chart(rows, spec, theme=None, alt="Cities of the edition as points by longitude and latitude; the list stands below.")


def draw_coverage(rows: list[dict[str, Any]], *, across: str, counted: str) -> None:
    """Draw which column has which indicator: one square each, darker with more.

    Args:
        rows: ``column``, ``indicator``, ``n`` and ``detail`` of each square; ``n`` 0 is an answer without a value.
        across: what the columns are.
        counted: what ``n`` counts.
    """
    tips = (("column", across), ("indicator", "Indicator"), ("n", counted), ("detail", "Detail"))
    spec = {
        "config": CONFIG,
        "height": 90 + 17 * len({r["indicator"] for r in rows}),
        "mark": {"type": "rect", "stroke": "#ffffff", "strokeWidth": 1},
        "encoding": {
            "x": {"field": "column", "type": "nominal", "title": None, "axis": {"labelAngle": -60, "orient": "top"}},
            "y": {"field": "indicator", "type": "nominal", "title": None, "axis": {"labelLimit": 170}},
            "color": {
                "condition": {"test": "datum.n === 0", "value": "#e3b6a7"},
                "field": "n",
                "type": "quantitative",
                "title": counted,
                "scale": {"scheme": "blues", "type": "sqrt"},
                "legend": {"orient": "bottom"},
            },
            "tooltip": [{"field": k, "type": "nominal", "title": t} for k, t in tips],
        },
    }
    st.vega_lite_chart(rows, spec, theme=None, alt="Coverage; the table below says the same.")
