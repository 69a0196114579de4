"""The sign-in over HTTP: its page, a small form read with limits, and a line before the checking of passwords.

Belongs here: HTTP of signing in and out, how many passwords are checked at a time. Does not belong here: how many tries an
address has (state), who may do what (policy).
"""

import asyncio
import html
import json
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache, partial
from urllib.parse import parse_qsl, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.identity import COOKIE, engine, now
from pipelines.domain.errors import RefusedError, UsageError
from pipelines.settings import Settings
from pipelines.state.accounts import SESSION_HOURS, sign_out
from pipelines.state.signing_in import network_of, sign_in

# A check takes 64 MiB and both cores for a tenth of a second. With two at a time the app, 344 MiB with a reader on it, came to 494 MiB.
CHECKED_AT_ONCE = 1
WAITING = 16
PER_ADDRESS = 4
BUSY_SECONDS = 10
MAX_FORM_BYTES, FORM_SECONDS = 4096, 10
FORM_TYPE = "application/x-www-form-urlencoded"

PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Sign in · Asian city benchmark</title>
<style>body{{font-family:system-ui,'Noto Sans',sans-serif;background:#f2f5f7;color:#1c2730;display:grid;place-items:center;min-height:100vh;margin:0}}
form{{background:#fff;border:1px solid #d5dde3;border-radius:6px;padding:2rem;box-sizing:border-box;width:min(26rem,calc(100vw - 2rem))}}
h1{{font-size:1.25rem;margin:0 0 1rem}}
label{{display:block;margin:.8rem 0 .2rem}}input{{width:100%;box-sizing:border-box;padding:.5rem;border:1px solid #8a98a3;border-radius:4px;font-size:1rem}}
button{{margin-top:1.2rem;padding:.55rem 1.1rem;background:#0b5c7a;color:#fff;border:0;border-radius:4px;font-size:1rem;cursor:pointer}}
p{{color:#9b1c1c}}a{{color:#0b5c7a}}</style>
<form method="post" action="/sign-in"><h1>Asian city benchmark</h1>{note}<input type="hidden" name="next" value="{next}">
<label for="login">Login</label><input id="login" name="login" autocomplete="username" required autofocus>
<label for="password">Password</label><input id="password" name="password" type="password" autocomplete="current-password" required>
<button type="submit">Sign in</button> <a href="/">Read without signing in</a></form></html>"""


class LineIsFullError(RefusedError):
    """Nobody's fault: too many are signing in at the moment."""


class Line:
    """The line before the checking of passwords: so many are checked, so many wait, and one address holds few of these places.

    Its threads are its own, and who waits holds none: the app's threads serve every reader. Places are counted on the event loop alone.
    """

    def __init__(self, *, at_once: int, waiting: int, per_address: int) -> None:
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="sign-in")
        self._places, self._per_address = at_once + waiting, per_address
        self._here: Counter[str] = Counter()

    async def run(self, address: str, work: Callable[[], str]) -> str:
        """Wait for a thread and work in it.

        Raises:
            RefusedError: the address has its places already.
            LineIsFullError: the line is full.
        """
        if self._here[address] >= self._per_address:
            raise RefusedError(f"Other tries from your address are being checked. Try again in {BUSY_SECONDS} seconds.", retry_seconds=BUSY_SECONDS)
        if self._here.total() >= self._places:
            raise LineIsFullError(f"Many people are signing in. Try again in {BUSY_SECONDS} seconds.", retry_seconds=BUSY_SECONDS)
        self._here[address] += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._here[address] -= 1
            self._here += Counter()  # forgets addresses that hold no place


LINE = Line(at_once=CHECKED_AT_ONCE, waiting=WAITING, per_address=PER_ADDRESS)


def own_path(text: str) -> str:
    """A path of ours, never another site's."""
    parts = urlsplit(text)
    is_ours = text.startswith("/") and not text.startswith("//") and "\\" not in text and not parts.scheme and not parts.netloc
    return text if is_ours else "/contribute"


def _page(target: str, note: str = "", status: int = 200, retry_seconds: int = 0) -> Response:
    said = f'<p role="alert">{html.escape(note)}</p>' if note else ""
    headers = {"cache-control": "no-store", **({"retry-after": str(retry_seconds)} if retry_seconds else {})}
    return HTMLResponse(PAGE.format(note=said, next=html.escape(target, quote=True)), status_code=status, headers=headers)


async def read_form(request: Request) -> dict[str, str]:
    """Read the fields of the sign-in form, which is small.

    Raises:
        UsageError: another type, too long, too slow, or no form.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM_TYPE:
        raise UsageError("Send login and password as a form.")
    body = b""
    try:
        async with asyncio.timeout(FORM_SECONDS):
            async for chunk in request.stream():
                body += chunk
                if len(body) > MAX_FORM_BYTES:
                    raise UsageError(f"A sign-in has at most {MAX_FORM_BYTES} bytes.")
        return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=5))
    except TimeoutError as error:
        raise UsageError(f"The form did not arrive within {FORM_SECONDS} seconds.") from error
    except ValueError as error:
        raise UsageError("The form has too many fields.") from error


def client_address(request: Request) -> str:
    """Give the address that a request counts for: its peer's, or what a proxy named in the settings says of it (the web server reads that)."""
    if "x-forwarded-for" in request.headers and not Settings().proxies:
        _say_that_a_proxy_has_no_name()
    return request.client.host if request.client else ""


@lru_cache(maxsize=1)
def _say_that_a_proxy_has_no_name() -> None:
    said = "A sign-in came with X-Forwarded-For and CITYBENCH_PROXIES names no proxy: everybody behind a proxy counts as one address."
    print(json.dumps({"warning": said}), flush=True)


async def show_sign_in(request: Request) -> Response:
    """The sign-in page."""
    return _page(own_path(request.query_params.get("next", "/contribute")))


async def do_sign_in(request: Request) -> Response:
    """Check login and password; a new session each time, so that none can be fixed beforehand."""
    target = "/contribute"
    try:
        form = await read_form(request)
        target = own_path(form.get("next", ""))
        address = client_address(request)
        work = partial(sign_in, engine(), login=form.get("login", "")[:80], password=form.get("password", "")[:200], address=address, now=now())
        token = await LINE.run(network_of(address), work)
    except UsageError as error:
        return _page(target, str(error), 400)
    except LineIsFullError as error:
        return _page(target, str(error), 503, error.retry_seconds)
    except RefusedError as error:
        return _page(target, str(error), 429 if error.retry_seconds else 401, error.retry_seconds)
    answer = RedirectResponse(target, status_code=303)
    answer.set_cookie(COOKIE, token, max_age=SESSION_HOURS * 3600, httponly=True, samesite="strict", secure=request.url.scheme == "https", path="/")
    return answer


async def do_sign_out(request: Request) -> Response:
    """End the session, here and in every tab."""
    await run_in_threadpool(sign_out, engine(), request.cookies.get(COOKIE, ""), now=now())
    answer = RedirectResponse("/", status_code=303)
    answer.delete_cookie(COOKIE, path="/")
    return answer
