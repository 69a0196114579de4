"""Run the rules of a contract over DuckDB.

Belongs here: one submission in memory, and the violations of every rule. Does not belong here: wording.
"""

import datetime
import os
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import duckdb

from pipelines.contracts.catalogues import Row
from pipelines.contracts.rules import Rule, application_sql, violations_sql
from pipelines.domain.findings import CheckState
from pipelines.domain.observations import FigureKey, ReportedObservation
from pipelines.warehouse.compiling import LAST_MODEL, CompiledModel
from pipelines.warehouse.connecting import open_memory
from pipelines.warehouse.loading import load_registry, load_submissions, observations_table, records_table

CHECKABLE = f"intermediate.{LAST_MODEL}"
REGISTRY_USED = ("members", "cities", "city_names", "indicators", "crosswalk", "units", "definitions")
REGISTRY_OF_RECORDS = ("members", "cities", "city_names", "maturity_schemes", "maturity_items")
SEEDS = "seeds"
FIGURE_COLUMNS = (
    "city_code, harmonised_indicator_code, period_start, period_end, coalesce(harmonised_value, derived_value), indicator_unit_code, source_sheet, "
    "source_row, source_column, value_written, reported_value, figure_boundary_code, definition_code, figure_definition_code, quality_code, source_note, "
    "comment_written, numerator_written, denominator_written, numerator_value, denominator_value, "
    "case when reported_value is null then 'derived' else status_code end"
)
KEPT_ROWS = 20_000
Violation = dict[str, object]


@dataclass(slots=True)
class Violations:
    """Violating rows in reading order; each becomes names and cells only while it is looked at, since there may be hundreds of thousands."""

    names: tuple[str, ...] = ()
    rows: list[tuple[object, ...]] = field(default_factory=list)

    def __iter__(self) -> Iterator[Violation]:
        for row in self.rows:
            yield dict(zip(self.names, row, strict=True))

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(frozen=True, slots=True)
class SubmissionHead:
    """What the rules must know about a submission beside its rows."""

    submission_id: str
    member_code: str
    file_name: str
    file_sha256: str
    contract_version: str
    as_of_date: str


@dataclass(frozen=True, slots=True)
class HarmonisedFigure:
    """One figure of a checked file: its key, what was written, its value in the indicator's unit, its attributes and its cell.

    ``boundary_code`` is the reported boundary or the city's own; ``definition_code`` what the sender declared; ``figure_definition_code`` is the
    definition in the figure's key. ``value`` and ``unit_code`` are harmonised.
    """

    city_code: str
    indicator_code: str
    period_start: datetime.date
    period_end: datetime.date
    value: float
    unit_code: str
    source_sheet: str
    source_row: int
    source_column: str
    value_written: str | None = None
    reported_value: float | None = None
    boundary_code: str = ""
    definition_code: str | None = None
    figure_definition_code: str = ""
    quality_code: str = "not_declared"
    source_note: str | None = None
    comment_written: str | None = None
    numerator_written: str | None = None
    denominator_written: str | None = None
    numerator_value: float | None = None
    denominator_value: float | None = None
    status_code: str = "observed"

    @property
    def key(self) -> FigureKey:
        """What tells this figure from every other; another boundary or definition is another figure."""
        return FigureKey(self.city_code, self.boundary_code, self.indicator_code, self.figure_definition_code, self.period_start, self.period_end)


