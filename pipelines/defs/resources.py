"""What assets are handed: paths, the state database and the clock of the shell."""

import datetime
from contextlib import ExitStack
from pathlib import Path

import dagster as dg
from pydantic import PrivateAttr

from pipelines.contracts.expectations import SuiteProcess
from pipelines.domain.actors import operator
from pipelines.domain.errors import ConflictError
from pipelines.editions.building import build_lock, require_own_warehouse
from pipelines.editions.freezing import Sources
from pipelines.state.engines import Engine, open_state
from pipelines.submissions.accepting import Store
from pipelines.submissions.checking import Home


class Platform(dg.ConfigurableResource[None]):
    """Paths and addresses of one installation."""

    contracts_dir: str
    dbt_dir: str
    code_dir: str
    data_dir: str
    landing_dir: str
    inbox_dir: str
    editions_dir: str
    warehouse_path: str
    database_url: str
    head_files: list[str]

    @property
    def home(self) -> Home:
        return Home(Path(self.contracts_dir), Path(self.dbt_dir))

    @property
    def sources(self) -> Sources:
        return Sources(Path(self.contracts_dir), Path(self.dbt_dir), Path(self.code_dir))

    def engine(self) -> Engine:
        Path(self.data_dir).mkdir(parents=True, exist_ok=True)
        return open_state(self.database_url, head_files=[Path(p) for p in self.head_files])

    def store(self, *, actor: str) -> Store:
        return Store(self.engine(), Path(self.landing_dir), operator(actor), datetime.datetime.now(datetime.UTC))


class BuildTurn(dg.ConfigurableResource[None]):
    """The right to build, held from a run's first step to its last; it dies with the process."""

    platform: dg.ResourceDependency[Platform]
    _held: ExitStack = PrivateAttr(default_factory=ExitStack)
    _suites: SuiteProcess | None = PrivateAttr(default=None)

    def setup_for_execution(self, context: dg.InitResourceContext) -> None:
        self._held.enter_context(build_lock(Path(self.platform.data_dir)))
        if not require_own_warehouse(self.platform.engine(), Path(self.platform.warehouse_path)) and context.log is not None:
            context.log.info("The working warehouse is not as the last build left it: this is a full build.")
        # Starts now, so that its slow import goes on beside dbt.
        self._suites = SuiteProcess()
        self._held.callback(self._suites.close)

    @property
    def suites(self) -> SuiteProcess:
        """The process that will hold the gate of this build."""
        if self._suites is None:
            raise ConflictError("The gate was asked for outside a build.")
        return self._suites

    def teardown_after_execution(self, context: dg.InitResourceContext) -> None:
        self._held.close()


def now() -> str:
    """UTC with offset, to the second."""
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")


def today() -> str:
    """The day a check is made, UTC."""
    return datetime.datetime.now(datetime.UTC).date().isoformat()
