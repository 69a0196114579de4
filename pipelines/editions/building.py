"""What a build does outside dbt: load the sources, hold the gate, know whether anything changed.

Belongs here: steps an orchestrator calls one by one. Does not belong here: their order (defs).
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from pipelines.contracts.catalogues import load_contract, read_registry, registry_columns
from pipelines.contracts.columns import read_published
from pipelines.contracts.documents import OBSERVATIONS
from pipelines.contracts.expectations import SuiteProcess, SuiteTarget
from pipelines.domain.errors import ConflictError, StorageError
from pipelines.domain.findings import CheckState, RuleResult
from pipelines.editions.freezing import Sources, describe_inputs, digest_of
from pipelines.editions.reading import current_edition
from pipelines.state.engines import Engine
from pipelines.state.records import list_submissions
from pipelines.submissions.landing import landed_path, read_landed
from pipelines.submissions.receipts import receipt_from_json
from pipelines.warehouse.build_state import carry_failures, close_build, forget_build, plan_batch
from pipelines.warehouse.compiling import LAST_MODELS
from pipelines.warehouse.connecting import open_warehouse
from pipelines.warehouse.loading import RECORD_SCHEMAS, Rows, load_registry, load_submissions, read_rows
from pipelines.warehouse.publishing import clear_gate, record_gate

TAKEN_IN = f"intermediate.{LAST_MODELS[OBSERVATIONS]}"
HEAD_COLUMNS = ("submission_id", "member_code", "file_name", "file_sha256", "contract_version", "accepted_seq", "as_of_date")


@contextmanager
def build_lock(data_dir: Path) -> Iterator[None]:
    """Let one build run at a time; the lock dies with its process.

    Raises:
        ConflictError: another build is running.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    with (data_dir / "build.lock").open("w") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ConflictError("Another build is running. Wait for it, or stop it, and try again.") from error
        yield


def is_current(engine: Engine, sources: Sources, editions_dir: Path) -> bool:
    """Whether the current edition was built from exactly what stands here now."""
    try:
        edition = current_edition(editions_dir)
    except StorageError:
        return False
    return bool(edition.manifest["inputs_digest"] == digest_of(describe_inputs(engine, sources)))


def forget_last_build(data_dir: Path, warehouse: Path) -> None:
    """Make the next build a full one.

    Raises:
        ConflictError: a build is running.
    """
    with build_lock(data_dir), open_warehouse(warehouse) as connection:
        forget_build(connection)


def load_registry_step(warehouse: Path, contracts_dir: Path) -> int:
    """Load catalogue and registries; returns the number of rows."""
    with open_warehouse(warehouse) as connection:
        return load_registry(connection, read_registry(contracts_dir), registry_columns(contracts_dir))


def load_submissions_step(engine: Engine, warehouse: Path, landing_dir: Path, sources: Sources) -> int:
    """Load what this build takes in from the landing store, each file proved by its hash; forget the last gate.

    Rows of figures are loaded for new submissions alone when nothing but submissions changed since a build that ended, and for all otherwise.
    Heads, rule results, and the records of flat contracts are always loaded whole.

    Returns:
        The number of observations.

    Raises:
        StorageError: a landed file is missing or damaged; nothing is built from it.
    """
    records = list_submissions(engine)
    submissions: list[dict[str, object]] = []
    results: list[dict[str, object]] = []
    tables: list[Rows] = []
    records_of: dict[str, list[Rows]] = {}
    with open_warehouse(warehouse) as connection:
        taken_in = plan_batch(connection, fingerprint=build_fingerprint(engine, sources), submission_ids=[r.submission_id for r in records])
    for record in records:
        path = landed_path(landing_dir, record.rows_sha256)
        if record.submission_id in taken_in or record.contract_id in RECORD_SCHEMAS:
            read_landed(landing_dir, record.file_sha256)
            read_landed(landing_dir, record.rows_sha256)
        if record.contract_id in RECORD_SCHEMAS:
            rows = read_rows(path, submission_id=record.submission_id, schema=RECORD_SCHEMAS[record.contract_id])
            records_of.setdefault(record.contract_id, []).append(rows)
        elif record.submission_id in taken_in:
            tables.append(read_rows(path, submission_id=record.submission_id))
        receipt = receipt_from_json(record.receipt)
        head = {name: getattr(record, name) for name in HEAD_COLUMNS}
        submissions.append({**head, "n_rows": receipt.n_observations})
        for rule in receipt.rules:
            results.append(
                {
                    "submission_id": record.submission_id,
                    "rule_id": rule.rule_id,
                    "severity": str(rule.severity),
                    "check_state": str(rule.state),
                    "not_run_code": rule.reason_code or None,
                    "not_run_reason": rule.reason or None,
                    "n_found": rule.n_found,
                }
            )
    clear_gate(warehouse)
    with open_warehouse(warehouse) as connection:
        return load_submissions(connection, submissions=submissions, rule_results=results, observations=tables, records=records_of)


def build_fingerprint(engine: Engine, sources: Sources) -> str:
    """Digest everything but submissions that a build depends on."""
    return digest_of({name: value for name, value in describe_inputs(engine, sources).items() if name != "submissions"})


def gate_targets(contracts_dir: Path) -> list[SuiteTarget]:
    """What the gate runs over: accepted rows under the inbound contract, marts under the published ones."""
    targets = [SuiteTarget("intermediate", last, load_contract(contracts_dir, contract_id).rules) for contract_id, last in LAST_MODELS.items()]
    return targets + [SuiteTarget("marts", c.table, c.rules) for c in read_published(contracts_dir) if c.rules]


def expected_rules(contracts_dir: Path) -> dict[str, set[str]]:
    """Relation to the rules that must have run before publication."""
    return {f"{t.schema}.{t.table}": {r.rule_id for r in t.rules if r.runs_in_sql} for t in gate_targets(contracts_dir)}


def gate_step(warehouse: Path, contracts_dir: Path, suites: SuiteProcess) -> dict[str, list[RuleResult]]:
    """Run every suite and keep the record; returns relation to results."""
    results = suites.run(warehouse, gate_targets(contracts_dir))
    with open_warehouse(warehouse) as connection:
        failed = carry_failures(connection, TAKEN_IN, {r.rule_id for r in results[TAKEN_IN] if r.state is CheckState.FAILED})
        close_build(connection)
    results[TAKEN_IN] = [replace(r, state=CheckState.FAILED) if r.rule_id in failed and r.state is CheckState.PASSED else r for r in results[TAKEN_IN]]
    record_gate(warehouse, results)
    return results
