"""Assets of the ingest location: what arrives in the inbox, accepted or refused, with its checks."""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg

from pipelines.contracts.catalogues import load_contract
from pipelines.defs.resources import Platform, today
from pipelines.domain.findings import CheckState, Severity, Verdict
from pipelines.intake.reporting import FileToRead
from pipelines.settings import Settings
from pipelines.submissions.accepting import accept
from pipelines.submissions.checking import CheckRequest
from pipelines.submissions.inboxes import read_inbox_file, set_aside

arrivals = dg.DynamicPartitionsDefinition(name="submissions")
ACCEPTED = dg.AssetKey(["landing", "accepted_submissions"])
FILE_TAG, MEMBER_TAG = "citybench/file", "citybench/member"


def _check_specs() -> list[dg.AssetCheckSpec]:
    return [dg.AssetCheckSpec(rule.rule_id, asset=ACCEPTED) for rule in load_contract(Settings().contracts_dir).rules]


@dg.asset(key=ACCEPTED, partitions_def=arrivals, check_specs=_check_specs(), group_name="inbox", kinds={"python"})
def accepted_submissions(context: dg.AssetExecutionContext, platform: Platform) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
    """One file of the inbox, through the one accept(): landed with its ledger entry, or refused with findings."""
    path = Path(context.run.tags[FILE_TAG])
    max_bytes = int(load_contract(Path(platform.contracts_dir)).limits["max_file_bytes"])
    request = CheckRequest(FileToRead(path.name, read_inbox_file(path, max_bytes=max_bytes)), context.run.tags[MEMBER_TAG], today())
    report = accept(request, platform.home, platform.store(actor="inbox"))
    receipt = report.receipt
    set_aside(path, report)
    for rule in receipt.rules:
        severity = dg.AssetCheckSeverity.ERROR if rule.severity is Severity.BLOCKER else dg.AssetCheckSeverity.WARN
        yield dg.AssetCheckResult(
            passed=rule.state is CheckState.PASSED, check_name=rule.rule_id, severity=severity,
            metadata={"state": str(rule.state), "found": rule.n_found},
        )  # fmt: skip
    if receipt.verdict is Verdict.ACCEPTED:
        yield dg.MaterializeResult(metadata={"submission_id": receipt.submission_id, "observations": receipt.n_observations})
    else:
        raise dg.Failure(f"Refused with {len(report.findings)} findings; the report lies beside the file.", allow_retries=False)
