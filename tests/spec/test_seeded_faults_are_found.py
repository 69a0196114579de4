"""Every planted fault is named at its own cell, and no sound cell is named: the promise of one pass."""

import pytest

from pipelines.domain.findings import Severity
from pipelines.submissions.checking import Home
from tests.factories import check
from tests.fixtures.fault_seeding import KINDS, Planted, plant, plant_across

N_FAULTS = 200


def row_of(place: str) -> str:
    return "".join(c for c in place.partition("!")[2] if c.isdigit())


def found_in(planted: Planted, home: Home) -> set[tuple[str, str]]:
    report = check(home, planted.content, name="seeded.xlsx")
    return {(f.place, f.rule_id) for f in report.findings if f.rule_id != "source_is_cited" and f.severity in Severity}


@pytest.mark.parametrize("seed", [11, 12])
def test_two_hundred_faults_of_all_kinds_are_found_in_one_run_and_none_is_invented(seed: int, home: Home) -> None:
    planted = plant(seed, N_FAULTS)
    assert len(planted.faults) == N_FAULTS
    assert set(planted.faults.values()) == {kind.rule_id for kind in KINDS.values()}
    found = found_in(planted, home)
    assert set(planted.faults.items()) - found == set()
    rows = {row_of(place) for place in planted.faults}
    assert {(place, rule) for place, rule in found if row_of(place) not in rows} == set()


def test_two_hundred_faults_are_found_at_their_cells_after_unpivoting(home: Home) -> None:
    planted = plant_across(21, N_FAULTS)
    assert len(planted.faults) == N_FAULTS
    found = found_in(planted, home)
    assert set(planted.faults.items()) - found == set()
    assert {place for place, _ in found} == set(planted.faults)


def test_clean_workbooks_raise_no_alarm(home: Home) -> None:
    for seed in range(3):
        assert found_in(plant(seed, 0), home) == set()
        assert found_in(plant_across(seed, 0), home) == set()
