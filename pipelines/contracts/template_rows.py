"""What a submission template says row by row: the member's last figures with all their attributes, and empty rows for what else is asked.

Belongs here: figures and registry to rows, each attribute in the words of a language, what each row says as codes.
Does not belong here: writing sheets (templates), reading them back (intake).
"""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from pipelines.contracts.catalogues import Row, code_spellings, load_contract, load_registry
from pipelines.contracts.labels import language_of
from pipelines.domain.errors import UsageError
from pipelines.domain.templates import NO_QUALITY, NO_STATUS, RowContent, plain_figure, plain_period, plain_text

COLUMNS = (
    "city", "indicator", "technical", "period", "value", "unit", "numerator", "denominator", "boundary", "definition", "quality", "status", "source",
    "comment",
)  # fmt: skip
WORD_LISTS = {
    "boundary": ("boundaries", "boundary_aliases", "boundary_code"), "quality": ("quality_codes", "quality_aliases", "quality_code"),
    "status": ("status_codes", "status_aliases", "status_code"),
}  # fmt: skip
Cell = str | float | None


@dataclass(frozen=True, slots=True)
class LastFigure:
    """A member's last accepted figure, as it stands in the edition, with everything that was said about it.

    ``value`` is in ``unit_code``, and ``None`` where only its parts were sent; codes are empty and parts ``None`` where nothing was said.
    """

    city_name: str
    indicator_code: str
    period_label: str
    value: float | None
    unit_code: str
    source_note: str = ""
    definition_code: str = ""
    boundary_code: str = ""
    quality_code: str = NO_QUALITY
    status_code: str = NO_STATUS
    numerator: float | None = None
    denominator: float | None = None
    comment_written: str = ""


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """The cells of one row in the order of ``COLUMNS``, and what it says as codes; ``content`` is ``None`` for a row to be filled."""

    cells: tuple[Cell, ...]
    content: RowContent | None


def core_indicators(contracts_dir: Path) -> tuple[str, ...]:
    """The indicators that every city is asked for, in the order of their sets."""
    items = sorted(load_registry(contracts_dir)["indicator_set_items"], key=lambda r: (r["set_code"], int(r["position"])))
    return tuple(dict.fromkeys(r["indicator_code"] for r in items))


def words_of(contracts_dir: Path, role: str, language: str) -> dict[str, str]:
    """Give the word of a language for each code that a member may choose for boundary, quality or status."""
    codes, aliases, column = WORD_LISTS[role]
    registry = load_registry(contracts_dir)
    spoken: dict[str, str] = {}
    for row in registry[aliases]:
        if language_of(row["language"]) == language and row["language"] != "zh-Hant":
            spoken.setdefault(row[column], row["alias"])
    allowed = load_contract(contracts_dir).rule("status_is_known").allowed
    chosen = [r for r in registry[codes] if r[column] != NO_QUALITY and (role != "status" or r[column] in allowed)]
    return {r[column]: spoken.get(r[column]) or _plain_name(r, column) for r in chosen}


def _plain_name(row: Row, column: str) -> str:
    return row[column].replace("_", " ") if column == "boundary_code" else row["name_en"]


def template_rows(contracts_dir: Path, member_code: str, *, indicator_codes: tuple[str, ...], last: tuple[LastFigure, ...], language: str) -> list[TemplateRow]:
    """One row per city and indicator: the last accepted figures, or one that is empty with its unit.

    Raises:
        UsageError: an indicator is not in the catalogue.
    """
    registry = load_registry(contracts_dir)
    indicators = {row["indicator_code"]: row for row in registry["indicators"]}
    if unknown := [c for c in indicator_codes if c not in indicators]:
        raise UsageError(f"There is no indicator '{unknown[0]}' in the catalogue.")
    figures: dict[tuple[str, str], list[LastFigure]] = {}
    for figure in last:
        figures.setdefault((figure.city_name, figure.indicator_code), []).append(figure)
    words = {role: words_of(contracts_dir, role, language) for role in WORD_LISTS}
    words["definition"] = _definition_words(contracts_dir, language)
    rows = []
    for city in (r for r in registry["cities"] if r["member_code"] == member_code):
        for code in indicator_codes:
            known = figures.get((city["name_en"], code), [])
            rows += [_filled_row(city, indicators[code], figure, words) for figure in known] or [_empty_row(city, indicators[code])]
    return rows


def _definition_words(contracts_dir: Path, language: str) -> dict[str, str]:
    """Words for definitions, by indicator and code; a word that names the indicator too is left to the indicator's column."""
    registry = load_registry(contracts_dir)
    words = {f"{r['indicator_code']} {r['definition_code']}": r["name_en"] for r in registry["definitions"]}
    for row in reversed(registry["definition_aliases"]):
        if language_of(row["language"]) == language and row["language"] != "zh-Hant" and row["is_indicator_name"] != "true":
            words[f"{row['indicator_code']} {row['definition_code']}"] = row["alias"]
    return words


def _empty_row(city: Row, indicator: Row) -> TemplateRow:
    said: dict[str, Cell] = {"unit": indicator["unit_code"]}
    return TemplateRow(_cells(city, indicator, said), None)


def _filled_row(city: Row, indicator: Row, figure: LastFigure, words: dict[str, dict[str, str]]) -> TemplateRow:
    """A figure computed here from its parts is handed out as its parts: they are what was sent."""
    is_from_parts = figure.value is None
    value = _fifteen_digits(figure.value)
    parts = _fifteen_digits(figure.numerator), _fifteen_digits(figure.denominator)
    said: dict[str, Cell] = {
        "period": figure.period_label, "value": value, "unit": figure.unit_code, "numerator": parts[0], "denominator": parts[1],
        "boundary": words["boundary"].get(figure.boundary_code), "quality": words["quality"].get(figure.quality_code),
        "definition": words["definition"].get(f"{figure.indicator_code} {figure.definition_code}"),
        "status": None if is_from_parts else words["status"].get(figure.status_code),
        "source": figure.source_note or None, "comment": figure.comment_written or None,
    }  # fmt: skip
    content = RowContent(
        city_code=city["city_code"], indicator_code=figure.indicator_code, period=plain_period(figure.period_label), value=plain_figure(value),
        unit_code=figure.unit_code, numerator=plain_figure(parts[0]), denominator=plain_figure(parts[1]),
        status_code="missing" if is_from_parts else figure.status_code, boundary_code=figure.boundary_code, definition_code=figure.definition_code,
        quality_code=figure.quality_code, source_note=plain_text(figure.source_note), comment_written=plain_text(figure.comment_written),
    )  # fmt: skip
    return TemplateRow(_cells(city, indicator, said), content)


def _cells(city: Row, indicator: Row, said: dict[str, Cell]) -> tuple[Cell, ...]:
    named: dict[str, Cell] = {"city": city["name_en"], "indicator": code_spellings(indicator["indicator_code"])[1], "technical": indicator["name_en"]}
    return tuple((named | said).get(role) for role in COLUMNS)


def _fifteen_digits(value: float | None) -> float | None:
    """Office suites keep fifteen digits of a number."""
    return None if value is None else float(f"{value:.15g}")


def written_figure(value: float) -> str:
    """Write a figure for a text file, without an exponent."""
    return f"{Decimal(f'{value:.15g}'):f}"
