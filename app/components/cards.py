"""Definition cards: what an indicator shows, how it is made, what is easily mistaken, in own words.

Belongs here: drawing a card. Does not belong here: any text of a card.
"""

import streamlit as st

from app.components.words import plain
from pipelines.warehouse.querying_sets import Card

LANGUAGE_NAMES = {"en": "English", "ko": "한국어"}
LABELS = {"en": ("What it shows", "How it is made", "Take care"), "ko": ("무엇을 나타내는가", "어떻게 만드는가", "주의할 점")}


def draw_cards(cards: list[Card]) -> None:
    """Show a card in each language it is written in, one beside the other."""
    if not cards:
        return
    for column, card in zip(st.columns(len(cards)), cards, strict=True):
        with column, st.container(border=True):
            st.markdown(f"**{plain(card.card_title)}** · {LANGUAGE_NAMES.get(card.language_code, card.language_code)}")
            texts = (card.card_meaning, card.card_formula, card.card_caution)
            for label, text in zip(LABELS.get(card.language_code, LABELS["en"]), texts, strict=True):
                st.markdown(f"**{label}**  \n{plain(text)}")
            st.caption(plain(f"{card.card_source}; not the text of a standard."))
