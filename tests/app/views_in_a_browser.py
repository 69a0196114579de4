"""How tests walk a served page: what it shows as one value, its controls and how each is changed, its files.

Belongs here: driving a page. Does not belong here: what is promised (the tests).
"""

import csv
import io
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Locator, Page

from tests.app.conftest import settle

HEADER_PIXELS, ROW_PIXELS, STEADY_SECONDS = 36, 35, 40
# What a reader sees: words, what stands in the controls, the tables' rows by their first cells (more are drawn as they come into sight; files hold
# all of them), every pixel of the charts.
SHOWN = """() => {
    const main = document.querySelector('[data-testid=stMain]');
    if (!main) return null;
    const all = (selector, give) => Array.from(main.querySelectorAll(selector)).map(give);
    return JSON.stringify({
        words: main.innerText.replace(/\\s+/g, ' '),
        controls: all('input, [role=slider]', e => e.value ?? e.getAttribute('aria-valuenow')),
        tables: all('[data-testid=stDataFrame] table tr', e => Array.from(e.children).slice(0, 3).map(c => c.textContent)),
        charts: all('[data-testid=stVegaLiteChart] canvas', e => e.toDataURL()),
    });
}"""
TABLE = "[data-testid=stDataFrame]"
# A table with files is drawn under a key that ends in its generation; other tables hold no figures to order.
TURNABLE = f"[class*='-frame-'] {TABLE}"


@dataclass(frozen=True)
class Change:
    """A control, by its kind and place on the page, and how it is changed."""

    name: str
    make: Callable[[Page], None]


def steady(page: Page) -> str:
    """Give what the page shows once it has stopped changing."""
    settle(page)
    deadline, last = time.monotonic() + STEADY_SECONDS, ""
    while time.monotonic() < deadline:
        page.wait_for_timeout(700)
        settle(page)
        shown = page.evaluate(SHOWN) or ""
        if shown and shown == last:
            return shown
        last = shown
    raise AssertionError(f"{page.url} does not come to rest")


def differences(one: str, other: str) -> list[str]:
    """Name the parts in which two views differ, each with the place of the first difference; empty where they are the same."""
    first, second = json.loads(one), json.loads(other)
    found = []
    for part in first:
        if first[part] != second[part]:
            a, b = str(first[part]), str(second[part])
            at = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
            found.append(f"{part}: …{a[max(0, at - 60) : at + 60]}… and …{b[max(0, at - 60) : at + 60]}…")
    return found


def changes_of(page: Page) -> list[Change]:
    """Every control that the page shows, each with a change of it."""
    main = page.locator("[data-testid=stMain]")
    kinds: list[tuple[str, str, Callable[[Locator], None]]] = [
        ("select", "[data-testid=stSelectbox]", other_option),
        ("multiple", "[data-testid=stMultiSelect]", other_option),
        ("number", "[data-testid=stNumberInput] button >> nth=0", lambda button: button.click()),
        ("editor", f"[class*='st-key-index-board'] {TABLE}", type_points),
        ("slider", "[data-testid=stSlider]", lambda slider: slider.locator("[role=slider]").press("ArrowLeft")),
    ]
    found = []
    for kind, selector, act in kinds:
        for at in range(main.locator(selector).count()):
            found.append(Change(f"{kind} {at}", lambda p, s=selector, n=at, a=act: a(p.locator(f"[data-testid=stMain] {s}").nth(n))))
    return found


def other_option(box: Locator) -> None:
    """Choose an option that is not the one that stands there."""
    present = box.locator("input").first.input_value() or box.inner_text()
    box.locator("input").first.click()
    options = box.page.locator("[role=option]")
    options.first.wait_for(timeout=10_000)
    for at in range(options.count()):
        if options.nth(at).inner_text().strip() not in present and "Select all" not in options.nth(at).inner_text():
            options.nth(at).click()
            break
    box.page.keyboard.press("Tab")


def type_points(editor: Locator) -> None:
    """Give the first delegate's first indicator other points."""
    editor.scroll_into_view_if_needed()
    editor.dblclick(position={"x": 300, "y": HEADER_PIXELS + ROW_PIXELS / 2})
    editor.page.wait_for_timeout(400)
    editor.page.keyboard.type("60")
    editor.page.keyboard.press("Enter")


def click_table(table: Locator, *, row: int) -> None:
    """Click a heading (row 0), or a row; the first column of a table with rows to choose is its marker."""
    table.scroll_into_view_if_needed()
    table.click(position={"x": 20 if row else 45, "y": HEADER_PIXELS / 2 if row == 0 else HEADER_PIXELS + ROW_PIXELS * (row - 0.5)})


def csv_of(page: Page, at: int) -> bytes:
    """Download the CSV of the table at a place of the page."""
    with page.expect_download() as waiting:
        page.get_by_role("button", name="CSV").nth(at).click()
    return Path(waiting.value.path()).read_bytes()


def about(content: bytes) -> dict[str, str]:
    """The lines under a file's rows: its title, edition, view."""
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    return {row[0]: row[1] for row in rows[rows.index([]) + 1 :]}
