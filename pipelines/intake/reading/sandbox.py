"""Start a child and judge how it ended.

Belongs here: the border between a stranger's bytes and us. Does not belong here: opening any file.
"""

import json
import os
import subprocess
import sys
from collections import deque
from dataclasses import dataclass

from pipelines.domain.errors import UnreadableFileError
from pipelines.intake.reading.cells import ReadFile

WALL_SECONDS = 60
TEXT_SUFFIXES = ("csv", "tsv", "txt")
WORKBOOKS = ("xlsx", "xls", "ods")
READY: dict[str, deque[tuple[int, "subprocess.Popen[bytes]"]]] = {}
READ = ".xlsx, .xls, .ods, .csv, .tsv and .txt"


def _kind(content: bytes, suffix: str) -> str:
    """Say how to read a file: its ending and its first bytes must agree."""
    is_archive, is_old = content[:4] == b"PK\x03\x04", content[:4] == b"\xd0\xcf\x11\xe0"
    if suffix not in (*WORKBOOKS, *TEXT_SUFFIXES):
        raise UnreadableFileError("file_is_readable", f"the ending .{suffix}; {READ} are read")
    if suffix == "xlsx":
        return "workbook"
    if suffix == "xls" and is_old:
        return "old_workbook"
    if suffix == "ods" and is_archive:
        return "open_document"
    if suffix == "xls" and not is_archive:
        looks = content[:512].lstrip().lower()
        what = (
            "a web page"
            if looks.startswith((b"<html", b"<!doctype", b"<table"))
            else "a text table"
            if b"\x00" not in content[:512]
            else "another kind of file"
        )
        raise UnreadableFileError("file_is_readable", f"{what} under the ending .xls; open it in a spreadsheet and save it as .xlsx")
    if suffix in WORKBOOKS or is_archive or is_old:
        raise UnreadableFileError("file_is_readable", f"a workbook or archive that is not what the ending .{suffix} says; {READ} are read")
    return "text"


def run_child(module: str, options: dict[str, object], content: bytes) -> bytes:
    """Hand options and bytes to a module of this room, run as a limited process.

    Returns:
        What it wrote.

    Raises:
        UnreadableFileError: it took too long, died, or wrote nothing.
    """
    child = _take(module)
    try:
        answer, _ = child.communicate(json.dumps(options).encode() + b"\n" + content, timeout=WALL_SECONDS)
    except subprocess.TimeoutExpired as error:
        raise UnreadableFileError("file_is_readable", "a file that takes too long to open") from error
    finally:
        if child.poll() is None:
            child.kill()
            child.communicate()
    if child.returncode != 0 or not answer:
        raise UnreadableFileError("file_is_readable", "a file that cannot be opened within the limits")
    return bytes(answer)


def start_ahead() -> None:
    """Start one reader that waits in this process for the file to come. It ends with this process."""
    READY["child"] = deque([(os.getpid(), _start("child"))])


def _take(module: str) -> "subprocess.Popen[bytes]":
    """Take the waiting child of this very process, or start one; a child serves one file."""
    waiting = READY.get(module)
    while waiting:
        try:
            owner, child = waiting.popleft()
        except IndexError:
            break
        if owner == os.getpid() and child.poll() is None:
            return child
    return _start(module)


def _start(module: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-I", "-m", f"pipelines.intake.reading.{module}"]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file is opened: encodings of the member's country, the contract's separators and its most rows, the encoding that the sender declared."""

    encodings: tuple[str, ...]
    delimiters: list[str]
    max_rows: int
    declared: str = ""

    def options(self, content: bytes, suffix: str) -> dict[str, object]:
        """What the child is told.

        Raises:
            UnreadableFileError: nothing to open, or an ending that is not what the file is.
        """
        if not content:
            raise UnreadableFileError("file_is_readable", "an empty file")
        return {
            "kind": _kind(content, suffix), "encodings": list(self.encodings), "delimiters": self.delimiters, "declared": self.declared,
            "max_rows": self.max_rows,
        }  # fmt: skip


def read_in_child(content: bytes, *, suffix: str, reading: Reading) -> ReadFile:
    """Read a file in a limited child process.

    Args:
        content: the file's bytes; never opened in this process.
        suffix: file ending in lower case, without the dot.
        reading: how it is opened.

    Raises:
        UnreadableFileError: the child refused the file, or died on it.
    """
    word, _, answer = run_child("child", reading.options(content, suffix), content).decode("utf-8").partition("\n")
    if word != "ok":
        rule_id, found, sheet, cell = json.loads(answer)
        raise UnreadableFileError(rule_id, found, sheet=sheet, cell=cell)
    return ReadFile.from_json(answer)
