"""Figures of a checked file, as read, in a table of their own.

Belongs here: the CSV of them. Does not belong here: how they were read (submissions).
"""

from collections.abc import Sequence

from pipelines.exports.files import csv_lines
from pipelines.submissions.receipts import figures_to_rows
from pipelines.warehouse.read_figures import FIGURE_FIELDS, ReadFigure


def figures_to_csv(figures: Sequence[ReadFigure]) -> bytes:
    """Write one line per figure under the names that ``citybench check --json`` gives them."""
    return csv_lines([FIGURE_FIELDS, *(list(row.values()) for row in figures_to_rows(figures))])
