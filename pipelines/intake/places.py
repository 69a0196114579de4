"""Whose city a row names: matched, of another country, or asked.

Belongs here: a matched name against what the row says of country and level. Does not belong here: matching itself, and what is
left out (left_out).
"""

from dataclasses import dataclass

from pipelines.domain.answers import IGNORED
from pipelines.domain.places import CITY
from pipelines.domain.texts import cell_address, fold
from pipelines.intake.countries import RowCountries, RowCountry, Whose, levels_said, split_country
from pipelines.intake.found_tables import Table
from pipelines.intake.headers import Column
from pipelines.intake.matching import Matcher
from pipelines.intake.own_names import Likeness, OwnNames

UNSAID = RowCountry(Whose.UNSAID)


@dataclass(frozen=True, slots=True)
class Place:
    """What a row says of its city.

    Attributes:
        written, code, cell, taken: the name, its city, where it stands, what was taken off it.
        country: whose the row is; ``elsewhere`` is set where it is of another country.
        is_asked: the name alone decides nothing, so no ``*`` leaves it out.
    """

    written: str
    code: str | None
    cell: str
    taken: str = ""
    country: RowCountry = UNSAID
    is_asked: bool = False

    @property
    def elsewhere(self) -> bool:
        """Whether the row is of another country than the sender's."""
        return self.country.whose is Whose.OTHER


class PlaceReader:
    """The places of one table's rows."""

    def __init__(self, table: Table, matcher: Matcher) -> None:
        self.table = table
        self.matcher = matcher
        self.member = matcher.habits.member_code
        self.city_columns = table.columns_of("city")[:2]
        self.countries = RowCountries(table, matcher)
        self.own = OwnNames(matcher.vocabulary.cities.get(self.member, {}), matcher.vocabulary.places.levels)
        self.answered = {fold(word): code for word, code in matcher.answers.cities.items()}
        self.is_world = self._names_cities_of_others()

    def at(self, row: int, value: Column) -> Place:
        """Say which place a figure is about."""
        written, code, taken, cell = self._named(row, value)
        country = self.countries.of(row)
        if written and code is None and (split := split_country(written, self.matcher))[1]:
            name, said, country_code = split
            found = self.matcher.city(name)[0]
            own = country_code == self.member
            if country.whose in (Whose.UNSAID, Whose.OWN) and (found or country_code not in (None, self.member)):
                country = RowCountry(Whose.OWN if own else Whose.OTHER if country_code else Whose.UNKNOWN, said)
                written, code = (name, found) if not own or found else (written, code)
        if country.whose is Whose.OTHER:
            return Place(written, None, cell, taken, country)
        if country.whose is Whose.UNKNOWN and code != IGNORED:
            return self._asked(Place(written, code, cell, taken, country), country.written)
        if code is not None and code != IGNORED and (doubt := self._doubt(written, code, row, value)):
            return self._asked(Place(written, code, cell, taken, country), doubt)
        return Place(written, code, cell, taken, country)

    def _named(self, row: int, value: Column) -> tuple[str, str | None, str, str]:
        """The name as written, its city, what was taken off, its cell."""
        if value.city is not None:
            return value.city.written, value.city.target, "", cell_address(value.city.row, value.number)
        if not self.city_columns:
            constant = self.table.constants["city"]
            return constant.written, self.matcher.city(constant.written)[0], "", constant.cell
        texts = tuple(self.table.text(row, c.number) for c in self.city_columns)
        at = self.city_columns[-1] if texts[-1] else self.city_columns[0]
        if len(texts) == 1:
            code, taken = self.matcher.city(texts[0])
            return texts[0], code, taken, cell_address(row, at.number)
        code, written, taken = self.matcher.city_of_parts(texts)
        return written, code, taken, cell_address(row, at.number)

    def _asked(self, place: Place, said: str) -> Place:
        """A name that is asked together with what stands against it, unless the sender answered just that."""
        written = f"{place.written} ({said})"
        if (code := self.answered.get(fold(written))) is not None:
            return Place(written, code, place.cell, place.taken, place.country)
        # An unknown city of an unknown country is no city of ours by any likeness: a '*' may leave it out.
        is_ours = place.code is not None or self.own.of(place.written) in (Likeness.SAME, Likeness.LIKE)
        return Place(written, None, place.cell, place.taken, place.country, is_asked=is_ours)

    def _doubt(self, written: str, code: str, row: int, value: Column) -> str:
        """What speaks against a matched city: another level said by row or header, or a namesake that the file does not exclude."""
        places, levels = self.matcher.vocabulary.places, self.matcher.vocabulary.places.levels_of_city.get(code)
        if levels is None or fold(written) == fold(code):
            return ""
        said = levels_said(self.table, row, self.matcher, self.city_columns if value.city is None else [])
        twins = places.twins.get((code, fold(written)), ())
        if not said and not twins:
            return ""
        named = self.own.bare(written).levels
        if said and not set(said) & levels and not named & levels:
            return self._level_word(row, said[0])
        if self.is_world and (others := [t for t in twins if t.country_code != self.member]) and self.countries.of(row).whose is Whose.UNSAID:
            return f"or {others[0].name}"
        is_column = value.city is None and bool(self.city_columns)
        namesakes = [t for t in twins if t.country_code == self.member and t.level != CITY]
        return f"or {namesakes[0].name}" if namesakes and is_column and not said and not named else ""

    def _level_word(self, row: int, level: str) -> str:
        """The row's own word for its level, else the header's."""
        levels = self.matcher.vocabulary.places.levels
        for column in self.table.columns_of("level"):
            if levels.get(fold(self.table.text(row, column.number))) == level:
                return self.table.text(row, column.number)
        return next((w for c in self.city_columns for w in c.written.split(" / ") if levels.get(fold(w)) == level), level)

    def _names_cities_of_others(self) -> bool:
        """Whether the table's city column holds cities of other members: then it is a list of the world, and a name may be of any country."""
        if len(self.city_columns) != 1 or self.countries.columns:
            return False
        known = self.matcher.vocabulary.cities
        mine = known.get(self.member, {})
        others = {name for member, names in known.items() if member not in ("*", self.member) for name in names} - set(mine)
        return any(fold(self.table.text(r, self.city_columns[0].number)) in others for r in self.table.data_rows)
