"""Accept a file: limits, check, land, row and event in one transaction, receipt.

Belongs here: the one function behind page, command, inbox and API. Does not belong here: how any of them looks.
Nobody is told "accepted" before the transaction has ended; the file is on disk before the row.
"""

import datetime
import hashlib
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from pipelines.contracts.catalogues import load_contract
from pipelines.domain.actors import Actor
from pipelines.domain.answers import NO_ANSWERS
from pipelines.domain.errors import RefusedError
from pipelines.domain.findings import CheckReport, Verdict
from pipelines.state.accounts import present_actor, stamp
from pipelines.state.drafts import find_mapping, remember_mapping
from pipelines.state.engines import Engine
from pipelines.state.ledger import NewEvent
from pipelines.state.policy import Action, require
from pipelines.state.records import SubmissionRecord, event_hash_at, find_submission, insert_submission, record_event
from pipelines.submissions.checking import CheckedFile, CheckRequest, Home, require_within_limits
from pipelines.submissions.checking_apart import Seen, apart
from pipelines.submissions.landing import land, read_landed
from pipelines.submissions.receipts import receipt_from_json, receipt_to_json
from pipelines.warehouse.loading import RECORD_SCHEMAS, Rows, observations_table, records_table, write_rows


@dataclass(frozen=True, slots=True)
class Store:
    """Where accepted things go, who acts, and what time it is."""

    engine: Engine
    landing_dir: Path
    actor: Actor
    now: datetime.datetime


def accept(request: CheckRequest, home: Home, store: Store) -> CheckReport:
    """Accept one file, or refuse it and change nothing but one event.

    The answers of a remembered recipe for files of this layout are applied; what the sender answers now wins,
    and is remembered when the file is accepted.

    Returns:
        The report; its receipt says accepted, rejected or in need of an explanation, and ``is_repeat`` when these bytes were
        accepted before.

    Raises:
        RefusedError: the actor may not send for this member; the attempt is in the ledger.
        UsageError: the request is outside the limits.
        StorageError: the store could not keep the file; nothing was accepted.
    """
    require_logged(store, Action.SUBMIT_FILE, request.member_code)
    require_within_limits(request, home)
    file_sha256 = hashlib.sha256(request.file.content).hexdigest()
    with apart(request, home) as file:
        seen = file.look()
        request = replace(with_recipe(request, seen, store.engine), contract_id=seen.contract_id)
        contract = load_contract(home.contracts_dir, seen.contract_id)
        answers = request.answered_file.answers
        earlier = find_submission(
            store.engine, member_code=request.member_code, contract_id=contract.contract_id, file_sha256=file_sha256, answers_sha256=answers.sha256
        )
        if earlier is not None:
            return _repeat(earlier, store)
        checked = file.check(request.recipe, with_rows=True)
    at, actor_id = stamp(store.now), store.actor.account_id or store.actor.name
    receipt = checked.report.receipt
    if receipt.verdict is not Verdict.ACCEPTABLE:
        return _refuse(checked.report, store)
    land(store.landing_dir, request.file.content)
    rows_sha256 = land(
        store.landing_dir,
        _rows_bytes(
            records_table(contract.contract_id, checked.records) if contract.contract_id in RECORD_SCHEMAS else observations_table(checked.observations)
        ),
    )
    suffix = f"-{answers.sha256[:6]}" if answers.sha256 else ""
    submission_id = f"{request.member_code}-{file_sha256[:12]}{suffix}"
    explained_by = store.actor.name if receipt.explanations else ""
    accepted = replace(receipt, verdict=Verdict.ACCEPTED, submission_id=submission_id, explained_by=explained_by)
    record = SubmissionRecord(
        submission_id=submission_id, member_code=request.member_code, contract_id=contract.contract_id,
        contract_version=contract.version, file_name=request.file.name, file_sha256=file_sha256, rows_sha256=rows_sha256,
        receipt=receipt_to_json(accepted), accepted_seq=0, as_of_date=request.as_of_date, state="accepted",
        answers_json=answers.to_json(), answers_sha256=answers.sha256,
    )  # fmt: skip
    body: dict[str, str | int | list[str]] = {"file_sha256": file_sha256, "rows_sha256": rows_sha256, "receipt_sha256": receipt.receipt_sha256}
    event = NewEvent(at, actor_id, "submission_accepted", request.member_code, submission_id, body)
    stored, head, was_there = insert_submission(store.engine, record, event)
    if was_there:
        return _repeat(stored, store)
    if request.file.answers.recipe().to_json() and checked.fingerprint:
        remember_mapping(
            store.engine, actor_id=actor_id, member_code=request.member_code, fingerprint=checked.fingerprint, answers=answers.recipe(), now=store.now
        )
    return replace(checked.report, receipt=replace(accepted, ledger_seq=head.seq, ledger_hash=head.hash))


def _refuse(report: CheckReport, store: Store) -> CheckReport:
    """Leave one event. What is not explained yet is refused like a fault: nothing unexplained comes in, whatever way it was sent."""
    receipt, actor_id = report.receipt, store.actor.account_id or store.actor.name
    body: dict[str, str | int | list[str]] = {"receipt_sha256": receipt.receipt_sha256}
    if report.open_causes:
        body["to_explain"] = [c.key for c in report.open_causes]
    event = NewEvent(stamp(store.now), actor_id, "submission_refused", receipt.member_code, receipt.file_sha256, body)
    head = record_event(store.engine, event)
    return replace(report, receipt=replace(receipt, ledger_seq=head.seq, ledger_hash=head.hash))


def require_logged(store: Store, action: Action, member_code: str) -> None:
    """Refuse what policy does not allow, by the role the account has now, and write the refusal into the ledger.

    Raises:
        RefusedError: not allowed.
    """
    try:
        require(present_actor(store.engine, store.actor), action, member_code)
    except RefusedError:
        who = store.actor.account_id or store.actor.name
        record_event(store.engine, NewEvent(stamp(store.now), who, "refused", member_code, str(action), {}))
        raise


def with_recipe(request: CheckRequest, seen: Seen, engine: Engine) -> CheckRequest:
    """Add the remembered answers for files of this layout, if the member confirmed any."""
    mapping = find_mapping(engine, member_code=request.member_code, fingerprint=seen.fingerprint) if seen.fingerprint else None
    return replace(request, recipe=mapping.answers if mapping else NO_ANSWERS)


def check_with_recipe(request: CheckRequest, home: Home, engine: Engine) -> CheckedFile:
    """Check a file with the remembered answers for its layout; nothing is sent.

    Raises:
        UsageError: the request is outside the limits.
    """
    require_within_limits(request, home)
    with apart(request, home) as file:
        return file.check(with_recipe(request, file.look(), engine).recipe)


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


def _rows_bytes(rows: Rows) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.parquet"
        write_rows(rows, path)
        return path.read_bytes()
