"""A check runs in a process of its own, within limits that a refusal names; findings are counted in full and listed up to a number."""

import ast
import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from pipelines.domain.answers import NO_ANSWERS
from pipelines.domain.errors import RefusedError
from pipelines.domain.findings import Finding, Severity, Verdict
from pipelines.domain.tallies import MAX_OF_CAUSE, Tally, shortened
from pipelines.intake.reporting import FileToRead
from pipelines.submissions import checking_apart
from pipelines.submissions.checking import CheckRequest, Home, check_file
from pipelines.submissions.checking_apart import apart, check_apart
from pipelines.submissions.checking_forms import checked_from_json, checked_to_json
from pipelines.submissions.receipts import report_to_dict
from tests.factories import good_row, make_csv

ROOT = Path(__file__).resolve().parents[2]
ROWS = 2_500
# What works on texts of a sender: no shell and no page may load it itself.
WORKERS = {"check_file", "report_file", "open_file", "read_number", "read_period", "Matcher", "find_tables", "header_fingerprint", "recognised"}


def request(content: bytes, name: str = "t.csv") -> CheckRequest:
    return CheckRequest(FileToRead(name, content), "KOR", "2026-11-22")


def distinct_rows(n: int) -> bytes:
    """Rows of which no two share a word that anybody knows."""
    return make_csv(*(good_row(city=f"Town {i:06}", indicator=f"PM x{i:06}", value=f"{i}abc", unit=f"unit{i:06}") for i in range(n)))


def finding(row: int, *, about: str = "x", words: str = "") -> Finding:
    return Finding("value_is_plausible", Severity.WARNING, "what", "", row, "D", "1", "2", "3", explanation=words, about=about)


def alive_in(group: int) -> list[str]:
    """Processes of a group that have not ended."""
    stats = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            stats.append(path.read_text().rpartition(")")[2].split())
    return [stat[1] for stat in stats if stat[2] == str(group) and stat[0] not in "ZX"]


def test_shells_pages_and_services_hand_texts_to_the_limited_process() -> None:
    shells = [*(ROOT / "app").rglob("*.py"), *(ROOT / "pipelines" / "defs").rglob("*.py"), ROOT / "pipelines" / "cli.py"]
    shells += [ROOT / "pipelines" / "submissions" / f"{name}.py" for name in ("accepting", "desk", "inboxes", "annotating", "checking_apart")]
    taken = {
        (str(path.relative_to(ROOT)), name.name)
        for path in shells
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom)
        for name in node.names
        if name.name in WORKERS
    }
    assert taken == set()


def test_a_check_apart_says_what_a_check_says(home: Home) -> None:
    for content in (make_csv(good_row(), good_row(year="2019", value="0.2")), make_csv(good_row(value="abc")), b""):
        here, there = check_file(request(content), home), check_apart(request(content), home)
        assert report_to_dict(there.report) == report_to_dict(here.report)
        assert (there.figures, there.read, there.withheld, there.fingerprint) == (here.figures, here.read, here.withheld, here.fingerprint)
        assert checked_from_json(checked_to_json(here, with_rows=True)).observations == here.observations


def test_findings_are_listed_up_to_a_number_and_counted_in_full(home: Home) -> None:
    report = check_file(request(distinct_rows(ROWS)), home).report
    of_rule = {r.rule_id: r.n_found for r in report.receipt.rules}
    assert {of_rule[rule] for rule in ("city_is_known", "indicator_is_known", "unit_is_known", "value_is_readable")} == {ROWS}
    assert sum(f.rule_id == "city_is_known" for f in report.findings) == MAX_OF_CAUSE
    assert report.n_of_rule("city_is_known") == ROWS
    assert report_to_dict(report)["n_found"] == report.n_found > len(report.findings)


def test_a_figure_whose_finding_is_not_listed_is_still_asked(home: Home) -> None:
    read = check_file(request(distinct_rows(ROWS)), home).read
    assert {f.state for f in read} == {"asked"}


def test_an_open_finding_behind_the_listed_ones_keeps_its_cause_open() -> None:
    tally = Tally()
    for row in range(MAX_OF_CAUSE + 500):
        tally.add(finding(row, words="known"), once=True)
    tally.add(finding(10_000), once=True)
    [count] = tally.counts
    assert (len(tally.listed), count.n_found, count.n_open) == (MAX_OF_CAUSE, MAX_OF_CAUSE + 501, 1)


