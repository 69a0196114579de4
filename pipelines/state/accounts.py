"""Local accounts, sessions and tokens.

Belongs here: accounts with their password hashes (argon2id), sessions that end at once when an account is switched off.
Does not belong here: trying a password (signing_in), who may do what (policy), cookies and pages (app).
"""

import datetime
import hashlib
import secrets
from dataclasses import dataclass

from argon2 import PasswordHasher
from sqlalchemy import Connection, Engine, func, insert, select, update

from pipelines.domain.actors import Actor, Role
from pipelines.domain.errors import RefusedError, UsageError
from pipelines.state.binding import bind_row, bind_stored
from pipelines.state.engines import reading, writing
from pipelines.state.ledger import NewEvent, append_event
from pipelines.state.tables import ACCOUNT, SESSION, UPLOAD

SESSION_HOURS = 8
TOKEN_DAYS = 90
MAX_UPLOADS, MAX_UPLOAD_BYTES, UPLOAD_MINUTES = 60, 200_000_000, 60
MIN_PASSWORD = 12
ROLES_WITH_MEMBER = (Role.MEMBER, Role.COORDINATOR)
HASHER = PasswordHasher()
NOBODY = HASHER.hash("nobody signs in with this")


@dataclass(frozen=True, slots=True)
class Account:
    """An account as listed; never with its password."""

    account_id: str
    login: str
    role: Role
    member_code: str
    is_active: bool

    @property
    def actor(self) -> Actor:
        """This account as an actor."""
        return Actor(self.login, self.role, self.member_code, self.account_id, self.is_active)


def stamp(moment: datetime.datetime) -> str:
    """Spell a moment so that texts order like times."""
    return moment.astimezone(datetime.UTC).isoformat(timespec="seconds")


