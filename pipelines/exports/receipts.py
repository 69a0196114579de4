"""A receipt as a page, as a PDF and as lines of a terminal; its JSON is the receipt itself.

Belongs here: laying a receipt out in a language. Does not belong here: what it says (submissions).
"""

import html
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from pipelines.contracts.documents import record_noun
from pipelines.contracts.labels import RIGHT_TO_LEFT, label
from pipelines.domain.causes import is_confirmation
from pipelines.domain.findings import CheckReport, CheckState
from pipelines.domain.tallies import MAX_OF_CAUSE
from pipelines.submissions.explaining import answers_to_fill
from pipelines.submissions.receipts import states_in_words

SYMBOL = {CheckState.PASSED: "✓", CheckState.FAILED: "✗", CheckState.NOT_RUN: "–", CheckState.ERRORED: "!"}
MOST_LISTED = 20
MOST_SHOWN = 10_000
STYLE = (
    "body{font-family:'Noto Sans','Noto Sans CJK KR',sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem;color:#1c2730}"
    "table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid #d5dde3;padding:.3rem .5rem;text-align:start;vertical-align:top}"
    "code{overflow-wrap:anywhere}h1{font-size:1.4rem}h2{font-size:1.1rem;margin-top:1.5rem}"
)


def receipt_facts(report: CheckReport, contracts_dir: Path, language: str) -> dict[str, object]:
    """What a receipt shows, as plain values in a language: title, facts, rules, findings by cause, repairs."""
    receipt = report.receipt

    def word(name: str, **values: object) -> str:
        return label(contracts_dir, name, language, **values)

    groups: dict[str, list[str]] = {}
    for finding in report.findings:
        groups.setdefault(finding.rule_id, []).append(finding.place or word("whole_file"))
    whats = {f.rule_id: f.what for f in report.findings}
    return {
        "title": f"{word('receipt')}: {receipt.file_name}",
        "facts": [
            [word("verdict_" + str(receipt.verdict)), f"{receipt.n_observations}"],
            ["member", receipt.member_code],
            ["contract", f"{receipt.contract_id} {receipt.contract_version}"],
            ["file sha256", receipt.file_sha256],
            ["receipt sha256", receipt.receipt_sha256],
            *([["submission", receipt.submission_id]] if receipt.submission_id else []),
            *([["ledger", f"{receipt.ledger_seq} {receipt.ledger_hash}"]] if receipt.ledger_seq else []),
            *([["answers", _beginning(receipt.answers_json)]] if receipt.answers_json else []),
            ["rules", states_in_words(receipt.rules)],
            *([word("explanation"), f"{said.cause} ({said.n_found}): {_said(said.words, word)}"] for said in receipt.explanations),
            *([["explained by", receipt.explained_by]] if receipt.explained_by else []),
        ],
        "findings_title": word("summary_sheet"),
        "findings": [[whats[rule], word("and_more", n=report.n_of_rule(rule), first=places[0], last=places[-1])] for rule, places in groups.items()],
        "rules_title": word("rule_states"),
        "rules": [[SYMBOL[r.state], r.rule_id, r.reason or str(r.state).replace("_", " "), str(r.n_found)] for r in receipt.rules],
        "repairs_title": word("how_read"),
        "repairs": list(receipt.repairs),
        "counts": {str(s): n for s, n in Counter(r.state for r in receipt.rules).items()},
        "direction": "rtl" if language in RIGHT_TO_LEFT else "ltr",
    }


def causes_as_lines(report: CheckReport) -> list[str]:
    """Say for a terminal what is explained, what is not, and how to answer: answers to copy into a file and fill in."""
    by = f" by {report.receipt.explained_by}" if report.receipt.explained_by else ""
    lines = [f"explained{by}: {said.cause} ({said.n_found}x): {said.words}" for said in report.receipt.explanations]
    causes = report.open_causes
    if causes:
        lines += ["", f"{len(causes)} to explain or confirm, one answer per cause:"]
        lines += [f"  {c.key} ({c.n_found}x, {c.findings[0].place or 'whole file'})" for c in causes]
        lines += ['Write your words, or "confirmed", between the empty quotes and give the file with --answers:']
        lines += [json.dumps(answers_to_fill(causes), ensure_ascii=False)]
    return lines


