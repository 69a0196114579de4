"""City: everything the edition has of one city."""

import streamlit as st

from app.components.charts import draw_series
from app.components.controls import choose
from app.components.tables import draw_origin, draw_scorecard, draw_table
from app.components.words import plain
from app.readers import ask, require_edition
from pipelines.exports.tables import figures_table


def render() -> None:
    edition = require_edition().edition_id
    cities = {c.city_code: c for c in ask(edition, "cities")}
    st.title("City")
    code = choose("City", list(cities), key="city", spell=lambda c: f"{cities[c].city_name}, {cities[c].member_name}")
    city = cities[code]
    names = [city.city_name_local or "", city.member_name, city.city_boundary_code.replace("_", " ")]
    ids = [
        f"ISO 3166-2 {city.iso3166_2_code}" if city.iso3166_2_code else "",
        f"GeoNames {city.geonames_id}" if city.geonames_id else "",
        f"Wikidata {city.wikidata_id}" if city.wikidata_id else "",
    ]
    st.subheader(plain(city.city_name))
    st.markdown(plain(" · ".join(t for t in (*names, *ids) if t)))
    figures = ask(edition, "city_figures", code)
    if not figures:
        st.info("Nobody has sent a figure of this city yet.", icon=":material/info:")
        return
    table = figures_table(
        f"{city.city_name}: latest figure of each indicator",
        figures,
        without=("city", "member"),
        edition_id=edition,
        view=f"/city?edition={edition}&city={code}",
        notes=("The latest period of each indicator; earlier ones stand in the chart of the chosen indicator.",),
    )
    left, right = st.columns([5, 3])
    with left:
        row = draw_table(table, key="city_table")
    with right:
        figure = figures[row] if row is not None else None
        draw_origin(figure, ask(edition, "rule_states", figure.submission_id) if figure else [])
    by_indicator = {f.indicator_code: f for f in figures if f.harmonised_value is not None}
    if by_indicator:
        st.subheader("Over time")
        chosen = choose("Indicator", list(by_indicator), key="shown", spell=lambda c: by_indicator[c].indicator_name)
        one = by_indicator[chosen]
        draw_series(ask(edition, "series", chosen, city_code=code), unit=one.unit_name, alt=f"{one.indicator_name} of {city.city_name} over time.")
    st.subheader("How this city reports")
    draw_scorecard(ask(edition, "scorecards", code))


if __name__ in ("__main__", "__page__"):
    render()
