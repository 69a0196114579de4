"""Every directed damage is found by `verify` and named; what was not damaged raises no alarm."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fixtures.damaging import found_by_verify, make_whole, prove
from tests.fixtures.edition_damages import edition_cases
from tests.fixtures.state_damages import state_cases


@pytest.fixture(scope="module")
def whole(sample_data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The sample data folder with accounts changed, sessions ended, answers remembered, a second edition and a second head file."""
    folder = make_whole(sample_data_dir, tmp_path_factory.mktemp("whole") / "data")
    yield folder
    shutil.rmtree(folder)


def test_what_was_not_damaged_raises_no_alarm(whole: Path) -> None:
    proved = prove(whole)
    assert proved.damages == []
    assert (proved.n_editions, proved.n_witnesses) == (2, 5)


def test_every_damage_is_found_and_named(whole: Path, tmp_path: Path) -> None:
    cases = [*state_cases(whole), *edition_cases(whole)]
    assert len({str(case) for case in cases}) == len(cases) >= 142
    missed = {}
    for case in cases:
        found = found_by_verify(whole, tmp_path / "data", case)
        if not any(case.named in line for line in found):
            missed[str(case)] = found[:5]
    assert missed == {}
