"""Small files made after public fault reports are read right, asked about or refused; their list says which.

The files and their list stand beside the project and are no part of it; without them there is nothing to walk.
"""

import csv
import math
from pathlib import Path

import pytest

from pipelines.domain.findings import Severity, Verdict
from pipelines.intake.reporting import FileToRead
from pipelines.submissions.checking import CheckedFile, CheckRequest, Home, check_file

CASES = Path(__file__).resolve().parents[3] / "shared" / "cases"
LISTED = list(csv.DictReader((CASES / "expected.csv").read_text("utf-8").splitlines())) if CASES.is_dir() else []


def numbers(text: str) -> list[float]:
    return [float(part) for part in text.split(";") if part]


def is_asked(checked: CheckedFile) -> bool:
    return any(f.severity is not Severity.NOTE for f in checked.report.findings)


@pytest.mark.parametrize("case", LISTED, ids=[c["file"] for c in LISTED])
def test_a_small_case_gives_what_its_list_wants(case: dict[str, str], home: Home) -> None:
    path = CASES / case["file"]
    checked = check_file(CheckRequest(FileToRead(path.name, path.read_bytes()), case["member"], "2026-11-22"), home)
    read = [f.harmonised_value for f in checked.read if f.harmonised_value is not None]
    shown = [v for f in checked.read for v in (f.harmonised_value, f.reported_value) if v is not None]
    for never in numbers(case["never_values"]):
        assert not any(v == never or (math.isnan(never) and math.isnan(v)) for v in shown)
    is_accepted = checked.report.receipt.verdict is Verdict.ACCEPTABLE and not is_asked(checked)
    match case["want"]:
        case "accept":
            assert is_accepted, checked.report.findings
        case "ask":
            assert is_asked(checked)
        case "refuse":
            assert checked.report.receipt.verdict is Verdict.REJECTED
        case "value_or_ask":
            right = numbers(case["right_values"])
            assert is_asked(checked) or (is_accepted and all(any(math.isclose(v, r) for v in read) for r in right))
        case other:
            raise AssertionError(other)
