"""Accept a file: limits, check, land, row and event in one transaction, receipt.

Belongs here: the one function behind page, command, inbox and API. Does not belong here: how any of them looks.
Nobody is told "accepted" before the transaction has ended; the file is on disk before the row.
"""

import hashlib
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from pipelines.contracts.catalogues import load_contract
from pipelines.domain.findings import CheckReport, Verdict
from pipelines.state.engines import Engine
from pipelines.state.ledger import NewEvent
from pipelines.state.records import SubmissionRecord, event_hash_at, find_submission, insert_submission, record_event
from pipelines.submissions.checking import CheckRequest, Home, check_file
from pipelines.submissions.landing import land, read_landed
from pipelines.submissions.receipts import receipt_from_json, receipt_to_json
from pipelines.warehouse.loading import observations_table, write_rows


@dataclass(frozen=True, slots=True)
class Store:
    """Where accepted things go, who acts, and what time it is."""

    engine: Engine
    landing_dir: Path
    actor: str
    now: str


def accept(request: CheckRequest, home: Home, store: Store) -> CheckReport:
    """Accept one file, or refuse it and change nothing but one event.

    Returns:
        The report; its receipt says accepted or rejected, and ``is_repeat`` when these bytes were accepted before.

    Raises:
        UsageError: the request is outside the limits.
        StorageError: the store could not keep the file; nothing was accepted.
    """
    contract = load_contract(home.contracts_dir)
    file_sha256 = hashlib.sha256(request.file.content).hexdigest()
    earlier = find_submission(store.engine, member_code=request.member_code, contract_id=contract.contract_id, file_sha256=file_sha256)
    if earlier is not None:
        return _repeat(earlier, store)
    checked = check_file(request, home)
    receipt = checked.report.receipt
    if checked.report.has_blocker:
        event = NewEvent(store.now, store.actor, "submission_refused", request.member_code, file_sha256, {"receipt_sha256": receipt.receipt_sha256})
        head = record_event(store.engine, event)
        refused = replace(receipt, verdict=Verdict.REJECTED, ledger_seq=head.seq, ledger_hash=head.hash)
        return CheckReport(refused, checked.report.findings)
    land(store.landing_dir, request.file.content)
    rows_sha256 = land(store.landing_dir, _rows_bytes(checked.observations))
    submission_id = f"{request.member_code}-{file_sha256[:12]}"
    accepted = replace(receipt, verdict=Verdict.ACCEPTED, submission_id=submission_id)
    record = SubmissionRecord(
        submission_id=submission_id, member_code=request.member_code, contract_id=contract.contract_id,
        contract_version=contract.version, file_name=request.file.name, file_sha256=file_sha256, rows_sha256=rows_sha256,
        receipt=receipt_to_json(accepted), accepted_seq=0, as_of_date=request.as_of_date, state="accepted",
    )  # fmt: skip
    body: dict[str, str | int | list[str]] = {"file_sha256": file_sha256, "rows_sha256": rows_sha256, "receipt_sha256": receipt.receipt_sha256}
    event = NewEvent(store.now, store.actor, "submission_accepted", request.member_code, submission_id, body)
    stored, head, was_there = insert_submission(store.engine, record, event)
    if was_there:
        return _repeat(stored, store)
    return CheckReport(replace(accepted, ledger_seq=head.seq, ledger_hash=head.hash), checked.report.findings)


def _repeat(record: SubmissionRecord, store: Store) -> CheckReport:
    read_landed(store.landing_dir, record.file_sha256)
    return CheckReport(
        replace(
            receipt_from_json(record.receipt),
            ledger_seq=record.accepted_seq,
            ledger_hash=event_hash_at(store.engine, record.accepted_seq),
            is_repeat=True,
        )
    )


def _rows_bytes(observations: list) -> bytes:  # type: ignore[type-arg]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.parquet"
        write_rows(observations_table(observations), path)
        return path.read_bytes()
