"""Open a published edition for reading: pages, templates and comparisons read what was proved, never a file that somebody may have changed.

Belongs here: one private copy per process. Does not belong here: queries (warehouse), the DuckDB file beside the edition, which is for people.
"""

import tempfile
from pathlib import Path
from threading import Lock

from pipelines.domain.errors import StorageError
from pipelines.editions.reading import Edition, proven_files
from pipelines.warehouse.connecting import Connection, open_edition
from pipelines.warehouse.publishing import build_cache

MAX_OPEN = 16
_open: dict[Path, Connection] = {}
_opening = Lock()


def open_published(edition: Edition) -> Connection:
    """Open an edition once per process; take a cursor of it for each thread.

    Every Parquet file is held against the manifest, and a private DuckDB file is built from those bytes (0.1 s for the sample edition).
    Its name is gone as soon as it is open, so that nothing can be changed behind readers and a killed process leaves nothing.

    Raises:
        StorageError: a file is not as published, or the private file cannot be written; no figure is shown then.
    """
    with _opening:
        if edition.folder not in _open:
            while len(_open) >= MAX_OPEN:
                del _open[next(iter(_open))]
            _open[edition.folder] = _open_proven(edition)
        return _open[edition.folder]


def _open_proven(edition: Edition) -> Connection:
    try:
        with tempfile.TemporaryDirectory(prefix="citybench-edition-") as folder:
            for name, content in proven_files(edition):
                (Path(folder) / name).write_bytes(content)
            return open_edition(build_cache(Path(folder)))
    except OSError as error:
        raise StorageError(f"Edition {edition.edition_id} cannot be opened: its private copy could not be written ({error.strerror}).") from error
