"""A synthetic forum: cities, indicators and years that nobody measured, named synthetic wherever they appear.

One city's file goes through the real door; the rows of the other cities are its rows with another city and other values, so that
2,000 cities take seconds and not an hour. Values walk by a seeded step inside the plausible range of their indicator.
"""

import csv
import datetime
import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.contracts.catalogues import Row, load_vocabulary, member_habits, read_registry, registry_columns
from pipelines.contracts.documents import OBSERVATIONS
from pipelines.domain.observations import IntakeResult
from pipelines.intake.reporting import FileToRead, report_file
from pipelines.warehouse.connecting import open_warehouse
from pipelines.warehouse.loading import load_registry, load_submissions, observations_table

MEMBER = "KOR"
FIRST_YEAR = 2010
AS_OF = "2026-11-22"


@dataclass(frozen=True, slots=True)
class Forum:
    """The size of a synthetic forum and the seed of its values."""

    n_cities: int = 200
    n_indicators: int = 120
    n_years: int = 15
    seed: int = 20261124

    @property
    def cities(self) -> list[str]:
        """Codes of its cities."""
        return [f"{MEMBER}-SYN{number:05}" for number in range(1, self.n_cities + 1)]


def synthetic_registry(forum: Forum, contracts_dir: Path) -> dict[str, list[Row]]:
    """Give the real registry with the synthetic cities added to it."""
    registry = dict(read_registry(contracts_dir))
    blank = dict.fromkeys(registry["cities"][0], "")
    registry["cities"] = registry["cities"] + [
        {**blank, "city_code": code, "member_code": MEMBER, "name_en": f"Synthetic city {code[-5:]}", "boundary_code": "administrative", "note": "synthetic"}
        for code in forum.cities
    ]
    return registry


def chosen_indicators(forum: Forum, registry: dict[str, list[Row]]) -> list[Row]:
    """Give the first indicators of ISO 37120 and 37122 that have a plausible range and one definition.

    Raises:
        ValueError: the catalogue has fewer.
    """
    several = {r["indicator_code"] for r in registry["definitions"]}
    fit = [
        r for r in registry["indicators"]
        if r["framework_code"].startswith("iso3712") and r["plausible_min"] and r["plausible_max"] and r["indicator_code"] not in several
    ]  # fmt: skip
    if len(fit) < forum.n_indicators:
        raise ValueError(f"{len(fit)} indicators fit a synthetic forum, {forum.n_indicators} are wanted.")
    return fit[: forum.n_indicators]


def walks(forum: Forum, indicators: list[Row]) -> np.ndarray:
    """Draw every value: cities x indicators x years, each walk inside its plausible range, to six digits."""
    random = np.random.default_rng(forum.seed)
    low = np.array([max(float(r["plausible_min"]), 0.0) for r in indicators])
    high = np.array([float(r["plausible_max"]) for r in indicators])
    start = random.uniform(0.3, 0.6, (forum.n_cities, forum.n_indicators, 1))
    steps = random.normal(0.002, 0.01, (forum.n_cities, forum.n_indicators, forum.n_years))
    shares = np.clip(start + np.cumsum(steps, axis=2), 0.05, 0.95)
    values = low[None, :, None] + shares * (high - low)[None, :, None]
    return np.vectorize(lambda v: float(f"{v:.6g}"))(values)


def city_file(forum: Forum, indicators: list[Row], values: np.ndarray, city: str) -> bytes:
    """Write one city's file as a member would: a row per indicator and year."""
    stream = io.StringIO()
    out = csv.writer(stream, lineterminator="\n")
    out.writerow(("City", "Indicator", "Year", "Value", "Unit", "Source"))
    for row, walk in zip(indicators, values, strict=True):
        for year, value in enumerate(walk, FIRST_YEAR):
            out.writerow((city, row["indicator_code"], year, repr(float(value)), row["unit_code"], "synthetic"))
    return stream.getvalue().encode()


def read_city(content: bytes, contracts_dir: Path) -> IntakeResult:
    """Read one city's file by the real reader; its city is a real code, since only the benchmark knows synthetic ones."""
    return report_file(
        FileToRead("synthetic.csv", content), vocabulary=load_vocabulary(contracts_dir), habits=member_habits(contracts_dir, MEMBER), delimiters=[","],
        contract=(OBSERVATIONS, "synthetic"),
    )  # fmt: skip


def submission_of(template: pa.Table, city: str, values: np.ndarray, number: int) -> pa.Table:
    """Make one city's rows from the rows that the reader gave for another."""
    flat = values.reshape(-1)
    changes = {
        "city_code": pa.array([city] * template.num_rows, pa.string()), "city_written": pa.array([city] * template.num_rows, pa.string()),
        "reported_value": pa.array(flat, pa.float64()), "value_written": pc.cast(pa.array(flat, pa.float64()), pa.string()),
    }  # fmt: skip
    table = template
    for name, column in changes.items():
        table = table.set_column(table.schema.get_field_index(name), table.schema.field(name), column)
    return table.add_column(0, "submission_id", pa.array([f"SYN-{number:05}"] * table.num_rows, pa.string()))


def heads_of(numbers: list[int]) -> list[dict[str, object]]:
    """Give the heads of submissions by their number."""
    return [
        {"submission_id": f"SYN-{n:05}", "member_code": MEMBER, "file_name": f"synthetic_{n:05}.csv", "file_sha256": f"{n:064x}", "contract_version": "synthetic",
         "accepted_seq": n, "as_of_date": AS_OF, "n_rows": 0}
        for n in numbers
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class LoadedForum:
    """A forum in a warehouse: what it was made of."""

    forum: Forum
    template: pa.Table
    values: np.ndarray
    n_rows: int


def load_forum(forum: Forum, warehouse: Path, contracts_dir: Path) -> LoadedForum:
    """Generate a forum and load it as the sources of dbt: one submission per city."""
    registry = synthetic_registry(forum, contracts_dir)
    indicators = chosen_indicators(forum, registry)
    values = walks(forum, indicators)
    intake = read_city(city_file(forum, indicators, values[0], "KOR-SEOUL"), contracts_dir)
    if intake.troubles or len(intake.observations) != forum.n_indicators * forum.n_years:
        raise ValueError(f"The synthetic file does not read as written: {intake.troubles[:3]}, {len(intake.observations)} rows.")
    template = observations_table(intake.observations)
    tables = [submission_of(template, city, values[at], at + 1) for at, city in enumerate(forum.cities)]
    with open_warehouse(warehouse) as connection:
        load_registry(connection, registry, registry_columns(contracts_dir))
        n_rows = load_submissions(connection, submissions=heads_of(list(range(1, forum.n_cities + 1))), rule_results=[], observations=tables)
    return LoadedForum(forum, template, values, n_rows)


def today() -> datetime.date:
    """The day as of which the forum is checked."""
    return datetime.date.fromisoformat(AS_OF)
