"""Which figures enter an index, which cities may be ranked, and why not the others.

Belongs here: choosing figures of a recipe and putting them into arrays. Does not belong here: any formula (methods).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipelines.contracts.catalogues import Row
from pipelines.domain.comparability import Candidate, Grade, Traits, compare, most_typical, one_of_each_place
from pipelines.domain.recipes import Recipe
from pipelines.methods.blocks import Floats
from pipelines.methods.distances import loss_outside_band
from pipelines.methods.imputing import Groups
from pipelines.methods.indexes import Cases
from pipelines.methods.measuring import NOT_SHARED
from pipelines.warehouse.index_points import IndexPoint

GRADES = {"comparable": Grade.COMPARABLE, "bridged": Grade.BRIDGED, "with_care": Grade.WITH_CARE}
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class IndexCases:
    """The cities of a recipe as arrays, each figure behind a cell, and what keeps figures and cities out.

    Args:
        cities: codes, in the order of the rows; every city that has a figure, but for those under a condition.
        points: the figure used for a city and indicator.
        left_out: city and indicator to the reason why a figure is not used.
        relative_error: shape (n, m), standard deviation of each figure as a share of itself; ``nan`` where there is no figure.
        shared_error_key: shape (n, m), the same number for figures of one publisher and method; -1 for none.
        grades: shape (n,), the worst comparability grade of each city's figures against the typical one, with the reason.
        withheld: city under a no-ranking condition to the condition's reason.
    """

    cities: tuple[str, ...]
    points: Mapping[Key, IndexPoint]
    left_out: Mapping[Key, str]
    cases: Cases
    relative_error: Floats
    shared_error_key: npt.NDArray[np.int64]
    grades: tuple[Grade, ...]
    grade_reasons: tuple[str, ...]
    withheld: Mapping[str, str]


def traits_of(point: IndexPoint) -> Traits:
    """Give what decides whether a figure compares."""
    currency = point.member_code if point.unit_code.startswith("LCU") else None
    return Traits(
        point.definition, point.definition_grade, point.boundary_code, point.denominator, point.period_start, point.period_end, point.quality_code, currency
    )


def peers_of(recipe: Recipe, member_codes: Sequence[str]) -> Groups:
    """Number the peer group of each city; the numbers mean something within these cities only.

    Args:
        member_codes: the country of each city.
    """
    _, groups = np.unique([recipe.peer_group(code) for code in member_codes], return_inverse=True)
    return groups.astype(np.int64)


def collect_cases(recipe: Recipe, points: Sequence[IndexPoint], conditions: Sequence[Row]) -> IndexCases:
    """Choose a figure for each city and indicator, and leave out what does not compare.

    Args:
        points: figures of the recipe's indicators, in the order of ``index_points``.
        conditions: rows of the registry of use conditions.

    A figure that is not comparable with the most typical one of its indicator is not used: it would be a wrong number on the right scale.
    """
    wanted = [p for p in points if (not recipe.members or p.member_code in recipe.members) and recipe.boundary in ("", p.boundary_code)]
    withheld = {p.city_code: reason for p in wanted if (reason := condition_on(recipe, p, conditions))}
    candidates: dict[Key, list[IndexPoint]] = defaultdict(list)
    older: dict[Key, list[IndexPoint]] = defaultdict(list)
    for point in wanted:
        if point.city_code in withheld:
            continue
        if point.period_year >= recipe.oldest_year:
            candidates[point.city_code, point.indicator_code].append(point)
        else:
            older[point.city_code, point.indicator_code].append(point)
    newest, graded, left_out, typical = _choose(recipe, candidates)
    carried = _carry(older, typical)
    used = {key: point for key, point in newest.items() if key not in left_out}
    cities = tuple(sorted({city for city, _ in newest}))
    worst = [max((graded[c, i.indicator_code] for i in recipe.indicators if (c, i.indicator_code) in used), default=(Grade.COMPARABLE, "")) for c in cities]
    return IndexCases(
        cities, used, left_out, _arrays(recipe, cities, used, carried, left_out), *_errors(recipe, cities, used),
        tuple(g for g, _ in worst), tuple(r for _, r in worst), withheld,
    )  # fmt: skip


def condition_on(recipe: Recipe, point: IndexPoint, conditions: Sequence[Row]) -> str:
    """Give the reason of the condition that keeps a city out of any ranking, empty for none."""
    codes = {i.indicator_code for i in recipe.indicators}
    for row in conditions:
        covers = row["member_code"] in ("", point.member_code) and row["city_code"] in ("", point.city_code)
        if covers and (row["indicator_code"] == "" or row["indicator_code"] in codes):
            return row["reason"]
    return ""


Choice = tuple[dict[Key, IndexPoint], dict[Key, tuple[Grade, str]], dict[Key, str], dict[str, Traits]]


def _one_of_each_city(of_indicator: Mapping[Key, Sequence[IndexPoint]], keys: Sequence[Key]) -> dict[Key, IndexPoint]:
    """Take one figure of each city by the rule of ``comparability``: never one by the accident of its place in the list."""
    listed = [point for key in keys for point in of_indicator[key]]
    chosen = one_of_each_place([Candidate(p.city_code, traits_of(p), p.has_city_boundary) for p in listed])
    return {(listed[at].city_code, listed[at].indicator_code): listed[at] for at in chosen}


def _choose(recipe: Recipe, candidates: Mapping[Key, Sequence[IndexPoint]]) -> Choice:
    """Choose each city's first figure that compares with the typical one of its indicator.

    Returns:
        The figures, their grades, those left out because none of a city's figures compares, with the reason of the first, and the typical
        figure of each indicator.
    """
    chosen: dict[Key, IndexPoint] = {}
    typical_of: dict[str, Traits] = {}
    graded: dict[Key, tuple[Grade, str]] = {}
    left_out: dict[Key, str] = {}
    for item in recipe.indicators:
        keys = [key for key in candidates if key[1] == item.indicator_code]
        if not keys:
            continue
        first = _one_of_each_city(candidates, keys)
        traits = [traits_of(first[k]) for k in keys]
        typical = typical_of[item.indicator_code] = traits[most_typical(traits)]
        for key in keys:
            compared = [(point, compare(traits_of(point), typical)) for point in (first[key], *candidates[key])]
            point, found = next((pair for pair in compared if pair[1].grade is not Grade.NOT_COMPARABLE), compared[0])
            chosen[key] = point
            graded[key] = (found.grade, f"{item.indicator_code}: {'; '.join(found.reasons)}" if found.reasons else "")
            if found.grade is Grade.NOT_COMPARABLE:
                left_out[key] = "; ".join(found.reasons)
    return chosen, graded, left_out, typical_of


def _carry(older: Mapping[Key, Sequence[IndexPoint]], typical: Mapping[str, Traits]) -> dict[Key, IndexPoint]:
    """Choose the older figure that may be carried forward: one that compares with the typical figure, where there is one."""
    carried = {}
    for code in dict.fromkeys(code for _, code in older):
        for key, point in _one_of_each_city(older, [key for key in older if key[1] == code]).items():
            fitting = (p for p in (point, *older[key]) if code not in typical or compare(traits_of(p), typical[code]).grade is not Grade.NOT_COMPARABLE)
            if (first := next(fitting, None)) is not None:
                carried[key] = first
    return carried


def _arrays(recipe: Recipe, cities: Sequence[str], used: Mapping[Key, IndexPoint], older: Mapping[Key, IndexPoint], left_out: Mapping[Key, str]) -> Cases:
    values, carried = (np.full((len(cities), len(recipe.indicators)), np.nan) for _ in range(2))
    for j, item in enumerate(recipe.indicators):
        for i, city in enumerate(cities):
            key = (city, item.indicator_code)
            if key in used:
                values[i, j] = used[key].harmonised_value
            elif key in older and key not in left_out:
                carried[i, j] = older[key].harmonised_value
        if item.band is not None:
            low, high = (np.array(end) for end in item.band)
            values[:, j], carried[:, j] = loss_outside_band(values[:, j], low, high), loss_outside_band(carried[:, j], low, high)
    member_of = {city: point.member_code for (city, _), point in [*older.items(), *used.items()]}
    return Cases(values, carried, peers_of(recipe, [member_of.get(city, "") for city in cities]))


def _errors(recipe: Recipe, cities: Sequence[str], used: Mapping[Key, IndexPoint]) -> tuple[Floats, npt.NDArray[np.int64]]:
    """Give how far off each figure may be, and which err together."""
    shape = (len(cities), len(recipe.indicators))
    relative_error, keys = np.full(shape, np.nan), np.full(shape, NOT_SHARED, np.int64)
    names = sorted({p.shared_error_key for p in used.values() if p.shared_error_key})
    number = {name: at for at, name in enumerate(names)}
    for j, item in enumerate(recipe.indicators):
        for i, city in enumerate(cities):
            if point := used.get((city, item.indicator_code)):
                relative_error[i, j] = point.relative_error
                keys[i, j] = number.get(point.shared_error_key or "", NOT_SHARED)
    return relative_error, keys
