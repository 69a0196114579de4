"""The app behind its own gate: hosts and origins, the upload route, protected files and the REST upload.

Belongs here: HTTP, but for signing in and out (signing_in). Does not belong here: who may do what (policy), what is done (submissions).
`streamlit run app/gate.py` serves `app`.
"""

import json
import secrets
import traceback
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.identity import COOKIE, actor_of_cookie, engine, home, now, store_of
from app.readers import last_figures
from app.signing_in import do_sign_in, do_sign_out, show_sign_in
from pipelines.contracts.catalogues import load_contract
from pipelines.contracts.labels import LANGUAGES, label, language_of
from pipelines.domain.actors import ANONYMOUS, Actor
from pipelines.domain.answers import answers_from_json
from pipelines.domain.errors import CitybenchError, RefusedError, UnreadableFileError, UsageError
from pipelines.domain.findings import Verdict
from pipelines.exports.read_figures import figures_to_csv
from pipelines.exports.receipts import receipt_to_html, receipt_to_pdf
from pipelines.intake.reporting import FileToRead
from pipelines.settings import Settings
from pipelines.state.accounts import actor_of, take_quota
from pipelines.state.policy import Action, allow
from pipelines.submissions import desk
from pipelines.submissions.accepting import accept, check_with_recipe, require_logged
from pipelines.submissions.checking import CheckRequest, collect_less_often, require_within_limits
from pipelines.submissions.receipts import figures_to_rows, report_to_dict

