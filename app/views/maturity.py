"""Maturity: published levels by scheme, areas over cycles, and levels beside outcomes."""

import streamlit as st

from app.components.controls import choose
from app.components.maturity_charts import draw_areas, draw_outcomes
from app.components.tables import draw_table
from app.components.words import DIRECTIONS, plain
from app.readers import ask, require_edition
from pipelines.exports.maturity_tables import areas_table, assessments_table
from pipelines.exports.tables import number_text
from pipelines.warehouse.querying_maturity import Outcome, Scheme, SchemeItem

FEW_CITIES = 10


def scheme_sentence(scheme: Scheme, items: list[SchemeItem]) -> str:
    """Say what the scheme is made of, and how its mark is given."""
    areas, principles = (sum(i.item_kind == kind for i in items) for kind in ("area", "principle"))
    mark = (
        f"Mark: {scheme.award_rule}, level {number_text(scheme.award_level)}, valid {scheme.validity_years} years." if scheme.award_level else "No mark known."
    )
    parts = f"{areas} areas" + (f", {principles} principles" if principles else "")
    sure = scheme.scheme_confidence.replace("_", " ")
    return f"{scheme.scheme_name}, edition {scheme.scheme_edition}: {parts}, {scheme.n_levels} levels. {mark} Source: {scheme.scheme_source} ({sure})."


def draw_city(edition: str, scheme: Scheme, items: list[SchemeItem], view: str) -> None:
    """Show one city's areas over its cycles, and how far the tracks agree."""
    every = ask(edition, "assessments", scheme.scheme_code)
    names = {a.city_code: f"{a.city_name}, {a.member_name}" for a in every}
    code = choose("City", list(names), key="city", spell=lambda c: names[c])
    st.subheader(plain(names[code]))
    areas = ask(edition, "assessed_areas", scheme.scheme_code, code)
    listed = [i for i in items if i.item_kind == "area"]
    draw_areas(listed, [a for a in every if a.city_code == code], areas)
    st.caption("A question mark: the level of this area was not published. It stays unknown; nothing is filled in.")
    table = areas_table(f"{names[code]}: areas of {scheme.scheme_name}", listed, areas, edition_id=edition, view=f"{view}&city={code}")
    draw_table(table, key=f"areas-{scheme.scheme_code}-{code}")
    for agreement in ask(edition, "agreements", scheme.scheme_code, code):
        kappa = "not defined" if agreement.kappa is None else f"{agreement.kappa:.2f}"
        equal = ".." if agreement.share_equal is None else f"{100 * agreement.share_equal:.0f} %"
        gap = ".." if agreement.mean_gap is None else f"{agreement.mean_gap:+.2f}"
        tracks = f"{agreement.first_track} and {agreement.second_track}"
        st.markdown(plain(f"{tracks} rated {agreement.n_areas_both} areas both: {equal} equal, mean gap {gap}, quadratic-weighted kappa {kappa}."))


def draw_beside(edition: str, scheme: Scheme) -> None:
    """Show levels beside the indicators that an area may be looked at with."""
    st.subheader("Levels beside outcomes")
    outcomes: list[Outcome] = ask(edition, "maturity_outcomes", scheme.scheme_code)
    if not outcomes:
        st.info("No city has both an assessment and a figure of a linked indicator.", icon=":material/info:")
        return
    keys = {f"{o.item_code}~{o.indicator_code}": f"{o.item_name} · {o.indicator_name}" for o in outcomes}
    key = choose("Area and indicator", list(keys), key="outcome", spell=lambda k: keys[k])
    shown = [o for o in outcomes if f"{o.item_code}~{o.indicator_code}" == key]
    draw_outcomes(shown)
    reason, direction = shown[0].outcome_reason, DIRECTIONS[shown[0].direction_code]
    st.markdown(plain(f"{shown[0].indicator_name}: {direction}. Why they are looked at together: {reason}."))
    if len(shown) < FEW_CITIES:
        st.warning(f"{len(shown)} {'city has' if len(shown) == 1 else 'cities have'} both; that is too few to see any relation.", icon=":material/warning:")
    st.caption(
        "The level is of the whole city where the area's own level was not published; dates of level and figure differ and stand in each point's text. "
        "One figure of each city: the boundary and definition that compare with most cities."
    )


def render() -> None:
    edition = require_edition().edition_id
    st.title("Maturity")
    schemes = {s.scheme_code: s for s in ask(edition, "schemes")}
    code = choose("Scheme", list(schemes), key="scheme", spell=lambda c: schemes[c].scheme_name)
    scheme, items = schemes[code], ask(edition, "scheme_items", code)
    st.caption(plain(scheme_sentence(scheme, items)))
    assessments = ask(edition, "assessments", code)
    view = f"/maturity?edition={edition}&scheme={code}"
    if not assessments:
        st.info("Nobody has sent an assessment by this scheme yet. Its areas:", icon=":material/info:")
        draw_table(areas_table(scheme.scheme_name, [i for i in items if i.item_kind == "area"], [], edition_id=edition, view=view), key=f"areas-{code}")
        return
    st.subheader("Assessments")
    notes = (
        "Levels as published. Mean it can be: from the areas and counts published, with every other area at its lowest and at its highest possible level.",
    )
    draw_table(assessments_table(f"Assessments by {scheme.scheme_name}", assessments, notes=notes, edition_id=edition, view=view), key=f"assessments-{code}")
    draw_city(edition, scheme, items, view)
    draw_beside(edition, scheme)


if __name__ in ("__main__", "__page__"):
    render()
