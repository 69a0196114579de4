"""Pages read what was proved, whatever lies beside it; a build stands on no damaged file, old ones included; heads are kept elsewhere."""

import json
import shutil
from pathlib import Path

import dagster as dg
import pytest

from pipelines.defs.resources import BuildTurn, Platform
from pipelines.domain.errors import StorageError
from pipelines.editions.building import load_submissions_step, require_own_warehouse
from pipelines.editions.freezing import Sources
from pipelines.editions.handing_out import last_figures
from pipelines.editions.opening import open_published
from pipelines.editions.reading import current_edition, read_edition
from pipelines.state.engines import Engine, open_state
from pipelines.state.heads import HEADS_FILE
from pipelines.state.records import list_submissions
from pipelines.submissions.landing import landed_path
from pipelines.warehouse.connecting import open_warehouse
from tests.conftest import ROOT, run_citybench
from tests.factories import good_row, make_csv
from tests.fixtures.damaging import flip, of_current, unlocked
from tests.fixtures.edition_damages import CACHE_CHANGES, change_cache, forge_edition

SOURCES = Sources(ROOT / "data_contracts", ROOT / "dbt_project", ROOT / "pipelines")


@pytest.fixture
def data_dir(sample_data_dir: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sample_data_dir, tmp_path / "data", ignore=shutil.ignore_patterns("orchestrator")))


def engine_of(data_dir: Path) -> Engine:
    return open_state(f"sqlite:///{data_dir / 'state.sqlite'}")


def figures(data_dir: Path) -> list[tuple[object, ...]]:
    return open_published(current_edition(data_dir / "editions")).execute("select * from marts.mart_observations order by all").fetchall()


@pytest.mark.parametrize("change", ["a figure changed", "a table dropped", "noise", "deleted"])
def test_readers_see_the_published_figures_whatever_was_done_to_the_file_beside_them(data_dir: Path, sample_data_dir: Path, change: str) -> None:
    if change == "noise":
        unlocked(of_current(data_dir) / "edition.duckdb").write_bytes(b"noise")
    elif change == "deleted":
        (of_current(data_dir) / "edition.duckdb").unlink()
    else:
        change_cache(data_dir, CACHE_CHANGES[change])
    assert figures(data_dir) == figures(sample_data_dir)
    assert last_figures(data_dir / "editions", "KOR") == last_figures(sample_data_dir / "editions", "KOR")


def test_a_changed_parquet_file_is_shown_to_nobody(data_dir: Path) -> None:
    flip(of_current(data_dir) / "mart_cities.parquet", 2000)
    with pytest.raises(StorageError, match=r"mart_cities.parquet is missing or was changed"):
        open_published(current_edition(data_dir / "editions"))


