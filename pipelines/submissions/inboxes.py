"""The inbox: files laid into a member's folder.

Belongs here: which files are ready, and opening them safely. Does not belong here: accepting (accepting).
"""

import json
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from pipelines.domain.errors import UsageError
from pipelines.domain.findings import CheckReport, Verdict
from pipelines.submissions.receipts import report_to_dict

SETTLED_SECONDS = 10


@dataclass(frozen=True, slots=True)
class InboxFile:
    """A file ready to be taken; the member comes from the folder, never from the file."""

    member_code: str
    path: Path
    stamp: str


def ready_files(inbox_dir: Path, *, member_codes: tuple[str, ...], now: float) -> list[InboxFile]:
    """List files that are whole: no ``.part`` ending, and unchanged for ten seconds.

    Args:
        now: seconds since the epoch, from the shell.
    """
    found = []
    for member_code in member_codes:
        folder = inbox_dir / member_code
        if not folder.is_dir() or folder.is_symlink():
            continue
        for path in sorted(folder.iterdir()):
            facts = path.lstat()
            is_plain = stat.S_ISREG(facts.st_mode) and facts.st_nlink == 1
            is_whole = not path.name.startswith(".") and path.suffix != ".part" and now - facts.st_mtime >= SETTLED_SECONDS
            if is_plain and is_whole:
                found.append(InboxFile(member_code, path, f"{facts.st_mtime_ns}-{facts.st_size}"))
    return found


def read_inbox_file(path: Path, *, max_bytes: int) -> bytes:
    """Read a file of the inbox without following links or waiting on pipes.

    Raises:
        UsageError: not a plain file with one name, or too large.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        raise UsageError(f"{path.name} cannot be opened from the inbox ({error.strerror}).") from error
    with os.fdopen(handle, "rb") as stream:
        facts = os.fstat(stream.fileno())
        if not stat.S_ISREG(facts.st_mode) or facts.st_nlink != 1:
            raise UsageError(f"{path.name} is not a plain file of its own; copy it into the inbox.")
        if facts.st_size > max_bytes:
            raise UsageError(f"{path.name} has {facts.st_size} bytes; {max_bytes} are allowed. Split the file.")
        return stream.read(max_bytes + 1)


def set_aside(path: Path, report: CheckReport) -> Path:
    """Move a taken file to ``.accepted`` or ``.refused`` beside it, with its report as JSON.

    Returns:
        Where the file lies now.
    """
    folder = path.parent / (".accepted" if report.receipt.verdict is Verdict.ACCEPTED else ".refused")
    folder.mkdir(exist_ok=True)
    target = folder / f"{report.receipt.file_sha256[:12]}-{path.name}"
    (folder / f"{target.name}.report.json").write_text(json.dumps(report_to_dict(report), ensure_ascii=False, indent=1), "utf-8")
    os.replace(path, target)
    return target
