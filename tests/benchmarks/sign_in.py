"""A stranger with 60 sign-in tries at once: memory of the app, and another reader's page beside the same page of the idle app."""

import os
import shutil
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.app.conftest import FLAGS, serve
from tests.fixtures.strangers import Headers, Stranger, memory_mib, wait_until

N_TRIES, AT_ONCE = 300, 60
PROXY = "127.0.0.1"
# One address; or a new address at each try, as a proxy says that the settings name.
WAYS: dict[str, tuple[str, Headers]] = {
    "one address": ("", lambda _: {}),
    "a new address each time": (PROXY, lambda n: {"X-Forwarded-For": f"198.{n // 62_500 % 250}.{n // 250 % 250}.{n % 250}"}),
}


def _paint(browser: Browser, address: str) -> float:
    page = browser.new_page(viewport={"width": 1440, "height": 1000})
    started = time.perf_counter()
    page.goto(f"{address}/compare")
    page.wait_for_selector("[data-testid=stDataFrame]", timeout=120_000)
    taken = time.perf_counter() - started
    page.close()
    return taken


def measure_sign_in(data_dir: Path, report: Callable[[str, list[float], list[float]], None], *, times: int = 7) -> None:
    """Print memory, answers and the reader's page under tries beside the page without, in turn, for both ways of the stranger."""
    for way, (proxies, headers) in WAYS.items():
        folder = data_dir / f"sign-in {way}"
        shutil.copytree(data_dir, folder, ignore=lambda _, names: [n for n in names if n.startswith("sign-in")])
        with serve(folder, proxies=proxies) as (address, pid), sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=os.environ.get("CITYBENCH_TEST_BROWSER") or shutil.which("chromium"), args=FLAGS)
            _paint(browser, address)
            idle_mib, idle, attacked, statuses = memory_mib(pid), [], [], Counter[int]()
            for number in range(times):
                idle.append(_paint(browser, address))
                # Each stranger goes on where the last one ended, so that a new address stays new.
                stranger = Stranger(address, n_tries=N_TRIES, at_once=AT_ONCE, headers=headers, first=number * 100_000)
                stranger.start()
                wait_until(lambda s=stranger: s.statuses.total() >= AT_ONCE, what="the first tries are answered")
                attacked.append(_paint(browser, address))
                statuses += stranger.stop()
            browser.close()
            peak_mib = memory_mib(pid, "VmHWM")
        print(f"sign-in, {way}: {dict(sorted(statuses.items()))}; memory {idle_mib:.0f} MiB idle, {peak_mib:.0f} MiB at most", flush=True)
        report(f"first useful paint of Compare under {AT_ONCE} sign-in tries at once from {way} / in the same app idle", attacked, idle)
