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
from pipelines.editions.freezing import Sources, describe_inputs, file_digest
from pipelines.editions.reading import current_edition, digest_of
from pipelines.state.engines import Engine
from pipelines.state.records import SubmissionRecord, last_build, list_submissions
from pipelines.submissions.landing import read_landed
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
    """Load what this build takes in from the landing store; forget the last gate.

    Every landed file is proved by its hash first, those of earlier builds included: what was built from one that is damaged now could not
    be built again. Rows of figures are loaded for new submissions alone when nothing but submissions changed since a build that ended, and
    for all otherwise. Heads, rule results, and the records of flat contracts are always loaded whole.

    Returns:
        The number of observations.

    Raises:
        StorageError: landed files are missing or damaged; names every one, and nothing is built.
    """
    records = list_submissions(engine)
    landed = _prove_landed(records, landing_dir)
    submissions: list[dict[str, object]] = []
    results: list[dict[str, object]] = []
    tables: list[Rows] = []
    records_of: dict[str, list[Rows]] = {}
    with open_warehouse(warehouse) as connection:
        taken_in = plan_batch(connection, fingerprint=build_fingerprint(engine, sources), submission_ids=[r.submission_id for r in records])
    for record in records:
        content = landed[record.rows_sha256]
        if record.contract_id in RECORD_SCHEMAS:
            rows = read_rows(content, submission_id=record.submission_id, schema=RECORD_SCHEMAS[record.contract_id])
            records_of.setdefault(record.contract_id, []).append(rows)
        elif record.submission_id in taken_in:
            tables.append(read_rows(content, submission_id=record.submission_id))
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


def _prove_landed(records: list[SubmissionRecord], landing_dir: Path) -> dict[str, bytes]:
    """Read every landed file of every submission, proved; returns the rows by their hash.

    Raises:
        StorageError: names every file that is missing or damaged, and whose it is.
    """
    rows: dict[str, bytes] = {}
    faults = []
    for record in records:
        for sha256 in (record.file_sha256, record.rows_sha256):
            try:
                content = read_landed(landing_dir, sha256)
                if sha256 == record.rows_sha256:
                    rows[sha256] = content
            except StorageError as error:
                faults.append(f"{record.submission_id}: {error}")
    if faults:
        raise StorageError(f"{len(faults)} landed files stand in the way of the build. {' '.join(faults[:5])}")
    return rows


def require_own_warehouse(engine: Engine, warehouse: Path) -> bool:
    """Take the working warehouse away unless it is as the last build to its end left it; it is then built anew from what was landed.

    An incremental build stands on the rows of the builds before it, so it must not stand on a file that somebody changed.

    Returns:
        Whether it may stay.
    """
    wal = warehouse.with_name(f"{warehouse.name}.wal")
    if not warehouse.exists() and not wal.exists():
        return True
    if warehouse.exists() and not wal.exists() and file_digest(warehouse) == last_build(engine).get("warehouse_sha256"):
        return True
    warehouse.unlink(missing_ok=True)
    wal.unlink(missing_ok=True)
    return False


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
