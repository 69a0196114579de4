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
MILLION_ROWS, MILLION_COLUMNS = 100_000, 10
DISTINCT_ROWS = (20_000, 100_000, 300_000)


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
import resource, sys, time
from pathlib import Path
from pipelines.intake.reporting import FileToRead
from pipelines.submissions.checking import CheckRequest, Home
from pipelines.submissions.checking_apart import check_apart
home = Home(Path(sys.argv[2]), Path(sys.argv[3]))
path = Path(sys.argv[1])
started = time.perf_counter()
report = (checked := check_apart(CheckRequest(FileToRead(path.name, path.read_bytes()), 'KOR', '2026-11-22'), home)).report
took = time.perf_counter() - started
own, child = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
print(f"{len(checked.read)} figures, {report.receipt.verdict}, {report.n_found} findings, {len(report.findings)} listed, {took:.1f} s "
      f"({child.ru_utime + child.ru_stime:.1f} s of processor time), {own.ru_maxrss // 1024} MiB here, {child.ru_maxrss // 1024} MiB in the checking process; "
      f"{report.findings[0].found[:90] if report.findings else ''}")
"""


def check_in_fresh_process(path: Path) -> str:
    """Check a file from a process that does nothing else; what it took, in words."""
    command = [sys.executable, "-c", MEMORY, str(path), str(HOME.contracts_dir), str(HOME.dbt_dir)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=dict(os.environ))
    return done.stdout.strip() or done.stderr[-300:]


def measure_distinct(folder: Path) -> None:
    """Check text files of rows of which no two share a word and every one is faulty in four places."""
    for n in DISTINCT_ROWS:
        path = folder / f"distinct-{n}.csv"
        lines = [f"Town {i:06},PM2.5 x{i:06},{1900 + i % 150},{i}abc,unit{i:06},src" for i in range(n)]
        path.write_text("\n".join(["City,Indicator,Year,Value,Unit,Source", *lines]))
        print(f"{n:,} distinct rows ({path.stat().st_size / 1e6:.1f} MB): {check_in_fresh_process(path)}", flush=True)


def measure_million(folder: Path) -> None:
    """Read and check a workbook of a million cells; the largest memory of both processes."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"constant_memory": True, "tmpdir": str(folder)}) as book:
        page = book.add_worksheet("Data")
        page.write_row(0, 0, ["City", "Indicator", "Date", "Value", "Unit", "Source", "Note", "Boundary", "Publisher", "Source title"])
        cities = ("Seoul", "Busan", "Daegu", "Incheon", "Gwangju", "Daejeon", "Ulsan", "Sejong")
        for number in range(1, MILLION_ROWS):
            day = number // len(cities)
            date = f"{1951 + day // 336}-{day // 28 % 12 + 1:02}-{day % 28 + 1:02}"
            page.write_row(
                number,
                0,
                [
                    cities[number % len(cities)],
                    "PM2.5 monthly mean",
                    date,
                    10 + number % 900 / 10,
                    "ug/m3",
                    "synthetic",
                    "x",
                    "administrative",
                    "synthetic",
                    "synthetic",
                ],
            )
    path = folder / "million.xlsx"
    path.write_bytes(stream.getvalue())
    print(f"{MILLION_ROWS * MILLION_COLUMNS:,} cells ({path.stat().st_size:,} bytes): {check_in_fresh_process(path)}", flush=True)
