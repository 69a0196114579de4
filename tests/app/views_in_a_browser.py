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

HEADER_PIXELS, ROW_PIXELS, STEADY_SECONDS, TRIES = 36, 35, 60, 4
# What a reader sees: words, what stands in the controls, the tables' rows by their first cells (more are drawn as they come into sight; files hold
# all of them), every pixel of the charts.
SHOWN = """() => {
    const main = document.querySelector('[data-testid=stMain]');
    const app = document.querySelector('[data-testid=stApp]');
    if (!main || app.getAttribute('data-test-script-state') !== 'notRunning') return null;
    const all = (selector, give) => Array.from(main.querySelectorAll(selector)).map(give);
    const charts = all('[data-testid=stVegaLiteChart]', e => e.querySelector('canvas') ?? e.querySelector('svg'));
    if (charts.includes(null)) return null;
    const words = main.cloneNode(true);
    words.querySelectorAll('[data-testid=stVegaLiteChart], [data-testid=stDataFrame]').forEach(e => e.remove());
    return JSON.stringify({
        words: words.textContent.replace(/\\s+/g, ' '),
        controls: all('input, [role=slider]', e => e.value ?? e.getAttribute('aria-valuenow')),
        tables: all('[data-testid=stDataFrame] table tr', e => Array.from(e.children).slice(0, 3).map(c => c.textContent)),
        charts: charts.map(e => e.toDataURL ? e.toDataURL() : e.textContent),
    });
}"""
TABLE = "[data-testid=stDataFrame]"
# A table with files is drawn under a key that ends in its generation; other tables hold no figures to order.
TURNABLE = f"[class*='-frame-'] {TABLE}"


@dataclass(frozen=True)
class Change:
    """A control, by its kind and place on the page, and how it is changed; making the change tells whether there is another choice at all."""

    name: str
    make: Callable[[Page], bool]


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
    """Every control that the page shows, each with a change of it; the later selects first, since what an earlier one changes may take them away."""
    main = page.locator("[data-testid=stMain]")
    kinds: list[tuple[str, str, Callable[[Locator], bool]]] = [
        ("number", "[data-testid=stNumberInput] button >> nth=0", one_less),
        ("editor", f"[class*='st-key-index-board'] {TABLE}", type_points),
        ("slider", "[data-testid=stSlider]", one_step),
        ("select", "[data-testid=stSelectbox]", other_option),
        ("multiple", "[data-testid=stMultiSelect]", other_option),
    ]
    found = []
    for kind, selector, act in kinds:
        for at in reversed(range(main.locator(selector).count())):
            found.append(Change(f"{kind} {at}", lambda p, s=selector, n=at, a=act: a(p.locator(f"[data-testid=stMain] {s}").nth(n))))
    return found


def one_less(button: Locator) -> bool:
    """Type another number by the button below it."""
    button.click()
    return True


def one_step(slider: Locator) -> bool:
    """Move a slider by one."""
    slider.locator("[role=slider]").press("ArrowLeft")
    return True


def other_option(box: Locator) -> bool:
    """Choose an option that is not the one that stands there; tells whether there was one."""
    present = box.locator("input").first.input_value() or box.inner_text()
    options = box.page.locator("[role=option]")
    for _ in range(TRIES):
        box.scroll_into_view_if_needed()
        box.locator("input").first.click()
        box.page.wait_for_timeout(1000)
        if options.count():
            break
    words = [text.strip() for text in options.all_inner_texts()]
    others = [at for at, word in enumerate(words) if word not in present and "Select all" not in word]
    if others:
        options.nth(others[0]).click()
    box.page.keyboard.press("Tab")
    assert words, "the list did not open"
    return bool(others)


def type_points(editor: Locator) -> bool:
    """Give the first delegate's first indicator other points."""
    editor.scroll_into_view_if_needed()
    editor.dblclick(position={"x": 300, "y": HEADER_PIXELS + ROW_PIXELS / 2})
    editor.page.wait_for_timeout(400)
    editor.page.keyboard.type("60")
    editor.page.keyboard.press("Enter")
    return True


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
