"""Who acts: a person with an account, a machine with a token, or this machine's own command line.

Belongs here: roles and the actor. Does not belong here: who may do what (policy), passwords (accounts).
"""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """The five roles of the forum, the administrator of accounts, the local operator, and nobody in particular."""

    MEMBER = "member"
    COORDINATOR = "coordinator"
    REVIEWER = "reviewer"
    EDITOR = "editor"
    RESEARCHER = "researcher"
    ADMINISTRATOR = "administrator"
    OPERATOR = "operator"
    ANONYMOUS = "anonymous"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts; ``account_id`` is empty for the local operator and for strangers, ``member_code`` for those of no country."""

    name: str
    role: Role
    member_code: str = ""
    account_id: str = ""
    is_active: bool = True


ANONYMOUS = Actor("anonymous", Role.ANONYMOUS)


def operator(name: str) -> Actor:
    """The person at this machine: the command line and the inbox, whose folder says the member."""
    return Actor(name, Role.OPERATOR)
