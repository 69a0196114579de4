"""The controls of a page: each is read from the address or from its widget, checked, and drawn; together they are the page's view.

Belongs here: choices, typed words, and order and chosen row of tables. Does not belong here: options, how a view is spelt (exports).
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

import streamlit as st

from app.components.links import require_one_word, say_unknown_part, say_unknown_word
from pipelines.exports.tables import DOWN, TableColumn, may_order_by, number_text
from pipelines.exports.views import EDITION, Control, View

SEPARATOR = "~"
SITE = "Asian city benchmark"


@dataclass(slots=True)
class TableState:
    """How a table stands: the column it is ordered by (``-`` for downwards, empty for its own order), its chosen row, its codes."""

    key: str
    by: str
    row: str
    codes: Sequence[str]
    held: str
    generation: int


@dataclass(slots=True)
class Controls:
    """Every control of one page, in its order.

    First each control is asked for its word, which stops the page at a word that nobody knows; then ``settle`` gives the view and writes the address;
    then each is drawn where it belongs. A word comes from the address when that changed since it was written (a link, Back), else from the widget.
    """

    page: str
    title: str
    edition_id: str = ""
    _controls: dict[str, Control] = field(default_factory=dict)
    _draws: dict[str, Callable[[], object]] = field(default_factory=dict)
    _tables: dict[str, TableState] = field(default_factory=dict)

    def key(self, name: str) -> str:
        """The key of a control's widget."""
        return f"{self.page}.{name}"

    def choose(
        self, name: str, options: Sequence[str], *, label: str, spell: Callable[[str], str] = str, default: str | None = None, refused: Sequence[str] = (),
        language: str = "",
    ) -> str:  # fmt: skip
        """Ask for one of some codes.

        Args:
            options: codes; never empty.
            spell: code to what a person reads.
            default: the code without a word; the first one unless named.
            refused: codes that are known, but not to be had for what is shown; the page says why.
            language: of what a person reads, where it can change: a browser keeps the words that it has for a control until there is another one.

        Returns:
            The chosen code.
        """
        key, spell = f"{self.key(name)}.{language}" if language else self.key(name), told_apart(options, spell)
        word, is_new = self.word(name, st.session_state.get(key))
        if word is not None and word not in options:
            if is_new and word not in refused:
                say_unknown_word(name, word)
            word = None
        chosen = (options[0] if default is None else default) if word is None else word
        self.keep(name, chosen, label=label, spelled=spell(chosen), draw=lambda: st.selectbox(label, options, format_func=spell, key=key))
        hold(key, chosen)
        return chosen

    def choose_some(self, name: str, options: Sequence[str], *, label: str, spell: Callable[[str], str] = str, all_of_them: str) -> list[str]:
        """Ask for several of some codes; none chosen means all, and is no part of the address.

        Returns:
            The chosen codes, empty for all.
        """
        key, spell = self.key(name), told_apart(options, spell)
        held = st.session_state.get(key)
        word, is_new = self.word(name, None if held is None else SEPARATOR.join(held))
        parts = word.split(SEPARATOR) if word else []
        for unknown in (part for part in parts if part not in options and is_new):
            say_unknown_word(name, unknown)
        chosen = [part for part in dict.fromkeys(parts) if part in options]
        draw = lambda: st.multiselect(label, options, format_func=spell, key=key, placeholder=all_of_them)  # noqa: E731
        self.keep(name, SEPARATOR.join(chosen), label=label, spelled=", ".join(map(spell, chosen)), draw=draw)
        hold(key, chosen)
        return chosen

    def number(self, name: str, *, label: str, start: float, scope: str) -> float:
        """Ask for a number.

        Args:
            start: the number without a word.
            scope: what the number is about; typed for another scope, it counts no more.
        """
        key = f"{self.key(name)}.{scope}"
        held = st.session_state.get(key)
        word, is_new = self.word(name, None if held is None else repr(float(held)), scope=scope)
        number = start if word is None else number_of(word)
        if number is None:
            if is_new and word is not None:
                say_unknown_word(name, word)
            number = start
        self.keep(name, repr(number), label=label, spelled=number_text(number), draw=lambda: st.number_input(label, key=key))
        hold(key, number)
        return number

    def word(self, name: str, held: str | None, *, scope: str = "") -> tuple[str | None, bool]:
        """Give a control's word, and whether it is the address's own and not one that we wrote.

        Args:
            held: the word of the widget as it stands; none when it was not drawn.
            scope: what the word is about; a word that we wrote for another scope counts no more.
        """
        require_one_word(name)
        asked, written = st.query_params.get(name), st.session_state.get(f"{self.key(name)}.written")
        is_same_scope = st.session_state.get(f"{self.key(name)}.scope", scope) == scope
        st.session_state[f"{self.key(name)}.scope"] = scope
        if asked != written:
            return asked, True
        return (held if held is not None else asked) if is_same_scope else None, False

    def keep(self, name: str, word: str, *, label: str, spelled: str, draw: Callable[[], object]) -> None:
        """Take a control into the view with its word; an empty word is no part of the address."""
        self._controls[name] = Control(name, word, label, spelled)
        self._draws[name] = draw

    def table(
        self, key: str, columns: Sequence[TableColumn], *, row: str = "", codes: Sequence[str] = (), spell: Callable[[str], str] = str, held: str = ""
    ) -> str:
        """Ask how a table stands: by which column it is ordered, and which row is chosen.

        Args:
            key: name of the table; ``KEY_by`` is its order's part of the address.
            row: name of the chosen row's part of the address; without one no row can be chosen.
            codes: code of each row.
            held: why no ranking may be made of the rows; empty where one may.

        Returns:
            The code of the chosen row, empty for none.
        """
        order = f"{key}_by"
        state = TableState(key, "", "", codes, held, int(st.session_state.get(f"{self.key(key)}.generation", 0)))
        known = {c.key: c.label for c in columns}
        self._take_clicks(state, order, row)
        word, is_new = self.word(order, st.session_state.get(self.key(order)))
        by = word or ""
        if by and by.removeprefix(DOWN) not in known:
            if is_new:
                say_unknown_word(order, by)
            by = ""
        if is_new:
            state.generation += 1
        state.by = by if may_order_by(by.removeprefix(DOWN), is_held=bool(held)) else ""
        spelled = known.get(state.by.removeprefix(DOWN), "") + (", downwards" if state.by.startswith(DOWN) else "")
        self.keep(order, state.by, label="Ordered by", spelled=spelled, draw=lambda: None)
        st.session_state[self.key(order)] = state.by
        if row:
            state.row = self._chosen_row(state, row, spell)
        st.session_state[f"{self.key(key)}.generation"] = state.generation
        self._tables[key] = state
        return state.row

    def _chosen_row(self, state: TableState, name: str, spell: Callable[[str], str]) -> str:
        word, is_new = self.word(name, st.session_state.get(self.key(name)))
        chosen = word or ""
        if chosen and chosen not in state.codes:
            if is_new:
                say_unknown_word(name, chosen)
            chosen = ""
        if is_new:
            state.generation += 1
        self.keep(name, chosen, label="Row", spelled=spell(chosen) if chosen else "", draw=lambda: None)
        st.session_state[self.key(name)] = chosen
        return chosen

    def _take_clicks(self, state: TableState, order: str, row: str) -> None:
        """Take what was clicked in the table since it was drawn: a heading turns its order, a row is chosen or left."""
        drawn = st.session_state.get(f"{self.key(state.key)}.drawn")
        event = st.session_state.get(self.frame_key(state))
        if not drawn or not event:
            return
        rows, headings = list(event["selection"]["rows"]), list(event["selection"]["columns"])
        if row and rows != drawn["rows"]:
            drawn["rows"] = rows
            st.session_state[self.key(row)] = drawn["codes"][rows[0]] if rows and rows[0] < len(drawn["codes"]) else ""
        if headings:
            key = drawn["columns"].get(headings[0], "")
            st.session_state[self.key(order)] = turned(str(st.session_state.get(self.key(order)) or ""), key)
            state.generation += 1

    def frame_key(self, state: TableState) -> str:
        """The key of a table's widget; another one after each change of its order, so that no old selection stays."""
        return f"{self.key(state.key)}.frame.{state.generation}"

    def state_of(self, key: str) -> TableState:
        """How a table stands."""
        return self._tables[key]

    def remember(self, state: TableState, *, rows: list[int], codes: Sequence[str], columns: dict[str, str]) -> None:
        """Remember how a table was drawn, to understand the next click: chosen rows, code of each row, shown heading to key."""
        st.session_state[f"{self.key(state.key)}.drawn"] = {"rows": rows, "codes": list(codes), "columns": columns}

    def settle(self) -> View:
        """Give the view of every control asked so far, and write its address; stops the page at a part that it does not know."""
        for name in st.query_params:
            if name != EDITION and name not in self._controls and st.query_params[name] != st.session_state.get(f"{self.key(name)}.written"):
                say_unknown_part(name)
        view = View(self.page, self.title, self.edition_id, tuple(c for c in self._controls.values() if c.word))
        if st.query_params.to_dict() != view.words:
            st.query_params.from_dict(view.words)
        for name in {*self._controls, *(k.split(".")[1] for k in st.session_state if isinstance(k, str) and self._is_written(k))}:
            st.session_state[f"{self.key(name)}.written"] = view.words.get(name)
        st.set_page_config(page_title=f"{view.title} · {SITE}")
        return view

    def _is_written(self, key: str) -> bool:
        return key.startswith(f"{self.page}.") and key.endswith(".written")

    def draw(self, name: str) -> Any:
        """Draw a control; gives what its widget gives."""
        return self._draws[name]()


def told_apart(options: Sequence[str], spell: Callable[[str], str]) -> Callable[[str], str]:
    """Spell codes so that no two read the same: a control knows its choice by what a person reads."""
    often = Counter(map(spell, options))
    return lambda code: spell(code) if often[spell(code)] < 2 else f"{spell(code)} ({code})"


def number_of(word: str) -> float | None:
    """Read a plain number; none where the word is no finite one."""
    try:
        number = float(word)
    except ValueError:
        return None
    return number if isfinite(number) else None


def turned(by: str, key: str) -> str:
    """The order after a click on a heading: up, down, the table's own."""
    return {key: DOWN + key, DOWN + key: ""}.get(by, key)


def hold(key: str, value: Any) -> None:
    """Put a value into a widget that is not drawn yet."""
    if st.session_state.get(key) != value:
        st.session_state[key] = value
