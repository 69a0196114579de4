"""What of the present edition goes back to a member in a template.

Belongs here: the present edition to last figures, alike for page and command. Does not belong here: SQL (warehouse), writing templates (contracts).
"""

from pathlib import Path

from pipelines.contracts.template_rows import LastFigure
from pipelines.editions.opening import open_published
from pipelines.editions.reading import POINTER, current_edition
from pipelines.warehouse.querying import last_figures_of


def last_figures(editions_dir: Path, member_code: str) -> tuple[LastFigure, ...]:
    """Give a member's newest figure of each city, indicator, boundary and definition; none before the first edition.

    Raises:
        StorageError: the edition cannot be read.
    """
    if not (editions_dir / POINTER).exists():
        return ()
    edition = current_edition(editions_dir)
    connection = open_published(edition).cursor()
    return tuple(LastFigure(*row) for row in last_figures_of(connection, member_code))
