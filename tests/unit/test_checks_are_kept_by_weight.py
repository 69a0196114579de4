"""Pages keep the checks they look at again, and no more figures of all of them together than one file may hold."""

import dataclasses

import pytest

from app import checked_files
from app.checked_files import CheckedFiles
from pipelines.intake.reporting import FileToRead
from pipelines.submissions.checking import CheckedFile, CheckRequest, Home, check_file
from tests.factories import good_row, make_csv


@pytest.fixture
def one(home: Home) -> CheckedFile:
    return check_file(CheckRequest(FileToRead("t.csv", make_csv(good_row())), "KOR", "2026-11-22"), home)


def test_a_check_is_made_once_and_the_oldest_leave_when_all_weigh_too_much(one: CheckedFile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checked_files, "MOST_FIGURES", 25)
    heavy = dataclasses.replace(one, figures=[], read=one.read * 10)
    kept, made = CheckedFiles(), []
    for name in ("a", "a", "b", "c", "a"):
        assert kept.get((name,), lambda name=name: made.append(name) or heavy) is heavy
    assert made == ["a", "b", "c", "a"]
    assert len(kept) == 2


def test_one_check_is_kept_however_much_it_weighs(one: CheckedFile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checked_files, "MOST_FIGURES", 1)
    heavy, kept = dataclasses.replace(one, read=one.read * 10), CheckedFiles()
    assert kept.get(("a",), lambda: heavy) is kept.get(("a",), lambda: one) is heavy
