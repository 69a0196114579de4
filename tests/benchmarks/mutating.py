"""Put one small fault after another into the methods and the harmonising models, and count how many the tests notice.

Run ``make mutants``: at most ten minutes on two cores, outside CI. Mutants are drawn with a fixed seed; each is tried in a process of its own,
forked from one that has everything imported, against the tests that call the changed function, fastest first, until one fails.
A model is tried against the examples of its own unit tests and against checks of whole files in memory.
"""

import argparse
import ast
import importlib
import json
import os
import random
import signal
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from types import FrameType, FunctionType, ModuleType
from typing import Any

os.environ |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}

import hypothesis
import pytest

from tests.benchmarks.mutants import Mutant, python_mutants, sql_mutants
from tests.conftest import ROOT

METHODS = ROOT / "pipelines" / "methods"
MODELS = "int_observations__"
EXAMPLES = "tests/spec/test_examples_of_models_hold.py"
SLOWEST, ENOUGH, WORKERS = 6.0, 20.0, 2
OF_METHODS = ("pipelines.methods", "pipelines.editions", "factories_index")
OF_MODELS = ("check_file", "submission_in_memory", "from tests.factories import", "compiled_models")
NOT_HERE = ("sample_data_dir", "subprocess", "playwright", "AppTest", "run_citybench")


@dataclass(frozen=True, slots=True)
class Timed:
    """A test that passed on the sound code: how long it took and which functions of the methods it called, as (file, first line)."""

    node: str
    seconds: float
    called: frozenset[tuple[str, int]]


def test_files() -> list[str]:
    """Files of unit and spec tests that run methods or models and build no edition."""
    found = []
    for path in sorted([*(ROOT / "tests" / "unit").glob("test_*.py"), *(ROOT / "tests" / "spec").glob("test_*.py")]):
        text = path.read_text("utf-8")
        if any(word in text for word in (*OF_METHODS, *OF_MODELS)) and not any(word in text for word in NOT_HERE):
            found.append(path.relative_to(ROOT).as_posix())
    return found


class Recorder:
    """A pytest plugin that notes of each test its time and the functions of the methods that it called."""

    def __init__(self) -> None:
        self.files = {str(p): p.stem for p in METHODS.glob("*.py")}
        self.found: dict[str, dict[str, Any]] = {}
        self.failed: list[str] = []

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterable[None]:
        called: set[tuple[str, int]] = set()

        def note(frame: FrameType, event: str, _: object) -> None:
            name = self.files.get(frame.f_code.co_filename)
            if name and event == "call":
                called.add((name, frame.f_code.co_firstlineno))

        began = time.monotonic()
        sys.settrace(note)
        yield
        sys.settrace(None)
        self.found[item.nodeid] = {"seconds": time.monotonic() - began, "called": sorted(called)}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed or report.skipped:
            self.failed.append(report.nodeid)


def run_pytest(arguments: list[str], *plugins: object) -> int:
    """Run pytest here without a word; its exit code."""
    with open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
        return int(
            pytest.main(["-q", "--assert=plain", "-p", "no:cacheprovider", "--tb=no", "--no-header", "--rootdir", str(ROOT), *arguments], plugins=list(plugins))
        )


def in_child(work: Callable[[], int]) -> int:
    """Fork, do the work, end with its exit code; returns the child's process id."""
    child = os.fork()
    if child:
        return child
    code = 70
    try:
        os.setpgid(0, 0)
        code = work()
    finally:
        os._exit(code)


def baseline(files: list[str]) -> list[Timed]:
    """Run the tests once on the sound code, in two processes; those that fail or are slow are left out, and the former are named."""
    with tempfile.TemporaryDirectory() as folder:

        def record(part: list[str], into: Path) -> int:
            recorder = Recorder()
            run_pytest(part, recorder)
            into.write_text(json.dumps({"found": recorder.found, "failed": recorder.failed}))
            return 0

        parts = [(files[at::WORKERS], Path(folder) / f"{at}.json") for at in range(WORKERS)]
        for child in [in_child(lambda part=part, into=into: record(part, into)) for part, into in parts]:  # type: ignore[misc]
            os.waitpid(child, 0)
        reports = [json.loads(into.read_text()) for _, into in parts]
    failed = {node for r in reports for node in r["failed"]}
    if failed:
        print(f"left out, they fail on the sound code: {', '.join(sorted(failed))}")
    every = [Timed(n, d["seconds"], frozenset((f, line) for f, line in d["called"])) for r in reports for n, d in r["found"].items() if n not in failed]
    return sorted((t for t in every if t.seconds <= SLOWEST), key=lambda t: t.seconds)


