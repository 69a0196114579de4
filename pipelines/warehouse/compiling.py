"""The harmonising models as plain SQL, compiled once by dbt and kept until a model changes.

Belongs here: calling ``dbt compile`` and reading what it left. Does not belong here: any model.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import astuple, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from pipelines.contracts.documents import CASES, MATURITY, OBSERVATIONS
from pipelines.domain.errors import StorageError

COMPILED_FILE = "harmonisation.json"
LAST_MODEL = "int_observations__checkable"
LAST_MODELS = {OBSERVATIONS: LAST_MODEL, MATURITY: "int_assessments__checkable", CASES: "int_cases__checkable"}
SOURCE_FOLDERS = ("models", "seeds", "macros", "tests")
ENDED_AFTER = 3600
"""Seconds after which a run of dbt that has written nothing to its folder has ended."""
KEPT_BY_DBT = ("manifest.json", "partial_parse.msgpack")


@dataclass(frozen=True, slots=True)
class CompiledModel:
    """One model or seed: where it goes and the SQL, or the rows, that make it."""

    schema: str
    name: str
    sql: str
    materialised: str


def models_fingerprint(dbt_dir: Path) -> str:
    """Digest every file the compiled SQL and the manifest depend on."""
    digest = hashlib.sha256()
    paths = [dbt_dir / "dbt_project.yml", *(p for f in SOURCE_FOLDERS for p in sorted((dbt_dir / f).rglob("*")) if p.is_file())]
    for path in paths:
        digest.update(path.relative_to(dbt_dir).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def dbt_command() -> str:
    """The dbt of this environment."""
    return str(Path(sys.executable).with_name("dbt"))


@lru_cache(maxsize=4)
def compiled_models(dbt_dir: Path, last_model: str = LAST_MODEL) -> tuple[CompiledModel, ...]:
    """Give the models from the sources to a last one, in building order.

    Compiles when a model changed since the last time; that takes some ten seconds.

    Raises:
        StorageError: dbt could not compile the project.
    """
    fingerprint = models_fingerprint(dbt_dir)
    kept = dbt_dir / "target" / COMPILED_FILE
    if kept.exists():
        content = json.loads(kept.read_text("utf-8"))
        if content["fingerprint"] == fingerprint:
            return tuple(CompiledModel(*step) for step in content["steps"][last_model])
    steps = _compile(dbt_dir)
    kept.parent.mkdir(exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=kept.parent, delete=False, encoding="utf-8") as stream:
        json.dump({"fingerprint": fingerprint, "steps": {last: [astuple(s) for s in of] for last, of in steps.items()}}, stream)
    os.replace(stream.name, kept)
    return steps[last_model]


def _compile(dbt_dir: Path) -> dict[str, tuple[CompiledModel, ...]]:
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [dbt_command(), "compile", "--no-introspect", "--no-populate-cache", "--project-dir", str(dbt_dir), "--profiles-dir",
             str(dbt_dir), "--target-path", folder, "--log-path", folder, "--select", *(f"+{last}" for last in LAST_MODELS.values())],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode != 0:
            raise StorageError(f"dbt could not compile the project in {dbt_dir.name}:\n{done.stdout[-2000:]}")
        manifest = json.loads((Path(folder) / "manifest.json").read_text("utf-8"))
        (dbt_dir / "target").mkdir(exist_ok=True)
        for name in KEPT_BY_DBT:
            kept = dbt_dir / "target" / name
            shutil.copyfile(Path(folder) / name, kept.with_suffix(".new"))
            os.replace(kept.with_suffix(".new"), kept)
    return {last: tuple(_step(manifest["nodes"][i], dbt_dir) for i in _in_order(manifest["nodes"], last)) for last in LAST_MODELS.values()}


def _in_order(nodes: dict[str, Any], last_model: str) -> list[str]:
    """Nodes that a model needs and the model itself, parents first."""
    ordered: list[str] = []

    def visit(unique_id: str) -> None:
        if unique_id in ordered or unique_id not in nodes:
            return
        for parent in nodes[unique_id]["depends_on"].get("nodes", []):
            visit(parent)
        ordered.append(unique_id)

    visit(f"model.citybench.{last_model}")
    return ordered


def sweep_runs(dbt_dir: Path) -> None:
    """Remove what ended runs of dbt under Dagster left in the target folder; a build of another data folder may be at work there."""
    for folder in (dbt_dir / "target").glob("harmonise*-*"):
        if time.time() - folder.stat().st_mtime > ENDED_AFTER:
            shutil.rmtree(folder, ignore_errors=True)


def _step(node: dict[str, object], dbt_dir: Path) -> CompiledModel:
    schema, name = str(node["schema"]), str(node["name"])
    if node["resource_type"] == "seed":
        types: dict[str, str] = node["config"]["column_types"]  # type: ignore[index]
        lines = (dbt_dir / str(node["original_file_path"])).read_text("utf-8").splitlines()
        header, rows = lines[0].split(","), [line.split(",") for line in lines[1:]]
        literals = ", ".join("(" + ", ".join("'" + c.replace("'", "''") + "'" for c in row) + ")" for row in rows)
        columns = ", ".join(f"cast({c} as {types[c]}) as {c}" for c in header)
        return CompiledModel(schema, name, f"select {columns} from (values {literals}) as seed({', '.join(header)})", "table")
    config: dict[str, object] = node["config"]  # type: ignore[assignment]
    return CompiledModel(schema, name, str(node["compiled_code"]), str(config["materialized"]))
