"""Prove everything that was promised to last.

Belongs here: state, landed files, editions and the heads that others keep, against each other. Does not belong here: mending.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.domain.damages import Damage
from pipelines.domain.errors import StorageError
from pipelines.editions.reading import MANIFEST, POINTER, Edition, edition_damages, read_edition
from pipelines.state.heads import LedgerHead
from pipelines.state.proving import StateProof, prove_state
from pipelines.submissions.landing import read_landed

KEPT_REPORTS = "*/.*/*.report.json"
KEPT_COLUMNS = ("member_code", "contract_version", "file_sha256", "rows_sha256", "accepted_seq")


@dataclass(frozen=True, slots=True)
class Places:
    """Where everything lies."""

    state_url: str
    head_files: Sequence[Path]
    landing_dir: Path
    editions_dir: Path
    inbox_dir: Path


@dataclass(frozen=True, slots=True)
class Proved:
    """What was proved, and every damage."""

    head: LedgerHead
    n_rows: int
    n_files: int
    n_editions: int
    n_witnesses: int
    damages: list[Damage]


def verify_everything(places: Places, *, receipts: Sequence[Path] = ()) -> Proved:
    """Hold state, head files, landing store, editions and receipts against each other; changes nothing.

    Args:
        receipts: receipts or reports as JSON that members kept: each is a witness of the ledger.

    Returns:
        What was proved; without damages everything is as it was written.
    """
    state = prove_state(places.state_url, places.head_files)
    damages, editions = list(state.damages), list(_editions(places.editions_dir, state))
    standing = [found for found in editions if isinstance(found, Edition)]
    damages += [found for found in editions if isinstance(found, Damage)]
    for edition in standing:
        damages += edition_damages(edition)
        damages += _unlike_state(edition, state)
    damages += _pointer_damages(places.editions_dir, state)
    witnesses = [(f"edition {e.edition_id}", e.manifest["ledger_head"], "seq", "hash") for e in standing]
    for path in [*sorted(places.inbox_dir.glob(KEPT_REPORTS)), *receipts]:
        receipt = _read_receipt(path)
        if receipt is None:
            damages.append(Damage(f"receipt {path.name}", "it cannot be read as a receipt"))
        else:
            witnesses.append((f"receipt {path.name}", receipt, "ledger_seq", "ledger_hash"))
    damages += [d for place, told, seq, head in witnesses for d in _witness_damages(place, told.get(seq), told.get(head), state)]
    names = _landed_names(state, standing)
    damages += _landing_damages(places.landing_dir, names)
    n_witnesses = len(witnesses) + sum(path.exists() for path in places.head_files)
    return Proved(state.head, state.n_rows, len(names), len(standing), n_witnesses, damages)


def _editions(editions_dir: Path, state: StateProof) -> Iterator[Edition | Damage]:
    """Every edition that the state or the folder knows, proved as far as its manifest goes, or what is wrong with it."""
    recorded = {record.edition_id: record for record in state.editions}
    folders = {path.name for path in editions_dir.glob("*") if path.is_dir() and not path.name.startswith(".")}
    for edition_id in sorted(recorded.keys() | folders):
        place = f"edition {edition_id}"
        if edition_id not in folders:
            yield Damage(place, "its folder is missing; restore it from a backup")
            continue
        try:
            edition = read_edition(editions_dir, edition_id)
        except StorageError as error:
            yield Damage(place, str(error))
            continue
        if state.is_read and edition_id not in recorded:
            yield Damage(place, "its folder stands here, and the ledger knows no such edition")
        elif state.is_read and hashlib.sha256((edition.folder / MANIFEST).read_bytes()).hexdigest() != recorded[edition_id].manifest_sha256:
            yield Damage(place, f"{MANIFEST} is not the one that was published; restore the folder from a backup")
        yield edition


def _unlike_state(edition: Edition, state: StateProof) -> list[Damage]:
    """What an edition was made from, against the submissions as the state holds them: a manifest is a witness of rows, too."""
    if not state.is_read:
        return []
    stand = {record.submission_id: record for record in state.submissions}
    damages = []
    for told in edition.manifest["inputs"]["submissions"]:
        record, place = stand.get(told["submission_id"]), f"submission {told['submission_id']}"
        if record is None:
            damages.append(Damage(place, f"edition {edition.edition_id} was made from it, and the state database lacks it"))
        elif changed := [c for c in KEPT_COLUMNS if getattr(record, c) != told[c]]:
            damages.append(Damage(place, f"its {', '.join(changed)} is not what edition {edition.edition_id} was made from"))
    return damages


def _pointer_damages(editions_dir: Path, state: StateProof) -> list[Damage]:
    """The pointer names the edition of the last build to its end."""
    path = editions_dir / POINTER
    try:
        pointed = str(json.loads(path.read_text("utf-8"))["edition_id"]) if path.exists() else ""
    except (OSError, ValueError, KeyError, TypeError):
        pointed = "nothing that can be read"
    if not state.is_read or pointed == state.pointed:
        return []
    return [Damage(f"pointer {POINTER}", f"it names {pointed or 'no edition'}, where the last build made {state.pointed or 'none'}; run `citybench build`")]


def _read_receipt(path: Path) -> Mapping[str, Any] | None:
    """Read a receipt, alone or in its report."""
    try:
        told = json.loads(path.read_text("utf-8"))
        receipt = told.get("receipt", told)
        return receipt if isinstance(receipt, dict) and "ledger_hash" in receipt else None
    except (OSError, ValueError, AttributeError):
        return None


def _witness_damages(place: str, seq: Any, head: Any, state: StateProof) -> list[Damage]:
    if state.hashes.get(seq) == head:
        return []
    what = "the state database was deleted, rolled back or rewritten, or the witness was changed"
    return [Damage(place, f"it knows event {seq} of the ledger, which does not stand there so: {what}")]


def _landed_names(state: StateProof, editions: Sequence[Edition]) -> dict[str, str]:
    """Every landed file by its hash, with the submission that brought it, as state and manifests know them."""
    told = [(str(s["submission_id"]), str(s["file_sha256"]), str(s["rows_sha256"])) for e in editions for s in e.manifest["inputs"]["submissions"]]
    told += [(record.submission_id, record.file_sha256, record.rows_sha256) for record in state.submissions]
    return {sha256: submission_id for submission_id, *names in told for sha256 in names}


def _landing_damages(landing_dir: Path, names: Mapping[str, str]) -> list[Damage]:
    damages = []
    for sha256, submission_id in sorted(names.items()):
        try:
            read_landed(landing_dir, sha256)
        except StorageError as error:
            damages.append(Damage(f"submission {submission_id}", str(error)))
    return damages
