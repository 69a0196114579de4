"""Rates, dates and parts of a year from submitting to the edition: a figure is right, or is not there."""

import json
from pathlib import Path

import duckdb
import pytest

from pipelines.editions.reading import current_edition
from tests.conftest import run_citybench
from tests.factories import good_row, make_csv
from tests.fixtures.fault_writing_periods import PM10, WASTE

WASTE_TOTAL = "forum:2026/msw_total"


def send(folder: Path, name: str, content: bytes, periods: dict[str, str] | None = None) -> int:
    """Submit a file through the command, with answers about periods; give its exit code."""
    file, answers = folder / f"{name}.csv", folder / f"{name}.json"
    file.write_bytes(content)
    answers.write_text(json.dumps({"periods": periods} if periods else {}), "utf-8")
    sent = ("submit", str(file), "--member", "KOR", "--answers", str(answers))
    return run_citybench(*sent, data_dir=folder / "data").returncode


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, int], Path]:
    """Exit codes of what was sent, and the folder of the edition that was built from it."""
    folder = tmp_path_factory.mktemp("periods")
    at_a_date = make_csv(good_row(indicator=WASTE, year="2021-12-31", value="2", unit="kg/person/day"))
    months = [good_row(indicator=PM10, year=f"2021-{m:02}", value="9") for m in (6, 7)]
    year = good_row(indicator=PM10, year="2020", value="41")
    total = good_row(city="Busan", indicator=WASTE_TOTAL, year="2020", value="3000", unit="t/day")
    flows = [good_row(city="Busan", indicator=WASTE_TOTAL, year="2021-05", value="90000", unit="t/year")]
    codes = {
        "date_unanswered": send(folder, "date", at_a_date),
        "date_answered": send(folder, "date", at_a_date, {"date": "within"}),
        "months_unanswered": send(folder, "months", make_csv(*months, year)),
        "months_answered": send(
            folder,
            "months",
            make_csv(*months, year, good_row(year="2021-06", value="14")),
            {"other_length": "monthly_twin"},
        ),
        "month_of_a_flow": send(folder, "flow", make_csv(total, *flows)),
        "rate_of_a_year": send(folder, "total", make_csv(total)),
    }
    built = run_citybench("build", data_dir=folder / "data")
    assert built.returncode == 0, built.stdout + built.stderr
    return codes, current_edition(folder / "data" / "editions").folder


def rows(folder: Path, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(folder / "edition.duckdb"), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def figures(folder: Path, indicator: str) -> list[tuple[object, ...]]:
    return rows(
        folder,
        "select city_code, period_label, period_type, harmonised_value, conversion_steps from marts.mart_observations "
        f"where indicator_code = '{indicator}' order by city_code, period_start",
    )


def test_what_does_not_fit_is_refused_until_it_is_answered(edition: tuple[dict[str, int], Path]) -> None:
    codes, _ = edition
    assert {name for name, code in codes.items() if code == 0} == {
        "date_answered",
        "months_answered",
        "rate_of_a_year",
    }


def test_a_rate_per_day_at_a_date_is_the_rate_of_its_year_also_against_goals(
    edition: tuple[dict[str, int], Path],
) -> None:
    _, folder = edition
    [(city, label, kind, value, steps)] = figures(folder, "iso37120:2018/16.2")
    assert (city, label, kind, value) == ("KOR-SEOUL", "2021", "year", pytest.approx(0.73))
    assert "date 2021-12-31 read as the year in which it lies by the sender's answer" in str(steps)
    assert "kg_per_capita_day x 0.001 x 365 days of its year -> t_per_capita_year" in str(steps)
    question = "select goal_set_code, target_level, last_value, is_reached from marts.mart_standings where indicator_code"
    [(goal_set, target, last, is_reached)] = rows(folder, f"{question} = 'iso37120:2018/16.2' and target_level > 0")
    assert (goal_set, target, last) == ("sdr_2025", pytest.approx(0.365), pytest.approx(0.73))
    assert not is_reached, "0.002 would be reached"


def test_a_daily_total_of_a_leap_year_is_its_366_days(edition: tuple[dict[str, int], Path]) -> None:
    _, folder = edition
    [(city, label, kind, value, steps)] = figures(folder, WASTE_TOTAL)
    assert (city, label, kind, value) == ("KOR-BUSAN", "2020", "year", pytest.approx(3000 * 366))
    assert "x 366 days of its year" in str(steps)


def test_months_never_stand_as_a_yearly_mean(edition: tuple[dict[str, int], Path]) -> None:
    _, folder = edition
    assert [(label, value) for _, label, _, value, _ in figures(folder, "iso37120:2018/8.2")] == [("2020", 41.0)]
    assert figures(folder, "iso37120:2018/8.1") == []
    monthly = figures(folder, "forum:2026/pm25_monthly_mean")
    assert [(label, value) for _, label, _, value, _ in monthly] == [("2021-06", 14.0)]
    assert rows(folder, "select * from marts.mart_standings where last_value in (9, 14)") == []


def test_the_edition_says_what_each_indicator_is_and_which_period_it_needs(
    edition: tuple[dict[str, int], Path],
) -> None:
    _, folder = edition
    listed = rows(folder, "select indicator_code, measure_kind, period_need from marts.mart_indicators")
    said = {code: (kind, need) for code, kind, need in listed}
    assert said["iso37120:2018/16.2"] == ("yearly_rate", "year")
    assert said["iso37120:2018/11.2"] == ("stock", "date_or_year")
    assert said["forum:2026/pm25_monthly_mean"] == ("period_mean", "month")
    assert len(said) > 350
