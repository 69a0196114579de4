"""The submission template, written from the contract: columns, drop-downs, units, guidance, identity.

Belongs here: contract and registry to an .xlsx and a .csv. Does not belong here: reading a template back (intake).
"""

import csv
import datetime
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.contracts.catalogues import Row, code_spellings, load_contract, load_registry
from pipelines.contracts.documents import read_synonyms
from pipelines.contracts.labels import RIGHT_TO_LEFT, label, language_of
from pipelines.domain.errors import UsageError
from pipelines.domain.templates import CSV_MARK, IDENTITY_SHEET, TemplateIdentity

COLUMNS = ("city", "indicator", "technical", "period", "value", "unit", "numerator", "denominator", "boundary", "definition", "quality", "source", "comment")
WIDTHS = (20, 22, 38, 12, 16, 20, 14, 14, 16, 24, 14, 30, 30)
FIRST_ROW = 5
EXTRA_ROWS = 200
CREATED = datetime.datetime(2026, 1, 1)


@dataclass(frozen=True, slots=True)
class LastFigure:
    """A member's last accepted figure, as it stands in the edition."""

    city_name: str
    indicator_code: str
    period_label: str
    value: float
    unit_code: str
    source_note: str
    definition_code: str = ""


def template_rows(contracts_dir: Path, member_code: str, indicator_codes: tuple[str, ...], last: tuple[LastFigure, ...]) -> list[list[object]]:
    """One row per city and indicator: with the last accepted figure, or empty with its unit."""
    registry = load_registry(contracts_dir)
    known = {(f.city_name, f.indicator_code): f for f in last}
    indicators = {row["indicator_code"]: row for row in registry["indicators"]}
    unknown = [c for c in indicator_codes if c not in indicators]
    if unknown:
        raise UsageError(f"There is no indicator '{unknown[0]}' in the catalogue.")
    rows: list[list[object]] = []
    for city in (r["name_en"] for r in registry["cities"] if r["member_code"] == member_code):
        for code in indicator_codes:
            row, figure = indicators[code], known.get((city, code))
            said = [figure.definition_code or None, None, figure.source_note] if figure else [None, None, None]
            filled = [figure.period_label, figure.value, figure.unit_code] if figure else [None, None, row["unit_code"]]
            rows.append([city, code_spellings(code)[1], row["name_en"], *filled, None, None, None, *said, None])
    return rows


def headers(contracts_dir: Path, language: str) -> list[str]:
    """Header of each column in a language; English where the contract has no synonym."""
    synonyms = read_synonyms(contracts_dir)
    found = []
    for role in COLUMNS:
        if role == "technical":
            found.append(label(contracts_dir, "what_it_is", language))
            continue
        of_role = [(word, locale) for word, locale, r in synonyms if r == role]
        found.append(next((w for w, locale in of_role if language_of(locale) == language and locale != "zh-Hant"), of_role[0][0]))
    return found


def worked_example(row: Row, multiplier: str) -> tuple[float, float, float] | None:
    """A numerator, a denominator and the value they give; ``None`` for indicators that are no fraction."""
    if not multiplier or not row["numerator"] or not row["denominator"]:
        return None
    numerator, denominator = 12.0, 480.0
    return numerator, denominator, numerator / denominator * float(multiplier)


def identity_of(contracts_dir: Path, member_code: str, language: str, prefilled: dict[str, str]) -> TemplateIdentity:
    """Say which template this is; the digest shows whether its identity sheet was changed."""
    contract = load_contract(contracts_dir)
    return TemplateIdentity.signed(contract.contract_id, contract.version, member_code, language, prefilled)


def write_template(
    contracts_dir: Path, member_code: str, *, indicator_codes: tuple[str, ...], language: str = "", last: tuple[LastFigure, ...] = (), as_csv: bool = False
) -> bytes:
    """Write a member's template.

    Args:
        indicator_codes: which indicators get a row for each city.
        language: one of the catalogue's; empty takes the member's own.
        last: last accepted figures, to be filled in.

    Raises:
        UsageError: unknown member or indicator.
    """
    members = {row["member_code"]: row for row in load_registry(contracts_dir)["members"]}
    if member_code not in members:
        raise UsageError(f"There is no member '{member_code}'. Members: {', '.join(sorted(members))}.")
    language = language_of(language or members[member_code]["language"])
    rows = template_rows(contracts_dir, member_code, indicator_codes, last)
    names = headers(contracts_dir, language)
    if as_csv:
        identity = identity_of(contracts_dir, member_code, language, {f"E{n}": f"{row[4]:.15g}" for n, row in enumerate(rows, 3) if row[4] is not None})
        return _write_csv(identity, names, rows)
    prefilled = {f"E{n}": f"{row[4]:.15g}" for n, row in enumerate(rows, FIRST_ROW + 1) if row[4] is not None}
    return _write_workbook(contracts_dir, identity_of(contracts_dir, member_code, language, prefilled), names, rows, members[member_code])


def _write_csv(identity: TemplateIdentity, names: list[str], rows: list[list[object]]) -> bytes:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow([CSV_MARK, identity.to_json(), *[""] * (len(names) - 2)])
    writer.writerow(names)
    writer.writerows([["" if c is None else f"{c:.15g}" if isinstance(c, float) else c for c in row] for row in rows])
    return b"\xef\xbb\xbf" + stream.getvalue().encode()


