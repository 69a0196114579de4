"""Measure what BENCHMARKS.md states: ratios of things run side by side in one go, medians, nothing asserted.

Run ``make bench``. The machine is noisy: only ratios of one run are worth comparing.
"""

import csv
import datetime
import io
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
from playwright.sync_api import Page, sync_playwright

from pipelines.contracts.catalogues import load_contract, load_registry
from pipelines.domain.actors import Role, operator
from pipelines.domain.texts import fold
from pipelines.intake.parsing.numbers import read_number
from pipelines.intake.parsing.periods import read_period
from pipelines.intake.reporting import FileToRead
from pipelines.state.accounts import create_account
from pipelines.state.engines import open_state
from pipelines.submissions.checking import CheckRequest, Home, check_file, collect_less_often
from pipelines.warehouse.compiling import compiled_models
from pipelines.warehouse.connecting import open_memory
from pipelines.warehouse.loading import load_registry as load_registry_tables
from pipelines.warehouse.loading import load_submissions, load_table, observations_table
from pipelines.warehouse.rule_running import REGISTRY_USED, build_models, find_violations
from tests.benchmarks.damages import count_damages, table_of
from tests.benchmarks.door import as_workbook, measure_distinct, measure_million, measure_recall, read_bare
from tests.benchmarks.forum import measure_forum
from tests.benchmarks.growth import measure_growth
from tests.benchmarks.indexes import measure_indexes
from tests.benchmarks.sign_in import measure_sign_in

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
HOME = Home(ROOT / "data_contracts", ROOT / "dbt_project")
ROWS = 10_000
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]


def seconds(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def report(name: str, ours: list[float], theirs: list[float]) -> None:
    ratios = sorted(a / b for a, b in zip(ours, theirs, strict=True))
    print(f"{name}: median ratio {statistics.median(ratios):.2f} (from {ratios[0]:.2f} to {ratios[-1]:.2f}, {len(ratios)} pairs)", flush=True)


def synthetic_file() -> bytes:
    """Ten thousand synthetic rows: cities by years by days, all acceptable."""
    cities = [r["city_code"] for r in load_registry(HOME.contracts_dir)["cities"] if r["member_code"] == "KOR"]
    lines = ["City,Indicator,Date,Value,Unit,Source"]
    for number in range(ROWS):
        city, day = cities[number % len(cities)], number // len(cities)
        lines.append(f"{city},PM2.5 monthly mean,{2000 + day // 336}-{day // 28 % 12 + 1:02}-{day % 28 + 1:02},{10 + number / 400:.4f},ug/m3,synthetic")
    return "\n".join(lines).encode()


def read_csv(content: bytes) -> None:
    """What the bare library takes to read a text table."""
    list(csv.reader(io.StringIO(content.decode()), strict=True))


def bare_cost(content: bytes, typed: pa.Table, read: Callable[[bytes], None]) -> None:
    """Read the file with the bare library, put the typed rows into DuckDB, run the same SQL: what no checker can avoid."""
    read(content)
    connection = open_memory()
    registry = load_registry(HOME.contracts_dir)
    load_registry_tables(connection, {name: registry[name] for name in REGISTRY_USED})
    head = {
        "submission_id": "checked",
        "member_code": "KOR",
        "file_name": "f",
        "file_sha256": "0",
        "contract_version": "1",
        "accepted_seq": 0,
        "as_of_date": "2026-11-22",
        "n_rows": 0,
    }
    load_submissions(connection, submissions=[head], rule_results=[], observations=[])
    load_table(connection, "submissions", "observations", typed)
    build_models(connection, compiled_models(HOME.dbt_dir))
    find_violations(connection, load_contract(HOME.contracts_dir).rules)
    connection.close()


def measure_check(times: int = 7) -> None:
    content = synthetic_file()
    measure_check_of("synthetic.csv", content, read_csv, times)
    measure_check_of("synthetic.xlsx", as_workbook(content), read_bare, times)


def measure_check_of(name: str, content: bytes, read: Callable[[bytes], None], times: int) -> None:
    request = CheckRequest(FileToRead(name, content), "KOR", "2026-11-22")
    checked = check_file(request, HOME)
    assert not checked.report.findings, checked.report.findings[:2]
    rows = observations_table(checked.observations)
    typed = rows.add_column(0, "submission_id", pa.array(["checked"] * rows.num_rows, pa.string()))

    def check_anew() -> None:
        for cache in (read_number, read_period, fold):
            cache.cache_clear()
        check_file(request, HOME)

    pairs = [(seconds(check_anew), seconds(lambda: bare_cost(content, typed, read))) for _ in range(times)]
    report(f"check of {ROWS:,} rows of {name} / bare cost of reading it and running the same SQL", [a for a, _ in pairs], [b for _, b in pairs])


def measure_build(data_dir: Path, times: int = 3) -> None:
    environment = {**os.environ, "CITYBENCH_DATA_DIR": str(data_dir), "CITYBENCH_WAREHOUSE": str(data_dir / "warehouse" / "warehouse.duckdb")}
    project = [
        "--project-dir",
        str(HOME.dbt_dir),
        "--profiles-dir",
        str(HOME.dbt_dir),
        "--target-path",
        str(data_dir / "parse"),
        "--log-path",
        str(data_dir / "parse"),
    ]

    def run(*command: str) -> None:
        subprocess.run(command, env=environment, check=True, capture_output=True)

    run(str(BIN / "citybench"), "build", "--sample")
    pairs = [
        (seconds(lambda: run(str(BIN / "citybench"), "build", "--force")), seconds(lambda: run(str(BIN / "dbt"), "parse", "--no-partial-parse", *project)))
        for _ in range(times)
    ]
    report("full build of the samples / dbt's own start-up (parse of the project)", [a for a, _ in pairs], [b for _, b in pairs])


def serve(entry: Path, data_dir: Path) -> tuple[subprocess.Popen[bytes], str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(BIN / "streamlit"), "run", str(entry), "--server.port", str(port), "--server.address", "127.0.0.1"]
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "CITYBENCH_DATA_DIR": str(data_dir)}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while True:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1).close()
            return process, f"http://127.0.0.1:{port}"
        except OSError:
            time.sleep(0.2)


