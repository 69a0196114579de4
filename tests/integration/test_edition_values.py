"""The sample edition: every value equals its fact after a conversion computed here, by other means than dbt's."""

import csv
import datetime
import shutil
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import duckdb
import pytest

from tests.conftest import run_citybench

SAMPLES = Path(__file__).resolve().parents[2] / "data_contracts" / "samples"
EXACT = {
    "thousand persons": 1000, "m2/person": 10, "ha": Fraction(1, 100), "m2": Fraction(1, 1_000_000), "km2": 1, "ug/m3": 1, "persons": 1, "%": 1,
    "persons/km2": 1, "per 100 000": 1, "persons/household": 1, "vehicles": 1, "beds": 1, "t/year": 1, "t CO2e": 1, "per 1 000 live births": 1,
    "t CO2e/person": 1, "t/day": 1, "years": 1, "pupils per teacher": 1, "t/person/year": 1, "cameras": 1, "passengers/day": 1,
    "passengers/year": 1, "index 0-1": 1, "MYR/month": 1,
}  # fmt: skip
DERIVED = {
    "iso37120:2018/11.2": ("forum:2026/hospital_beds", "forum:2026/population_total", 100_000),
    "iso37120:2018/11.3": ("forum:2026/physicians", "forum:2026/population_total", 100_000),
    "iso37120:2018/21.5.1": ("forum:2026/population_total", "forum:2026/land_area", 1),
    "iso37120:2018/8.3": ("forum:2026/ghg_basic_total", "forum:2026/population_total", 1),
}


