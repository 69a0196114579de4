"""What a check says: findings, the state of each rule, the receipt.

Belongs here: closed lists and value objects. Does not belong here: wording (messages) and SQL (rules).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from pipelines.domain.causes import cause_key


class Severity(StrEnum):
    """How much a finding weighs: a blocker refuses a submission, a warning keeps it until its cause is explained."""

    BLOCKER = "blocker"
    WARNING = "warning"
    NOTE = "note"


class CheckState(StrEnum):
    """How a rule ended. The last two are never a pass."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_RUN = "not_run"
    ERRORED = "errored"


class NotRunReason(StrEnum):
    """Why a rule was not run. Only the second lets a file through: there was nothing that could be wrong."""

    FILE_NOT_READ = "file_not_read"
    NOTHING_TO_COMPARE = "nothing_to_compare"


class Verdict(StrEnum):
    """What became of a file."""

    ACCEPTABLE = "acceptable"
    NEEDS_EXPLANATION = "needs_explanation"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What may mend a finding: an answer of this kind, for this word or cell, with this target.

    Attributes:
        answer: the field of ``Answers`` that it would fill: headers, cities, indicators, units, periods, cell_readings,
            corrections, decimal_sign, date_order.
        about: the written word or the cell, empty for answers about the whole file.
        target: code, role or text.
        word: what it is, in words; confidence: 0 to 100.
    """

    answer: str
    about: str
    target: str
    word: str
    confidence: int


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault at one place: what, where, found, expected, what to do.

    ``explanation`` is the sender's reason, if one was given; ``about`` is what the rule is about here, the second half of the cause.
    """

    rule_id: str
    severity: Severity
    what: str
    sheet: str
    row: int | None
    column: str
    found: str
    expected: str
    mend: str
    suggestions: tuple[Suggestion, ...] = ()
    explanation: str = ""
    about: str = ""

    @property
    def cause(self) -> str:
        """The key under which this finding, and all others of its cause, are explained."""
        return cause_key(self.rule_id, self.about)

    @property
    def is_open(self) -> bool:
        """Whether the sender must still explain it."""
        return self.severity is Severity.WARNING and not self.explanation

    @property
    def place(self) -> str:
        """Sheet and cell as answers name them: ``Data!B7``, or ``B7`` in a text file."""
        return f"{self.sheet}!{self.cell}" if self.sheet and self.cell else self.cell

    @property
    def cell(self) -> str:
        """Address in the sender's own file, empty when the whole file is meant."""
        return f"{self.column}{self.row}" if self.row and self.column else ""


@dataclass(frozen=True, slots=True)
class CauseCount:
    """How many places one rule found about one thing, listed or not, and how many of them the sender must still explain."""

    rule_id: str
    about: str
    severity: Severity
    n_found: int
    n_open: int


@dataclass(frozen=True, slots=True)
class Cause:
    """What one rule found about one thing: the findings that are listed, how many there are, and how many have no explanation."""

    key: str
    findings: tuple[Finding, ...]
    n_found: int
    n_open: int

    @property
    def is_open(self) -> bool:
        """Whether any of its cells is not explained."""
        return self.n_open > 0

    @property
    def words(self) -> str:
        """What the sender said about it, each text once."""
        return " / ".join(dict.fromkeys(f.explanation for f in self.findings if f.explanation))


def count_causes(findings: Iterable[Finding]) -> tuple[CauseCount, ...]:
    """Count findings by cause and weight, in their order."""
    counted: dict[tuple[str, str, Severity], list[int]] = {}
    for finding in findings:
        numbers = counted.setdefault((finding.rule_id, finding.about, finding.severity), [0, 0])
        numbers[0] += 1
        numbers[1] += finding.is_open
    return tuple(CauseCount(*key, *numbers) for key, numbers in counted.items())


