"""How far off a figure may be, in the words that pages and files show beside it.

Belongs here: spelling of an error and of what it rests on. Does not belong here: the error itself (dbt), tables.
"""

from collections.abc import Sequence
from typing import Protocol

from pipelines.contracts.catalogues import Row

NO_KIND = "unknown"
# Of a figure in per cent, per cent of it and points of it would be mistaken for each other: points are said.
IN_POINTS = "percent"
ERROR_NOTE = (
    "Uncertainty is one standard error: as published with the figure, else of the declared quality, else the default of the kind of source "
    "(About the data lists them with their reasons); figures in per cent have it in percentage points."
)
KIND_COLUMNS = ("Kind of source", "Particles", "Gases", "All else", "Rests on", "Reasoning")


class Measured(Protocol):
    """A figure, or what stands for one, with its error."""

    @property
    def relative_error(self) -> float | None: ...
    @property
    def standard_error(self) -> float | None: ...
    @property
    def error_basis(self) -> str | None: ...
    @property
    def source_kind(self) -> str | None: ...
    @property
    def source_kind_name(self) -> str | None: ...
    @property
    def quality_code(self) -> str | None: ...
    @property
    def unit_code(self) -> str | None: ...


def error_text(figure: Measured) -> str:
    """Spell an error with what it rests on: ``±5 % (official survey)``, ``±1.2 points (published standard error)``; empty without a value."""
    if figure.relative_error is None or figure.standard_error is None:
        return ""
    if figure.unit_code == IN_POINTS:
        size = f"±{figure.standard_error:.2g} points"
    else:
        size = f"±{100 * figure.relative_error:.3g} %"
    return f"{size} ({basis_text(figure)})"


def basis_text(figure: Measured) -> str:
    """Say what an error rests on."""
    if figure.error_basis == "standard_error":
        return "published standard error"
    if figure.error_basis == "declared":
        return f"declared: {(figure.quality_code or '').replace('_', ' ')}"
    return "kind of source unknown" if figure.source_kind == NO_KIND else figure.source_kind_name or ""


def kind_rows(kinds: Sequence[Row]) -> list[tuple[str, ...]]:
    """Give the register of kinds of source as texts, in the order of ``KIND_COLUMNS``."""
    errors = ("error_particles", "error_gases", "error_else")
    return [(k["name_en"], *(f"±{100 * float(k[e]):.3g} %" for e in errors), k["error_source"], k["error_reasoning"]) for k in kinds]
