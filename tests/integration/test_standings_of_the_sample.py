"""Standings and verdicts of the sample edition, recomputed from the mart's figures without our methods."""

import math
from pathlib import Path

import duckdb
import numpy as np
import pytest

from pipelines.editions.opening import open_published
from pipelines.editions.reading import current_edition

SCORES = "iso37120:2018/8.1"


@pytest.fixture(scope="module")
def marts(sample_data_dir: Path) -> duckdb.DuckDBPyConnection:
    return open_published(current_edition(sample_data_dir / "editions"))


def rows(marts: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, object]]:
    return marts.sql(sql).to_arrow_table().to_pylist()


def points_of(marts: duckdb.DuckDBPyConnection, standing: dict[str, object]) -> dict[int, float]:
    """Whole-year figures of the standing's city, indicator and boundary; the latest of a year."""
    found = rows(
        marts,
        f"""select period_year, harmonised_value from marts.mart_observations where city_code = '{standing["city_code"]}'
            and indicator_code = '{standing["indicator_code"]}' and boundary_code = '{standing["boundary_code"]}' and harmonised_value is not null
            and date_diff('day', period_start, period_end) between 349 and 379 order by period_end""",
    )
    return {int(r["period_year"]): float(r["harmonised_value"]) for r in found}


def test_every_standing_rests_on_its_latest_figure_and_its_own_target(marts: duckdb.DuckDBPyConnection) -> None:
    everything = rows(marts, "select s.*, i.direction_code from marts.mart_standings as s join marts.mart_indicators as i using (indicator_code)")
    assert len(everything) > 100
    for s in everything:
        [figure] = rows(marts, f"select * from marts.mart_observations where observation_id = '{s['observation_id']}'")
        assert figure["harmonised_value"] == pytest.approx(s["last_value"])
        assert (figure["city_code"], figure["indicator_code"], figure["period_year"]) == (s["city_code"], s["indicator_code"], s["last_year"])
        if s["is_reached"] is None:
            assert s["standing_reason"]
            continue
        better = (s["last_value"] >= s["target_level"]) if s["direction_code"] == "higher_better" else (s["last_value"] <= s["target_level"])
        assert s["is_reached"] == better
        assert s["gap_left"] == pytest.approx(0 if better else abs(s["target_level"] - s["last_value"]))


def test_scores_paces_and_ratios_by_hand(marts: duckdb.DuckDBPyConnection) -> None:
    of_set = f"goal_set_code = 'sdr_2025' and indicator_code = '{SCORES}'"
    found = rows(marts, f"select * from marts.mart_standings where {of_set} and n_points >= 4 and last_year >= 2020 and not is_reached")
    assert len(found) >= 8
    for s in found:
        points = {y: v for y, v in points_of(marts, s).items() if y >= 2015}
        years, values = np.array(sorted(points)), np.array([points[y] for y in sorted(points)])
        assert s["sdr_score"] == pytest.approx(100 * (values[-1] - 87) / (6.3 - 87)), "the score runs to the optimum"
        assert s["pace"] == pytest.approx(np.polyfit(years, values, 1)[0])
        assert s["pace_needed"] == pytest.approx((10 - values[-1]) / (2030 - years[-1]))
        assert s["share_of_path"] == pytest.approx(100 * (values[-1] - values[0]) / (10 - values[0]))
        finish = years[0] + (years[-1] - years[0]) * math.log(10 / values[0]) / math.log(values[-1] / values[0])
        assert s["finishing_year"] == pytest.approx(finish)
        needed, actual = (10 / values[0]) ** (1 / (2030 - years[0])) - 1, (values[-1] / values[0]) ** (1 / (years[-1] - years[0])) - 1
        [statcan] = rows(
            marts, f"select * from marts.mart_verdicts where series_id = '{s['series_id']}' and rule_code = 'statcan' and goal_set_code = 'sdr_2025'"
        )
        assert statcan["verdict_measure"] == pytest.approx(-actual / abs(needed))
        verdict = next(
            v
            for limit, v in ((0.95, "on_track"), (0.6, "acceleration_needed"), (0, "limited_progress"), (-9, "deterioration"))
            if -actual / abs(needed) >= limit
        )
        assert statcan["verdict_code"] == verdict


