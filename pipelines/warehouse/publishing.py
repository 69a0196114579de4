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


def build_cache(folder: Path) -> None:
    """Build an edition's DuckDB file from its Parquet files."""
    path = folder / EDITION_CACHE
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path), config={"threads": 1}) as connection:
        connection.execute("create schema marts")
        for parquet in sorted(folder.glob("mart_*.parquet")):
            connection.execute(f"create table marts.{parquet.stem} as select * from read_parquet('{parquet}')")
