"""Open the state database: SQLite by default, PostgreSQL by URL, always at the newest schema.

Belongs here: engine, transactions, migrations. Does not belong here: statements about submissions.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text

__all__ = ["Engine", "hold_table", "open_state", "reading", "writing"]
MIGRATIONS = Path(__file__).parent / "migrations"
NEWEST = "0003"
LOCK_SECONDS = 30


def open_state(url: str) -> Engine:
    """Open the state database and bring it to the newest schema.

    Args:
        url: SQLAlchemy URL; a SQLite file's folder must exist.
    """
    is_sqlite = url.startswith("sqlite")
    engine = create_engine(url, connect_args={"timeout": LOCK_SECONDS} if is_sqlite else {})
    if is_sqlite:
        _make_durable(engine)
    with writing(engine) as connection:
        if _schema_version(connection) != NEWEST:
            _upgrade(connection)
    return engine


def _make_durable(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode = delete", "synchronous = extra", "foreign_keys = on"):
            connection.execute(f"pragma {pragma}")

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("begin", "begin"))


def _schema_version(connection: Connection) -> str | None:
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
    """One write transaction; it holds the write lock from its first statement."""
    with engine.connect().execution_options(begin="begin immediate") as connection, connection.begin():
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One read transaction."""
    with engine.connect() as connection, connection.begin():
        yield connection


def hold_table(connection: Connection, table: str) -> None:
    """Let one transaction at a time count in a table; the write lock of SQLite does so already."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"lock table {table} in share row exclusive mode"))
