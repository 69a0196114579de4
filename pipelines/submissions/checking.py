"""Check a file: read, match, harmonise in memory, run every rule, word every finding.

Belongs here: the one check that page, command, inbox and API share. Does not belong here: storing anything.
"""

import gc
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pipelines.contracts.catalogues import Row, load_contract, load_registry, load_vocabulary, member_habits
from pipelines.contracts.documents import OBSERVATIONS, Contract
from pipelines.contracts.messages import Message, contract_messages, load_messages
from pipelines.contracts.rules import Rule
from pipelines.domain.answers import NO_ANSWERS, Answers, is_sound
from pipelines.domain.errors import UnreadableFileError, UsageError
from pipelines.domain.findings import CauseCount, CheckReport, CheckState, Finding, NotRunReason, Receipt, RuleResult, Severity, verdict_of
from pipelines.domain.observations import FigureKey, IntakeResult, ReadingTrouble, ReportedObservation, TemplateReturn
from pipelines.domain.tallies import Tally, shortened
from pipelines.intake.matching import Matcher
from pipelines.intake.reading.cells import ReadFile
from pipelines.intake.reporting import FileToRead, file_facts, open_file, report_file, unread
from pipelines.submissions.explaining import Explainer, Place, explained_causes
from pipelines.submissions.flat_contracts import FLAT_CONTRACTS, flat_contract_of, read_records, run_record_rules
from pipelines.submissions.suggesting import Suggester
from pipelines.warehouse.compiling import LAST_MODELS, compiled_models
from pipelines.warehouse.read_figures import ReadFigure, figures_as_read, unsettled
from pipelines.warehouse.rule_running import (
    HarmonisedFigure,
    SubmissionHead,
    Violation,
    Violations,
    find_violations,
    harmonised_figures,
    rules_without_rows,
    submission_in_memory,
    with_idle,
    withheld_figures,
)

