"""The inbox: files laid into a member's folder, each with its answers beside it where it needs some.

``figures.xlsx.answers.json`` beside ``figures.xlsx`` holds the answers for it; it is taken and set aside with it.

Belongs here: which files are ready, and opening them safely. Does not belong here: accepting (accepting).
"""

import json
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from pipelines.domain.answers import NO_ANSWERS, Answers, answers_from_json
from pipelines.domain.errors import UsageError
from pipelines.domain.findings import CheckReport, Verdict
from pipelines.submissions.receipts import report_to_dict

SETTLED_SECONDS = 10
ANSWERS_ENDING = ".answers.json"
MAX_ANSWER_BYTES = 1_000_000


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
            if path.name.endswith(ANSWERS_ENDING):
                continue
            beside = [p for p in (path, answers_path(path)) if p is path or os.path.lexists(p)]
            stamps = [stamp for p in beside if (stamp := _stamp(p, now)) is not None]
            if len(stamps) == len(beside):
                found.append(InboxFile(member_code, path, "-".join(stamps)))
    return found


def answers_path(path: Path) -> Path:
    """Where the answers for a file lie: beside it, under its whole name, so that two files of one stem do not share them."""
    return path.with_name(path.name + ANSWERS_ENDING)


def answers_beside(path: Path) -> Answers:
    """Read the answers laid beside a file; none when there is no such file.

    Raises:
        UsageError: they are no plain file, too large, or not answers.
    """
    beside = answers_path(path)
    if not os.path.lexists(beside):
        return NO_ANSWERS
    try:
        return answers_from_json(read_inbox_file(beside, max_bytes=MAX_ANSWER_BYTES).decode("utf-8-sig"))
    except (UnicodeDecodeError, UsageError) as error:
        raise UsageError(f"{beside.name}: {error}") from error


def _stamp(path: Path, now: float) -> str | None:
    """Time and size of a plain file that is whole; ``None`` for anything else."""
    facts = path.lstat()
    is_plain = stat.S_ISREG(facts.st_mode) and facts.st_nlink == 1
    is_whole = not path.name.startswith(".") and path.suffix != ".part" and now - facts.st_mtime >= SETTLED_SECONDS
    return f"{facts.st_mtime_ns}-{facts.st_size}" if is_plain and is_whole else None


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
    """Move a taken file, and the answers beside it, to ``.accepted`` or ``.refused``, with its report as JSON.

    A file that only needs explanations is among the refused: its report holds the answers to fill in, and the file is taken again
    when it is laid into the inbox with them.

    Returns:
        Where the file lies now.
    """
    folder = path.parent / (".accepted" if report.receipt.verdict is Verdict.ACCEPTED else ".refused")
    folder.mkdir(exist_ok=True)
    target = folder / f"{report.receipt.file_sha256[:12]}-{path.name}"
    (folder / f"{target.name}.report.json").write_text(json.dumps(report_to_dict(report), ensure_ascii=False, indent=1), "utf-8")
    if os.path.lexists(answers_path(path)):
        os.replace(answers_path(path), answers_path(target))
    os.replace(path, target)
    return target
