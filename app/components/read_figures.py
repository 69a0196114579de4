"""Figures of a draft as they were read, each beside its cell.

Belongs here: drawing them. Does not belong here: reading or checking (submissions).
"""

from collections.abc import Sequence

import streamlit as st

from pipelines.contracts.catalogues import load_registry
from pipelines.contracts.labels import label
from pipelines.settings import Settings
from pipelines.warehouse.read_figures import ReadFigure

MAX_SHOWN = 200


def draw_read(figures: Sequence[ReadFigure], file_address: str, language: str) -> None:
    """Show what was read from each cell, and give the whole list as a file.

    Args:
        file_address: where the same list is served as CSV.
    """
    if not figures:
        return
    contracts_dir = Settings().contracts_dir
    registry = load_registry(contracts_dir)
    cities = {c["city_code"]: c["name_en"] for c in registry["cities"]}
    indicators = {i["indicator_code"]: i["name_en"] for i in registry["indicators"]}

    def word(name: str, **values: object) -> str:
        return label(contracts_dir, name, language, **values)

    shown = list(figures[:MAX_SHOWN])
    n_asked = sum(f.state == "asked" for f in figures)
    with st.expander(word("figures_as_read", n=len(figures)), expanded=len(figures) <= 20):
        if n_asked:
            st.caption(word("figures_asked", n=n_asked))
        st.dataframe(
            {
                word("place"): [f.address for f in shown],
                word("figure_city"): [cities.get(f.city_code or "", "?") for f in shown],
                word("card_name"): [indicators.get(f.indicator_code or "", "?") for f in shown],
                word("figure_period"): [_period(f) for f in shown],
                word("figure_written"): [f.value_written or "" for f in shown],
                word("figure_value"): [f.harmonised_value for f in shown],
                word("card_unit"): [f.unit_code or "?" for f in shown],
                word("figure_boundary"): [_words(f.boundary_code) for f in shown],
                word("figure_definition"): [_words(f.definition_code) for f in shown],
            },
            hide_index=True,
            height=min(320, 36 + 35 * len(shown)),
            placeholder="?",
            key="figures-as-read",
            alt=word("figures_as_read", n=len(figures)),
        )
        more = f"{len(figures) - len(shown)} + " if len(figures) > len(shown) else ""
        st.html(f'<a href="{file_address}" target="_self">{more}CSV</a>')


def _period(figure: ReadFigure) -> str:
    if figure.period_start is None or figure.period_end is None:
        return "?"
    return str(figure.period_start) if figure.period_start == figure.period_end else f"{figure.period_start} – {figure.period_end}"


def _words(code: str | None) -> str:
    return (code or "").replace("_", " ")
