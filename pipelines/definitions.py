"""The two code locations of Dagster, and the same build in process.

``ingest`` is light: loading dbt there would make each upload's run ten times slower. ``warehouse`` holds the
dbt component, the gate and the edition.
"""

import logging
import warnings
from pathlib import Path
from typing import Any

import dagster as dg

from pipelines.defs.resources import BuildTurn, Platform
from pipelines.settings import ROOT, Settings
from pipelines.warehouse.compiling import compiled_models

WAREHOUSE_FOLDERS = ("publication", "scoring", "transformation")


def _resources() -> dict[str, Any]:
    settings = Settings()
    platform = Platform(
        contracts_dir=str(settings.contracts_dir), dbt_dir=str(settings.dbt_dir), code_dir=str(ROOT / "pipelines"),
        data_dir=str(settings.data_dir), landing_dir=str(settings.landing_dir), inbox_dir=str(settings.inbox_dir),
        editions_dir=str(settings.editions_dir), warehouse_path=str(settings.warehouse_path), database_url=settings.database_url,
        head_files=[str(path) for path in settings.head_files],
    )  # fmt: skip
    return {"platform": platform, "build_turn": BuildTurn(platform=platform)}


def _load_folders(folders: tuple[str, ...]) -> dg.Definitions:
    with warnings.catch_warnings():
        # Loading by folder and the links to SQL files are marked preview and beta, once per model.
        warnings.simplefilter("ignore", dg.PreviewWarning)
        warnings.simplefilter("ignore", dg.BetaWarning)
        tree = dg.ComponentTree.for_project(Path(__file__))
        return dg.Definitions.merge(*(tree.build_defs(Path(folder)) for folder in folders), dg.Definitions(resources=_resources()))


@dg.definitions
def ingest() -> dg.Definitions:
    """What arrives: inbox sensor, one partition per submission."""
    # Not through the component tree: it would import dagster-dbt for every folder it walks.
    from pipelines.defs.submissions import assets, automation

    return dg.Definitions(assets=[assets.accepted_submissions], jobs=[automation.receive_submission], sensors=[automation.inbox_sensor], resources=_resources())


@dg.definitions
def warehouse() -> dg.Definitions:
    """From registry and landing store to an edition."""
    settings = Settings()
    settings.prepare_environment()
    compiled_models(settings.dbt_dir)
    return _load_folders(WAREHOUSE_FOLDERS)


TELLING_STEPS = ("indexed",)


class _StepLines(logging.Handler):
    """Hands the name of each started or failed step to a listener, and what a long step of ours says of its progress."""

    def __init__(self, say: Any) -> None:
        super().__init__()
        self.say = say

    def emit(self, record: logging.LogRecord) -> None:
        meta = getattr(record, "dagster_meta", {})
        event = meta.get("dagster_event")
        if event is not None and event.event_type_value in ("STEP_START", "STEP_FAILURE"):
            self.say(event.step_key, event.event_type_value)
        elif event is None and meta.get("step_key") in TELLING_STEPS:
            self.say(meta["step_key"], meta["orig_message"])


def build_in_process(say: Any) -> dg.ExecuteInProcessResult:
    """Materialise every asset of the warehouse location in this process.

    Args:
        say: called with step name and event name, or the step's own words, as the build goes on.

    Returns:
        Dagster's result; ``success`` says whether an edition stands.
    """

    @dg.logger
    def steps(_context: dg.InitLoggerContext) -> logging.Logger:
        logger = logging.Logger("citybench.build")
        logger.addHandler(_StepLines(say))
        return logger

    definitions = dg.Definitions.merge(warehouse(), dg.Definitions(loggers={"steps": steps}))
    job = definitions.resolve_job_def("build_edition")
    with dg.DagsterInstance.get() as instance:
        return job.execute_in_process(instance=instance, run_config={"loggers": {"steps": {}}}, raise_on_error=False)
