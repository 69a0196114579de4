"""Settings of the shells, from ``CITYBENCH_*`` variables.

Belongs here: names, defaults, meaning. Does not belong here: use; rooms take plain arguments.
"""

import os
import shutil
import sys
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from pipelines.state.heads import HEADS_FILE

ROOT = Path(__file__).resolve().parents[1]


class Settings(BaseSettings):
    """Where things lie and where we listen."""

    model_config = SettingsConfigDict(env_prefix="CITYBENCH_", env_file=None, env_ignore_empty=True)

    contracts_dir: Path = Field(default=ROOT / "data_contracts", description="Folder of contracts, catalogue, registries and messages")
    dbt_dir: Path = Field(default=ROOT / "dbt_project", description="The dbt project")
    data_dir: Path = Field(default=ROOT / ".citybench", description="Everything the platform keeps: landing store, state, editions")
    state_url: str = Field(default="", description="SQLAlchemy URL of the state database; empty means SQLite in the data folder")
    witness: Path | None = Field(default=None, description="A second head file of the ledger, best on another disk or machine; none when empty")
    app_port: int = Field(default=8501, description="Port of the app")
    orchestrator_port: int = Field(default=3000, description="Port of the orchestrator's page")
    hosts: str = Field(default="", description="Names the app is served under besides localhost, separated by spaces")
    listen: str = Field(default="127.0.0.1", description="Address the app listens on; the orchestrator always stays on loopback")

    proxies: str = Field(
        default="",
        description="Addresses or networks of proxies before the app, separated by spaces: a visitor's address and scheme are what they say; else the peer's",
    )

    @property
    def landing_dir(self) -> Path:
        return self.data_dir / "landing"

    @property
    def inbox_dir(self) -> Path:
        return self.data_dir / "inbox"

    @property
    def editions_dir(self) -> Path:
        return self.data_dir / "editions"

    @property
    def warehouse_path(self) -> Path:
        return self.data_dir / "warehouse" / "warehouse.duckdb"

    @property
    def orchestrator_home(self) -> Path:
        return self.data_dir / "orchestrator"

    @property
    def database_url(self) -> str:
        return self.state_url or f"sqlite:///{self.data_dir / 'state.sqlite'}"

    @property
    def head_files(self) -> tuple[Path, ...]:
        """Where number and hash of every event are kept beside the state database."""
        return (self.data_dir / HEADS_FILE, *((self.witness,) if self.witness else ()))

    def prepare_environment(self) -> None:
        """Set what child processes and libraries read from the environment: paths, and silence towards the outside."""
        os.environ["CITYBENCH_WAREHOUSE"] = str(self.warehouse_path)
        os.environ["DAGSTER_HOME"] = str(self.orchestrator_home)
        os.environ.update(DAGSTER_DISABLE_TELEMETRY="1", DO_NOT_TRACK="1", GX_ANALYTICS_ENABLED="false")
        # Dagster calls `dbt` by name.
        os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
        self.orchestrator_home.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / "pipelines" / "dagster.yaml", self.orchestrator_home / "dagster.yaml")
