"""How far off each figure of an edition may be: recomputed by hand from the issue's own figures, and carried through from a file to readers."""

import csv
import io
import math
from pathlib import Path

import duckdb
import pytest

from pipelines.editions.reading import current_edition
from pipelines.exports.files import to_csv
from pipelines.exports.tables import figures_table
from pipelines.intake.reporting import FileToRead
from pipelines.submissions.accepting import accept
from pipelines.submissions.checking import CheckRequest, Home
from pipelines.warehouse import querying
from pipelines.warehouse.connecting import open_edition
from tests.conftest import run_citybench
from tests.factories import HEADER, good_row, make_csv, make_view
from tests.integration.test_nothing_accepted_is_lost import fresh_store

# Stated by the issue, not read from the register. Each: indicator, publisher, kind, relative error, whether the figure is a share of 100.
BY_HAND = [
    ("iso37120:2018/8.1", "NEA and Singapore Department of Statistics", "monitor", 0.125, False),
    ("iso37120:2018/11.1", "NEA and Singapore Department of Statistics", "register", 0.01, False),
    ("iso37120:2018/21.1", "UN-Habitat", "satellite", 0.10, False),
    ("forum:2026/green_area_share", "UN-Habitat", "satellite", 0.10, True),
    ("forum:2026/transit_access_sdg1121", "UN SDG database (UN-Habitat), compiled by 360info", "satellite", 0.10, True),
    ("iso37120:2018/13.2", "Department of Statistics Malaysia", "survey", 0.05, True),
    ("forum:2026/household_income_monthly_lcu", "Department of Statistics Malaysia", "survey", 0.05, False),
    ("forum:2026/population_65plus", "Department of Statistics Malaysia", "census", 0.01, False),
    ("forum:2026/agglomeration_population", "UN DESA Population Division", "modelled", 0.10, False),
]


@pytest.fixture(scope="module")
def folder(sample_data_dir: Path) -> Path:
    return current_edition(sample_data_dir / "editions").folder


@pytest.mark.parametrize(("indicator", "publisher", "kind", "relative", "is_share"), BY_HAND)
def test_an_error_of_the_sample_by_hand(indicator: str, publisher: str, kind: str, relative: float, is_share: bool, folder: Path) -> None:
    rows = duckdb.sql(
        f"""select harmonised_value, relative_error, standard_error, error_basis, source_kind, shared_error_key
            from read_parquet('{folder}/mart_observations.parquet')
            where indicator_code = '{indicator}' and source_publisher = '{publisher}' and harmonised_value is not null and status_code <> 'derived'"""
    ).fetchall()
    assert len(rows) >= 2
    for value, error, absolute, basis, found, key in rows:
        assert (error, basis, found, key) == (relative, "kind_default", kind, f"{publisher.lower()} | {kind}")
        assert absolute == pytest.approx(relative * (min(value, 100 - value) if is_share else value))


def test_a_rate_computed_here_has_the_errors_of_both_its_parts(folder: Path) -> None:
    """Hospital beds of provinces are administrative, 5 %; their residents carried on from a census, 10 %."""
    rows = duckdb.sql(
        f"""select harmonised_value, relative_error, standard_error, source_kind, shared_error_key
            from read_parquet('{folder}/mart_observations.parquet')
            where indicator_code = 'iso37120:2018/11.2' and status_code = 'derived' and value_written is null"""
    ).fetchall()
    assert len(rows) > 10
    for value, error, absolute, kind, key in rows:
        assert (error, absolute) == (pytest.approx(math.hypot(0.05, 0.10)), pytest.approx(value * math.hypot(0.05, 0.10)))
        assert (kind, key) == ("computed", None)


def test_the_index_draws_with_the_error_of_the_figure_it_uses(folder: Path) -> None:
    used, apart = duckdb.sql(
        f"""select count(*), count(*) filter (i.noise_share is distinct from o.relative_error)
            from read_parquet('{folder}/mart_index_inputs.parquet') as i
            inner join read_parquet('{folder}/mart_observations.parquet') as o using (observation_id)"""
    ).fetchall()[0]
    assert (used > 50, apart) == (True, 0)


