"""The sender's own workbook back, with every finding at its cell and a sheet that lists them.

Belongs here: findings to marks and rows in a language. Does not belong here: opening workbooks (intake).
"""

from pathlib import Path

from pipelines.contracts.catalogues import load_contract, member_habits
from pipelines.contracts.labels import label
from pipelines.domain.findings import CheckReport, Finding, Severity
from pipelines.intake.reading.annotating import CellMark, Summary, mark_table, mark_workbook
from pipelines.intake.reporting import FileToRead, reading_of

WEIGHT = {Severity.BLOCKER: 0, Severity.WARNING: 1, Severity.NOTE: 2}
MAX_MARKS = 5_000
MAX_NOTES = 200


def annotate(file: FileToRead, report: CheckReport, contracts_dir: Path, *, member_code: str, language: str) -> bytes:
    """Mark a checked file.

    Returns:
        An .xlsx: the sender's own where she sent one, else the same cells in a new one.

    Raises:
        UnreadableFileError: the file cannot be opened, so there is nothing to mark.
    """

    def word(name: str) -> str:
        return label(contracts_dir, name, language)

    header = [word(n) for n in ("severity", "place", "what", "found", "expected", "mend")]
    rows = [[word(f.severity), f.place or word("whole_file"), f.what, f.found, f.expected, f.mend] for f in _listed(report.findings)]
    summary = Summary(word("summary_sheet"), header, rows)
    marks = [CellMark(sheet, cell, str(heaviest), text) for (sheet, cell), (heaviest, text) in _by_cell(report.findings).items()][:MAX_MARKS]
    if file.suffix == "xlsx":
        return mark_workbook(file.content, marks, summary)
    reading = reading_of(file, member_habits(contracts_dir, member_code), load_contract(contracts_dir).limits)
    return mark_table(file.content, reading.options(file.content, file.suffix), marks, summary)


def _listed(findings: tuple[Finding, ...]) -> list[Finding]:
    notes = [f for f in findings if f.severity is Severity.NOTE][:MAX_NOTES]
    heavy = [f for f in findings if f.severity is not Severity.NOTE][:MAX_MARKS]
    return sorted([*heavy, *notes], key=lambda f: WEIGHT[f.severity])


def _by_cell(findings: tuple[Finding, ...]) -> dict[tuple[str, str], tuple[Severity, str]]:
    found: dict[tuple[str, str], tuple[Severity, str]] = {}
    for finding in _listed(findings):
        if not finding.cell:
            continue
        key = (finding.sheet, finding.cell)
        text = f"{finding.what} {finding.expected}. {finding.mend}"
        heaviest, earlier = found.get(key, (finding.severity, ""))
        found[key] = (heaviest, f"{earlier}\n{text}" if earlier else text)
    return found
