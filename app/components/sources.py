"""Where a figure was taken from, as the lines of its panel.

Belongs here: which source fields stand beside a number. Does not belong here: their spelling (exports), queries.
"""

from pipelines.exports.source_cells import SOURCE_CELLS, source_cells
from pipelines.warehouse.querying import Figure


def source_lines(figure: Figure) -> list[tuple[str, str]]:
    """Give label and text of each source field; an empty one is left out."""
    texts = source_cells(figure)
    return [(label, texts[key]) for key, label in SOURCE_CELLS if texts[key]]
