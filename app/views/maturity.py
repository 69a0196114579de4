"""Maturity: published levels by scheme, areas over cycles, and levels beside outcomes."""

import streamlit as st

from app.components.controls import Controls
from app.components.maturity_charts import draw_areas, draw_outcomes
from app.components.tables import draw_table
from app.components.words import DIRECTIONS, plain
from app.identity import now
from app.readers import ask, require_edition
from pipelines.exports.maturity_tables import AREA_COLUMNS, ASSESSMENT_COLUMNS, areas_table, assessments_table
from pipelines.exports.tables import number_text
from pipelines.exports.views import View
from pipelines.warehouse.querying_maturity import Assessment, Outcome, Scheme, SchemeItem

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


def draw_city(page: Controls, scheme: Scheme, items: list[SchemeItem], every: list[Assessment], code: str, view: View) -> None:
    """Show one city's areas over its cycles, and how far the tracks agree."""
    edition, name = page.edition_id, city_names(every)[code]
    page.draw("city")
    st.subheader(plain(name))
    areas = ask(edition, "assessed_areas", scheme.scheme_code, code)
    listed = [i for i in items if i.item_kind == "area"]
    draw_areas(listed, [a for a in every if a.city_code == code], areas)
    st.caption("A question mark: the level of this area was not published. It stays unknown; nothing is filled in.")
    table = areas_table(f"{name}: areas of {scheme.scheme_name}", listed, areas, today=now().date(), view=view)
    draw_table(table, page=page, key="areas")
    for agreement in ask(edition, "agreements", scheme.scheme_code, code):
        kappa = "not defined" if agreement.kappa is None else f"{agreement.kappa:.2f}"
        equal = ".." if agreement.share_equal is None else f"{100 * agreement.share_equal:.0f} %"
        gap = ".." if agreement.mean_gap is None else f"{agreement.mean_gap:+.2f}"
        tracks = f"{agreement.first_track} and {agreement.second_track}"
        st.markdown(plain(f"{tracks} rated {agreement.n_areas_both} areas both: {equal} equal, mean gap {gap}, quadratic-weighted kappa {kappa}."))


def outcome_names(outcomes: list[Outcome]) -> dict[str, str]:
    """Each pair of area and indicator by its code."""
    return {f"{o.item_code}~{o.indicator_code}": f"{o.item_name} · {o.indicator_name}" for o in outcomes}


def city_names(assessments: list[Assessment]) -> dict[str, str]:
    """Each assessed city by its code."""
    return {a.city_code: f"{a.city_name}, {a.member_name}" for a in assessments}


def draw_beside(page: Controls, outcomes: list[Outcome], key: str) -> None:
    """Show levels beside the indicators that an area may be looked at with."""
    st.subheader("Levels beside outcomes")
    if not outcomes:
        st.info("No city has both an assessment and a figure of a linked indicator.", icon=":material/info:")
        return
    page.draw("outcome")
    shown = [o for o in outcomes if f"{o.item_code}~{o.indicator_code}" == key]
    draw_outcomes(shown)
    reason, direction = shown[0].outcome_reason, DIRECTIONS[shown[0].direction_code]
    st.markdown(plain(f"{shown[0].indicator_name}: {direction}. Why they are looked at together: {reason}."))
    if len(shown) < FEW_CITIES:
        st.warning(f"{len(shown)} {'city has' if len(shown) == 1 else 'cities have'} both; that is too few to see any relation.", icon=":material/warning:")
    n_own = sum(o.area_level is not None for o in shown)
    st.caption(
        f"Filled, {n_own} of {len(shown)}: the area's own level. Hollow: the level of the whole city, since the area's own was not published; the line is "
        "the means that its unknown areas allow. Dates of level and figure differ and stand in each point's text. "
        "One figure of each city: the boundary and definition that compare with most cities."
    )


def render() -> None:
    edition = require_edition().edition_id
    st.title("Maturity")
    page = Controls("maturity", "Maturity", edition)
    schemes = {s.scheme_code: s for s in ask(edition, "schemes")}
    code = page.choose("scheme", list(schemes), label="Scheme", spell=lambda c: schemes[c].scheme_name)
    scheme, items = schemes[code], ask(edition, "scheme_items", code)
    assessments, outcomes = ask(edition, "assessments", code), ask(edition, "maturity_outcomes", code)
    city = outcome = ""
    page.table("assessments", ASSESSMENT_COLUMNS)
    if assessments:
        names = city_names(assessments)
        city = page.choose("city", list(names), label="City", spell=lambda c: names[c])
    page.table("areas", AREA_COLUMNS)
    if assessments and outcomes:
        pairs = outcome_names(outcomes)
        outcome = page.choose("outcome", list(pairs), label="Area and indicator", spell=lambda k: pairs[k])
    view = page.settle()
    page.draw("scheme")
    st.caption(plain(scheme_sentence(scheme, items)))
    if not assessments:
        st.info("Nobody has sent an assessment by this scheme yet. Its areas:", icon=":material/info:")
        listed = [i for i in items if i.item_kind == "area"]
        draw_table(areas_table(scheme.scheme_name, listed, [], today=now().date(), view=view), page=page, key="areas")
        return
    st.subheader("Assessments")
    notes = (
        "Levels as published. Mean it can be: from the areas and counts published, with every other area at its lowest and at its highest possible level.",
    )
    table = assessments_table(f"Assessments by {scheme.scheme_name}", assessments, notes=notes, today=now().date(), view=view)
    draw_table(table, page=page, key="assessments")
    draw_city(page, scheme, items, assessments, city, view)
    draw_beside(page, outcomes, outcome)


if __name__ in ("__main__", "__page__"):
    render()
