"""A synthetic forum: cities, indicators and years that nobody measured, named synthetic wherever they appear.

One city's file goes through the real door; the rows of the other cities are its rows with another city and other values, so that
2,000 cities take seconds and not an hour. Values walk by a seeded step inside the plausible range of their indicator.
"""

import csv
import io
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.contracts.catalogues import Row, load_vocabulary, member_habits, read_registry, registry_columns
from pipelines.contracts.documents import OBSERVATIONS
from pipelines.domain.observations import IntakeResult
from pipelines.editions.indexing import index_step
from pipelines.editions.scoring import score_step
from pipelines.intake.reporting import FileToRead, report_file
from pipelines.submissions.checking import Home
from pipelines.warehouse.build_state import close_build, forget_build, plan_batch
from pipelines.warehouse.connecting import open_warehouse
from pipelines.warehouse.loading import load_registry, load_submissions, observations_table

MEMBER = "KOR"
FIRST_YEAR = 2010
AS_OF = "2026-11-22"
SIZES, FULL_SIZE = (20, 200, 2000), 200
SCORED = ("source:scored+",)


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
        FileToRead("synthetic.csv", content), vocabulary=load_vocabulary(contracts_dir), habits=member_habits(contracts_dir, MEMBER), limits={"delimiters": [","], "max_figures": 10_000_000},
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
         "accepted_seq": n, "as_of_date": AS_OF, "n_rows": 1}
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
    ids = [str(h["submission_id"]) for h in heads_of(list(range(1, forum.n_cities + 1)))]
    with open_warehouse(warehouse) as connection:
        plan_batch(connection, fingerprint="forum", submission_ids=ids)
        load_registry(connection, registry, registry_columns(contracts_dir))
        n_rows = load_submissions(connection, submissions=heads_of(list(range(1, forum.n_cities + 1))), rule_results=[], observations=tables)
    return LoadedForum(forum, template, values, n_rows)


def send_again(loaded: LoadedForum, warehouse: Path, *, shift: float) -> None:
    """Load one new submission, of the first city with every value a little higher, as the next build's batch."""
    n = loaded.forum.n_cities + 1
    heads = heads_of(list(range(1, n + 1)))
    with open_warehouse(warehouse) as connection:
        batch = plan_batch(connection, fingerprint="forum", submission_ids=[str(h["submission_id"]) for h in heads])
        if batch != {f"SYN-{n:05}"}:
            raise ValueError(f"The next build would take in {len(batch)} submissions, not the one that is new.")
        table = submission_of(loaded.template, loaded.forum.cities[0], loaded.values[0] * (1 + shift), n)
        load_submissions(connection, submissions=heads, rule_results=[], observations=[table])


@dataclass(frozen=True, slots=True)
class Builder:
    """dbt over one warehouse file, in the two parts that the scoring stands between."""

    warehouse: Path
    dbt_dir: Path
    contracts_dir: Path
    folder: Path

    def dbt(self, *arguments: str) -> None:
        """Run dbt; unit tests are not part of a build.

        Raises:
            RuntimeError: dbt failed.
        """
        command = [
            str(Path(sys.executable).with_name("dbt")), *arguments, "--project-dir", str(self.dbt_dir), "--profiles-dir", str(self.dbt_dir),
            "--target-path", str(self.folder), "--log-path", str(self.folder),
        ]  # fmt: skip
        environment = {**os.environ, "CITYBENCH_WAREHOUSE": str(self.warehouse)}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(done.stdout[-3000:])

    def first_part(self) -> None:
        """Everything before the scoring."""
        self.dbt("build", "--exclude-resource-type", "unit_test", "--exclude", *SCORED)

    def score(self) -> None:
        """What the methods do between the two parts: standings, and every recipe."""
        score_step(self.warehouse)
        index_step(self.warehouse, self.contracts_dir, say=lambda *_: None)

    def second_part(self) -> None:
        """Everything after the scoring."""
        self.dbt("build", "--exclude-resource-type", "unit_test", "--select", *SCORED)

    def end(self) -> None:
        """Close the build's state, as the gate does.

        Raises:
            RuntimeError: what was taken in does not stand in what was built.
        """
        with open_warehouse(self.warehouse) as connection:
            close_build(connection)
            if connection.execute("select is_complete from build.state").fetchall() != [(True,)]:
                raise RuntimeError("The build did not take in everything.")

    def build(self) -> None:
        """Both parts with the scoring between them."""
        self.first_part()
        self.score()
        self.second_part()
        self.end()

    def statements(self) -> list[str]:
        """Give the same SQL as plain statements in dbt's order: seeds, models, data tests; incremental models whole."""
        manifest = json.loads((self.folder / "manifest.json").read_text("utf-8"))
        nodes = {i: n for i, n in manifest["nodes"].items() if n["resource_type"] in ("model", "test", "seed")}
        ordered: dict[str, None] = {}

        def visit(unique_id: str) -> None:
            if unique_id in nodes and unique_id not in ordered:
                for parent in nodes[unique_id]["depends_on"].get("nodes", []):
                    visit(parent)
                ordered[unique_id] = None

        for unique_id in nodes:
            visit(unique_id)
        return [s for i in ordered for s in self._statement(nodes[i])]

    def _statement(self, node: dict[str, Any]) -> list[str]:
        if node["resource_type"] == "seed":
            return []
        if node["resource_type"] == "test":
            return [f"select count(*) from ({node['compiled_code']})"]
        kind = "view" if node["config"]["materialized"] == "view" else "table"
        return [f"create schema if not exists {node['schema']}", f"create or replace {kind} {node['schema']}.{node['name']} as {node['compiled_code']}"]


