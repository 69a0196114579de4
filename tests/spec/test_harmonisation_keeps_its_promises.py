"""Properties of harmonisation: conversions invert and keep order and dimension; no value changes without a step; months keep totals."""

import csv
import datetime
import json
import subprocess
import sys
from functools import cache
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.contracts.catalogues import load_registry
from pipelines.domain.observations import ReportedObservation
from pipelines.intake.reporting import FileToRead
from pipelines.submissions.checking import CheckRequest, Home, check_file
from pipelines.warehouse.compiling import compiled_models
from pipelines.warehouse.rule_running import SubmissionHead, submission_in_memory
from tests.conftest import ROOT

HEAD = SubmissionHead("checked", "KOR", "f", "0", "1", "2026-11-22")
SEED = ROOT / "dbt_project" / "seeds" / "unit_conversions.csv"
SLOW = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)


def conversions() -> list[dict[str, str]]:
    with SEED.open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


@cache
def indicator_in(unit: str) -> str | None:
    """An indicator in this unit that has one definition."""
    registry = load_registry(ROOT / "data_contracts")
    several = {r["indicator_code"] for r in registry["definitions"]}
    return next((r["indicator_code"] for r in registry["indicators"] if r["unit_code"] == unit and r["indicator_code"] not in several), None)


# One of the first unit in the second, stated here and not read from the product; a day's rate in a year of 365 and in one of 366 days.
STATED: dict[tuple[str, str], tuple[float, float]] = {
    ("thousand_count", "count"): (1000, 1000),
    ("fraction", "percent"): (100, 100),
    ("per_mille", "percent"): (0.1, 0.1),
    ("m2", "km2"): (1e-6, 1e-6),  # 1000 m x 1000 m
    ("ha", "km2"): (0.01, 0.01),  # 100 m x 100 m
    ("mg_per_m3", "ug_per_m3"): (1000, 1000),
    ("people_per_ha", "people_per_km2"): (100, 100),
    ("index_0_100", "ratio_0_1"): (0.01, 0.01),
    ("per_10000_population", "per_100000_population"): (10, 10),
    ("per_1000_population", "per_100000_population"): (100, 100),
    ("per_100000_population", "per_100000_population_year"): (1, 1),
    ("per_10000_population", "per_100000_population_year"): (10, 10),
    ("per_1000_population", "per_100000_population_year"): (100, 100),
    ("kt_per_year", "t_per_year"): (1000, 1000),
    ("t_per_day", "t_per_year"): (365, 366),
    ("t_per_year", "t_per_day"): (1 / 365, 1 / 366),
    ("kt_per_year", "t_per_day"): (1000 / 365, 1000 / 366),
    ("kg_per_capita_year", "t_per_capita_year"): (0.001, 0.001),
    ("g_per_capita_day", "t_per_capita_year"): (0.000365, 0.000366),
    ("kg_per_capita_day", "t_per_capita_year"): (0.365, 0.366),
    ("ktCO2e_per_year", "tCO2e_per_year"): (1000, 1000),
    ("m2_per_capita", "ha_per_100000_population"): (10, 10),  # 100 000 persons with 1 m2 each: 100 000 m2
    ("ha_per_100000_population", "m2_per_capita"): (0.1, 0.1),
    ("MYR_per_month", "LCU_per_month"): (1, 1),
}
TESTED = [pair for pair in STATED if indicator_in(pair[1])]


def harmonised(home: Home, values: list[int], *, unit: str, indicator: str) -> list[tuple[float, float, str | None]]:
    """Send whole numbers in a unit; give reported value, harmonised value and the step between them."""
    lines = ["City,Indicator,Year,Value,Unit,Source", *(f"Seoul,{indicator},{2025 - at},{v},{unit},synthetic" for at, v in enumerate(values))]
    read = check_file(CheckRequest(FileToRead("f.csv", "\n".join(lines).encode()), "KOR", "2026-11-22"), home).observations
    return stepped(home, read)


def stepped(home: Home, observations: list[ReportedObservation]) -> list[tuple[float, float, str | None]]:
    with submission_in_memory(HEAD, observations, registry=load_registry(home.contracts_dir), models=compiled_models(home.dbt_dir)) as connection:
        return connection.execute(
            "select o.reported_value, b.harmonised_value, b.conversion_step from staging.stg_submissions__observations as o "
            "inner join intermediate.int_observations__bridged as b on o.observation_id = b.observation_id order by o.source_row"
        ).fetchall()


def test_every_conversion_keeps_the_dimension_and_has_a_source() -> None:
    dimensions = {r["unit_code"]: r["dimension"] for r in load_registry(ROOT / "data_contracts")["units"]}
    for c in conversions():
        assert dimensions[c["from_unit_code"]] == dimensions[c["to_unit_code"]] or c["year_days_power"] != "0", c
        assert float(c["factor"]) > 0, c
        assert c["source"], c
    pairs = {(c["from_unit_code"], c["to_unit_code"]): float(c["factor"]) for c in conversions()}
    for (one, other), factor in pairs.items():
        if (other, one) in pairs:
            assert pairs[other, one] * factor == pytest.approx(1, rel=1e-12)


def test_every_conversion_of_the_product_is_stated_here() -> None:
    in_product = {(c["from_unit_code"], c["to_unit_code"]): c for c in conversions()}
    assert set(in_product) == set(STATED)
    for pair, (common, leap) in STATED.items():
        factor, power = float(in_product[pair]["factor"]), int(in_product[pair]["year_days_power"])
        assert (factor * 365.0**power, factor * 366.0**power) == (pytest.approx(common, rel=1e-12), pytest.approx(leap, rel=1e-12)), pair
    assert len(TESTED) >= 20, "conversions that nothing can be sent in are only compared, not run"


