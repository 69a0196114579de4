"""Every directed damage by its kind, and how many `verify` finds and names: ``python -m tests.benchmarks.damages DATA_FOLDER``.

Belongs here: counting and printing. Does not belong here: the damages (fixtures). The folder is one with a built sample edition; it is copied.
"""

import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.fixtures.damaging import found_by_verify, make_whole
from tests.fixtures.edition_damages import edition_cases
from tests.fixtures.state_damages import state_cases


def count_damages(data_dir: Path) -> dict[str, tuple[int, int]]:
    """Do every damage to a copy of a data folder; returns kind to number done and number found and named."""
    done, found = Counter[str](), Counter[str]()
    with tempfile.TemporaryDirectory() as folder:
        whole = make_whole(data_dir, Path(folder) / "whole")
        for case in (*state_cases(whole), *edition_cases(whole)):
            kind = case.kind.partition(",")[0]
            done[kind] += 1
            found[kind] += any(case.named in line for line in found_by_verify(whole, Path(folder) / "copy", case))
    return {kind: (n, found[kind]) for kind, n in done.items()}


def table_of(counted: dict[str, tuple[int, int]]) -> str:
    """Write the table for BENCHMARKS.md."""
    lines = ["| damage | done | found and named |", "|---|---|---|"]
    lines += [f"| {kind} | {n} | {n_found} |" for kind, (n, n_found) in counted.items()]
    return "\n".join([*lines, f"| all | {sum(n for n, _ in counted.values())} | {sum(n for _, n in counted.values())} |"])


if __name__ == "__main__":
    print(table_of(count_damages(Path(sys.argv[1]))))
