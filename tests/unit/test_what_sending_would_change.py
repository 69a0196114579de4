"""What a draft would change is counted against the edition, per figure and per goal set."""

import datetime
from dataclasses import replace

from pipelines.submissions.previewing import Limit, Published, completeness, preview, removed
from pipelines.warehouse.rule_running import HarmonisedFigure

FIRST, LAST = datetime.date(2020, 1, 1), datetime.date(2020, 12, 31)
LIMITS = [Limit("who", "pm25", 5, True), Limit("who", "pm25", 10, True), Limit("who", "no2", 10, True), Limit("sdg", "water", 100, False)]


def figure(indicator: str, value: float, *, city: str = "KOR-SEOUL") -> HarmonisedFigure:
    return HarmonisedFigure(city, indicator, FIRST, LAST, value, "unit", "", 2, "D")


def published(indicator: str, value: float, *, city: str = "KOR-SEOUL", **changes: str) -> Published:
    return replace(Published(city, indicator, FIRST, LAST, value, unit_code="unit"), **changes)  # type: ignore[arg-type]


def test_a_figure_is_new_revised_or_the_same() -> None:
    changes = preview([figure("pm25", 20), figure("no2", 9), figure("water", 99)], [published("pm25", 20), published("no2", 12)], LIMITS)
    assert [c.kind for c in changes] == ["same", "revised", "new"]
    assert changes[1].goals == ("who: 2 away before, met after",)
    assert changes[2].goals == ("sdg: 1 away",)


def test_every_attribute_of_a_figure_is_compared_and_named() -> None:
    standing = replace(published("pm25", 20), boundary_code="administrative", quality_code="measured", source_note="table 3", numerator_value=4.0)
    same = replace(figure("pm25", 20), boundary_code="administrative", quality_code="measured", source_note=" table  3", numerator_value=4.0)
    said = {
        "unit": {"unit_code": "other_unit"}, "definition": {"definition_code": "resident"}, "quality": {"quality_code": "higher_level"},
        "numerator": {"numerator_value": 5.0}, "denominator": {"denominator_value": 6.0}, "status": {"status_code": "estimated"},
        "source": {"source_note": "table 4"}, "note": {"comment_written": "counted anew"},
    }  # fmt: skip
    assert [c.kind for c in preview([same], [standing], [])] == ["same"]
    for name, change in said.items():
        [found] = preview([replace(same, **change)], [standing], [])  # type: ignore[arg-type]
        assert (found.kind, [a.name for a in found.attributes]) == ("amended", [name])
    [quality] = preview([replace(same, quality_code="higher_level")], [standing], [])
    assert quality.attributes_text == "quality: measured → higher level"
    [beside] = preview([replace(same, boundary_code="agglomeration")], [standing], [])
    assert (beside.kind, beside.beside_text) == ("beside", "boundary administrative: 20")


def test_only_a_reason_in_the_place_of_a_figure_removes_it() -> None:
    standing = [replace(published("pm25", 20), boundary_code="administrative"), published("no2", 12)]
    other = replace(standing[0], boundary_code="agglomeration")
    assert removed([standing[0].key], [*standing, other]) == [standing[0]]
    assert removed([], standing) == []


def test_each_city_is_counted_against_each_goal_set_and_other_cities_do_not_count() -> None:
    progress = completeness([figure("pm25", 20), figure("water", 99, city="KOR-BUSAN")], [published("no2", 12), published("no2", 12, city="JPN-TOKYO")], LIMITS)
    told = {(p.city_code, p.goal_set_code): (p.n_asked, p.n_before, p.n_after, p.missing) for p in progress}
    assert told == {
        ("KOR-BUSAN", "sdg"): (1, 0, 1, ()),
        ("KOR-BUSAN", "who"): (2, 0, 0, ("no2", "pm25")),
        ("KOR-SEOUL", "sdg"): (1, 0, 0, ("water",)),
        ("KOR-SEOUL", "who"): (2, 1, 2, ()),
    }


def test_without_goals_there_is_nothing_to_count() -> None:
    assert completeness([figure("pm25", 20)], [], []) == []


def test_a_part_of_a_year_meets_no_goal_and_completes_no_goal_set() -> None:
    first, last = datetime.date(2020, 5, 1), datetime.date(2020, 5, 31)
    month = HarmonisedFigure("KOR-SEOUL", "no2", first, last, 9, "unit", "", 2, "D")
    day = HarmonisedFigure("KOR-SEOUL", "pm25", LAST, LAST, 9, "unit", "", 3, "D")
    [of_month, of_day] = preview([month, day], [], LIMITS)
    assert of_month.goals == ()
    assert of_day.goals == ("who: 4 away", "who: met")
    [_, who] = completeness([month, day], [], LIMITS)
    assert (who.n_asked, who.n_after, who.missing) == (2, 1, ("no2",))


def test_another_boundary_or_definition_stands_beside_and_revises_nothing() -> None:
    standing = [
        published("people", 100, boundary_code="administrative", figure_definition_code="resident"),
        published("people", 300, boundary_code="urban_extent", figure_definition_code="resident"),
    ]
    sent = replace(figure("people", 120), boundary_code="administrative", figure_definition_code="registered")
    revised = replace(sent, value=101, figure_definition_code="resident")
    undeclared = replace(sent, value=100, figure_definition_code="not_declared")
    changes = preview([sent, revised, undeclared], standing, [])
    assert [(c.kind, c.before) for c in changes] == [("beside", None), ("revised", 100), ("beside", None)]
    assert changes[0].beside_text == "definition resident: 100; boundary urban extent, definition resident: 300"


def test_the_same_value_without_a_source_leaves_the_one_with_a_source() -> None:
    standing = [published("pm25", 20, source_note="yearbook"), published("no2", 12, source_note="yearbook"), published("water", 99)]
    sent = [figure("pm25", 20), figure("no2", 13), figure("water", 99), replace(figure("pm25", 20), source_note="gazette")]
    assert [c.keeps_source for c in preview(sent, standing, [])] == [True, False, False, False]


def test_what_was_derived_here_gives_way_to_what_is_sent_for_its_boundary() -> None:
    derived = published("beds", 900, boundary_code="administrative", figure_definition_code="single", status_code="derived")
    sent = replace(figure("beds", 910), boundary_code="administrative", figure_definition_code="in_patient")
    urban = replace(sent, boundary_code="urban_extent")
    assert [(c.kind, c.before) for c in preview([sent, urban], [derived], [])] == [("revised", 900), ("beside", None)]