def causes_of(findings: Iterable[Finding], counts: Iterable[CauseCount] | None = None) -> tuple[Cause, ...]:
    """Group what needs an explanation by cause, in the order of the findings.

    Args:
        counts: of all findings, where not all are given.
    """
    groups: dict[str, list[Finding]] = {}
    listed = tuple(findings)
    for finding in listed:
        if finding.severity is Severity.WARNING:
            groups.setdefault(finding.cause, []).append(finding)
    counted = (c for c in (count_causes(listed) if counts is None else counts) if c.severity is Severity.WARNING)
    return tuple(Cause(key, tuple(groups[key]), c.n_found, c.n_open) for c in counted if (key := cause_key(c.rule_id, c.about)) in groups)


@dataclass(frozen=True, slots=True)
class Explained:
    """One cause as it was answered: the sender's words, or ``confirmed``, and for how many places."""

    cause: str
    words: str
    n_found: int


@dataclass(frozen=True, slots=True)
class RuleResult:
    """The state of one rule in one run; ``reason`` says in words why it was not run, ``reason_code`` which kind of reason that is."""

    rule_id: str
    severity: Severity
    state: CheckState
    n_found: int = 0
    reason: str = ""
    reason_code: str = ""

    @property
    def is_unfinished(self) -> bool:
        """Whether the rule could not do its work; one with nothing to compare had none to do."""
        return self.state is CheckState.ERRORED or (self.state is CheckState.NOT_RUN and self.reason_code != NotRunReason.NOTHING_TO_COMPARE)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the sender keeps. The same file and contract give the same ``receipt_sha256`` anywhere.

    ``submission_id``, ``ledger_seq``, ``ledger_hash`` and ``explained_by`` are empty unless the file was accepted.
    """

    file_name: str
    file_sha256: str
    member_code: str
    contract_id: str
    contract_version: str
    verdict: Verdict
    n_observations: int
    n_cells_blank: int
    rules: tuple[RuleResult, ...]
    repairs: tuple[str, ...]
    receipt_sha256: str
    answers_json: str = ""
    n_unexplained: int = 0
    submission_id: str = ""
    ledger_seq: int | None = None
    ledger_hash: str = ""
    is_repeat: bool = False
    explanations: tuple[Explained, ...] = ()
    explained_by: str = ""


@dataclass(frozen=True, slots=True)
class CheckReport:
    """Findings and receipt of one run over one file.

    Of a cause with many findings the first are listed; ``counts`` holds how many there are of each, and is ``None`` where all are listed.
    """

    receipt: Receipt
    findings: tuple[Finding, ...] = field(default_factory=tuple)
    counts: tuple[CauseCount, ...] | None = None

    @property
    def by_cause(self) -> tuple[CauseCount, ...]:
        """How many findings each cause has, listed or not."""
        return count_causes(self.findings) if self.counts is None else self.counts

    @property
    def n_found(self) -> int:
        """How many findings there are, listed or not."""
        return sum(c.n_found for c in self.by_cause)

    @property
    def lists_all(self) -> bool:
        """Whether every finding is listed."""
        return self.n_found == len(self.findings)

    @property
    def n_blockers(self) -> int:
        """How many places must be mended."""
        return sum(c.n_found for c in self.by_cause if c.severity is Severity.BLOCKER)

    def n_of_rule(self, rule_id: str) -> int:
        """How many places a rule found."""
        return sum(c.n_found for c in self.by_cause if c.rule_id == rule_id)

    @property
    def has_blocker(self) -> bool:
        """Whether any finding, or any rule that did not run to its end, refuses the file."""
        return any(r.is_unfinished for r in self.receipt.rules) or self.n_blockers > 0

    @property
    def causes(self) -> tuple[Cause, ...]:
        """Everything that needs an explanation, by cause."""
        return causes_of(self.findings, self.by_cause)

    @property
    def open_causes(self) -> tuple[Cause, ...]:
        """Causes that keep the file from being sent."""
        return tuple(c for c in self.causes if c.is_open)


def verdict_of(rules: Iterable[RuleResult], counts: Iterable[CauseCount]) -> Verdict:
    """Say what may become of a file: fixed first, explained first, or sent."""
    found = tuple(counts)
    if any(r.is_unfinished for r in rules) or any(c.severity is Severity.BLOCKER for c in found):
        return Verdict.REJECTED
    return Verdict.NEEDS_EXPLANATION if any(c.n_open for c in found) else Verdict.ACCEPTABLE
