"""Assets of the ingest location: what arrives in the inbox, accepted or refused, with its checks."""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg

from pipelines.contracts.catalogues import load_contract
from pipelines.contracts.documents import INBOUND
from pipelines.defs.resources import Platform, today
from pipelines.domain.findings import CheckState, Severity, Verdict
from pipelines.intake.reporting import FileToRead
from pipelines.settings import Settings
from pipelines.submissions.accepting import accept
from pipelines.submissions.checking import CheckRequest
from pipelines.submissions.inboxes import answers_beside, read_inbox_file, set_aside

arrivals = dg.DynamicPartitionsDefinition(name="submissions")
ACCEPTED = dg.AssetKey(["landing", "accepted_submissions"])
FILE_TAG, MEMBER_TAG = "citybench/file", "citybench/member"


def _check_specs() -> list[dg.AssetCheckSpec]:
    """One check per rule of any inbound contract; a run reports those of the contract that its file is under."""
    rules = {rule.rule_id for contract_id in INBOUND for rule in load_contract(Settings().contracts_dir, contract_id).rules}
    return [dg.AssetCheckSpec(rule_id, asset=ACCEPTED) for rule_id in sorted(rules)]


# A multi-asset whose outputs may stay out: a file is under one contract, and the rules of the others say nothing about it.
@dg.multi_asset(
    specs=[dg.AssetSpec(ACCEPTED, group_name="inbox", kinds={"python"}, partitions_def=arrivals)], check_specs=_check_specs(), can_subset=True,
    name="accepted_submissions",
)  # fmt: skip
def accepted_submissions(context: dg.AssetExecutionContext, platform: Platform) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
    """One file of the inbox, through the one accept(): landed with its ledger entry, or refused with findings."""
    path = Path(context.run.tags[FILE_TAG])
    max_bytes = int(load_contract(Path(platform.contracts_dir)).limits["max_file_bytes"])
    file = FileToRead(path.name, read_inbox_file(path, max_bytes=max_bytes), answers_beside(path))
    request = CheckRequest(file, context.run.tags[MEMBER_TAG], today())
    report = accept(request, platform.home, platform.store(actor="inbox"))
    receipt = report.receipt
    set_aside(path, report)
    for rule in receipt.rules:
        if rule.state is CheckState.NOT_RUN and not rule.is_unfinished:
            # Nothing to compare with: the check has no result, which the orchestrator shows as not run.
            continue
        severity = dg.AssetCheckSeverity.ERROR if rule.severity is Severity.BLOCKER else dg.AssetCheckSeverity.WARN
        yield dg.AssetCheckResult(
            passed=rule.state is CheckState.PASSED, asset_key=ACCEPTED, check_name=rule.rule_id, severity=severity,
            metadata={"state": str(rule.state), "found": rule.n_found},
        )  # fmt: skip
    if receipt.verdict is Verdict.ACCEPTED:
        yield dg.MaterializeResult(ACCEPTED, metadata={"submission_id": receipt.submission_id, "observations": receipt.n_observations})
    else:
        asked = f", {len(report.open_causes)} causes to explain" if report.open_causes else ""
        raise dg.Failure(f"Refused with {report.n_found} findings{asked}; the report lies beside the file.", allow_retries=False)
