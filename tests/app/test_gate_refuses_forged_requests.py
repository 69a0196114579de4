"""Forged requests against the served app: every one refused, and those of known people written into the ledger."""

import http.client
import json
import urllib.parse
from pathlib import Path

import pytest
from sqlalchemy import select

from pipelines.state.engines import open_state, reading
from pipelines.state.tables import EVENT
from tests.app.conftest import PASSWORD
from tests.factories import good_row, make_csv

UPLOAD = "/_stcore/upload_file/0123/4567"
BOUNDARY = "citybenchtest"


def ask(address: str, method: str, path: str, headers: dict[str, str] | None = None, body: bytes = b"") -> tuple[int, bytes, dict[str, str]]:
    host = urllib.parse.urlsplit(address).netloc
    connection = http.client.HTTPConnection(host, timeout=20)
    connection.request(method, path, body=body or None, headers={"Host": host, **(headers or {})})
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer.status, content, {k.lower(): v for k, v in answer.getheaders()}


def form(**fields: str) -> bytes:
    return urllib.parse.urlencode(fields).encode()


def cookie_of(address: str, login: str) -> str:
    status, _, headers = ask(address, "POST", "/sign-in", {"Content-Type": "application/x-www-form-urlencoded"}, form(login=login, password=PASSWORD))
    assert status == 303
    assert "httponly" in headers["set-cookie"].lower()
    assert "samesite=strict" in headers["set-cookie"].lower()
    return headers["set-cookie"].partition(";")[0]