def _write_workbook(contracts_dir: Path, identity: TemplateIdentity, names: list[str], rows: list[list[object]], member: Row) -> bytes:
    import xlsxwriter

    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": "citybench template", "created": CREATED})
    book.set_calc_mode("auto")
    page = book.add_worksheet("Data")
    bold = book.add_format({"bold": True, "bg_color": "#dbe7ec", "border": 1, "text_wrap": True, "valign": "top"})
    title, grey, quiet = (
        book.add_format({"bold": True, "font_size": 13}),
        book.add_format({"font_color": "#6b7780"}),
        book.add_format({"font_color": "#51606a", "italic": True}),
    )
    language = identity.language
    page.write_string(0, 0, label(contracts_dir, "template_title", language, member=member["name_local"], version=identity.contract_version), title)
    page.write_string(1, 0, label(contracts_dir, "template_how", language))
    page.write_string(2, 0, label(contracts_dir, "template_prefilled", language))
    for column, (name, width) in enumerate(zip(names, WIDTHS, strict=True)):
        page.set_column(column, column, width)
        page.write_string(FIRST_ROW - 1, column, name, bold)
    for number, row in enumerate(rows, FIRST_ROW):
        for column, cell in enumerate(row):
            if isinstance(cell, float):
                page.write_number(number, column, cell, grey)
            elif cell is not None:
                page.write_string(number, column, str(cell), quiet if column == 2 else grey if row[4] is not None else None)
    page.freeze_panes(FIRST_ROW, 2)
    if language in RIGHT_TO_LEFT:
        page.right_to_left()
    _add_lists(book, page, contracts_dir, member["member_code"], FIRST_ROW + len(rows) + EXTRA_ROWS, rows)
    _add_guide(book, contracts_dir, language, rows)
    hidden = book.add_worksheet(IDENTITY_SHEET)
    hidden.write_string(0, 0, identity.to_json())
    hidden.very_hidden()
    book.close()
    return stream.getvalue()


def _add_lists(book: Any, page: Any, contracts_dir: Path, member_code: str, last_row: int, rows: list[list[object]]) -> None:
    registry = load_registry(contracts_dir)
    lists = {
        0: [r["name_en"] for r in registry["cities"] if r["member_code"] == member_code],
        1: list(dict.fromkeys(str(row[1]) for row in rows)),
        5: list(dict.fromkeys(r["unit_code"] for r in registry["units"])),
        8: [r["boundary_code"].replace("_", " ") for r in registry["boundaries"]],
        10: [r["name_en"] for r in registry["quality_codes"] if r["quality_code"] != "not_declared"],
    }
    sheet = book.add_worksheet("Lists")
    for position, (column, words) in enumerate(lists.items()):
        for number, word in enumerate(words):
            sheet.write_string(number, position, word)
        letter = chr(65 + position)
        name = ("cities", "indicators", "units", "boundaries", "qualities")[position]
        book.define_name(name, f"=Lists!${letter}$1:${letter}${max(1, len(words))}")
        # Only a warning: a unit of the office's own is read too.
        page.data_validation(FIRST_ROW, column, last_row, column, {"validate": "list", "source": f"={name}", "error_type": "warning"})


def _add_guide(book: Any, contracts_dir: Path, language: str, rows: list[list[object]]) -> None:
    registry = load_registry(contracts_dir)
    wanted = {str(row[1]) for row in rows}
    units = {r["unit_code"]: r for r in registry["units"]}
    guide = book.add_worksheet(label(contracts_dir, "guide_sheet", language))
    bold, wrap = book.add_format({"bold": True, "bg_color": "#dbe7ec"}), book.add_format({"text_wrap": True, "valign": "top"})
    for column, (name, width) in enumerate(
        (
            ("card_code", 20),
            ("card_name", 34),
            ("card_unit", 24),
            ("card_formula", 52),
            ("card_example", 30),
            ("card_range", 20),
            ("card_sure", 24),
            ("card_definitions", 60),
        )
    ):
        guide.set_column(column, column, width)
        guide.write_string(0, column, label(contracts_dir, name, language), bold)
    number = 0
    for row in registry["indicators"]:
        spelled = code_spellings(row["indicator_code"])[1]
        if spelled not in wanted:
            continue
        number += 1
        unit = units[row["unit_code"]]
        example = worked_example(row, unit["fraction_multiplier"])
        parts = " / ".join(p for p in (row["numerator"], row["denominator"]) if p)
        shown = f"{example[0]:g} / {example[1]:g} × {unit['fraction_multiplier']} = {example[2]:g} {unit['name_en']}" if example else ""
        usual = f"{row['plausible_min'] or '…'} – {row['plausible_max'] or '…'}"
        meant = "; ".join(r["name_en"] for r in registry["definitions"] if r["indicator_code"] == row["indicator_code"])
        card = (spelled, row["name_en"], unit["name_en"], parts, shown, usual, row["definition_confidence"].replace("_", " "), meant)
        for column, text in enumerate(card):
            guide.write_string(number, column, text, wrap)


def default_indicators(contracts_dir: Path) -> tuple[str, ...]:
    """Indicators of a template when none are named: those the forum names first, and what the samples hold most."""
    registry = load_registry(contracts_dir)
    return tuple(r["indicator_code"] for r in registry["indicators"] if r["focus"])
