"""Assets of the methods: every series of the core held against every goal set."""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg

from pipelines.defs.resources import BuildTurn, Platform
from pipelines.editions.scoring import score_step

POOL = "duckdb"
CORE_READ = [
    dg.AssetKey(["core", name])
    for name in ("fct_series", "dim_touched_cities", "dim_targets", "dim_goals", "dim_indicators", "fct_assessed_items", "dim_maturity_schemes")
]
SCORED_KEYS = [dg.AssetKey(["scored", name]) for name in ("standings", "verdicts", "agreements")]


@dg.multi_asset(specs=[dg.AssetSpec(k, deps=CORE_READ, group_name="scored", kinds={"numpy"}) for k in SCORED_KEYS], pool=POOL, can_subset=False)
def scored(platform: Platform, build_turn: BuildTurn) -> Iterator[dg.MaterializeResult[None]]:
    """Standings and verdicts of all series, by the methods room."""
    rows = score_step(Path(platform.warehouse_path))
    for key in SCORED_KEYS:
        yield dg.MaterializeResult(key, metadata={"rows": rows[key.path[-1]]})
