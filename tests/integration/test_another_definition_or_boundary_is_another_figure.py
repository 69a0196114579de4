"""Through submit, build and edition: residents beside registered persons, the city beside its urban extent, and what a repeat without a source leaves."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from pipelines.domain.comparability import Grade
from pipelines.exports.tables import compared
from pipelines.intake.reporting import FileToRead
from pipelines.submissions.checking import CheckRequest, Home, check_file
from pipelines.submissions.previewing import Published, preview
from pipelines.warehouse.querying import published_of
from pipelines.warehouse.querying_changes import revisions
from pipelines.warehouse.querying_kinds import city_figures, figures_beside, latest_figures
from tests.conftest import run_citybench
from tests.factories import HEADER, good_row, make_csv

COLUMNS = (*HEADER, "Boundary", "Definition")
POPULATION, PM25, DEATHS, BEDS = "forum:2026/population_total", "iso37120:2018/8.1", "iso37120:2018/19.5", "iso37120:2018/11.2"
RESIDENT, REGISTERED, URBAN = (POPULATION, "administrative", "resident"), (POPULATION, "administrative", "registered"), (POPULATION, "urban_extent", "resident")
Kind = tuple[str, str, str]


def population(value: str, definition: str, *, city: str = "Seoul", boundary: str = "", source: str = "synthetic yearbook") -> tuple[str, ...]:
    return (*good_row(city=city, indicator="Total population", value=value, unit="persons", source=source), boundary, definition)


def deaths(value: str, definition: str) -> tuple[str, ...]:
    return (*good_row(indicator="ISO 37120:2018 19.5", value=value, unit="per 100 000"), "", definition)


SENT = {
    "residents.csv": [
        population("9586195", "resident"), population("3391946", "resident", city="Busan"), (*good_row(), "", ""), deaths("1.6", "within_24_hours"),
        (*good_row(indicator="Hospital beds", value="88000", unit="beds"), "", ""),
    ],
    "registered.csv": [population("9668465", "registered"), deaths("2.1", "within_7_days")],
    "urban.csv": [population("24105000", "resident", boundary="urban extent")],
    "revised.csv": [population("9600000", "resident")],
    "again.csv": [population("9668465", "registered", source=""), (*good_row(source=""), "", "")],
    "declared.csv": [(*good_row(), "", "mean of the stations")],
}  # fmt: skip


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    folder = tmp_path_factory.mktemp("keys")
    for name, rows in SENT.items():
        (folder / name).write_bytes(make_csv(*rows, header=COLUMNS))
        sent = run_citybench("submit", str(folder / name), "--member", "KOR", data_dir=folder / "data")
        assert sent.returncode == 0, f"{name}: {sent.stdout}{sent.stderr}"
    built = run_citybench("build", data_dir=folder / "data")
    assert built.returncode == 0, built.stdout + built.stderr
    path = run_citybench("edition", "--path", data_dir=folder / "data").stdout.strip()
    copy = shutil.copy(Path(path) / "edition.duckdb", folder / "copy.duckdb")
    with duckdb.connect(str(copy), read_only=True) as connection:
        yield connection


def standing(edition: duckdb.DuckDBPyConnection, city: str = "KOR-SEOUL") -> dict[Kind, tuple[float, str]]:
    rows = edition.execute(
        "select indicator_code, boundary_code, figure_definition_code, harmonised_value, source_file_name from marts.mart_observations where city_code = ?",
        [city],
    ).fetchall()
    found = {(i, b, d): (v, name) for i, b, d, v, name in rows}
    assert len(found) == len(rows), "one row for each key"
    return found


def test_residents_and_registered_persons_of_one_city_and_year_both_stand(edition: duckdb.DuckDBPyConnection) -> None:
    found = standing(edition)
    assert found[RESIDENT][0] == 9_600_000
    assert found[REGISTERED][0] == 9_668_465


def test_the_city_and_its_urban_extent_both_stand(edition: duckdb.DuckDBPyConnection) -> None:
    found = standing(edition)
    assert {found[RESIDENT][0], found[URBAN][0]} == {9_600_000, 24_105_000}


def test_a_revision_of_one_figure_does_not_touch_the_others(edition: duckdb.DuckDBPyConnection) -> None:
    told = [
        (r.harmonised_value, r.boundary_code, r.figure_definition_code, r.revision_state) for r in revisions(edition, "KOR-SEOUL") if r.unit_code == "count"
    ]
    assert told == [
        (9_668_465, "administrative", "registered", "stands"), (9_668_465, "administrative", "registered", "repeat_without_source"),
        (9_586_195, "administrative", "resident", "replaced"), (9_600_000, "administrative", "resident", "stands"),
    ]  # fmt: skip


def test_what_is_sent_again_without_a_source_does_not_displace_the_same_figure_with_one(edition: duckdb.DuckDBPyConnection) -> None:
    found = standing(edition)
    assert found[REGISTERED] == (9_668_465, "registered.csv")
    assert found[PM25, "administrative", "not_declared"] == (20.75, "residents.csv")


def test_a_declared_figure_stands_beside_the_same_one_undeclared(edition: duckdb.DuckDBPyConnection) -> None:
    kinds = {kind[2] for kind in standing(edition) if kind[0] == PM25}
    assert kinds == {"not_declared", "station_mean"}


def test_two_definitions_bridged_to_one_reference_are_two_figures_and_one_point_of_the_series(edition: duckdb.DuckDBPyConnection) -> None:
    found = standing(edition)
    assert {k[2]: round(v[0], 3) for k, v in found.items() if k[0] == DEATHS} == {"within_24_hours": 2.08, "within_7_days": 2.268}
    assert len(latest_figures(edition, DEATHS)) == 1
    assert len(figures_beside(edition, DEATHS)) == 1


def test_every_figure_has_its_own_permanent_link(edition: duckdb.DuckDBPyConnection) -> None:
    [[n, n_ids]] = edition.execute("select count(*), count(distinct observation_id) from marts.mart_observations").fetchall()
    assert n == n_ids


def test_a_city_stands_once_beside_other_cities_with_the_figure_that_compares(edition: duckdb.DuckDBPyConnection) -> None:
    shown = latest_figures(edition, POPULATION)
    assert [(f.city_code, f.harmonised_value) for f in shown] == [("KOR-BUSAN", 3_391_946), ("KOR-SEOUL", 9_600_000)]
    [against] = [g for g in compared(shown, shown[0]) if g is not None]
    assert against.grade is Grade.COMPARABLE
    assert {f.figure_definition_code for f in figures_beside(edition, POPULATION)} == {"registered", "resident"}
    [[n_cities, n_values]] = edition.execute(
        f"select count(*), max(n_values) from marts.mart_coverage where indicator_code = '{POPULATION}' and n_values > 0"
    ).fetchall()
    assert (n_cities, n_values) == (2, 3)


def test_the_page_of_a_city_lists_every_kind_of_figure(edition: duckdb.DuckDBPyConnection) -> None:
    listed = [(f.boundary_code, f.figure_definition_code) for f in city_figures(edition, "KOR-SEOUL") if f.indicator_code == POPULATION]
    assert sorted(listed) == [("administrative", "registered"), ("administrative", "resident"), ("urban_extent", "resident")]


def test_a_rate_is_derived_once_per_resident(edition: duckdb.DuckDBPyConnection) -> None:
    derived = edition.execute(
        f"select harmonised_value, denominator_definition_code, conversion_steps from marts.mart_observations where indicator_code = '{BEDS}'"
    ).fetchall()
    [(rate, denominator, steps)] = derived
    assert rate == pytest.approx(88_000 / 9_600_000 * 100_000)
    assert denominator == "resident"
    assert "9600000 persons resident" in steps


def test_the_preview_says_what_stands_beside_and_what_is_left_as_it_is(edition: duckdb.DuckDBPyConnection, home: Home) -> None:
    rows = [
        population("9700000", "resident"), population("9668465", "registered", source=""), population("11000000", "daytime"),
        population("3340000", "", city="Busan"),
    ]  # fmt: skip
    checked = check_file(CheckRequest(FileToRead("next.csv", make_csv(*rows, header=COLUMNS)), "KOR", "2026-11-22"), home)
    changes = preview(checked.figures, [Published(*row) for row in published_of(edition, "KOR")], [])
    assert [(c.figure.figure_definition_code, c.kind, c.before, c.keeps_source) for c in changes] == [
        ("resident", "revised", 9_600_000, False), ("registered", "same", 9_668_465, True), ("daytime", "beside", None, False),
        ("not_declared", "beside", None, False),
    ]  # fmt: skip
    assert changes[3].beside_text == "definition resident: 3391946"
    assert len(changes[2].beside) == 3
