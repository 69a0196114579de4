"""Controls whose state stands in the address, by code and not by label.

Belongs here: one select box and one multiple choice, kept equal to the address. Does not belong here: options.
"""

from collections.abc import Callable, Sequence

import streamlit as st

SEPARATOR = "~"


def _adopt(key: str, valid: Callable[[str], bool]) -> None:
    """Take the address's word when it changed since we wrote it: a link was followed or Back was pressed."""
    asked = st.query_params.get(key)
    if asked is not None and asked != st.session_state.get(f"_{key}_written") and valid(asked):
        st.session_state[key] = asked


def choose(label: str, options: Sequence[str], *, key: str, spell: Callable[[str], str]) -> str:
    """Draw a select box.

    Args:
        options: codes; never empty.
        key: name of the control and of its part of the address.
        spell: code to label.

    Returns:
        The chosen code.
    """
    _adopt(key, lambda code: code in options)
    if st.session_state.get(key) not in options:
        st.session_state.pop(key, None)
    chosen = str(st.selectbox(label, options, format_func=spell, key=key))
    st.query_params[key] = st.session_state[f"_{key}_written"] = chosen
    return chosen


def choose_some(label: str, options: Sequence[str], *, key: str, all_of_them: str) -> list[str]:
    """Draw a multiple choice; nothing chosen means all.

    Returns:
        The chosen options, empty for all.
    """
    asked = st.query_params.get(key)
    if asked is not None and asked != st.session_state.get(f"_{key}_written"):
        st.session_state[key] = [part for part in asked.split(SEPARATOR) if part in options]
    kept = [part for part in st.session_state.get(key, []) if part in options]
    if kept != st.session_state.get(key, []):
        st.session_state[key] = kept
    chosen = [str(part) for part in st.multiselect(label, options, key=key, placeholder=all_of_them)]
    st.session_state[f"_{key}_written"] = SEPARATOR.join(chosen) or None
    if chosen:
        st.query_params[key] = SEPARATOR.join(chosen)
    elif key in st.query_params:
        del st.query_params[key]
    return chosen
