"""In the edition each sample figure cites its own fact, and what somebody computed says so."""

import csv
from pathlib import Path

import duckdb
import pytest

from pipelines.editions.reading import current_edition
from tests.conftest import ROOT

SAMPLES = ROOT / "data_contracts" / "samples"


def rows_of(name: str) -> list[dict[str, str]]:
    with (SAMPLES / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture
def figures(sample_data_dir: Path) -> dict[tuple[str, str, str, str], dict[str, object]]:
    mart = duckdb.read_parquet(str(current_edition(sample_data_dir / "editions").folder / "mart_observations.parquet"))
    names = mart.columns
    found = [dict(zip(names, row, strict=True)) for row in mart.fetchall()]
    # A cell may stand behind its own figure and behind one that we derived from it: the indicator tells them apart.
    return {(str(f["indicator_code"]), str(f["source_file_name"]), str(f["source_sheet"] or ""), f"{f['source_column']}{f['source_row']}"): f for f in found}


def letters(number: int) -> str:
    text = ""
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(65 + rest) + text
    return text


def test_every_reported_figure_cites_publisher_place_and_kind_of_its_own_fact(figures: dict[tuple[str, str, str, str], dict[str, object]]) -> None:
    facts = {row["fact_id"]: row for row in rows_of("sources.csv")}
    datasets = {row["dataset"]: row for row in rows_of("datasets.csv")}
    seen = computed = 0
    for place in (row for row in rows_of("figures.csv") if row["kind"] == "reported"):
        fact = facts[place["fact_id"]]
        address = letters(int(place["column"])) + place["row"]
        figure = figures.get((fact["indicator_code"], Path(place["sample_file"]).name, place["sheet"], address))
        if figure is None:  # revised by a later sample file
            continue
        where, _, derived = fact["locator"].partition("; DERIVED: ")
        assert figure["source_locator"] == where.partition("; NOTE: ")[0], place
        assert figure["source_publisher"] == datasets[fact["dataset"]]["publisher"], place
        assert figure["status_code"] == ("derived" if derived else "observed"), place
        seen += 1
        computed += bool(derived)
    assert seen > 700
    assert computed > 100


def test_a_rate_over_the_people_of_another_year_says_which(figures: dict[tuple[str, str, str, str], dict[str, object]]) -> None:
    marked = 0
    for figure in figures.values():
        text = str(figure["computation_note"] or "")
        if "population year" in text:
            below, above = (int(part.split()[2][:4]) for part in text[text.index("population year") :].split(")", maxsplit=1)[0].split(", "))
            assert (f"divided by a figure of another year, {below}" in text) == (below != above), text
            assert figure["status_code"] == "derived"
            marked += below != above
    assert marked >= 15
