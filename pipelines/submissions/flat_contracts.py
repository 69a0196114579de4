"""Contracts beside observations: which one a file is under, its records, and the rules over them.

Belongs here: what differs from a file of observations. Does not belong here: wording and receipts (checking).
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.contracts.catalogues import Row, load_contract, load_maturity_words, load_registry, load_vocabulary, member_habits
from pipelines.contracts.documents import CASES, MATURITY
from pipelines.contracts.rules import Rule
from pipelines.domain.answers import NO_ANSWERS
from pipelines.domain.findings import CheckState
from pipelines.domain.observations import IntakeResult
from pipelines.domain.texts import fold
from pipelines.intake import assessments, cases
from pipelines.intake.flat_tables import FlatRow, FlatShape, has_header, report_rows
from pipelines.intake.matching import Matcher
from pipelines.intake.reading.cells import ReadFile
from pipelines.warehouse.compiling import CompiledModel
from pipelines.warehouse.rule_running import SubmissionHead, Violations, find_violations, records_in_memory, rules_without_rows, with_idle

Make = Callable[[FlatRow], Any]


@dataclass(frozen=True, slots=True)
class FlatContract:
    """A contract of one header row and one record a row: how a file of it is told, and how a row becomes a record."""

    contract_id: str
    shape: FlatShape
    maker: Callable[[Path, Matcher], Make]


def _maker_of_items(contracts_dir: Path, matcher: Matcher) -> Make:
    words = load_maturity_words(contracts_dir)
    return lambda row: assessments.read_item(row, words, lambda written: matcher.city(written)[0])


def _maker_of_cases(contracts_dir: Path, matcher: Matcher) -> Make:
    goal_sets = {fold(word): r["goal_set_code"] for r in load_registry(contracts_dir)["goal_sets"] for word in (r["goal_set_code"], r["name_en"])}
    return lambda row: cases.read_case(
        row, city=lambda w: matcher.city(w)[0], indicator=lambda w: matcher.indicator(w)[0], goal_set=lambda w: goal_sets.get(fold(w))
    )


FLAT_CONTRACTS = {
    MATURITY: FlatContract(MATURITY, assessments.SHAPE, _maker_of_items),
    CASES: FlatContract(CASES, cases.SHAPE, _maker_of_cases),
}


def flat_contract_of(read: ReadFile, contracts_dir: Path) -> str | None:
    """Say which flat contract an opened file is under, by its header row; ``None`` when it is none of them."""
    found = (c.contract_id for c in FLAT_CONTRACTS.values() if has_header(read, load_contract(contracts_dir, c.contract_id).headers, c.shape))
    return next(found, None)


def read_records(read: ReadFile, contracts_dir: Path, *, contract_id: str, member_code: str) -> IntakeResult:
    """Read the records of an opened file under a flat contract."""
    contract = FLAT_CONTRACTS[contract_id]
    matcher = Matcher(load_vocabulary(contracts_dir), member_habits(contracts_dir, member_code), NO_ANSWERS)
    make = contract.maker(contracts_dir, matcher)
    records, troubles, left_out = report_rows(read, load_contract(contracts_dir, contract_id).headers, contract.shape, make)
    return IntakeResult([], troubles, [*read.repairs, *left_out], encoding=read.encoding, records=records)


def run_record_rules(
    head: SubmissionHead, intake: IntakeResult, rules: tuple[Rule, ...], *, contract_id: str, registry: dict[str, list[Row]], models: tuple[CompiledModel, ...]
) -> tuple[dict[str, CheckState], Violations]:
    """Run every SQL rule of a flat contract; a file without a record says nothing about them."""
    if not intake.records and intake.troubles:
        return {r.rule_id: CheckState.NOT_RUN for r in rules if r.runs_in_sql}, Violations()
    with records_in_memory(head, intake.records, contract_id=contract_id, registry=registry, models=models) as connection:
        relation = f"{models[-1].schema}.{models[-1].name}"
        states, violations = find_violations(connection, rules, relation=relation)
        return with_idle(states, rules_without_rows(connection, rules, relation=relation)), violations