DRAFT_FILES = ("annotated.xlsx", "figures.csv", "receipt.html", "receipt.pdf", "receipt.json")
TEMPLATE_ENDINGS = ("xlsx", "csv")
UPLOAD_ROUTE = "/_stcore/upload_file"
MOST_DIGITS = 12
CLOSED = ("/_stcore/metrics", "/_stcore/script-health-check", "/_stcore/agent")
IDENTITY_HEADERS = (b"x-forwarded-user", b"x-auth-request-user", b"x-auth-request-email", b"x-forwarded-email", b"remote-user", b"x-citybench-account")
SECURITY_HEADERS = [(b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"same-origin"), (b"x-frame-options", b"SAMEORIGIN")]
VIEWS, FIRST_PAGE = Path(__file__).parent / "views", "overview"
NO_PAGES = ("/sign-in", "/sign-out", "/files/", "/api/", "/_stcore/", "/media/", "/static/", "/component/", "/favicon")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Gate:
    """Looks at every request before Streamlit does."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or hand on with identity headers stripped and security headers set."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        refusal = await run_in_threadpool(refusal_of, scope, headers)
        if refusal:
            status, text = refusal
            if scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 4403})
            else:
                await Response(text, status_code=status, media_type="text/plain")(scope, receive, send)
            return
        scope = {**scope, "headers": [(k, v) for k, v in scope["headers"] if k.lower() not in IDENTITY_HEADERS]}

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {k.lower() for k, _ in message["headers"]}
                message = {**message, "headers": [*message["headers"], *((k, v) for k, v in SECURITY_HEADERS if k not in present)]}
            await send(message)

        await self.app(scope, receive, send_guarded)


def refusal_of(scope: Scope, headers: dict[bytes, bytes]) -> tuple[int, str] | None:
    """Say why a request is refused, with its status; ``None`` lets it through."""
    path = scope["path"]
    if not _is_our_host(headers.get(b"host", b"")):
        return 400, "This address is not served here."
    origin = headers.get(b"origin", b"").decode("latin-1")
    is_foreign = bool(origin) and _place_of(origin).encode() != headers.get(b"host")
    changes = scope["type"] == "websocket" or scope["method"] not in ("GET", "HEAD", "OPTIONS")
    has_token = headers.get(b"authorization", b"").startswith(b"Bearer ")
    if is_foreign and changes:
        return 403, "A request from another site is refused."
    if scope["type"] == "websocket" and not origin:
        return 403, "A connection without an origin is refused."
    if any(path.startswith(closed) for closed in CLOSED):
        return 404, "Not found."
    if _is_unknown_page(scope, headers):
        language = language_of(headers.get(b"accept-language", b"").decode("latin-1")[:2].lower())
        return 404, label(Settings().contracts_dir, "link_unknown_word", language, part="page", word=path)
    if changes and scope["type"] == "http" and not origin and not has_token and path != "/sign-in" and not path.startswith("/api/"):
        return 403, "A request without an origin is refused."
    return _upload_refusal(scope, headers) if path.startswith(UPLOAD_ROUTE) else None


def _place_of(origin: str) -> str:
    """Host and port of an origin; of what is no address, itself, which is no place of ours."""
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return origin


def _is_length(text: str) -> bool:
    """Whether a stated length is digits that a length can have."""
    return text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS


def _is_unknown_page(scope: Scope, headers: dict[bytes, bytes]) -> bool:
    """Whether somebody opens an address that is no page; Streamlit would show its first page in that place."""
    if scope["type"] != "http" or b"text/html" not in headers.get(b"accept", b"") or scope["path"].startswith(NO_PAGES):
        return False
    name = scope["path"].strip("/")
    return bool(name) and (name == FIRST_PAGE or not name.isidentifier() or not (VIEWS / f"{name}.py").is_file())


def _upload_refusal(scope: Scope, headers: dict[bytes, bytes]) -> tuple[int, str] | None:
    if scope["method"] not in ("PUT", "POST"):
        return None
    actor = cookie_actor(HTTPConnection(scope))
    if not allow(actor, Action.KEEP_DRAFT, actor.member_code):
        return 401, "Sign in to send files."
    length = headers.get(b"content-length", b"")
    if not _is_length(length.decode("latin-1")):
        return 411, "The length of the upload must be stated."
    if int(length) > int(load_contract(Settings().contracts_dir).limits["max_file_bytes"]) + 4096:
        return 413, "The file is larger than the contract allows."
    try:
        take_quota(engine(), actor.account_id, int(length), now=now())
    except RefusedError as error:
        return 429, str(error)
    return None


def _is_our_host(host: bytes) -> bool:
    name = host.decode("latin-1").rpartition(":")[0] if b":" in host and not host.endswith(b"]") else host.decode("latin-1")
    return name in {"localhost", "127.0.0.1", "[::1]", *Settings().hosts.split()}


def cookie_actor(request: HTTPConnection) -> Actor:
    """Who the cookie of a request belongs to."""
    return actor_of_cookie(request.cookies.get(COOKIE, ""))


def log_error(error: Exception) -> str:
    """Log where an error came from, without any value a file or a form may hold; gives the number that the reader is shown."""
    number = secrets.token_hex(4)
    frames = [f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in traceback.extract_tb(error.__traceback__)[-8:]]
    print(json.dumps({"error_number": number, "kind": type(error).__name__, "frames": frames}), flush=True)
    return number


def _error(error: CitybenchError) -> Response:
    if isinstance(error, RefusedError):
        headers = {"retry-after": str(error.retry_seconds)} if error.retry_seconds else None
        return JSONResponse({"error": str(error)}, status_code=429 if headers else 403, headers=headers)
    if isinstance(error, UsageError):
        return JSONResponse({"error": str(error)}, status_code=400)
    if isinstance(error, UnreadableFileError):
        return JSONResponse({"error": error.found}, status_code=422)
    return JSONResponse({"error": f"This could not be done; error number {log_error(error)}."}, status_code=500)


def _attachment(content: bytes, media_type: str, name: str) -> Response:
    name = "".join(c if c.isascii() and (c.isalnum() or c in "-_.") else "_" for c in name)
    return Response(content, media_type=media_type, headers={"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"})


def _language_asked(request: Request, own: str) -> str:
    """The language that an address names, or one's own where it names none.

    Raises:
        UsageError: no language of ours.
    """
    asked = request.query_params.get("language", "")
    if asked and asked not in LANGUAGES:
        raise UsageError(f"There is no language '{asked[:20]}'. Languages: {', '.join(LANGUAGES)}.")
    return asked or own


def _answered(work: Callable[[], Response]) -> Response:
    """Give an answer whatever happens: what nobody foresaw has a number in the log and no trace on the page."""
    try:
        return work()
    except CitybenchError as error:
        return _error(error)
    except Exception as error:  # noqa: BLE001 - the reader is told, and the log says where it was
        return JSONResponse({"error": f"This could not be done; error number {log_error(error)}."}, status_code=500)


def _draft_file(request: Request) -> Response:
    """A draft's marked workbook or receipt, for its owner alone."""
    actor, kind = cookie_actor(request), request.path_params["kind"]
    if actor is ANONYMOUS:
        return JSONResponse({"error": "Sign in first."}, status_code=401)
    if kind not in DRAFT_FILES:
        return JSONResponse({"error": f"There is no such file of a draft. Files: {', '.join(DRAFT_FILES)}."}, status_code=404)
    own = store_of(actor)
    draft = desk.draft_of(own, request.path_params["draft_id"])
    language = _language_asked(request, desk.member_language(home().contracts_dir, draft.member_code))
    if kind == "annotated.xlsx":
        return _attachment(desk.annotated_draft(own, home(), draft, language=language), XLSX, f"{draft.draft_id}-findings.xlsx")
    checked = desk.check_draft(own, home(), draft, language=language)
    report = checked.report
    if kind == "figures.csv":
        return _attachment(figures_to_csv(checked.read), "text/csv", f"{draft.draft_id}-figures.csv")
    if kind == "receipt.html":
        return HTMLResponse(receipt_to_html(report, home().contracts_dir, language))
    if kind == "receipt.pdf":
        return _attachment(receipt_to_pdf(report, home().contracts_dir, language), "application/pdf", f"receipt-{report.receipt.receipt_sha256[:12]}.pdf")
    return _attachment(json.dumps(report_to_dict(report), ensure_ascii=False, indent=1).encode(), "application/json", "receipt.json")


