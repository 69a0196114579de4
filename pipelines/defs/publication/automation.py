"""When an edition is built: as soon as the ledger knows more than the edition."""

from pathlib import Path

import dagster as dg

from pipelines.defs.resources import Platform
from pipelines.editions.building import is_current
from pipelines.state.records import list_submissions

build_edition = dg.define_asset_job(
    "build_edition", selection=dg.AssetSelection.all(), executor_def=dg.in_process_executor, description="From registry and landing store to an edition."
)


@dg.sensor(job=build_edition, minimum_interval_seconds=30, default_status=dg.DefaultSensorStatus.RUNNING)
def new_submissions_sensor(context: dg.SensorEvaluationContext, platform: Platform) -> dg.RunRequest | dg.SkipReason:
    """Ask for a build when the current edition is not made of what was accepted."""
    engine = platform.engine()
    if is_current(engine, platform.sources, Path(platform.editions_dir)):
        return dg.SkipReason("The current edition holds everything that was accepted.")
    unfinished = dg.RunsFilter(job_name=build_edition.name, statuses=[dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.QUEUED, dg.DagsterRunStatus.STARTING])
    if context.instance.get_runs_count(unfinished):
        return dg.SkipReason("A build is under way.")
    records = list_submissions(engine)
    head = str(records[-1].accepted_seq) if records else "0"
    last_head, _, last_try = (context.cursor or "").partition(":")
    tries = int(last_try or 0) + 1 if last_head == head else 1
    if tries > 3:
        return dg.SkipReason(f"Three builds up to event {head} failed; see the runs page, then run `citybench build`.")
    context.update_cursor(f"{head}:{tries}")
    return dg.RunRequest(run_key=f"{head}:{tries}")
