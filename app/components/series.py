"""The chart of figures over time: gaps stay gaps, breaks are drawn, what is provisional or estimated is dotted.

Belongs here: drawing. Does not belong here: choosing or computing values.
"""

import datetime
from collections import defaultdict
from itertools import pairwise
from typing import Any

import streamlit as st

from app.components.charts import CONFIG, FIGURE_TIPS, INK, figure_values
from app.components.words import plain
from pipelines.warehouse.querying import Figure
from pipelines.warehouse.querying_goals import BreakRow

WHOLE = {"year", "fiscal_year", "hijri_year"}
FIRM = {"observed", "derived"}
BREAK = "#b3411e"
DOTTED = [2, 3]
MANY = 20


def draw_series(figures: list[Figure], *, unit: str, alt: str, breaks: list[BreakRow] | None = None) -> None:
    """Draw figures over time; a gap and a break stay open, and a part of a year is a point without a line."""
    rows = point_rows(figures, breaks or [])
    n_cities = len({r["city"] for r in rows})
    several = 1 < n_cities <= MANY
    colour: dict[str, Any] = {"field": "city", "type": "nominal", "title": None, "scale": {"scheme": "tableau20"}} if several else {"value": INK}
    legend = {"legend": {"orient": "bottom", "columns": 3, "labelLimit": 150}} if several else {}
    unnamed = {"legend": None} if several else {}
    encoding = {
        "x": {"field": "start", "type": "temporal", "title": None, "axis": {"format": "%Y", "tickMinStep": 31_536_000_000, "grid": False}},
        "y": {"field": "value", "type": "quantitative", "title": unit, "scale": {"zero": True}, "axis": {"gridColor": "#e6ebee"}},
        "color": {**colour, **legend},
        "tooltip": [{"field": k, "type": "nominal", "title": t} for k, t in FIGURE_TIPS],
    }
    dash = {"condition": {"test": "datum.dotted", "value": DOTTED}, "value": [1, 0]}
    filled = {"condition": {"test": "datum.firm", "value": 1}, "value": 0}
    joined = {**encoding, "detail": {"field": "link"}, "strokeDash": dash}
    layers: list[dict[str, Any]] = [
        {"data": {"values": line_rows(rows)}, "mark": {"type": "line", "strokeWidth": 1.6}, "encoding": joined},
        {
            "data": {"values": rows},
            "mark": {"type": "point", "size": 34, "strokeWidth": 1.4},
            "encoding": {**encoding, "fill": {**colour, **unnamed}, "fillOpacity": filled},
        },
    ]
    drawn = shown_breaks(figures, breaks or [])
    if drawn:
        marks = [{"on": b.break_starts_on.isoformat(), "reason": b.break_reason} for b in drawn]
        layers.append({
            "data": {"values": marks}, "mark": {"type": "rule", "color": BREAK, "strokeDash": [6, 3]},
            "encoding": {"x": {"field": "on", "type": "temporal"}, "tooltip": {"field": "reason", "type": "nominal", "title": "Break in series"}},
        })  # fmt: skip
    st.vega_lite_chart({"config": CONFIG, "height": 300, "layer": layers}, theme=None, alt=alt)
    for b in drawn:
        st.caption(plain(f"Break in series from {b.break_starts_on} ({b.break_member_code}): {b.break_reason}. No line is drawn across it."))
    if any(not r["firm"] for r in rows):
        st.caption("Hollow points and dotted lines: estimated or provisional.")


def shown_breaks(figures: list[Figure], breaks: list[BreakRow]) -> list[BreakRow]:
    """Give the breaks that lie between figures of their own member and city."""
    found = []
    for b in breaks:
        of_its_own = [f.period_end for f in figures if f.harmonised_value is not None and is_concerned(f, b)]
        if of_its_own and min(of_its_own) < b.break_starts_on <= max(of_its_own):
            found.append(b)
    return found


def is_concerned(figure: Figure, b: BreakRow) -> bool:
    """Whether a break is of the figure's member, and of its city when it names one."""
    return figure.member_code == b.break_member_code and b.break_city_code in (None, figure.city_code)


def point_rows(figures: list[Figure], breaks: list[BreakRow]) -> list[dict[str, Any]]:
    """Give one row per figure with a value; ``segment`` says which figures a line may join."""
    known = [f for f in figures if f.harmonised_value is not None]
    rows = []
    for figure, row in zip(known, figure_values(known), strict=True):
        before = sum(is_concerned(figure, b) and figure.period_end >= b.break_starts_on for b in breaks)
        part = "" if figure.period_type in WHOLE else figure.period_label
        definition = figure.harmonised_definition_code or ""
        rows.append({**row, "firm": figure.status_code in FIRM, "segment": f"{row['city']} {row['boundary']} {definition} {before} {part}"})
    return rows


def line_rows(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give two rows per pair of neighbouring years of one segment; years that are not neighbours are not joined."""
    segments: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        segments[row["segment"]].append(row)
    links = []
    for name, of_segment in segments.items():
        ordered = sorted(of_segment, key=lambda r: datetime.date.fromisoformat(r["start"]))
        for first, second in pairwise(ordered):
            # Two figures of one period are two ways of counting it: no line goes from one to the other.
            if first["start"] != second["start"] and second["year"] - first["year"] <= 1:
                dotted = not (first["firm"] and second["firm"])
                links += [{**end, "link": f"{name} {first['start']}", "dotted": dotted} for end in (first, second)]
    return links
