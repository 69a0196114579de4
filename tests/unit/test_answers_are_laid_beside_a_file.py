"""Answers laid beside a file of the inbox belong to it alone, are taken with it, and bring it up again."""

import json
import os
from pathlib import Path

import pytest

from pipelines.domain.answers import NO_ANSWERS
from pipelines.domain.errors import UsageError
from pipelines.submissions.inboxes import InboxFile, answers_beside, answers_path, ready_files

NOW = 1_700_000_100.0
ANSWERS = {"explanations": {"value_is_plausible: iso37120:2018/8.1": "confirmed"}}


def lay(path: Path, content: str, *, age: float = 50.0) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    os.utime(path, (NOW - age, NOW - age))
    return path


def ready(inbox: Path) -> list[InboxFile]:
    return ready_files(inbox, member_codes=("KOR",), now=NOW)


def test_answers_are_no_file_of_their_own_and_are_read_with_their_file(tmp_path: Path) -> None:
    path = lay(tmp_path / "KOR" / "figures.csv", "x")
    lay(answers_path(path), json.dumps(ANSWERS))
    assert [f.path for f in ready(tmp_path)] == [path]
    assert answers_beside(path).explanations == ANSWERS["explanations"]


def test_a_file_of_the_same_stem_does_not_share_them(tmp_path: Path) -> None:
    lay(answers_path(lay(tmp_path / "KOR" / "figures.csv", "x")), json.dumps(ANSWERS))
    assert answers_beside(lay(tmp_path / "KOR" / "figures.xlsx", "y")) == NO_ANSWERS


def test_answers_added_later_make_the_same_file_a_new_arrival(tmp_path: Path) -> None:
    path = lay(tmp_path / "KOR" / "figures.csv", "x")
    [before] = ready(tmp_path)
    lay(answers_path(path), json.dumps(ANSWERS))
    [after] = ready(tmp_path)
    assert before.stamp != after.stamp


def test_a_file_waits_until_its_answers_are_whole(tmp_path: Path) -> None:
    path = lay(tmp_path / "KOR" / "figures.csv", "x")
    lay(answers_path(path), "{", age=1.0)
    assert ready(tmp_path) == []


@pytest.mark.parametrize("text", ["{", '{"nonsense": {}}', "\ufffd["])
def test_answers_that_are_none_are_refused_by_name(tmp_path: Path, text: str) -> None:
    path = lay(tmp_path / "KOR" / "figures.csv", "x")
    lay(answers_path(path), text)
    with pytest.raises(UsageError, match=r"figures\.csv\.answers\.json"):
        answers_beside(path)


def test_a_link_in_their_place_is_not_followed(tmp_path: Path) -> None:
    path = lay(tmp_path / "KOR" / "figures.csv", "x")
    answers_path(path).symlink_to(lay(tmp_path / "elsewhere.json", json.dumps(ANSWERS)))
    assert ready(tmp_path) == []
    with pytest.raises(UsageError):
        answers_beside(path)
