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


TESTED = [c for c in conversions() if c["is_per_period_day"] == "false" and indicator_in(c["to_unit_code"])]


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
        assert dimensions[c["from_unit_code"]] == dimensions[c["to_unit_code"]] or c["is_per_period_day"] == "true", c
        assert float(c["factor"]) > 0, c
        assert c["source"], c
    pairs = {(c["from_unit_code"], c["to_unit_code"]): float(c["factor"]) for c in conversions()}
    for (one, other), factor in pairs.items():
        if (other, one) in pairs:
            assert pairs[other, one] * factor == pytest.approx(1, rel=1e-12)


def test_there_is_a_conversion_of_most_kinds_to_test() -> None:
    assert len(TESTED) >= 15


@SLOW
@given(at=st.integers(0, len(TESTED) - 1), values=st.lists(st.integers(1, 10**6), min_size=2, max_size=8, unique=True))
def test_a_conversion_inverts_keeps_order_and_says_itself(home: Home, at: int, values: list[int]) -> None:
    conversion = TESTED[at]
    indicator = indicator_in(conversion["to_unit_code"])
    assert indicator
    rows = harmonised(home, values, unit=conversion["from_unit_code"], indicator=indicator)
    factor = float(conversion["factor"])
    assert [r for r, _, _ in rows] == [float(v) for v in values]
    for reported, value, step in rows:
        assert value / factor == pytest.approx(reported, rel=1e-12)
        assert (value == reported) or step
    assert sorted(range(len(rows)), key=lambda i: rows[i][0]) == sorted(range(len(rows)), key=lambda i: rows[i][1])


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
