"""Measure the runs of an index: parity with COINr, time per run beside COINr's and beside a bare array program, memory, growth with cities.

Everything here is synthetic and named so. COINr's numbers and its times beside ours are those of ``tests/fixtures/coinr``; it is not run here.
"""

import resource
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable

import numpy as np

from pipelines.methods.aggregating import Aggregation, Mean
from pipelines.methods.draws import keys_of, random_runs, uniform
from pipelines.methods.indexes import Method
from pipelines.methods.intervals import run
from pipelines.methods.measuring import KindOfScale
from pipelines.methods.normalising import Normalisation, Scale
from pipelines.methods.sensitivity import analyse
from pipelines.methods.trees import tree_of
from pipelines.methods.uncertainty import Engine, Plan, mix_level
from tests.coinr_parity import comparisons, rows_of
from tests.factories_index import cases_of
from tests.spec.test_index_parity import EXPLAINED

Say = Callable[[str, list[float], list[float]], None]
CITIES, INDICATORS, GROUPS, RUNS = 200, 120, 12, 10_000
ERROR = 0.05
COINR_MILLISECONDS = 61.9
SIZES = (20, 200, 2_000)
MIN_MAX = Normalisation(Scale.MIN_MAX, 1, 100)
T_SCORE = Normalisation(Scale.Z_SCORE, 50, 10, floor=1.0)
PLACES = Normalisation(Scale.PERCENTILE_RANK, 1, 100)


