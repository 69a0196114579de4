"""Assets of the warehouse location around dbt: sources in, gate, edition out."""

import datetime
from collections.abc import Iterator
from pathlib import Path

import dagster as dg

from pipelines.contracts.catalogues import CATALOGUE_TABLES, REGISTRY_TABLES
from pipelines.contracts.columns import read_published
from pipelines.defs.resources import BuildTurn, Platform, now
from pipelines.domain.findings import CheckState, Severity
from pipelines.editions.building import expected_rules, gate_step, gate_targets, load_registry_step, load_submissions_step
from pipelines.editions.freezing import Publication, publish
from pipelines.settings import Settings
from pipelines.warehouse.loading import RECORD_TABLES

POOL = "duckdb"
REGISTRY_KEYS = [dg.AssetKey(["registry", name]) for name in (*REGISTRY_TABLES, *CATALOGUE_TABLES, "indicators", "crosswalk", "maturity_items")]
SUBMISSION_KEYS = [dg.AssetKey(["submissions", name]) for name in ("observations", *RECORD_TABLES.values(), "submissions", "rule_results")]
ACCEPTED = dg.AssetKey(["landing", "accepted_submissions"])
EDITION_CODE = "sample"


@dg.multi_asset(specs=[dg.AssetSpec(k, group_name="registry", kinds={"duckdb"}) for k in REGISTRY_KEYS], pool=POOL, can_subset=False)
def registry(platform: Platform, build_turn: BuildTurn) -> Iterator[dg.MaterializeResult[None]]:
    """Catalogue and registries, from the contracts folder into DuckDB."""
    n_rows = load_registry_step(Path(platform.warehouse_path), Path(platform.contracts_dir))
    for key in REGISTRY_KEYS:
        yield dg.MaterializeResult(key, metadata={"rows_in_registry": n_rows})


@dg.multi_asset(specs=[dg.AssetSpec(k, deps=[ACCEPTED], group_name="submissions", kinds={"duckdb"}) for k in SUBMISSION_KEYS], pool=POOL, can_subset=False)
def submissions(platform: Platform, build_turn: BuildTurn) -> Iterator[dg.MaterializeResult[None]]:
    """Every accepted submission, from the landing store into DuckDB, proved by its hash."""
    n_rows = load_submissions_step(platform.engine(), Path(platform.warehouse_path), Path(platform.landing_dir), platform.sources)
    for key in SUBMISSION_KEYS:
        yield dg.MaterializeResult(key, metadata={"observations": n_rows})


def _gate_specs() -> list[dg.AssetCheckSpec]:
    return [
        dg.AssetCheckSpec(f"gate_{rule.rule_id}", asset=dg.AssetKey([target.schema, target.table]), blocking=rule.severity is Severity.BLOCKER)
        for target in gate_targets(Settings().contracts_dir)
        for rule in target.rules
        if rule.runs_in_sql
    ]


@dg.multi_asset_check(specs=_gate_specs(), pool=POOL, can_subset=False)
def gate(platform: Platform, build_turn: BuildTurn) -> Iterator[dg.AssetCheckResult]:
    """Great Expectations over accepted rows and marts; a failed blocker keeps the edition from being published."""
    for relation, results in gate_step(Path(platform.warehouse_path), Path(platform.contracts_dir), build_turn.suites).items():
        key = dg.AssetKey(relation.split("."))
        for result in results:
            severity = dg.AssetCheckSeverity.ERROR if result.severity is Severity.BLOCKER else dg.AssetCheckSeverity.WARN
            yield dg.AssetCheckResult(
                passed=result.state is CheckState.PASSED, asset_key=key, check_name=f"gate_{result.rule_id}",
                severity=severity, metadata={"state": str(result.state)},
            )  # fmt: skip


MART_KEYS = [dg.AssetKey(["marts", c.table]) for c in read_published(Settings().contracts_dir)]


@dg.asset(
    key=dg.AssetKey(["editions", "edition"]), deps=MART_KEYS, group_name="editions", pool=POOL, kinds={"parquet"},
    freshness_policy=dg.FreshnessPolicy.time_window(fail_window=datetime.timedelta(days=400)),
)  # fmt: skip
def edition(platform: Platform, build_turn: BuildTurn) -> dg.MaterializeResult[None]:
    """The frozen edition: a new folder and the pointer to it."""
    publication = Publication(EDITION_CODE, Path(platform.warehouse_path), Path(platform.editions_dir), "orchestrator", now())
    record = publish(platform.engine(), platform.sources, publication, expected_rules=expected_rules(Path(platform.contracts_dir)))
    return dg.MaterializeResult(metadata={"edition_id": record.edition_id, "published_seq": record.published_seq})
