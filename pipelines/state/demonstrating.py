"""Accounts to try an installation with.

Belongs here: one account per role where there is none at all. Does not belong here: printing their passwords (cli).
"""

import datetime
import secrets

from sqlalchemy import Engine

from pipelines.domain.actors import Role, operator
from pipelines.state.accounts import create_account, list_accounts

ROLES = (Role.MEMBER, Role.COORDINATOR, Role.REVIEWER, Role.EDITOR, Role.RESEARCHER, Role.ADMINISTRATOR)


def make_demonstration_accounts(engine: Engine, *, now: datetime.datetime) -> list[tuple[str, str, str]]:
    """Create one account per role when there is none at all.

    Returns:
        Login, random password and member of each; empty when there are accounts.
    """
    if list_accounts(engine):
        return []
    made = []
    for role in ROLES:
        member, password = "KOR" if role in (Role.MEMBER, Role.COORDINATOR) else "", secrets.token_urlsafe(12)
        create_account(engine, operator("command"), login=f"demo-{role}", password=password, role=role, member_code=member, now=now)
        made.append((f"demo-{role}", password, member))
    return made
