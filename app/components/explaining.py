"""What keeps a file from being sent until it is explained: the causes, each with a box for words and a button to confirm.

Belongs here: causes to controls, controls to answers. Does not belong here: what counts as explained (domain, submissions).
"""

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from app.components.words import plain
from pipelines.contracts.labels import label
from pipelines.domain.answers import Answers
from pipelines.domain.causes import CONFIRMED, is_confirmation
from pipelines.domain.findings import Cause, CheckReport
from pipelines.settings import Settings

MAX_CAUSES = 25


def draw_open_causes(report: CheckReport, language: str) -> None:
    """Say what keeps the file from being sent, each cause once."""
    word = label(Settings().contracts_dir, "verdict_needs_explanation", language)
    causes = report.open_causes
    lines = [f"- {plain(c.key)} ({c.n_found}, {plain(c.findings[0].place)})" for c in causes[:MAX_CAUSES]]
    lines += [f"- … {len(causes) - MAX_CAUSES}"] if len(causes) > MAX_CAUSES else []
    st.warning("  \n".join([f"**{plain(word)}** ({len(causes)})", "", *lines]), icon=":material/warning:")


def asks_for_explanations(answers: Answers, language: str, *, key: str, keep: Callable[[Answers], None]) -> Callable[[list[Cause]], None]:
    """Give what draws the causes of one group of findings, with their controls.

    Args:
        keep: takes the new answers when the person gave one; a page then runs anew.
    """

    def draw(causes: list[Cause]) -> None:
        for cause in causes[:MAX_CAUSES]:
            if (given := _ask_cause(cause, answers, language, key=f"{key}-{cause.key}")) is not None:
                keep(replace(answers, explanations=given))
        if len(causes) > MAX_CAUSES:
            st.caption(f"… {len(causes) - MAX_CAUSES}")

    return draw


def _ask_cause(cause: Cause, answers: Answers, language: str, *, key: str) -> dict[str, str] | None:
    """Draw one cause; returns all explanations anew when this one was answered or taken back."""

    def word(name: str) -> str:
        return label(Settings().contracts_dir, name, language)

    given = dict(answers.explanations)
    if not cause.is_open:
        said = word("figures_confirmed") if is_confirmation(cause.words) else cause.words
        st.markdown(f":material/check: {plain(cause.key)}  \n**{plain(word('explanation'))}** {plain(said)}")
        if cause.key in given and st.button(word("take_explanation_back"), key=f"back-{key}"):
            del given[cause.key]
            return given
        return None
    with st.form(f"explain-{key}", border=False):
        words = st.text_input(f"{plain(cause.key)} ({cause.n_found})", placeholder=word("explain_cause"), key=f"words-{key}")
        left, right = st.columns(2)
        is_kept = left.form_submit_button(word("keep_explanation"), key=f"keep-{key}")
        is_right = right.form_submit_button(word("figures_are_right"), key=f"right-{key}")
    if is_right:
        return {**given, cause.key: CONFIRMED}
    return {**given, cause.key: words.strip()} if is_kept and words.strip() else None
