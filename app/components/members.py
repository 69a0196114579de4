"""What a member has in the present edition, for templates and previews.

Belongs here: questions of one member to the edition. Does not belong here: drawing.
"""

from pipelines.contracts.templates import LastFigure
from pipelines.domain.errors import StorageError
from pipelines.editions.freezing import restore_cache
from pipelines.editions.reading import current_edition
from pipelines.settings import Settings
from pipelines.submissions.previewing import Limit, Published
from pipelines.warehouse.connecting import Connection, shared_edition
from pipelines.warehouse.publishing import EDITION_CACHE
from pipelines.warehouse.querying import goal_limits, last_figures_of, published_of


def _connection() -> Connection | None:
    try:
        edition = current_edition(Settings().editions_dir)
        restore_cache(edition.folder)
    except StorageError:
        return None
    return shared_edition(edition.folder / EDITION_CACHE).cursor()


def last_figures(member_code: str) -> tuple[LastFigure, ...]:
    """The member's newest figure of each city and indicator; none before the first edition."""
    connection = _connection()
    return tuple(LastFigure(*row) for row in last_figures_of(connection, member_code)) if connection else ()


def published_figures(member_code: str) -> list[Published]:
    """Every figure of the member in the present edition."""
    connection = _connection()
    return [Published(*row) for row in published_of(connection, member_code)] if connection else []


def limits() -> list[Limit]:
    """Goal levels of the present edition."""
    connection = _connection()
    return [Limit(*row) for row in goal_limits(connection)] if connection else []
