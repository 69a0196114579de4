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
from functools import partial
from pathlib import Path
from types import FrameType, FunctionType, ModuleType
from typing import Any

os.environ |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}

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
    """A plugin that notes of each test its time and the functions of the methods that it called, and which did not pass."""

    def __init__(self) -> None:
        self.files = {str(p): p.stem for p in METHODS.glob("*.py")}
        self.found: dict[str, tuple[float, list[tuple[str, int]]]] = {}
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
        self.found[item.nodeid] = (time.monotonic() - began, sorted(called))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.outcome != "passed":
            self.failed.append(report.nodeid)


class Judge:
    """A plugin that ends the process at the first test that does not pass."""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.outcome != "passed":
            os._exit(1)


def run_items(items: list[pytest.Item], plugin: object) -> None:
    """Run collected tests in this process, silently."""
    with open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
    if items:
        items[0].config.pluginmanager.register(plugin)
    for item, following in zip(items, [*items[1:], None], strict=True):
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)


def in_child(work: Callable[[], None]) -> int:
    """Fork, do the work, end with 0, or with 70 when it raises; returns the child's process id."""
    child = os.fork()
    if child:
        return child
    code = 70
    try:
        os.setpgid(0, 0)
        work()
        code = 0
    finally:
        os._exit(code)


def baseline(items: list[pytest.Item]) -> list[Timed]:
    """Run the tests once on the sound code, in two processes; those that fail or are slow are left out, and the former are named."""

    def record(part: list[pytest.Item], into: Path) -> None:
        recorder = Recorder()
        run_items(part, recorder)
        into.write_text(json.dumps([recorder.found, recorder.failed]))

    by_file: dict[str, list[pytest.Item]] = defaultdict(list)
    for item in items:
        by_file[item.nodeid.split("::")[0]].append(item)
    with tempfile.TemporaryDirectory() as folder:
        parts = [([i for name in list(by_file)[at::WORKERS] for i in by_file[name]], Path(folder) / f"{at}.json") for at in range(WORKERS)]
        children = [in_child(partial(record, part, into)) for part, into in parts]
        for child in children:
            os.waitpid(child, 0)
        reports = [json.loads(into.read_text()) for _, into in parts]
    failed = {node for _, failures in reports for node in failures}
    if failed:
        print(f"left out, they fail on the sound code: {', '.join(sorted(failed))}")
    every = [Timed(n, seconds, frozenset((f, line) for f, line in called)) for found, _ in reports for n, (seconds, called) in found.items() if n not in failed]
    return sorted((t for t in every if t.seconds <= SLOWEST or t.node.startswith(EXAMPLES)), key=lambda t: t.seconds)


def kept_baseline(items: list[pytest.Item], kept: Path | None) -> list[Timed]:
    """The baseline, or the one that was kept; for work on one module, where the tests of the others stay."""
    if kept is None or not kept.exists():
        tests = baseline(items)
        if kept is not None:
            kept.write_text(json.dumps([(t.node, t.seconds, sorted(t.called)) for t in tests]))
        return tests
    return [Timed(node, seconds, frozenset((f, line) for f, line in called)) for node, seconds, called in json.loads(kept.read_text())]


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
        return [*(t.node for t in own), *enough_of(checks)]
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


def try_mutant(mutant: Mutant, items: list[pytest.Item]) -> None:
    """In a child: come back when every test passes and the mutant survives."""
    if mutant.target.startswith(MODELS):
        swap_model(mutant)
    else:
        swap_functions(importlib.import_module(f"pipelines.methods.{mutant.target}"), mutant.source())
    run_items(items, Judge())


def run_all(mutants: list[Mutant], tests: list[Timed], items: dict[str, pytest.Item], until: float) -> list[tuple[Mutant, str]]:
    """Try mutants two at a time until all are tried or the time is over; each with its state: killed, survived or no test."""
    waiting, running, done = list(reversed(mutants)), {}, []
    while waiting or running:
        while waiting and len(running) < WORKERS and time.monotonic() < until:
            mutant = waiting.pop()
            chosen = [items[node] for node in tests_of(mutant, tests) if node in items]
            if chosen:
                running[in_child(partial(try_mutant, mutant, chosen))] = (mutant, time.monotonic() + 3 * ENOUGH)
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
        time.sleep(0.005)
    return done


class Session:
    """A plugin that tries mutants in place of the tests that pytest collected."""

    def __init__(self, asked: argparse.Namespace) -> None:
        self.asked, self.until = asked, time.monotonic() + 60 * asked.minutes

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        made = every_mutant(self.asked.only)
        tests = kept_baseline(session.items, self.asked.timed)
        drawing = random.Random(self.asked.seed)  # noqa: S311
        each = self.asked.each or sys.maxsize
        chosen = [m for mutants in made.values() for m in drawing.sample(mutants, min(each, len(mutants)))]
        drawing.shuffle(chosen)
        print(f"{len(tests)} tests; {len(chosen)} of {sum(map(len, made.values()))} mutants", flush=True)
        done = run_all(chosen, tests, {i.nodeid: i for i in session.items}, self.until)
        report(done, made, show=not self.asked.quiet)
        if len(done) < len(chosen):
            print(f"{len(chosen) - len(done)} were not tried: the time was over")
        return True


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
    parser.add_argument("--tests", nargs="*", default=[], help="test files to try; all that run methods or models when not given")
    parser.add_argument("--timed", type=Path, help="a file that keeps what the tests took and called: read when it is there, else written")
    parser.add_argument("--quiet", action="store_true", help="do not name the survivors")
    asked = parser.parse_args()
    quick = hypothesis.settings(derandomize=True, database=None, deadline=None, phases=(hypothesis.Phase.explicit, hypothesis.Phase.generate))
    hypothesis.settings.register_profile("mutants", quick)
    hypothesis.settings.load_profile("mutants")
    options = ["-s", "--assert=plain", "--rootdir", str(ROOT)]
    sys.exit(pytest.main([*options, *(str(ROOT / name) for name in asked.tests or test_files())], plugins=[Session(asked)]))


if __name__ == "__main__":
    main()
