"""Shared set-up: one home of contracts and models, one sample edition built once per run."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock

from pipelines.submissions.checking import Home

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent


@pytest.fixture(scope="session")
def home() -> Home:
    return Home(ROOT / "data_contracts", ROOT / "dbt_project")


@pytest.fixture(scope="session")
def sample_data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the sample edition, built once for all workers through the command line; no test changes it."""
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "sample"
    with FileLock(f"{folder}.lock"):
        if not (folder / "editions" / "current.json").exists():
            done = run_citybench("build", "--sample", data_dir=folder)
            assert done.returncode == 0, done.stdout + done.stderr
    return folder


def run_citybench(*arguments: str, data_dir: Path) -> subprocess.CompletedProcess[str]:
    """Run the command with its own data folder."""
    environment = {**os.environ, "CITYBENCH_DATA_DIR": str(data_dir)}
    return subprocess.run([str(BIN / "citybench"), *arguments], env=environment, capture_output=True, text=True, check=False)
