"""Assets of the methods: every series of the core held against every goal set, and every recipe of an index."""

import os
from collections.abc import Iterator
from pathlib import Path

import dagster as dg

from pipelines.defs.resources import BuildTurn, Platform
from pipelines.editions.index_rows import INDEX_TABLES
from pipelines.editions.indexing import index_step
from pipelines.editions.scoring import score_step

POOL = "duckdb"
CORE_READ = [
    dg.AssetKey(["core", name])
    for name in ("fct_series", "dim_touched_cities", "dim_targets", "dim_goals", "dim_indicators", "fct_assessed_items", "dim_maturity_schemes")
]
SCORED_KEYS = [dg.AssetKey(["scored", name]) for name in ("standings", "verdicts", "agreements")]
INDEX_READ = [*(dg.AssetKey(["core", name]) for name in ("fct_series", "fct_observations", "dim_cities")), dg.AssetKey(["registry", "use_conditions"])]
INDEX_KEYS = [dg.AssetKey(["scored", f"index_{name}"]) for name in INDEX_TABLES]


@dg.multi_asset(specs=[dg.AssetSpec(k, deps=CORE_READ, group_name="scored", kinds={"numpy"}) for k in SCORED_KEYS], pool=POOL, can_subset=False)
def scored(platform: Platform, build_turn: BuildTurn) -> Iterator[dg.MaterializeResult[None]]:
    """Standings and verdicts of all series, by the methods room."""
    rows = score_step(Path(platform.warehouse_path))
    for key in SCORED_KEYS:
        yield dg.MaterializeResult(key, metadata={"rows": rows[key.path[-1]]})


@dg.multi_asset(specs=[dg.AssetSpec(k, deps=INDEX_READ, group_name="scored", kinds={"numpy"}) for k in INDEX_KEYS], pool=POOL, can_subset=False)
def indexed(context: dg.AssetExecutionContext, platform: Platform, build_turn: BuildTurn) -> Iterator[dg.MaterializeResult[None]]:
    """Every recipe of a composite index: scores, rank intervals, what moves them, and the audit."""

    def say(recipe_code: str, step: str) -> None:
        context.log.info(f"index {recipe_code}: {step}")

    rows = index_step(Path(platform.warehouse_path), Path(platform.contracts_dir), say=say, workers=os.cpu_count() or 1)
    for key in INDEX_KEYS:
        yield dg.MaterializeResult(key, metadata={"rows": rows[key.path[-1]]})
