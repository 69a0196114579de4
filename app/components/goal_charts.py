"""Charts about goals, as Vega-Lite dictionaries: the grid at a glance, the way to a target, the forum's distribution.

Belongs here: drawing. Does not belong here: choosing or computing values.
"""

from typing import Any

import streamlit as st

from app.components.charts import CONFIG, GOAL, INK, drawn_number
from pipelines.exports.goal_tables import STATUS_SIGNS, sign_of, status_of
from pipelines.exports.tables import figure_number, figure_text, number_text
from pipelines.warehouse.querying import Figure
from pipelines.warehouse.querying_goals import Standing

STATUS_COLOURS = {
    "reached": "#0b5c7a", "green": "#4f9aa8", "yellow": "#e8c468", "orange": "#d08a1e", "red": "#b3411e", "not reached": "#c9b8ae", "level": "#7d6aa8",
    "not judged": "#e9edf0",
}  # fmt: skip
DARK = ("reached", "red", "level")
ROW, COLUMN = 24, 34


def draw_grid(standings: list[Standing]) -> None:
    """Draw one square per city and indicator: colour and shape say where the city stands, the text of the square says both."""
    rows = []
    for s in standings:
        status = status_of(s)
        kind = "level" if status.startswith("level") else status
        value = f"{figure_text(s.last_value, s.decimals)} {s.unit_name} ({s.period_label})"
        rows.append(
            {"city": f"{s.city_name}, {s.member_name}", "indicator": s.indicator_name, "kind": kind, "sign": sign_of(status), "status": status, "value": value}
        )
    present = [k for k in STATUS_COLOURS if any(r["kind"] == k for r in rows)]
    cities = len({r["city"] for r in rows})
    x = {"field": "indicator", "type": "nominal", "title": None, "axis": {"orient": "top", "labelAngle": -50, "labelLimit": 210}}
    y = {
        "field": "city",
        "type": "nominal",
        "title": None,
        "sort": [f"{s.city_name}, {s.member_name}" for s in sorted(standings, key=lambda s: (s.member_name, s.city_name))],
        "axis": {"labelLimit": 190},
    }
    tip = [{"field": f, "type": "nominal", "title": t} for f, t in (("city", "City"), ("indicator", "Indicator"), ("status", "Status"), ("value", "Latest"))]
    spec = {
        "config": CONFIG,
        "height": {"step": ROW},
        "layer": [
            {
                "mark": {"type": "rect", "stroke": "#ffffff", "strokeWidth": 2},
                "encoding": {
                    "x": x, "y": y, "tooltip": tip,
                    "color": {
                        "field": "kind", "type": "nominal", "scale": {"domain": present, "range": [STATUS_COLOURS[k] for k in present]},
                        "legend": {"orient": "bottom", "title": "Status", "columns": 2},
                    },
                },
            },
            {
                "mark": {"type": "text", "fontSize": 13},
                "encoding": {
                    "x": x, "y": y, "text": {"field": "sign"}, "tooltip": tip,
                    "color": {"condition": {"test": {"field": "kind", "oneOf": list(DARK)}, "value": "#ffffff"}, "value": "#1c2730"},
                },
            },
        ],
    }  # fmt: skip
    signs = ", ".join(f"{STATUS_SIGNS[k]} {k}" for k in present)
    st.vega_lite_chart(rows, spec, theme=None, alt=f"Where {cities} cities stand; the tables below say the same. {signs}.")
    st.caption(f"Shapes: {signs}.")


def figures_of(figures: list[Figure], standing: Standing) -> list[Figure]:
    """The figures of the standing's boundary and definition; what was reported by it goes before what was bridged to it."""
    own = [f for f in figures if f.harmonised_value is not None and f.boundary_code == standing.boundary_code]
    own = [f for f in own if f.series_definition_code == standing.series_definition_code]
    reported = {(f.period_start, f.period_end) for f in own if f.definition_grade != "bridged"}
    return [f for f in own if f.definition_grade != "bridged" or (f.period_start, f.period_end) not in reported]


