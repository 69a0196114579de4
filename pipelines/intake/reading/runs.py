"""One cell's text in runs of their own writing: raised, lowered and struck-out parts, as a person sees them.

Belongs here: runs to the text that is read on. Does not belong here: where a kind of file keeps them (the readers), what a mark means.
"""

from dataclasses import dataclass, field

from pipelines.domain.texts import column_letters, lower_text, raise_text
from pipelines.intake.reading.cells import Grid, ReadFile

STRUCK_RULE = "text_is_not_struck_out"
RAISED, LOWERED = 1, -1
MAX_TROUBLES = 1_000


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a cell's text; ``level`` is 1 when raised, -1 when lowered."""

    text: str
    level: int = 0
    is_struck: bool = False


@dataclass(slots=True)
class SheetRuns:
    """Cells of one sheet whose writing matters, by row and column (1-based): texts to read on, and what is struck out."""

    texts: dict[tuple[int, int], str] = field(default_factory=dict)
    struck: dict[tuple[int, int], str] = field(default_factory=dict)


def shown_text(runs: list[Run]) -> str:
    """Write what a person reads: without struck-out parts, raised and lowered parts with signs of their own.

    A cell that is raised, lowered or struck out from end to end keeps its text: there is nothing beside it that it could be a mark of.
    """
    filled = [r for r in runs if r.text.strip()]
    if any(not r.is_struck for r in filled):
        runs = [r for r in runs if not r.is_struck]
        filled = [r for r in filled if not r.is_struck]
    if len({r.level for r in filled}) < 2:
        return "".join(r.text for r in runs)
    return "".join(_signs(r) for r in runs)


def struck_text(runs: list[Run]) -> str:
    """Give what is struck out, empty when nothing is."""
    return " ".join(r.text.strip() for r in runs if r.is_struck and r.text.strip())


def _signs(run: Run) -> str:
    if not run.level or not run.text.strip():
        return run.text
    return raise_text(run.text) if run.level == RAISED else lower_text(run.text)


def take_runs(result: ReadFile, sheet: str, grid: Grid, runs: SheetRuns) -> None:
    """Put the texts that people read into the grid, and keep each struck-out cell as trouble."""
    for (row, column), text in runs.texts.items():
        if row <= len(grid) and column <= len(grid[row - 1]):
            grid[row - 1][column - 1] = f"s{text}" if text.strip() else None
    for row, column in sorted(runs.struck)[:MAX_TROUBLES]:
        cell = grid[row - 1][column - 1] if row <= len(grid) and column <= len(grid[row - 1]) else None
        if cell is not None:
            struck = runs.struck[row, column]
            found = cell[1:].strip()
            if struck and struck != found:
                found = f"{found} (beside it, struck out: {struck})"
            result.troubles.append((STRUCK_RULE, found, sheet, row, column_letters(column)))