MAX_REPAIRS = 1_000
# Characters that file systems hold.
MAX_NAME = 200
NO_HEAD = SubmissionHead("none", "", "", "", "", "2000-01-01")
Waived = dict[tuple[str, str, object], str]
SUBJECTS = {
    "city_code": "city", "indicator_code": "indicator", "period_start": "period", "unit_code": "unit",
    "case_written": "case", "started_year": "started", "indicator_codes": "indicators", "goal_set_codes": "goals",
    "scheme_code": "scheme", "assessed_on": "assessed", "track_code": "track", "item_code": "item", "level_value": "level", "target_level": "level",
    "numerator_value": "numerator", "denominator_value": "denominator", "boundary_code": "boundary", "definition_code": "definition",
    "source_locator": "source", "method_code": "method", "standard_error_value": "standard_error",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """What to check, for whom, as of which day; ``recipe`` is what the member confirmed before, ``read`` the file if opened already, ``contract_id``
    the contract it is under, empty until that is recognised."""

    file: FileToRead
    member_code: str
    as_of_date: str
    language: str = "en"
    recipe: Answers = NO_ANSWERS
    read: ReadFile | None = None
    contract_id: str = ""

    @property
    def answered_file(self) -> FileToRead:
        """The file with the answers of today over the remembered recipe."""
        return replace(self.file, answers=self.file.answers.over(self.recipe))


@dataclass(frozen=True, slots=True)
class Home:
    """Where contracts and models lie."""

    contracts_dir: Path
    dbt_dir: Path


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """The report, the rows it is about, and the harmonised figures.

    Attributes:
        fingerprint: the layout's, for recipes; records: those of a flat contract.
        read: every figure as read, those that the check still asks about included.
        withheld: keys of rows that say why there is no figure; template: what became of the figures handed out, when the file is a template.
    """

    report: CheckReport
    observations: list[ReportedObservation]
    file_sha256: str
    figures: list[HarmonisedFigure]
    fingerprint: str
    records: list[Any] = field(default_factory=list)
    read: list[ReadFigure] = field(default_factory=list)
    withheld: list[FigureKey] = field(default_factory=list)
    template: TemplateReturn | None = None


def collect_less_often() -> None:
    """Let Python look for reference cycles less often; entry points call it once. A check makes ten thousands of rows, and none refers to itself."""
    gc.set_threshold(100_000, 50, 50)


def check_file(request: CheckRequest, home: Home) -> CheckedFile:
    """Check one file; nothing is stored.

    Returns:
        Every finding in one pass and a receipt with the state of every rule.

    Raises:
        UsageError: the member is not known, or the file is larger than the contract allows.
        ContractError: our own contract or registry is wrong.
    """
    require_within_limits(request, home)
    request = recognised(request, home)
    contract = load_contract(home.contracts_dir, request.contract_id)
    vocabulary, habits = load_vocabulary(home.contracts_dir), member_habits(home.contracts_dir, request.member_code)
    file = request.answered_file
    if contract.contract_id in FLAT_CONTRACTS and request.read is not None:
        return _check_records(request, request.read, contract, home)
    intake = report_file(
        file,
        vocabulary=vocabulary,
        habits=habits,
        limits=contract.limits,
        contract=(contract.contract_id, contract.version),
        read=request.read,
    )
    file_sha256 = hashlib.sha256(request.file.content).hexdigest()
    head = SubmissionHead("checked", request.member_code, request.file.name, file_sha256, contract.version, request.as_of_date)
    run = _run_rules(head, intake, contract, home)
    suggester, explainer = Suggester(Matcher(vocabulary, habits, file.answers), intake.decimal_sign), Explainer(file.answers.explanations)
    intake.troubles += explainer.unfit(contract.rules)
    waived = _waived(run.violations, load_registry(home.contracts_dir)["waivers"], request.as_of_date)
    tally = _word_findings(contract, intake, run.violations, load_messages(home.contracts_dir, request.language), suggester, explainer, waived)
    receipt = _write_receipt(request, contract, intake, run.states, tally, file_sha256)
    report = CheckReport(receipt, tuple(tally.listed), tally.counts)
    return CheckedFile(
        report, intake.observations, file_sha256, run.figures, intake.fingerprint,
        read=unsettled(run.read, tally.blocked), withheld=run.withheld, template=intake.template,
    )  # fmt: skip


def unchecked(request: CheckRequest, home: Home, error: UnreadableFileError) -> CheckedFile:
    """The refusal of a file that could not be checked: one finding, and no other rule was run. Nothing of the file is looked at."""
    contract, answers = load_contract(home.contracts_dir), request.answered_file.answers
    intake = unread(error)
    suggester = Suggester(Matcher(load_vocabulary(home.contracts_dir), member_habits(home.contracts_dir, request.member_code), NO_ANSWERS), "")
    messages = load_messages(home.contracts_dir, request.language)
    tally = _word_findings(contract, intake, Violations(), messages, suggester, Explainer(answers.explanations), {})
    file_sha256 = hashlib.sha256(request.file.content).hexdigest()
    states = {r.rule_id: CheckState.NOT_RUN for r in contract.rules if r.runs_in_sql}
    receipt = _write_receipt(request, contract, intake, states, tally, file_sha256)
    return CheckedFile(CheckReport(receipt, tuple(tally.listed), tally.counts), [], file_sha256, [], "")


def load_what_checks_need(home: Home) -> None:
    """Load contracts, words and models once, so that the first check finds them loaded."""
    for contract_id in (OBSERVATIONS, *FLAT_CONTRACTS):
        load_contract(home.contracts_dir, contract_id)
    load_vocabulary(home.contracts_dir)
    with submission_in_memory(NO_HEAD, [], registry=load_registry(home.contracts_dir), models=compiled_models(home.dbt_dir)):
        pass


def recognised(request: CheckRequest, home: Home) -> CheckRequest:
    """Say which contract a file is under, by its header row; what cannot be opened is left to the reading of observations."""
    if request.contract_id:
        return request
    read = request.read
    if read is None:
        try:
            limits = load_contract(home.contracts_dir).limits
            read = open_file(request.answered_file, habits=member_habits(home.contracts_dir, request.member_code), limits=limits)
        except UnreadableFileError:
            return replace(request, contract_id=OBSERVATIONS)
    return replace(request, read=read, contract_id=flat_contract_of(read, home.contracts_dir) or OBSERVATIONS)


def _check_records(request: CheckRequest, read: ReadFile, contract: Contract, home: Home) -> CheckedFile:
    intake = read_records(read, home.contracts_dir, contract_id=contract.contract_id, member_code=request.member_code)
    file_sha256 = hashlib.sha256(request.file.content).hexdigest()
    head = SubmissionHead("checked", request.member_code, request.file.name, file_sha256, contract.version, request.as_of_date)
    registry, models = load_registry(home.contracts_dir), compiled_models(home.dbt_dir, LAST_MODELS[contract.contract_id])
    answers = request.answered_file.answers
    intake.facts = file_facts(read, answers)
    states, violations = run_record_rules(head, intake, contract.rules, contract_id=contract.contract_id, registry=registry, models=models)
    vocabulary, habits = load_vocabulary(home.contracts_dir), member_habits(home.contracts_dir, request.member_code)
    messages = contract_messages(home.contracts_dir, contract.contract_id, request.language)
    suggester = Suggester(Matcher(vocabulary, habits, NO_ANSWERS), "")
    tally = _word_findings(contract, intake, violations, messages, suggester, Explainer(answers.explanations), {})
    receipt = _write_receipt(request, contract, intake, states, tally, file_sha256)
    return CheckedFile(CheckReport(receipt, tuple(tally.listed), tally.counts), [], file_sha256, [], "", intake.records)


def require_within_limits(request: CheckRequest, home: Home) -> None:
    """Refuse a request outside the contract's limits before anything is opened.

    Raises:
        UsageError: the member is not known, or the file is too large.
    """
    limit = int(load_contract(home.contracts_dir).limits["max_file_bytes"])
    if len(request.file.content) > limit:
        raise UsageError(f"{request.file.name}: {len(request.file.content)} bytes, the contract allows {limit}. Split the file.")
    name = request.file.name
    if len(name) > MAX_NAME or not is_sound(name) or any(c in name for c in "\t\n\r"):
        raise UsageError(f"The name of the file holds control characters, or is longer than {MAX_NAME}. Name it anew.")
    known = {row["member_code"] for row in load_registry(home.contracts_dir)["members"]}
    if request.member_code not in known:
        raise UsageError(f"There is no member '{request.member_code[:20]}'. Members: {', '.join(sorted(known))}.")


@dataclass(frozen=True, slots=True)
class RuleRun:
    """What the rules found, and the figures that they were held over."""

    states: dict[str, CheckState]
    violations: Violations
    figures: list[HarmonisedFigure] = field(default_factory=list)
    read: list[ReadFigure] = field(default_factory=list)
    withheld: list[FigureKey] = field(default_factory=list)


def _run_rules(head: SubmissionHead, intake: IntakeResult, contract: Contract, home: Home) -> RuleRun:
    if not intake.observations and intake.troubles:
        # A file that could not be read says nothing about any other rule.
        return RuleRun({r.rule_id: CheckState.NOT_RUN for r in contract.rules if r.runs_in_sql}, Violations())
    registry, models = load_registry(home.contracts_dir), compiled_models(home.dbt_dir)
    with submission_in_memory(head, intake.observations, registry=registry, models=models) as connection:
        states, violations = find_violations(connection, contract.rules)
        states = with_idle(states, rules_without_rows(connection, contract.rules))
        return RuleRun(states, violations, harmonised_figures(connection), figures_as_read(connection), withheld_figures(connection))


def _word_findings(
    contract: Contract, intake: IntakeResult, violations: Violations, messages: dict[str, Message], suggester: Suggester, explainer: Explainer, waived: Waived
) -> Tally:
    """Word every finding, with the sender's explanations; these stay with the rows of the file, too."""
    tally = Tally()
    for trouble in intake.troubles:
        finding = _trouble_finding(contract.rule(trouble.rule_id), trouble, messages[trouble.rule_id], suggester)
        finding = explainer.explained(finding)
        explainer.keep(finding, (trouble.sheet, trouble.row, trouble.column))
        tally.add(_under_waiver(finding, waived))
    rules = {r.rule_id: r for r in contract.rules}
    for violation in violations:
        rule = rules[str(violation["violated_rule"])]
        about = str(violation.get("harmonised_indicator_code") or violation.get("indicator_code") or rule.column)
        is_listed = tally.lists_more(rule.rule_id, about, rule.severity)
        finding = _finding(rule, about, violation, messages, suggester if is_listed else None)
        finding = explainer.explained(finding, str(violation.get("comment_written") or ""))
        explainer.keep(finding, _figure_of(violation))
        tally.add(_under_waiver(finding, waived), once=True)
    explainer.write_into([*intake.observations, *intake.records])
    intake.repairs += explainer.unneeded()
    return tally


def _trouble_finding(rule: Rule, trouble: ReadingTrouble, text: Message, suggester: Suggester) -> Finding:
    suggestions = (
        *suggester.for_cause(trouble.cause),
        *suggester.for_offers(rule.rule_id, trouble.found, trouble.offers),
        *suggester.for_word(rule.rule_id, trouble.found),
    )
    about = "!".join(part for part in (trouble.sheet, trouble.column) if part)
    return Finding(
        rule.rule_id, rule.severity, text.what, trouble.sheet, trouble.row, trouble.column, shortened(trouble.found), text.expected, text.mend, suggestions,
        about=about,
    )  # fmt: skip


def _figure_of(violation: Violation) -> Place:
    row = violation.get("source_row")
    return str(violation.get("source_sheet") or ""), int(str(row)) if row is not None else None, str(violation.get("source_column") or "")


def _waived(violations: Violations, waivers: list[Row], as_of_date: str) -> Waived:
    """What waivers in force cover, by rule, sheet and row: the waiver and its reason in words."""
    valid = {(w["rule_id"], w["city_code"], w["indicator_code"]): w for w in waivers if w["granted_on"] <= as_of_date < w["expires_on"]}
    covered: Waived = {}
    for violation in violations if valid else ():
        waiver = valid.get((str(violation["violated_rule"]), str(violation.get("city_code")), str(violation.get("harmonised_indicator_code"))))
        if waiver is not None:
            at = (str(violation["violated_rule"]), str(violation.get("source_sheet") or ""), violation.get("source_row"))
            covered[at] = f"waiver {waiver['waiver_code']} until {waiver['expires_on']}: {waiver['reason']}"
    return covered


def _under_waiver(finding: Finding, waived: Waived) -> Finding:
    """Set aside a finding that a waiver in force covers: it stays, as a note that names the waiver and its reason."""
    words = waived.get((finding.rule_id, finding.sheet, finding.row)) if waived else None
    return finding if words is None else replace(finding, severity=Severity.NOTE, explanation=words)


def _finding(rule: Rule, about: str, violation: Violation, messages: dict[str, Message], suggester: Suggester | None) -> Finding:
    """Word a violation; without a suggester it is only counted, and says no more than what and where."""
    text = messages[rule.rule_id]
    subject = SUBJECTS.get(rule.column, "value")
    cell = violation.get(f"{subject}_cell") if subject != "value" else None
    column, row = str(violation.get("source_column") or ""), violation.get("source_row")
    if cell:
        column = str(cell).rstrip("0123456789")
        row = int(str(cell)[len(column) :])
    sheet, number = str(violation.get("source_sheet") or ""), int(str(row)) if row else None
    if suggester is None:
        return Finding(rule.rule_id, rule.severity, text.what, sheet, number, column, "", "", "", about=about)
    written = violation.get(f"{subject}_written")
    found = "" if written is None else str(written)
    expected = text.expected.format_map(_PlainWords(violation))
    finding = Finding(rule.rule_id, rule.severity, text.what, sheet, number, column, shortened(found), expected, text.mend, about=about)
    suggestions = suggester.for_word(rule.rule_id, found) or suggester.for_value(rule.rule_id, violation, finding.place)
    return replace(finding, suggestions=suggestions)


class _PlainWords(dict[str, object]):
    """The columns of a violation as words, spelt when a message asks for them."""

    def __getitem__(self, name: str) -> str:
        value = super().__getitem__(name)
        if value is None:
            return "…"
        return f"{value:g}" if isinstance(value, float) else str(value)


def _write_receipt(request: CheckRequest, contract: Contract, intake: IntakeResult, states: dict[str, CheckState], tally: Tally, file_sha256: str) -> Receipt:
    counts = tally.counts
    results = tuple(_rule_results(contract, intake, states, counts))
    receipt = Receipt(
        file_name=request.file.name,
        file_sha256=file_sha256,
        member_code=request.member_code,
        contract_id=contract.contract_id,
        contract_version=contract.version,
        verdict=verdict_of(results, counts),
        n_observations=intake.n_rows,
        n_cells_blank=intake.n_cells_blank,
        rules=results,
        repairs=_listed_repairs(intake.repairs),
        receipt_sha256="",
        answers_json=request.answered_file.answers.to_json(),
        n_unexplained=sum(c.n_open for c in counts),
        explanations=explained_causes(tally.listed, counts),
    )
    return replace(receipt, receipt_sha256=receipt_digest(receipt, tally.listed))


def _listed_repairs(repairs: list[str]) -> tuple[str, ...]:
    """The repairs as a receipt holds them: the first ones, and how many more there were."""
    more = len(repairs) - MAX_REPAIRS
    return (*map(shortened, repairs[:MAX_REPAIRS]), *([f"and {more} more like these"] if more > 0 else []))


def _rule_results(contract: Contract, intake: IntakeResult, states: dict[str, CheckState], found: Iterable[CauseCount]) -> Iterator[RuleResult]:
    """Give every rule its state; one that had nothing to compare was not run, and says what it would have needed."""
    counts = Counter[str]()
    for cause in found:
        counts[cause.rule_id] += cause.n_found
    unread = not intake.n_rows and bool(intake.troubles)
    for rule in contract.rules:
        if rule.runs_in_sql:
            state = states[rule.rule_id]
        elif counts[rule.rule_id]:
            state = CheckState.FAILED
        else:
            is_idle = bool(rule.applies_when) and rule.applies_when not in intake.facts
            state = CheckState.NOT_RUN if unread or is_idle else CheckState.PASSED
        reason, code = "", ""
        if state is CheckState.NOT_RUN and unread and counts["template_says_something_new"]:
            # A template that came back as it went out was read to its end; there is only nothing in it.
            reason, code = "no figure was sent that it could be held against", NotRunReason.NOTHING_TO_COMPARE
        elif state is CheckState.NOT_RUN and unread:
            reason, code = "the file could not be read this far", NotRunReason.FILE_NOT_READ
        elif state is CheckState.NOT_RUN:
            reason, code = f"nothing to compare with: it needs {rule.applies_to or 'a row'}", NotRunReason.NOTHING_TO_COMPARE
        yield RuleResult(rule.rule_id, rule.severity, state, counts[rule.rule_id], reason, str(code))


def receipt_digest(receipt: Receipt, findings: list[Finding]) -> str:
    """Digest what the check said, without the file's name, the ledger or the language of the wording."""
    said = {
        "file": receipt.file_sha256, "member": receipt.member_code, "contract": [receipt.contract_id, receipt.contract_version],
        "rules": [[r.rule_id, r.state, r.n_found] for r in receipt.rules],
        "findings": [[f.rule_id, f.sheet, f.row, f.column, f.found] for f in findings],
        "observations": receipt.n_observations, "answers": receipt.answers_json,
    }  # fmt: skip
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
