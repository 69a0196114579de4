"""The two compilations of the contract give one verdict, rule by rule, over the whole fault wall."""

from pathlib import Path

import duckdb
import pytest

from pipelines.contracts.catalogues import load_contract, load_registry, load_vocabulary, member_habits
from pipelines.contracts.columns import read_published
from pipelines.contracts.documents import Contract
from pipelines.contracts.expectations import SuiteProcess, SuiteTarget
from pipelines.contracts.rules import Rule, RuleForm, violating_condition
from pipelines.domain.findings import CheckState, Severity
from pipelines.intake.reporting import FileToRead, report_file
from pipelines.submissions.checking import Home
from pipelines.warehouse.compiling import compiled_models
from pipelines.warehouse.rule_running import CHECKABLE, SubmissionHead, find_violations, submission_in_memory
from tests.conftest import ROOT

WALL = ROOT / "tests" / "fixtures" / "submissions"


@pytest.fixture(scope="module")
def corpus(home: Home, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str], dict[str, dict[str, CheckState]]]:
    """A database with one table per file of the wall and one of all; file to table; table to states by SQL."""
    contract = load_contract(home.contracts_dir)
    registry, models = load_registry(home.contracts_dir), compiled_models(home.dbt_dir)
    database = tmp_path_factory.mktemp("parity") / "cases.duckdb"
    tables: dict[str, str] = {}
    by_sql: dict[str, dict[str, CheckState]] = {}
    with duckdb.connect(str(database)) as target:
        for number, path in enumerate(sorted([*(WALL / "should_fail").iterdir(), *(WALL / "should_pass").iterdir()])):
            intake = report_file(
                FileToRead(path.name, path.read_bytes()), vocabulary=load_vocabulary(home.contracts_dir),
                contract=("observations", contract.version),
                habits=member_habits(home.contracts_dir, path.name[:3]), limits=contract.limits,
            )  # fmt: skip
            if not intake.observations and intake.troubles:
                continue
            tables[path.name] = f"case_{number}"
            head = SubmissionHead(f"case_{number}", path.name[:3], path.name, "0", contract.version, "2026-11-22")
            with submission_in_memory(head, intake.observations, registry=registry, models=models) as connection:
                by_sql[f"case_{number}"], _ = find_violations(connection, contract.rules)
                target.register("rows_of_case", connection.sql(f"select * from {CHECKABLE}").to_arrow_table())
                target.execute(f"create table case_{number} as select * from rows_of_case")
                target.unregister("rows_of_case")
        target.execute("create table all_cases as " + " union all ".join(f"select * from {t}" for t in tables.values()))
        good = [t for n, t in tables.items() if (WALL / "should_pass" / n).exists()]
        target.execute("create table good_cases as " + " union all ".join(f"select * from {t}" for t in good))
        for relation in ("all_cases", "good_cases"):
            by_sql[relation], _ = find_violations(target, contract.rules, relation=relation)
    return database, tables, by_sql


def test_sql_and_expectations_agree_rule_by_rule(corpus: tuple[Path, dict[str, str], dict[str, dict[str, CheckState]]], home: Home) -> None:
    """Every rule over the whole wall, where nearly all fail, and over the good files, where all pass."""
    database, _, by_sql = corpus
    rules = load_contract(home.contracts_dir).rules
    results = SuiteProcess().run(database, [SuiteTarget("main", "all_cases", rules), SuiteTarget("main", "good_cases", rules)])
    assert {r.rule_id: r.state for r in results["main.all_cases"]} == by_sql["all_cases"]
    assert {r.rule_id: r.state for r in results["main.good_cases"]} == by_sql["good_cases"]
    assert sum(s is CheckState.FAILED for s in by_sql["all_cases"].values()) >= 28
    assert set(by_sql["good_cases"].values()) == {CheckState.PASSED}


def test_each_sql_rule_failed_somewhere_and_none_stayed_unrun(corpus: tuple[Path, dict[str, str], dict[str, dict[str, CheckState]]], home: Home) -> None:
    _, _, by_sql = corpus
    failed = {rule for states in by_sql.values() for rule, state in states.items() if state is CheckState.FAILED}
    rules = {r.rule_id for r in load_contract(home.contracts_dir).rules if r.runs_in_sql}
    assert rules - failed == set()
    assert {s for states in by_sql.values() for s in states.values()} == {CheckState.PASSED, CheckState.FAILED}


def test_every_violating_row_is_one_that_the_rule_applies_to(corpus: tuple[Path, dict[str, str], dict[str, dict[str, CheckState]]], home: Home) -> None:
    """What a rule says it applies to must hold all that it can find, or a fault could hide behind "nothing to compare"."""
    database, _, _ = corpus
    with duckdb.connect(str(database), read_only=True) as connection:
        for rule in load_contract(home.contracts_dir).rules:
            if rule.applies_when and rule.form in (RuleForm.CONDITION, RuleForm.IN_SET, RuleForm.NOT_NULL):
                outside = f"select count(*) from all_cases where ({violating_condition(rule)}) and not coalesce({rule.applies_when}, false)"
                assert connection.sql(outside).fetchall() == [(0,)], rule.rule_id


