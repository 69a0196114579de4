"""A correction on the sample's warehouse: it applies with its step while its figure stands, and stops the build when it no longer does."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from tests.conftest import ROOT

FIGURE = "city_code = 'KOR-SEOUL' and indicator_code = 'iso37120:2018/8.1' and period_label = '2020'"


@pytest.fixture
def warehouse(sample_data_dir: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "warehouse.duckdb"
    shutil.copyfile(sample_data_dir / "warehouse" / "warehouse.duckdb", copy)
    return copy


def build(warehouse: Path) -> subprocess.CompletedProcess[str]:
    project = ["--project-dir", str(ROOT / "dbt_project"), "--profiles-dir", str(ROOT / "dbt_project")]
    kept = ["--target-path", str(warehouse.parent / "target"), "--log-path", str(warehouse.parent / "target")]
    dbt = str(Path(sys.executable).with_name("dbt"))
    return subprocess.run(
        [dbt, "build", "--select", "int_observations__ranked+", "stg_registry__corrections+", *project, *kept],
        env={**os.environ, "CITYBENCH_WAREHOUSE": str(warehouse)}, capture_output=True, text=True, check=False,
    )  # fmt: skip


def decide(warehouse: Path, *, expected: float) -> float:
    """Register a correction of Seoul's PM2.5 of 2020; give the figure that stands."""
    with duckdb.connect(str(warehouse)) as connection:
        [[value, start, end]] = connection.execute(f"select harmonised_value, period_start, period_end from marts.mart_observations where {FIGURE}").fetchall()
        connection.execute(
            "insert into registry.corrections values ('k1', 'KOR-SEOUL', 'iso37120:2018/8.1', '', '', ?, ?, 'replace', ?, '21.5', 'synthetic test', 'nobody', "
            "'2026-11-01', 'none')",
            [str(start), str(end), repr(value + expected)],
        )
    return float(value)


def test_a_correction_changes_what_stands_says_so_and_keeps_what_was_sent(warehouse: Path) -> None:
    before = decide(warehouse, expected=0)
    done = build(warehouse)
    assert done.returncode == 0, done.stdout[-3000:]
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        [[reported, value, steps]] = connection.execute(
            f"select reported_value, harmonised_value, conversion_steps from marts.mart_observations where {FIGURE}"
        ).fetchall()
        codes = connection.execute("select correction_code, expected_value, corrected_value from marts.mart_corrections").fetchall()
    assert (reported, value) == (before, 21.5)
    assert "correction k1" in steps
    assert "synthetic test; nobody, 2026-11-01" in steps
    assert codes == [("k1", pytest.approx(before), 21.5)]


def test_a_correction_of_a_figure_that_no_longer_stands_stops_the_build(warehouse: Path) -> None:
    decide(warehouse, expected=0.25)
    done = build(warehouse)
    assert done.returncode != 0
    assert "is_empty_int_corrections__unmatched" in done.stdout