def paint(page: Page, address: str, selector: str) -> float:
    started = time.perf_counter()
    page.goto(address)
    page.wait_for_selector(selector, timeout=60_000)
    return time.perf_counter() - started


def change(page: Page) -> float:
    """From Compare to City by the menu, until the city's table stands."""
    page.get_by_role("button", name="Explore").first.click()
    started = time.perf_counter()
    page.locator('a[href*="/city"]').first.click()
    page.wait_for_selector("[data-testid=stDataFrame]", timeout=60_000)
    page.get_by_text("Over time").first.wait_for(timeout=60_000)
    return time.perf_counter() - started


def measure_pages(data_dir: Path, times: int = 7) -> None:
    bare = data_dir / "bare_page.py"
    bare.write_text("import streamlit as st\nst.title('bare')\n")
    ours, our_address = serve(ROOT / "app" / "main.py", data_dir)
    theirs, their_address = serve(bare, data_dir)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ.get("CITYBENCH_TEST_BROWSER") or shutil.which("chromium"), args=FLAGS)
        page = browser.new_page(viewport={"width": 1440, "height": 1000})
        paint(page, f"{our_address}/compare", "[data-testid=stDataFrame]")
        paint(page, their_address, "h1")
        first, bare_first, changes = [], [], []
        for _ in range(times):
            first.append(paint(page, f"{our_address}/compare", "[data-testid=stDataFrame]"))
            changes.append(change(page))
            bare_first.append(paint(page, their_address, "h1"))
        browser.close()
    for process in (ours, theirs):
        process.send_signal(signal.SIGINT)
        process.wait(20)
    report("first useful paint of Compare / first paint of an empty Streamlit page", first, bare_first)
    report("change from Compare to City / first paint of an empty Streamlit page", changes, bare_first)


def measure_findings(data_dir: Path, times: int = 9) -> None:
    """From choosing a file of 1,000 rows with faults to the first finding on the page, in a warm app; beside the paint of an empty page."""
    engine = open_state(f"sqlite:///{data_dir / 'state.sqlite'}")
    password = "only for measuring"
    create_account(engine, operator("bench"), login="bench", password=password, role=Role.MEMBER, member_code="KOR", now=datetime.datetime.now(datetime.UTC))
    lines = synthetic_file().splitlines()[:1001]
    bare = data_dir / "bare_page.py"
    bare.write_text("import streamlit as st\nst.title('bare')\n")
    ours, our_address = serve(ROOT / "app" / "gate.py", data_dir)
    theirs, their_address = serve(bare, data_dir)
    found, bare_first = [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ.get("CITYBENCH_TEST_BROWSER") or shutil.which("chromium"), args=FLAGS)
        page, empty = browser.new_page(viewport={"width": 1440, "height": 1000}), browser.new_page()
        page.goto(f"{our_address}/sign-in?next=/contribute%3Flanguage%3Den")
        page.fill("#login", "bench")
        page.fill("#password", password)
        page.click("button[type=submit]")
        for number in range(times + 1):
            page.goto(f"{our_address}/contribute?language=en")
            page.wait_for_selector("input[type=file]", state="attached", timeout=60_000)
            page.wait_for_timeout(1500)
            content = b"\n".join([*lines[:500], f"Nowhere {number},PM2.5 monthly mean,2001-01-01,abc,ug/m3,synthetic".encode(), *lines[500:]])
            started = time.perf_counter()
            page.set_input_files("input[type=file]", {"name": f"bench-{number}.csv", "mimeType": "text/csv", "buffer": content})
            page.get_by_text("Not acceptable yet: 2 places to mend.").wait_for(timeout=60_000)
            took = time.perf_counter() - started
            bare_took = paint(empty, their_address, "h1")
            if number:
                found.append(took)
                bare_first.append(bare_took)
        browser.close()
    for process in (ours, theirs):
        process.send_signal(signal.SIGINT)
        process.wait(20)
    under = sum(f < 1 for f in found)
    report(f"first findings of 1,000 rows ({under} of {len(found)} under a second) / first paint of an empty Streamlit page", found, bare_first)


def measure_size() -> None:
    size = sum(p.stat().st_size for p in (ROOT / ".venv").rglob("*") if p.is_file() and not p.is_symlink())
    n_packages = (ROOT / "requirements.lock").read_text().count("==")
    print(f"environment with test tools: {size / 1e9:.2f} GB; {n_packages} pinned runtime packages", flush=True)


def main() -> None:
    collect_less_often()
    with tempfile.TemporaryDirectory() as folder:
        measure_size()
        measure_check()
        measure_build(Path(folder))
        print(table_of(count_damages(Path(folder))), flush=True)
        measure_pages(Path(folder))
        measure_findings(Path(folder))
        measure_sign_in(Path(folder), report)
        measure_million(Path(folder))
        measure_distinct(Path(folder))
        measure_forum(Path(folder), HOME, report)
    measure_indexes(report)
    measure_recall()
    measure_growth()


if __name__ == "__main__":
    main()
