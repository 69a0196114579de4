"""Whatever stands in a request, the served app answers: a refusal in words, never an error of its own and never a dropped connection."""

import datetime
import json
import socket
import urllib.parse
from pathlib import Path

import pytest

from pipelines.state.accounts import list_accounts
from pipelines.state.engines import open_state
from pipelines.submissions import desk
from pipelines.submissions.accepting import Store
from pipelines.submissions.checking import Home
from tests.app.test_gate_refuses_forged_requests import ask, cookie_of, send
from tests.factories import good_row, make_csv

GOOD = make_csv(good_row())
LONG = "9" * 5_000
NAMES = ("a\x01.csv", "a\x00.csv", "a\x7f\x1b[31m.csv", "x" * 300 + ".csv", "a.exe", "noending", ".", "a.csv\x00.exe", "a.csv.", "a.CSV\u202e.exe", "a.x\ty")
ANSWERS = (
    "[" * 100_000,
    "{" + LONG,
    LONG,
    '{"encoding": "\\ud800"}',
    '{"encoding": "a\\u0000b"}',
    '{"headers": {"a\\u0001": "city"}}',
    '"text"',
    "nul",
    '{"a": 1e999}',
)
ENCODINGS = ("hex", "rot13", "undefined", "idna", "punycode", "zlib", "no such", "../utf-8")
QUERIES = ("?member=%00", "?member=KOR%0d%0aX: y", "?member=" + "A" * 3_000, "?member=%ff%fe", "?member=' or 1=1")
LANGUAGES = ("xx", "../observations", "%00", "en%00", "EN", "%0d%0aX:%20y", "a" * 3_000, "%ed%a0%80", "<script>")
RAW = {
    "an origin that is no address": "GET / HTTP/1.1\r\nHost: {host}\r\nOrigin: http://[::1\r\n\r\n",
    "an upload from no address": "PUT /_stcore/upload_file/a/b HTTP/1.1\r\nHost: {host}\r\nOrigin: http://[\r\nContent-Length: 1\r\n\r\nx",
    "a length of five thousand digits": "POST /api/submissions HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\nContent-Length: " + LONG + "\r\n\r\n",
    "a body of parts without a border": "POST /api/submissions HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\nContent-Type: multipart/form-data\r\n"
    "Content-Length: 4\r\n\r\nabcd",
    "a token of letters of no alphabet": "POST /api/submissions HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer \u00ff\u00fe\r\nContent-Length: 1\r\n\r\nx",
}  # fmt: skip


def raw_status(address: str, request: str) -> int:
    """Send bytes as they are; the status of the answer, 0 when the connection ended without one."""
    place = urllib.parse.urlsplit(address)
    with socket.create_connection((place.hostname or "", place.port or 80), timeout=20) as connection:
        connection.sendall(request.encode("latin-1"))
        line = connection.makefile("rb").readline().split()
    return int(line[1]) if len(line) > 1 else 0


@pytest.mark.parametrize("name", NAMES)
def test_an_odd_name_of_a_file_is_refused_with_words(address: str, tokens: dict[str, str], name: str) -> None:
    status, answer = send(address, tokens["kor"], GOOD, query="?dry_run=1", name=name)
    assert 400 <= status < 500 or answer["receipt"]["verdict"] == "rejected"  # type: ignore[index]


@pytest.mark.parametrize("answers", ANSWERS, ids=range(len(ANSWERS)))
def test_answers_that_are_none_are_refused_with_words(address: str, tokens: dict[str, str], answers: str) -> None:
    status, answer = send(address, tokens["kor"], GOOD, query="?dry_run=1", answers=answers)
    assert status == 400
    assert answer["error"]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_an_encoding_that_is_none_is_a_finding(address: str, tokens: dict[str, str], encoding: str) -> None:
    status, answer = send(address, tokens["kor"], GOOD, query="?dry_run=1", answers=json.dumps({"encoding": encoding}))
    assert status == 200
    assert answer["receipt"]["verdict"] in ("rejected", "acceptable")  # type: ignore[index]


@pytest.mark.parametrize("query", QUERIES, ids=range(len(QUERIES)))
def test_a_member_that_is_none_is_refused(address: str, tokens: dict[str, str], query: str) -> None:
    status, _ = send(address, tokens["kor"], GOOD, query=query.replace(" ", "%20"))
    assert 400 <= status < 500


@pytest.mark.parametrize("what", RAW)
def test_a_request_that_is_hardly_one_is_answered(address: str, tokens: dict[str, str], what: str) -> None:
    host = urllib.parse.urlsplit(address).netloc
    status = raw_status(address, RAW[what].format(host=host, token=tokens["kor"]))
    assert 200 <= status < 500


def test_an_odd_language_ending_or_kind_of_file_is_refused_for_a_draft_and_a_template(address: str, served_dir: Path, home: Home) -> None:
    cookie = {"Cookie": cookie_of(address, "kor")}
    engine = open_state(f"sqlite:///{served_dir / 'state.sqlite'}")
    [actor] = [a.actor for a in list_accounts(engine) if a.actor.name == "kor"]
    store = Store(engine, served_dir / "landing", actor, datetime.datetime.now(datetime.UTC))
    content = make_csv(good_row(value="=1+2", source="=cmd|' /C calc'!A0", city="S\x0bx"))
    draft = desk.upload(store, home, member_code="KOR", file_name="odd.csv", content=content)
    files = f"/files/drafts/{draft.draft_id}"
    for kind in ("annotated.xlsx", "figures.csv", "receipt.html", "receipt.pdf", "receipt.json"):
        status, answer, _ = ask(address, "GET", f"{files}/{kind}", cookie)
        assert status == 200, (kind, answer[:200])
    paths = [f"{files}/receipt.html?language={language}" for language in LANGUAGES] + [f"/files/template.xlsx?language={language}" for language in LANGUAGES]
    paths += [f"{files}/{kind}" for kind in ("receipt.exe", "receipt.html%00", "%00")] + ["/files/template.exe", "/files/template.csv%00"]
    paths += [f"/files/template.xlsx?scheme={scheme}" for scheme in ("none", "%00", "../x")] + [
        "/files/template.xlsx?member=%00",
        "/files/template.xlsx?member=" + LONG,
    ]
    for path in paths:
        status, answer, _ = ask(address, "GET", path, cookie)
        assert 400 <= status < 500, (path[:80], status, answer[:200])