def test_a_manifest_of_another_content_than_the_id_is_refused(data_dir: Path) -> None:
    folder = of_current(data_dir)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["files"][0]["sha256"] = "0" * 64
    unlocked(folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(StorageError, match="its manifest was changed"):
        read_edition(folder.parent, folder.name)


def test_an_edition_of_figures_made_elsewhere_is_not_the_one_of_the_address(data_dir: Path) -> None:
    """Its files, manifest and id may agree; its id is another then, and `verify` knows no such edition."""
    before = of_current(data_dir).name
    assert forge_edition(data_dir).name != before


def test_a_file_landed_long_ago_is_proved_by_a_build_that_takes_in_nothing_of_it(data_dir: Path) -> None:
    engine, landing, warehouse = engine_of(data_dir), data_dir / "landing", data_dir / "warehouse" / "warehouse.duckdb"
    assert load_submissions_step(engine, warehouse, landing, SOURCES) is not None
    oldest, *_, newest = list_submissions(engine)
    flip(landed_path(landing, oldest.file_sha256), 100)
    landed_path(landing, newest.rows_sha256).unlink()
    with pytest.raises(StorageError, match="2 landed files stand in the way") as told:
        load_submissions_step(engine, warehouse, landing, SOURCES)
    assert f"{oldest.submission_id}: Landed file {oldest.file_sha256[:12]} is damaged" in str(told.value)
    assert f"{newest.submission_id}: Landed file {newest.rows_sha256[:12]} is missing" in str(told.value)


def test_a_build_goes_on_from_the_warehouse_of_the_last_and_from_no_other(data_dir: Path) -> None:
    engine, warehouse = engine_of(data_dir), data_dir / "warehouse" / "warehouse.duckdb"
    assert require_own_warehouse(engine, warehouse)
    kept = warehouse.read_bytes()
    wal = warehouse.with_name("warehouse.duckdb.wal")
    wal.write_bytes(b"changes")
    assert not require_own_warehouse(engine, warehouse)
    assert not warehouse.exists()
    assert not wal.exists()
    warehouse.write_bytes(kept)
    assert require_own_warehouse(engine, warehouse)
    with open_warehouse(warehouse) as connection:
        connection.execute("update intermediate.int_observations__ranked set harmonised_value = 1")
    assert not require_own_warehouse(engine, warehouse)
    assert not warehouse.exists()


def test_a_build_looks_at_its_warehouse_before_its_first_step(data_dir: Path) -> None:
    platform = Platform(
        contracts_dir=str(ROOT / "data_contracts"), dbt_dir=str(ROOT / "dbt_project"), code_dir=str(ROOT / "pipelines"), data_dir=str(data_dir),
        landing_dir=str(data_dir / "landing"), inbox_dir=str(data_dir / "inbox"), editions_dir=str(data_dir / "editions"),
        warehouse_path=str(data_dir / "warehouse" / "warehouse.duckdb"), database_url=f"sqlite:///{data_dir / 'state.sqlite'}",
        head_files=[str(data_dir / HEADS_FILE)],
    )  # fmt: skip
    (data_dir / "warehouse" / "warehouse.duckdb.wal").write_bytes(b"changes")
    with dg.build_resources({"platform": platform, "build_turn": BuildTurn(platform=platform)}):
        assert not (data_dir / "warehouse" / "warehouse.duckdb").exists()


def test_a_withdrawal_is_built_on_the_last_warehouse_and_verify_agrees(data_dir: Path, tmp_path: Path) -> None:
    file = tmp_path / "withdrawn.csv"
    file.write_bytes(make_csv(good_row(value="21.5", year="2019"), good_row(city="Busan", year="2018", value="not reported")))
    assert run_citybench("submit", str(file), "--member", "KOR", data_dir=data_dir).returncode == 0
    done = run_citybench("build", data_dir=data_dir)
    assert done.returncode == 0, done.stdout + done.stderr
    with open_warehouse(data_dir / "warehouse" / "warehouse.duckdb", read_only=True) as connection:
        assert connection.execute("select count(*) from submissions.observations").fetchall() == [(2,)]
    assert "2 editions as published" in run_citybench("verify", data_dir=data_dir).stdout


def test_a_new_witness_is_begun_on_purpose_and_then_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("first", "21.5"), ("second", "22.5")):
        (tmp_path / f"{name}.csv").write_bytes(make_csv(good_row(value=value)))
    data_dir, far = tmp_path / "data", tmp_path / "far.txt"
    assert run_citybench("submit", str(tmp_path / "first.csv"), "--member", "KOR", data_dir=data_dir).returncode == 0
    monkeypatch.setenv("CITYBENCH_WITNESS", str(far))
    refused = run_citybench("submit", str(tmp_path / "second.csv"), "--member", "KOR", data_dir=data_dir)
    assert (refused.returncode, "citybench witness" in refused.stderr) == (2, True)
    assert "far.txt: begun" in run_citybench("witness", data_dir=data_dir).stderr
    assert run_citybench("submit", str(tmp_path / "second.csv"), "--member", "KOR", data_dir=data_dir).returncode == 0
    assert "2 witnesses agree" in run_citybench("verify", data_dir=data_dir).stdout

    shutil.rmtree(data_dir)
    assert "state database is missing" in (found := run_citybench("verify", data_dir=data_dir)).stderr
    assert (found.returncode, "head file far.txt: the ledger lacks event 1" in found.stderr) == (1, True)
    assert run_citybench("submit", str(tmp_path / "first.csv"), "--member", "KOR", data_dir=data_dir).returncode == 2


def test_a_receipt_that_a_member_kept_finds_a_state_begun_anew(tmp_path: Path) -> None:
    (tmp_path / "file.csv").write_bytes(make_csv(good_row()))
    data_dir, receipt = tmp_path / "data", tmp_path / "receipt.json"
    receipt.write_text(run_citybench("submit", str(tmp_path / "file.csv"), "--member", "KOR", "--json", data_dir=data_dir).stdout)
    assert run_citybench("verify", "--receipt", str(receipt), data_dir=data_dir).returncode == 0
    shutil.rmtree(data_dir)
    assert run_citybench("account", "somebody", "--role", "editor", data_dir=data_dir).returncode == 0
    assert run_citybench("verify", data_dir=data_dir).returncode == 0
    found = run_citybench("verify", "--receipt", str(receipt), data_dir=data_dir)
    assert (found.returncode, "receipt receipt.json: it knows event 1" in found.stderr) == (1, True)
