"""Charts about composite indices: ranks as intervals, profiles, scores with their bars, what explains a rank.

Belongs here: drawing. Does not belong here: choosing or computing values.
"""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from app.components.charts import CONFIG, INK
from app.components.words import plain
from pipelines.exports.index_profiles import profile_columns, profile_rows
from pipelines.exports.index_tables import coverage_text, interval_text, percent_text, step_texts, years_text
from pipelines.exports.tables import number_text
from pipelines.warehouse.querying_indexes import Effect, IndexInput, IndexScore

THIN, BAND_COLOURS = "#b9c1c7", (INK, "#d08a1e")
# From light to middle, so that dark figures stay readable on each.
SHADES = ("#eef3f6", "#8fb8cc")
ROW = 22


def _label(score: IndexScore) -> str:
    return f"{score.city_name}, {score.member_name}"


def _tips(*pairs: tuple[str, str]) -> list[dict[str, str]]:
    return [{"field": field, "type": "nominal", "title": title} for field, title in pairs]


def draw_ranks(scores: Sequence[IndexScore]) -> None:
    """Draw each ranked city's interval of ranks with its median; neighbouring tie bands change colour and have a line between them."""
    rows = [
        {
            "city": _label(s), "low": s.rank_low, "high": s.rank_high, "median": s.rank_median, "band": s.tie_band, "shade": (s.tie_band or 1) % 2,
            "interval": interval_text(s.rank_low, s.rank_high), "sure": f"above {s.n_surely_above}, below {s.n_surely_below}",
            "coverage": coverage_text(s), "years": years_text(s), "top": percent_text(s.top_share),
        }
        for s in scores
        if s.rank_nominal is not None
    ]  # fmt: skip
    y = {"field": "city", "type": "nominal", "sort": [r["city"] for r in rows], "title": None, "axis": {"labelLimit": 190, "ticks": False, "domain": False}}
    x: dict[str, Any] = {
        "field": "low", "type": "quantitative", "title": "Rank (1 is best)", "scale": {"domain": [0.5, len(rows) + 0.5], "nice": False},
        "axis": {"tickMinStep": 1, "format": "d", "gridColor": "#e6ebee", "orient": "top"},
    }  # fmt: skip
    colour = {"field": "shade", "type": "nominal", "scale": {"domain": [1, 0], "range": list(BAND_COLOURS)}, "legend": None}
    tips = _tips(("city", "City"), ("interval", "Rank, 90 % of runs"), ("sure", "Surely"), ("median", "Median rank"), ("band", "Tie band"),
                 ("top", "Chance of the first places"),
                 ("coverage", "Indicators"), ("years", "Years"))  # fmt: skip
    spec = {
        "config": CONFIG,
        "height": ROW * len(rows) + 46,
        "padding": {"left": 5, "right": 8, "top": 8, "bottom": 5},
        "autosize": {"type": "fit", "contains": "padding"},
        "layer": [
            {"mark": {"type": "rule", "strokeWidth": 7, "opacity": 0.45, "strokeCap": "round"},
             "encoding": {"x": x, "x2": {"field": "high"}, "y": y, "color": colour, "tooltip": tips}},
            {"mark": {"type": "tick", "thickness": 3, "height": 15}, "encoding": {"x": {**x, "field": "median"}, "y": y, "color": colour, "tooltip": tips}},
            {"mark": {"type": "text", "align": "left", "dx": 9, "fontSize": 11, "color": "#1c2730"},
             "encoding": {"x": {"field": "high", "type": "quantitative"}, "y": y, "text": {"field": "interval"}}},
        ],
    }  # fmt: skip
    st.vega_lite_chart(rows, spec, theme=None, alt="Ranked cities with the interval that holds 90 per cent of the runs; the table below says the same.")


def draw_profiles(scores: Sequence[IndexScore], inputs: Sequence[IndexInput], *, is_distance: bool) -> None:
    """Draw each city's indicators side by side on the scale of the recipe, a cell each; cities by country and name, in no order of value.

    Indicators are numbered, and named below: their names have no room over a column on a telephone.
    """
    columns = [(str(number), name) for number, (_, name) in enumerate(profile_columns(inputs), 1)]
    rows = [
        {"city": _label(s), "number": number, "indicator": name, "scaled": value, "label": number_text(value)}
        for s, values in profile_rows(scores, inputs)
        for (number, name), value in zip(columns, values, strict=True)
    ]
    x = {"field": "number", "type": "nominal", "sort": [number for number, _ in columns], "title": None,
         "axis": {"orient": "top", "labelAngle": 0, "labelFontWeight": "bold", "ticks": False, "domain": False}}  # fmt: skip
    y = {"field": "city", "type": "nominal", "sort": list(dict.fromkeys(r["city"] for r in rows)), "title": None,
         "axis": {"labelLimit": 150, "ticks": False, "domain": False}}  # fmt: skip
    colour = {"field": "scaled", "type": "quantitative", "scale": {"range": list(SHADES)}, "legend": None}
    tips = _tips(("city", "City"), ("indicator", "Indicator"), ("label", "Distance" if is_distance else "On the scale"))
    spec = {
        "config": CONFIG,
        "height": ROW * len({r["city"] for r in rows}) + 30,
        "padding": {"left": 5, "right": 8, "top": 8, "bottom": 5},
        "autosize": {"type": "fit", "contains": "padding"},
        "layer": [
            {"mark": {"type": "rect", "stroke": "#ffffff", "invalid": None},
             "encoding": {"x": x, "y": y, "tooltip": tips, "color": {"condition": {"test": "!isValid(datum.scaled)", "value": "#f3f5f6"}, **colour}}},
            {"mark": {"type": "text", "fontSize": 11, "color": "#1c2730"}, "encoding": {"x": x, "y": y, "text": {"field": "label"}}},
        ],
    }  # fmt: skip
    st.vega_lite_chart(rows, spec, theme=None, alt="Each city's indicators side by side on the scale; the table below says the same.")
    st.caption(plain("; ".join(f"{number} {name}" for number, name in columns) + "."))


