"""What a page says of an address that names something unknown; no other figure is shown in its place.

Belongs here: the refusal, in the language of the reader's browser. Does not belong here: which words are known.
"""

import html
from typing import NoReturn
from urllib.parse import urlencode, urlsplit

import streamlit as st

from app.components.words import plain
from app.identity import home
from pipelines.contracts.labels import label, language_of


def reader_language() -> str:
    """The catalogue's language for the reader's browser."""
    return language_of(st.context.locale or "en")


def say_unknown_word(part: str, word: str) -> NoReturn:
    """Say that a part of the address names something unknown, and stop."""
    _say(part, "link_unknown_word", part=part, word=word)


def say_unknown_part(part: str) -> NoReturn:
    """Say that a page does not know a part of the address, and stop."""
    _say(part, "link_unknown_part", part=part)


def require_one_word(part: str) -> None:
    """Stop at a part that stands in the address more than once."""
    words = st.query_params.get_all(part)
    if len(words) > 1:
        say_unknown_word(part, ", ".join(words))


def _say(dropped: str, message: str, **values: str) -> NoReturn:
    language, folder = reader_language(), home().contracts_dir
    st.error(plain(label(folder, message, language, **values)), icon=":material/link_off:")
    rest = urlencode([(key, word) for key in st.query_params if key != dropped for word in st.query_params.get_all(key)])
    path = urlsplit(st.context.url or "").path or "/"
    target = html.escape(f"{path}?{rest}" if rest else path, quote=True)
    st.html(f'<a href="{target}" target="_self">{html.escape(label(folder, "link_without", language, part=dropped))}</a>')
    st.stop()
