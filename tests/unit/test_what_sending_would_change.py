"""What a draft would change is counted against the edition, per figure and per goal set."""

import datetime
from dataclasses import replace

from pipelines.submissions.previewing import Limit, Published, completeness, preview, removed
from pipelines.warehouse.rule_running import HarmonisedFigure

FIRST, LAST = datetime.date(2020, 1, 1), datetime.date(2020, 12, 31)
LIMITS = [Limit("who", "pm25", 5, True), Limit("who", "pm25", 10, True), Limit("who", "no2", 10, True), Limit("sdg", "water", 100, False)]


def figure(indicator: str, value: float, *, city: str = "KOR-SEOUL") -> HarmonisedFigure:
    return HarmonisedFigure(city, indicator, FIRST, LAST, value, "unit", "", 2, "D")


def published(indicator: str, value: float, *, city: str = "KOR-SEOUL") -> Published:
    return Published(city, indicator, FIRST, LAST, value, unit_code="unit")


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