def draw_way(figures: list[Figure], standing: Standing, *, unit: str) -> None:
    """Draw a city's points, the target, and the wedge between the pace it has and the pace it needs."""
    points: list[dict[str, Any]] = [
        {"year": f.period_year, "value": drawn_number(f), "what": "figure", "label": f"{figure_text(f.harmonised_value, f.decimals)} ({f.period_label})"}
        for f in figures_of(figures, standing)
    ]
    layers: list[dict[str, Any]] = [
        {"mark": {"type": "line", "color": INK}, "transform": [{"filter": "datum.what === 'figure'"}], "encoding": _at("value", unit)},
        {
            "mark": {"type": "point", "filled": True, "size": 40, "color": INK},
            "transform": [{"filter": "datum.what === 'figure'"}],
            "encoding": {**_at("value", unit), "tooltip": [{"field": "label", "type": "nominal", "title": "Figure"}]},
        },
    ]
    if standing.target_level is not None and standing.target_year is not None and standing.target_year > standing.last_year:
        ends = [(standing.last_year, standing.last_value, "needed"), (standing.target_year, standing.target_level, "needed")]
        if standing.projected_value is not None:
            ends += [(standing.last_year, standing.last_value, "at this pace"), (standing.target_year, standing.projected_value, "at this pace")]
            points.append({"year": standing.target_year, "low": standing.projected_low, "high": standing.projected_high, "what": "interval"})
            layers.append({
                "mark": {"type": "rule", "color": "#7f8a93", "strokeWidth": 3, "opacity": 0.5}, "transform": [{"filter": "datum.what === 'interval'"}],
                "encoding": {**_at("low", unit), "y2": {"field": "high"}},
            })  # fmt: skip
        points += [{"year": y, "value": v, "what": what} for y, v, what in ends]
        for what, colour in (("needed", GOAL), ("at this pace", "#7f8a93")):
            layers.append({
                "mark": {"type": "line", "strokeDash": [5, 4], "color": colour}, "transform": [{"filter": f"datum.what === '{what}'"}],
                "encoding": _at("value", unit),
            })  # fmt: skip
    if standing.target_level is not None:
        points.append({"year": standing.first_year or standing.last_year, "value": standing.target_level, "what": "target"})
        layers.append(
            {"mark": {"type": "rule", "color": GOAL}, "transform": [{"filter": "datum.what === 'target'"}], "encoding": {"y": _at("value", unit)["y"]}}
        )
    st.vega_lite_chart(
        points, {"config": CONFIG, "height": 280, "layer": layers}, theme=None, alt=f"{standing.city_name}: figures, target, and the pace needed."
    )
    st.caption("Line: figures sent. Solid rule across: target. Dashed to it: the pace needed. Dashed grey: the fitted line carried on, with its 90 % interval.")


def _at(field: str, unit: str) -> dict[str, Any]:
    return {
        "x": {"field": "year", "type": "quantitative", "title": None, "axis": {"format": "d", "tickMinStep": 1, "grid": False}, "scale": {"zero": False}},
        "y": {"field": field, "type": "quantitative", "title": unit, "scale": {"zero": True}, "axis": {"gridColor": "#e6ebee"}},
    }


def draw_distribution(standings: list[Standing], lines: dict[str, float], *, unit: str) -> None:
    """Draw every city's latest value as a tick on one line, and candidate targets as rules with their names."""
    ticks = [
        {
            "value": float(figure_number(s.last_value, s.decimals) or 0), "city": f"{s.city_name}, {s.member_name}",
            "label": f"{figure_text(s.last_value, s.decimals)} ({s.period_label})",
        }
        for s in standings
    ]  # fmt: skip
    x = {"field": "value", "type": "quantitative", "title": unit, "scale": {"zero": True}}
    tip = [{"field": "city", "type": "nominal", "title": "City"}, {"field": "label", "type": "nominal", "title": "Latest"}]
    layers: list[dict[str, Any]] = [{"mark": {"type": "tick", "thickness": 2, "size": 34, "color": INK}, "encoding": {"x": x, "tooltip": tip}}]
    for number, (name, level) in enumerate(lines.items()):
        data = {"values": [{"value": level, "name": f"{name} {number_text(float(f'{level:.3g}'))}"}]}
        layers += [
            {"data": data, "mark": {"type": "rule", "color": GOAL, "strokeDash": [4, 3]}, "encoding": {"x": x}},
            {
                "data": data, "mark": {"type": "text", "align": "left", "dx": 4, "color": GOAL, "fontSize": 11},
                "encoding": {"x": x, "y": {"value": -8 - 14 * number}, "text": {"field": "name"}},
            },
        ]  # fmt: skip
    above = 20 + 14 * len(lines)
    spec = {
        "config": CONFIG,
        "height": 90 + above,
        "padding": {"left": 8, "right": 110, "top": above, "bottom": 5},
        "autosize": {"type": "fit", "contains": "padding"},
        "layer": layers,
    }
    st.vega_lite_chart(ticks, spec, theme=None, alt="Latest value of every city on one line, with candidate targets.")
