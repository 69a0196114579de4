"""Core set: the indicators that the white paper asks every city for, their coverage, and their definition cards."""

import streamlit as st

from app.components.cards import LANGUAGE_NAMES, draw_cards
from app.components.controls import choose
from app.components.set_charts import draw_coverage
from app.components.tables import draw_table
from app.components.words import plain
from app.readers import ask, require_edition
from pipelines.exports.set_tables import newest_table, set_table
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


def draw_cities(items: list[SetItem], figures: list[SetFigure], *, edition: str, view: str) -> None:
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
    draw_table(newest_table(title, items, figures, notes=notes, edition_id=edition, view=view), key="newest")


def render() -> None:
    edition = require_edition().edition_id
    st.title("Core set")
    every: list[SetItem] = ask(edition, "set_items")
    names = {i.set_code: i.set_name for i in every}
    left, right = st.columns([3, 1])
    with left:
        code = choose("Indicator set", list(names), key="set", spell=lambda c: names[c])
    with right:
        language = choose("Names of topics", list(LANGUAGE_NAMES), key="words", spell=lambda c: LANGUAGE_NAMES[c])
    items = [i for i in every if i.set_code == code]
    korean = language == "ko"
    draw_introduction(items, korean=korean)
    view = f"/core_set?edition={edition}&set={code}"
    notes = ("Cities with a figure: of any year and boundary. An indicator without one is in the set because it is asked for.",)
    title = items[0].set_name_ko if korean else items[0].set_name
    draw_table(set_table(title, items, korean=korean, notes=notes, edition_id=edition, view=view), key=f"set-{code}")
    st.subheader("Definition card")
    labels = {i.indicator_code: f"{i.topic_name_ko if korean else i.topic_name} · {i.indicator_name}" for i in items}
    indicator = choose("Indicator", list(labels), key="indicator", spell=lambda c: labels[c])
    draw_cards(ask(edition, "cards", indicator))
    draw_cities(items, ask(edition, "set_figures", code), edition=edition, view=view)


if __name__ in ("__main__", "__page__"):
    render()
