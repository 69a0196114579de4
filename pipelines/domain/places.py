"""Words that say where a place is: countries, levels of administration, names that several places share.

Belongs here: look-up values and how they are asked. Does not belong here: reading registers (contracts), a file's rows (intake).
"""

import re
from dataclasses import dataclass, field

from pipelines.domain.texts import fold

CITY, FIRST, SECOND, PART = "city", "first", "second", "part"
COUNTRY_MARKS = re.compile(r"[.,()'’\"]")


@dataclass(frozen=True, slots=True)
class Twin:
    """Another place of the same name: its own name in full, its level and its country."""

    name: str
    level: str
    country_code: str


@dataclass(frozen=True, slots=True)
class PlaceWords:
    """What is known about countries and levels.

    Attributes:
        countries: country key to ISO 3166 alpha-3 code; asked_of: country key to members for whom that word alone decides nothing.
        levels: folded word to level: country, first (province), second (county), city, part (ward, barangay).
        levels_of_city: city code to the levels on which the register's city stands.
        twins: city code and folded name to the other places of that name.
    """

    countries: dict[str, str] = field(default_factory=dict)
    asked_of: dict[str, frozenset[str]] = field(default_factory=dict)
    levels: dict[str, str] = field(default_factory=dict)
    levels_of_city: dict[str, frozenset[str]] = field(default_factory=dict)
    twins: dict[tuple[str, str], tuple[Twin, ...]] = field(default_factory=dict)

    def country(self, written: str, *, of_member: str) -> str | None:
        """The country that a word names; ``None`` when it is not known or decides nothing for this member."""
        key = country_key(written)
        return None if of_member in self.asked_of.get(key, ()) else self.countries.get(key)

    def is_country(self, written: str) -> bool:
        """Whether a word names a country at all."""
        return country_key(written) in self.countries


def country_key(written: str) -> str:
    """Fold a country's name or code: ``Korea (Rep. of)``, ``Korea, Rep. of`` and ``the Philippines`` lose marks and article."""
    return " ".join(COUNTRY_MARKS.sub(" ", fold(written)).split()).removeprefix("the ")
