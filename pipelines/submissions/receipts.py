"""Receipts and reports as JSON, and back.

Belongs here: the written form. Does not belong here: wording of findings.
"""

import datetime
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from pipelines.domain.findings import Cause, CheckReport, CheckState, Explained, NotRunReason, Receipt, RuleResult, Severity, Verdict
from pipelines.submissions.explaining import answers_to_fill
from pipelines.warehouse.read_figures import FIGURE_FIELDS, ReadFigure

MAX_PLACES = 20


def receipt_to_json(receipt: Receipt) -> str:
    """Write a receipt as canonical JSON."""
    return json.dumps(asdict(receipt), ensure_ascii=False, sort_keys=True)


def receipt_from_json(text: str) -> Receipt:
    """Read a stored receipt."""
    fields: dict[str, Any] = json.loads(text)
    fields["verdict"] = Verdict(fields["verdict"])
    fields["repairs"] = tuple(fields["repairs"])
    fields["rules"] = tuple(RuleResult(**{**r, "severity": Severity(r["severity"]), "state": CheckState(r["state"])}) for r in fields["rules"])
    fields["explanations"] = tuple(Explained(**e) for e in fields.get("explanations", ()))
    return Receipt(**fields)


def report_to_dict(report: CheckReport) -> dict[str, Any]:
    """Give a report as plain values: receipt, findings each with its cell, and the causes to explain with answers to fill in."""
    open_causes = report.open_causes
    return {
        "receipt": asdict(report.receipt),
        "findings": [{**asdict(f), "cell": f.cell, "cause": f.cause if f.severity is Severity.WARNING else ""} for f in report.findings],
        "n_found": report.n_found,
        "causes": [_cause_to_dict(cause) for cause in report.causes],
        **({"answers_to_fill": answers_to_fill(open_causes)} if open_causes else {}),
    }


def figures_to_rows(figures: Sequence[ReadFigure]) -> list[dict[str, Any]]:
    """Give figures as read as plain values, dates as ISO texts."""
    return [{name: _plain(getattr(figure, name)) for name in FIGURE_FIELDS} for figure in figures]


def _plain(cell: Any) -> Any:
    return cell.isoformat() if isinstance(cell, datetime.date) else cell


def _cause_to_dict(cause: Cause) -> dict[str, Any]:
    first = cause.findings[0]
    return {
        "cause": cause.key, "rule_id": first.rule_id, "about": first.about, "what": first.what, "is_open": cause.is_open,
        "explanation": cause.words, "n_found": cause.n_found, "places": [f.place for f in cause.findings[:MAX_PLACES]],
    }  # fmt: skip


def states_in_words(rules: Iterable[RuleResult]) -> str:
    """Count rules by how they ended: ``41 passed, 1 failed, 12 not run (nothing to compare with)``."""
    listed = tuple(rules)
    states = Counter(r.state for r in listed)
    n_idle = sum(r.state is CheckState.NOT_RUN and r.reason_code == NotRunReason.NOTHING_TO_COMPARE for r in listed)
    counted = {CheckState.PASSED: states[CheckState.PASSED], CheckState.FAILED: states[CheckState.FAILED]}
    parts = [f"{n} {state}" for state, n in counted.items() if n]
    parts += [f"{n_idle} not run (nothing to compare with)"] if n_idle else []
    parts += [f"{n} not run"] if (n := states[CheckState.NOT_RUN] - n_idle) else []
    parts += [f"{n} errored"] if (n := states[CheckState.ERRORED]) else []
    return ", ".join(parts)
