"""A rule that had nothing to compare with says so, is counted apart, and keeps no file back; one that could not run still does."""

import dataclasses
from collections.abc import Sequence

import duckdb
import pytest
from open_data_contract_standard.model import DataQuality

from pipelines.contracts.catalogues import load_contract
from pipelines.contracts.rules import Rule, RuleForm, rule_from_quality
from pipelines.domain.errors import ContractError
from pipelines.domain.findings import CheckReport, CheckState, RuleResult, Severity, Verdict, verdict_of
from pipelines.submissions.checking import Home
from pipelines.submissions.receipts import states_in_words
from pipelines.warehouse.rule_running import find_violations, rules_without_rows, with_idle
from tests.factories import HEADER, check, good_row, make_csv, make_workbook

FRACTION = ("City", "Indicator", "Year", "Value", "Unit", "Numerator", "Denominator", "Source")
LONE_FIGURE = {
    "magnitude_is_consistent", "change_is_plausible", "value_is_no_outlier", "direction_is_not_flipped", "part_fits_whole", "shares_fit_together",
    "percent_is_not_a_fraction", "count_is_whole", "rate_matches_fraction", "numerator_fits_denominator", "denominator_is_positive", "fraction_is_whole",
    "fraction_is_readable", "boundary_is_one", "boundary_is_known", "definition_is_known", "definition_is_declared", "key_is_unique", "nil_fits_indicator",
    "city_is_within_total", "template_is_current", "answers_fit_the_file", "nothing_is_hidden", "data_cells_are_not_merged", "quality_is_known",
    "cell_says_what_it_shows", "format_is_like_its_neighbours", "text_is_not_struck_out", "template_says_something_new", "emptied_figure_stays",
    "standard_error_is_readable",
}  # fmt: skip


def states(report: CheckReport) -> dict[str, CheckState]:
    return {r.rule_id: r.state for r in report.receipt.rules}


def test_one_lone_figure_gives_no_comparison_anything_to_compare(home: Home) -> None:
    report = check(home, make_csv(good_row()))
    assert {rule for rule, state in states(report).items() if state is CheckState.NOT_RUN} == LONE_FIGURE
    assert {state for rule, state in states(report).items() if rule not in LONE_FIGURE} == {CheckState.PASSED}
    assert all(r.reason.startswith("nothing to compare with: it needs ") for r in report.receipt.rules if r.rule_id in LONE_FIGURE)
    assert report.receipt.verdict is Verdict.ACCEPTABLE


def rows(*values: str, **changes: str) -> list[tuple[str, ...]]:
    return [good_row(year=str(2018 + number), value=value, **changes) for number, value in enumerate(values)]


WITH_SOMETHING: dict[str, tuple[Sequence[Sequence[str]], Sequence[str]]] = {
    "magnitude_is_consistent": (rows("20", "21", "22"), HEADER),
    "change_is_plausible": (rows("20", "21"), HEADER),
    "key_is_unique": (rows("20", "21"), HEADER),
    "boundary_is_one": (rows("20", "21"), HEADER),
    "direction_is_not_flipped": (rows("93", indicator="ISO 37120:2018 22.1", unit="%"), HEADER),
    "percent_is_not_a_fraction": (rows("93", indicator="ISO 37120:2018 22.1", unit="%"), HEADER),
    "count_is_whole": (rows("9617795", indicator="Total population", unit="persons"), HEADER),
    "rate_matches_fraction": ([("Seoul", "ISO 37120:2018 5.1", "2020", "4.5", "%", "45", "1000", "synthetic")], FRACTION),
    "numerator_fits_denominator": ([("Seoul", "ISO 37120:2018 5.1", "2020", "4.5", "%", "45", "1000", "synthetic")], FRACTION),
    "denominator_is_positive": ([("Seoul", "ISO 37120:2018 5.1", "2020", "4.5", "%", "45", "1000", "synthetic")], FRACTION),
    "boundary_is_known": ([(*good_row(), "administrative")], (*HEADER, "Boundary")),
    "standard_error_is_readable": ([(*good_row(), "0.5")], (*HEADER, "Standard error")),
    "quality_is_known": ([(*good_row(), "measured")], (*HEADER, "Quality")),
}


@pytest.mark.parametrize("rule", WITH_SOMETHING)
def test_with_something_to_compare_the_rule_runs(home: Home, rule: str) -> None:
    given, header = WITH_SOMETHING[rule]
    assert states(check(home, make_csv(*given, header=header)))[rule] is CheckState.PASSED


