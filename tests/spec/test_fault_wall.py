"""The fault wall: each rule has a file that fails it, each habit a file that passes."""

import datetime
import io
from pathlib import Path

import pytest
import xlsxwriter

from pipelines.contracts.catalogues import load_contract
from pipelines.domain.findings import CheckState, Verdict
from pipelines.intake.reporting import FileToRead
from pipelines.submissions.checking import CheckRequest, Home, check_file
from tests.conftest import ROOT
from tests.factories import HEADER, check, failed_rules, good_row, make_csv

WALL = ROOT / "tests" / "fixtures" / "submissions"
FAULTS = sorted((WALL / "should_fail").iterdir())
HABITS = sorted((WALL / "should_pass").iterdir())
# No file alone can fail it: it is about answers given with a file; test_answers covers it.
WITHOUT_FILE = {"answers_fit_the_file"}


def parts(path: Path) -> tuple[str, str]:
    member, rule_id = path.stem.split("__")[:2]
    return member, rule_id


@pytest.mark.parametrize("path", FAULTS, ids=lambda p: p.stem)
def test_a_faulty_file_fails_the_rule_it_is_named_after(path: Path, home: Home) -> None:
    member, rule_id = parts(path)
    report = check(home, path.read_bytes(), member=member, name=path.name)
    states = {r.rule_id: r.state for r in report.receipt.rules}
    assert states[rule_id] is CheckState.FAILED, {k: v for k, v in states.items() if v is not CheckState.PASSED}
    blocker = next(r for r in report.receipt.rules if r.rule_id == rule_id).severity == "blocker"
    assert (report.receipt.verdict is Verdict.REJECTED) == blocker


@pytest.mark.parametrize("path", HABITS, ids=lambda p: p.stem)
def test_a_habit_is_read_without_a_finding(path: Path, home: Home) -> None:
    report = check(home, path.read_bytes(), member=parts(path)[0], name=path.name)
    assert report.findings == ()
    assert report.receipt.verdict is Verdict.ACCEPTABLE
    assert report.receipt.n_observations >= 1


def test_every_rule_has_a_file_that_fails_it(home: Home) -> None:
    rules = {r.rule_id for r in load_contract(home.contracts_dir).rules}
    assert rules - {parts(p)[1] for p in FAULTS} == WITHOUT_FILE


def test_all_faults_of_a_file_come_in_one_pass_at_their_cells(home: Home) -> None:
    rows = [
        good_row(city="Seoull"), good_row(year="soon"), good_row(value="abc", year="2011"), good_row(unit="furlong", year="2012"), good_row(indicator="8.1"),
        good_row(year="03/04/2020"), good_row(value="-1.5", year="2019"), good_row(year="2030"),
    ]  # fmt: skip
    report = check(home, make_csv(*rows))
    expected = {"city_is_known": "A2", "period_is_readable": "C3", "value_is_readable": "D4", "unit_is_known": "E5", "indicator_code_has_edition": "B6",
                "period_is_decidable": "C7", "value_is_within_limits": "D8", "period_has_begun": "C9"}  # fmt: skip
    assert {f.rule_id: f.cell for f in report.findings} == expected


def test_a_finding_says_what_was_found_and_what_to_do(home: Home) -> None:
    [finding] = check(home, make_csv(good_row(value="-3.5"))).findings
    assert finding.found == "-3.5"
    assert "in ug_per_m3" in finding.expected
    assert finding.mend


def test_an_unreadable_file_passes_nothing(home: Home) -> None:
    report = check(home, b"PK\x03\x04", name="test.xlsx")
    assert {r.state for r in report.receipt.rules} == {CheckState.FAILED, CheckState.NOT_RUN}
    assert report.has_blocker


@pytest.mark.parametrize(("sign", "verdict"), [(".", Verdict.ACCEPTABLE), (",", Verdict.ACCEPTABLE), ("", Verdict.REJECTED)])
def test_a_declared_decimal_sign_decides(home: Home, sign: str, verdict: Verdict) -> None:
    row = good_row(indicator="Total population", value="1.234", unit="thousand persons")
    assert check(home, make_csv(row), decimal=sign).receipt.verdict is verdict


def test_clean_files_raise_no_alarm(home: Home) -> None:
    rows = [good_row(year=str(year), value=f"{20 + year % 7}.5") for year in range(2001, 2025)]
    assert failed_rules(check(home, make_csv(*rows))) == set()


@pytest.mark.parametrize(
    ("written", "status"), [("20.75", "observed"), ("20.75p)", "estimated"), ("20.75 e)", "estimated"), ("20.75r)", "observed"), ("20.75 1)", "observed")]
)
def test_a_provisional_mark_stays_with_the_value(home: Home, written: str, status: str) -> None:
    request = CheckRequest(FileToRead("test.csv", make_csv(good_row(value=written))), "KOR", "2026-11-22")
    [observation] = check_file(request, home).observations
    assert (observation.reported_value, observation.status_code) == (20.75, status)
    assert observation.value_written == written


@pytest.mark.parametrize(("day", "is_asked"), [(1, True), (31, False)])
def test_a_date_cell_on_the_first_that_may_mean_a_month_is_asked(home: Home, day: int, is_asked: bool) -> None:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        page = book.add_worksheet("Data")
        page.write_row(0, 0, HEADER)
        page.write_row(1, 0, good_row())
        page.write_datetime(1, 2, datetime.datetime(2020, 1, day), book.add_format({"num_format": "yyyy-mm-dd"}))
    report = check(home, stream.getvalue(), name="test.xlsx")
    assert failed_rules(report) == ({"period_is_decidable"} if is_asked else set())
