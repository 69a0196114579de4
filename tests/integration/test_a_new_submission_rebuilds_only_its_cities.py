"""A build after one new submission gives the marts of a full build, takes in only what is new, and is full again after anything else changed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from pipelines.domain.errors import StorageError
from pipelines.editions.building import load_registry_step, load_submissions_step
from pipelines.editions.freezing import Sources
from pipelines.editions.indexing import index_step
from pipelines.editions.scoring import score_step
from pipelines.state.engines import open_state
from pipelines.warehouse.build_state import close_build, forget_build
from pipelines.warehouse.connecting import open_warehouse
from tests.conftest import ROOT, run_citybench
from tests.factories import good_row, make_csv

SCORED = ("source:scored+",)
SOURCES = Sources(ROOT / "data_contracts", ROOT / "dbt_project", ROOT / "pipelines")


@pytest.fixture(scope="module")
def data_dir(sample_data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("again") / "data"
    shutil.copytree(sample_data_dir, folder)
    return folder


def load(data_dir: Path) -> int:
    """Load the sources as a build does; returns how many rows of figures were taken in."""
    warehouse = data_dir / "warehouse" / "warehouse.duckdb"
    load_registry_step(warehouse, SOURCES.contracts_dir)
    load_submissions_step(open_state(f"sqlite:///{data_dir / 'state.sqlite'}"), warehouse, data_dir / "landing", SOURCES)
    with open_warehouse(warehouse, read_only=True) as connection:
        [[n]] = connection.execute("select count(*) from submissions.observations").fetchall()
    return int(n)


def dbt(data_dir: Path, *arguments: str) -> None:
    project = ["--project-dir", str(ROOT / "dbt_project"), "--profiles-dir", str(ROOT / "dbt_project")]
    kept = ["--target-path", str(data_dir / "target"), "--log-path", str(data_dir / "target")]
    environment = {**os.environ, "CITYBENCH_WAREHOUSE": str(data_dir / "warehouse" / "warehouse.duckdb")}
    command = [
        str(Path(sys.executable).with_name("dbt")),
        "build",
        "--exclude-resource-type",
        "unit_test",
        "--exclude-resource-type",
        "test",
        *arguments,
        *project,
        *kept,
    ]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]


def build(data_dir: Path) -> dict[str, list[tuple[object, ...]]]:
    """Build what was loaded; every mart's rows in one order."""
    warehouse = data_dir / "warehouse" / "warehouse.duckdb"
    dbt(data_dir, "--exclude", *SCORED)
    score_step(warehouse)
    index_step(warehouse, SOURCES.contracts_dir, say=lambda *_: None)
    dbt(data_dir, "--select", *SCORED)
    with open_warehouse(warehouse) as connection:
        close_build(connection)
        marts = connection.execute("select table_name from information_schema.tables where table_schema = 'marts'").fetchall()
        return {str(m): connection.execute(f"select * from marts.{m} order by all").fetchall() for (m,) in marts}


def test_the_marts_are_those_of_a_full_build(data_dir: Path, tmp_path: Path) -> None:
    file = tmp_path / "again.csv"
    rows = [good_row(value=value, year=year) for year, value in (("2019", "21.5"), ("2020", "20.1"), ("2021", "19.4"))]
    withdrawn = good_row(city="Busan", year="2018", value="not reported")
    file.write_bytes(make_csv(*rows, withdrawn))
    done = run_citybench("submit", str(file), "--member", "KOR", data_dir=data_dir)
    assert done.returncode == 0, done.stdout + done.stderr

    assert load(data_dir) == 4
    again = build(data_dir)

    with open_warehouse(data_dir / "warehouse" / "warehouse.duckdb") as connection:
        forget_build(connection)
    assert load(data_dir) > 800
    whole = build(data_dir)

    assert {name: len(rows) for name, rows in again.items()} == {name: len(rows) for name, rows in whole.items()}
    assert [name for name in whole if again[name] != whole[name]] == []
    assert ("KOR-BUSAN", "iso37120:2018/8.1") in {(r[0], r[1]) for r in whole["mart_coverage"]}
    assert len(whole["mart_revisions"]) >= 4


def test_a_submission_without_figures_leaves_every_figure_as_it_was(data_dir: Path, tmp_path: Path) -> None:
    file = tmp_path / "cases.csv"
    sample = (ROOT / "data_contracts" / "samples" / "KOR" / "kor_cases.csv").read_text("utf-8")
    file.write_text(sample.replace("Electric vehicles and repeated", "Synthetic second telling of"), "utf-8")
    with open_warehouse(data_dir / "warehouse" / "warehouse.duckdb", read_only=True) as connection:
        before = {m: connection.execute(f"select * from marts.{m} order by all").fetchall() for m in ("mart_observations", "mart_standings", "mart_verdicts")}
    assert run_citybench("submit", str(file), "--member", "KOR", data_dir=data_dir).returncode == 0
    assert load(data_dir) == 0
    after = build(data_dir)
    assert {name: after[name] for name in before} == before
    assert len(after["mart_cases"]) == 2


def test_what_was_lost_from_the_built_tables_is_not_passed_over(data_dir: Path, tmp_path: Path) -> None:
    copy = tmp_path / "warehouse.duckdb"
    shutil.copyfile(data_dir / "warehouse" / "warehouse.duckdb", copy)
    with open_warehouse(copy) as connection:
        connection.execute("delete from intermediate.int_observations__ranked where submission_id = (select min(submission_id) from submissions.submissions)")
        with pytest.raises(StorageError, match="full build"):
            close_build(connection)


def test_a_build_that_did_not_end_is_followed_by_a_full_one(data_dir: Path, tmp_path: Path) -> None:
    file = tmp_path / "third.csv"
    file.write_bytes(make_csv(good_row(value="18.7", year="2022")))
    assert run_citybench("submit", str(file), "--member", "KOR", data_dir=data_dir).returncode == 0
    assert load(data_dir) == 1
    assert load(data_dir) > 800
    with duckdb.connect(str(data_dir / "warehouse" / "warehouse.duckdb"), read_only=True) as connection:
        assert connection.execute("select is_complete from build.state").fetchall() == [(False,)]
        assert connection.execute("select 1 from information_schema.tables where table_schema = 'marts'").fetchall() == []