def synthetic(n: int, *, everything: bool, workers: int = 2) -> Engine:
    """An engine over synthetic values: with what COINr can leave unsure, or with everything of ours."""
    rng = np.random.default_rng(1)
    values = rng.lognormal(0, 0.5, (n, INDICATORS)) + 1.0
    tree = tree_of((np.repeat(np.arange(GROUPS), INDICATORS // GROUPS), np.zeros(GROUPS, int)), (np.ones(INDICATORS), np.ones(GROUPS)))
    method = Method(tree, np.where(rng.random(INDICATORS) < 0.5, 1.0, -1.0), MIN_MAX, (Aggregation(Mean.ARITHMETIC),) * 2)
    goalposts = Normalisation(Scale.GOALPOSTS, 1, 100, lower=values.min(axis=0), upper=values.max(axis=0))
    plan = Plan(normalisations=(MIN_MAX, T_SCORE, PLACES), weights=0.25, means=(Mean.ARITHMETIC, Mean.GEOMETRIC))
    if everything:
        plan = Plan(
            normalisations=(MIN_MAX, T_SCORE, PLACES, goalposts), bounds=0.1, weights=0.25, means=(Mean.ARITHMETIC, Mean.GEOMETRIC), leave_one_out=True,
            relative_error=np.full(values.shape, ERROR), shared_error_key=np.tile(np.arange(INDICATORS) // (INDICATORS // GROUPS), (n, 1)),
            kind_of_scale=(KindOfScale.RATE,) * INDICATORS,
        )  # fmt: skip
    return Engine(cases_of(values), method, plan, 1, np.ones(n, bool), workers)


def bare_run(engine: Engine, choices: np.ndarray) -> np.ndarray:
    """The same arithmetic of all factors, one run after another, as plain array statements: what a program without rooms would do."""
    values, directions, n = engine.cases.values, engine.method.directions, len(engine.cases.values)
    goalposts = engine.plan.normalisations[3]
    bounds, weights = uniform(keys_of(choices[:, 1], 1, 4), 2 * INDICATORS), uniform(keys_of(choices[:, 2], 1, 1), INDICATORS)
    above = uniform(mix_level(keys_of(choices[:, 2], 1, 1), 1), GROUPS)
    keys, publishers = keys_of(choices[:, 6], 1, 3), keys_of(choices[:, 6], 1, 5)
    size = np.sqrt(np.log1p(ERROR**2) / 2.0)
    starts = np.arange(0, INDICATORS, INDICATORS // GROUPS)
    ranks = np.empty((len(choices), n), np.uint16)
    for r, choice in enumerate(choices):
        own = np.random.Generator(np.random.SFC64(int(keys[r]))).standard_normal(values.shape)
        shared = np.random.Generator(np.random.SFC64(int(publishers[r]))).standard_normal(GROUPS)
        x = values * np.exp(size * (own + np.repeat(shared, INDICATORS // GROUPS)))
        x *= directions
        kind = int(choice[0] * 4)
        if kind == 1:
            y = np.maximum((x - x.mean(axis=0)) / x.std(axis=0, ddof=1) * 10.0 + 50.0, 1.0)
        elif kind == 2:
            y = np.argsort(np.argsort(x, axis=0), axis=0) / (n - 1.0) * 99.0 + 1.0
        else:
            if kind == 0:
                low, high = x.min(axis=0), x.max(axis=0)
            else:
                ends = np.array([goalposts.lower, goalposts.upper]) * directions
                low, high = ends.min(axis=0), ends.max(axis=0)
            reach = high - low
            low, high = low + 0.1 * (2 * bounds[r, :INDICATORS] - 1) * reach, high + 0.1 * (2 * bounds[r, INDICATORS:] - 1) * reach
            y = np.clip((x - low) / (high - low), 0.0, 1.0) * 99.0 + 1.0
        w = 1.0 + 0.25 * (2 * weights[r] - 1)
        if choice[5] >= 0.5:
            w[min(int((choice[5] - 0.5) * 2 * INDICATORS), INDICATORS - 1)] = 0.0
        held = np.add.reduceat(w, starts)
        inner = np.exp(np.add.reduceat(np.log(y) * w, starts, axis=1) / held) if choice[3] >= 0.5 else np.add.reduceat(y * w, starts, axis=1) / held
        v = 1.0 + 0.25 * (2 * above[r] - 1)
        index = np.exp(np.log(inner) @ v / v.sum()) if choice[4] >= 0.5 else inner @ v / v.sum()
        ranks[r, np.argsort(-index)] = np.arange(1, n + 1)
    return ranks


def seconds(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def measure_indexes(say: Say, *, times: int = 5) -> None:
    """Print every figure of the index."""
    print_parity()
    print_speed_beside_coinr(times)
    full = synthetic(CITIES, everything=True, workers=1)
    some = random_runs(1_000, len(full.factors), 2)
    agree = float((full.ranks(some[:200]) == bare_run(full, some[:200])).mean())
    print(f"ranks of the bare program equal to ours: {agree:.2%} of 200 runs x {CITIES} cities", flush=True)
    ours, theirs = [], []
    for _ in range(times):
        ours.append(seconds(lambda: full.ranks(some)))
        theirs.append(seconds(lambda: bare_run(full, some)))
    say("all factors, one worker / a bare array program of the same arithmetic (1,000 runs)", ours, theirs)
    both = synthetic(CITIES, everything=True, workers=2)
    say("all factors, two workers / one worker", [seconds(lambda: both.ranks(some)) for _ in range(times)], ours)
    say(
        "all factors: runs with intervals, chances of pairs and tie bands / the runs alone",
        [seconds(lambda: run(full, n_runs=1_000, n_top=10)) for _ in range(times)], ours,
    )  # fmt: skip
    smallest = statistics.median(grow(SIZES[0], times))
    for n in SIZES[1:]:
        ratio = statistics.median(grow(n, times)) / smallest
        print(f"growth: {n} cities / {SIZES[0]} cities, all factors: {ratio:.1f} times for {n // SIZES[0]} times as many", flush=True)
    for n in SIZES:
        print(f"memory, {RUNS:,} runs of {n} cities with intervals and pairs: {memory_of(n):,.0f} MiB at most, libraries included", flush=True)
    sensitive = synthetic(20, everything=True, workers=2)
    analyse(sensitive, n_base=256)
    say(
        "sensitivity of 20 cities with 500 resamplings / its runs alone",
        [seconds(lambda: analyse(sensitive, n_base=1_024)) for _ in range(times)],
        [seconds(lambda: sensitive.ranks(random_runs(1_024 * 9, len(sensitive.factors), 3))) for _ in range(times)],
    )


def print_parity() -> None:
    """Print how many steps were compared with COINr, how many are equal to 1e-9, and which differ for a reason that a test gives."""
    found = comparisons()
    apart = [c for c in found if c.differs.any()]
    reasons = Counter(EXPLAINED.get(c.name, "unexplained") for c in apart)
    print(
        f"parity with COINr 1.1.14: {len(found)} steps compared ({sum(c.differs.size for c in found):,} numbers), {len(found) - len(apart)} equal to 1e-9 in "
        f"every number; {len(apart)} differ, {reasons['unexplained']} of them unexplained",
        flush=True,
    )
    for reason, n in sorted(reasons.items()):
        print(f"  {n} differ: {reason.removeprefix('test_').replace('_', ' ')}", flush=True)


def print_speed_beside_coinr(times: int) -> None:
    """Print what a run takes on one core here, and the times of both programs that were measured in pairs."""
    engine = synthetic(CITIES, everything=False, workers=1)
    choices = random_runs(RUNS, len(engine.factors), 1)
    engine.ranks(choices)
    alone = [cpu_seconds(lambda: engine.ranks(choices)) / RUNS for _ in range(times)]
    whole = [cpu_seconds(lambda: run(engine, n_runs=RUNS, n_top=10)) / RUNS for _ in range(times)]
    pairs = [{name: float(cell) for name, cell in row.items()} for row in rows_of("speed")]
    theirs = [p["coinr_cpu_ms_per_run"] for p in pairs]
    ratios = [
        statistics.median(1_000 * p["coinr_cpu_ms_per_run"] / p[f"citybench_cpu_us_per_run_{what}"] for p in pairs)
        for what in ("ranks", "with_intervals_pairs_bands")
    ]
    print(
        f"{RUNS:,} runs of {CITIES} cities x {INDICATORS} indicators, factors that COINr supports, one core: {1e6 * statistics.median(alone):.1f} us a run for "
        f"ranks (from {1e6 * min(alone):.1f} to {1e6 * max(alone):.1f}), {1e6 * statistics.median(whole):.1f} us with intervals, pairs and bands (from "
        f"{1e6 * min(whole):.1f} to {1e6 * max(whole):.1f}); COINr took {COINR_MILLISECONDS} ms a run ({min(theirs):.1f} to {max(theirs):.1f}) where both were "
        f"timed on one core in {len(pairs)} pairs: {ratios[0]:,.0f} times for ranks alone, {ratios[1]:,.0f} times with pairs and bands",
        flush=True,
    )


def cpu_seconds(action: Callable[[], object]) -> float:
    started = time.process_time()
    action()
    return time.process_time() - started


def grow(n: int, times: int) -> list[float]:
    """Seconds for two hundred runs of all factors."""
    engine = synthetic(n, everything=True)
    choices = random_runs(200, len(engine.factors), 3)
    engine.ranks(choices[:20])
    return [seconds(lambda: engine.ranks(choices)) for _ in range(times)]


def memory_of(n: int) -> float:
    """Largest memory of a process of its own that makes all runs and reads them, in MiB."""
    code = f"from tests.benchmarks.indexes import peak; print(peak({n}))"
    return float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)


def peak(n: int) -> float:
    """Make and read all runs; gives this process's largest memory in MiB."""
    run(synthetic(n, everything=False), n_runs=RUNS, n_top=10)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    from tests.benchmarks.measuring import report

    measure_indexes(report)
