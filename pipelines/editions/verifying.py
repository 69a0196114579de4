"""Prove everything that was promised to last.

Belongs here: ledger, landed files and editions against each other. Does not belong here: mending.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from pipelines.domain.errors import StorageError
from pipelines.editions.reading import MANIFEST, read_edition, verify_edition
from pipelines.state.engines import Engine, reading
from pipelines.state.ledger import LedgerHead, verify_ledger
from pipelines.state.records import list_editions, list_submissions
from pipelines.submissions.landing import read_landed


@dataclass(frozen=True, slots=True)
class Proved:
    """What was proved."""

    head: LedgerHead
    n_files: int
    n_editions: int


def verify_everything(engine: Engine, landing_dir: Path, editions_dir: Path) -> Proved:
    """Verify ledger, landing store and editions; manifests serve as witnesses of the ledger.

    Raises:
        StorageError: names the first thing that is not as promised.
    """
    witnesses = []
    editions = list_editions(engine)
    for record in editions:
        edition = read_edition(editions_dir, record.edition_id)
        if hashlib.sha256((edition.folder / MANIFEST).read_bytes()).hexdigest() != record.manifest_sha256:
            raise StorageError(f"Edition {record.edition_id}: its manifest was changed. Restore the folder from a backup.")
        verify_edition(edition.folder)
        head = edition.manifest["ledger_head"]
        witnesses.append(LedgerHead(int(head["seq"]), str(head["hash"])))
    with reading(engine) as connection:
        head = verify_ledger(connection, witnesses=tuple(witnesses))
    names = {name for s in list_submissions(engine) for name in (s.file_sha256, s.rows_sha256)}
    for name in sorted(names):
        read_landed(landing_dir, name)
    return Proved(head, len(names), len(editions))
