"""Put registry and observations into DuckDB as the sources of dbt.

Belongs here: schemas ``registry`` and ``submissions``. Does not belong here: reading files a member sent.
"""

from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.contracts.documents import CASES, MATURITY
from pipelines.domain.assessments import ASSESSMENT_FIELDS
from pipelines.domain.cases import CASE_FIELDS
from pipelines.domain.observations import OBSERVATION_FIELDS, ReportedObservation

Rows = pa.Table
ARROW_TYPES = {str: pa.string(), int: pa.int64(), float: pa.float64()}


def _arrow_type(kind: object) -> pa.DataType:
    if kind in ARROW_TYPES:
        return ARROW_TYPES[kind]  # type: ignore[index]
    return next(ARROW_TYPES[t] for t in kind.__args__ if t in ARROW_TYPES)  # type: ignore[attr-defined]


OBSERVATION_SCHEMA = pa.schema([(name, _arrow_type(kind)) for name, kind in OBSERVATION_FIELDS])
RECORD_TABLES = {MATURITY: "assessments", CASES: "cases"}
RECORD_SCHEMAS = {
    contract_id: pa.schema([(name, _arrow_type(kind)) for name, kind in fields])
    for contract_id, fields in ((MATURITY, ASSESSMENT_FIELDS), (CASES, CASE_FIELDS))
}
SUBMISSION_SCHEMA = pa.schema(
    [("submission_id", pa.string()), ("member_code", pa.string()), ("file_name", pa.string()), ("file_sha256", pa.string()),
     ("contract_version", pa.string()), ("accepted_seq", pa.int64()), ("as_of_date", pa.string()), ("n_rows", pa.int64())]
)  # fmt: skip
RULE_RESULT_SCHEMA = pa.schema(
    [("submission_id", pa.string()), ("rule_id", pa.string()), ("severity", pa.string()), ("check_state", pa.string()),
     ("not_run_code", pa.string()), ("not_run_reason", pa.string()), ("n_found", pa.int64())]
)  # fmt: skip


def _rows_table(rows: Sequence[object], schema: pa.Schema) -> pa.Table:
    take = attrgetter(*schema.names)
    columns: list[tuple[object, ...]] = list(zip(*map(take, rows), strict=True)) if rows else [()] * len(schema.names)
    return pa.table([pa.array(c, f.type) for c, f in zip(columns, schema, strict=True)], schema=schema)


def observations_table(observations: Sequence[ReportedObservation]) -> pa.Table:
    """Turn reported observations into an Arrow table, one row each, in order."""
    return _rows_table(observations, OBSERVATION_SCHEMA)


def records_table(contract_id: str, records: Sequence[object]) -> pa.Table:
    """Turn records of a flat contract into an Arrow table, one row each, in order."""
    return _rows_table(records, RECORD_SCHEMAS[contract_id])


def write_rows(table: pa.Table, path: Path) -> None:
    """Write typed rows as Parquet; the same rows give the same bytes."""
    pq.write_table(table, path, compression="zstd", write_statistics=True)


def read_rows(content: bytes, *, submission_id: str, schema: pa.Schema = OBSERVATION_SCHEMA) -> pa.Table:
    """Read landed rows back from bytes that were proved, with their submission in front; a column that was not there yet is empty."""
    table = pq.read_table(pa.BufferReader(content), schema=schema)
    return table.add_column(0, "submission_id", pa.array([submission_id] * table.num_rows, pa.string()))


def load_table(connection: duckdb.DuckDBPyConnection, schema: str, name: str, table: pa.Table) -> None:
    """Create or replace one table from Arrow; ``schema`` and ``name`` are ours, never a sender's."""
    connection.execute(f"create schema if not exists {schema}")
    connection.register("incoming", table)
    try:
        connection.execute(f"create or replace table {schema}.{name} as select * from incoming")
    finally:
        connection.unregister("incoming")


def load_registry(connection: duckdb.DuckDBPyConnection, registry: dict[str, list[dict[str, str]]], columns: Mapping[str, list[str]] | None = None) -> int:
    """Load every registry table as text.

    Args:
        columns: headers of tables that may have no row; a table without rows and header is left out.

    Returns:
        Number of rows loaded.
    """
    for name, rows in registry.items():
        header = list(rows[0]) if rows else (columns or {}).get(name, [])
        if header:
            load_table(connection, "registry", name, pa.table({c: pa.array([r[c] for r in rows], pa.string()) for c in header}))
    return sum(map(len, registry.values()))


def _joined(tables: Sequence[pa.Table], schema: pa.Schema) -> pa.Table:
    """All rows below each other; an empty table of the right columns when there are none."""
    return pa.concat_tables(tables) if tables else pa.schema([pa.field("submission_id", pa.string()), *schema]).empty_table()


def load_submissions(
    connection: duckdb.DuckDBPyConnection,
    *,
    submissions: Iterable[dict[str, object]],
    rule_results: Iterable[dict[str, object]],
    observations: Sequence[pa.Table],
    records: dict[str, list[pa.Table]] | None = None,
) -> int:
    """Load accepted submissions, their rule results and their rows.

    Args:
        submissions: rows of ``SUBMISSION_SCHEMA``.
        rule_results: rows of ``RULE_RESULT_SCHEMA``.
        observations: one table per submission, with ``submission_id`` first.
        records: the same for submissions of flat contracts, by contract.

    Returns:
        Number of rows loaded.
    """
    rows = _joined(observations, OBSERVATION_SCHEMA)
    n_rows = int(rows.num_rows)
    load_table(connection, "submissions", "submissions", pa.Table.from_pylist(list(submissions), schema=SUBMISSION_SCHEMA))
    load_table(connection, "submissions", "rule_results", pa.Table.from_pylist(list(rule_results), schema=RULE_RESULT_SCHEMA))
    load_table(connection, "submissions", "observations", rows)
    for contract_id, table in RECORD_TABLES.items():
        of_contract = _joined((records or {}).get(contract_id, []), RECORD_SCHEMAS[contract_id])
        load_table(connection, "submissions", table, of_contract)
        n_rows += int(of_contract.num_rows)
    return n_rows
