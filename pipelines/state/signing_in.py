"""Signing in: tries are counted before a password is looked at, by address and login, in windows.

Belongs here: the limits, counting, checking a password, what the ledger says of wrong tries. Does not belong here:
accounts and sessions themselves (accounts), how many passwords are checked at a time and whose address a request has (app).

A try is counted in the transaction that finds room for it, so that of any number at once no more than the limit are
checked. A try that finds no room costs no hashing and no writing. Nobody is shut out by a login alone: what others try
elsewhere makes an address that is new to the account more careful, and never leaves it without a try.
"""

import datetime
import ipaddress
import math
import secrets
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from argon2.exceptions import VerificationError
from sqlalchemy import ColumnElement, Connection, Engine, Row, and_, delete, insert, select, update

from pipelines.domain.errors import RefusedError
from pipelines.state.accounts import HASHER, NOBODY, SESSION_HOURS, digest, new_session, stamp
from pipelines.state.engines import hold_table, reading, writing
from pipelines.state.ledger import NewEvent, append_event
from pipelines.state.tables import ACCOUNT, SIGN_IN_ADDRESS, SIGN_IN_TRY


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``n_tries`` that brought no session within ``seconds``."""

    n_tries: int
    seconds: int


# One address at one login; one address at all logins that never signed in from it (an office may share an address).
PAIR_LIMITS = (Limit(5, 300), Limit(20, 3600))
ADDRESS_LIMITS = (Limit(20, 300), Limit(60, 3600))
# From ATTACKED on, counted over all addresses, an address that is new to the login has what CAREFUL says: fewer tries, never none.
ATTACKED = Limit(20, 900)
CAREFUL = Limit(2, 900)
KNOWN_DAYS = 90
WINDOW_SECONDS = 300
# A try may still be in the queue when its window ends.
SETTLED_SECONDS = 60
KEPT_SECONDS = 3600
# Events a window writes at most, whatever comes: the most active addresses one each, and one for all the others.
NAMED_ADDRESSES = 20
WRONG = "Login or password is wrong."


@dataclass(frozen=True, slots=True)
class Try:
    """A counted try: who tries from where, as digests, and the account if there is one."""

    try_id: str
    address_sha256: str
    login_sha256: str
    account_id: str
    password_hash: str


def sign_in(engine: Engine, *, login: str, password: str, address: str, now: datetime.datetime) -> str:
    """Sign in.

    Args:
        address: the network address of the person, of which ``network_of`` counts.

    Returns:
        A new session token; only its digest is stored.

    Raises:
        RefusedError: wrong login or password or switched off, all alike; or too many tries, with the time to wait.
    """
    counted = count_try(engine, login=login, address=address, now=now)
    if not is_password(counted.password_hash, password):
        raise RefusedError(WRONG)
    return _open_session(engine, counted, now)


def network_of(address: str) -> str:
    """Give what counts as one address: IPv4 as it is, IPv6 by its first 64 bits, of which one customer has all the rest."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    return str(parsed.ipv4_mapped or ipaddress.IPv6Network((int(parsed) >> 64 << 64, 64)))


def is_password(password_hash: str, password: str) -> bool:
    """Check a password; this takes 64 MiB and most of the time of a sign-in."""
    try:
        return HASHER.verify(password_hash, password)
    except VerificationError:
        return False


def count_try(engine: Engine, *, login: str, address: str, now: datetime.datetime) -> Try:
    """Count a try if there is room for it; it counts until its password proves right.

    Raises:
        RefusedError: there is no room; ``retry_seconds`` says when there is.
    """
    with reading(engine) as connection:
        asked = _try_of(connection, login, address)
        seconds = _seconds_to_wait(connection, asked, now)
        waits = bool(seconds) and not _unrecorded(connection, now, at_most=1)
    if not waits:
        with writing(engine) as connection:
            hold_table(connection, SIGN_IN_TRY.name)
            _record_windows(connection, now)
            asked = _try_of(connection, login, address)
            seconds = _seconds_to_wait(connection, asked, now)
            if not seconds:
                values = {"try_id": asked.try_id, "address_sha256": asked.address_sha256, "login_sha256": asked.login_sha256, "account_id": asked.account_id}
                connection.execute(insert(SIGN_IN_TRY).values(**values, at=stamp(now), is_in_ledger=0))
    if seconds:
        at = now.astimezone(datetime.UTC) + datetime.timedelta(seconds=seconds)
        raise RefusedError(f"Too many wrong tries. Try again in {_in_words(seconds)}, after {at:%H:%M:%S} UTC.", retry_seconds=seconds)
    return asked


def _in_words(seconds: int) -> str:
    if seconds <= 90:
        return "1 second" if seconds == 1 else f"{seconds} seconds"
    return f"{math.ceil(seconds / 60)} minutes"


def _try_of(connection: Connection, login: str, address: str) -> Try:
    row = connection.execute(select(ACCOUNT.c.account_id, ACCOUNT.c.password_hash).where(ACCOUNT.c.login == login)).first()
    account_id, password_hash = (row.account_id, row.password_hash) if row else ("", NOBODY)
    return Try(secrets.token_hex(8), digest(network_of(address)), digest(login), account_id, password_hash)


def _seconds_to_wait(connection: Connection, asked: Try, now: datetime.datetime) -> int:
    """Give the seconds until no limit stands against a try; 0 when none does."""
    column = SIGN_IN_TRY.c
    at_login = column.login_sha256 == asked.login_sha256
    from_address = column.address_sha256 == asked.address_sha256
    pair = and_(from_address, at_login)
    standing = [(limit, pair) for limit in PAIR_LIMITS]
    if not _is_known(connection, asked, now):
        standing += [(limit, from_address) for limit in ADDRESS_LIMITS]
        if _wait_for(connection, ATTACKED, at_login, now):
            standing.append((CAREFUL, pair))
    return max(_wait_for(connection, limit, which, now) for limit, which in standing)


