"""Find and verify editions.

Belongs here: the pointer, the manifest, proof that files are as published. Does not belong here: queries.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.domain.errors import StorageError

MANIFEST = "manifest.json"
POINTER = "current.json"


@dataclass(frozen=True, slots=True)
class Edition:
    """A published edition: its id, its folder, its manifest."""

    edition_id: str
    folder: Path
    manifest: dict[str, Any]


def current_edition(editions_dir: Path) -> Edition:
    """Give the edition the pointer names.

    Raises:
        StorageError: nothing is published yet, or the edition cannot be read.
    """
    try:
        edition_id = str(json.loads((editions_dir / POINTER).read_text("utf-8"))["edition_id"])
    except (OSError, ValueError, KeyError) as error:
        raise StorageError("No edition is published yet. Run `citybench build`, or `make build` for the sample edition.") from error
    return read_edition(editions_dir, edition_id)


def read_edition(editions_dir: Path, edition_id: str) -> Edition:
    """Give one edition by its id.

    Raises:
        StorageError: there is no such edition, or its manifest cannot be read.
    """
    folder = editions_dir / edition_id
    if folder.parent != editions_dir or edition_id.startswith("."):
        raise StorageError(f"'{edition_id}' is not an edition's id.")
    try:
        return Edition(edition_id, folder, json.loads((folder / MANIFEST).read_text("utf-8")))
    except (OSError, ValueError) as error:
        raise StorageError(f"Edition {edition_id} cannot be read; restore its folder from a backup.") from error


def list_editions(editions_dir: Path) -> list[str]:
    """Give the ids of all editions, the newest folder first."""
    folders = [path.parent for path in editions_dir.glob(f"*/{MANIFEST}") if not path.parent.name.startswith(".")]
    return [folder.name for folder in sorted(folders, key=lambda f: (-f.stat().st_mtime_ns, f.name))]


def verify_edition(folder: Path) -> None:
    """Prove that every file of an edition is as its manifest says.

    Raises:
        StorageError: names the first file that differs.
    """
    manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
    for file in manifest["files"]:
        path = folder / file["name"]
        if not path.exists() or hashlib.sha256(path.read_bytes()).hexdigest() != file["sha256"]:
            raise StorageError(f"Edition {folder.name}: {file['name']} is missing or was changed. Restore the folder from a backup.")