def test_what_stands_for_two_is_explained_only_when_both_are() -> None:
    tally = Tally()
    for words in ("known", "", "known"):
        tally.add(finding(7, words=words), once=True)
    [count] = tally.counts
    assert (count.n_found, count.n_open, [f.explanation for f in tally.listed]) == (1, 1, [""])


def test_a_finding_repeats_no_more_of_a_cell_than_tells_it_from_others() -> None:
    assert shortened("x" * 12_000).endswith("… (12000 characters)")
    assert len(shortened("x" * 12_000)) < 600


def test_more_figures_than_a_file_may_hold_are_refused_with_the_limit(home: Home) -> None:
    rows = b"".join(b"Seoul,PM2.5,2020,1,ug/m3,x\n" for _ in range(102_000))
    checked = check_apart(request(b"City,Indicator,Year,Value,Unit,Source\n" + rows), home)
    [finding] = checked.report.findings
    assert checked.report.receipt.verdict is Verdict.REJECTED
    assert "at most 100000 figures" in finding.found


WEIGHED = """
import sys
from pathlib import Path
from pipelines.intake.reporting import FileToRead
from pipelines.submissions.checking import CheckRequest, Home
from pipelines.submissions.checking_apart import check_apart
report = check_apart(CheckRequest(FileToRead("t.csv", sys.stdin.buffer.read()), "KOR", "2026-11-22"), Home(Path(sys.argv[1]), Path(sys.argv[2]))).report
# Not ru_maxrss: it begins with the size of the process that this one was forked from.
peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
print(int(peak.split()[1]) >> 10, report.n_found)
"""


def test_the_process_that_asks_stays_small_however_much_is_found(home: Home) -> None:
    command = [sys.executable, "-c", WEIGHED, str(home.contracts_dir), str(home.dbt_dir)]
    done = subprocess.run(command, cwd=ROOT, input=distinct_rows(20_000), capture_output=True, check=True)
    mebibytes, n_found = map(int, done.stdout.split())
    assert n_found >= 80_000 or n_found == 1, "every row is faulty in four places, or a limit was reached"
    assert mebibytes < 600


def test_no_more_files_are_checked_at_once_than_memory_allows(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking_apart, "SLOTS", threading.BoundedSemaphore(1))
    with apart(request(make_csv(good_row())), home) as first:
        first.look()
        monkeypatch.setattr(checking_apart, "WALL_SECONDS", 0.01)
        with pytest.raises(RefusedError, match="Send yours again"):
            check_apart(request(make_csv(good_row())), home)


def test_what_a_check_started_ends_with_it(home: Home) -> None:
    with apart(request(make_csv(good_row())), home) as file:
        file.look()
        group = file.process.pid
    assert alive_in(group) == []


def test_a_reader_ends_with_a_check_that_reached_its_limit(home: Home) -> None:
    with apart(request(make_csv(good_row())), home) as file:
        file.look()
        group = file.process.pid
        os.kill(group, signal.SIGXCPU)
        report = file.check(NO_ANSWERS).report
    assert "seconds of processor time" in report.findings[0].found
    assert alive_in(group) == []


@pytest.mark.parametrize(
    ("constant", "value", "reason"), [("PROCESSOR_SECONDS", 0, "seconds of processor time"), ("MEMORY_BYTES", 1 << 28, "limits|memory|MiB")]
)
def test_a_check_that_reaches_its_limit_is_a_refusal_that_names_it(home: Home, monkeypatch: pytest.MonkeyPatch, constant: str, value: int, reason: str) -> None:
    def limited(_: Home) -> "subprocess.Popen[bytes]":
        script = f"import sys; from pipelines.submissions import checking_child as c; c.{constant} = {value}; sys.argv = ['c', *sys.argv[1:]]; c.main()"
        command = [sys.executable, "-c", script, str(home.contracts_dir), str(home.dbt_dir)]
        return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True)

    monkeypatch.setattr(checking_apart, "_start", limited)
    report = check_apart(request(distinct_rows(20_000)), home).report
    assert report.receipt.verdict is Verdict.REJECTED
    assert [f.rule_id for f in report.findings] == ["file_is_readable"]
    assert any(word in report.findings[0].found for word in reason.split("|"))
    assert json.dumps(report_to_dict(report))
