"""An edition file opened twice in one process answers both and stays locked down for both."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pytest

from pipelines.warehouse.connecting import open_edition


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "edition.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create table marks as select 7 as mark")
    return path


def test_the_second_reader_of_one_file_reads_too(path: Path) -> None:
    with open_edition(path) as first, open_edition(path) as second:
        assert first.sql("from marks").fetchall() == second.sql("from marks").fetchall() == [(7,)]


def test_readers_who_come_at_once_all_read(path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        connections = list(pool.map(open_edition, [path] * 64))
    assert [c.sql("from marks").fetchall() for c in connections] == [[(7,)]] * 64


@pytest.mark.parametrize("reader", [0, 1])
def test_no_reader_reaches_other_files_or_unlocks(path: Path, reader: int) -> None:
    other = path.with_name("other.csv")
    other.write_text("a\n1\n")
    connection = [open_edition(path), open_edition(path)][reader]
    with pytest.raises(duckdb.PermissionException):
        connection.execute(f"from read_csv('{other}')")
    with pytest.raises(duckdb.InvalidInputException):
        connection.execute("set enable_external_access = true")
