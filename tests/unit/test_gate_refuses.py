"""Publication refuses what did not run, what broke and what failed; a warning passes and is recorded."""

import pytest

from pipelines.domain.errors import GateError
from pipelines.editions.freezing import require_gate
from pipelines.warehouse.publishing import GateRow

EXPECTED = {"marts.m": {"first", "second"}}


def rows(first: str, second: str, *, severity: str = "blocker") -> list[GateRow]:
    return [GateRow("marts.m", "first", severity, first), GateRow("marts.m", "second", severity, second)]


@pytest.mark.parametrize("passing", [rows("passed", "passed"), rows("passed", "failed", severity="warning")])
def test_all_passed_or_a_failed_warning_is_published_and_the_same_without_a_record_is_not(passing: list[GateRow]) -> None:
    assert require_gate(passing, EXPECTED) is None  # type: ignore[func-returns-value]
    with pytest.raises(GateError):
        require_gate(passing[:-1], EXPECTED)


@pytest.mark.parametrize("state", ["failed", "not_run", "errored"])
def test_a_blocker_that_did_not_pass_is_not(state: str) -> None:
    with pytest.raises(GateError, match=f"second {state}"):
        require_gate(rows("passed", state), EXPECTED)


@pytest.mark.parametrize("state", ["not_run", "errored"])
def test_a_warning_that_did_not_come_to_its_end_is_not(state: str) -> None:
    with pytest.raises(GateError, match=state):
        require_gate(rows("passed", state, severity="warning"), EXPECTED)


def test_a_rule_without_a_record_counts_as_not_run() -> None:
    with pytest.raises(GateError, match="second not run"):
        require_gate(rows("passed", "passed")[:1], EXPECTED)
    with pytest.raises(GateError, match="2 rules stand in the way"):
        require_gate([], EXPECTED)
