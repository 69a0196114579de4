"""Who may do what: one function, deny by default.

Belongs here: the matrix of roles and actions. Does not belong here: hiding buttons (app), HTTP (app).
"""

from enum import StrEnum

from pipelines.domain.actors import Actor, Role
from pipelines.domain.errors import RefusedError


class Action(StrEnum):
    """What can be asked for; every service function names its own."""

    READ_EDITION = "read_edition"
    CHECK_FILE = "check_file"
    SUBMIT_FILE = "submit_file"
    READ_SUBMISSION = "read_submission"
    KEEP_DRAFT = "keep_draft"
    READ_DRAFT = "read_draft"
    MAKE_TEMPLATE = "make_template"
    USE_TOKEN = "use_token"  # noqa: S105 - the name of an action
    READ_LEDGER = "read_ledger"
    MANAGE_ACCOUNTS = "manage_accounts"
    BUILD_EDITION = "build_edition"


OWN, ANY, NONE = "own", "any", ""
# Role by action: for which member's things. ``own`` is the actor's own member.
MATRIX: dict[Action, dict[Role, str]] = {
    Action.READ_EDITION: dict.fromkeys(Role, ANY),
    Action.CHECK_FILE: {Role.MEMBER: OWN, Role.COORDINATOR: OWN, Role.EDITOR: ANY, Role.OPERATOR: ANY},
    Action.SUBMIT_FILE: {Role.MEMBER: OWN, Role.COORDINATOR: OWN, Role.OPERATOR: ANY},
    Action.READ_SUBMISSION: {Role.MEMBER: OWN, Role.COORDINATOR: OWN, Role.REVIEWER: ANY, Role.EDITOR: ANY, Role.OPERATOR: ANY},
    Action.KEEP_DRAFT: {Role.MEMBER: OWN, Role.COORDINATOR: OWN},
    Action.READ_DRAFT: {Role.MEMBER: OWN, Role.COORDINATOR: OWN},
    Action.MAKE_TEMPLATE: {Role.MEMBER: OWN, Role.COORDINATOR: OWN, Role.EDITOR: ANY, Role.OPERATOR: ANY},
    Action.USE_TOKEN: {Role.MEMBER: OWN, Role.COORDINATOR: OWN},
    Action.READ_LEDGER: {Role.REVIEWER: ANY, Role.EDITOR: ANY, Role.ADMINISTRATOR: ANY, Role.OPERATOR: ANY},
    Action.MANAGE_ACCOUNTS: {Role.ADMINISTRATOR: ANY, Role.OPERATOR: ANY},
    Action.BUILD_EDITION: {Role.EDITOR: ANY, Role.OPERATOR: ANY},
}


def allow(actor: Actor, action: Action, member_code: str = "") -> bool:
    """Say whether an actor may do something to a member's things.

    Args:
        member_code: whose things; empty for what belongs to nobody in particular.
    """
    scope = MATRIX[action].get(actor.role, NONE)
    if not actor.is_active or scope == NONE:
        return False
    return scope == ANY or (actor.member_code != "" and actor.member_code == member_code)


def require(actor: Actor, action: Action, member_code: str = "") -> None:
    """Refuse what is not allowed.

    Raises:
        RefusedError: says what was asked and who may do it.
    """
    if not allow(actor, action, member_code):
        raise RefusedError(f"{actor.name} ({actor.role}) may not {action.replace('_', ' ')}{f' for {member_code}' if member_code else ''}.")
