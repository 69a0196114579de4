"""Check a maturity file: which contract a file is under, its items, and the rules over them.

Belongs here: what is different from a file of observations. Does not belong here: wording and receipts (checking).
"""

from pathlib import Path

from pipelines.contracts.catalogues import Row, load_contract, load_maturity_words, load_vocabulary, member_habits
from pipelines.contracts.documents import MATURITY
from pipelines.contracts.rules import Rule
from pipelines.domain.answers import NO_ANSWERS
from pipelines.domain.findings import CheckState
from pipelines.domain.observations import IntakeResult
from pipelines.intake.assessments import is_maturity_file, report_assessments
from pipelines.intake.matching import Matcher
from pipelines.intake.reading.cells import ReadFile
from pipelines.warehouse.compiling import LAST_OF_ASSESSMENTS, CompiledModel
from pipelines.warehouse.rule_running import SubmissionHead, Violation, assessments_in_memory, find_violations


def is_under_maturity(read: ReadFile, contracts_dir: Path) -> bool:
    """Whether an opened file is one of maturity, by its header row."""
    return is_maturity_file(read, load_contract(contracts_dir, MATURITY).headers)


def read_assessments(read: ReadFile, contracts_dir: Path, member_code: str) -> IntakeResult:
    """Read the items of an opened maturity file."""
    matcher = Matcher(load_vocabulary(contracts_dir), member_habits(contracts_dir, member_code), NO_ANSWERS)
    headers, words = load_contract(contracts_dir, MATURITY).headers, load_maturity_words(contracts_dir)
    items, troubles, left_out = report_assessments(read, headers, words, city=lambda written: matcher.city(written)[0])
    return IntakeResult([], troubles, [*read.repairs, *left_out], encoding=read.encoding, assessments=items)


def run_assessment_rules(
    head: SubmissionHead, intake: IntakeResult, rules: tuple[Rule, ...], *, registry: dict[str, list[Row]], models: tuple[CompiledModel, ...]
) -> tuple[dict[str, CheckState], list[Violation]]:
    """Run every SQL rule of the maturity contract; a file without an item says nothing about them."""
    if not intake.assessments and intake.troubles:
        return {r.rule_id: CheckState.NOT_RUN for r in rules if r.runs_in_sql}, []
    with assessments_in_memory(head, intake.assessments, registry=registry, models=models) as connection:
        states, found = find_violations(connection, rules, relation=f"intermediate.{LAST_OF_ASSESSMENTS}")
    return states, found