def enough_of(tests: Iterable[Timed]) -> list[str]:
    """The fastest tests that take ``ENOUGH`` seconds together."""
    chosen, spent = [], 0.0
    for test in tests:
        spent += test.seconds
        if spent > ENOUGH:
            break
        chosen.append(test.node)
    return chosen


def tests_of(mutant: Mutant, tests: list[Timed]) -> list[str]:
    """Tests to try a mutant against, fastest first; of a model its own examples before all others."""
    if mutant.target.startswith(MODELS):
        own = [t for t in tests if t.node.startswith(EXAMPLES) and f"[{mutant.target}-" in t.node]
        checks = [t for t in tests if not t.called and not t.node.startswith(EXAMPLES)]
        return enough_of([*own, *checks])
    return enough_of(t for t in tests if any(f == mutant.target and (not mutant.owner or line == mutant.owner) for f, line in t.called))


def swap_functions(module: ModuleType, source: str) -> None:
    """Give the functions and constants of an imported module the changed ones' code, whoever holds them by name."""
    changed: dict[str, Any] = {"__name__": module.__name__, "__file__": module.__file__}
    fresh = ModuleType(module.__name__)
    fresh.__dict__.update(changed)
    sound = sys.modules[module.__name__]
    sys.modules[module.__name__] = fresh
    exec(compile(source, str(module.__file__), "exec"), fresh.__dict__)  # noqa: S102
    sys.modules[module.__name__] = sound
    for name, new in list(vars(fresh).items()):
        old = vars(module).get(name)
        if isinstance(old, FunctionType) and isinstance(new, FunctionType):
            _swap(old, new)
        elif isinstance(old, type) and isinstance(new, type) and old.__module__ == module.__name__:
            for part, made in vars(new).items():
                had = vars(old).get(part)
                if isinstance(had, property) and isinstance(made, property) and had.fget and made.fget:
                    _swap(had.fget, made.fget)  # type: ignore[arg-type]
                elif isinstance(had, FunctionType) and isinstance(made, FunctionType):
                    _swap(had, made)
        elif not name.startswith("__") and isinstance(new, int | float | tuple | dict | frozenset) and new != old:
            for holder in [m for m in list(sys.modules.values()) if getattr(m, "__name__", "").startswith(("pipelines.", "tests."))]:
                if vars(holder).get(name) is old:
                    setattr(holder, name, new)


def _swap(old: FunctionType, new: FunctionType) -> None:
    if len(old.__code__.co_freevars) == len(new.__code__.co_freevars):
        old.__code__, old.__defaults__, old.__kwdefaults__ = new.__code__, new.__defaults__, new.__kwdefaults__


def swap_model(mutant: Mutant) -> None:
    """Let every holder of ``compiled_models`` get the changed model."""
    from dataclasses import replace

    from pipelines.warehouse import compiling

    sound = compiling.compiled_models
    kept: dict[tuple[object, ...], object] = {}

    def changed(*asked: Any) -> Any:
        if asked not in kept:
            kept[asked] = tuple(replace(m, sql=mutant.source()) if m.name == mutant.target else m for m in sound(*asked))
        return kept[asked]

    for holder in list(sys.modules.values()):
        if getattr(holder, "compiled_models", None) is sound:
            holder.compiled_models = changed  # type: ignore[attr-defined]


def try_mutant(mutant: Mutant, nodes: list[str]) -> int:
    """In a child: 0 when every test passes and the mutant survives."""
    try:
        if mutant.target.startswith(MODELS):
            swap_model(mutant)
        else:
            swap_functions(importlib.import_module(f"pipelines.methods.{mutant.target}"), mutant.source())
    except Exception:  # noqa: BLE001  a fault that nothing can be imported with is noticed by everybody
        return 1
    return run_pytest(["-x", *nodes])


