"""What pages read: one edition, through cached questions.

Belongs here: choosing the edition, its connection, caching. Does not belong here: SQL (warehouse), drawing.
"""

from collections.abc import Callable
from typing import Any

import streamlit as st

from app.components.links import require_one_word, say_unknown_word
from pipelines.contracts.template_rows import LastFigure
from pipelines.domain.errors import StorageError
from pipelines.editions import handing_out
from pipelines.editions.comparing import explain_index
from pipelines.editions.opening import open_published
from pipelines.editions.reading import Edition, current_edition, list_editions, read_edition
from pipelines.exports.views import EDITION
from pipelines.settings import Settings
from pipelines.submissions.previewing import Limit, Published
from pipelines.warehouse import (
    querying,
    querying_cases,
    querying_changes,
    querying_goals,
    querying_indexes,
    querying_kinds,
    querying_maturity,
    querying_sets,
)  # fmt: skip
from pipelines.warehouse.connecting import Connection

QUESTIONS = (querying, querying_cases, querying_changes, querying_goals, querying_indexes, querying_kinds, querying_maturity, querying_sets)


def chosen_edition() -> Edition:
    """Give the edition of this reader: the one in the address, else the one current when she came.

    Raises:
        StorageError: nothing is published, or the address names an unknown edition.
    """
    wanted = st.query_params.get(EDITION) or st.session_state.get("edition_id")
    directory = Settings().editions_dir
    edition = read_edition(directory, wanted) if wanted else current_edition(directory)
    st.session_state["edition_id"] = edition.edition_id
    st.query_params[EDITION] = edition.edition_id
    return edition


def require_edition() -> Edition:
    """Give the reader's edition, or say plainly why there is none and stop the page; an address that names an unknown one shows no other."""
    require_one_word(EDITION)
    try:
        return chosen_edition()
    except StorageError as error:
        if named := st.query_params.get(EDITION):
            say_unknown_word(EDITION, named)
        st.error("There is no edition to read.", icon=":material/info:")
        st.text(str(error))
        st.stop()


def connection(edition: Edition) -> Connection:
    """Open an edition once per process, from its proven files; each caller has its own cursor."""
    return open_published(edition).cursor()


@st.cache_data(max_entries=512, show_spinner=False)
def ask(edition_id: str, question: str, *arguments: Any, **options: Any) -> Any:
    """Ask one question of ``pipelines.warehouse`` by its name; an edition never changes, so answers are kept."""
    room = next(room for room in QUESTIONS if hasattr(room, question))
    return getattr(room, question)(connection(read_edition(Settings().editions_dir, edition_id)), *arguments, **options)


@st.cache_data(max_entries=64, show_spinner=False)
def explain_since(before: str, after: str, recipe_code: str) -> Any:
    """Explain the changes of ranks between two editions; both never change, so the answer is kept.

    Raises:
        UsageError: they cannot be compared; says why.
    """
    directory = Settings().editions_dir
    return explain_index(connection(read_edition(directory, before)), connection(read_edition(directory, after)), recipe_code)


def standing_editions() -> list[str]:
    """Every edition that stands, by its code."""
    return list_editions(Settings().editions_dir)


def _of_present_edition(question: Callable[..., list[tuple[Any, ...]]], *arguments: str) -> list[tuple[Any, ...]]:
    """Ask the edition of this moment, which a member's preview is about; nothing before the first one."""
    try:
        edition = current_edition(Settings().editions_dir)
    except StorageError:
        return []
    return question(connection(edition), *arguments)


def last_figures(member_code: str) -> tuple[LastFigure, ...]:
    """The member's last figures for a template; none before the first edition."""
    return handing_out.last_figures(Settings().editions_dir, member_code)


def published_figures(member_code: str) -> list[Published]:
    """Every figure of the member in the present edition."""
    return [Published(*row) for row in _of_present_edition(querying.published_of, member_code)]


def limits(member_code: str) -> list[Limit]:
    """Goal levels of the present edition that concern a member."""
    return [Limit(*row) for row in _of_present_edition(querying.goal_limits, member_code)]
