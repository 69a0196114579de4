"""The landing store: bytes by their content hash, never rewritten.

Belongs here: putting bytes down so that a power cut loses nothing, and reading them back proved.
Does not belong here: what the bytes are.
"""

import hashlib
import os
import secrets
from pathlib import Path

from pipelines.domain.errors import StorageError


def landed_path(landing_dir: Path, sha256: str) -> Path:
    """Where bytes of this hash lie."""
    return landing_dir / sha256[:2] / sha256


def land(landing_dir: Path, content: bytes) -> str:
    """Put bytes down: temporary name, loop, flush, read back, link, flush the folder.

    Returns:
        The SHA-256 of the content, which is also its name.

    Raises:
        StorageError: the store could not keep the bytes; nothing was named.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    target = landed_path(landing_dir, sha256)
    try:
        _make_folders(landing_dir, target.parent)
        if target.exists():
            read_landed(landing_dir, sha256)
            return sha256
        temporary = target.with_name(f".{sha256}.{secrets.token_hex(8)}.part")
        try:
            _write_flushed(temporary, content)
            if hashlib.sha256(temporary.read_bytes()).hexdigest() != sha256:
                raise StorageError("The store read back other bytes than were written; the disk may be full. Nothing was accepted.")
            os.chmod(temporary, 0o444)
            try:
                os.link(temporary, target)
            except FileExistsError:
                read_landed(landing_dir, sha256)
        finally:
            temporary.unlink(missing_ok=True)
        flush_folder(target.parent)
    except OSError as error:
        raise StorageError(f"The store could not keep the file ({error.strerror}). Nothing was accepted; free space and send it again.") from error
    return sha256


def read_landed(landing_dir: Path, sha256: str) -> bytes:
    """Read bytes back and prove them.

    Raises:
        StorageError: missing or damaged.
    """
    try:
        content = landed_path(landing_dir, sha256).read_bytes()
    except OSError as error:
        raise StorageError(f"Landed file {sha256[:12]} is missing. Restore it from a backup; nothing is built without it.") from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise StorageError(f"Landed file {sha256[:12]} is damaged. Restore it from a backup; nothing is built from it.")
    return content


def _make_folders(root: Path, folder: Path) -> None:
    root.mkdir(parents=True, exist_ok=True)
    if not folder.exists():
        folder.mkdir(exist_ok=True)
        flush_folder(root)


def _write_flushed(path: Path, content: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    try:
        view = memoryview(content)
        while view:
            view = view[os.write(handle, view) :]
        os.fsync(handle)
    finally:
        os.close(handle)


def flush_folder(folder: Path) -> None:
    """Make a folder's entries durable."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
