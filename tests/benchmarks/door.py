"""Measure the door: CSV and XLSX against the bare library, a million cells, first findings in a browser, recall and precision.

Run by ``make bench``; figures stand in BENCHMARKS.md. Nothing is asserted.
"""

import io
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import python_calamine
import xlsxwriter

from pipelines.intake.reporting import FileToRead
from pipelines.submissions.checking import CheckRequest, Home, check_file
from tests.fixtures.fault_seeding import KINDS, plant, plant_across

ROOT = Path(__file__).resolve().parents[2]
HOME = Home(ROOT / "data_contracts", ROOT / "dbt_project")
N_WORKBOOKS, N_FAULTS = 20, 66
MILLION_ROWS, MILLION_COLUMNS = 125_000, 8


def as_workbook(content: bytes) -> bytes:
    """The same rows as an .xlsx, values as number cells."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True, "constant_memory": False}) as book:
        page = book.add_worksheet("Data")
        for r, line in enumerate(content.decode().splitlines()):
            for c, cell in enumerate(line.split(",")):
                if r and c == 3:
                    page.write_number(r, c, float(cell))
                else:
                    page.write_string(r, c, cell)
    return stream.getvalue()


def read_bare(content: bytes) -> None:
    """What the bare library takes to read a workbook."""
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    book.get_sheet_by_index(0).to_python(skip_empty_area=False)


def measure_recall() -> None:
    """Plant faults in fresh workbooks and count, kind by kind, what is found and what is invented."""
    planted_of, found_of, invented = Counter[str](), Counter[str](), 0
    names = {kind.rule_id: name for name, kind in KINDS.items()}
    for seed in range(1000, 1000 + N_WORKBOOKS):
        for planted in (plant(seed, N_FAULTS), plant_across(seed, N_FAULTS)):
            report = check_file(CheckRequest(FileToRead("seeded.xlsx", planted.content), "KOR", "2026-11-22"), HOME).report
            found = {(f.place, f.rule_id) for f in report.findings if f.rule_id != "source_is_cited"}
            rows = {"".join(c for c in place if c.isdigit()) for place in planted.faults}
            invented += sum("".join(c for c in place if c.isdigit()) not in rows for place, _ in found)
            for place, rule_id in planted.faults.items():
                planted_of[rule_id] += 1
                found_of[rule_id] += (place, rule_id) in found
    for rule_id in sorted(planted_of):
        print(f"  {rule_id} ({names.get(rule_id, 'years across')}): {found_of[rule_id]} of {planted_of[rule_id]}", flush=True)
    total, found_total = planted_of.total(), found_of.total()
    print(f"recall {found_total}/{total}, findings in sound rows {invented}, over {2 * N_WORKBOOKS} workbooks", flush=True)


MEMORY = """
import resource, sys
from pathlib import Path
from pipelines.intake.reporting import FileToRead
from pipelines.submissions.checking import CheckRequest, Home, check_file
home = Home(Path(sys.argv[2]), Path(sys.argv[3]))
checked = check_file(CheckRequest(FileToRead('big.xlsx', Path(sys.argv[1]).read_bytes()), 'KOR', '2026-11-22'), home)
own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
print(len(checked.observations), checked.report.receipt.verdict, own, child)
"""


def measure_million(folder: Path) -> None:
    """Read and check a workbook of a million cells; the largest memory of both processes."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"constant_memory": True, "tmpdir": str(folder)}) as book:
        page = book.add_worksheet("Data")
        page.write_row(0, 0, ["City", "Indicator", "Date", "Value", "Unit", "Source", "Note", "Boundary"])
        cities = ("Seoul", "Busan", "Daegu", "Incheon", "Gwangju", "Daejeon", "Ulsan", "Sejong")
        for number in range(1, MILLION_ROWS):
            day = number // len(cities)
            date = f"{1951 + day // 336}-{day // 28 % 12 + 1:02}-{day % 28 + 1:02}"
            page.write_row(
                number, 0, [cities[number % len(cities)], "PM2.5 monthly mean", date, 10 + number % 900 / 10, "ug/m3", "synthetic", "x", "administrative"]
            )
    path = folder / "million.xlsx"
    path.write_bytes(stream.getvalue())
    done = subprocess.run(
        [sys.executable, "-c", MEMORY, str(path), str(HOME.contracts_dir), str(HOME.dbt_dir)], capture_output=True, text=True, check=False, env=dict(os.environ)
    )
    print(
        f"{MILLION_ROWS * MILLION_COLUMNS:,} cells ({path.stat().st_size:,} bytes): figures, verdict, MiB of the checker, MiB of the child: {done.stdout.strip() or done.stderr[-300:]}",
        flush=True,
    )
