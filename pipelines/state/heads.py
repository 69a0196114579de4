"""Head files: number and hash of every event, kept outside the state database, so that a database deleted or rolled back is found.

Belongs here: lines of head files, and the refusal to write behind them. Does not belong here: the events (ledger).

Each event leaves two lines: ``begun`` before its transaction ends, flushed, and ``kept`` after. So every event of the ledger has a line
whenever a process dies, and every ``kept`` line an event; a ``begun`` line alone is a transaction that never ended.
"""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipelines.domain.errors import StorageError

HEADS_FILE = "ledger_heads.txt"
BEGUN, KEPT = "begun", "kept"
TAIL_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class LedgerHead:
    """An event by number and hash; written into every receipt, manifest and head file, so that others are witnesses."""

    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a head file."""

    word: str
    head: LedgerHead


def read_lines(text: str) -> tuple[list[Line], list[int]]:
    """Read lines of a head file.

    Returns:
        The lines, and the numbers of those that are none.
    """
    lines, odd = [], []
    for number, written in enumerate(text.splitlines(), 1):
        parts = written.split(" ")
        if len(parts) == 3 and parts[0] in (BEGUN, KEPT) and parts[1].isdecimal() and len(parts[2]) == 64:
            lines.append(Line(parts[0], LedgerHead(int(parts[1]), parts[2])))
        else:
            odd.append(number)
    return lines, odd


def append_lines(path: Path, word: str, heads: Iterable[LedgerHead], *, create: bool = False) -> None:
    """Append one line for each head, flushed to the disk.

    Raises:
        StorageError: the file is missing or cannot be written; nothing was accepted.
    """
    text = "".join(f"{word} {head.seq} {head.hash}\n" for head in heads)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND | (os.O_CREAT if create else 0), 0o644), "wb") as stream:
            stream.write(text.encode())
            stream.flush()
            os.fsync(stream.fileno())
    except FileNotFoundError as error:
        raise StorageError(
            f"The head file {path} is missing, and nothing is written without it. Restore it from a backup, or run `citybench verify` with "
            "receipts, and then `citybench witness` to begin it anew."
        ) from error
    except OSError as error:
        raise StorageError(f"The head file {path} cannot be written ({error.strerror}). Nothing was accepted.") from error


def last_kept(path: Path) -> LedgerHead | None:
    """Give the last event that a head file knows as kept; ``None`` without one."""
    try:
        with path.open("rb") as stream:
            size = stream.seek(0, os.SEEK_END)
            stream.seek(max(0, size - TAIL_BYTES))
            lines, _ = read_lines(stream.read().decode("ascii", "replace"))
    except OSError:
        return None
    return next((line.head for line in reversed(lines) if line.word == KEPT), None)


def head_faults(before: bytes | None, after: bytes | None, hashes: Mapping[int, str]) -> list[str]:
    """Hold a head file against the ledger.

    Args:
        before: the file's bytes before the ledger was read: what it keeps must stand in the ledger. ``None`` when there is no file.
        after: its bytes after that: every event that was read has a line in it.
        hashes: hash of each event of the ledger, by number.

    Returns:
        What does not fit, in words.
    """
    if before is None or after is None:
        return ["the head file is missing; restore it, or run `citybench witness` after the rest is proved"] if len(hashes) > 1 else []
    lines, odd = read_lines(after.decode("ascii", "replace"))
    earlier = lines if before == after else read_lines(before.decode("ascii", "replace"))[0]
    kept = [line.head for line in earlier if line.word == KEPT]
    faults = [f"line {number} is no line of a head file" for number in odd]
    if lost := sorted({head.seq for head in kept if hashes.get(head.seq) != head.hash}):
        faults.append(f"the ledger lacks event {lost[0]} as this file keeps it ({len(lost)} in all): the state database was deleted, rolled back or rewritten")
    known = {(line.head.seq, line.head.hash) for line in lines}
    if strange := sorted(seq for seq, written in hashes.items() if seq and (seq, written) not in known):
        faults.append(f"this file lacks event {strange[0]} of the ledger ({len(strange)} in all): its lines were cut, or the event was written past it")
    return faults


def read_bytes(path: Path) -> bytes | None:
    """Read a head file; ``None`` when it cannot be read."""
    try:
        return path.read_bytes()
    except OSError:
        return None
