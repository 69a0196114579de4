"""Where a figure was taken from, field by field, and the year that a note itself names.

Belongs here: source fields and remark of one row, and the data years that a locator names. Does not belong here: whether such
a year is the figure's (the contract's rule), which column belongs to which figure (companion_columns).
"""

import re
from collections.abc import Mapping
from functools import lru_cache

from pipelines.domain.observations import ReadingTrouble, ReportedObservation
from pipelines.domain.source_fields import METHOD, SOURCE_LINES, SOURCE_TEXTS
from pipelines.domain.texts import cell_address, column_letters, fold
from pipelines.domain.vocabularies import Vocabulary
from pipelines.intake.found_tables import Table
from pipelines.intake.headers import Column

FORMULA_STARTS = ("=", "+", "@", "\t", "\r")
MAX_NOTE = 2_000
SEGMENT = re.compile(r"[;；,，、\n|]")
# A year in a file's name or an address says when something was published, never which column was read.
ADDRESS = re.compile(r"https?://\S+", re.I)
FILE_ENDING = re.compile(r"\.(?:csv|tsv|txt|xlsx?|ods|pdf|docx?|zip|json|html?)\b", re.I)
PLACE_BEFORE = re.compile(
    r"\b(?:columns?|cols?|rows?|cells?|fields?|items?|years?|kolom|baris|sel|lajur|cột|dòng|hàng)\b"
    r"|(?:คอลัมน์|แถว|เซลล์|عمود|العمود|صف|الصف|خلية|الخلية|单元格|單元格|儲存格|セル|列)"
    r"|(?<![가-힣])(?:열|행|칸)(?![가-힣])"
    r"|\b(?:tahun|năm)\s*=|(?:연도|年度|年份|年|ปี|السنة)\s*[=:：]",
    re.I,
)
PLACE_BEHIND = re.compile(r"(?<!\d)((?:19[5-9]|20\d)\d)(?:년|年)?\s{0,2}(?:열|列|행|칸|セル|column|kolom|cột)", re.I)
YEAR = re.compile(r"(?<!\d)(?:19[5-9]|20\d)\d(?!\d)")
# Before a year, these say when a source came out or was read, or what another quantity's year is.
NOT_THE_DATA = re.compile(
    r"(?:source|publication|population|base|yearbook|edition|release[ds]?|version|publish\w*|access\w*|retriev\w*|updat\w*|as of|diakses|terbit\w*"
    r"|accounting year of|발행|게시|접속|刊|発行|公表|閲覧|发布|出版|發布|查阅|truy cập|xuất bản|เผยแพร่|เข้าถึง|نشر|اطلاع)"
    r"\W{0,3}(?:(?:year|on|in|of|tahun|năm|ปี|년|年)\W{0,3})?$",
    re.I,
)


@lru_cache(maxsize=20_000)
def named_years(note: str) -> tuple[int, int] | None:
    """Give the span of data years that a note names by a column, a row, a cell or a field.

    ``column 2015`` and ``items A (2015)`` name a year; ``Yearbook 2021``, ``accessed 2024-02-20`` and the name of a
    file do not. Years of other calendars are not judged: their names are no four digits of this century.

    Returns:
        First and last year, or ``None`` where the note names none.
    """
    years: list[int] = []
    for segment in SEGMENT.split(_without_file_names(note[:MAX_NOTE])):
        years += [int(m[1]) for m in PLACE_BEHIND.finditer(segment)]
        if (place := PLACE_BEFORE.search(segment)) is None:
            continue
        for match in YEAR.finditer(segment, place.end()):
            if not NOT_THE_DATA.search(segment, max(0, match.start() - 30), match.start()):
                years.append(int(match[0]))
    return (min(years), max(years)) if years else None


def _without_file_names(note: str) -> str:
    """A note without addresses and without words up to the last ending of a file in them; what separates words stays."""
    words = re.split(r"(\s)", ADDRESS.sub(" ", note))
    return "".join(_behind_file_name(word) for word in words)


def _behind_file_name(word: str) -> str:
    ends = [found.end() for found in FILE_ENDING.finditer(word, 1)]
    return f" {word[ends[-1] :]}" if ends else word


def fill_source_fields(one: ReportedObservation, row: int, table: Table, role: Mapping[str, Column], vocabulary: Vocabulary) -> None:
    """Fill source note, source fields and remark of a figure: from its own column, else from a line about the whole table."""
    one.source_note = _said("source", row, table, role)[0] or None
    if "comment" in role:
        one.comment_written = table.text(row, role["comment"].number) or None
    for name in SOURCE_TEXTS:
        setattr(one, name, _said(name, row, table, role)[0] or None)
    written, cell = _said(METHOD, row, table, role)
    if written:
        one.method_written, one.method_cell = written, cell or None
        one.method_code = vocabulary.methods.get(fold(written))
    note, cell = _said("source_locator", row, table, role)
    if not note:
        note, cell = _said("source", row, table, role)
    if note and (years := named_years(note)) is not None:
        one.source_cell = cell or None
        one.source_first_year, one.source_last_year = years


def formula_troubles(row: int, table: Table, role: Mapping[str, Column]) -> list[ReadingTrouble]:
    """Texts of a row about source and remark that a spreadsheet would take for a formula."""
    said = [(role[name].number, table.text(row, role[name].number)) for name in (*SOURCE_LINES, "comment") if name in role]
    return [
        ReadingTrouble("text_is_not_a_formula", text, table.sheet.name, row, column_letters(number)) for number, text in said if text.startswith(FORMULA_STARTS)
    ]


def _said(name: str, row: int, table: Table, role: Mapping[str, Column]) -> tuple[str, str]:
    """What a row, or a line about its table, says under a role, and where."""
    if (header := role.get(name)) is not None and (text := table.text(row, header.number)):
        return text, cell_address(row, header.number)
    constant = table.constants.get(name)
    return (constant.written, constant.cell) if constant else ("", "")
