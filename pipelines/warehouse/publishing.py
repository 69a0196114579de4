"""Marts to files: Parquet that is the edition, and a DuckDB file as cache.

Belongs here: writing and rebuilding an edition's tables. Does not belong here: naming, pointing, the manifest.
"""

from dataclasses import dataclass, fields
from pathlib import Path

import duckdb
import pyarrow as pa

from pipelines.domain.findings import RuleResult
from pipelines.warehouse.connecting import open_warehouse
from pipelines.warehouse.loading import load_table

EDITION_CACHE = "edition.duckdb"
GATE_SCHEMA = pa.schema([("relation", pa.string()), ("rule_id", pa.string()), ("severity", pa.string()), ("check_state", pa.string())])


@dataclass(frozen=True, slots=True)
class GateRow:
    """The state of one rule on one relation, as the gate recorded it."""

    relation: str
    rule_id: str
    severity: str
    check_state: str


@dataclass(frozen=True, slots=True)
class RecipeRun:
    """A recipe as an edition ran it: which one, which version, by which bytes, from which seed."""

    recipe_code: str
    recipe_version: str
    recipe_sha256: str
    recipe_state: str
    seed: int | None
    n_runs: int | None


def read_recipe_runs(warehouse: Path) -> list[RecipeRun]:
    """Read what the marts say of every recipe's run, by code."""
    with open_warehouse(warehouse, read_only=True) as connection:
        columns = ", ".join(f.name for f in fields(RecipeRun))
        return [RecipeRun(*row) for row in connection.execute(f"select {columns} from marts.mart_index_recipes order by recipe_code").fetchall()]


def record_gate(warehouse: Path, results: dict[str, list[RuleResult]]) -> None:
    """Keep what the gate found in schema ``gate``, where the edition's maker reads it."""
    rows = [
        {"relation": relation, "rule_id": r.rule_id, "severity": str(r.severity), "check_state": str(r.state)}
        for relation, listed in results.items()
        for r in listed
    ]
    with open_warehouse(warehouse) as connection:
        load_table(connection, "gate", "rule_results", pa.Table.from_pylist(rows, schema=GATE_SCHEMA))


def clear_gate(warehouse: Path) -> None:
    """Forget the last gate, so that a new build cannot pass on old results."""
    with open_warehouse(warehouse) as connection:
        connection.execute("drop table if exists gate.rule_results")


def read_gate(warehouse: Path) -> list[GateRow]:
    """Read the gate's record; empty when the gate did not run since the last load."""
    with open_warehouse(warehouse, read_only=True) as connection:
        known = connection.execute("select 1 from information_schema.tables where table_schema = 'gate' and table_name = 'rule_results'").fetchone()
        if known is None:
            return []
        rows = connection.execute("select relation, rule_id, severity, check_state from gate.rule_results order by all").fetchall()
    return [GateRow(*row) for row in rows]


def export_marts(warehouse: Path, folder: Path) -> dict[str, int]:
    """Write every mart as Parquet; the same marts give the same bytes.

    Returns:
        File name to number of rows.
    """
    written: dict[str, int] = {}
    with open_warehouse(warehouse, read_only=True) as connection:
        marts = connection.execute("select table_name from information_schema.tables where table_schema = 'marts' order by 1").fetchall()
        for (mart,) in marts:
            path = folder / f"{mart}.parquet"
            connection.execute(f"copy (select * from marts.{mart} order by all) to '{path}' (format parquet, compression zstd)")
            written[path.name] = int(connection.execute(f"select count(*) from marts.{mart}").fetchall()[0][0])
    return written


def build_cache(folder: Path) -> Path:
    """Build an edition's DuckDB file from the Parquet files beside it.

    Returns:
        Where it lies.
    """
    path = folder / EDITION_CACHE
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path), config={"threads": 1}) as connection:
        connection.execute("create schema marts")
        for parquet in sorted(folder.glob("mart_*.parquet")):
            connection.execute(f"create table marts.{parquet.stem} as select * from read_parquet('{parquet}')")
    return path


def cache_faults(folder: Path) -> list[str]:
    """Hold an edition's DuckDB file against the Parquet files beside it: the same tables with the same rows, and nothing else.

    Returns:
        What differs, in words.
    """
    with duckdb.connect(":memory:", config={"threads": 1}) as connection:
        try:
            connection.execute(f"attach '{folder / EDITION_CACHE}' as cache (read_only)")
            found = connection.execute(
                "select schema_name || '.' || table_name from duckdb_tables() where database_name = 'cache' "
                "union all select schema_name || '.' || view_name from duckdb_views() where database_name = 'cache' and not internal "
                "union all select schema_name || '.' || function_name from duckdb_functions() where database_name = 'cache' and not internal"
            ).fetchall()
            made = {f"marts.{path.stem}": path for path in folder.glob("mart_*.parquet")}
            faults = [f"{name} is not of the edition" for name in sorted({str(n) for (n,) in found} - made.keys())]
            faults += [f"{name} is missing" for name in sorted(made.keys() - {str(n) for (n,) in found})]
            return faults + [f"{name} has other rows than its Parquet file" for name, path in sorted(made.items()) if not _is_same(connection, name, path)]
        except duckdb.Error as error:
            return [f"it cannot be read ({type(error).__name__})"]


def _is_same(connection: duckdb.DuckDBPyConnection, name: str, parquet: Path) -> bool:
    """Whether a table has the rows and columns of a file, in any order: one comparison in order first, which is six times as quick."""
    cached = connection.sql(f"select * from cache.{name}").to_arrow_table()
    written = connection.sql(f"select * from read_parquet('{parquet}')").to_arrow_table()
    if cached.schema != written.schema or cached.num_rows != written.num_rows:
        return False
    if cached.equals(written):
        return True
    one, other = f"select * from cache.{name}", f"select * from read_parquet('{parquet}')"
    [[n]] = connection.execute(f"select count(*) from (({one} except all {other}) union all ({other} except all {one}))").fetchall()
    return int(n) == 0
