"""Measure the runs of an index: per run beside a bare array program of the same arithmetic, memory, and growth with cities.

Everything here is synthetic and named so. COINr could not be installed where this was written; what it takes is a figure of the issue.
"""

import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

import numpy as np

from pipelines.methods.aggregating import Aggregation, Mean
from pipelines.methods.draws import keys_of, random_runs, uniform
from pipelines.methods.indexes import Method
from pipelines.methods.intervals import run
from pipelines.methods.normalising import Normalisation, Scale
from pipelines.methods.sensitivity import analyse
from pipelines.methods.trees import tree_of
from pipelines.methods.uncertainty import Engine, Plan, mix_level
from tests.factories_index import cases_of

Say = Callable[[str, list[float], list[float]], None]
CITIES, INDICATORS, GROUPS, RUNS = 200, 120, 12, 10_000
SIZES = (20, 200, 2_000)
COINR_SECONDS = 0.079
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
            relative_error=np.full(values.shape, 0.05),
        )  # fmt: skip
    return Engine(cases_of(values), method, plan, 1, np.ones(n, bool), workers)


def bare_run(engine: Engine, choices: np.ndarray) -> np.ndarray:
    """The same arithmetic of all factors, one run after another, as plain array statements: what a program without rooms would do."""
    values, directions, n = engine.cases.values, engine.method.directions, len(engine.cases.values)
    goalposts = engine.plan.normalisations[3]
    bounds, weights = uniform(keys_of(choices[:, 1], 1, 4), 2 * INDICATORS), uniform(keys_of(choices[:, 2], 1, 1), INDICATORS)
    above = uniform(mix_level(keys_of(choices[:, 2], 1, 1), 1), GROUPS)
    keys = keys_of(choices[:, 6], 1, 3)
    starts = np.arange(0, INDICATORS, INDICATORS // GROUPS)
    ranks = np.empty((len(choices), n), np.uint16)
    for r, choice in enumerate(choices):
        x = values * (1.0 + 0.05 * np.random.Generator(np.random.SFC64(int(keys[r]))).standard_normal(values.shape))
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
    coinr = synthetic(CITIES, everything=False)
    choices = random_runs(RUNS, len(coinr.factors), 1)
    coinr.ranks(choices)
    took = [seconds(lambda: coinr.ranks(choices)) / RUNS for _ in range(times)]
    faster = sorted(COINR_SECONDS / t for t in took)
    print(
        f"{RUNS:,} runs of {CITIES} cities x {INDICATORS} indicators, factors that COINr supports: per run {statistics.median(faster):,.0f} times faster "
        f"(from {faster[0]:,.0f} to {faster[-1]:,.0f}) than the 79 ms that the issue states for COINr, which was not run here",
        flush=True,
    )
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
