"""Weights to try: a reader's own, or a board's points, and what they do to the ranks; nothing here is published.

Belongs here: controls and drawing. Does not belong here: the computation (editions).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from app.components.controls import Controls, hold
from app.components.links import say_unknown_word
from app.components.tables import draw_table
from app.components.words import plain
from pipelines.editions.index_trials import RUNS, Trial, trial_of
from pipelines.exports.index_tables import interval_text
from pipelines.exports.tables import TableColumn, TableSpec
from pipelines.exports.views import View
from pipelines.methods.blocks import Floats
from pipelines.warehouse.querying_indexes import IndexInput, IndexRecipe, IndexScore

WAYS = {"off": "As the recipe weighs", "own": "My own weights", "board": "A board's points"}
MOST, POINTS, SEPARATOR, POINT = 10, 100, "~", "-"
TRIAL_COLUMNS = (
    TableColumn("city", "City"), TableColumn("member", "Country"), TableColumn("now", "Rank with these weights, 90 % of runs"),
    TableColumn("board", "Among delegates"), TableColumn("recipe", "Rank by the recipe, 90 % of runs"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Weighing:
    """How a reader weighs: the way, the indicators' names, and rows of whole numbers, one row a delegate or one of weights."""

    way: str
    names: tuple[str, ...]
    rows: tuple[tuple[int, ...], ...]


def choose_weights(page: Controls, recipe_code: str, inputs: Sequence[IndexInput]) -> Weighing:
    """Ask whether, and how, the reader weighs anew."""
    first = {i.indicator_code: i for i in inputs}
    ordered = sorted(first.values(), key=lambda i: i.indicator_position)
    names, stated = tuple(i.indicator_name for i in ordered), [i.effective_weight for i in ordered]
    way = page.choose("weigh", list(WAYS), label="Weights", spell=lambda w: WAYS[w])
    if way == "own":
        return Weighing(way, names, (choose_own(page, recipe_code, names, stated),))
    return Weighing(way, names, choose_board(page, recipe_code, names, stated) if way == "board" else ())


def choose_own(page: Controls, recipe_code: str, names: Sequence[str], stated: Sequence[float]) -> tuple[int, ...]:
    """Ask for one weight an indicator, by sliders; gives a whole number from none to the most for each."""
    keys = [f"{page.key('own')}.{recipe_code}.{at}" for at in range(len(names))]
    held = [st.session_state.get(key) for key in keys]
    word, is_new = page.word("own", None if None in held else spelled_rows([held]), scope=recipe_code)
    rows = read_rows(word or "", len(names), most=MOST)
    if len(rows) != 1 and word is not None and is_new:
        say_unknown_word("own", word)
    chosen = rows[0] if len(rows) == 1 else tuple(round(MOST * w / max(stated)) for w in stated)

    def draw() -> None:
        columns = st.columns(min(4, len(names)))
        for at, (name, key) in enumerate(zip(names, keys, strict=True)):
            with columns[at % len(columns)]:
                st.slider(name, 0, MOST, key=key)

    page.keep("own", spelled_rows([chosen]), label="Weights of the indicators", spelled=", ".join(map(str, chosen)), draw=draw)
    for key, value in zip(keys, chosen, strict=True):
        hold(key, value)
    return chosen


def choose_board(page: Controls, recipe_code: str, names: Sequence[str], stated: Sequence[float]) -> tuple[tuple[int, ...], ...]:
    """Ask for the points of a board, one row a delegate; the rows stand in the address as they are, whether they add up or not."""
    base_key, key = f"{page.key('board')}.base", f"{page.key('board')}.{recipe_code}"
    base = st.session_state.get(base_key, {"recipe": recipe_code, "rows": None, "generation": 0})
    editor = f"{key}.{base['generation']}"
    held = None
    if base["recipe"] == recipe_code and base["rows"] is not None and editor in st.session_state:
        held = spelled_rows(edited_rows(base["rows"], st.session_state[editor], names))
    word, is_new = page.word("board", held, scope=recipe_code)
    rows = read_rows(word or "", len(names), most=POINTS)
    if not rows and word and is_new:
        say_unknown_word("board", word)
    if held is None or is_new:
        rows = rows or (start_row(stated),) * 3
        base = {"recipe": recipe_code, "rows": rows, "generation": base["generation"] + 1}
        st.session_state[base_key] = base
    frame = pd.DataFrame(base["rows"], columns=list(names), dtype="Int64")
    frame.index = pd.RangeIndex(1, len(frame) + 1, name="Delegate")
    whole = {name: st.column_config.NumberColumn(min_value=0, max_value=POINTS, step=1) for name in names}

    def draw() -> None:
        st.caption("Each delegate splits 100 points; add or remove rows.")
        st.data_editor(frame, num_rows="dynamic", key=f"{key}.{base['generation']}", column_config=whole, alt="Points of each delegate")

    page.keep("board", spelled_rows(rows), label="Points of the delegates", spelled="; ".join(", ".join(map(str, row)) for row in rows), draw=draw)
    return tuple(rows)


