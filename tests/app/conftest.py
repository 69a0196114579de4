"""The app behind its gate, served as a stranger would meet it, and a real browser."""

import datetime
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from pipelines.domain.actors import Role, operator
from pipelines.serving import believed_proxies
from pipelines.state.accounts import create_account, create_token
from pipelines.state.engines import open_state
from tests.conftest import BIN, ROOT

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
PASSWORD = "only for tests, synthetic"
PEOPLE = {
    "kor": (Role.MEMBER, "KOR"), "jpn": (Role.MEMBER, "JPN"), "coordinator": (Role.COORDINATOR, "KOR"), "reviewer": (Role.REVIEWER, ""),
    "editor": (Role.EDITOR, ""), "researcher": (Role.RESEARCHER, ""), "administrator": (Role.ADMINISTRATOR, ""),
}  # fmt: skip


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def served_dir(sample_data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sample data folder with one account per role: what is sent here disturbs no other test."""
    folder = tmp_path_factory.mktemp("served") / "data"
    shutil.copytree(sample_data_dir, folder)
    engine = open_state(f"sqlite:///{folder / 'state.sqlite'}")
    now = datetime.datetime.now(datetime.UTC)
    for login, (role, member_code) in PEOPLE.items():
        create_account(engine, operator("test"), login=login, password=PASSWORD, role=role, member_code=member_code, now=now)
    engine.dispose()
    return folder


@pytest.fixture(scope="session")
def tokens(served_dir: Path) -> dict[str, str]:
    """A REST token for every person."""
    from pipelines.state.accounts import list_accounts

    engine = open_state(f"sqlite:///{served_dir / 'state.sqlite'}")
    now = datetime.datetime.now(datetime.UTC)
    found = {a.login: create_token(engine, a.account_id, now=now) for a in list_accounts(engine) if a.login in PEOPLE}
    engine.dispose()
    return found


@contextmanager
def serve(folder: Path, *, proxies: str = "") -> Iterator[tuple[str, int]]:
    """Serve the app over a data folder as `citybench serve` does; gives its address and process id."""
    port = free_port()
    environment = {**os.environ, "CITYBENCH_DATA_DIR": str(folder), "CITYBENCH_PROXIES": proxies, **believed_proxies(proxies)}
    command = [str(BIN / "streamlit"), "run", str(ROOT / "app" / "gate.py"), "--server.port", str(port), "--server.address", "127.0.0.1"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1).close()
            break
        except OSError:
            time.sleep(0.2)
    try:
        yield f"http://127.0.0.1:{port}", process.pid
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(20)


@pytest.fixture(scope="session")
def address(served_dir: Path) -> Iterator[str]:
    with serve(served_dir) as (address, _):
        yield address


@pytest.fixture(scope="session")
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


def sign_in(page: Page, address: str, login: str) -> None:
    """Sign in through the real page."""
    page.goto(f"{address}/sign-in?next=/contribute")
    page.fill("#login", login)
    page.fill("#password", PASSWORD)
    page.click("button[type=submit]")
    settle(page)