async def draft_file(request: Request) -> Response:
    """Serve a draft's file."""
    return await run_in_threadpool(_answered, lambda: _draft_file(request))


def _template(request: Request) -> Response:
    actor = cookie_actor(request)
    if actor is ANONYMOUS:
        return JSONResponse({"error": "Sign in first."}, status_code=401)
    member_code = request.query_params.get("member", actor.member_code)
    ending = request.path_params["ending"]
    if ending not in TEMPLATE_ENDINGS:
        return JSONResponse({"error": f"Templates end in {' or '.join(TEMPLATE_ENDINGS)}."}, status_code=404)
    as_csv = ending == "csv"
    asked, own, language = request.query_params, store_of(actor), _language_asked(request, "")
    if asked.get("scheme") or asked.get("cases"):
        content = desk.make_flat_template(own, home(), member_code=member_code, language=language, scheme_code=asked.get("scheme", ""))
        return _attachment(content, XLSX, f"citybench-template-{member_code}.xlsx")
    content = desk.make_template(own, home(), member_code=member_code, language=language, last=last_figures(member_code), as_csv=as_csv)
    return _attachment(content, "text/csv" if as_csv else XLSX, f"citybench-template-{member_code}.{ending}")


async def template(request: Request) -> Response:
    """Serve a member's template with her last accepted figures."""
    return await run_in_threadpool(_answered, lambda: _template(request))


def _submit(actor: Actor, name: str, content: bytes, answers: str, member_code: str, *, dry_run: bool) -> Response:
    own = store_of(actor)
    request = CheckRequest(FileToRead(name, content, answers_from_json(answers)), member_code, now().date().isoformat())
    require_within_limits(request, home())
    require_logged(own, Action.CHECK_FILE if dry_run else Action.SUBMIT_FILE, member_code)
    take_quota(engine(), actor.account_id, len(content), now=own.now)
    if dry_run:
        checked = check_with_recipe(request, home(), engine())
        return JSONResponse({**report_to_dict(checked.report), "figures": figures_to_rows(checked.read)}, status_code=200)
    report = accept(request, home(), own)
    accepted = report.receipt.verdict is Verdict.ACCEPTED
    return JSONResponse(report_to_dict(report), status_code=(200 if report.receipt.is_repeat else 201) if accepted else 422)


async def submit(request: Request) -> Response:
    """REST upload: multipart with ``file`` and, if needed, ``answers`` as JSON; ``dry_run=1`` only checks. The same bytes again give the first receipt."""
    token = request.headers.get("authorization", "").removeprefix("Bearer ").strip()
    actor = await run_in_threadpool(actor_of, engine(), token, kind="token", now=now())
    if actor is None:
        return JSONResponse({"error": "A valid token is needed: Authorization: Bearer …"}, status_code=401)
    length = request.headers.get("content-length", "")
    limit = int(load_contract(Settings().contracts_dir).limits["max_file_bytes"])
    if not _is_length(length):
        return JSONResponse({"error": "The length of the upload must be stated."}, status_code=411)
    if int(length) > limit + 65_536:
        return JSONResponse({"error": f"At most {limit} bytes are allowed. Split the file."}, status_code=413)
    form = await request.form(max_files=1, max_fields=5, max_part_size=1_000_000)
    sent = form.get("file")
    if sent is None or isinstance(sent, str):
        return JSONResponse({"error": "Send the file as multipart field 'file'."}, status_code=400)
    content = await sent.read()
    dry_run = request.query_params.get("dry_run", "") in ("1", "true")
    member_code = request.query_params.get("member", actor.member_code)
    name, answers = Path(sent.filename or "file").name, str(form.get("answers", ""))
    return await run_in_threadpool(_answered, lambda: _submit(actor, name, content, answers, member_code, dry_run=dry_run))


def _served_error(error: Exception) -> bool:
    st.error(f"This page could not be shown; error number {log_error(error)}.", icon=":material/error:")
    return True


collect_less_often()
app = st.App(
    "main.py",
    routes=[
        Route("/sign-in", show_sign_in, methods=["GET"]),
        Route("/sign-in", do_sign_in, methods=["POST"]),
        Route("/sign-out", do_sign_out, methods=["POST"]),
        Route("/files/drafts/{draft_id}/{kind}", draft_file, methods=["GET"]),
        Route("/files/template.{ending:str}", template, methods=["GET"]),
        Route("/api/submissions", submit, methods=["POST"]),
    ],
    middleware=[Middleware(Gate)],
    on_script_error=_served_error,
)
