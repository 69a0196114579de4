"""Cells as they leave the child: a grid of written texts with their kind, and what was odd.

Belongs here: the neutral form and its JSON. Does not belong here: meaning.

A cell is ``None`` or a text whose first letter is its kind: ``s`` text, ``n`` number, ``p`` number shown
in per cent (already times 100), ``d`` date (ISO), ``b`` truth value.
"""

import json
from dataclasses import dataclass, field

Grid = list[list[str | None]]


def plain_number(value: float) -> str:
    """Write a number cell: whole numbers without a point, others so that they read back the same."""
    return "n" + (str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(float(value)))


@dataclass(slots=True)
class Sheet:
    """One sheet: its name, its grid from A1, its merged ranges (1-based, inclusive)."""

    name: str
    grid: Grid
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)


@dataclass(slots=True)
class ReadFile:
    """What the child hands back; troubles are ``(rule_id, found, sheet, row, column letters)``."""

    sheets: list[Sheet] = field(default_factory=list)
    troubles: list[tuple[str, str, str, int | None, str]] = field(default_factory=list)
    repairs: list[str] = field(default_factory=list)
    encoding: str = ""
    delimiter: str = ""

    def to_json(self) -> str:
        """Write as JSON, the child's only output."""
        sheets = [[s.name, s.grid, s.merged] for s in self.sheets]
        return json.dumps([sheets, self.troubles, self.repairs, self.encoding, self.delimiter], ensure_ascii=False)

    @staticmethod
    def from_json(text: str) -> "ReadFile":
        """Read the child's output back."""
        sheets, troubles, repairs, encoding, delimiter = json.loads(text)
        return ReadFile(
            [Sheet(name, grid, [(a, b, c, d) for a, b, c, d in merged]) for name, grid, merged in sheets],
            [(a, b, c, d, e) for a, b, c, d, e in troubles],
            list(repairs),
            encoding,
            delimiter,
        )
