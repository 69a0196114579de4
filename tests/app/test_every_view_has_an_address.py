"""Every control of every page: its address opened afresh gives the same view, its files open their own rows, an unknown word is said."""

import time
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.app.conftest import sign_in
from tests.app.views_in_a_browser import TABLE, TURNABLE, about, changes_of, click_table, csv_of, differences, steady

# Each page with words under which all of its controls are there.
PAGES = {
    "overview": "",
    "compare": "compare?indicator=iso37120:2018/8.1",
    "compare, money": "compare?indicator=forum:2026/household_income_monthly_lcu",
    "city": "city?city=KOR-SEOUL",
    "indicator": "indicator?indicator=iso37120:2018/8.1",
    "core set": "core_set",
    "goals": "goals?goals=sdr_2025&city=KOR-SEOUL&indicator=iso37120:2018/8.1",
    "index": "index",
    "maturity": "maturity",
    "cases": "cases",
    "about the data": "about_data",
}


@pytest.fixture
def wide(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 1400}, accept_downloads=True, locale="en-GB")
    yield context.new_page()
    context.close()


def assert_opens(browser: Browser, url: str, shown: str, what: str) -> None:
    """A stranger who opens the address sees the same, at the same address."""
    context = browser.new_context(viewport={"width": 1440, "height": 1400}, locale="en-GB")
    try:
        page = context.new_page()
        page.goto(url)
        assert differences(shown, steady(page)) == [], f"{what}: {url}"
        assert page.url == url, what
    finally:
        context.close()


@pytest.mark.parametrize("name", PAGES)
def test_every_control_stands_in_the_address_and_every_file_opens_its_rows(browser: Browser, wide: Page, address: str, name: str) -> None:
    wide.goto(f"{address}/{PAGES[name]}")
    shown = steady(wide)
    assert wide.get_by_text("Nothing else is shown").count() == 0, "the test's own address names something unknown"
    assert_opens(browser, wide.url, shown, "as it opens")
    changes = changes_of(wide)
    assert changes or name == "overview"
    for change in changes:
        before = wide.url
        if not change.make(wide):
            continue
        shown = steady(wide)
        assert wide.url != before, f"{change.name} leaves no word in the address {before}"
        assert_opens(browser, wide.url, shown, change.name)
    turn_tables(wide)
    assert_opens(browser, wide.url, steady(wide), "ordered by headings")
    assert_files_open_their_rows(browser, wide, address)


def turn_tables(page: Page) -> None:
    """Order every table that has files by its first heading; each leaves its word in the address."""
    assert page.locator(TURNABLE).count() == page.get_by_role("button", name="CSV").count()
    for at in range(page.locator(TURNABLE).count()):
        before = page.url
        click_table(page.locator(TURNABLE).nth(at), row=0)
        page.wait_for_timeout(300)
        steady(page)
        assert page.url != before, f"the heading of table {at} leaves no word in the address {before}"


def assert_files_open_their_rows(browser: Browser, page: Page, address: str) -> None:
    """The address in each file opens a page that gives the same file."""
    files = [csv_of(page, at) for at in range(page.get_by_role("button", name="CSV").count())]
    views = {about(content)["View"] for content in files}
    assert len(views) <= 1, "one view, one address"
    for view in views:
        context = browser.new_context(viewport={"width": 1440, "height": 1400}, accept_downloads=True, locale="en-GB")
        try:
            other = context.new_page()
            other.goto(address + view)
            steady(other)
            assert [csv_of(other, at) for at in range(len(files))] == files
        finally:
            context.close()


def test_a_members_page_has_its_controls_in_the_address_too(wide: Page, address: str) -> None:
    sign_in(wide, address, "jpn")
    steady(wide)
    for change in changes_of(wide):
        before = wide.url
        assert change.make(wide)
        shown = steady(wide)
        assert wide.url != before, change.name
        again = wide.context.new_page()
        again.goto(wide.url)
        assert (differences(shown, steady(again)), again.url) == ([], wide.url)
        again.close()
    for part in ("language", "draft", "no_such_part"):
        wide.goto(f"{address}/contribute?{part}=nowhere-else")
        expect(wide.get_by_role("link", name=f"Open the page without {part}")).to_be_visible(timeout=30_000)
        assert wide.locator("[data-testid=stFileUploader]").count() == int(part != "language"), "drafts are asked below the upload"


@pytest.mark.parametrize("name", PAGES)
def test_an_unknown_word_in_any_part_is_said_and_no_other_figure_is_shown(wide: Page, address: str, name: str) -> None:
    wide.goto(f"{address}/{PAGES[name]}")
    steady(wide)
    parts = urlsplit(wide.url)
    words = dict(parse_qsl(parts.query))
    assert "edition" in words
    for part in [*words, "no_such_part"]:
        query = urlencode({**words, part: "nowhere-else"})
        wide.goto(f"{address}{parts.path}?{query}")
        expect(wide.get_by_text("“no_such_part”" if part == "no_such_part" else "“nowhere-else”")).to_be_visible(timeout=30_000)
        assert wide.locator(f"{TABLE}, [data-testid=stVegaLiteChart], [data-testid=stMetric]").count() == 0, part
        expect(wide.get_by_role("link", name=f"Open the page without {part}")).to_be_visible()


def test_the_refusal_is_in_the_language_of_the_reader_and_leads_on(browser: Browser, address: str) -> None:
    context = browser.new_context(locale="ko-KR")
    page = context.new_page()
    page.goto(f"{address}/compare?indicator=iso37120:2018/999&order=value")
    expect(page.get_by_text("여기에 없습니다")).to_be_visible(timeout=30_000)
    page.get_by_role("link").filter(has_text="indicator").click()
    steady(page)
    assert "order=value" in page.url
    assert page.locator(TABLE).count() > 0
    context.close()


def test_a_word_that_stands_twice_is_said(wide: Page, address: str) -> None:
    wide.goto(f"{address}/compare?year=2019&year=2020")
    expect(wide.get_by_text("“2019, 2020”")).to_be_visible(timeout=30_000)
    assert wide.locator(TABLE).count() == 0


def test_an_address_that_is_no_page_is_said(wide: Page, address: str) -> None:
    for path in ("nowhere", "overview", "compare/x", "gate"):
        answer = wide.goto(f"{address}/{path}")
        assert answer is not None
        assert answer.status == 404, path
        expect(wide.get_by_text(f"“/{path}”")).to_be_visible()


def test_back_leads_to_the_view_before(wide: Page, address: str) -> None:
    wide.goto(f"{address}/compare?indicator=iso37120:2018/8.1&year=2019")
    first = steady(wide)
    first_url = wide.url
    assert changes_of(wide)[0].make(wide)
    deadline = time.monotonic() + 20
    while wide.url == first_url and time.monotonic() < deadline:
        wide.wait_for_timeout(200)
    steady(wide)
    wide.go_back()
    wide.wait_for_timeout(1000)
    assert (differences(first, steady(wide)), wide.url) == ([], first_url)