def digest(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def create_account(engine: Engine, actor: Actor, *, login: str, password: str, role: Role, member_code: str, now: datetime.datetime) -> Account:
    """Create an account.

    Raises:
        UsageError: the login is taken or malformed, the password too short, or role and member do not fit.
    """
    if not login.replace("-", "").replace("_", "").replace(".", "").replace("@", "").isalnum() or len(login) > 80:
        raise UsageError(f"'{login}' cannot be a login; use letters, digits and . - _ @.")
    if len(password) < MIN_PASSWORD:
        raise UsageError(f"A password has at least {MIN_PASSWORD} characters.")
    if (role in ROLES_WITH_MEMBER) != bool(member_code) or role in (Role.OPERATOR, Role.ANONYMOUS):
        raise UsageError(f"Role {role} {'needs' if role in ROLES_WITH_MEMBER else 'cannot have'} a member.")
    account = Account(f"a-{secrets.token_hex(8)}", login, role, member_code, is_active=True)
    with writing(engine) as connection:
        if connection.execute(select(ACCOUNT.c.account_id).where(ACCOUNT.c.login == login)).first():
            raise UsageError(f"There is an account '{login}' already.")
        values = {
            "account_id": account.account_id, "login": login, "role": str(role), "member_code": member_code, "password_hash": HASHER.hash(password),
            "is_active": 1,
        }  # fmt: skip
        bind_row(connection, "account", values)
        append_event(connection, NewEvent(stamp(now), actor.account_id or actor.name, "account_created", member_code, account.account_id, {"role": str(role)}))
        connection.execute(insert(ACCOUNT).values(**values))
    return account


def list_accounts(engine: Engine) -> list[Account]:
    """List accounts by login."""
    with reading(engine) as connection:
        return [_account(row) for row in connection.execute(select(ACCOUNT).order_by(ACCOUNT.c.login)).all()]


def change_account(engine: Engine, actor: Actor, account_id: str, *, now: datetime.datetime, is_active: bool | None = None, role: Role | None = None) -> None:
    """Switch an account on or off, or change its role; its sessions feel it at their next request."""
    changes: dict[str, object] = {}
    if is_active is not None:
        changes["is_active"] = int(is_active)
    if role is not None:
        changes["role"] = str(role)
    with writing(engine) as connection:
        done = connection.execute(update(ACCOUNT).where(ACCOUNT.c.account_id == account_id).values(**changes))
        if done.rowcount != 1:
            raise UsageError(f"There is no account {account_id}.")
        bind_stored(connection, "account", account_id=account_id)
        body = {k: str(v) for k, v in changes.items()}
        append_event(connection, NewEvent(stamp(now), actor.account_id or actor.name, "account_changed", "", account_id, {**body}))


def new_session(connection: Connection, account_id: str, kind: str, expires: datetime.datetime, now: datetime.datetime) -> str:
    """Open a session or token; only its digest is stored."""
    token = secrets.token_urlsafe(32)
    values = {
        "token_sha256": digest(token), "account_id": account_id, "kind": kind, "created_at": stamp(now), "expires_at": stamp(expires), "revoked_at": "",
    }  # fmt: skip
    connection.execute(insert(SESSION).values(**values))
    bind_row(connection, "session", values)
    return token


def create_token(engine: Engine, account_id: str, *, now: datetime.datetime) -> str:
    """Create a token for machines; it is shown once."""
    with writing(engine) as connection:
        token = new_session(connection, account_id, "token", now + datetime.timedelta(days=TOKEN_DAYS), now)
        append_event(connection, NewEvent(stamp(now), account_id, "token_created", "", account_id, {}))
    return token


def actor_of(engine: Engine, token: str, *, kind: str, now: datetime.datetime) -> Actor | None:
    """Give who holds a session or token, with role and activity as they are now; ``None`` when it counts no more."""
    if not token or len(token) > 200:
        return None
    query = (
        select(ACCOUNT)
        .join(SESSION, SESSION.c.account_id == ACCOUNT.c.account_id)
        .where(SESSION.c.token_sha256 == digest(token), SESSION.c.kind == kind, SESSION.c.revoked_at == "", SESSION.c.expires_at > stamp(now))
    )
    with reading(engine) as connection:
        row = connection.execute(query).first()
    return _account(row).actor if row is not None and row.is_active else None


def present_actor(engine: Engine, actor: Actor) -> Actor:
    """Read an account's role and activity again; actors without an account stay as they are.

    Raises:
        RefusedError: the account is gone or switched off.
    """
    if not actor.account_id:
        return actor
    with reading(engine) as connection:
        row = connection.execute(select(ACCOUNT).where(ACCOUNT.c.account_id == actor.account_id)).first()
    if row is None or not row.is_active:
        raise RefusedError("This account is switched off.")
    return _account(row).actor


def sign_out(engine: Engine, token: str, *, now: datetime.datetime) -> None:
    """End a session; one that has ended is left as it is."""
    with writing(engine) as connection:
        row = connection.execute(select(SESSION).where(SESSION.c.token_sha256 == digest(token), SESSION.c.revoked_at == "")).first()
        if row is None:
            return
        connection.execute(update(SESSION).where(SESSION.c.token_sha256 == row.token_sha256).values(revoked_at=stamp(now)))
        bind_stored(connection, "session", token_sha256=row.token_sha256)
        append_event(connection, NewEvent(stamp(now), row.account_id, "signed_out", "", row.account_id, {}))


def take_quota(engine: Engine, account_id: str, n_bytes: int, *, now: datetime.datetime) -> None:
    """Count an upload.

    Raises:
        RefusedError: more uploads or bytes than an hour allows.
    """
    since = stamp(now - datetime.timedelta(minutes=UPLOAD_MINUTES))
    with writing(engine) as connection:
        used = select(func.count(), func.coalesce(func.sum(UPLOAD.c.n_bytes), 0)).where(UPLOAD.c.account_id == account_id, UPLOAD.c.at > since)
        n_uploads, total = (int(n) for n in connection.execute(used).one())
        if n_uploads >= MAX_UPLOADS or total + n_bytes > MAX_UPLOAD_BYTES:
            raise RefusedError(
                f"More than {MAX_UPLOADS} uploads or {MAX_UPLOAD_BYTES} bytes within {UPLOAD_MINUTES} minutes. Wait, or use the inbox.",
                retry_seconds=UPLOAD_MINUTES * 60,
            )
        connection.execute(insert(UPLOAD).values(account_id=account_id, at=stamp(now), n_bytes=n_bytes))


def _account(row: object) -> Account:
    return Account(row.account_id, row.login, Role(row.role), row.member_code, bool(row.is_active))  # type: ignore[attr-defined]
