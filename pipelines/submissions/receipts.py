"""Receipts and reports as JSON, and back.

Belongs here: the written form. Does not belong here: wording of findings.
"""

import datetime
import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from pipelines.domain.findings import CheckReport, CheckState, Receipt, RuleResult, Severity, Verdict
from pipelines.warehouse.read_figures import FIGURE_FIELDS, ReadFigure


def receipt_to_json(receipt: Receipt) -> str:
    """Write a receipt as canonical JSON."""
    return json.dumps(asdict(receipt), ensure_ascii=False, sort_keys=True)


def receipt_from_json(text: str) -> Receipt:
    """Read a stored receipt."""
    fields: dict[str, Any] = json.loads(text)
    fields["verdict"] = Verdict(fields["verdict"])
    fields["repairs"] = tuple(fields["repairs"])
    fields["rules"] = tuple(RuleResult(r["rule_id"], Severity(r["severity"]), CheckState(r["state"]), r["n_found"], r["reason"]) for r in fields["rules"])
    return Receipt(**fields)


def report_to_dict(report: CheckReport) -> dict[str, Any]:
    """Give a report as plain values: receipt, and findings each with its cell."""
    return {
        "receipt": asdict(report.receipt),
        "findings": [{**asdict(f), "cell": f.cell} for f in report.findings],
    }


def figures_to_rows(figures: Sequence[ReadFigure]) -> list[dict[str, Any]]:
    """Give figures as read as plain values, dates as ISO texts."""
    return [{name: _plain(getattr(figure, name)) for name in FIGURE_FIELDS} for figure in figures]


def _plain(cell: Any) -> Any:
    return cell.isoformat() if isinstance(cell, datetime.date) else cell
