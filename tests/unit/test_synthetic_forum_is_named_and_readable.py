"""The synthetic forum: named synthetic, inside plausible ranges, the same for the same seed, and what the real reader reads."""

import numpy as np

from pipelines.warehouse.loading import observations_table
from tests.benchmarks.forum import Forum, chosen_indicators, city_file, read_city, submission_of, synthetic_registry, walks
from tests.conftest import ROOT

CONTRACTS = ROOT / "data_contracts"
# How a number was spelt and which cell settled its decimal sign are texts of the value itself.
OWN_TEXT = ["value_written", "parse_trail"]
SMALL = Forum(n_cities=3, n_indicators=120, n_years=4)


def test_every_city_of_it_is_named_synthetic() -> None:
    real = {r["city_code"] for r in synthetic_registry(Forum(n_cities=0), CONTRACTS)["cities"]}
    added = [r for r in synthetic_registry(SMALL, CONTRACTS)["cities"] if r["city_code"] not in real]
    assert [r["city_code"] for r in added] == SMALL.cities
    assert all(r["name_en"].startswith("Synthetic city") and r["note"] == "synthetic" for r in added)


def test_values_keep_to_the_plausible_range_and_to_the_seed() -> None:
    indicators = chosen_indicators(SMALL, synthetic_registry(SMALL, CONTRACTS))
    values = walks(SMALL, indicators)
    low, high = (np.array([float(r[k]) for r in indicators])[None, :, None] for k in ("plausible_min", "plausible_max"))
    assert values.shape == (3, 120, 4)
    assert ((values >= low) & (values <= high)).all()
    assert (values == walks(SMALL, indicators)).all()
    assert (values != walks(Forum(3, 120, 4, seed=1), indicators)).any()


def test_rows_made_for_a_city_are_those_that_the_reader_gives() -> None:
    indicators = chosen_indicators(SMALL, synthetic_registry(SMALL, CONTRACTS))
    values = walks(SMALL, indicators)
    template = observations_table(read_city(city_file(SMALL, indicators, values[0], "KOR-SEOUL"), CONTRACTS).observations)
    read = observations_table(read_city(city_file(SMALL, indicators, values[1], "KOR-BUSAN"), CONTRACTS).observations)
    made = submission_of(template, "KOR-BUSAN", values[1], 2).drop_columns(["submission_id", *OWN_TEXT])
    assert made.equals(read.drop_columns(OWN_TEXT))
    assert set(read["source_note"].to_pylist()) == {"synthetic"}
