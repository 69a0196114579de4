"""A stranger with 60 tries at once at the sign-in of the served app: memory stays bounded, readers are answered, the ledger stays short."""

import asyncio
import json
import shutil
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from app.signing_in import Line
from pipelines.domain.errors import RefusedError
from pipelines.state.engines import open_state, reading
from pipelines.state.tables import EVENT
from tests.app.conftest import serve, settle
from tests.app.test_gate_refuses_forged_requests import ask
from tests.fixtures.strangers import Headers, Stranger, memory_mib, try_once, wait_until

BOUND_MIB = 500
PROXY = "127.0.0.1"
# How the stranger comes: from one address, or from a new one each time, as a proxy we believe says.
WAYS: dict[str, tuple[str, Headers]] = {
    "one address": ("", lambda n: {"X-Forwarded-For": f"198.51.{n // 250}.{n % 250}"}),
    "many addresses": (PROXY, lambda n: {"X-Forwarded-For": f"198.51.{n // 250 % 250}.{n % 250}"}),
}


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def attacked(way: str, sample_data_dir: Path, tmp_path: Path) -> Iterator[tuple[str, int, Path]]:
    folder = tmp_path / "data"
    shutil.copytree(sample_data_dir, folder)
    with serve(folder, proxies=WAYS[way][0]) as (address, pid):
        yield address, pid, folder


def test_300_tries_at_60_at_once_leave_the_app_small_its_readers_served_and_the_ledger_short(
    way: str, attacked: tuple[str, int, Path], browser: Browser
) -> None:
    address, pid, folder = attacked
    stranger = Stranger(address, n_tries=300, at_once=60, headers=WAYS[way][1])
    stranger.start()
    try:
        wait_until(lambda: stranger.statuses.total() >= 60, what="the first tries are answered")
        page = browser.new_page(viewport={"width": 1440, "height": 1000})
        page.goto(f"{address}/compare")
        settle(page)
        expect(page.locator("[data-testid=stDataFrame]").first).to_be_visible(timeout=60_000)
        page.close()
        assert ask(address, "GET", "/sign-in")[0] == 200
    finally:
        statuses = stranger.stop()
    assert statuses.total() >= 300
    assert set(statuses) <= {401, 429, 503}, statuses
    assert stranger.lacks_retry_after == 0
    assert memory_mib(pid, "VmHWM") < BOUND_MIB, statuses
    if way == "one address":
        assert 1 <= statuses[401] <= 20
    with reading(open_state(f"sqlite:///{folder / 'state.sqlite'}")) as connection:
        events = connection.execute(select(EVENT.c.body).where(EVENT.c.action == "sign_in_refused")).scalars().all()
    assert len(events) <= 21 * 2, "a window writes at most one event for each of 20 addresses and one for the others"
    assert sum(json.loads(body)["n_tries"] for body in events) <= statuses[401]


def test_a_try_that_has_to_wait_says_on_the_page_when_to_come_back(attacked: tuple[str, int, Path]) -> None:
    address = attacked[0]
    answers = [try_once(address, "guessed", f"wrong {n}", {"X-Forwarded-For": "198.51.100.7"}) for n in range(6)]
    assert [status for status, _, _ in answers] == [401] * 5 + [429]
    _, headers, page = answers[5]
    assert 290 <= int(headers["retry-after"]) <= 300
    assert b"Too many wrong tries. Try again in 5 minutes, after " in page
    assert len({body for _, _, body in answers[:5]}) == 1


def test_a_forwarded_address_counts_where_a_believed_proxy_says_it_and_nowhere_else(way: str, attacked: tuple[str, int, Path]) -> None:
    address = attacked[0]
    statuses = [try_once(address, "guessed", "wrong", WAYS[way][1](n))[0] for n in range(7)]
    assert statuses == ([401] * 5 + [429] * 2 if way == "one address" else [401] * 7)
    chosen = [try_once(address, "chosen", "wrong", {"X-Forwarded-For": f"203.0.113.{n}, 198.51.100.99"})[0] for n in range(7)]
    assert chosen == [401] * 5 + [429] * 2, "what stands before the proxy's own word was written by the visitor"


@pytest.mark.parametrize(
    ("kind", "body"),
    [("application/json", b"{}"), ("multipart/form-data; boundary=x", b"--x--"), ("application/x-www-form-urlencoded", b"login=" + b"a" * 5000),
     ("application/x-www-form-urlencoded", b"a=1&" * 20), ("", b"login=a")],
)  # fmt: skip
def test_what_is_no_small_form_is_refused_before_anything_is_counted(address: str, kind: str, body: bytes) -> None:
    assert ask(address, "POST", "/sign-in", {"Content-Type": kind}, body)[0] == 400


def test_of_many_in_the_line_few_work_at_a_time_and_no_address_fills_it() -> None:
    """A place is given back however the work ends, and who finds none is told so at once."""
    line, working, most = Line(at_once=2, waiting=6, per_address=3), 0, 0
    counting = threading.Lock()

    def work(number: int) -> str:
        nonlocal working, most
        with counting:
            working += 1
            most = max(most, working)
        barrier.wait(20)
        with counting:
            working -= 1
        if number % 2:
            raise RefusedError("wrong")
        return "in"

    async def ask_at_once(addresses: list[str]) -> list[str]:
        answers = await asyncio.gather(*(line.run(a, partial(work, n)) for n, a in enumerate(addresses)), return_exceptions=True)
        return [a if isinstance(a, str) else f"{type(a).__name__} {getattr(a, 'retry_seconds', '')}" for a in answers]

    def all_at_once(addresses: list[str]) -> Counter[str]:
        # The browser's own loop may run in this thread.
        with ThreadPoolExecutor(1) as pool:
            return Counter(pool.submit(lambda: asyncio.run(ask_at_once(addresses))).result(60))

    barrier = threading.Barrier(1)
    for _ in range(3):
        assert all_at_once(["one"] * 10) == {"in": 2, "RefusedError 0": 1, "RefusedError 10": 7}
    barrier = threading.Barrier(2)
    assert all_at_once([f"address {n % 9}" for n in range(30)]) == {"in": 4, "RefusedError 0": 4, "LineIsFullError 10": 22}
    assert most == 2
