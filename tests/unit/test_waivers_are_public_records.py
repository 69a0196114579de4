"""A waiver turns a finding that needs an explanation into a note that names it, for its city and indicator, while it lasts."""

import shutil
from pathlib import Path

import pytest

from pipelines.contracts.schemas import validate_waivers
from pipelines.intake.reporting import FileToRead
from pipelines.submissions.checking import CheckRequest, Home, check_file
from tests.factories import good_row, make_csv

HEADER = "waiver_code,rule_id,city_code,indicator_code,reason,granted_by,granted_on,expires_on\n"
ROW = "w1,value_is_plausible,{city},iso37120:2018/8.1,a synthetic reason for this test,the editor,2026-01-01,{end}\n"


@pytest.fixture
def contracts(home: Home, tmp_path: Path) -> Path:
    return Path(shutil.copytree(home.contracts_dir, tmp_path / "contracts", ignore=shutil.ignore_patterns("samples")))


@pytest.mark.parametrize(("city", "end", "unexplained"), [("KOR-SEOUL", "2027-01-01", 0), ("KOR-BUSAN", "2027-01-01", 1), ("KOR-SEOUL", "2026-06-01", 1)])
def test_a_waiver_holds_for_its_city_and_time(city: str, end: str, unexplained: int, contracts: Path, home: Home) -> None:
    (contracts / "registries" / "waivers.csv").write_text(HEADER + ROW.format(city=city, end=end))
    content = make_csv(good_row(value="0.2"))
    report = check_file(CheckRequest(FileToRead("t.csv", content), "KOR", "2026-11-22"), Home(contracts, home.dbt_dir)).report
    [finding] = report.findings
    assert report.receipt.n_unexplained == unexplained
    assert finding.severity == ("warning" if unexplained else "note")
    assert ("a synthetic reason" in finding.explanation) == (not unexplained)


def test_a_blocker_cannot_be_waived(contracts: Path) -> None:
    (contracts / "registries" / "waivers.csv").write_text(
        HEADER + ROW.format(city="KOR-SEOUL", end="2025-01-01").replace("value_is_plausible", "city_is_known")
    )
    assert len(validate_waivers(contracts)) == 2
