"""The served pages in a real browser: drawn, clicked, uploaded to, downloaded from, wide and narrow."""

import csv
import io
import os
import re
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.conftest import BIN, ROOT
from tests.factories import good_row, make_csv

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
PAGES = ("", "compare", "city", "indicator", "about_data", "contribute")
ROW_PIXELS, HEADER_PIXELS = 35, 36


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def address(sample_data_dir: Path) -> Iterator[str]:
    port = free_port()
    environment = {**os.environ, "CITYBENCH_DATA_DIR": str(sample_data_dir)}
    command = [str(BIN / "streamlit"), "run", str(ROOT / "app" / "gate.py"), "--server.port", str(port), "--server.address", "127.0.0.1"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1).close()
            break
        except OSError:
            time.sleep(0.2)
    yield f"http://127.0.0.1:{port}"
    process.send_signal(signal.SIGINT)
    process.wait(20)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = os.environ.get("CITYBENCH_TEST_BROWSER") or shutil.which("chromium")
    assert path, "Chromium is missing; `make test` installs it, see tests/bring_tools.sh"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(params=[1440, 390], ids=["wide", "narrow"])
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": request.param, "height": 1400}, accept_downloads=True)
    yield context.new_page()
    context.close()


def settle(page: Page) -> None:
    expect(page.locator("h1").first).to_be_visible(timeout=30_000)
    expect(page.locator("[data-testid=stStatusWidget]")).to_have_count(0, timeout=30_000)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_draws_without_errors_overflow_or_outside_requests(page: Page, address: str, name: str) -> None:
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("request", lambda r: None if r.url.startswith((address, address.replace("http", "ws"), "data:", "blob:")) else problems.append(r.url))
    page.goto(f"{address}/{name}")
    settle(page)
    page.wait_for_timeout(1500)
    assert problems == []
    assert page.locator("[data-testid=stException], .stException").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_one_click_leads_from_a_value_to_its_cell(page: Page, address: str) -> None:
    page.goto(f"{address}/compare?indicator=iso37120:2018/8.1&goals=who_aqg_2021")
    settle(page)
    table = page.locator("[data-testid=stDataFrame]").first
    expect(table).to_be_visible()
    page.wait_for_timeout(1000)
    table.scroll_into_view_if_needed()
    table.click(position={"x": 20, "y": HEADER_PIXELS + ROW_PIXELS / 2})
    expect(page.get_by_text("kor_air_2015_2020.csv").first).to_be_visible(timeout=15_000)
    expect(page.get_by_text(re.compile(r"Rules: 38 of 38 passed"))).to_be_visible()


def test_the_address_keeps_the_view(page: Page, address: str) -> None:
    page.goto(f"{address}/compare?indicator=iso37120:2018/8.1&year=2019&goals=none")
    settle(page)
    expect(page.get_by_text("PM2.5 yearly mean").first).to_be_visible()
    page.wait_for_timeout(500)
    assert "edition=sample-" in page.url
    assert "year=2019" in page.url
    page.goto(page.url)
    settle(page)
    expect(page.get_by_text("PM2.5 yearly mean").first).to_be_visible()


def test_what_is_downloaded_is_what_is_shown(page: Page, address: str) -> None:
    page.goto(f"{address}/compare?indicator=iso37120:2018/8.1&goals=none")
    settle(page)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="CSV").click()
    rows = list(csv.reader(io.StringIO(Path(waiting.value.path()).read_text("utf-8-sig"))))
    assert rows[0][:4] == ["City", "Country", "Value", "Unit"]
    assert rows[1][:3] == ["Busan", "Republic of Korea", "16.917"]
    shown = page.locator("[data-testid=stDataFrame] canvas + table, [data-testid=stDataFrame] table").first.inner_text()
    for row in rows[1:9]:
        assert row[0] in shown
        assert row[2] in shown


def test_a_faulty_file_gets_its_cells_and_nothing_is_stored(page: Page, address: str, sample_data_dir: Path) -> None:
    before = sorted(p.name for p in (sample_data_dir / "landing").rglob("*"))
    page.goto(f"{address}/check_file?member=KOR")
    settle(page)
    page.set_input_files(
        "input[type=file]", {"name": "faulty.csv", "mimeType": "text/csv", "buffer": make_csv(good_row(value="<b>abc</b>"), good_row(year="soon"))}
    )
    expect(page.get_by_text("Not acceptable yet: 2 places to mend.")).to_be_visible(timeout=30_000)
    expect(page.get_by_text("The value is not a number or a known mark.")).to_be_visible()
    assert sorted(p.name for p in (sample_data_dir / "landing").rglob("*")) == before


def test_a_good_file_is_told_so(page: Page, address: str) -> None:
    page.goto(f"{address}/check_file?member=KOR")
    settle(page)
    page.set_input_files("input[type=file]", {"name": "good.csv", "mimeType": "text/csv", "buffer": make_csv(good_row())})
    expect(page.get_by_text("Acceptable: 1 figures.")).to_be_visible(timeout=30_000)
