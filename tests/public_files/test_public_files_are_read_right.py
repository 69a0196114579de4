"""Publishers' own files give the right figures or a reason; not run where the files are not at hand, and said so."""

from pathlib import Path

import pytest

from tests.public_files.reading import read_all

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"


@pytest.mark.skipif(not (SHARED / "public").is_dir(), reason="not run: the publishers' files are not beside the project")
def test_no_figure_differs_from_the_hand_made_list_and_every_refusal_has_a_reason() -> None:
    readings = read_all(SHARED)
    assert sum(r.n_different for r in readings) == 0
    assert sum(r.n_equal for r in readings) > 250
    assert [r.name for r in readings if r.verdict == "rejected" and not r.reasons] == []