def _wait_for(connection: Connection, limit: Limit, which: ColumnElement[bool], now: datetime.datetime) -> int:
    """Give the seconds until fewer than a limit's tries lie within its time; 0 when it is so now."""
    since = stamp(now - datetime.timedelta(seconds=limit.seconds))
    query = select(SIGN_IN_TRY.c.at).where(which, SIGN_IN_TRY.c.at > since).order_by(SIGN_IN_TRY.c.at.desc()).offset(limit.n_tries - 1).limit(1)
    at = connection.execute(query).scalar()
    if at is None:
        return 0
    passed = (now - datetime.datetime.fromisoformat(at)).total_seconds()
    return max(1, math.ceil(limit.seconds - max(0.0, passed)))


def _is_known(connection: Connection, asked: Try, now: datetime.datetime) -> bool:
    column, since = SIGN_IN_ADDRESS.c, stamp(now - datetime.timedelta(days=KNOWN_DAYS))
    query = select(column.last_at).where(column.account_id == asked.account_id, column.address_sha256 == asked.address_sha256, column.last_at > since)
    return connection.execute(query).first() is not None


def _open_session(engine: Engine, counted: Try, now: datetime.datetime) -> str:
    """Open a session for a right password: the try no longer counts, and its address is known to the account from now on."""
    with writing(engine) as connection:
        account = connection.execute(select(ACCOUNT).where(ACCOUNT.c.account_id == counted.account_id, ACCOUNT.c.is_active == 1)).first()
        if account is None:
            raise RefusedError(WRONG)
        connection.execute(delete(SIGN_IN_TRY).where(SIGN_IN_TRY.c.try_id == counted.try_id))
        column, lapsed = SIGN_IN_ADDRESS.c, stamp(now - datetime.timedelta(days=KNOWN_DAYS))
        connection.execute(
            delete(SIGN_IN_ADDRESS).where(
                column.account_id == account.account_id, (column.address_sha256 == counted.address_sha256) | (column.last_at <= lapsed)
            )
        )
        connection.execute(insert(SIGN_IN_ADDRESS).values(account_id=account.account_id, address_sha256=counted.address_sha256, last_at=stamp(now)))
        token = new_session(connection, account.account_id, "session", now + datetime.timedelta(hours=SESSION_HOURS), now)
        append_event(connection, NewEvent(stamp(now), account.account_id, "signed_in", account.member_code, account.account_id, {}))
    return token


def _window_of(moment: datetime.datetime) -> datetime.datetime:
    """Give the start of the window of the clock that a moment lies in."""
    seconds = int(moment.timestamp())
    return datetime.datetime.fromtimestamp(seconds - seconds % WINDOW_SECONDS, datetime.UTC)


def _over(now: datetime.datetime) -> str:
    """Give the moment before which every window is over and its tries are through."""
    return stamp(_window_of(now - datetime.timedelta(seconds=SETTLED_SECONDS)))


def _unrecorded(connection: Connection, now: datetime.datetime, *, at_most: int | None = None) -> Sequence[Row[Any]]:
    """Give tries of windows that are over and not yet in the ledger: address, account and moment of each."""
    column = SIGN_IN_TRY.c
    query = select(column.address_sha256, column.account_id, column.at).where(column.is_in_ledger == 0, column.at < _over(now)).order_by(column.at)
    return connection.execute(query.limit(at_most)).all()


def _record_windows(connection: Connection, now: datetime.datetime) -> None:
    """Write what came of each window that is over into the ledger, and forget tries that no limit counts any more."""
    windows: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in _unrecorded(connection, now):
        windows[stamp(_window_of(datetime.datetime.fromisoformat(row.at)))].append(row)
    for start, tries in windows.items():
        for address, wrong in _by_address(tries):
            append_event(connection, NewEvent(stamp(now), "anonymous", "sign_in_refused", "", address, _said_of(start, wrong)))
    if windows:
        column, kept = SIGN_IN_TRY.c, stamp(now - datetime.timedelta(seconds=KEPT_SECONDS))
        connection.execute(update(SIGN_IN_TRY).where(column.is_in_ledger == 0, column.at < _over(now)).values(is_in_ledger=1))
        connection.execute(delete(SIGN_IN_TRY).where(column.is_in_ledger == 1, column.at <= kept))


def _said_of(start: str, wrong: Sequence[Row[Any]]) -> dict[str, str | int | list[str]]:
    accounts = Counter(w.account_id for w in wrong if w.account_id)
    return {
        "window": start, "seconds": WINDOW_SECONDS, "n_tries": len(wrong), "n_addresses": len({w.address_sha256 for w in wrong}),
        "n_accounts": len(accounts), "accounts": sorted(name for name, _ in accounts.most_common(NAMED_ADDRESSES)),
    }  # fmt: skip


def _by_address(tries: Sequence[Row[Any]]) -> list[tuple[str, list[Row[Any]]]]:
    """Group a window's tries by address, the most active first; the others are one group together."""
    groups: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in tries:
        groups[row.address_sha256].append(row)
    ordered = sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))
    others = [row for _, rows in ordered[NAMED_ADDRESSES:] for row in rows]
    return ordered[:NAMED_ADDRESSES] + ([("others", others)] if others else [])