def run_directly(statements: list[str], warehouse: Path) -> None:
    """Run statements in DuckDB one after another, with DuckDB's own threads."""
    with duckdb.connect(str(warehouse)) as connection:
        for statement in statements:
            connection.execute(statement).fetchall()


def measure_forum(folder: Path, home: Home, say: Callable[[str, list[float], list[float]], None], *, times: int = 3) -> None:
    """Measure the full build beside the same SQL, and one new submission at three sizes beside dbt's start-up."""
    seconds_of: dict[int, list[float]] = {}
    for n_cities in SIZES:
        warehouse = folder / f"forum-{n_cities}" / "warehouse.duckdb"
        warehouse.parent.mkdir(parents=True)
        loaded = load_forum(Forum(n_cities), warehouse, home.contracts_dir)
        builder = Builder(warehouse, home.dbt_dir, home.contracts_dir, warehouse.parent / "target")
        started = time.perf_counter()
        builder.build()
        whole = time.perf_counter() - started
        print(f"synthetic forum of {n_cities} cities: {loaded.n_rows:,} rows", flush=True)
        if n_cities == FULL_SIZE:
            measure_whole(builder, loaded, home, say, times)
        rebuilt, idle = [], []
        for number in range(times):
            if number:
                restore(builder, loaded)
            send_again(loaded, warehouse, shift=0.001 * (number + 1))
            started = time.perf_counter()
            builder.build()
            rebuilt.append(time.perf_counter() - started)
            started = time.perf_counter()
            builder.dbt("parse", "--no-partial-parse")
            idle.append(time.perf_counter() - started)
        seconds_of[n_cities] = rebuilt
        say(f"one new submission of 1,800 rows among {n_cities} cities / dbt's own start-up", rebuilt, idle)
        print(f"  full build of the same forum / that rebuild: {whole / statistics.median(rebuilt):.1f}", flush=True)
    smallest = statistics.median(seconds_of[SIZES[0]])
    for n_cities in SIZES[1:]:
        print(f"one new submission among {n_cities} cities / among {SIZES[0]}: {statistics.median(seconds_of[n_cities]) / smallest:.2f}", flush=True)


def restore(builder: Builder, loaded: LoadedForum) -> None:
    """Take the submission that came last out of the state, so that the next one is new again."""
    ids = [f"SYN-{n:05}" for n in range(1, loaded.forum.n_cities + 1)]
    with open_warehouse(builder.warehouse) as connection:
        connection.execute("update build.state set submission_ids = ?", [json.dumps(ids)])


def measure_whole(builder: Builder, loaded: LoadedForum, home: Home, say: Callable[[str, list[float], list[float]], None], times: int) -> None:
    """Measure dbt's full build, tests included, beside the same SQL run directly in DuckDB; the scoring is in neither."""
    ours, theirs = [], []
    for _ in range(times):
        with open_warehouse(builder.warehouse) as connection:
            forget_build(connection)
        load_forum(loaded.forum, builder.warehouse, home.contracts_dir)
        started = time.perf_counter()
        builder.first_part()
        took = time.perf_counter() - started
        builder.score()
        started = time.perf_counter()
        builder.second_part()
        ours.append(took + time.perf_counter() - started)
        builder.end()
        builder.dbt("compile")
        statements = builder.statements()
        started = time.perf_counter()
        run_directly(statements, builder.warehouse)
        theirs.append(time.perf_counter() - started)
    say(f"full dbt build of the synthetic forum, tests included / the same SQL directly in DuckDB ({loaded.n_rows:,} rows)", ours, theirs)
