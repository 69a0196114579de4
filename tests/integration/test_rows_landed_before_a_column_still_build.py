"""Rows that were landed before the contract had a column stand in every later edition, with the column empty."""

from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.domain.source_fields import SOURCE_TEXTS
from pipelines.intake.reporting import FileToRead
from pipelines.submissions import accepting
from pipelines.submissions.accepting import accept
from pipelines.submissions.checking import CheckRequest, Home, check_file
from pipelines.warehouse.loading import OBSERVATION_SCHEMA, observations_table, read_rows, write_rows
from tests.conftest import run_citybench
from tests.factories import good_row, make_csv
from tests.integration.test_nothing_accepted_is_lost import fresh_store

NEW = (*SOURCE_TEXTS, "source_cell", "source_first_year", "source_last_year", "method_written", "method_code", "method_cell")


def as_landed_before(observations: list[object]) -> pa.Table:
    """Rows as the contract before this one landed them."""
    return observations_table(observations).drop_columns(list(NEW))  # type: ignore[arg-type]


def test_columns_that_older_rows_lack_are_read_as_empty(tmp_path: Path, home: Home) -> None:
    observations = check_file(CheckRequest(FileToRead("t.csv", make_csv(good_row())), "KOR", "2026-11-22"), home).observations
    write_rows(as_landed_before(list(observations)), tmp_path / "rows.parquet")
    assert not set(NEW) & set(pq.read_schema(tmp_path / "rows.parquet").names)
    [row] = read_rows((tmp_path / "rows.parquet").read_bytes(), submission_id="KOR-x").to_pylist()
    assert (row["reported_value"], row["source_note"]) == (20.75, "synthetic test row")
    assert {row[name] for name in NEW} == {None}
    assert set(row) == {"submission_id", *OBSERVATION_SCHEMA.names}


def test_an_older_submission_stands_in_a_new_edition_beside_a_newer_one(tmp_path: Path, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    with monkeypatch.context() as before:
        before.setattr(accepting, "observations_table", as_landed_before)
        accept(CheckRequest(FileToRead("old.csv", make_csv(good_row())), "KOR", "2026-11-22"), home, fresh_store(folder))
    header = ("City", "Indicator", "Year", "Value", "Unit", "Publisher")
    newer = make_csv((*good_row(city="Busan")[:5], "Busan office"), header=header)
    accept(CheckRequest(FileToRead("new.csv", newer), "KOR", "2026-11-22"), home, fresh_store(folder))
    done = run_citybench("build", data_dir=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    edition = run_citybench("edition", "--path", data_dir=folder).stdout.strip()
    with duckdb.connect() as connection:
        query = "select city_code, harmonised_value, source_note, source_publisher from read_parquet(?) order by source_file_name desc"
        rows = connection.execute(query, [f"{edition}/mart_observations.parquet"]).fetchall()
    assert rows == [("KOR-SEOUL", 20.75, "synthetic test row", None), ("KOR-BUSAN", 20.75, None, "Busan office")]
