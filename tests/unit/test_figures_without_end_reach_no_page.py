"""A number that is not finite is no figure: not in a question to an edition, nor in a cell of a table."""

import math
from dataclasses import dataclass

import duckdb
import pytest

from pipelines.contracts.documents import read_contract
from pipelines.domain.findings import CheckState
from pipelines.exports.tables import number_text, shown_number
from pipelines.intake.parsing.numbers import read_number
from pipelines.submissions.checking import Home
from pipelines.warehouse.querying import fetch
from pipelines.warehouse.rule_running import find_violations


@dataclass(frozen=True, slots=True)
class _Row:
    name: str
    amount: float | None


def test_a_question_gives_none_for_a_number_that_is_not_finite() -> None:
    with duckdb.connect(":memory:") as connection:
        rows = fetch(connection, _Row, "select * from (values ('a', 'nan'::double), ('b', 'inf'::double), ('c', '-inf'::double), ('d', 2.5::double))")
    assert [r.amount for r in rows] == [None, None, None, 2.5]


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_table_shows_no_number_that_is_not_finite(value: float) -> None:
    assert shown_number(value) is None
    assert number_text(value) == ".."


@pytest.mark.parametrize("written", ["nan", "NaN", "inf", "Infinity", "-inf", "9" * 400, "9" * 400 + "%", "1e400"])
def test_no_text_becomes_a_number_without_end(written: str) -> None:
    assert not read_number(written).is_number


def test_a_mart_with_such_a_figure_does_not_pass_the_gate(home: Home) -> None:
    contract = read_contract(home.contracts_dir / "published" / "mart_observations.odcs.yaml")
    rules = tuple(r for r in contract.rules if r.rule_id.endswith("_is_finite"))
    columns = {c.name: "1.5::double" if c.logical_type == "number" else "null" for c in contract.columns}
    sound = ", ".join(f"{value} as {name}" for name, value in columns.items())
    broken = ", ".join(f"{value} as {name}" for name, value in {**columns, "harmonised_value": "'inf'::double"}.items())
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"create table sound as select {sound}")
        connection.execute(f"create table broken as select {broken}")
        passed, _ = find_violations(connection, rules, relation="sound")
        failed, _ = find_violations(connection, rules, relation="broken")
    assert set(passed.values()) == {CheckState.PASSED}
    assert failed == {"reported_value_is_finite": CheckState.PASSED, "harmonised_value_is_finite": CheckState.FAILED}
