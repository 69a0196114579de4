"""Core set: the indicators that the white paper asks every city for, their coverage, and their definition cards."""

import streamlit as st

from app.components.cards import LANGUAGE_NAMES, draw_cards
from app.components.conditions import held_reason
from app.components.controls import Controls
from app.components.set_charts import draw_coverage
from app.components.tables import draw_table
from app.components.words import plain
from app.readers import ask, require_edition
from pipelines.exports.set_tables import NEWEST_COLUMNS, SET_COLUMNS, newest_table, set_table
from pipelines.exports.views import View
from pipelines.warehouse.querying_sets import SetFigure, SetItem


def draw_introduction(items: list[SetItem], *, korean: bool) -> None:
    """Say what the set is for, who adopted it, and how much of it is there."""
    first = items[0]
    st.markdown(plain(first.set_purpose_ko if korean else first.set_purpose))
    st.caption(plain(f"Version {first.set_version}. {first.set_adopter}. {first.set_source} ({first.set_confidence.replace('_', ' ')})."))
    sent = sum(i.n_cities_with_value > 0 for i in items)
    topics = len({i.topic_name for i in items})
    left, middle, right = st.columns(3)
    left.metric("Indicators", f"{len(items)} in {topics} topics")
    middle.metric("With a figure", f"{sent} of {len(items)}")
    right.metric("Best covered", f"{max(i.n_cities_with_value for i in items)} cities")


def draw_cities(page: Controls, items: list[SetItem], figures: list[SetFigure], view: View) -> None:
    """Show which city has sent what, as a chart and as a table."""
    st.subheader("What cities have sent")
    if not figures:
        st.info("No city has sent a figure of this set yet.", icon=":material/info:")
        return
    sent = [i for i in items if i.n_cities_with_value]
    draw_coverage(sent, figures)
    left_out = f" {len(items) - len(sent)} indicators have no figure from any city and are left out of the picture." if len(sent) < len(items) else ""
    st.caption(f"Numbers in the squares are years: 21 is 2021. Pale squares are figures of another boundary than the city's own.{left_out}")
    title = f"{items[0].set_name}: newest figure of each city"
    notes = ("One figure of each city and indicator: the boundary and definition that compare with most cities; others stand on the City page.",)
    draw_table(newest_table(title, items, figures, notes=notes, view=view), page=page, key="newest")


def render() -> None:
    edition = require_edition().edition_id
    st.title("Core set")
    page = Controls("core_set", "Core set", edition)
    every: list[SetItem] = ask(edition, "set_items")
    names = {i.set_code: i.set_name for i in every}
    code = page.choose("set", list(names), label="Indicator set", spell=lambda c: names[c])
    korean = page.choose("words", list(LANGUAGE_NAMES), label="Names of topics", spell=lambda c: LANGUAGE_NAMES[c]) == "ko"
    items, figures = [i for i in every if i.set_code == code], ask(edition, "set_figures", code)
    labels = {i.indicator_code: f"{i.topic_name_ko if korean else i.topic_name} · {i.indicator_name}" for i in items}
    page.table("items", SET_COLUMNS)
    indicator = page.choose("indicator", list(labels), label="Indicator", spell=lambda c: labels[c], language="ko" if korean else "en")
    page.table("newest", NEWEST_COLUMNS, held=held_reason(edition, figures))
    view = page.settle()
    left, right = st.columns([3, 1])
    with left:
        page.draw("set")
    with right:
        page.draw("words")
    draw_introduction(items, korean=korean)
    notes = ("Cities with a figure: of any year and boundary. An indicator without one is in the set because it is asked for.",)
    title = items[0].set_name_ko if korean else items[0].set_name
    draw_table(set_table(title, items, korean=korean, notes=notes, view=view), page=page, key="items")
    st.subheader("Definition card")
    page.draw("indicator")
    draw_cards(ask(edition, "cards", indicator))
    draw_cities(page, items, figures, view)


if __name__ in ("__main__", "__page__"):
    render()
