"""The second compilation of a contract's rules: a Great Expectations suite, and its run over DuckDB.

Belongs here: everything that knows Great Expectations; it is slow to import, so it is imported inside.
Does not belong here: what a failed rule means for an edition (defs, editions).
"""

import contextlib
import json
import logging
import os
import subprocess
import sys
import warnings
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pipelines.contracts.rules import Rule, RuleForm, violating_condition
from pipelines.domain.errors import GateError
from pipelines.domain.findings import CheckState, RuleResult, Severity

ENGINE_SETTINGS: dict[str, Any] = {
    # Great Expectations reads results after giving the connection back; without these three it fails.
    "isolation_level": "AUTOCOMMIT",
    "skip_autocommit_rollback": True,
    "pool_reset_on_return": None,
    "connect_args": {"read_only": True},
}


@dataclass(frozen=True, slots=True)
class SuiteTarget:
    """A relation and the rules it must meet."""

    schema: str
    table: str
    rules: tuple[Rule, ...]


class SuiteProcess:
    """A process of its own for Great Expectations, which keeps connections open as long as its process lives.

    It imports the library (seconds) as soon as it starts and then waits, so start it before the work it will check.
    """

    def __init__(self) -> None:
        command = [sys.executable, "-m", "pipelines.contracts.expectations"]
        self.child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def run(self, database: Path, targets: Sequence[SuiteTarget]) -> dict[str, list[RuleResult]]:
        """Run suites, once; args and returns as ``run_suites_here``.

        Raises:
            GateError: the process ended without results.
        """
        request = json.dumps({"database": str(database), "targets": [asdict(t) for t in targets]})
        answer, complaint = self.child.communicate(request)
        if self.child.returncode != 0:
            raise GateError(f"The gate's process ended with {self.child.returncode} and no results; nothing is published.\n{complaint[-2000:]}")
        return {
            relation: [RuleResult(r["rule_id"], Severity(r["severity"]), CheckState(r["state"]), r["n_found"], r["reason"]) for r in listed]
            for relation, listed in json.loads(answer).items()
        }

    def close(self) -> None:
        """End the process if it was never used."""
        if self.child.poll() is None:
            self.child.kill()
            self.child.communicate()


def _answer_parent() -> None:
    with contextlib.redirect_stdout(sys.stderr):
        _import_library()
    request = json.loads(sys.stdin.read())
    targets = [
        SuiteTarget(
            t["schema"],
            t["table"],
            tuple(
                Rule(r["rule_id"], RuleForm(r["form"]), Severity(r["severity"]), r["column"], tuple(r["columns"]), tuple(r["allowed"]), r["condition"])
                for r in t["rules"]
            ),
        )
        for t in request["targets"]
    ]
    with contextlib.redirect_stdout(sys.stderr):
        results = run_suites_here(Path(request["database"]), targets)
    sys.stdout.write(json.dumps({relation: [asdict(r) for r in listed] for relation, listed in results.items()}))


def _import_library() -> Any:
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import great_expectations
    return great_expectations


def run_suites_here(database: Path, targets: Sequence[SuiteTarget]) -> dict[str, list[RuleResult]]:
    """Run the suite of each target over a DuckDB file, read-only.

    Args:
        database: a DuckDB file nobody is writing to.
        targets: relations and rules; intake rules have no expectation and are left out.

    Returns:
        ``schema.table`` to one result per SQL rule; a rule without a result of its own is ``not_run``.
    """
    gx = _import_library()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        context = gx.get_context(mode="ephemeral")
        context.variables.progress_bars = {"globally": False, "metric_calculations": False}
        source = context.data_sources.add_sql("warehouse", connection_string=f"duckdb:///{database}", kwargs=ENGINE_SETTINGS)
        try:
            return {f"{t.schema}.{t.table}": _run_suite(gx, source, t) for t in targets}
        finally:
            source.get_engine().dispose()


def _run_suite(gx: Any, source: Any, target: SuiteTarget) -> list[RuleResult]:
    rules = [r for r in target.rules if r.runs_in_sql]
    if not rules:
        return []
    suite = gx.ExpectationSuite(name=f"{target.schema}.{target.table}", expectations=[expectation_of(gx, rule) for rule in rules])
    asset = source.add_table_asset(f"{target.schema}_{target.table}", table_name=target.table, schema_name=target.schema)
    outcome = asset.add_batch_definition_whole_table("whole").get_batch().validate(suite, result_format="BOOLEAN_ONLY")
    states: dict[str, CheckState] = {}
    for result in outcome.results:
        rule_id = (result.expectation_config.meta or {}).get("rule_id", "")
        raised = bool((result.exception_info or {}).get("raised_exception")) or any(
            isinstance(v, dict) and v.get("raised_exception") for v in (result.exception_info or {}).values()
        )
        states[rule_id] = CheckState.ERRORED if raised else CheckState.PASSED if result.success else CheckState.FAILED
    return [RuleResult(r.rule_id, r.severity, states.get(r.rule_id, CheckState.NOT_RUN)) for r in rules]


def expectation_of(gx: Any, rule: Rule) -> Any:
    """Turn one rule into one expectation that carries the rule's id."""
    kinds = gx.expectations
    meta = {"rule_id": rule.rule_id}
    match rule.form:
        case RuleForm.NOT_NULL:
            return kinds.ExpectColumnValuesToNotBeNull(column=rule.column, meta=meta)
        case RuleForm.IN_SET:
            return kinds.ExpectColumnValuesToBeInSet(column=rule.column, value_set=list(rule.allowed), meta=meta)
        case RuleForm.UNIQUE if len(rule.columns) == 1:
            return kinds.ExpectColumnValuesToBeUnique(column=rule.columns[0], meta=meta)
        case RuleForm.UNIQUE:
            return kinds.ExpectCompoundColumnsToBeUnique(column_list=list(rule.columns), ignore_row_if="any_value_is_missing", meta=meta)
        case RuleForm.NOT_EMPTY:
            return kinds.ExpectTableRowCountToBeBetween(min_value=1, meta=meta)
        case _:
            query = f"select * from {{batch}} where {violating_condition(rule)}"
            return kinds.UnexpectedRowsExpectation(unexpected_rows_query=query, description=rule.rule_id, meta=meta)


if __name__ == "__main__":
    _answer_parent()