def test_a_rule_that_cannot_run_is_errored_and_hides_no_other(home: Home) -> None:
    broken = Rule("broken", RuleForm.CONDITION, Severity.BLOCKER, "", condition="no_such_column = 1")
    sound = Rule("sound", RuleForm.NOT_NULL, Severity.BLOCKER, "status_code")
    with duckdb.connect() as connection:
        connection.execute("create table rows_to_check as select null as status_code, '' as source_sheet, 1 as source_row, 'A' as source_column")
        states, _ = find_violations(connection, (broken, sound), relation="rows_to_check")
    assert states == {"broken": CheckState.ERRORED, "sound": CheckState.FAILED}


def test_every_published_rule_can_fail(home: Home, sample_data_dir: Path, tmp_path: Path) -> None:
    """Damage a copy of the marts so that each rule of a mart must fail, and see it fail by both compilations."""
    copy = tmp_path / "damaged.duckdb"
    with duckdb.connect(str(copy)) as connection:
        connection.execute(f"attach '{sample_data_dir / 'warehouse' / 'warehouse.duckdb'}' as good (read_only)")
        connection.execute("create schema marts")
        for contract in read_published(home.contracts_dir):
            connection.execute(f"create table marts.{contract.table} as select * from good.marts.{contract.table}")
            damage(connection, contract)
    for contract in read_published(home.contracts_dir):
        rules = tuple(r for r in contract.rules if r.form is not RuleForm.NOT_EMPTY)
        if not rules:
            continue
        by_suite = {r.rule_id: r.state for r in SuiteProcess().run(copy, [SuiteTarget("marts", contract.table, rules)])[f"marts.{contract.table}"]}
        with duckdb.connect(str(copy), read_only=True) as connection:
            by_sql, _ = find_violations(connection, rules, relation=f"marts.{contract.table}")
        assert set(by_sql.values()) == {CheckState.FAILED}, (contract.table, by_sql)
        assert by_suite == by_sql


def damage(connection: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """Double every row, then blank, misspell or contradict what the rules look at."""
    table = f"marts.{contract.table}"
    if connection.execute(f"select count(*) from {table}").fetchone() == (0,):
        made_up = {"string": "'x'", "date": "date '2020-01-01'", "boolean": "true"}
        columns = ", ".join(made_up.get(c.logical_type, "1") for c in contract.columns)
        connection.execute(f"insert into {table} select {columns} from range(6)")
    connection.execute(f"insert into {table} select * from {table}")
    while connection.sql(f"select count(*) from {table}").fetchall()[0][0] < 12:
        connection.execute(f"insert into {table} select * from {table}")
    connection.execute(f"create or replace table {table} as select *, row_number() over () as at_row from {table}")
    for at, rule in enumerate((r for r in contract.rules if r.form is RuleForm.NOT_NULL), 10):
        connection.execute(f"update {table} set {rule.column} = null where at_row = {at % 3 + 1}")
    for rule in contract.rules:
        if rule.form is RuleForm.IN_SET:
            connection.execute(f"update {table} set {rule.column} = 'odd' where at_row = 4")
    changes = {
        "mart_observations": [
            "period_end = period_start - 1",
            "harmonised_value = null, reason_code = null",
            "reported_value = harmonised_value + 1, conversion_steps = ''",
            "source_row = null",
            "reported_value = 'inf', harmonised_value = 'nan'",
            "relative_error = -0.1",
        ],
        "mart_goals": ["goal_level = null"],
        "mart_definitions": ["definition_grade = 'bridged', bridge_factor = null"],
        "mart_standings": ["is_reached = null, standing_reason = null", "n_rules_on_the_way = n_rules + 1", "is_reached = true, gap_left = 1"],
        "mart_verdicts": ["verdict_code = null, verdict_reason = null", "verdict_code = 'odd', verdict_name = null, verdict_reason = null"],
        "mart_assessments": ["lowest_mean = 4, highest_mean = 3"],
        "mart_assessed_items": ["item_kind = 'area', level_value = 3.5"],
        "mart_scorecards": ["n_indicators = n_asked + 1"],
        "mart_index_recipes": ["recipe_state = 'odd', recipe_reason = null", "recipe_state = 'refused', n_ranked = 1"],
        "mart_index_scores": [
            "score = score_high + 1, score_low = score_high, coverage = null",
            "rank_nominal = 1, rank_low = null, rank_reason = 'coverage', is_thin = true",
            "rank_reason = 'no_ranking', score = 1",
        ],
        "mart_index_groups": ["is_group_filled = true, group_score = null"],
        "mart_index_inputs": ["input_state = 'used', observation_id = null"],
        "mart_index_pairs": ["share_above = 1.5"],
        "mart_index_effects": ["total_order_low = 2, total_order_high = 1"],
        "mart_index_audits": ["audit_verdict = 'sound', audit_measure = null"],
        "mart_rule_results": ["check_state = 'not_run', not_run_code = null", "check_state = 'failed', severity = 'blocker'"],
    }
    for at, change in enumerate(changes.get(contract.table, []), 5):
        connection.execute(f"update {table} set {change} where at_row = {at}")
