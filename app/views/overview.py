"""Overview: what the edition holds, and ways in."""

from collections import Counter

import streamlit as st

from app.components.charts import draw_city_map
from app.components.controls import Controls
from app.components.words import plain
from app.readers import ask, require_edition


def render() -> None:
    edition = require_edition()
    known = edition.edition_id
    cities, coverage = ask(known, "cities"), ask(known, "coverage")
    with_value = [c for c in coverage if c.n_values]
    counts = Counter(c.city_code for c in with_value)
    shown = [c for c in cities if counts[c.city_code]]
    st.title("Asian city benchmark")
    Controls("", "Overview", known).settle()
    st.markdown("Indicators of ISO 37120, 37122 and 37123 for Asian cities. Every number leads back to a cell that somebody sent.")
    st.caption(plain(f"Edition {known}. Sample submissions written by this project, holding real figures from public sources."))
    tiles = st.columns(4)
    tiles[0].metric("Cities", len(shown))
    tiles[1].metric("Countries and territories", len({c.member_code for c in shown}))
    tiles[2].metric("Indicators and components", len({c.indicator_code for c in with_value}))
    tiles[3].metric("Figures", sum(c.n_values for c in with_value))
    left, right = st.columns([3, 2])
    with left:
        st.subheader("Where the cities are")
        draw_city_map(shown, counts)
        st.caption("Points by longitude and latitude, sized by the number of indicators. No border is drawn.")
    with right:
        st.subheader("Compare cities on")
        for row in ask(known, "indicators", with_values_only=True)[:9]:
            st.page_link(
                "views/compare.py",
                label=f"{row.indicator_name} ({row.n_cities} cities)",
                icon=":material/bar_chart:",
                query_params={"indicator": row.indicator_code, "edition": known},
            )
    st.subheader("Cities")
    st.dataframe(
        {
            "City": [c.city_name for c in shown],
            "Own name": [c.city_name_local or "" for c in shown],
            "Country": [c.member_name for c in shown],
            "Boundary": [c.city_boundary_code.replace("_", " ") for c in shown],
            "Indicators": [counts[c.city_code] for c in shown],
        },
        hide_index=True,
        height=420,
        alt="Cities of the edition",
    )


if __name__ in ("__main__", "__page__"):
    render()
