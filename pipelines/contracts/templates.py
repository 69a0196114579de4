"""The submission template, written from the contract: columns, drop-downs, units, guidance, identity.

Belongs here: rows to an .xlsx and a .csv. Does not belong here: reading a template back (intake).
"""

import csv
import datetime
import io
from pathlib import Path
from typing import Any

from pipelines.contracts.catalogues import Row, code_spellings, load_contract, load_registry
from pipelines.contracts.documents import read_synonyms
from pipelines.contracts.labels import RIGHT_TO_LEFT, label, language_of
from pipelines.contracts.template_rows import (
    COLUMNS,
    WORD_LISTS,
    LastFigure,
    TemplateRow,
    core_indicators,
    template_rows,
    words_of,
    written_figure,
)  # fmt: skip
from pipelines.domain.errors import UsageError
from pipelines.domain.spreadsheet_texts import written_for_spreadsheets
from pipelines.domain.templates import DATA_SHEET, IDENTITY_SHEET, TemplateIdentity, hand_out

WIDTHS = (20, 22, 38, 12, 16, 20, 14, 14, 16, 24, 14, 14, 30, 30)
FIRST_ROW = 5
EXTRA_ROWS = 200
LISTS_SHEET = "Lists"
CREATED = datetime.datetime(2026, 1, 1)


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


def identity_of(contracts_dir: Path, member_code: str, language: str, rows: list[TemplateRow], *, own_sheets: tuple[str, ...] = ()) -> TemplateIdentity:
    """Say which template this is and what is handed out in it; the digest shows whether its identity was changed."""
    contract = load_contract(contracts_dir)
    handed_out = hand_out([row.content for row in rows if row.content is not None])
    return TemplateIdentity(contract.contract_id, contract.version, member_code, language, handed_out, own_sheets).signed()


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
    rows = template_rows(contracts_dir, member_code, indicator_codes=indicator_codes, last=last, language=language)
    names = headers(contracts_dir, language)
    if as_csv:
        return _write_csv(identity_of(contracts_dir, member_code, language, rows), names, rows)
    own_sheets = (LISTS_SHEET, label(contracts_dir, "guide_sheet", language))
    identity = identity_of(contracts_dir, member_code, language, rows, own_sheets=own_sheets)
    return _write_workbook(contracts_dir, identity, names, rows, members[member_code])


def _csv_cell(cell: str | float | None) -> str:
    if cell is None:
        return ""
    return written_figure(cell) if isinstance(cell, float) else written_for_spreadsheets(str(cell))


def _write_csv(identity: TemplateIdentity, names: list[str], rows: list[TemplateRow]) -> bytes:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    parts = identity.to_parts(at_most=len(names))
    writer.writerow([*parts, *[""] * (len(names) - len(parts))])
    writer.writerow(names)
    writer.writerows([[_csv_cell(cell) for cell in row.cells] for row in rows])
    return b"\xef\xbb\xbf" + stream.getvalue().encode()


def _write_workbook(contracts_dir: Path, identity: TemplateIdentity, names: list[str], rows: list[TemplateRow], member: Row) -> bytes:
    import xlsxwriter

    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": "citybench template", "created": CREATED})
    book.set_calc_mode("auto")
    page = book.add_worksheet(DATA_SHEET)
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
        for column, cell in enumerate(row.cells):
            if isinstance(cell, float):
                page.write_number(number, column, cell, grey)
            elif cell is not None:
                page.write_string(number, column, written_for_spreadsheets(cell), quiet if column == 2 else grey if row.content is not None else None)
    page.freeze_panes(FIRST_ROW, 2)
    if language in RIGHT_TO_LEFT:
        page.right_to_left()
    _add_lists(book, page, FIRST_ROW + len(rows) + EXTRA_ROWS, word_lists(contracts_dir, member["member_code"], language, rows))
    _add_guide(book, contracts_dir, language, rows)
    hidden = book.add_worksheet(IDENTITY_SHEET)
    for number, part in enumerate(identity.to_parts()):
        hidden.write_string(number, 0, part)
    hidden.very_hidden()
    book.close()
    return stream.getvalue()


def word_lists(contracts_dir: Path, member_code: str, language: str, rows: list[TemplateRow]) -> dict[str, list[str]]:
    """The words offered in each column that has a list; a file with any of them is read."""
    registry = load_registry(contracts_dir)
    return {
        "city": [r["name_en"] for r in registry["cities"] if r["member_code"] == member_code],
        "indicator": list(dict.fromkeys(str(row.cells[COLUMNS.index("indicator")]) for row in rows)),
        "unit": list(dict.fromkeys(r["unit_code"] for r in registry["units"])),
        **{role: list(words_of(contracts_dir, role, language).values()) for role in WORD_LISTS},
    }


def _add_lists(book: Any, page: Any, last_row: int, lists: dict[str, list[str]]) -> None:
    sheet = book.add_worksheet(LISTS_SHEET)
    for position, (role, words) in enumerate(lists.items()):
        for number, word in enumerate(words):
            sheet.write_string(number, position, word)
        letter, column = chr(65 + position), COLUMNS.index(role)
        name = f"words_of_{role}"
        book.define_name(name, f"={LISTS_SHEET}!${letter}$1:${letter}${max(1, len(words))}")
        # Only a warning: a unit of the office's own is read too.
        page.data_validation(FIRST_ROW, column, last_row, column, {"validate": "list", "source": f"={name}", "error_type": "warning"})


def _add_guide(book: Any, contracts_dir: Path, language: str, rows: list[TemplateRow]) -> None:
    registry = load_registry(contracts_dir)
    wanted = {str(row.cells[1]) for row in rows}
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


def default_indicators(contracts_dir: Path, last: tuple[LastFigure, ...] = ()) -> tuple[str, ...]:
    """Indicators of a template when none are named: the core set that every city is asked for, and what the member reported before."""
    reported = {f.indicator_code for f in last}
    core = core_indicators(contracts_dir)
    others = tuple(r["indicator_code"] for r in load_registry(contracts_dir)["indicators"] if r["indicator_code"] in reported)
    return tuple(dict.fromkeys(core + others))