def test_a_total_of_the_table_is_something_to_compare_with(home: Home) -> None:
    with_total = "도시,2020 총인구 (명)\r\n합계,51829136\r\n서울특별시,9668465\r\n부산광역시,3391946\r\n".encode()
    without = "도시,2020 총인구 (명)\r\n서울특별시,9668465\r\n부산광역시,3391946\r\n".encode()
    assert [states(check(home, c))["city_is_within_total"] for c in (with_total, without)] == [CheckState.PASSED, CheckState.NOT_RUN]


def test_what_only_a_workbook_can_hide_is_looked_for_in_workbooks(home: Home) -> None:
    found = states(check(home, make_workbook([HEADER, good_row()]), name="test.xlsx"))
    assert (found["nothing_is_hidden"], found["encoding_is_decided"]) == (CheckState.PASSED, CheckState.NOT_RUN)


def test_what_could_not_be_read_still_keeps_the_file_back(home: Home) -> None:
    report = check(home, b"PK\x03\x04", name="test.xlsx")
    assert report.receipt.verdict is Verdict.REJECTED
    assert {r.reason_code for r in report.receipt.rules if r.state is CheckState.NOT_RUN} == {"file_not_read"}


@pytest.mark.parametrize(
    ("state", "reason_code", "verdict"),
    [("not_run", "nothing_to_compare", "acceptable"), ("not_run", "file_not_read", "rejected"), ("not_run", "", "rejected"), ("errored", "", "rejected")],
)
def test_only_a_rule_without_work_lets_a_file_through(state: str, reason_code: str, verdict: str) -> None:
    result = RuleResult("a_rule", Severity.WARNING, CheckState(state), reason_code=reason_code)
    assert verdict_of((result,), ()) == verdict


def test_rules_that_ran_and_those_that_had_nothing_to_compare_are_counted_apart(home: Home) -> None:
    said = states_in_words(check(home, make_csv(good_row(value="0.2"))).receipt.rules)
    n_rules = len(load_contract(home.contracts_dir).rules)
    assert said == f"{n_rules - 1 - len(LONE_FIGURE)} passed, 1 failed, {len(LONE_FIGURE)} not run (nothing to compare with)"
    assert states_in_words(check(home, b"PK\x03\x04", name="test.xlsx").receipt.rules) == f"1 failed, {n_rules - 1} not run"


def test_a_rule_whose_own_condition_breaks_is_errored_and_hides_no_other() -> None:
    broken = Rule("broken", RuleForm.NOT_NULL, Severity.BLOCKER, "a", applies_when="no_such_column = 1", applies_to="x")
    idle = Rule("idle", RuleForm.NOT_NULL, Severity.BLOCKER, "a", applies_when="a = 2", applies_to="x")
    failing = Rule("failing", RuleForm.CONDITION, Severity.BLOCKER, "a", condition="a = 1", applies_when="a = 2", applies_to="x")
    with duckdb.connect() as connection:
        connection.execute("create table t as select 1 as a")
        states, _ = find_violations(connection, (broken, idle, failing), relation="t")
        states = with_idle(states, rules_without_rows(connection, (broken, idle, failing), relation="t"))
    assert states == {"broken": CheckState.ERRORED, "idle": CheckState.NOT_RUN, "failing": CheckState.FAILED}


@pytest.mark.parametrize("given", [{"appliesWhen": "a = 1"}, {"appliesTo": "words"}, {"appliesWhen": "no_such_fact", "appliesTo": "words"}])
def test_a_rule_says_both_when_it_applies_and_to_what(given: dict[str, str]) -> None:
    quality = DataQuality(id="x", type="custom", engine="intake", severity="error", customProperties=[{"property": k, "value": v} for k, v in given.items()])
    with pytest.raises(ContractError, match="appl"):
        rule_from_quality(quality, column="")


def test_a_rule_that_compares_names_what_it_compares(home: Home) -> None:
    """Every condition that looks at more than its own row must say when there is anything to look at."""
    across = ("n_series", "previous_value", "n_peers", "whole_value", "group_", "n_boundaries", "numerator_value", "denominator_value", "derived_value")
    for rule in load_contract(home.contracts_dir).rules:
        if any(name in rule.condition for name in across) and rule.rule_id not in ("value_or_reason_is_given",):
            assert dataclasses.asdict(rule)["applies_when"], rule.rule_id
