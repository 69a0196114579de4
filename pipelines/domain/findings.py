"""What a check says: findings, the state of each rule, the receipt.

Belongs here: closed lists and value objects. Does not belong here: wording (messages) and SQL (rules).
"""

from dataclasses import dataclass, field
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding weighs: only a blocker refuses a submission."""

    BLOCKER = "blocker"
    WARNING = "warning"
    NOTE = "note"


class CheckState(StrEnum):
    """How a rule ended. The last two are never a pass."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_RUN = "not_run"
    ERRORED = "errored"


class Verdict(StrEnum):
    """What became of a file."""

    ACCEPTABLE = "acceptable"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What may mend a finding: an answer of this kind, for this word or cell, with this target.

    Attributes:
        answer: the field of ``Answers`` that it would fill: headers, cities, indicators, units, corrections, decimal_sign, date_order, cell_readings.
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
    """One fault at one place: what, where, found, expected, what to do; ``explanation`` is the sender's reason, if she gave one."""

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

    @property
    def place(self) -> str:
        """Sheet and cell as answers name them: ``Data!B7``, or ``B7`` in a text file."""
        return f"{self.sheet}!{self.cell}" if self.sheet and self.cell else self.cell

    @property
    def cell(self) -> str:
        """Address in the sender's own file, empty when the whole file is meant."""
        return f"{self.column}{self.row}" if self.row and self.column else ""


@dataclass(frozen=True, slots=True)
class RuleResult:
    """The state of one rule in one run."""

    rule_id: str
    severity: Severity
    state: CheckState
    n_found: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the sender keeps. The same file and contract give the same ``receipt_sha256`` anywhere.

    ``submission_id``, ``ledger_seq`` and ``ledger_hash`` are empty unless the file was accepted.
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


@dataclass(frozen=True, slots=True)
class CheckReport:
    """Findings and receipt of one run over one file."""

    receipt: Receipt
    findings: tuple[Finding, ...] = field(default_factory=tuple)

    @property
    def has_blocker(self) -> bool:
        """Whether any finding, or any rule that did not run to its end, refuses the file."""
        unfinished = any(r.state in (CheckState.NOT_RUN, CheckState.ERRORED) for r in self.receipt.rules)
        return unfinished or any(f.severity is Severity.BLOCKER for f in self.findings)