def multipart(content: bytes, name: str = "test.csv", answers: str = "") -> bytes:
    parts = [f'--{BOUNDARY}\r\ncontent-disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode() + content + b"\r\n"]
    if answers:
        parts.append(f'--{BOUNDARY}\r\ncontent-disposition: form-data; name="answers"\r\n\r\n{answers}\r\n'.encode())
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def send(address: str, token: str, content: bytes, *, query: str = "", name: str = "test.csv", answers: str = "") -> tuple[int, dict[str, object]]:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    status, answer, _ = ask(address, "POST", f"/api/submissions{query}", headers, multipart(content, name, answers))
    return status, json.loads(answer)


WEBSOCKET = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}
ORIGIN = "ORIGIN"
# What is asked (method, path, headers, body) and which answers refuse it; ORIGIN stands for the app's own.
FORGED: dict[str, tuple[str, str, dict[str, str], bytes, tuple[int, ...]]] = {
    "upload without a session": ("PUT", UPLOAD, {"Origin": ORIGIN}, b"x", (401,)),
    "upload by POST without a session": ("POST", UPLOAD, {"Origin": ORIGIN}, b"x", (401,)),
    "upload with an invented session": ("PUT", UPLOAD, {"Origin": ORIGIN, "Cookie": "citybench_session=invented"}, b"x", (401,)),
    "upload with an empty session": ("PUT", UPLOAD, {"Origin": ORIGIN, "Cookie": "citybench_session="}, b"x", (401,)),
    "upload with a very long session": ("PUT", UPLOAD, {"Origin": ORIGIN, "Cookie": "citybench_session=" + "a" * 4000}, b"x", (401,)),
    "upload with an identity header": ("PUT", UPLOAD, {"Origin": ORIGIN, "X-Forwarded-User": "kor"}, b"x", (401,)),
    "upload with our identity header": ("PUT", UPLOAD, {"Origin": ORIGIN, "X-Citybench-Account": "kor"}, b"x", (401,)),
    "upload from another site": ("PUT", UPLOAD, {"Origin": "https://elsewhere.example"}, b"x", (403,)),
    "upload without an origin": ("PUT", UPLOAD, {}, b"x", (403,)),
    "deleting an upload from another site": ("DELETE", UPLOAD, {"Origin": "https://elsewhere.example"}, b"", (403,)),
    "another host": ("GET", "/", {"Host": "elsewhere.example"}, b"", (400,)),
    "another host with our port": ("GET", "/", {"Host": "elsewhere.example:8501"}, b"", (400,)),
    "metrics": ("GET", "/_stcore/metrics", {}, b"", (404,)),
    "script health": ("GET", "/_stcore/script-health-check", {}, b"", (404,)),
    "agent routes": ("GET", "/_stcore/agent/x", {}, b"", (404,)),
    "websocket without an origin": ("GET", "/_stcore/stream", WEBSOCKET, b"", (403,)),
    "websocket from another site": ("GET", "/_stcore/stream", {**WEBSOCKET, "Origin": "https://elsewhere.example"}, b"", (403,)),
    "websocket from a look-alike": ("GET", "/_stcore/stream", {**WEBSOCKET, "Origin": "http://localhost.example"}, b"", (403,)),
    "websocket from a null origin": ("GET", "/_stcore/stream", {**WEBSOCKET, "Origin": "null"}, b"", (403,)),
    "sign-in from another site": ("POST", "/sign-in", {"Origin": "https://elsewhere.example"}, form(login="kor", password=PASSWORD), (403,)),
    "sign-in without a password": ("POST", "/sign-in", {"Content-Type": "application/x-www-form-urlencoded"}, form(login="researcher-2"), (401,)),
    "sign-in with SQL": ("POST", "/sign-in", {"Content-Type": "application/x-www-form-urlencoded"}, form(login="' or 1=1 --", password="x"), (401,)),
    "sign-out from another site": ("POST", "/sign-out", {"Origin": "https://elsewhere.example"}, b"", (403,)),
    "sign-out without an origin": ("POST", "/sign-out", {}, b"", (403,)),
    "template without a session": ("GET", "/files/template.xlsx", {}, b"", (401,)),
    "template as csv without a session": ("GET", "/files/template.csv", {}, b"", (401,)),
    "draft without a session": ("GET", "/files/drafts/d-0/annotated.xlsx", {}, b"", (401,)),
    "receipt without a session": ("GET", "/files/drafts/d-0/receipt.pdf", {}, b"", (401,)),
    "draft by a path": ("GET", "/files/drafts/..%2f..%2fstate.sqlite/annotated.xlsx", {}, b"", (400, 401, 404)),
    "state database by a path": ("GET", "/../state.sqlite", {}, b"", (400, 404)),
    "source by a path": ("GET", "/static/../app/gate.py", {}, b"", (400, 404)),
    "source by an encoded path": ("GET", "/%2e%2e/%2e%2e/etc/passwd", {}, b"", (400, 403, 404)),
    "media by an invented name": ("GET", "/media/" + "0" * 56 + ".csv", {}, b"", (401, 403, 404)),
    "REST without a token": ("POST", "/api/submissions", {}, b"x", (401,)),
    "REST with an empty token": ("POST", "/api/submissions", {"Authorization": "Bearer "}, b"x", (401,)),
    "REST with an invented token": ("POST", "/api/submissions", {"Authorization": "Bearer invented"}, b"x", (401,)),
    "REST with a cookie only": ("POST", "/api/submissions", {"Cookie": "citybench_session=invented"}, b"x", (401,)),
    "REST by GET": ("GET", "/api/submissions", {}, b"", (404, 405)),
    "REST by DELETE": ("DELETE", "/api/submissions", {"Authorization": "Bearer x"}, b"", (404, 405)),
    "REST from another site": ("POST", "/api/submissions", {"Authorization": "Bearer x", "Origin": "https://elsewhere.example"}, b"x", (403,)),
    "a submission by a path": ("DELETE", "/api/submissions/KOR-1", {"Authorization": "Bearer x", "Origin": ORIGIN}, b"", (404, 405)),
    "open redirect": ("POST", "/sign-in", {"Content-Type": "application/x-www-form-urlencoded"}, form(login="x-1", password="y", next="//elsewhere.example"), (401,)),
}  # fmt: skip


@pytest.mark.parametrize("what", FORGED)
def test_a_forged_request_is_refused(what: str, address: str) -> None:
    method, path, headers, body, refusals = FORGED[what]
    # A page that is not found is Streamlit's own start page with 200; what must not come back is the asked-for content.
    status, content, _ = ask(address, method, path, {k: address if v == ORIGIN else v for k, v in headers.items()}, body)
    is_start_page = status == 200 and b"<title>Streamlit</title>" in content
    assert status in refusals or (is_start_page and 404 in refusals), (status, content[:200])


