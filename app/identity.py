"""Who sits before the page: the session behind the cookie, read again at every run.

Belongs here: cookie to actor, and the store in her name. Does not belong here: what she may do (policy).
"""

import datetime
from functools import lru_cache

import streamlit as st

from pipelines.domain.actors import ANONYMOUS, Actor
from pipelines.settings import Settings
from pipelines.state.accounts import actor_of, sign_out
from pipelines.state.engines import Engine, open_state
from pipelines.submissions.accepting import Store
from pipelines.submissions.checking import Home

COOKIE = "citybench_session"


@lru_cache(maxsize=1)
def engine() -> Engine:
    """Open the state database once per process."""
    settings = Settings()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    return open_state(settings.database_url, head_files=settings.head_files)


def now() -> datetime.datetime:
    """The shell's clock."""
    return datetime.datetime.now(datetime.UTC)


def home() -> Home:
    """Where contracts and models lie."""
    settings = Settings()
    return Home(settings.contracts_dir, settings.dbt_dir)


def store_of(actor: Actor) -> Store:
    """The store, acting for this person."""
    return Store(engine(), Settings().landing_dir, actor, now())


def actor_of_cookie(token: str) -> Actor:
    """Give who holds a session cookie, with the role of this moment; anonymous otherwise."""
    return (actor_of(engine(), token, kind="session", now=now()) if token else None) or ANONYMOUS


def present_actor() -> Actor:
    """Give who sits before this page."""
    token = st.context.cookies.get(COOKIE, "")
    return actor_of_cookie(token) if isinstance(token, str) else ANONYMOUS


def leave() -> None:
    """End the session of this page, here and in every tab."""
    sign_out(engine(), st.context.cookies.get(COOKIE, ""), now=now())
