"""Lines over time: gaps and breaks stay open, what is not firm is dotted, and only figures that belong together are joined."""

import dataclasses
import datetime
import typing

from app.components.series import line_rows, point_rows, shown_breaks
from pipelines.warehouse.querying import Figure
from pipelines.warehouse.querying_goals import BreakRow

DAY = datetime.date


def figure(year: int, value: float | None, **changes: object) -> Figure:
    kinds = typing.get_type_hints(Figure)
    blank = {f.name: {str: "", int: 0, float: 0.0, bool: True, DAY: DAY(2020, 1, 1)}.get(kinds[f.name]) for f in dataclasses.fields(Figure)}
    given = {"city_code": "CHN-X", "city_name": "Synthetic", "member_code": "CHN", "member_name": "Forum", "period_start": DAY(year, 1, 1),
             "period_end": DAY(year, 12, 31), "period_type": "year", "period_year": year, "period_label": str(year), "harmonised_value": value,
             "decimals": 1, "status_code": "observed", "boundary_code": "administrative", **changes}  # fmt: skip
    return Figure(**{**blank, **given})


def break_at(on: datetime.date, *, member: str = "CHN", city: str | None = None) -> BreakRow:
    return BreakRow("x", on, member, city, "another way of counting", "made up", "recalled")


def links(figures: list[Figure], breaks: list[BreakRow]) -> set[tuple[str, str, bool]]:
    by_link: dict[str, list[dict[str, object]]] = {}
    for row in line_rows(point_rows(figures, breaks)):
        by_link.setdefault(row["link"], []).append(row)
    return {(str(a["period"]), str(b["period"]), bool(a["dotted"])) for a, b in by_link.values()}


def test_neighbouring_years_are_joined_and_a_gap_stays_open() -> None:
    assert links([figure(y, 1.0) for y in (2015, 2016, 2018, 2019)], []) == {("2015", "2016", False), ("2018", "2019", False)}


def test_a_missing_figure_opens_the_line() -> None:
    assert links([figure(2015, 1.0), figure(2016, None), figure(2017, 1.0)], []) == set()


def test_what_is_estimated_is_dotted_on_both_sides() -> None:
    found = links([figure(2015, 1.0), figure(2016, 1.0, status_code="estimated"), figure(2017, 1.0), figure(2018, 1.0)], [])
    assert found == {("2015", "2016", True), ("2016", "2017", True), ("2017", "2018", False)}


def test_no_line_crosses_a_break_of_its_own_member_and_city() -> None:
    figures = [figure(y, 1.0) for y in (2016, 2017, 2018, 2019)]
    assert links(figures, [break_at(DAY(2018, 1, 1))]) == {("2016", "2017", False), ("2018", "2019", False)}
    assert ("2017", "2018", False) in links(figures, [break_at(DAY(2018, 1, 1), member="JPN")])
    assert ("2017", "2018", False) in links(figures, [break_at(DAY(2018, 1, 1), city="CHN-Y")])


def test_a_break_is_named_only_where_figures_lie_on_both_sides() -> None:
    figures = [figure(y, 1.0) for y in (2016, 2017, 2018)]
    inside, before, other = break_at(DAY(2018, 1, 1)), break_at(DAY(2010, 1, 1)), break_at(DAY(2018, 1, 1), member="JPN")
    assert shown_breaks(figures, [inside, before, other]) == [inside]


def test_definitions_boundaries_and_parts_of_years_are_not_joined() -> None:
    assert links([figure(2016, 1.0), figure(2017, 1.0, harmonised_definition_code="other")], []) == set()
    assert links([figure(2016, 1.0), figure(2017, 1.0, boundary_code="agglomeration")], []) == set()
    assert links([figure(2016, 1.0, period_type="month", period_label="2016-05"), figure(2017, 1.0, period_type="month", period_label="2017-05")], []) == set()
