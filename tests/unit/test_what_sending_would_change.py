"""What a draft would change is counted against the edition, per figure and per goal set."""

import datetime

from pipelines.submissions.previewing import Limit, Published, completeness, preview
from pipelines.warehouse.rule_running import HarmonisedFigure

FIRST, LAST = datetime.date(2020, 1, 1), datetime.date(2020, 12, 31)
LIMITS = [Limit("who", "pm25", 5, True), Limit("who", "pm25", 10, True), Limit("who", "no2", 10, True), Limit("sdg", "water", 100, False)]


def figure(indicator: str, value: float, *, city: str = "KOR-SEOUL") -> HarmonisedFigure:
    return HarmonisedFigure(city, indicator, FIRST, LAST, value, "unit", "", 2, "D")


def published(indicator: str, value: float, *, city: str = "KOR-SEOUL") -> Published:
    return Published(city, indicator, FIRST, LAST, value)


def test_a_figure_is_new_revised_or_the_same() -> None:
    changes = preview([figure("pm25", 20), figure("no2", 9), figure("water", 99)], [published("pm25", 20), published("no2", 12)], LIMITS)
    assert [c.kind for c in changes] == ["same", "revised", "new"]
    assert changes[1].goals == ("who: 2 away before, met after",)
    assert changes[2].goals == ("sdg: 1 away",)


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
