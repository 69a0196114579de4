"""Charts about goals, as Vega-Lite dictionaries: the grid at a glance, the way to a target, the forum's distribution.

Belongs here: drawing. Does not belong here: choosing or computing values.
"""

from typing import Any

import streamlit as st

from app.components.charts import CONFIG, GOAL, INK
from app.components.series import BREAK, line_rows, point_rows, shown_breaks
from app.components.words import plain
from pipelines.exports.goal_tables import STATUS_SIGNS, sign_of, status_of
from pipelines.exports.tables import figure_number, figure_text, number_text
from pipelines.warehouse.querying import Figure
from pipelines.warehouse.querying_goals import BreakRow, Standing

STATUS_COLOURS = {
    "reached": "#0b5c7a", "optimum reached": "#0b5c7a", "achieved": "#4f9aa8", "challenges remain": "#e8c468", "significant challenges": "#d08a1e",
    "major challenges": "#b3411e", "not reached": "#c9b8ae", "level": "#7d6aa8", "not judged": "#e9edf0",
}  # fmt: skip
DARK = ("reached", "optimum reached", "major challenges", "level")
PALE = "#7f8a93"
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


def draw_way(figures: list[Figure], standing: Standing, *, unit: str, breaks: list[BreakRow]) -> None:
    """Draw a city's points, the goal line, and the wedge between the pace it has and the pace it needs; no line crosses a gap or a break."""
    own = figures_of(figures, standing)
    points = point_rows(own, breaks)
    year, shown = _at("value", unit), shown_breaks(own, breaks)
    tip = [{"field": "label", "type": "nominal", "title": "Figure"}]
    layers: list[dict[str, Any]] = [
        {"data": {"values": line_rows(points)}, "mark": {"type": "line", "color": INK}, "encoding": {**year, "detail": {"field": "link"}}},
        {"data": {"values": points}, "mark": {"type": "point", "filled": True, "size": 40, "color": INK}, "encoding": {**year, "tooltip": tip}},
    ]
    if standing.target_level is not None:
        goal = {"values": [{"value": standing.target_level}]}
        layers.append({"data": goal, "mark": {"type": "rule", "color": GOAL}, "encoding": {"y": year["y"]}})
    layers += [
        {"data": {"values": ends}, "mark": {"type": "line", "strokeDash": [5, 4], "color": colour}, "encoding": year}
        for ends, colour in ((way_needed(standing), GOAL), (way_at_this_pace(standing), PALE))
        if ends
    ]
    if way_at_this_pace(standing):
        interval = [{"year": standing.target_year, "value": standing.projected_low, "high": standing.projected_high}]
        mark = {"type": "rule", "color": PALE, "strokeWidth": 3, "opacity": 0.5}
        layers.append({"data": {"values": interval}, "mark": mark, "encoding": {**year, "y2": {"field": "high"}}})
    if shown:
        marks = [{"year": break_place(b), "reason": b.break_reason} for b in shown]
        because = {"field": "reason", "type": "nominal", "title": "Break in series"}
        mark = {"type": "rule", "color": BREAK, "strokeDash": [6, 3]}
        layers.append({"data": {"values": marks}, "mark": mark, "encoding": {"x": year["x"], "tooltip": because}})
    st.vega_lite_chart({"config": CONFIG, "height": 280, "layer": layers}, theme=None, alt=f"{standing.city_name}: {way_caption(standing)}")
    st.caption(way_caption(standing))
    for b in shown:
        st.caption(plain(f"Break in series from {b.break_starts_on}: {b.break_reason}. No line and no trend crosses it."))


def way_needed(standing: Standing) -> list[dict[str, Any]]:
    """Both ends of the line to the goal line; none where it is reached, where there is no goal line or year, or where the year is past."""
    if standing.is_reached or standing.target_level is None or standing.target_year is None or standing.target_year <= standing.last_year:
        return []
    return [{"year": standing.last_year, "value": standing.last_value}, {"year": standing.target_year, "value": standing.target_level}]


def way_at_this_pace(standing: Standing) -> list[dict[str, Any]]:
    """Both ends of the line carried on to the goal year; none where nothing is projected or the year is past."""
    if standing.projected_value is None or standing.target_year is None or standing.target_year <= standing.last_year:
        return []
    return [{"year": standing.last_year, "value": standing.last_value}, {"year": standing.target_year, "value": standing.projected_value}]


def way_caption(standing: Standing) -> str:
    """Say what the lines are; only of those that are drawn."""
    parts = ["Line: figures sent."]
    parts += ["Solid line across: goal line."] if standing.target_level is not None else []
    parts += ["The goal line is reached: no pace is needed."] if standing.is_reached else []
    parts += ["Dashed to it: the pace needed."] if way_needed(standing) else []
    parts += ["Dashed grey: the fitted line carried on, with its 90 % interval."] if way_at_this_pace(standing) else []
    return " ".join(parts)


def break_place(b: BreakRow) -> float:
    """Where a break stands on an axis on which a year's figure stands at its number: the first of January lies half a year before."""
    return b.break_starts_on.year - 0.5 + (b.break_starts_on.timetuple().tm_yday - 1) / 365.25


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
