"""A member's way through the door in a real browser: sign in, upload, answer, send, and nobody else's business."""

import io
from pathlib import Path

import openpyxl
from playwright.sync_api import Page, expect

from pipelines.state.engines import open_state
from pipelines.state.records import list_submissions
from tests.app.conftest import PASSWORD, settle, sign_in
from tests.factories import good_row, make_csv

WAIT = 30_000


def upload(page: Page, name: str, content: bytes) -> None:
    page.set_input_files("input[type=file]", {"name": name, "mimeType": "text/csv", "buffer": content})
    expect(page.get_by_text("Checked", exact=True)).to_be_visible(timeout=WAIT)


def n_submissions(folder: Path) -> int:
    return len(list_submissions(open_state(f"sqlite:///{folder / 'state.sqlite'}")))


def test_a_stranger_is_asked_to_sign_in_and_cannot_upload(page: Page, address: str) -> None:
    page.goto(f"{address}/contribute")
    settle(page)
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()
    assert page.locator("input[type=file]").count() == 0


def test_a_wrong_password_is_refused_without_saying_which_part_is_wrong(page: Page, address: str) -> None:
    page.goto(f"{address}/sign-in")
    page.fill("#login", "nobody-here")
    page.fill("#password", PASSWORD)
    page.click("button[type=submit]")
    expect(page.get_by_role("alert")).to_have_text("Login or password is wrong.")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_faulty_file_gets_its_cells_in_the_senders_language_and_stores_no_submission(page: Page, address: str, served_dir: Path) -> None:
    before = n_submissions(served_dir)
    sign_in(page, address, "kor")
    width = page.viewport_size["width"] if page.viewport_size else 0
    upload(page, f"faulty-{width}.csv", make_csv(good_row(value="<b>abc</b>"), good_row(year="soon", source=f"synthetic {width}")))
    expect(page.get_by_text("Not acceptable yet: 2 places to mend.")).to_be_visible(timeout=WAIT)
    expect(page.get_by_text("값이 숫자도 알려진 기호도 아닙니다.")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert n_submissions(served_dir) == before


def test_a_confirmed_meaning_makes_the_file_acceptable_is_sent_and_remembered(page: Page, address: str, served_dir: Path) -> None:
    width = page.viewport_size["width"] if page.viewport_size else 0
    place = f"Sejong Smart {width}"
    header = ("City", "Indicator", "Year", "Value", "Unit", "Source", f"Mystery {width}")
    sign_in(page, address, "kor")
    upload(page, f"word-{width}.csv", make_csv((*good_row(city=place, year="2012"), "7"), header=header))
    for label, choice in ((f"Column Mystery {width}", "leave it out"), (f"City {place}", "KOR-SEJONG")):
        box = page.get_by_label(label, exact=False).first
        box.click()
        box.press_sequentially(choice, delay=10)
        page.keyboard.press("Enter")
    page.get_by_role("button", name="Use these meanings").click()
    expect(page.get_by_text("Acceptable: 1 figures.")).to_be_visible(timeout=WAIT)
    expect(page.get_by_text("If you send this:")).to_be_visible()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Accepted: 1 figures")).to_be_visible(timeout=WAIT)
    records = [r for r in list_submissions(open_state(f"sqlite:///{served_dir / 'state.sqlite'}")) if r.file_name == f"word-{width}.csv"]
    assert len(records) == 1
    assert "KOR-SEJONG" in records[0].answers_json
    upload(page, f"word-{width}-next.csv", make_csv((*good_row(city=place, year="2013"), "8"), header=header))
    expect(page.get_by_text("Acceptable: 1 figures.")).to_be_visible(timeout=WAIT)


def test_the_marked_workbook_and_the_template_come_to_their_owner_alone(page: Page, address: str) -> None:
    width = page.viewport_size["width"] if page.viewport_size else 0
    sign_in(page, address, "kor")
    upload(page, f"marked-{width}.csv", make_csv(good_row(value="abc", source=f"synthetic {width}")))
    target = page.get_by_role("link", name="Your workbook, marked").get_attribute("href")
    answer = page.request.get(f"{address}{target}")
    book = openpyxl.load_workbook(io.BytesIO(answer.body()))
    assert book.worksheets[0]["D2"].comment is not None
    template = page.request.get(f"{address}/files/template.xlsx")
    assert openpyxl.load_workbook(io.BytesIO(template.body()))["_citybench"].sheet_state == "veryHidden"
    page.context.clear_cookies()
    assert page.request.get(f"{address}{target}").status == 401
    sign_in(page, address, "jpn")
    assert page.request.get(f"{address}{target}").status == 403
    assert page.request.get(f"{address}/files/template.xlsx?member=KOR").status == 403


def test_signing_out_ends_the_session_at_once(page: Page, address: str) -> None:
    sign_in(page, address, "coordinator")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in")).to_be_visible(timeout=WAIT)
    assert page.request.get(f"{address}/files/template.xlsx").status == 401
