"""Templates of the flat contracts: maturity by a scheme, and cases.

Belongs here: contract (and scheme) to an .xlsx. Does not belong here: reading it back (intake).
"""

import datetime
import io
from pathlib import Path

from pipelines.contracts.catalogues import load_registry
from pipelines.contracts.documents import CASES, MATURITY, read_synonyms
from pipelines.contracts.labels import RIGHT_TO_LEFT, language_of
from pipelines.domain.errors import UsageError
from pipelines.domain.spreadsheet_texts import written_for_spreadsheets

ROLES = ("city", "scheme", "assessed_on", "track", "item", "level", "target_level", "target_year", "action", "evidence", "evidence_owner", "evidence_until",
         "change_reason", "source", "comment")  # fmt: skip
WIDTHS = (18, 14, 14, 12, 40, 10, 12, 12, 30, 30, 18, 16, 24, 30, 24)
CREATED = datetime.datetime(2026, 1, 1)


CASE_ROLES = ("city", "case", "title_local", "started", "situation", "action", "result", "lesson", "indicators", "goals", "source", "comment")
CASE_WIDTHS = (18, 30, 30, 10, 44, 44, 44, 44, 34, 24, 34, 24)
EMPTY_CASES = 20


def header_words(contracts_dir: Path, language: str, *, contract_id: str = MATURITY, roles: tuple[str, ...] = ROLES) -> list[str]:
    """Header of each column in a language; English where the contract has no synonym."""
    synonyms = read_synonyms(contracts_dir, contract_id)
    found = []
    for role in roles:
        of_role = [(word, locale) for word, locale, r in synonyms if r == role]
        found.append(next((w for w, locale in of_role if language_of(locale) == language), of_role[0][0]))
    return found


def write_maturity_template(contracts_dir: Path, member_code: str, *, scheme_code: str, language: str = "") -> bytes:
    """Write a row for each of the member's cities and areas of the scheme, with what each level looks like on a second sheet.

    Rows whose level, target, action and evidence stay empty are left out when the file comes back.

    Raises:
        UsageError: unknown member or scheme.
    """
    import xlsxwriter

    registry = load_registry(contracts_dir)
    members = {row["member_code"]: row for row in registry["members"]}
    schemes = {row["scheme_code"]: row for row in registry["maturity_schemes"]}
    if member_code not in members:
        raise UsageError(f"There is no member '{member_code}'. Members: {', '.join(sorted(members))}.")
    if scheme_code not in schemes:
        raise UsageError(f"There is no maturity scheme '{scheme_code}'. Schemes: {', '.join(sorted(schemes))}.")
    language = language_of(language or members[member_code]["language"])
    areas = [row for row in registry["maturity_items"] if row["scheme_code"] == scheme_code and row["row_type"] == "area"]
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": "citybench maturity template", "created": CREATED})
    page = book.add_worksheet("Maturity")
    bold, wrap = book.add_format({"bold": True, "bg_color": "#dbe7ec", "border": 1, "text_wrap": True}), book.add_format({"text_wrap": True, "valign": "top"})
    for column, (word, width) in enumerate(zip(header_words(contracts_dir, language), WIDTHS, strict=True)):
        page.set_column(column, column, width)
        page.write_string(0, column, word, bold)
    number = 0
    for city in (row["name_en"] for row in registry["cities"] if row["member_code"] == member_code):
        for area in areas:
            number += 1
            for column, text in ((0, city), (1, scheme_code), (4, area["name_ko"] if language == "ko" and area["name_ko"] else area["name"])):
                page.write_string(number, column, written_for_spreadsheets(text))
    n_levels = int(schemes[scheme_code]["n_levels"])
    page.data_validation(1, 3, number, 3, {"validate": "list", "source": ["self", "peer", "verifier"], "error_type": "warning"})
    page.data_validation(1, 5, number, 6, {"validate": "integer", "criteria": "between", "minimum": 1, "maximum": n_levels, "error_type": "warning"})
    page.freeze_panes(1, 0)
    if language in RIGHT_TO_LEFT:
        page.right_to_left()
    guide = book.add_worksheet("Levels")
    for column, key in enumerate(("id", "name", "name_ko", "what_is_judged", *(f"level{n}" for n in range(1, n_levels + 1)))):
        guide.set_column(column, column, 12 if key == "id" else 34)
        guide.write_string(0, column, key.replace("_", " "), bold)
        for row_number, area in enumerate(areas, 1):
            guide.write_string(row_number, column, area[key], wrap)
    book.close()
    return stream.getvalue()


def write_cases_template(contracts_dir: Path, member_code: str, *, language: str = "") -> bytes:
    """Write the columns of a file of cases, with the codes of indicators and goal sets on sheets beside it.

    Raises:
        UsageError: unknown member.
    """
    import xlsxwriter

    registry = load_registry(contracts_dir)
    members = {row["member_code"]: row for row in registry["members"]}
    if member_code not in members:
        raise UsageError(f"There is no member '{member_code}'. Members: {', '.join(sorted(members))}.")
    language = language_of(language or members[member_code]["language"])
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": "citybench template of cases", "created": CREATED})
    bold, wrap = book.add_format({"bold": True, "bg_color": "#dbe7ec", "border": 1, "text_wrap": True}), book.add_format({"text_wrap": True, "valign": "top"})
    page = book.add_worksheet("Cases")
    for column, (word, width) in enumerate(zip(header_words(contracts_dir, language, contract_id=CASES, roles=CASE_ROLES), CASE_WIDTHS, strict=True)):
        page.set_column(column, column, width, wrap)
        page.write_string(0, column, word, bold)
    cities = [row["name_en"] for row in registry["cities"] if row["member_code"] == member_code]
    lists = {"Indicator codes": ("indicators", "indicator_code", "name_en"), "Goal set codes": ("goal_sets", "goal_set_code", "name_en")}
    for name, (table, code, label) in lists.items():
        sheet = book.add_worksheet(name)
        sheet.set_column(0, 1, 40)
        for number, row in enumerate(registry[table]):
            sheet.write_string(number, 0, row[code])
            sheet.write_string(number, 1, row[label])
    own = book.add_worksheet("Cities")
    for number, city in enumerate(cities):
        own.write_string(number, 0, city)
    if cities:
        page.data_validation(1, 0, EMPTY_CASES, 0, {"validate": "list", "source": f"=Cities!$A$1:$A${len(cities)}", "error_type": "warning"})
    page.freeze_panes(1, 0)
    if language in RIGHT_TO_LEFT:
        page.right_to_left()
    book.close()
    return stream.getvalue()
