"""A check lists every figure as it was read, in JSON and as a table, and shows no value that is still asked about."""

import csv
import json
from pathlib import Path

from pipelines.intake.reporting import FileToRead
from pipelines.submissions.checking import CheckRequest, Home, check_file
from tests.conftest import run_citybench
from tests.factories import HEADER, good_row, make_csv, make_workbook


def test_a_figure_stands_with_its_cell_its_parts_and_its_harmonised_value(home: Home) -> None:
    rows = [HEADER, good_row(indicator="Total population", value="9668.465", unit="thousand persons")]
    [figure] = check_file(CheckRequest(FileToRead("f.xlsx", make_workbook(rows)), "KOR", "2026-11-22"), home).read
    assert (figure.address, figure.city_code, figure.indicator_code) == ("Data!D2", "KOR-SEOUL", "forum:2026/population_total")
    assert (str(figure.period_start), str(figure.period_end), figure.value_written) == ("2020-01-01", "2020-12-31", "9668.465")
    assert (figure.harmonised_value, figure.unit_code, figure.boundary_code) == (9_668_465, "count", "administrative")


def test_a_figure_that_is_still_asked_about_shows_no_value(home: Home) -> None:
    content = make_csv(good_row(value="-3.5"), good_row(year="2019", value="21.5"))
    figures = check_file(CheckRequest(FileToRead("f.csv", content), "KOR", "2026-11-22"), home).read
    assert [(f.state, f.reported_value, f.harmonised_value) for f in figures] == [("asked", None, None), ("read", 21.5, 21.5)]


def test_the_command_lists_the_same_figures_as_json_and_as_a_table(tmp_path: Path) -> None:
    path, table = tmp_path / "f.csv", tmp_path / "figures.csv"
    path.write_bytes(make_csv(good_row(), good_row(city="Busan", year="2019", value="17"), good_row(city="Nowhere", year="2018")))
    done = run_citybench("check", str(path), "--member", "KOR", "--json", "--figures", str(table), data_dir=tmp_path)
    listed = json.loads(done.stdout)["figures"]
    assert [f["address"] for f in listed] == ["D2", "D3", "D4"]
    assert [f["city_code"] for f in listed] == ["KOR-SEOUL", "KOR-BUSAN", None]
    rows = list(csv.DictReader(table.read_text("utf-8-sig").splitlines()))
    assert [(r["address"], float(r["harmonised_value"])) for r in rows] == [(f["address"], f["harmonised_value"]) for f in listed]
    assert set(rows[0]) == set(listed[0])
