"""Read every public publisher file with a person's answers and compare figure by figure with the hand-made list.

Run ``python -m tests.public_files.reading FOLDER`` with the folder that holds ``public`` and ``real_city_values.csv``;
it writes ``docs/PUBLIC_FILES.md``. The files themselves are not part of the project.
"""

import csv
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from pipelines.domain.answers import Answers
from pipelines.domain.findings import Severity, Verdict
from pipelines.intake.reporting import FileToRead
from pipelines.submissions.checking import CheckedFile, CheckRequest, Home, check_file

ROOT = Path(__file__).resolve().parents[2]
AS_OF = "2026-11-22"
SCALES = (1.0, 1000.0, 0.001, 100.0, 0.01)


@dataclass
class Reading:
    """What became of one file."""

    name: str
    member: str
    verdict: str
    n_read: int
    reasons: str
    n_answers: int
    compared: list[str] = field(default_factory=list)
    n_equal: int = 0
    n_different: int = 0


def facts_by_file(folder: Path) -> dict[str, list[dict[str, str]]]:
    """Published figures of the hand-made list that were not derived, by file."""
    found = defaultdict(list)
    for row in csv.DictReader((folder / "real_city_values.csv").read_text("utf-8").splitlines()):
        parts = [p.strip() for p in row["source"].split("|")]
        if "DERIVED" not in row["source"] and len(parts) > 1 and parts[1].startswith("shared/data/public/"):
            found[parts[1].removeprefix("shared/data/public/")].append(row)
    return found


def read_one(name: str, entry: dict[str, object], folder: Path, facts: list[dict[str, str]], city_names: dict[str, str]) -> Reading:
    """Check one file and compare what was read with the list."""
    answers = Answers(**entry["answers"])  # type: ignore[arg-type]
    request = CheckRequest(FileToRead(Path(name).name, (folder / "public" / name).read_bytes(), answers), str(entry["member"]), AS_OF)
    checked = check_file(request, Home(ROOT / "data_contracts", ROOT / "dbt_project"))
    blockers = Counter(f.rule_id for f in checked.report.findings if f.severity is Severity.BLOCKER)
    first = next((f"{f.found[:90]}" for f in checked.report.findings if f.severity is Severity.BLOCKER), "")
    reasons = ", ".join(f"{rule} {n}" for rule, n in blockers.most_common(3)) + (f" ({first})" if first else "")
    if checked.report.receipt.verdict is Verdict.NEEDS_EXPLANATION:
        reasons = "to explain: " + ", ".join(f"{c.key} {len(c.findings)}" for c in checked.report.open_causes)
    whole = [
        o for o in checked.observations if o.city_code and o.indicator_code and o.reported_value is not None and o.unit_code and o.period_parse_state == "read"
    ]
    n_answers = sum(len(v) if isinstance(v, dict) else 1 for v in entry["answers"].values())  # type: ignore[attr-defined]
    reading = Reading(name, str(entry["member"]), str(checked.report.receipt.verdict), len(whole), reasons, n_answers)
    compare(reading, checked, facts, city_names)
    return reading


def compare(reading: Reading, checked: CheckedFile, facts: list[dict[str, str]], city_names: dict[str, str]) -> None:
    """Find each listed figure among the observations of its city and year; a figure of the same indicator with another value is different."""
    by_place = defaultdict(list)
    for one in checked.observations:
        if one.city_code and one.reported_value is not None and one.period_year and one.unit_code:
            by_place[one.city_code, one.period_year].append(one)
    for fact in facts:
        code = city_names.get(fact["city"], "")
        candidates = by_place.get((code, int(fact["year"][:4])) if fact["year"][:4].isdigit() else ("", 0), [])
        wanted = float(fact["value"])
        equal = next((o for o in candidates if any(abs((o.reported_value or 0) * s - wanted) <= 6e-7 * max(1, abs(wanted)) for s in SCALES)), None)
        if equal is not None:
            reading.n_equal += 1
            if len(reading.compared) < 3:
                reading.compared.append(
                    f"{fact['city']} {fact['year']}: {fact['value']} = `{equal.value_written}` in {equal.source_sheet + '!' if equal.source_sheet else ''}{equal.source_column}{equal.source_row}"
                )
        elif "proxy" not in fact["indicator"] and any(
            o.indicator_code and o.indicator_code.partition("/")[2] and o.indicator_code.split("/")[1] in fact["indicator"] for o in candidates
        ):
            reading.n_different += 1
            reading.compared.append(f"**different** {fact['city']} {fact['year']} {fact['indicator']}: listed {fact['value']}")


def read_all(folder: Path) -> list[Reading]:
    """Read every file that the answers name, in their order."""
    registry = csv.DictReader((ROOT / "data_contracts" / "registries" / "cities.csv").read_text("utf-8").splitlines())
    city_names = {row["name_en"]: row["city_code"] for row in registry}
    facts = facts_by_file(folder)
    entries = yaml.safe_load((Path(__file__).parent / "answers.yaml").read_text("utf-8"))
    return [read_one(name, entry, folder, facts.get(name, []), city_names) for name, entry in entries.items()]


def write_table(readings: list[Reading], target: Path) -> None:
    """Write the table."""
    lines = [
        "# Public files, read or refused", "",
        "Publishers' own files as found in public repositories, read with the answers a person would give on the page "
        "(`tests/public_files/answers.yaml`; rows of cities outside the register are left out by such an answer and counted in the receipt). "
        "\"Equal\" counts figures of a list made by hand from the same files that stand among what was read; \"different\" must be 0. "
        "Made by `python -m tests.public_files.reading FOLDER`; the files are not part of the project.", "",
        "| File | Sent as | Answers | Verdict | Figures read | Equal | Different | Sample, or why refused |", "|---|---|---|---|---|---|---|---|",
    ]  # fmt: skip
    for r in readings:
        said = "; ".join(r.compared) or ""
        said = (
            (said + ("; " if said and r.reasons else "") + (f"{'refused: ' if r.verdict == 'rejected' else ''}{r.reasons}" if r.reasons else ""))
            .replace("|", "\\|")
            .replace("\n", " ")
        )
        lines.append(f"| {r.name} | {r.member} | {r.n_answers} | {r.verdict} | {r.n_read} | {r.n_equal} | {r.n_different} | {said} |")
    target.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    found = read_all(Path(sys.argv[1]))
    write_table(found, ROOT / "docs" / "PUBLIC_FILES.md")
    print(
        f"{sum(r.n_equal for r in found)} equal, {sum(r.n_different for r in found)} different, {sum(r.verdict == 'acceptable' for r in found)} of {len(found)} files acceptable, "
        f"{sum(r.verdict == 'needs_explanation' for r in found)} to explain"
    )
