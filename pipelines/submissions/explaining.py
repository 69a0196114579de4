"""Explanations of a checked file: which answer covers which finding, and the words that stay with the figures.

Belongs here: cells, causes and remarks to findings and rows. Does not belong here: asking, wording of rules (messages).
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from pipelines.contracts.rules import Rule
from pipelines.domain.causes import rule_of_cause, spelt_words
from pipelines.domain.findings import Cause, CauseCount, Explained, Finding, Severity, causes_of
from pipelines.domain.observations import ReadingTrouble

Place = tuple[str, int | None, str]


class Explainer:
    """The answers to what one file must explain; it remembers which were used and what they say of which row.

    An answer for a cell covers the findings at that cell. An answer for a cause covers every cell of the cause and no
    other rule. The file's own remark in the row of a figure covers the findings of that figure.
    """

    def __init__(self, explanations: dict[str, str]) -> None:
        self.given = {key: words.strip() for key, words in explanations.items() if words.strip()}
        self.used: set[str] = set()
        self.said: dict[Place, dict[str, list[str]]] = {}

    def unfit(self, rules: Iterable[Rule]) -> list[ReadingTrouble]:
        """Name answers for causes that no answer can clear: the contract has no such rule, or it must be fixed."""
        weights = {r.rule_id: r.severity for r in rules}
        faults = []
        for key in sorted(self.given):
            rule_id = rule_of_cause(key)
            if rule_id and weights.get(rule_id) is not Severity.WARNING:
                why = "is to be fixed or needs nothing" if rule_id in weights else "is no rule of this contract"
                faults.append(ReadingTrouble("answers_fit_the_file", f"an explanation of '{key}': {rule_id} {why}"))
        return faults

    def explained(self, finding: Finding, remark: str = "") -> Finding:
        """Put the sender's words to a finding that needs some."""
        if finding.severity is not Severity.WARNING:
            return finding
        for key in (finding.place, finding.cause):
            if key in self.given:
                self.used.add(key)
                return _with(finding, self.given[key])
        return _with(finding, remark.strip())

    def keep(self, finding: Finding, figure: Place) -> None:
        """Remember the words of a finding for the figure or record it is about."""
        if finding.severity is Severity.WARNING and finding.explanation:
            rules = self.said.setdefault(figure, {}).setdefault(spelt_words(finding.explanation), [])
            if finding.rule_id not in rules:
                rules.append(finding.rule_id)

    def write_into(self, rows: Iterable[Any]) -> None:
        """Let the words stay with the rows they are about, each with the rules that it answers."""
        if not self.said:
            return
        for row in rows:
            said = self.said.get((row.source_sheet, row.source_row, getattr(row, "source_column", "")))
            if said:
                parts = [f"{words} ({', '.join(rules)})" for words, rules in said.items()]
                own = row.explanation_text
                row.explanation_text = "; ".join([*([own] if own and own not in said else []), *parts])

    def unneeded(self) -> list[str]:
        """Say which answers for causes nothing in the file asked for."""
        idle = sorted(key for key in self.given if rule_of_cause(key) and key not in self.used)
        return [f"an explanation of '{key}' was given; nothing in the file asks for it" for key in idle]


def _with(finding: Finding, words: str) -> Finding:
    return finding if finding.explanation == words else replace(finding, explanation=words)


def explained_causes(findings: Iterable[Finding], counts: Iterable[CauseCount]) -> tuple[Explained, ...]:
    """List every cause that is answered, as the receipt keeps it."""
    return tuple(Explained(c.key, c.words, c.n_found) for c in causes_of(findings, counts) if not c.is_open)


def answers_to_fill(causes: Iterable[Cause]) -> dict[str, dict[str, str]]:
    """Give answers as JSON values with a place for the words of every open cause."""
    return {"explanations": {c.key: "" for c in causes if c.is_open}}
