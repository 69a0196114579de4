"""Where a city has several figures of one indicator, one is shown beside other cities by a rule, and never by its place in a list."""

import datetime
import itertools

import pytest

from pipelines.domain.comparability import Candidate, Traits, most_typical, one_of_each_place

OWN, URBAN = "administrative", "urban_extent"


def candidate(place: str, definition: str | None = None, *, boundary: str = OWN, year: int = 2020, has_value: bool = True) -> Candidate:
    grades = {None: "not_declared", "resident": "reference"}
    traits = Traits(definition, grades.get(definition, "not_comparable"), boundary, None, datetime.date(year, 1, 1), datetime.date(year, 12, 31), "measured")
    return Candidate(place, traits, boundary == OWN, has_value)


def chosen(*candidates: Candidate) -> dict[str, tuple[str | None, str, int]]:
    taken = [candidates[at] for at in one_of_each_place(candidates)]
    assert len({c.place for c in taken}) == len(taken)
    return {c.place: (c.traits.definition, c.traits.boundary, c.traits.period_start.year) for c in taken}


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_the_definition_that_most_cities_have_is_taken_whatever_the_order(order: tuple[int, ...]) -> None:
    several = [candidate("A", "resident"), candidate("A", "registered"), candidate("A", "daytime")]
    others = [candidate("B", "registered"), candidate("C", "registered")]
    assert chosen(*(several[at] for at in order), *others)["A"] == ("registered", OWN, 2020)


def test_the_boundary_that_most_cities_have_goes_before_the_citys_own() -> None:
    others = [candidate(c, "resident", boundary=URBAN) for c in "BCD"]
    assert chosen(candidate("A", "resident"), candidate("A", "resident", boundary=URBAN), *others)["A"] == ("resident", URBAN, 2020)


def test_alone_a_city_stands_with_its_own_boundary_and_the_reference_definition() -> None:
    both = [candidate("A", "registered"), candidate("A", "resident", boundary=URBAN), candidate("A", "resident")]
    for order in itertools.permutations(both):
        assert chosen(*order)["A"] == ("resident", OWN, 2020)


def test_an_older_figure_of_the_same_kind_does_not_go_before_a_newer_one_that_compares_with_care() -> None:
    assert chosen(candidate("A", None, year=2023), candidate("A", "resident", year=2010), candidate("B", "resident", year=2010))["A"] == (None, OWN, 2023)


def test_a_value_goes_before_a_reason_for_none_and_a_city_without_any_value_is_kept() -> None:
    found = chosen(candidate("A", "resident", has_value=False), candidate("A", "registered"), candidate("B", "resident"), candidate("C", has_value=False))
    assert found["A"] == ("registered", OWN, 2020)
    assert set(found) == {"A", "B", "C"}


def test_the_most_typical_figure_does_not_depend_on_the_order() -> None:
    tied = [candidate("A", "resident", year=2019), candidate("B", "registered", year=2021), candidate("C", None, year=2020), candidate("D", boundary=URBAN)]
    traits = [c.traits for c in tied]
    assert len({order[most_typical(order)] for order in itertools.permutations(traits)}) == 1


def test_of_equals_the_reference_and_the_newest_are_typical() -> None:
    older, newer, other = (candidate("A", d, year=y).traits for d, y in (("resident", 2018), ("resident", 2020), ("daytime", 2022)))
    assert {order[most_typical(order)] for order in itertools.permutations((older, newer, other))} == {newer}