def draw_scores(scores: Sequence[IndexScore], *, ends: tuple[float, float] | None) -> None:
    """Draw each city's score with the bar from worst to best case; thin scores in grey, cities by country and name."""
    rows = [
        {
            "city": _label(s), "score": s.score, "low": s.score_low, "high": s.score_high, "thin": bool(s.is_thin), "coverage": coverage_text(s),
            "years": years_text(s), "quality": (s.weakest_quality_code or "").replace("_", " "),
            "label": f"{number_text(float(f'{s.score:.3g}'))}  ({coverage_text(s)}, {years_text(s)})",
        }
        for s in sorted(scores, key=lambda s: (s.member_name, s.city_name, s.city_code))
        if s.score is not None
    ]  # fmt: skip
    y = {"field": "city", "type": "nominal", "sort": [r["city"] for r in rows], "title": None, "axis": {"labelLimit": 190, "ticks": False, "domain": False}}
    scale = {"domain": list(ends), "nice": False} if ends else {"zero": False}
    x = {"field": "score", "type": "quantitative", "title": "Score, with worst and best case", "scale": scale, "axis": {"gridColor": "#e6ebee", "tickCount": 5}}
    colour = {"condition": {"test": "datum.thin", "value": THIN}, "value": INK}
    tips = _tips(("city", "City"), ("score", "Score"), ("low", "Worst case"), ("high", "Best case"), ("coverage", "Indicators"), ("years", "Years"),
                 ("quality", "Weakest quality"))  # fmt: skip
    spec = {
        "config": CONFIG,
        "height": ROW * len(rows) + 46,
        "padding": {"left": 5, "right": 8, "top": 8, "bottom": 5},
        "autosize": {"type": "fit", "contains": "padding"},
        "layer": [
            {"mark": {"type": "rule", "strokeWidth": 3, "opacity": 0.6},
             "encoding": {"x": {**x, "field": "low"}, "x2": {"field": "high"}, "y": y, "color": colour}},
            {"mark": {"type": "point", "filled": True, "size": 70, "opacity": 1}, "encoding": {"x": x, "y": y, "color": colour, "tooltip": tips}},
            {"mark": {"type": "text", "align": "left", "dx": 9, "dy": -1, "fontSize": 11, "color": "#1c2730"},
             "encoding": {"x": {"field": "high", "type": "quantitative"}, "y": y, "text": {"field": "label"}}},
        ],
    }  # fmt: skip
    st.vega_lite_chart(rows, spec, theme=None, alt="Scores with worst and best case over missing indicators; the table below says the same.")


def _within(share: float | None) -> float:
    """A share from nothing to all; the noise of an estimate beyond either is not drawn."""
    return min(1.0, max(0.0, share or 0.0))


def draw_effects(effects: Sequence[Effect]) -> None:
    """Draw what each unsure step explains together with the others, with the interval of the estimate."""
    words = step_texts(effects)
    rows = [
        {"step": words[e.factor_code], "total": _within(e.total_order), "low": _within(e.total_order_low), "high": _within(e.total_order_high)}
        for e in effects
        if e.total_order is not None
    ]
    y = {"field": "step", "type": "nominal", "sort": [r["step"] for r in rows], "title": None, "axis": {"labelLimit": 230, "ticks": False, "domain": False}}
    x = {"field": "total", "type": "quantitative", "title": "Share of the movement", "axis": {"format": ".0%", "gridColor": "#e6ebee", "tickCount": 5}}
    spec = {
        "config": CONFIG,
        "height": ROW * len(rows) + 46,
        "layer": [
            {"mark": {"type": "bar", "height": 11, "color": INK, "opacity": 0.75}, "encoding": {"x": x, "y": y}},
            {"mark": {"type": "rule", "color": "#1c2730"}, "encoding": {"x": {**x, "field": "low"}, "x2": {"field": "high"}, "y": y}},
        ],
    }
    st.vega_lite_chart(rows, spec, theme=None, alt="What each unsure step explains of the movement of ranks; the table below says the same.")
