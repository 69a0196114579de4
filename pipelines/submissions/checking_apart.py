"""Check a file in a process of its own, so that no text of a sender is worked on in the process that serves pages.

Belongs here: starting that process, asking it, and judging how it ended. Does not belong here: the check (checking), its process (checking_child).
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from pipelines.domain import errors
from pipelines.domain.answers import Answers
from pipelines.domain.errors import CitybenchError, RefusedError, UnreadableFileError
from pipelines.submissions.checking import CheckedFile, CheckRequest, Home, unchecked
from pipelines.submissions.checking_child import PROCESSOR_SECONDS, read_message, write_message
from pipelines.submissions.checking_forms import checked_from_json

# A machine with much else to do gives a check its processor time later.
WALL_SECONDS = 120
# Each may take two gigabytes; whoever comes when all are taken waits for one.
MOST_AT_ONCE = 4
RETRY_SECONDS = 10
SLOTS = threading.BoundedSemaphore(MOST_AT_ONCE)
READY: dict[Home, deque[tuple[int, "subprocess.Popen[bytes]"]]] = {}


@dataclass(frozen=True, slots=True)
class Seen:
    """What a first look says of a file: its contract, and the fingerprint of its layout, empty when it cannot be opened."""

    contract_id: str
    fingerprint: str


class LimitReachedError(Exception):
    """The process reached a limit; the text names it."""


class ApartFile:
    """One file in the process that works on it."""

    def __init__(self, request: CheckRequest, home: Home, process: "subprocess.Popen[bytes]") -> None:
        self.request, self.home, self.process = request, home, process
        self.limit = ""
        said = {
            "name": request.file.name, "answers": request.file.answers.to_json(), "recipe": request.recipe.to_json(), "member_code": request.member_code,
            "as_of_date": request.as_of_date, "language": request.language, "contract_id": request.contract_id,
            "contracts_dir": str(home.contracts_dir), "dbt_dir": str(home.dbt_dir),
        }  # fmt: skip
        self._write(json.dumps(said).encode())
        self._write(request.file.content)

    def look(self) -> Seen:
        """Open the file and say what it is."""
        try:
            return Seen(**json.loads(self._ask({"do": "look"})))
        except LimitReachedError as error:
            self.limit = str(error)
            return Seen("observations", "")

    def check(self, recipe: Answers, *, with_rows: bool = False) -> CheckedFile:
        """Check the file with the answers remembered for its layout.

        Args:
            with_rows: give the typed rows for the store, not the figures for a page.

        Returns:
            The check; where a limit was reached, a refusal that names it.

        Raises:
            CitybenchError: our own contract or registry is wrong, or the request cannot be served.
        """
        if not self.limit:
            try:
                return checked_from_json(self._ask({"do": "check", "recipe": recipe.to_json(), "with_rows": with_rows}))
            except LimitReachedError as error:
                self.limit = str(error)
        return unchecked(self.request, self.home, UnreadableFileError("file_is_readable", self.limit))

    def _write(self, message: bytes) -> None:
        with contextlib.suppress(BrokenPipeError):
            # A process that ended says nothing more; what it reached is judged where the answer is missing.
            write_message(self.process.stdin, message)  # type: ignore[arg-type]

    def _ask(self, question: dict[str, Any]) -> str:
        self._write(json.dumps(question).encode())
        answer = read_message(self.process.stdout)  # type: ignore[arg-type]
        if answer is None:
            raise LimitReachedError(_ending(self.process.wait()))
        said = json.loads(answer)
        if "limit" in said:
            raise LimitReachedError(said["limit"])
        if "error" in said:
            kind = getattr(errors, said["error"], CitybenchError)
            raise CitybenchError(said["text"]) if kind is UnreadableFileError else kind(said["text"])
        return str(said["answer"])


def _ending(code: int) -> str:
    """Say in words why the process ended before it answered."""
    if code == -signal.SIGXCPU:
        return f"more than the {PROCESSOR_SECONDS} seconds of processor time that the check of a file may take; split it"
    if code == -signal.SIGKILL:
        return f"more than the {PROCESSOR_SECONDS} seconds of processor time, or the {WALL_SECONDS} seconds in all, that the check of a file may take; split it"
    return "a file that cannot be checked within the limits"


@contextmanager
def apart(request: CheckRequest, home: Home) -> Iterator[ApartFile]:
    """Give a file to a process of its own, which ends with the block, and with it whatever it started.

    Raises:
        RefusedError: as many files as may be are being checked, and none came to its end in time.
    """
    slots = SLOTS
    if not slots.acquire(timeout=WALL_SECONDS):
        raise RefusedError(f"{MOST_AT_ONCE} files are being checked at the moment, and no more at once. Send yours again.", retry_seconds=RETRY_SECONDS)
    try:
        with _working(request, home) as file:
            yield file
    finally:
        slots.release()


@contextmanager
def _working(request: CheckRequest, home: Home) -> Iterator[ApartFile]:
    process = _take(home)
    clock = threading.Timer(WALL_SECONDS, _end, (process,))
    clock.daemon = True
    clock.start()
    try:
        yield ApartFile(request, home, process)
    finally:
        clock.cancel()
        _end(process)
        for stream in (process.stdin, process.stdout):
            with contextlib.suppress(BrokenPipeError):
                stream.close()  # type: ignore[union-attr]
        process.wait()
        if home in READY:
            READY[home].append((os.getpid(), _start(home)))


def check_apart(request: CheckRequest, home: Home) -> CheckedFile:
    """Check one file apart; nothing is stored, and no recipe is looked up.

    Raises:
        CitybenchError: as ``check_file``.
    """
    with apart(request, home) as file:
        return file.check(request.recipe)


def keep_ready(home: Home) -> None:
    """Keep one process started and warm from now on, for pages: a file that comes then waits for no start. It ends with this process."""
    if home not in READY:
        READY[home] = deque([(os.getpid(), _start(home))])


def _take(home: Home) -> "subprocess.Popen[bytes]":
    waiting = READY.get(home)
    while waiting:
        try:
            owner, process = waiting.popleft()
        except IndexError:
            break
        if owner == os.getpid() and process.poll() is None:
            return process
    return _start(home)


def _start(home: Home) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-I", "-m", "pipelines.submissions.checking_child", str(home.contracts_dir), str(home.dbt_dir)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True)


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End a process and all that it started; they are a group of their own."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
