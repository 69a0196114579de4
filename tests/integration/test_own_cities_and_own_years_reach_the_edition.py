"""Through submit, build and edition: a foreign namesake, a dropped own city and another column's year never reach the marts."""

import json
from pathlib import Path

import duckdb
import pytest

from tests.conftest import run_citybench

PEOPLE, AREA = "forum:2026/population_total", "forum:2026/land_area"
FILES = {
    "MYS": "City,Country,Year,Total population (persons),Source\nGeorge Town,Malaysia,2020,794313,test\nGeorge Town,Australia,2021,7117,test\n",
    "KOR": "City,Year,Land area (km2),Population (persons),Population year,Source\nSeoul,2021,605.2,9586195,2020,test\n",
    "JPN": "City,Year,Total population (persons),Source\nSendai,2020,1096704,test\nOsaka City,2020,2752412,test\nKobe,2020,1525152,test\n",
}
FIRST_ANSWERS = {"JPN": {"cities": {"*": "ignore"}}}
ANSWERS = {"JPN": {"cities": {"*": "ignore", "Osaka City": "JPN-OSAKA"}}}


def submit(folder: Path, member: str, answers: dict[str, object]) -> tuple[int, dict[str, object]]:
    """Send one member's file; returns the exit code and the report."""
    path, given = folder / f"{member}.csv", folder / f"{member}.json"
    path.write_text(FILES[member], "utf-8")
    given.write_text(json.dumps(answers), "utf-8")
    done = run_citybench("submit", str(path), "--member", member, "--json", "--answers", str(given), data_dir=folder / "data")
    return done.returncode, json.loads(done.stdout)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with an edition of the three files, sent with a first and then a second set of answers."""
    folder = tmp_path_factory.mktemp("whose")
    for member in FILES:
        code, report = submit(folder, member, FIRST_ANSWERS.get(member, {}))
        if member in ANSWERS:
            assert code != 0, report
            assert [f["found"] for f in report["findings"] if f["rule_id"] == "city_is_known"] == ["Osaka City"]  # type: ignore[attr-defined]
            code, report = submit(folder, member, ANSWERS[member])
        assert code == 0, report
    done = run_citybench("build", data_dir=folder / "data")
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="module")
def published(folder: Path) -> dict[str, list[tuple[str, str, float]]]:
    """Each member's published figures as indicator, period and value."""
    edition = run_citybench("edition", "--path", data_dir=folder / "data").stdout.strip()
    rows = duckdb.read_parquet(f"{edition}/mart_observations.parquet").filter("status_code = 'observed'")
    columns = "city_code, indicator_code, period_label, harmonised_value"
    found: dict[str, list[tuple[str, str, float]]] = {}
    for city, indicator, period, value in rows.project(columns).order(columns).fetchall():
        found.setdefault(city, []).append((indicator, period, value))
    return found


def test_a_town_of_the_same_name_abroad_never_reaches_the_edition(published: dict[str, list[tuple[str, str, float]]]) -> None:
    assert published["MYS-GEORGE-TOWN"] == [(PEOPLE, "2020", 794313)]


def test_each_figure_stands_in_the_edition_under_its_own_year(published: dict[str, list[tuple[str, str, float]]]) -> None:
    assert published["KOR-SEOUL"] == [(AREA, "2021", 605.2), (PEOPLE, "2020", 9586195)]


def test_an_own_city_is_not_lost_behind_an_answer_for_all_others(published: dict[str, list[tuple[str, str, float]]]) -> None:
    assert published["JPN-OSAKA"] == [(PEOPLE, "2020", 2752412)]
    assert published["JPN-SENDAI"] == [(PEOPLE, "2020", 1096704)]
