"""Count what a check asks about every public publisher file, with a person's answers where the list holds some.

Run ``python -m tests.public_files.asking FOLDER`` with the folder that holds ``public``; it prints one line a file and the sums of
BENCHMARKS.md. Files without an entry in ``answers.yaml`` are sent as they are. The files are not part of the project.
"""

import sys
from collections import Counter
from pathlib import Path

import yaml

from pipelines.domain.answers import Answers
from pipelines.domain.findings import Severity
from pipelines.intake.reporting import FileToRead
from pipelines.submissions.checking import CheckRequest, Home, check_file

ROOT = Path(__file__).resolve().parents[2]
AS_OF = "2026-11-22"
ENDINGS = {".csv", ".tsv", ".txt", ".xls", ".xlsx", ".ods"}
UNANSWERED_MEMBER = "JPN"


def ask_all(folder: Path) -> None:
    """Check each table file below ``folder``; print verdict, blocking findings and findings to explain or to know."""
    entries = yaml.safe_load((Path(__file__).parent / "answers.yaml").read_text("utf-8"))
    home = Home(ROOT / "data_contracts", ROOT / "dbt_project")
    verdicts, findings = Counter[str](), Counter[str]()
    for path in sorted(p for p in folder.rglob("*") if p.suffix.lower() in ENDINGS and "readme" not in p.name.lower()):
        name = path.relative_to(folder).as_posix()
        entry = entries.get(name, {})
        answers = Answers(**entry.get("answers", {}))
        request = CheckRequest(FileToRead(path.name, path.read_bytes(), answers), entry.get("member", UNANSWERED_MEMBER), AS_OF)
        report = check_file(request, home).report
        by_severity = Counter(str(f.severity) for f in report.findings)
        verdicts[str(report.receipt.verdict)] += 1
        findings += by_severity
        print(f"{name}\t{report.receipt.verdict}\t{by_severity[str(Severity.BLOCKER)]}\t{by_severity.total()}", flush=True)
    print(f"{verdicts.total()} files: {dict(verdicts)}; findings {dict(findings)}")


if __name__ == "__main__":
    ask_all(Path(sys.argv[1]) / "public")
