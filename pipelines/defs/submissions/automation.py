"""Picking up the inbox: one partition and one run per arrived file."""

import hashlib
import time
from pathlib import Path

import dagster as dg

from pipelines.contracts.catalogues import load_registry
from pipelines.defs.resources import Platform
from pipelines.defs.submissions.assets import ACCEPTED, FILE_TAG, MEMBER_TAG, arrivals
from pipelines.submissions.inboxes import ready_files

receive_submission = dg.define_asset_job(
    "receive_submission", selection=[ACCEPTED], partitions_def=arrivals, executor_def=dg.in_process_executor,
    description="One arrived file to the landing store and the ledger.",
)  # fmt: skip


@dg.sensor(job=receive_submission, minimum_interval_seconds=15, default_status=dg.DefaultSensorStatus.RUNNING)
def inbox_sensor(platform: Platform) -> dg.SensorResult:
    """Ask for a run for each whole file in a member's inbox folder."""
    members = tuple(row["member_code"] for row in load_registry(Path(platform.contracts_dir))["members"])
    requests = []
    for file in ready_files(Path(platform.inbox_dir), member_codes=members, now=time.time()):
        name = hashlib.sha256(f"{file.path.name}|{file.stamp}".encode()).hexdigest()[:12]
        key = f"{file.member_code}-{name}"
        requests.append(dg.RunRequest(run_key=key, partition_key=key, tags={FILE_TAG: str(file.path), MEMBER_TAG: file.member_code}))
    keys = [str(r.partition_key) for r in requests]
    return dg.SensorResult(run_requests=requests, dynamic_partitions_requests=[arrivals.build_add_request(keys)] if keys else [])
