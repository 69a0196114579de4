"""Which columns and lines say the country of a row, and what they say.

Belongs here: country columns by header or by what stands in them, and the country of one row.
Does not belong here: the city itself (places), the words for countries (contracts).
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from pipelines.domain.observations import ReadingTrouble
from pipelines.domain.places import CITY, PlaceWords
from pipelines.domain.texts import column_letters, fold
from pipelines.intake.found_tables import Table
from pipelines.intake.headers import PATH_MARK, Column
from pipelines.intake.layout_faults import HEADER_FAULT
from pipelines.intake.matching import Matcher

UNREAD = ("ignored", "left_out", "unknown")
LEVEL = "level"


class Whose(StrEnum):
    """What a row says of its country; ``unsaid`` where nothing in the file does."""

    OWN = "own"
    OTHER = "other"
    UNKNOWN = "unknown"
    UNSAID = "unsaid"


@dataclass(frozen=True, slots=True)
class RowCountry:
    """Whose a row is, and the words that say so."""

    whose: Whose
    written: str = ""


def settle_place_columns(table: Table, matcher: Matcher) -> list[ReadingTrouble]:
    """Give country and level columns their role: by their header, or by holding nothing but names of countries or levels.

    A column that says the country or the level is read even where an answer leaves it out: it carries no figure, and without it
    a row of another country, or of a ward of a city's name, would become the member's own city.

    Returns:
        A trouble for each column that ``*`` would leave out although it names other countries.
    """
    places, member, troubles = matcher.vocabulary.places, matcher.habits.member_code, []
    cities = table.columns_of("city")
    for position, column in enumerate(table.columns):
        if column.role in UNREAD and _is_country_header(column, matcher):
            table.columns[position] = replace(column, role="country")
            continue
        if column.role not in UNREAD and not (column.role == "city" and len(cities) > 1):
            continue
        texts = {table.text(r, column.number) for r in table.data_rows} - {""}
        if texts and all(fold(t) in places.levels for t in texts) and column.role != "city":
            table.columns[position] = replace(column, role=LEVEL)
            table.repairs.append(f"{column_letters(column.number)}{column.row}: column {column.written!r} read as the level of the place")
        elif texts and all(places.is_country(t) and not t.isdigit() for t in texts):
            if column.role == "city" and not any(matcher.city(t)[0] for t in texts):
                table.columns[position] = replace(column, role="country")
                cities = table.columns_of("city")
                table.repairs.append(f"{column_letters(column.number)}{column.row}: column {column.written!r} read as the country of the row")
            elif column.role == "left_out" and any(places.country(t, of_member=member) != member for t in texts):
                table.columns[position] = replace(column, role="unknown")
                found = f"{column.written}{HEADER_FAULT}it names countries, and is not left out with the others"
                troubles.append(ReadingTrouble("headers_are_known", found, table.sheet.name, column.row, column_letters(column.number)))
    return troubles


def _is_country_header(column: Column, matcher: Matcher) -> bool:
    words = (column.written, *column.written.split(PATH_MARK))
    return any(matcher.vocabulary.headers.get(fold(w)) == "country" for w in words)


class RowCountries:
    """The country of each row of one table."""

    def __init__(self, table: Table, matcher: Matcher) -> None:
        self.table = table
        self.places: PlaceWords = matcher.vocabulary.places
        self.member = matcher.habits.member_code
        self.columns = table.columns_of("country")
        self.above: dict[int, str] = {}

    def of(self, row: int) -> RowCountry:
        """Say whose a row is: by its country columns, else by a line above the table."""
        constant = self.table.constants.get("country")
        texts = [self._text(row, c.number) for c in self.columns]
        written = next((t for t in texts if t), "") or (constant.written if constant and not self.columns else "")
        if not self.columns and constant is None:
            return RowCountry(Whose.UNSAID)
        named = {self.places.country(t, of_member=self.member) for t in ([t for t in texts if t] if self.columns else [written])} - {None}
        if named == {self.member}:
            return RowCountry(Whose.OWN, written)
        if named and self.member not in named:
            said = [t for t in (*texts, written) if t and self.places.country(t, of_member=self.member)]
            return RowCountry(Whose.OTHER, next((t for t in said if not t.isdigit()), said[0]))
        return RowCountry(Whose.UNKNOWN, written or "…")

    def _text(self, row: int, column: int) -> str:
        """A cell's text; a blank one repeats the cell above where the whole column names the member's own country alone."""
        if column not in self.above:
            texts = {self.table.text(r, column) for r in self.table.data_rows} - {""}
            own = bool(texts) and all(self.places.country(t, of_member=self.member) == self.member for t in texts)
            self.above[column] = min(texts) if own else ""
        text = self.table.text(row, column)
        return text or self.above[column]


def split_country(written: str, matcher: Matcher) -> tuple[str, str, str | None]:
    """Take a country off the end of a city's name, as in ``George Town, Australia`` or ``Hue (Viet Nam)``.

    Returns:
        The name, the country's words, its code; words and code are empty when no country stands there.
    """
    places, member = matcher.vocabulary.places, matcher.habits.member_code
    plain = written.strip()
    if plain.endswith((")", "）")):
        name, _, said = plain[:-1].replace("（", "(").rpartition("(")
    else:
        name, _, said = plain.replace("，", ",").replace("、", ",").rpartition(",")
    name, said = name.strip(), said.strip()
    if not name or not said or said.isdigit() or not places.is_country(said):
        return written, "", None
    code = places.country(said, of_member=member)
    # Two letters are a country only when they are the sender's own: CA and IN are also states.
    return (written, "", None) if len(said) == 2 and code != member else (name, said, code)


def levels_said(table: Table, row: int, matcher: Matcher, city_columns: list[Column]) -> list[str]:
    """Levels that a row says: by its level column, else by the header over its city when that is one level word."""
    levels = matcher.vocabulary.places.levels
    said = [levels[fold(t)] for c in table.columns_of(LEVEL) if (t := table.text(row, c.number)) and fold(t) in levels]
    if said or not city_columns:
        return said
    column = next((c for c in reversed(city_columns) if table.text(row, c.number)), city_columns[0])
    words = [column.written, *column.written.split(PATH_MARK)]
    return [levels[fold(w)] for w in words if fold(w) in levels][:1] or ([CITY] if _is_answered(column, matcher) else [])


def _is_answered(column: Column, matcher: Matcher) -> bool:
    return any(matcher.answered_headers.get(fold(w)) == "city" for w in (column.written, *column.written.split(PATH_MARK)))
