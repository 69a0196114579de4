"""A checked file as JSON, and back: what crosses from the process that works on a sender's texts to the one that serves pages.

Belongs here: the written form, column by column, so that a hundred thousand figures stay small. Does not belong here: checking, processes.
"""

import datetime
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, fields
from operator import attrgetter
from typing import Any

from pipelines.contracts.documents import CASES, MATURITY
from pipelines.domain.assessments import AssessedItem
from pipelines.domain.cases import CaseRow
from pipelines.domain.findings import CauseCount, CheckReport, Finding, Severity, Suggestion
from pipelines.domain.observations import FigureKey, ReportedObservation, TemplateReturn
from pipelines.submissions.checking import CheckedFile
from pipelines.submissions.receipts import receipt_from_json, receipt_to_json
from pipelines.warehouse.read_figures import ReadFigure
from pipelines.warehouse.rule_running import HarmonisedFigure

RECORDS: dict[str, Any] = {MATURITY: AssessedItem, CASES: CaseRow}
DATES = ("period_start", "period_end")


def checked_to_json(checked: CheckedFile, *, with_rows: bool) -> str:
    """Write a checked file.

    Args:
        with_rows: the typed rows for the store, instead of the figures that a page shows; nobody needs both.
    """
    report, contract_id = checked.report, checked.report.receipt.contract_id
    said = {
        "receipt": receipt_to_json(report.receipt),
        "findings": _columns(report.findings, Finding),
        "counts": _columns(report.by_cause, CauseCount),
        "file_sha256": checked.file_sha256,
        "fingerprint": checked.fingerprint,
        "template": asdict(checked.template) if checked.template else None,
        "observations": _columns(checked.observations if with_rows else (), ReportedObservation),
        "records": _columns(checked.records if with_rows else (), RECORDS.get(contract_id, CaseRow)),
        "figures": _columns(() if with_rows else checked.figures, HarmonisedFigure),
        "read": _columns(() if with_rows else checked.read, ReadFigure),
        "withheld": _columns(() if with_rows else checked.withheld, FigureKey),
    }
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"), default=_plain)


def checked_from_json(text: str | bytes) -> CheckedFile:
    """Read a checked file back; texts that stand there many times are kept once."""
    said = json.loads(text)
    receipt = receipt_from_json(said["receipt"])
    findings = []
    for values in _rows(said["findings"]):
        cells = dict(zip(said["findings"], values, strict=True))
        cells["severity"], cells["suggestions"] = Severity(cells["severity"]), tuple(Suggestion(**s) for s in cells["suggestions"])
        findings.append(Finding(**cells))
    counts = tuple(CauseCount(v[0], v[1], Severity(v[2]), v[3], v[4]) for v in _rows(said["counts"]))
    template = said["template"]
    return CheckedFile(
        CheckReport(receipt, tuple(findings), counts),
        [ReportedObservation(*v) for v in _rows(said["observations"])],
        said["file_sha256"],
        [HarmonisedFigure(*v) for v in _rows(said["figures"])],
        said["fingerprint"],
        [RECORDS[receipt.contract_id](*v) for v in _rows(said["records"])],
        [ReadFigure(*v) for v in _rows(said["read"])],
        [FigureKey(*v) for v in _rows(said["withheld"])],
        TemplateReturn(template["n_handed_out"], template["n_unchanged"], tuple(template["emptied"]), tuple(template["absent"])) if template else None,
    )


def _plain(cell: Any) -> Any:
    """What JSON does not know: dates, and the suggestions of a finding."""
    return cell.isoformat() if isinstance(cell, datetime.date) else asdict(cell)


def _columns(rows: Sequence[Any], kind: Any) -> dict[str, list[Any]]:
    names = [f.name for f in fields(kind)]
    take = attrgetter(*names)
    columns = zip(*map(take, rows), strict=True) if rows else ([] for _ in names)
    return dict(zip(names, map(list, columns), strict=True))


def _rows(columns: dict[str, list[Any]]) -> Iterable[tuple[Any, ...]]:
    kept: dict[Any, Any] = {}
    for name, column in columns.items():
        if name in DATES:
            columns[name] = [None if cell is None else kept.setdefault((cell,), datetime.date.fromisoformat(cell)) for cell in column]
        elif column and isinstance(next((c for c in column if c is not None), None), str):
            columns[name] = [kept.setdefault(cell, cell) for cell in column]
    return zip(*columns.values(), strict=True)
