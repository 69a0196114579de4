"""Both code locations load and do what they say; ingest stays light."""

import json
import os
import subprocess
import sys
from pathlib import Path

from pipelines.contracts.catalogues import load_contract
from pipelines.contracts.documents import CASES, MATURITY, OBSERVATIONS
from tests.conftest import ROOT
from tests.factories import good_row, make_csv

LIGHT = (
    "import sys; from pipelines.definitions import ingest; ingest().resolve_all_job_defs(); sys.exit(int('dbt' in sys.modules or 'dagster_dbt' in sys.modules))"
)
CHAIN = """
import json
from pipelines.definitions import warehouse
graph = warehouse().resolve_asset_graph()
keys = {k.to_user_string() for k in graph.get_all_asset_keys()}
edition = next(k for k in graph.get_all_asset_keys() if k.to_user_string() == 'editions/edition')
print(json.dumps({'keys': sorted(keys), 'parents': sorted(k.to_user_string() for k in graph.get(edition).parent_keys),
                  'checks': len(graph.asset_check_keys)}))
"""
INBOX = """
import json, os, time
import dagster as dg
from pathlib import Path
from pipelines.definitions import ingest
from pipelines.defs.submissions.automation import inbox_sensor
definitions = ingest()
with dg.DagsterInstance.ephemeral() as instance:
    resources = definitions.resources
    with dg.build_sensor_context(instance=instance, resources=resources) as context:
        result = inbox_sensor(context)
    said = []
    for request in result.run_requests:
        instance.add_dynamic_partitions('submissions', [request.partition_key])
        job = definitions.resolve_job_def('receive_submission')
        run = job.execute_in_process(instance=instance, partition_key=request.partition_key, tags=request.tags, raise_on_error=False)
        checks = [e.event_specific_data for e in run.all_events if e.event_type_value == 'ASSET_CHECK_EVALUATION']
        said.append([run.success, len(checks), sum(c.passed for c in checks)])
    with dg.build_sensor_context(instance=instance, resources=resources) as context:
        again = inbox_sensor(context)
    print(json.dumps({'runs': said, 'left': len(again.run_requests)}))
"""


def python(code: str, data_dir: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "CITYBENCH_DATA_DIR": str(data_dir), "DAGSTER_DISABLE_TELEMETRY": "1"}
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_the_ingest_location_does_not_load_dbt(tmp_path: Path) -> None:
    done = python(LIGHT, tmp_path)
    assert done.returncode == 0, done.stderr[-2000:]


def test_the_graph_of_the_warehouse_reads_like_the_chain(tmp_path: Path) -> None:
    done = python(CHAIN, tmp_path)
    assert done.returncode == 0, done.stderr[-2000:]
    graph = json.loads(done.stdout.splitlines()[-1])
    for key in (
        "landing/accepted_submissions",
        "submissions/observations",
        "registry/indicators",
        "staging/stg_submissions__observations",
        "marts/mart_observations",
    ):
        assert key in graph["keys"]
    assert set(graph["parents"]) >= {"marts/mart_observations", "marts/mart_goals", "marts/mart_rule_results"}
    assert graph["checks"] > 80


def n_not_run(folder: Path) -> dict[str, int]:
    """How many rules of each taken file had nothing to compare with, as its report says."""
    found = {}
    for path in [*(folder / ".accepted").glob("*.report.json"), *(folder / ".refused").glob("*.report.json")]:
        rules = json.loads(path.read_text())["receipt"]["rules"]
        found[path.name.partition("-")[2].removesuffix(".report.json")] = sum(r["reason_code"] == "nothing_to_compare" for r in rules)
    return found


def test_the_inbox_is_taken_up_and_a_bad_file_stops_no_other(tmp_path: Path) -> None:
    folder = tmp_path / "inbox" / "KOR"
    folder.mkdir(parents=True)
    (folder / "bad.csv").write_bytes(make_csv(good_row(value="abc")))
    (folder / "good.csv").write_bytes(make_csv(good_row()))
    for name in ("asked.csv", "answered.csv"):
        (folder / name).write_bytes(make_csv(good_row(value="0.2", source=f"synthetic {name}")))
    (folder / "answered.csv.answers.json").write_text(json.dumps({"explanations": {"value_is_plausible: iso37120:2018/8.1": "confirmed"}}))
    for name in ("kor_cases.csv", "kor_maturity_published.csv"):
        (folder / name).write_bytes((ROOT / "data_contracts" / "samples" / "KOR" / name).read_bytes())
    (folder / "later.csv.part").write_bytes(b"half")
    for path in folder.iterdir():
        os.utime(path, (1_700_000_000, 1_700_000_000))
    done = python(INBOX, tmp_path)
    assert done.returncode == 0, done.stderr[-3000:]
    said = json.loads(done.stdout.splitlines()[-1])
    n_idle = n_not_run(folder)
    n_rules, n_of_cases, n_of_maturity = (len(load_contract(ROOT / "data_contracts", c).rules) for c in (OBSERVATIONS, CASES, MATURITY))
    lone = n_rules - n_idle["good.csv"]
    # In the order of their names; a rule with nothing to compare gives no result at all.
    assert said["runs"] == [
        [True, n_rules - n_idle["answered.csv"], n_rules - n_idle["answered.csv"] - 1],
        [False, lone, lone - 1],
        [False, n_rules - n_idle["bad.csv"], n_rules - n_idle["bad.csv"] - 1],
        [True, lone, lone],
        [True, n_of_cases - n_idle["kor_cases.csv"], n_of_cases - n_idle["kor_cases.csv"]],
        [True, n_of_maturity - n_idle["kor_maturity_published.csv"], n_of_maturity - n_idle["kor_maturity_published.csv"]],
    ]
    assert said["left"] == 0
    assert [p.name for p in folder.iterdir() if p.is_file()] == ["later.csv.part"]
    assert len(list((folder / ".accepted").glob("*good.csv"))) == 1
    assert len(list((folder / ".accepted").glob("*answered.csv*"))) == 3, "file, answers and report lie together"
    [asked] = (folder / ".refused").glob("*asked.csv.report.json")
    assert json.loads(asked.read_text())["answers_to_fill"] == {"explanations": {"value_is_plausible: iso37120:2018/8.1": ""}}
    [report] = (folder / ".refused").glob("*bad.csv.report.json")
    assert json.loads(report.read_text())["findings"][0]["cell"] == "D2"