@SLOW
@given(at=st.integers(0, len(TESTED) - 1), values=st.lists(st.integers(1, 10**6), min_size=2, max_size=8, unique=True))
def test_a_conversion_multiplies_by_what_is_stated_keeps_order_and_says_itself(home: Home, at: int, values: list[int]) -> None:
    """Values of 2025, 2024 and before, so that leap years are among them."""
    (unit, to), (common, leap) = TESTED[at], STATED[TESTED[at]]
    indicator = indicator_in(to)
    assert indicator
    rows = harmonised(home, values, unit=unit, indicator=indicator)
    assert [r for r, _, _ in rows] == [float(v) for v in values]
    for year, (reported, value, step) in zip(range(2025, 0, -1), rows, strict=False):
        assert value == pytest.approx(reported * (leap if year % 4 == 0 else common), rel=1e-12)
        assert step
        assert unit in step
        assert to in step
    if common == leap:
        assert sorted(range(len(rows)), key=lambda i: rows[i][0]) == sorted(range(len(rows)), key=lambda i: rows[i][1])


@pytest.mark.parametrize("pair", TESTED, ids=lambda pair: f"{pair[0]}-{pair[1]}")
def test_each_conversion_in_a_common_and_a_leap_year(home: Home, pair: tuple[str, str]) -> None:
    indicator = indicator_in(pair[1])
    assert indicator
    [_, leap, common] = harmonised(home, [7, 7, 7], unit=pair[0], indicator=indicator)
    assert (common[1], leap[1]) == (pytest.approx(7 * STATED[pair][0], rel=1e-12), pytest.approx(7 * STATED[pair][1], rel=1e-12))


@SLOW
@given(values=st.lists(st.integers(1, 10**6), min_size=1, max_size=8))
def test_a_figure_in_its_own_unit_stays_as_it_is_and_has_no_step(home: Home, values: list[int]) -> None:
    indicator = indicator_in("percent")
    assert indicator
    for reported, value, step in harmonised(home, values, unit="percent", indicator=indicator):
        assert value == reported
        assert step is None


@pytest.fixture(scope="module")
def aligning(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The SQL of the model that puts months together, compiled by dbt."""
    folder = tmp_path_factory.mktemp("aligned")
    done = subprocess.run(
        [str(Path(sys.executable).with_name("dbt")), "compile", "--no-introspect", "--no-populate-cache", "--select", "fct_aligned", "--project-dir",
         str(ROOT / "dbt_project"), "--profiles-dir", str(ROOT / "dbt_project"), "--target-path", str(folder), "--log-path", str(folder)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    node = json.loads((folder / "manifest.json").read_text())["nodes"]["model.citybench.fct_aligned"]
    return str(node["compiled_code"])


def put_together(sql: str, figures: list[tuple[int, float]], first_month: int) -> dict[int, float]:
    """Run the compiled SQL over fiscal years that begin in a month; calendar year to figure."""
    with duckdb.connect(":memory:") as connection:
        connection.execute("attach ':memory:' as warehouse; use warehouse; create schema core; create schema staging")
        connection.execute("create schema intermediate; create view intermediate.int_observations__touched as select 'c' as city_code")
        connection.execute("create view core.dim_cities as select 'c' as city_code, 'JPN' as member_code")
        connection.execute("create view staging.stg_registry__units as select 't_per_year' as unit_code, true as is_over_year")
        connection.execute("create view core.dim_indicators as select 'x' as indicator_code, 'year' as period_need")
        connection.execute("create table core.dim_breaks(indicator_code varchar, break_member_code varchar, break_city_code varchar, break_starts_on date)")
        connection.execute(
            "create table core.fct_observations(observation_id varchar, city_code varchar, indicator_code varchar, boundary_code varchar, unit_code varchar, "
            "harmonised_definition_code varchar, definition_grade varchar, figure_definition_code varchar, period_type varchar, period_start date, period_end date, period_label varchar, "
            "harmonised_value double)"
        )
        for year, value in figures:
            start = datetime.date(year, first_month, 1)
            end = datetime.date(year + 1, first_month, 1) - datetime.timedelta(days=1)
            connection.execute(
                "insert into core.fct_observations values (?, 'c', 'x', 'b', 't_per_year', null, 'single', 'single', 'fiscal_year', ?, ?, ?, ?)",
                [f"o{year}", start, end, str(year), value],
            )
        return dict(connection.execute(f"select calendar_year, aligned_value from ({sql})").fetchall())


@SLOW
@given(first_month=st.integers(2, 12), values=st.lists(st.floats(0, 1e9), min_size=2, max_size=12))
def test_months_put_together_keep_totals_and_stay_between_their_parts(aligning: str, first_month: int, values: list[float]) -> None:
    figures = [(2000 + at, v) for at, v in enumerate(values)]
    years = put_together(aligning, figures, first_month)
    assert sorted(years) == list(range(2001, 2000 + len(values)))
    before, after = (13 - first_month) / 12 * values[0], (first_month - 1) / 12 * values[-1]
    assert sum(years.values()) + before + after == pytest.approx(sum(values), rel=1e-9, abs=1e-6)
    for year, value in years.items():
        parts = (values[year - 2001], values[year - 2000])
        assert min(parts) * (1 - 1e-12) <= value <= max(parts) * (1 + 1e-12)


def test_a_year_that_is_not_whole_is_not_put_together(aligning: str) -> None:
    assert put_together(aligning, [(2000, 1.0), (2002, 1.0)], 4) == {}
