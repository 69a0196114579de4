"""Words for places from the registers of countries, levels and shared names.

Belongs here: registry rows to look-up values. Does not belong here: the words of cities themselves (catalogues).
"""

from collections import defaultdict

from pipelines.domain.errors import ContractError
from pipelines.domain.places import CITY, FIRST, PART, SECOND, PlaceWords, Twin, country_key
from pipelines.domain.texts import fold

Row = dict[str, str]


def read_places(registry: dict[str, list[Row]]) -> PlaceWords:
    """Build the words for places.

    Raises:
        ContractError: one country word stands for two countries, or a shared name is none of its city's names.
    """
    countries: dict[str, str] = {}
    asked_of: dict[str, frozenset[str]] = {}
    for row in registry["country_names"]:
        for word in (row["country_code"], row["iso2_code"], row["m49_code"], row["m49_code"].lstrip("0"), row["name"]):
            key = country_key(word)
            if countries.setdefault(key, row["country_code"]) != row["country_code"]:
                raise ContractError(f"country_names.csv: '{word}' stands for both {countries[key]} and {row['country_code']}.")
            if row["asked_of"]:
                asked_of[key] = frozenset(row["asked_of"].split())
    names = {(r["city_code"], fold(r["name"])) for r in registry["city_names"]}
    twins: dict[tuple[str, str], list[Twin]] = defaultdict(list)
    for row in registry["place_twins"]:
        at = (row["city_code"], fold(row["name"]))
        if at not in names:
            raise ContractError(f"place_twins.csv: '{row['name']}' is no name of {row['city_code']} in city_names.csv.")
        twins[at].append(Twin(row["twin"], row["level"], row["country_code"]))
    return PlaceWords(
        countries=countries,
        asked_of=asked_of,
        levels={fold(r["word"]): r["level"] for r in registry["place_levels"]},
        levels_of_city={r["city_code"]: _levels(r) for r in registry["cities"]},
        twins={at: tuple(found) for at, found in twins.items()},
    )


def _levels(city: Row) -> frozenset[str]:
    """Levels on which a city stands: one that is itself a first division of its country is both; a district is a part."""
    if city["boundary_code"] == "district":
        return frozenset((PART, SECOND, CITY))
    return frozenset((CITY, FIRST)) if city["iso3166_2_relation"] == "is" else frozenset((CITY,))