def run_all(mutants: list[Mutant], tests: list[Timed], until: float) -> list[tuple[Mutant, str]]:
    """Try mutants two at a time until all are tried or the time is over; each with its state: killed, survived or no test."""
    waiting, running, done = list(reversed(mutants)), {}, []
    while waiting or running:
        while waiting and len(running) < WORKERS and time.monotonic() < until:
            mutant = waiting.pop()
            nodes = tests_of(mutant, tests)
            if nodes:
                running[in_child(lambda m=mutant, n=nodes: try_mutant(m, n))] = (mutant, time.monotonic() + 3 * ENOUGH)  # type: ignore[misc]
            else:
                done.append((mutant, "no test"))
        if not running:
            break
        child, status = os.waitpid(-1, os.WNOHANG)
        if child:
            done.append((running.pop(child)[0], "killed" if status else "survived"))
            continue
        for late, (_, deadline) in running.items():
            if time.monotonic() > deadline:
                os.kill(late, signal.SIGKILL)
        time.sleep(0.01)
    return done


def every_mutant(only: str) -> dict[str, list[Mutant]]:
    """All mutants by module and by model."""
    from pipelines.warehouse.compiling import compiled_models

    found = {p.stem: list(python_mutants(p.stem, p.read_text("utf-8"))) for p in sorted(METHODS.glob("*.py")) if ast.parse(p.read_text("utf-8")).body[1:]}
    found |= {m.name: list(sql_mutants(m.name, m.sql)) for m in compiled_models(ROOT / "dbt_project") if m.name.startswith(MODELS)}
    return {name: mutants for name, mutants in found.items() if mutants and only in name}


def report(done: list[tuple[Mutant, str]], made: dict[str, list[Mutant]], *, show: bool) -> None:
    """Print the share killed of each module and of all, and who survived."""
    by_target: dict[str, list[str]] = defaultdict(list)
    for mutant, state in done:
        by_target[mutant.target].append(state)
    if show:
        for mutant, state in sorted(done, key=lambda d: (d[0].target, d[0].line)):
            if state != "killed":
                print(f"  {state:9} {mutant}")
    for name, states in by_target.items():
        print(f"{name:34} {len(made[name]):5} made  {len(states):4} tried  {states.count('killed'):4} killed  {states.count('killed') / len(states):6.1%}")
    for what, names in (("methods", [n for n in by_target if not n.startswith(MODELS)]), ("models", [n for n in by_target if n.startswith(MODELS)])):
        states = [s for n in names for s in by_target[n]]
        if states:
            print(f"{what:34} {sum(len(made[n]) for n in names):5} made  {len(states):4} tried  {states.count('killed') / len(states):6.1%} killed")
    print(f"all: {sum(s == 'killed' for _, s in done) / max(1, len(done)):.1%} of {len(done)} mutants killed")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="part of a module's or a model's name")
    parser.add_argument("--each", type=int, default=30, help="mutants tried of each module and model; 0 for all")
    parser.add_argument("--seed", type=int, default=12)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--quiet", action="store_true", help="do not name the survivors")
    asked = parser.parse_args()
    until = time.monotonic() + 60 * asked.minutes
    quick = hypothesis.settings(derandomize=True, database=None, deadline=None, phases=(hypothesis.Phase.explicit, hypothesis.Phase.generate))
    hypothesis.settings.register_profile("mutants", quick)
    hypothesis.settings.load_profile("mutants")
    sys.path.insert(0, str(ROOT))
    files = test_files()
    for name in files:
        importlib.import_module(name.removesuffix(".py").replace("/", "."))
    made = every_mutant(asked.only)
    tests = baseline(files)
    drawing = random.Random(asked.seed)  # noqa: S311
    chosen = [m for name in made for m in (drawing.sample(made[name], min(asked.each, len(made[name]))) if asked.each else made[name])]
    drawing.shuffle(chosen)
    print(f"{len(tests)} tests of {len(files)} files; {len(chosen)} of {sum(map(len, made.values()))} mutants", flush=True)
    done = run_all(chosen, tests, until)
    report(done, made, show=not asked.quiet)
    if len(done) < len(chosen):
        print(f"{len(chosen) - len(done)} were not tried: the time was over")


if __name__ == "__main__":
    main()
