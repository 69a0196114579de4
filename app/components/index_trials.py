"""Weights to try: a reader's own, or a board's points, and what they do to the ranks; nothing here is published.

Belongs here: controls and drawing. Does not belong here: the computation (editions).
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st

from app.components.controls import choose
from app.components.tables import draw_table
from app.components.words import plain
from pipelines.editions.index_trials import RUNS, Trial, trial_of
from pipelines.exports.index_tables import interval_text
from pipelines.exports.tables import TableColumn, TableSpec
from pipelines.methods.blocks import Floats
from pipelines.warehouse.querying_indexes import IndexInput, IndexRecipe, IndexScore

WAYS = {"off": "As the recipe weighs", "own": "My own weights", "board": "A board's points"}
MOST, SEPARATOR, POINT = 10, "~", "-"
COLUMNS = (
    TableColumn("city", "City"), TableColumn("member", "Country"), TableColumn("now", "Rank with these weights, 90 % of runs"),
    TableColumn("board", "Among delegates"), TableColumn("recipe", "Rank by the recipe, 90 % of runs"),
)  # fmt: skip


def draw_trial(recipe: IndexRecipe, scores: Sequence[IndexScore], inputs: Sequence[IndexInput], *, edition: str) -> None:
    """Let a reader weigh the indicators anew and see what it does."""
    st.subheader("Weigh it yourself")
    way = choose("Weights", list(WAYS), key="weigh", spell=lambda w: WAYS[w])
    if way == "off":
        st.caption("Nothing that is tried here is published or kept; the address carries it.")
        return
    first = {i.indicator_code: i for i in inputs}
    names = [i.indicator_name for i in sorted(first.values(), key=lambda i: i.indicator_position)]
    stated = [i.effective_weight for i in sorted(first.values(), key=lambda i: i.indicator_position)]
    points = own_points(recipe.recipe_code, names, stated) if way == "own" else board_points(recipe.recipe_code, names, stated)
    if points is None:
        return
    try:
        trial = trial_of(recipe.recipe_text, scores, inputs, points, seed=recipe.seed or 0)
    except ValueError as error:
        st.info(plain(error), icon=":material/info:")
        return
    draw_weights(names, trial, several=len(points) > 1)
    shown = trial_table(f"{recipe.recipe_name}: ranks with other weights", scores, trial, edition_id=edition, several=len(points) > 1)
    draw_table(shown, key=f"trial-{recipe.recipe_code}")


def own_points(recipe_code: str, names: list[str], stated: list[float]) -> Floats | None:
    """Ask for one weight an indicator by sliders, which stand in the address; gives points of one hundred."""
    asked = read_rows(st.query_params.get("own", ""), len(names))
    start = asked[0] if asked else [round(MOST * w / max(stated)) for w in stated]
    columns = st.columns(min(4, len(names)))
    chosen = []
    for at, (name, value) in enumerate(zip(names, start, strict=True)):
        with columns[at % len(columns)]:
            chosen.append(st.slider(name, 0, MOST, int(min(MOST, max(0, value))), key=f"own-{recipe_code}-{at}"))
    st.query_params["own"] = POINT.join(map(str, chosen))
    if not sum(chosen):
        st.info("Give at least one indicator a weight.", icon=":material/info:")
        return None
    return 100.0 * np.array([chosen], np.float64) / sum(chosen)


def board_points(recipe_code: str, names: list[str], stated: list[float]) -> Floats | None:
    """Ask for the points of a board, one row a delegate; rows that do not add up to 100 are named, and nothing is computed."""
    asked = read_rows(st.query_params.get("board", ""), len(names))
    start = [[round(100 * w) for w in stated]]
    start[0][0] += 100 - sum(start[0])
    frame = pd.DataFrame(asked or start * 3, columns=names, dtype="Int64")
    frame.index = pd.RangeIndex(1, len(frame) + 1, name="Delegate")
    st.caption("Each delegate splits 100 points; add or remove rows.")
    edited = st.data_editor(frame, num_rows="dynamic", key=f"board-{recipe_code}", alt="Points of each delegate")
    rows = [[0 if pd.isna(cell) else int(cell) for cell in row] for row in edited.itertuples(index=False)]
    wrong = [f"row {at} adds up to {sum(row)}" for at, row in enumerate(rows, 1) if sum(row) != 100 or min(row) < 0]
    if wrong or not rows:
        st.info(f"Each delegate splits exactly 100 points, none below 0: {'; '.join(wrong) or 'there is no row'}.", icon=":material/info:")
        return None
    st.query_params["board"] = SEPARATOR.join(POINT.join(map(str, row)) for row in rows)
    return np.array(rows, np.float64)


def read_rows(text: str, n: int) -> list[list[int]]:
    """Read rows of whole numbers from the address; nothing where they do not fit."""
    rows = [row.split(POINT) for row in text.split(SEPARATOR)] if text else []
    sound = all(len(row) == n and all(cell.isdecimal() and len(cell) <= 3 for cell in row) for row in rows)
    return [[int(cell) for cell in row] for row in rows] if sound else []


def draw_weights(names: list[str], trial: Trial, *, several: bool) -> None:
    """Say what each indicator weighs now, and how far a board is apart on it."""
    parts = zip(names, trial.board.weights, trial.board.spread, strict=True)
    st.caption(plain("; ".join(f"{name} {100 * w:.0f} %" + (f" (spread {100 * s:.0f})" if several else "") for name, w, s in parts) + "."))


def trial_table(title: str, scores: Sequence[IndexScore], trial: Trial, *, edition_id: str, several: bool) -> TableSpec:
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
    keep = [at for at, c in enumerate(COLUMNS) if several or c.key != "board"]
    notes = (
        f"For trying, not published. With these weights: {RUNS:,} runs in which each weight lies up to a quarter elsewhere; every other choice as in the "
        "recipe, which is why these intervals are shorter than the recipe's.",
    )
    return TableSpec(title, tuple(COLUMNS[k] for k in keep), tuple(tuple(row[k] for k in keep) for row in rows), notes, edition_id, "")