def test_deviations_are_what_is_left_in_standard_deviations_of_the_latest_values_of_peers(marts: duckdb.DuckDBPyConnection) -> None:
    found = rows(marts, f"select * from marts.mart_standings where goal_set_code = 'sdr_2025' and indicator_code = '{SCORES}'")
    peers: dict[tuple[str, str], dict[str, tuple[int, float]]] = {}
    for s in found:
        of_city = peers.setdefault((s["boundary_code"], s["series_definition_code"]), {})
        of_city[s["city_code"]] = max(of_city.get(s["city_code"], (0, 0.0)), (s["last_year"], s["last_value"]))
    compared = 0
    for s in found:
        latest = peers[s["boundary_code"], s["series_definition_code"]]
        assert s["n_peers"] == len(latest)
        if len(latest) < 5:
            assert s["deviations_left"] is None
            continue
        spread = np.std([v for _, v in latest.values()], ddof=1)
        expected = max(0.0, s["last_value"] - s["target_level"]) / spread
        assert s["deviations_left"] == pytest.approx(expected, rel=1e-11)
        compared += 1
    assert compared >= 8
    assert marts.sql("select count(*) from marts.mart_standings where target_level is null and deviations_left is not null").fetchall() == [(0,)]


def test_the_goal_line_of_the_sdr_is_where_achieved_begins_and_its_optimum_stands_apart(marts: duckdb.DuckDBPyConnection) -> None:
    found = rows(marts, f"select * from marts.mart_standings where goal_set_code = 'sdr_2025' and indicator_code in ('{SCORES}', 'iso37120:2018/11.4')")
    printed = {SCORES: (10, 6.3), "iso37120:2018/11.4": (25, 2.6)}  # SDR 2025 code book: green threshold and optimum
    assert {(s["indicator_code"], s["target_level"], s["optimum_level"]) for s in found} == {(code, *levels) for code, levels in printed.items()}
    for s in found:
        assert (s["sdr_colour"] == "green") == s["is_reached"] == (s["gap_left"] == 0)
        assert s["gap_to_optimum"] == pytest.approx(max(0, s["last_value"] - s["optimum_level"]))
    [hanoi] = [s for s in found if s["city_code"] == "VNM-HANOI" and s["indicator_code"] == "iso37120:2018/11.4"]
    assert (hanoi["last_value"], hanoi["gap_left"], hanoi["gap_to_optimum"]) == (14.9, 0, pytest.approx(12.3))


def test_what_is_reached_needs_no_pace(marts: duckdb.DuckDBPyConnection) -> None:
    paced = "pace_needed is not null or growth_needed_pct is not null"
    reached = marts.sql(f"select count(*), count(*) filter (where {paced}) from marts.mart_standings where is_reached").fetchall()
    left = marts.sql(f"select count(*) from marts.mart_standings where not is_reached and target_year is not null and ({paced})").fetchall()
    assert reached[0][0] > 20
    assert reached[0][1] == 0
    assert left[0][0] > 20


def test_no_trend_is_read_from_few_or_old_figures_and_what_says_nothing_has_no_vote(marts: duckdb.DuckDBPyConnection) -> None:
    """Trends of the sample are judged from 2025: three points since 2015, the last of 2020 or later."""
    for s in rows(marts, "select * from marts.mart_standings where standing_reason is null or standing_reason <> 'levels_only'"):
        verdicts = rows(marts, f"select * from marts.mart_verdicts where series_id = '{s['series_id']}' and goal_set_code in ('{s['goal_set_code']}', 'none')")
        recent = {y: v for y, v in points_of(marts, s).items() if y >= 2015} if s["n_points"] >= 3 else {}
        if s["last_year"] < 2020 or len(recent) < 3:
            assert all(v["verdict_code"] is None and v["verdict_reason"] for v in verdicts), s
            assert {s[name] for name in ("pace", "finishing_year", "projected_value", "pace_low")} == {None}
            assert s["n_rules"] == 0
        votes = [v for v in verdicts if v["verdict_code"] and v["goal_set_code"] != "none"]
        assert s["n_rules"] == len(votes)
        assert s["n_rules_on_the_way"] == sum(bool(v["is_on_the_way"]) for v in votes)
    reasons = dict(marts.sql("select verdict_reason, count(*) from marts.mart_verdicts where verdict_code is null group by all").fetchall())
    assert reasons["too_old"] > 10
    assert reasons["too_few_points"] > 10


def test_a_national_goal_judges_only_its_own_country(marts: duckdb.DuckDBPyConnection) -> None:
    found = marts.sql("select distinct left(city_code, 3) from marts.mart_standings where goal_set_code = 'kor_national'").fetchall()
    assert found == [("KOR",)]


def test_every_series_and_goal_has_every_rule_with_a_verdict_or_a_reason(marts: duckdb.DuckDBPyConnection) -> None:
    counts = marts.sql("select count(distinct rule_code) from marts.mart_verdicts where goal_set_code <> 'none' group by series_id, goal_set_code").fetchall()
    assert {n for (n,) in counts} == {6}
    silent = marts.sql("select distinct verdict_reason from marts.mart_verdicts where verdict_code is null").fetchall()
    assert {r for (r,) in silent} >= {"too_few_points", "no_target_year"}
