"""Open the state database: SQLite by default, PostgreSQL by URL, always at the newest schema, with its head files.

Belongs here: engine, transactions, migrations. Does not belong here: statements about submissions.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url, text

from pipelines.domain.errors import StorageError
from pipelines.state.adopting import adopt_rows
from pipelines.state.binding import take_pending
from pipelines.state.heads import HEADS_FILE, last_kept
from pipelines.state.ledger import APPENDED, HEAD_FILES, keep_heads, require_not_behind

__all__ = [
    "Engine", "hold_table", "look_at_state", "open_state", "reading", "schema_as_found", "schema_as_made", "schema_version", "writing"
]  # fmt: skip
MIGRATIONS = Path(__file__).parent / "migrations"
NEWEST = "0003"
LOCK_SECONDS = 30


def open_state(url: str, *, head_files: Sequence[Path] = ()) -> Engine:
    """Open the state database, bring it to the newest schema, and bind the rows of an older state to its ledger.

    Args:
        url: SQLAlchemy URL; a SQLite file's folder must exist.
        head_files: where every event leaves its number and hash; beside a SQLite file when none is named.

    Raises:
        StorageError: a head file keeps events that the database has not: it was deleted or rolled back.
    """
    files = tuple(head_files) or _head_file_beside(url)
    database = _sqlite_file(url)
    if database is not None and not database.exists() and any(last_kept(path) for path in files):
        raise StorageError(f"The state database {database} is gone, but the head file {files[0]} keeps its events. Restore it from a backup.")
    engine = create_engine(url, connect_args={"timeout": LOCK_SECONDS} if url.startswith("sqlite") else {}, execution_options={HEAD_FILES: files})
    if url.startswith("sqlite"):
        _make_durable(engine)
    with writing(engine) as connection:
        version = schema_version(connection)
        for path in files:
            require_not_behind(connection, path, is_empty=version is None)
        if version != NEWEST:
            _upgrade(connection)
        adopt_rows(connection, files)
    return engine


def look_at_state(url: str) -> Engine:
    """Open the state database for reading as it stands: nothing is made, upgraded or bound.

    Raises:
        StorageError: there is no such file.
    """
    database = _sqlite_file(url)
    if database is None:
        return create_engine(url)
    if not database.is_file():
        raise StorageError("the state database is missing; restore it from a backup")
    # Not read-only: what a killed writer left half done must be taken back before it is read.
    engine = create_engine(f"sqlite:///file:{quote(str(database))}?mode=rw&uri=true")
    _make_durable(engine)
    return engine


@lru_cache(maxsize=1)
def schema_as_made() -> frozenset[tuple[str, str]]:
    """Name and statement of every table, index and trigger that the migrations make in SQLite."""
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        _upgrade(connection)
        return schema_as_found(connection)


def schema_as_found(connection: Connection) -> frozenset[tuple[str, str]]:
    """Name and statement of every table, index, view and trigger that stands in a SQLite database."""
    rows = connection.execute(text("select type || ' ' || name, sql from sqlite_master where sql is not null"))
    return frozenset((str(name), str(statement)) for name, statement in rows)


def _sqlite_file(url: str) -> Path | None:
    parsed = make_url(url)
    return Path(parsed.database) if parsed.get_backend_name() == "sqlite" and parsed.database else None


def _head_file_beside(url: str) -> tuple[Path, ...]:
    database = _sqlite_file(url)
    return (database.with_name(HEADS_FILE),) if database else ()


def _make_durable(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode = delete", "synchronous = extra", "foreign_keys = on"):
            connection.execute(f"pragma {pragma}")

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("begin", "begin"))


def schema_version(connection: Connection) -> str | None:
    """Give the version of the schema; ``None`` when there is none yet."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("select version_num from alembic_version")).scalar()


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One write transaction; it holds the write lock from its first statement. Its events are kept in the head files when it has ended."""
    with engine.connect().execution_options(begin="begin immediate") as connection:
        take_pending(connection)
        connection.info.pop(APPENDED, None)
        with connection.begin():
            yield connection
            if waiting := take_pending(connection):
                raise StorageError(f"Rows were written without an event: {', '.join(waiting)}. This is a fault of ours; nothing was kept.")
        keep_heads(connection)


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One read transaction."""
    with engine.connect() as connection, connection.begin():
        yield connection


def hold_table(connection: Connection, table: str) -> None:
    """Let one transaction at a time count in a table; the write lock of SQLite does so already."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"lock table {table} in share row exclusive mode"))
