"""Open DuckDB: the working warehouse, a memory database, an edition.

Belongs here: connections and their limits. Does not belong here: SQL about cities.
"""

from pathlib import Path
from threading import Lock

import duckdb

from pipelines.domain.errors import StorageError

Connection = duckdb.DuckDBPyConnection
DATABASE = "warehouse"
LOCKED_DOWN = (
    "autoinstall_known_extensions = false",
    "autoload_known_extensions = false",
    "temp_directory = ''",
    "enable_external_access = false",
    "lock_configuration = true",
)
"""Settings of an edition opened for reading, in the order that works."""
_locking_down = Lock()


def open_warehouse(path: Path, *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """Open the working warehouse; only the builder does.

    Raises:
        StorageError: another process holds it, or the file is damaged.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        return duckdb.connect(str(path), read_only=read_only, config={"threads": 1})
    except duckdb.Error as error:
        raise StorageError(
            f"The working warehouse {path.name} cannot be opened: another build holds it, or it is damaged. "
            "Wait for the other build; if there is none, delete the file: it is rebuilt from what was landed."
        ) from error


def open_memory() -> duckdb.DuckDBPyConnection:
    """Open a memory database named like the warehouse, so that compiled models run in it unchanged."""
    connection = duckdb.connect(":memory:", config={"enable_external_access": "false"})
    connection.execute(f"attach ':memory:' as {DATABASE}")
    connection.execute(f"use {DATABASE}")
    return connection


def open_edition(path: Path) -> duckdb.DuckDBPyConnection:
    """Open an edition's DuckDB file for reading, locked down in the order that works.

    Raises:
        StorageError: the file is missing or damaged.
    """
    try:
        connection = duckdb.connect(str(path), read_only=True, config={"threads": 2, "memory_limit": "512MB"})
    except duckdb.Error as error:
        raise StorageError(f"The edition file {path.parent.name}/{path.name} cannot be opened; publish the edition again.") from error
    with _locking_down:
        # DuckDB keeps one database per file and process: whoever opened it first has locked it down for all.
        if not connection.execute("select current_setting('lock_configuration')").fetchall()[0][0]:
            for setting in LOCKED_DOWN:
                connection.execute(f"set {setting}")
    return connection
