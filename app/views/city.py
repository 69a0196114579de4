"""City: everything the edition has of one city."""

import streamlit as st

from app.components.controls import choose
from app.components.series import draw_series
from app.components.tables import draw_origin, draw_scorecard, draw_table
from app.components.words import plain
from app.readers import ask, require_edition
from pipelines.exports.change_tables import revisions_table
from pipelines.exports.tables import figures_table


def draw_revisions(edition: str, code: str, name: str) -> None:
    """Show figures that were sent more than once, and how far they moved."""
    told = ask(edition, "revisions", code)
    if not told:
        return
    st.subheader("Revisions")
    for r in ask(edition, "reliability", code):
        changes = f"{r.n_changes} {'change' if r.n_changes == 1 else 'changes'}"
        st.markdown(
            f"{changes}: {100 * r.mean_size:.2f} % in size on average, {100 * r.mean_change:+.2f} % with their sign; the largest {100 * r.largest:.2f} %."
        )
    draw_table(revisions_table(f"{name}: figures sent more than once", told, edition_id=edition, view=f"/city?edition={edition}&city={code}"), key="revisions")


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
        notes=(
            "The latest period of each indicator, boundary and definition; earlier ones stand in the chart of the chosen indicator.",
            "Another boundary or definition is another figure: where an indicator stands more than once, they differ in these.",
        ),
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
        draw_series(
            ask(edition, "series", chosen, city_code=code),
            unit=one.unit_name, alt=f"{one.indicator_name} of {city.city_name} over time.", breaks=ask(edition, "breaks", chosen),
        )  # fmt: skip
        draw_revisions(edition, code, city.city_name)
    st.subheader("How this city reports")
    draw_scorecard(ask(edition, "scorecards", code))


if __name__ in ("__main__", "__page__"):
    render()
