"""The served pages in a real browser: drawn, clicked, downloaded from, wide and narrow."""

import csv
import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from pipelines.contracts.catalogues import load_contract
from tests.app.conftest import settle
from tests.conftest import ROOT

PAGES = ("", "compare", "city", "indicator", "core_set", "goals", "index", "maturity", "cases", "about_data", "contribute")
ROW_PIXELS, HEADER_PIXELS = 35, 36


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
    n_rules = len(load_contract(ROOT / "data_contracts").rules)
    shown = page.get_by_text(re.compile(rf"Rules: \d+ of {n_rules} passed"))
    expect(shown).to_be_visible()
    passed, _, not_run = map(int, re.findall(r"\d+", shown.inner_text()))
    assert (passed + not_run, passed > not_run) == (n_rules, True)


def test_a_reached_goal_line_shows_its_optimum_apart_and_no_pace_needed(page: Page, address: str) -> None:
    """Hanoi, under-five mortality: 14.9 is achieved (25), nothing is left to go; 12.3 are left to the optimum of 2.6, which is no goal."""
    page.goto(f"{address}/goals?goals=sdr_2025&indicator=iso37120:2018/11.4")
    settle(page)
    table = page.locator("[data-testid=stDataFrame]").first
    expect(table).to_be_visible()
    page.wait_for_timeout(1000)
    table.scroll_into_view_if_needed()
    table.click(position={"x": 20, "y": HEADER_PIXELS + 2.5 * ROW_PIXELS})
    expect(page.get_by_text("Hanoi: Under-five mortality")).to_be_visible(timeout=15_000)
    expect(page.get_by_text("The goal line is reached: no pace is needed.")).to_be_visible()
    expect(page.get_by_text("Dashed to it: the pace needed.")).to_have_count(0)


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
    assert rows[0][:5] == ["City", "Country", "Value", "Uncertainty", "Unit"]
    assert rows[1][:3] == ["Busan", "Republic of Korea", "16.9"]
    shown = page.locator("[data-testid=stDataFrame] canvas + table, [data-testid=stDataFrame] table").first.inner_text()
    for row in rows[1:9]:
        assert row[0] in shown
        # The table that stands there for screen readers holds the bare number.
        assert f"{float(row[2]):g}" in shown
