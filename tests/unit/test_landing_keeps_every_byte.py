"""The landing store."""

import os
from pathlib import Path

import pytest

from pipelines.domain.errors import StorageError
from pipelines.submissions import landing


def test_landed_bytes_are_named_by_their_hash_and_read_only(tmp_path: Path) -> None:
    sha256 = landing.land(tmp_path, b"content")
    path = landing.landed_path(tmp_path, sha256)
    assert path.read_bytes() == b"content"
    assert path.stat().st_mode & 0o222 == 0
    assert [p.name for p in path.parent.iterdir()] == [sha256]


def test_the_same_bytes_land_once(tmp_path: Path) -> None:
    assert landing.land(tmp_path, b"content") == landing.land(tmp_path, b"content")


def test_a_system_that_writes_less_than_asked_is_followed_to_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.write
    monkeypatch.setattr(os, "write", lambda handle, view: write(handle, bytes(view)[:3]))
    sha256 = landing.land(tmp_path, b"a longer content than three bytes")
    assert landing.read_landed(tmp_path, sha256) == b"a longer content than three bytes"


def test_bytes_that_read_back_differently_are_not_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "write", lambda _handle, view: len(view))
    with pytest.raises(StorageError, match="Nothing was accepted"):
        landing.land(tmp_path, b"content")
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []


def test_a_full_disk_is_a_refusal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(StorageError, match="No space left"):
        landing.land(tmp_path, b"content")
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []


@pytest.mark.parametrize("damage", [b"", b"Content", b"content and more"])
def test_a_damaged_file_is_named_and_never_used(tmp_path: Path, damage: bytes) -> None:
    sha256 = landing.land(tmp_path, b"content")
    path = landing.landed_path(tmp_path, sha256)
    path.chmod(0o644)
    path.write_bytes(damage)
    with pytest.raises(StorageError, match="damaged"):
        landing.read_landed(tmp_path, sha256)
    with pytest.raises(StorageError, match="damaged"):
        landing.land(tmp_path, b"content")
