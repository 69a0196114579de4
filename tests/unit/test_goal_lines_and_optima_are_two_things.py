"""What the Goals page says and draws of one standing: words of the publisher, goal line and optimum apart, no pace where none is needed."""

import dataclasses
import datetime

import pytest

from app.components.goal_charts import break_place, figures_of, way_at_this_pace, way_caption, way_needed
from app.components.series import line_rows, point_rows, shown_breaks
from pipelines.exports.goal_tables import standing_row, standings_table, status_of, status_text
from pipelines.warehouse.querying import Figure
from pipelines.warehouse.querying_goals import BreakRow, Standing
from tests.factories import make_view

CITY = "VNM-HANOI"


def make_standing(**said: object) -> Standing:
    """Under-five mortality of Hanoi against the SDR: 14.9 of 2016, achieved below 25, optimum 2.6."""
    fields: dict[str, object] = {f.name: None for f in dataclasses.fields(Standing)}
    fields |= {
        "series_id": "s", "goal_set_code": "sdr_2025", "city_code": CITY, "city_name": "Hanoi", "member_name": "Viet Nam", "indicator_code": "x",
        "indicator_name": "Under-five mortality", "unit_name": "per 1 000", "boundary_code": "administrative", "series_definition_code": "single",
        "definition_grade": "single", "quality_code": "B", "period_label": "2016", "target_level": 25.0, "target_year": 2030, "optimum_level": 2.6,
        "last_year": 2016, "last_value": 14.9, "n_points": 6, "is_reached": True, "gap_left": 0.0, "gap_to_optimum": 12.3, "sdr_score": 90.4,
        "sdr_colour": "green", "n_rules": 0, "n_rules_on_the_way": 0, "decimals": 1,
    }  # fmt: skip
    return Standing(**{**fields, **said})  # type: ignore[arg-type]


def make_figure(year: int, value: float, **said: object) -> Figure:
    fields: dict[str, object] = {f.name: None for f in dataclasses.fields(Figure)}
    fields |= {
        "city_code": CITY, "city_name": "Hanoi", "member_code": "VNM", "member_name": "Viet Nam", "indicator_code": "x", "boundary_code": "administrative",
        "definition_grade": "single", "status_code": "observed", "period_type": "year", "period_year": year,
        "period_start": datetime.date(year, 1, 1), "period_end": datetime.date(year, 12, 31), "period_label": str(year), "harmonised_value": value,
        "decimals": 1,
    }  # fmt: skip
    return Figure(**{**fields, **said})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({}, "achieved"),
        ({"last_value": 2.6, "gap_to_optimum": 0.0}, "optimum reached"),
        ({"sdr_colour": "yellow", "is_reached": False}, "challenges remain"),
        ({"sdr_colour": "orange", "is_reached": False}, "significant challenges"),
        ({"sdr_colour": "red", "is_reached": False}, "major challenges"),
        ({"sdr_colour": None, "optimum_level": None, "gap_to_optimum": None}, "reached"),
        ({"sdr_colour": None, "optimum_level": None, "gap_to_optimum": None, "is_reached": False}, "not reached"),
        ({"is_reached": None, "standing_reason": "no_direction", "sdr_colour": None}, "not judged"),
        ({"level_reached": 3, "is_reached": None}, "level 3"),
    ],
)
def test_a_status_is_in_the_words_of_its_publisher(said: dict[str, object], status: str) -> None:
    standing = make_standing(**said)
    assert status_of(standing) == status
    assert status_text(standing).split(" ", 1)[1].startswith(status)


def test_achieved_stands_beside_nothing_left_to_the_goal_line_and_the_way_to_the_optimum_has_its_own_name() -> None:
    row = standing_row(make_standing())
    assert (row["target"], row["gap"], row["optimum"], row["gap_to_optimum"]) == (25, 0, 2.6, 12.3)
    assert (row["status"], row["finish"], row["needed"]) == ("● achieved", "reached", None)
    labels = [c.label for c in standings_table("t", [make_standing()], notes=(), view=make_view()).columns]
    assert [name for name in labels if "oal line" in name or "ptimum" in name] == ["Goal line", "Left to the goal line", "Optimum", "Left to the optimum"]
    assert "Needed a year" not in labels, "nobody needs a pace"


def test_a_reached_goal_line_draws_no_pace_needed() -> None:
    assert way_needed(make_standing()) == []
    assert "no pace is needed" in way_caption(make_standing())
    left = make_standing(is_reached=False, target_level=5.0)
    assert way_needed(left) == [{"year": 2016, "value": 14.9}, {"year": 2030, "value": 5.0}]
    assert "the pace needed" in way_caption(left)
    for past in (make_standing(is_reached=False, target_year=None), make_standing(is_reached=False, target_year=2016)):
        assert way_needed(past) == []
        assert "pace" not in way_caption(past)


def test_the_line_carried_on_is_drawn_only_where_something_is_projected() -> None:
    assert way_at_this_pace(make_standing()) == []
    assert way_at_this_pace(make_standing(projected_value=9.0)) == [{"year": 2016, "value": 14.9}, {"year": 2030, "value": 9.0}]
    assert way_at_this_pace(make_standing(projected_value=9.0, target_year=2016)) == []
    assert "90 % interval" in way_caption(make_standing(projected_value=9.0))


def test_lines_on_goals_stop_at_breaks_and_gaps() -> None:
    """Neighbouring years are joined in pairs: not 2012 with 2013, between which a break lies, and not 2014 with 2016."""
    broken = BreakRow("x", datetime.date(2013, 1, 1), "VNM", None, "another census", "source", "verified")
    own = figures_of([make_figure(year, 30.0 - year + 2010) for year in (2010, 2011, 2012, 2013, 2014, 2016)], make_standing())
    links = [row["year"] for row in line_rows(point_rows(own, [broken]))]
    assert list(zip(links[::2], links[1::2], strict=True)) == [(2010, 2011), (2011, 2012), (2013, 2014)]
    assert shown_breaks(own, [broken]) == [broken]
    assert break_place(broken) == 2012.5, "between the figures of 2012 and of 2013"


def test_figures_of_another_boundary_or_definition_are_not_on_the_way_and_a_bridged_one_only_where_none_was_reported() -> None:
    figures = [
        make_figure(2014, 1.0), make_figure(2014, 2.0, definition_grade="bridged"), make_figure(2015, 3.0, definition_grade="bridged"),
        make_figure(2014, 4.0, boundary_code="prefecture"), make_figure(2014, 5.0, harmonised_definition_code="other"), make_figure(2013, None),  # type: ignore[arg-type]
    ]  # fmt: skip
    assert [f.harmonised_value for f in figures_of(figures, make_standing())] == [1.0, 3.0]