ROWS = [
    # city, indicator, value, unit, standard error, quality, kind, publisher
    ("Seoul", "Total population", "9600", "thousand persons", "12", "survey", "census", "An office"),
    ("Busan", "Total population", "3300", "thousand persons", "", "survey", "census", "An office"),
    ("Daegu", "Total population", "2400", "thousand persons", "", "", "census", "an OFFICE"),
    ("Incheon", "Total population", "2900", "thousand persons", "", "", "", "An office"),
    ("Seoul", "ISO 37120:2018 8.1", "20", "ug/m3", "", "", "monitor", "Another office"),
    ("Seoul", "ISO 37120:2018 8.5", "20", "ug/m3", "", "", "monitor", "Another office"),
    ("Busan", "ISO 37120:2018 8.1", "20", "ug/m3", "", "", "", ""),
    ("Busan", "ISO 37120:2018 8.5", "20", "ug/m3", "", "", "", ""),
    ("Seoul", "ISO 37120:2018 5.1", "4", "%", "0.3", "", "survey", ""),
]
EXPECTED = {
    # what the file says, in the unit of the indicator: error, basis, and who errs together
    ("KOR-SEOUL", "forum:2026/population_total"): (12_000.0, 12 / 9600, "standard_error", "an office | census", "±0.125 % (published standard error)"),
    ("KOR-BUSAN", "forum:2026/population_total"): (165_000.0, 0.05, "declared", "an office | census", "±5 % (declared: survey)"),
    ("KOR-DAEGU", "forum:2026/population_total"): (24_000.0, 0.01, "kind_default", "an office | census", "±1 % (census)"),
    ("KOR-INCHEON", "forum:2026/population_total"): (580_000.0, 0.20, "kind_default", None, "±20 % (kind of source unknown)"),
    ("KOR-SEOUL", "iso37120:2018/8.1"): (2.5, 0.125, "kind_default", "another office | monitor", "±12.5 % (monitor)"),
    ("KOR-SEOUL", "iso37120:2018/8.5"): (1.5, 0.075, "kind_default", "another office | monitor", "±7.5 % (monitor)"),
    ("KOR-BUSAN", "iso37120:2018/8.1"): (10.0, 0.50, "kind_default", None, "±50 % (kind of source unknown)"),
    ("KOR-BUSAN", "iso37120:2018/8.5"): (4.0, 0.20, "kind_default", None, "±20 % (kind of source unknown)"),
    ("KOR-SEOUL", "iso37120:2018/5.1"): (0.3, 0.3 / 4, "standard_error", None, "±0.3 points (published standard error)"),
}


def test_what_a_file_says_of_its_errors_stands_beside_each_number_and_in_the_download(tmp_path: Path, home: Home) -> None:
    data = tmp_path / "data"
    data.mkdir()
    header = (*HEADER, "Standard error", "Quality", "Kind of source", "Publisher")
    lines = [(*good_row(city=c, indicator=i, value=v, unit=u), e, q, k, p) for c, i, v, u, e, q, k, p in ROWS]
    accept(CheckRequest(FileToRead("errors.csv", make_csv(*lines, header=header)), "KOR", "2026-11-22"), home, fresh_store(data))
    done = run_citybench("build", data_dir=data)
    assert done.returncode == 0, done.stdout + done.stderr
    edition = Path(run_citybench("edition", "--path", data_dir=data).stdout.strip())
    with open_edition(edition / "edition.duckdb") as connection:
        figures = [f for code in sorted({i for _, i in EXPECTED}) for f in querying.series(connection, code)]
    said = list(csv.DictReader(io.StringIO(to_csv(figures_table("t", figures, view=make_view())).decode("utf-8-sig"))))
    found = {
        (f.city_code, f.indicator_code): (f.standard_error, f.relative_error, f.error_basis, f.shared_error_key, row["Uncertainty"])
        for f, row in zip(figures, said, strict=False)
    }
    assert found == {key: (pytest.approx(e), pytest.approx(r), *rest) for key, (e, r, *rest) in EXPECTED.items()}
    of_seoul = next(row for row in said if (row["City"], row["Unit"]) == ("Seoul", "number"))
    assert (of_seoul["Standard error"], of_seoul["Errs together with"]) == ("12000", "an office | census")