@pytest.fixture(scope="module")
def edition(sample_data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    folder = run_citybench("edition", "--path", data_dir=sample_data_dir).stdout.strip()
    # A copy: one process opens one DuckDB file with one configuration, and the app's tests open the edition too.
    copy = shutil.copy(f"{folder}/edition.duckdb", tmp_path_factory.mktemp("edition") / "edition.duckdb")
    with duckdb.connect(str(copy), read_only=True) as connection:
        yield connection


def read(name: str) -> list[dict[str, str]]:
    with (SAMPLES / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def letters(column: int) -> str:
    return chr(64 + column) if column <= 26 else chr(64 + (column - 1) // 26) + chr(65 + (column - 1) % 26)


def expected_value(fact: dict[str, str], start: datetime.date, end: datetime.date) -> Fraction:
    value = Fraction(fact["value"])
    if fact["unit"] == "g/person/day":
        return value * ((end - start).days + 1) / 1_000_000
    return value * EXACT[fact["unit"]]


def marts(edition: duckdb.DuckDBPyConnection) -> list[dict[str, object]]:
    cursor = edition.execute("select * from marts.mart_observations")
    names = [d[0] for d in cursor.description or []]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def sent(edition: duckdb.DuckDBPyConnection) -> list[dict[str, object]]:
    """Rows of figures that the samples hold: observed, or computed by the sender; not those computed here from two of them."""
    return [r for r in marts(edition) if r["value_written"] is not None and r["status_code"] in ("observed", "derived")]


def places_of_facts() -> dict[tuple[str, str, int, str], dict[str, str]]:
    facts = {f["fact_id"]: f for f in read("sources.csv")}
    listed = [f for f in read("figures.csv") if f["kind"] == "reported"]
    return {(f["sample_file"].split("/")[1], f["sheet"], int(f["row"]), letters(int(f["column"]))): facts[f["fact_id"]] for f in listed}


def test_every_figure_of_the_edition_carries_the_source_of_its_own_fact(edition: duckdb.DuckDBPyConnection) -> None:
    places, datasets = places_of_facts(), {d["dataset"]: d for d in read("datasets.csv")}
    links = {(f["dataset"], f["file"]): f["link"] for f in read("dataset_files.csv")}
    n_derived = n_other_year = 0
    for row in sent(edition):
        fact = places[row["source_file_name"], row["source_sheet"], row["source_row"], row["source_column"]]
        place, _, computed = fact["locator"].partition("; DERIVED: ")
        dataset = datasets[fact["dataset"]]
        stated = None if dataset["licence_as_stated"].startswith("not stated") else dataset["licence_as_stated"]
        assert row["source_locator"] == place.partition("; NOTE: ")[0], row["source_address"]
        assert (row["source_publisher"], row["source_title"], row["source_licence"]) == (dataset["publisher"], dataset["title"], stated)
        assert (row["source_link"], row["source_accessed"]) == (links[fact["dataset"], fact["file"]], dataset["accessed_on"] or None)
        assert row["status_code"] == ("derived" if computed else "observed"), row["source_address"]
        assert str(row["computation_note"] or "").startswith(computed.partition("; NOTE: ")[0])
        n_derived += bool(computed)
        n_other_year += "divided by a figure of another year" in str(row["computation_note"])
    assert n_derived == sum("DERIVED" in fact["locator"] for fact in places.values())
    assert n_derived >= 119
    assert n_other_year >= 16


def test_a_rate_computed_here_names_the_sources_of_both_its_parts(edition: duckdb.DuckDBPyConnection) -> None:
    computed = [r for r in marts(edition) if r["status_code"] == "derived" and r["value_written"] is None]
    for row in computed:
        assert str(row["source_locator"]).startswith("numerator: "), row["source_locator"]
        assert "; denominator: " in str(row["source_locator"])
        assert row["source_publisher"]
        assert " / " in str(row["computation_note"])
    assert len(computed) > 20


def test_every_value_equals_its_fact(edition: duckdb.DuckDBPyConnection) -> None:
    places = places_of_facts()
    rows = sent(edition)
    for row in rows:
        fact = places.pop((row["source_file_name"], row["source_sheet"], row["source_row"], row["source_column"]))
        want = expected_value(fact, row["period_start"], row["period_end"])
        assert row["harmonised_value"] == pytest.approx(float(want), rel=1e-12), row["source_address"]
        assert (row["city_code"], row["indicator_code"]) == (fact["city_code"], fact["indicator_code"])
        assert row["period_label"].startswith(fact["year"][:4]), (row["period_label"], fact["year"])
    assert not places, "facts in the samples that no mart row shows"
    assert len(rows) > 700


def test_every_derived_value_follows_from_two_facts(edition: duckdb.DuckDBPyConnection) -> None:
    facts = read("sources.csv")
    parts = {(f["city_code"], f["indicator_code"], f["year"]): expected_value(f, datetime.date.min, datetime.date.min) for f in facts if f["unit"] in EXACT}
    derived = [r for r in marts(edition) if r["status_code"] == "derived" and r["value_written"] is None]
    for row in derived:
        above, below, factor = DERIVED[str(row["indicator_code"])]
        want = parts[row["city_code"], above, row["period_label"]] / parts[row["city_code"], below, row["period_label"]] * factor
        assert row["harmonised_value"] == pytest.approx(float(want), rel=1e-12)
        listed = [f for f in facts if (f["city_code"], f["indicator_code"], f["year"]) == (row["city_code"], row["indicator_code"], row["period_label"])]
        for fact in listed:
            assert row["harmonised_value"] == pytest.approx(float(fact["value"]), rel=1e-4), "the published rate"
    assert len(derived) > 20


def test_there_are_forty_cities_in_twelve_countries(edition: duckdb.DuckDBPyConnection) -> None:
    query = "select count(distinct city_code), count(distinct member_code) from marts.mart_observations where harmonised_value is not null"
    n_cities, n_countries = edition.execute(query).fetchall()[0]
    assert n_cities >= 40
    assert n_countries >= 12


def test_one_row_per_city_boundary_indicator_definition_and_period(edition: duckdb.DuckDBPyConnection) -> None:
    parts = ("city_code", "boundary_code", "indicator_code", "figure_definition_code", "period_start", "period_end")
    keys = Counter(tuple(r[part] for part in parts) for r in marts(edition))
    assert max(keys.values()) == 1


def test_a_missing_value_has_a_reason_and_no_number(edition: duckdb.DuckDBPyConnection) -> None:
    missing = [r for r in marts(edition) if r["status_code"] == "missing"]
    assert missing
    assert all(r["harmonised_value"] is None and r["reason_code"] for r in missing)


def test_fiscal_and_other_calendars_keep_their_real_dates(edition: duckdb.DuckDBPyConnection) -> None:
    query = "select distinct period_start, period_end from marts.mart_observations where source_file_name = ? and period_year = 2020"
    assert edition.execute(query, ["jpn_waste_tokyo.csv"]).fetchall() == [(datetime.date(2020, 4, 1), datetime.date(2021, 3, 31))]
    assert edition.execute(query, ["tha_indicators.csv"]).fetchall() == [(datetime.date(2020, 1, 1), datetime.date(2020, 12, 31))]
