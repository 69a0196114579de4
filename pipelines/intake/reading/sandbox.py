"""Start a child and judge how it ended.

Belongs here: the border between a stranger's bytes and us. Does not belong here: opening any file.
"""

import json
import subprocess
import sys

from pipelines.domain.errors import UnreadableFileError
from pipelines.intake.reading.cells import ReadFile

WALL_SECONDS = 60
TEXT_SUFFIXES = ("csv", "tsv", "txt")
WORKBOOKS = ("xlsx", "xls", "ods")
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
    command = [sys.executable, "-I", "-m", f"pipelines.intake.reading.{module}"]
    try:
        child = subprocess.run(command, input=json.dumps(options).encode() + b"\n" + content, capture_output=True, timeout=WALL_SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise UnreadableFileError("file_is_readable", "a file that takes too long to open") from error
    if child.returncode != 0 or not child.stdout:
        raise UnreadableFileError("file_is_readable", "a file that cannot be opened within the limits")
    return child.stdout


def read_in_child(content: bytes, *, suffix: str, encodings: tuple[str, ...], delimiters: list[str], declared: str = "") -> ReadFile:
    """Read a file in a limited child process.

    Args:
        content: the file's bytes; never opened in this process.
        suffix: file ending in lower case, without the dot.
        encodings: encodings of the member's country.
        delimiters: separators of the contract.
        declared: encoding named by the sender, or empty.

    Raises:
        UnreadableFileError: the child refused the file, or died on it.
    """
    if not content:
        raise UnreadableFileError("file_is_readable", "an empty file")
    kind = _kind(content, suffix)
    options: dict[str, object] = {"kind": kind, "encodings": list(encodings), "delimiters": delimiters, "declared": declared}
    word, _, answer = run_child("child", options, content).decode("utf-8").partition("\n")
    if word != "ok":
        rule_id, found, sheet, cell = json.loads(answer)
        raise UnreadableFileError(rule_id, found, sheet=sheet, cell=cell)
    return ReadFile.from_json(answer)
