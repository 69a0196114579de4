"""What a sender said of an unusual figure stands beside it in the edition, and a rule without work is not counted as passed there."""

from pathlib import Path

import duckdb
import pytest

from pipelines.editions.reading import current_edition
from pipelines.exports.files import to_csv
from pipelines.exports.tables import figures_table
from pipelines.warehouse import querying
from pipelines.warehouse.connecting import open_edition
from tests.factories import make_view


@pytest.fixture
def folder(sample_data_dir: Path) -> Path:
    return current_edition(sample_data_dir / "editions").folder


def test_the_words_and_the_rule_they_answer_stand_with_the_figure_and_with_no_other(folder: Path) -> None:
    mart = duckdb.read_parquet(str(folder / "mart_observations.parquet"))
    rows = mart.filter("explanation_text is not null").project("city_code, indicator_code, period_year, explanation_text").fetchall()
    [(city, indicator, year, words)] = rows
    assert (city.partition("-")[0], indicator, year) == ("SAU", "iso37120:2018/21.1", 2010)
    assert words.startswith("As UN-Habitat publishes it for Jiddah in 2010")
    assert words.endswith("(value_is_plausible)")


def test_readers_find_the_words_beside_the_number_and_in_the_download(folder: Path) -> None:
    with open_edition(folder / "edition.duckdb") as connection:
        figures = querying.series(connection, "iso37120:2018/21.1")
    [explained] = [f for f in figures if f.explanation_text]
    table = figures_table("Green area", figures, view=make_view())
    assert explained.explanation_text in to_csv(table).decode("utf-8-sig").replace('""', '"')


def test_the_edition_says_which_rules_had_nothing_to_compare(folder: Path) -> None:
    mart = duckdb.read_parquet(str(folder / "mart_rule_results.parquet"))
    states = dict(mart.aggregate("check_state, count(*) as n", "check_state").fetchall())
    assert states["not_run"] > 100
    odd = mart.filter("(check_state = 'not_run') <> (coalesce(not_run_code, '') = 'nothing_to_compare')")
    assert odd.fetchall() == []
