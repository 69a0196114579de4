"""Find and verify editions.

Belongs here: the pointer, the manifest, proof that files are as published. Does not belong here: queries.

An edition's id holds a digest of its manifest's content, and the manifest the digest of every Parquet file: who names an edition names its figures.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from pipelines.domain.damages import Damage
from pipelines.domain.errors import StorageError
from pipelines.warehouse.publishing import EDITION_CACHE, cache_faults

MANIFEST = "manifest.json"
POINTER = "current.json"
BESIDE_CONTENT = ("edition_id", "ledger_head")


@dataclass(frozen=True, slots=True)
class Edition:
    """A published edition: its id, its folder, its manifest."""

    edition_id: str
    folder: Path
    manifest: dict[str, Any]


def digest_of(value: Any) -> str:
    """Digest plain values as canonical JSON."""
    return hashlib.sha256(json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def edition_id_of(content: dict[str, Any]) -> str:
    """Spell the id of an edition of this content: its code, and the start of the content's digest."""
    return f"{content['edition_code']}-{digest_of(content)[:12]}"


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
        StorageError: there is no such edition, its manifest cannot be read, or the manifest is of another content than the id.
    """
    folder = editions_dir / edition_id
    if folder.parent != editions_dir or edition_id.startswith("."):
        raise StorageError(f"'{edition_id}' is not an edition's id.")
    try:
        manifest, known_as = _read_manifest((folder / MANIFEST).read_bytes())
    except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
        raise StorageError(f"Edition {edition_id} cannot be read; restore its folder from a backup.") from error
    if known_as != edition_id:
        raise StorageError(f"Edition {edition_id}: its manifest was changed, or its folder is another's. Restore the folder from a backup.")
    return Edition(edition_id, folder, manifest)


@lru_cache(maxsize=32)
def _read_manifest(content: bytes) -> tuple[dict[str, Any], str]:
    """Read a manifest; returns it with the id that its content has, or an empty one where it names another."""
    manifest = json.loads(content)
    known_as = edition_id_of({k: v for k, v in manifest.items() if k not in BESIDE_CONTENT})
    return manifest, known_as if manifest["edition_id"] == known_as else ""


def list_editions(editions_dir: Path) -> list[str]:
    """Give the ids of all editions, the newest folder first."""
    folders = [path.parent for path in editions_dir.glob(f"*/{MANIFEST}") if not path.parent.name.startswith(".")]
    return [folder.name for folder in sorted(folders, key=lambda f: (-f.stat().st_mtime_ns, f.name))]


def proven_files(edition: Edition) -> Iterator[tuple[str, bytes]]:
    """Read the edition's files one by one, each held against the manifest.

    Yields:
        Name and bytes.

    Raises:
        StorageError: a file is missing or was changed; names it.
    """
    for file in edition.manifest["files"]:
        try:
            content = (edition.folder / file["name"]).read_bytes()
        except OSError:
            content = b""
        if hashlib.sha256(content).hexdigest() != file["sha256"]:
            raise StorageError(f"Edition {edition.edition_id}: {file['name']} is missing or was changed. Restore the folder from a backup.")
        yield file["name"], content


def require_proven(edition: Edition) -> None:
    """Prove every file of an edition.

    Raises:
        StorageError: names the first that is missing or was changed.
    """
    for _ in proven_files(edition):
        pass


def edition_damages(edition: Edition) -> list[Damage]:
    """Everything in an edition's folder that is not as its manifest says, and whatever the manifest does not name."""
    place = f"edition {edition.edition_id}"
    files = {file["name"]: file["sha256"] for file in edition.manifest["files"]}
    found = {path.name: path for path in edition.folder.iterdir()}
    damages = [Damage(place, f"{name} is missing; restore the folder from a backup") for name in sorted(files.keys() - found.keys())]
    for name, path in sorted(found.items()):
        if name not in (MANIFEST, EDITION_CACHE, *files):
            damages.append(Damage(place, f"{name} is not of this edition; take it away"))
        elif name in files and (not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != files[name]):
            damages.append(Damage(place, f"{name} was changed; restore the folder from a backup"))
    if EDITION_CACHE not in found:
        damages.append(Damage(place, f"{EDITION_CACHE} is missing; `citybench edition` builds it anew"))
    elif not damages:
        what = "delete it, and `citybench edition` builds it anew from the Parquet files, which pages read"
        damages += [Damage(place, f"{EDITION_CACHE}: {fault}; {what}") for fault in cache_faults(edition.folder)]
    return damages
