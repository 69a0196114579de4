"""City: everything the edition has of one city."""

import streamlit as st

from app.components.controls import Controls
from app.components.series import draw_series
from app.components.tables import draw_origin, draw_scorecard, draw_table
from app.components.words import plain
from app.readers import ask, require_edition
from pipelines.exports.change_tables import REVISION_COLUMNS, revisions_table
from pipelines.exports.tables import FIGURE_COLUMNS, figures_table
from pipelines.exports.views import View
from pipelines.warehouse.querying import CityRow, Figure
from pipelines.warehouse.querying_changes import Revision


def draw_revisions(page: Controls, view: View, city: CityRow, told: list[Revision]) -> None:
    """Show figures that were sent more than once, and how far they moved."""
    if not told:
        return
    st.subheader("Revisions")
    for r in ask(page.edition_id, "reliability", city.city_code):
        changes = f"{r.n_changes} {'change' if r.n_changes == 1 else 'changes'}"
        st.markdown(
            f"{changes}: {100 * r.mean_size:.2f} % in size on average, {100 * r.mean_change:+.2f} % with their sign; the largest {100 * r.largest:.2f} %."
        )
    draw_table(revisions_table(f"{city.city_name}: figures sent more than once", told, view=view), page=page, key="revisions")


def draw_head(city: CityRow) -> None:
    """Name the city and what others call it by."""
    names = [city.city_name_local or "", city.member_name, city.city_boundary_code.replace("_", " ")]
    ids = [
        f"ISO 3166-2 {city.iso3166_2_code}" if city.iso3166_2_code else "",
        f"GeoNames {city.geonames_id}" if city.geonames_id else "",
        f"Wikidata {city.wikidata_id}" if city.wikidata_id else "",
    ]
    st.subheader(plain(city.city_name))
    st.markdown(plain(" · ".join(t for t in (*names, *ids) if t)))


def draw_figures(page: Controls, view: View, city: CityRow, figures: list[Figure]) -> None:
    """Show the latest figures, and what stands behind a chosen one."""
    table = figures_table(
        f"{city.city_name}: latest figure of each indicator",
        figures,
        without=("city", "member"),
        view=view,
        notes=(
            "The latest period of each indicator, boundary and definition; earlier ones stand in the chart of the chosen indicator.",
            "Another boundary or definition is another figure: where an indicator stands more than once, they differ in these.",
        ),
    )
    left, right = st.columns([5, 3])
    with left:
        row = draw_table(table, page=page, key="table")
    with right:
        figure = figures[row] if row is not None else None
        draw_origin(figure, ask(page.edition_id, "rule_states", figure.submission_id) if figure else [])


def render() -> None:
    edition = require_edition().edition_id
    cities = {c.city_code: c for c in ask(edition, "cities")}
    st.title("City")
    page = Controls("city", "City", edition)
    code = page.choose("city", list(cities), label="City", spell=lambda c: f"{cities[c].city_name}, {cities[c].member_name}")
    city, figures, told = cities[code], ask(edition, "city_figures", code), ask(edition, "revisions", code)
    by_indicator = {f.indicator_code: f for f in figures if f.harmonised_value is not None}
    names = {f.observation_id: f"{f.indicator_name}, {f.period_label}" for f in figures}
    page.table("table", FIGURE_COLUMNS, row="figure", codes=list(names), spell=lambda c: names[c])
    if by_indicator:
        shown = page.choose("shown", list(by_indicator), label="Indicator", spell=lambda c: by_indicator[c].indicator_name)
    page.table("revisions", REVISION_COLUMNS)
    view = page.settle()
    page.draw("city")
    draw_head(city)
    if not figures:
        st.info("Nobody has sent a figure of this city yet.", icon=":material/info:")
        return
    draw_figures(page, view, city, figures)
    if by_indicator:
        st.subheader("Over time")
        page.draw("shown")
        one = by_indicator[shown]
        draw_series(
            ask(edition, "series", shown, city_code=code),
            unit=one.unit_name, alt=f"{one.indicator_name} of {city.city_name} over time.", breaks=ask(edition, "breaks", shown),
        )  # fmt: skip
        draw_revisions(page, view, city, told)
    st.subheader("How this city reports")
    draw_scorecard(ask(edition, "scorecards", code))


if __name__ in ("__main__", "__page__"):
    render()