def _beginning(answers: str) -> str:
    """What a page can show of the answers; the receipt as JSON holds all."""
    return answers if len(answers) <= MOST_SHOWN else f"{answers[:MOST_SHOWN]}… ({len(answers)} characters)"


def _said(words: str, word: Callable[[str], str]) -> str:
    return word("figures_confirmed") if is_confirmation(words) else words


def receipt_to_html(report: CheckReport, contracts_dir: Path, language: str) -> str:
    """Write a receipt as a page of its own; every text is escaped and nothing outside is asked for."""
    facts = receipt_facts(report, contracts_dir, language)

    def table(rows: object) -> str:
        return "<table>" + "".join("<tr>" + "".join(f"<td>{html.escape(str(c))}</td>" for c in row) + "</tr>" for row in rows) + "</table>"  # type: ignore[attr-defined]

    repairs = "".join(f"<li>{html.escape(str(r))}</li>" for r in facts["repairs"])  # type: ignore[attr-defined]
    return (
        f'<!doctype html><html lang="{language}" dir="{facts["direction"]}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{html.escape(str(facts['title']))}</title><style>{STYLE}</style><h1>{html.escape(str(facts['title']))}</h1>{table(facts['facts'])}"
        f"<h2>{html.escape(str(facts['findings_title']))}</h2>{table(facts['findings'])}<h2>{html.escape(str(facts['rules_title']))}</h2>{table(facts['rules'])}"
        f"<h2>{html.escape(str(facts['repairs_title']))}</h2><ul>{repairs}</ul></html>"
    )


LAYOUT = """
#let d = json(bytes(sys.inputs.at("receipt")))
#set page(paper: "a4", margin: 20mm)
#set text(font: ("Noto Sans", "Noto Sans CJK KR", "Noto Sans Thai", "Noto Sans Arabic"), size: 9pt)
#set text(dir: if d.direction == "rtl" { rtl } else { ltr })
#let rows(r, w) = table(columns: w, stroke: (x, y) => (bottom: 0.4pt + rgb("#d5dde3")), inset: 4pt, ..r.flatten().map(c => [#c]))
= #d.title
#rows(d.facts, (auto, 1fr))
== #d.findings_title
#if d.findings.len() > 0 { rows(d.findings, (1fr, 1fr)) }
== #d.rules_title
#rows(d.rules, (auto, 1fr, auto, auto))
== #d.repairs_title
#for r in d.repairs [- #r]
"""


def receipt_to_pdf(report: CheckReport, contracts_dir: Path, language: str) -> bytes:
    """Write a receipt as PDF with typst; texts come in as data and are never compiled."""
    import typst

    facts = receipt_facts(report, contracts_dir, language)
    pdf: bytes = typst.compile(LAYOUT.encode(), format="pdf", sys_inputs={"receipt": json.dumps(facts, ensure_ascii=False)})
    return pdf


def report_as_lines(report: CheckReport) -> list[str]:
    """Lay a report out for a terminal: verdict, how the file was read, findings grouped by rule, causes to explain, hashes."""
    receipt = report.receipt
    repeat = " (these bytes were accepted before)" if receipt.is_repeat else ""
    counted = f"{receipt.n_observations} {record_noun(receipt.contract_id)}"
    lines = [f"{receipt.file_name}: {receipt.verdict}{repeat}, {counted}, contract {receipt.contract_id} {receipt.contract_version}"]
    lines += [f"rules: {states_in_words(receipt.rules)}", *(f"read: {repair}" for repair in receipt.repairs)]
    for rule_id in dict.fromkeys(f.rule_id for f in report.findings):
        n = report.n_of_rule(rule_id)
        group = [f for f in report.findings if f.rule_id == rule_id]
        lines += [f"\n{group[0].severity.upper()} {rule_id} ({n}x): {group[0].what}", f"  fix: {group[0].mend}"]
        for finding in group[:MOST_LISTED]:
            place = "!".join(p for p in (finding.sheet, finding.cell) if p) or "whole file"
            lines.append(f"  {place}: found {finding.found!r}; expected {finding.expected}")
        if n > MOST_LISTED:
            lines.append(f"  … and {n - MOST_LISTED} more, as far as {group[-1].place}; --json lists up to {MAX_OF_CAUSE} of a cause")
    return [*lines, *causes_as_lines(report), f"\nfile {receipt.file_sha256}", f"receipt {receipt.receipt_sha256}"]
