"""The examples of the harmonising models (dbt unit tests), run over the compiled SQL in memory: the same rows, in a twentieth of dbt's time."""

from collections.abc import Iterator
from typing import Any

import duckdb
import pytest
import yaml

from pipelines.contracts.catalogues import load_registry
from pipelines.warehouse.compiling import LAST_MODEL, compiled_models
from pipelines.warehouse.connecting import open_memory
from pipelines.warehouse.loading import load_registry as put_registry
from pipelines.warehouse.loading import load_submissions
from pipelines.warehouse.rule_running import REGISTRY_USED, build_models
from tests.conftest import ROOT

DBT = ROOT / "dbt_project"
Example = dict[str, Any]


def examples() -> dict[str, Example]:
    """Examples of the models that a check runs, by model and name."""
    names = {m.name for m in compiled_models(DBT)}
    files = [yaml.safe_load(p.read_text("utf-8")) for p in sorted((DBT / "models" / "intermediate").glob("*__unit_tests.yml"))]
    return {f"{e['model']}-{e['name']}": e for f in files for e in f["unit_tests"] if e["model"] in names}


EXAMPLES = examples()


@pytest.fixture(scope="module")
def built() -> Iterator[duckdb.DuckDBPyConnection]:
    """Every model over no submission: empty, and of the right types."""
    registry = load_registry(ROOT / "data_contracts")
    with open_memory() as connection:
        put_registry(connection, {name: registry[name] for name in REGISTRY_USED})
        load_submissions(connection, submissions=[], rule_results=[], observations=[])
        build_models(connection, compiled_models(DBT))
        yield connection


def put_rows(connection: duckdb.DuckDBPyConnection, table: str, like: str, rows: list[Example]) -> None:
    """A table with the columns of a query, holding the rows; columns that a row does not name are null."""
    connection.execute(f"create or replace table {table} as select * from ({like}) limit 0")
    for row in rows:
        marks = ", ".join("?" for _ in row)
        connection.execute(f"insert into {table} ({', '.join(row)}) values ({marks})", list(row.values()))


def run_example(connection: duckdb.DuckDBPyConnection, example: Example) -> tuple[list[Any], list[Any]]:
    """Rows that the model makes of what is given, and those expected; both of the named columns, sorted."""
    model = next(m for m in compiled_models(DBT) if m.name == example["model"])
    schemas = {m.name: m.schema for m in compiled_models(DBT)}
    sql = model.sql
    connection.execute("create schema if not exists example")
    for given in example["given"]:
        name = given["input"].split("'")[1]
        put_rows(connection, f"example.{name}", f"select * from {schemas[name]}.{name}", given["rows"])
        sql = sql.replace(f'"{schemas[name]}"."{name}"', f'"example"."{name}"')
    columns = ", ".join(example["expect"]["rows"][0])
    put_rows(connection, "example.expected", f"select {columns} from ({sql})", example["expect"]["rows"])
    found = connection.execute(f"select {columns} from ({sql}) order by all").fetchall()
    return found, connection.execute(f"select {columns} from example.expected order by all").fetchall()


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_model_makes_of_its_example_what_is_expected(built: duckdb.DuckDBPyConnection, name: str) -> None:
    found, expected = run_example(built, EXAMPLES[name])
    assert found == expected


def test_every_harmonising_model_of_a_check_has_an_example() -> None:
    """All but the last, which only puts columns side by side for the rules and is held by one failing file for each."""
    models = {m.name for m in compiled_models(DBT) if m.name.startswith("int_observations__")} - {LAST_MODEL}
    assert {e["model"] for e in EXAMPLES.values()} == models