def test_roles_that_do_not_send_cannot_upload(address: str) -> None:
    for login in ("reviewer", "editor", "researcher", "administrator"):
        status, _, _ = ask(address, "PUT", UPLOAD, {"Origin": address, "Cookie": cookie_of(address, login)}, b"x")
        assert status == 401, login


def test_a_session_is_new_at_each_sign_in_and_no_redirect_leaves_the_house(address: str) -> None:
    fixed = "citybench_session=chosen-by-somebody-else"
    fields = form(login="jpn", password=PASSWORD, next="https://elsewhere.example/")
    status, _, headers = ask(address, "POST", "/sign-in", {"Content-Type": "application/x-www-form-urlencoded", "Cookie": fixed}, fields)
    assert (status, headers["location"]) == (303, "/contribute")
    assert "chosen-by-somebody-else" not in headers["set-cookie"]


def test_five_wrong_passwords_close_the_door_for_a_while(address: str) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    statuses = [ask(address, "POST", "/sign-in", headers, form(login="guessed", password=f"wrong {n}"))[0] for n in range(7)]
    assert statuses == [401] * 5 + [429] * 2


def test_the_rest_door_gives_the_same_receipt_as_the_command_and_knows_a_repeat(address: str, tokens: dict[str, str]) -> None:
    content = make_csv(good_row(year="2011", value="27.5", source="synthetic, by REST"))
    status, checked = send(address, tokens["kor"], content, query="?dry_run=1")
    assert status == 200
    first, accepted = send(address, tokens["kor"], content)
    second, repeated = send(address, tokens["kor"], content, name="other name.csv")
    assert (first, second) == (201, 200)
    receipts = [answer["receipt"] for answer in (checked, accepted, repeated)]
    assert len({r["receipt_sha256"] for r in receipts}) == 1  # type: ignore[index]
    assert receipts[2]["is_repeat"]  # type: ignore[index]


def test_the_rest_door_refuses_faulty_files_and_other_countries(address: str, tokens: dict[str, str], served_dir: Path) -> None:
    assert send(address, tokens["kor"], make_csv(good_row(value="abc")))[0] == 422
    assert send(address, tokens["kor"], make_csv(good_row()), query="?member=JPN")[0] == 403
    assert send(address, tokens["editor"], make_csv(good_row()), query="?member=KOR")[0] == 403
    assert send(address, tokens["kor"], make_csv(good_row()), answers='{"nonsense": 1}')[0] == 400
    with reading(open_state(f"sqlite:///{served_dir / 'state.sqlite'}")) as connection:
        refused = connection.execute(select(EVENT).where(EVENT.c.action == "refused", EVENT.c.object_id == "submit_file")).all()
    assert {"JPN", "KOR"} <= {row.member_code for row in refused}


def test_the_rest_door_refuses_what_nobody_explained_and_takes_the_explanation(address: str, tokens: dict[str, str]) -> None:
    content, cause = make_csv(good_row(year="2012", value="0.2", source="synthetic, by REST")), "value_is_plausible: iso37120:2018/8.1"
    status, refused = send(address, tokens["kor"], content)
    assert status == 422
    assert refused["receipt"]["verdict"] == "needs_explanation"  # type: ignore[index]
    assert [(c["cause"], c["is_open"]) for c in refused["causes"]] == [(cause, True)]  # type: ignore[attr-defined]
    assert refused["answers_to_fill"] == {"explanations": {cause: ""}}
    assert send(address, tokens["kor"], content, query="?dry_run=1")[1]["receipt"]["verdict"] == "needs_explanation"  # type: ignore[index]
    status, accepted = send(address, tokens["kor"], content, answers=json.dumps({"explanations": {cause: "confirmed"}}))
    assert (status, accepted["receipt"]["explained_by"]) == (201, "kor")  # type: ignore[index]
