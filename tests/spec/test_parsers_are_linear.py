"""No text of a sender holds a parser up: each comes through every shape within the processor time of a process."""

import json
import subprocess
import sys
from pathlib import Path

from pipelines.intake.parsing.numbers import read_number
from pipelines.submissions.checking import Home
from tests.factories import check, good_row, make_csv

ROOT = Path(__file__).resolve().parents[2]
# Over these shapes a linear parser takes seconds, a quadratic one minutes.
CHARACTERS, PROCESSOR_SECONDS = 16_000, 20


def test_every_parser_comes_through_every_shape() -> None:
    command = [sys.executable, "-m", "tests.benchmarks.growth", str(CHARACTERS), str(PROCESSOR_SECONDS)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == []


def test_a_value_of_blanks_is_a_blank_and_a_long_one_no_number() -> None:
    assert not read_number(" " * 12_000).is_number
    assert read_number(" " * 12_000 + "3만 5천" + " " * 12_000).as_dot == 35_000
    assert not read_number("9" * 12_000).is_number


def test_a_cell_that_no_spreadsheet_could_hold_is_refused_with_the_limit(home: Home) -> None:
    [finding] = check(home, make_csv(good_row(source="x" * 40_000))).findings
    assert finding.rule_id == "file_is_readable"
    assert "40000 characters; at most 32767" in finding.found


def test_a_long_value_is_a_finding_of_its_cell(home: Home) -> None:
    report = check(home, make_csv(good_row(value="1" + " " * 12_000 + "x")))
    assert {f.place for f in report.findings if f.rule_id == "value_is_readable"} == {"D2"}