@contextmanager
def submission_in_memory(
    head: SubmissionHead, observations: list[ReportedObservation], *, registry: dict[str, list[Row]], models: tuple[CompiledModel, ...]
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Build the harmonising models over one submission in memory.

    Yields:
        A connection in which ``intermediate.int_observations__checkable`` stands as a table.
    """
    database = _take_database(registry, models)
    connection = database.connection
    try:
        rows = observations_table(observations)
        rows = rows.add_column(0, "submission_id", [[head.submission_id] * rows.num_rows])
        load_submissions(connection, submissions=[_submission_row(head)], rule_results=[], observations=[rows])
        build_models(connection, tuple(m for m in models if m.materialised == "table" and m.schema != SEEDS))
        yield connection
    except BaseException:
        connection.close()
        raise
    if len(observations) > KEPT_ROWS:
        connection.close()
    else:
        IDLE.setdefault(os.getpid(), deque()).append(database)


def _submission_row(head: SubmissionHead) -> dict[str, object]:
    return {
        "submission_id": head.submission_id, "member_code": head.member_code, "file_name": head.file_name, "file_sha256": head.file_sha256,
        "contract_version": head.contract_version, "accepted_seq": 0, "as_of_date": head.as_of_date, "n_rows": 0,
    }  # fmt: skip


@contextmanager
def records_in_memory(
    head: SubmissionHead, records: list[Any], *, contract_id: str, registry: dict[str, list[Row]], models: tuple[CompiledModel, ...]
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Build the models over one submission of a flat contract in memory; files are small and rare, so nothing is kept."""
    with open_memory() as connection:
        load_registry(connection, {name: registry[name] for name in REGISTRY_OF_RECORDS})
        rows = records_table(contract_id, records)
        rows = rows.add_column(0, "submission_id", [[head.submission_id] * rows.num_rows])
        load_submissions(connection, submissions=[_submission_row(head)], rule_results=[], observations=[], records={contract_id: [rows]})
        build_models(connection, models)
        yield connection


@dataclass(frozen=True, slots=True)
class CheckDatabase:
    """A memory database with registry, seeds and views, ready for one submission after another."""

    connection: duckdb.DuckDBPyConnection
    registry: dict[str, list[Row]]
    models: tuple[CompiledModel, ...]


# Idle databases by process: a forked process must not touch its parent's.
IDLE: dict[int, deque[CheckDatabase]] = {}


def _take_database(registry: dict[str, list[Row]], models: tuple[CompiledModel, ...]) -> CheckDatabase:
    """Take an idle database of the same registry and models, or make one; nobody else has it until it is put back."""
    idle = IDLE.setdefault(os.getpid(), deque())
    while idle:
        try:
            database = idle.pop()
        except IndexError:
            break
        if database.registry is registry and database.models is models:
            return database
        database.connection.close()
    connection = open_memory()
    load_registry(connection, {name: registry[name] for name in REGISTRY_USED})
    load_submissions(connection, submissions=[], rule_results=[], observations=[])
    build_models(connection, models)
    return CheckDatabase(connection, registry, models)


def build_models(connection: duckdb.DuckDBPyConnection, models: tuple[CompiledModel, ...]) -> None:
    """Run compiled models in order, each as the table or view that the project makes of it."""
    for model in models:
        connection.execute(f"create schema if not exists {model.schema}")
        connection.execute(f"create or replace {model.materialised} {model.schema}.{model.name} as {model.sql}")


def find_violations(connection: duckdb.DuckDBPyConnection, rules: tuple[Rule, ...], *, relation: str = CHECKABLE) -> tuple[dict[str, CheckState], Violations]:
    """Run every SQL rule.

    Returns:
        The state of each SQL rule, and every violating row with its columns, in reading order. When the one
        statement fails, the rules run one by one, so that a broken rule is ``errored`` and hides no other.
    """
    sql_rules = tuple(r for r in rules if r.runs_in_sql)
    columns = tuple(str(row[0]) for row in connection.execute(f"describe {relation}").fetchall())
    states = dict.fromkeys((r.rule_id for r in sql_rules), CheckState.PASSED)
    found = Violations()
    try:
        found = _run(connection, sql_rules, relation, columns)
    except duckdb.Error:
        for rule in sql_rules:
            try:
                more = _run(connection, (rule,), relation, columns)
                found = Violations(more.names, found.rows + more.rows)
            except duckdb.Error:
                states[rule.rule_id] = CheckState.ERRORED
    at = found.names.index("violated_rule") if found.rows else 0
    for rule_id in {str(row[at]) for row in found.rows}:
        states[rule_id] = CheckState.FAILED
    return states, found


def rules_without_rows(connection: duckdb.DuckDBPyConnection, rules: tuple[Rule, ...], *, relation: str = CHECKABLE) -> dict[str, CheckState]:
    """Say which SQL rules had nothing to look at.

    Returns:
        Rule to ``not_run``, or to ``errored`` where its own condition of application cannot be run; rules with rows are left out.
    """
    sql_rules = tuple(r for r in rules if r.runs_in_sql)
    if not sql_rules:
        return {}
    try:
        applied = _applied(connection, sql_rules, relation)
    except duckdb.Error:
        if len(sql_rules) == 1:
            return {sql_rules[0].rule_id: CheckState.ERRORED}
        return {name: state for rule in sql_rules for name, state in rules_without_rows(connection, (rule,), relation=relation).items()}
    return {name: CheckState.NOT_RUN for name, has_rows in applied.items() if not has_rows}


def with_idle(states: dict[str, CheckState], idle: dict[str, CheckState]) -> dict[str, CheckState]:
    """Let no rule pass that had nothing to look at; what failed or broke stays so."""
    return {name: idle.get(name, state) if state is CheckState.PASSED else state for name, state in states.items()}


def _applied(connection: duckdb.DuckDBPyConnection, rules: tuple[Rule, ...], relation: str) -> dict[str, bool]:
    cursor = connection.execute(application_sql(rules, relation=relation))
    return dict(zip((d[0] for d in cursor.description or []), cursor.fetchone() or (), strict=True))


def harmonised_figures(connection: duckdb.DuckDBPyConnection) -> list[HarmonisedFigure]:
    """Give every figure with a city, an indicator, a period and a value, in reading order."""
    rows = connection.execute(
        f"select {FIGURE_COLUMNS} from {CHECKABLE} where city_code is not null and harmonised_indicator_code is not null "
        "and period_start is not null and coalesce(harmonised_value, derived_value) is not null order by source_sheet, source_row, source_column"
    ).fetchall()
    return [HarmonisedFigure(*row) for row in rows]


def withheld_figures(connection: duckdb.DuckDBPyConnection) -> list[FigureKey]:
    """Give the key of every row that says why there is no figure, in reading order: sent, it stands in the place of one sent before."""
    rows = connection.execute(
        f"select city_code, figure_boundary_code, harmonised_indicator_code, figure_definition_code, period_start, period_end from {CHECKABLE} "
        "where city_code is not null and harmonised_indicator_code is not null and period_start is not null "
        "and coalesce(harmonised_value, derived_value) is null and reason_code is not null order by source_sheet, source_row, source_column"
    ).fetchall()
    return [FigureKey(*row) for row in rows]


def _run(connection: duckdb.DuckDBPyConnection, rules: tuple[Rule, ...], relation: str, columns: tuple[str, ...]) -> Violations:
    cursor = connection.execute(violations_sql(rules, relation=relation, address_columns=columns))
    names = tuple(d[0] for d in cursor.description or [])
    sheet, row, column = (names.index(name) if name in names else -1 for name in ("source_sheet", "source_row", "source_column"))

    def place(cells: tuple[object, ...]) -> tuple[str, int, str]:
        return (
            str(cells[sheet] or "") if sheet >= 0 else "",
            int(str(cells[row] or 0)) if row >= 0 else 0,
            str(cells[column] or "") if column >= 0 else "",
        )

    return Violations(names, sorted(cursor.fetchall(), key=place))
