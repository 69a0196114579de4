"""One supervisor over the app and the orchestrator.

Belongs here: starting, watching and ending processes. Does not belong here: what they serve.
"""

import ctypes
import ipaddress
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from pipelines.domain.errors import UsageError
from pipelines.settings import ROOT, Settings

PARENT_DEATH_SIGNAL = 1
END_SECONDS = 15
READY_SECONDS = 120
EVERYWHERE = ("127.0.0.1", "0.0.0.0")  # noqa: S104 - compared with, never bound to by itself


@dataclass(frozen=True, slots=True)
class Service:
    """One process: its name, its command, the address it answers on, and what its environment says besides ours."""

    name: str
    command: tuple[str, ...]
    address: str
    health: str
    environment: dict[str, str] = field(default_factory=dict)


def services(settings: Settings) -> list[Service]:
    """What is served: the app, the orchestrator's page (loopback, read-only) and its daemon."""
    bin_dir = Path(sys.executable).parent
    workspace = str(ROOT / "pipelines" / "workspace.yaml")
    app = f"http://{'localhost' if settings.listen in EVERYWHERE else settings.listen}:{settings.app_port}"
    page = f"http://localhost:{settings.orchestrator_port}"
    return [
        Service("app", (str(bin_dir / "streamlit"), "run", str(ROOT / "app" / "gate.py"), "--server.port", str(settings.app_port),
                        "--server.address", settings.listen), app, f"{app}/_stcore/health", believed_proxies(settings.proxies)),
        Service("orchestrator", (str(bin_dir / "dagster-webserver"), "--read-only", "--host", "127.0.0.1", "--port",
                                 str(settings.orchestrator_port), "--workspace", workspace), page, f"{page}/server_info"),
        Service("daemon", (str(bin_dir / "dagster-daemon"), "run", "--workspace", workspace), "", ""),
    ]  # fmt: skip


def believed_proxies(proxies: str) -> dict[str, str]:
    """Say to the web server whose word on a visitor's address it takes; by itself it would take that of anything on this machine.

    Raises:
        UsageError: a word is no address and no network, or all of them. Believing everybody would let each visitor choose an address.
    """
    for word in proxies.split():
        try:
            is_everybody = ipaddress.ip_network(word).prefixlen == 0
        except ValueError:
            is_everybody = True
        if is_everybody:
            raise UsageError(f"CITYBENCH_PROXIES has '{word}'; it must be an address such as 127.0.0.1 or a network such as 10.0.0.0/8.")
    return {"FORWARDED_ALLOW_IPS": ",".join(proxies.split())}


def require_port(port: int, *, host: str, setting: str) -> None:
    """Refuse to start on a busy port.

    Raises:
        UsageError: says which setting changes the port.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise UsageError(f"Port {port} is busy ({error.strerror}). Stop what listens there, or choose another: {setting}={port + 1} make run") from error


def _die_with_parent() -> None:
    """In the child: end when the supervisor ends, however it ends; a session of its own for clean stopping."""
    os.setsid()
    ctypes.CDLL(None).prctl(PARENT_DEATH_SIGNAL, signal.SIGTERM)


def serve_all(settings: Settings) -> int:
    """Serve until Ctrl-C or until one service ends.

    Returns:
        Exit code: 0 after Ctrl-C, 1 when a service ended by itself.
    """
    require_port(settings.app_port, host=settings.listen, setting="CITYBENCH_APP_PORT")
    require_port(settings.orchestrator_port, host="127.0.0.1", setting="CITYBENCH_ORCHESTRATOR_PORT")
    logs = settings.data_dir / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    stopping: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda n, _frame: stopping.append(n))
    running: list[tuple[Service, subprocess.Popen[bytes]]] = []
    try:
        for service in services(settings):
            with (logs / f"{service.name}.log").open("ab") as log:
                process = subprocess.Popen(
                    service.command,
                    cwd=ROOT,
                    env={**os.environ, **service.environment},
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    preexec_fn=_die_with_parent,  # noqa: PLW1509 - the supervisor has one thread
                )
            running.append((service, process))
        return _watch(running, stopping, logs)
    finally:
        _end(running)


def _watch(running: list[tuple[Service, subprocess.Popen[bytes]]], stopping: list[int], logs: Path) -> int:
    waiting = [s for s, _ in running if s.health]
    started = time.monotonic()
    while not stopping:
        for service, process in running:
            if process.poll() is not None:
                print(f"{service.name} ended with {process.returncode}; its log is {logs / (service.name + '.log')}", flush=True)
                return 1
        for service in list(waiting):
            if _answers(service.health):
                waiting.remove(service)
                print(f"  {service.name:13} {service.address}", flush=True)
                if not waiting:
                    print("  Ctrl-C ends both", flush=True)
            elif time.monotonic() - started > READY_SECONDS:
                print(f"{service.name} does not answer; its log is {logs / (service.name + '.log')}", flush=True)
                return 1
        time.sleep(0.3)
    print("ending", flush=True)
    return 0


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 - our own loopback address
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _end(running: list[tuple[Service, subprocess.Popen[bytes]]]) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
        alive = [p for _, p in running if p.poll() is None]
        for process in alive:
            os.killpg(process.pid, number)
        deadline = time.monotonic() + END_SECONDS
        while any(p.poll() is None for p in alive) and time.monotonic() < deadline:
            time.sleep(0.1)