def start_row(stated: Sequence[float]) -> tuple[int, ...]:
    """The recipe's own weights as whole points that add up to one hundred."""
    points = [round(POINTS * w) for w in stated]
    points[0] += POINTS - sum(points)
    return tuple(points)


def edited_rows(base: Sequence[Sequence[int]], edits: dict[str, Any], names: Sequence[str]) -> list[list[int]]:
    """Lay the editor's changes over the rows that it was given."""
    rows = [list(row) for row in base]
    for at, cells in edits["edited_rows"].items():
        for name, cell in cells.items():
            if name in names:
                rows[int(at)][list(names).index(name)] = int(cell or 0)
    kept = [row for at, row in enumerate(rows) if at not in edits["deleted_rows"]]
    return kept + [[int(row.get(name) or 0) for name in names] for row in edits["added_rows"]]


def spelled_rows(rows: Sequence[Sequence[int | None]]) -> str:
    """Spell rows of whole numbers for the address."""
    return SEPARATOR.join(POINT.join(map(str, row)) for row in rows)


def read_rows(text: str, n: int, *, most: int) -> tuple[tuple[int, ...], ...]:
    """Read rows of ``n`` whole numbers of at most ``most`` from the address; nothing where they do not fit."""
    rows = [row.split(POINT) for row in text.split(SEPARATOR)] if text else []
    sound = all(len(row) == n and all(cell.isascii() and cell.isdecimal() and len(cell) <= 3 and int(cell) <= most for cell in row) for row in rows)
    return tuple(tuple(int(cell) for cell in row) for row in rows) if sound else ()


def points_of(weighing: Weighing) -> Floats | None:
    """Points of one hundred for each delegate, or none with the reason said."""
    if weighing.way == "own":
        if not sum(weighing.rows[0]):
            st.info("Give at least one indicator a weight.", icon=":material/info:")
            return None
        return float(POINTS) * np.array(weighing.rows, np.float64) / sum(weighing.rows[0])
    wrong = [f"row {at} adds up to {sum(row)}" for at, row in enumerate(weighing.rows, 1) if sum(row) != POINTS]
    if wrong or not weighing.rows:
        st.info(f"Each delegate splits exactly 100 points, none below 0: {'; '.join(wrong) or 'there is no row'}.", icon=":material/info:")
        return None
    return np.array(weighing.rows, np.float64)


def draw_trial(recipe: IndexRecipe, scores: Sequence[IndexScore], inputs: Sequence[IndexInput], weighing: Weighing, *, page: Controls, view: View) -> None:
    """Show what other weights do to the ranks."""
    st.subheader("Weigh it yourself")
    page.draw("weigh")
    if weighing.way == "off":
        st.caption("Nothing that is tried here is published or kept; the address carries it.")
        return
    page.draw(weighing.way)
    points = points_of(weighing)
    if points is None:
        return
    try:
        trial = trial_of(recipe.recipe_text, scores, inputs, points, seed=recipe.seed or 0)
    except ValueError as error:
        st.info(plain(error), icon=":material/info:")
        return
    several = weighing.way == "board" and len(points) > 1
    draw_weights(weighing.names, trial, several=several)
    draw_table(trial_table(f"{recipe.recipe_name}: ranks with other weights", scores, trial, view=view, several=several), page=page, key="trial")


def draw_weights(names: Sequence[str], trial: Trial, *, several: bool) -> None:
    """Say what each indicator weighs now, and how far a board is apart on it."""
    parts = zip(names, trial.board.weights, trial.board.spread, strict=True)
    st.caption(plain("; ".join(f"{name} {100 * w:.0f} %" + (f" (spread {100 * s:.0f})" if several else "") for name, w, s in parts) + "."))


def trial_table(title: str, scores: Sequence[IndexScore], trial: Trial, *, view: View, several: bool) -> TableSpec:
    """Describe ranks with other weights, as intervals, beside those of the recipe."""
    of = {s.city_code: s for s in scores}
    order = sorted(range(len(trial.city_codes)), key=lambda at: (trial.ranks[at], trial.city_codes[at]))
    rows = []
    for at in order:
        s = of[trial.city_codes[at]]
        among = trial.by_delegate[:, at]
        rows.append((
            s.city_name, s.member_name, interval_text(int(trial.low[at]), int(trial.high[at])), interval_text(int(among.min()), int(among.max())),
            interval_text(s.rank_low, s.rank_high),
        ))  # fmt: skip
    keep = [at for at, c in enumerate(TRIAL_COLUMNS) if several or c.key != "board"]
    notes = (
        f"For trying, not published. With these weights: {RUNS:,} runs in which each weight lies up to a quarter elsewhere; every other choice as in the "
        "recipe, which is why these intervals are shorter than the recipe's.",
    )
    return TableSpec(title, tuple(TRIAL_COLUMNS[k] for k in keep), tuple(tuple(row[k] for k in keep) for row in rows), notes, view)
