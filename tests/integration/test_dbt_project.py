"""dbt's own unit tests and layers, on the sample warehouse."""

import json
import os
import subprocess
from pathlib import Path

import yaml

from tests.conftest import BIN, ROOT

LAYERS = {"staging": set(), "intermediate": {"staging", "intermediate", "seeds"}, "core": {"staging", "intermediate", "core", "seeds"}, "marts": {"core"}}
PREFIXES = {"staging": "stg_", "intermediate": "int_", "marts": "mart_"}


def dbt(*arguments: str, warehouse: Path, target: Path) -> subprocess.CompletedProcess[str]:
    command = [str(BIN / "dbt"), *arguments, "--project-dir", str(ROOT / "dbt_project"), "--profiles-dir", str(ROOT / "dbt_project"),
               "--target-path", str(target), "--log-path", str(target)]  # fmt: skip
    return subprocess.run(command, env={**os.environ, "CITYBENCH_WAREHOUSE": str(warehouse)}, capture_output=True, text=True, check=False)


def test_every_unit_test_of_the_models_passes(sample_data_dir: Path, tmp_path: Path) -> None:
    done = dbt("test", "--select", "test_type:unit", warehouse=sample_data_dir / "warehouse" / "warehouse.duckdb", target=tmp_path)
    assert done.returncode == 0, done.stdout[-3000:]
    written = sum(len(yaml.safe_load(p.read_text("utf-8"))["unit_tests"]) for p in (ROOT / "dbt_project" / "models").rglob("*__unit_tests.yml"))
    assert written >= 17
    assert f"PASS={written} " in done.stdout


def test_models_read_only_the_layers_below(sample_data_dir: Path, tmp_path: Path) -> None:
    assert dbt("parse", warehouse=sample_data_dir / "warehouse" / "warehouse.duckdb", target=tmp_path).returncode == 0
    nodes = json.loads((tmp_path / "manifest.json").read_text())["nodes"]
    models = {i: n for i, n in nodes.items() if n["resource_type"] == "model"}
    faults = []
    for node in models.values():
        layer = node["fqn"][1]
        for parent in node["depends_on"]["nodes"]:
            kind = nodes[parent]["fqn"][1] if parent in models else "seeds" if parent.startswith("seed.") else "source"
            if kind not in LAYERS[layer] and not (layer == "staging" and kind == "source"):
                faults.append(f"{node['name']} ({layer}) reads {parent} ({kind})")
        prefix = PREFIXES.get(layer, ("dim_", "fct_"))
        if not node["name"].startswith(prefix):
            faults.append(f"{node['name']} stands in {layer}, whose names begin with {prefix}")
        if not all(c["description"] for c in node["columns"].values()) or not node["description"].startswith("One row per "):
            faults.append(f"{node['name']}: a description is missing")
        if layer in ("core", "marts") and not node["config"]["contract"]["enforced"]:
            faults.append(f"{node['name']}: no enforced contract")
    assert faults == []
    assert len(models) > 25
