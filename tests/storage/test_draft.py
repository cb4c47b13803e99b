"""Drafts beyond the contract (tests/contract/test_blobs.py): what is where, and a disk that is full."""

import gc
import os
import stat
from pathlib import Path

import pytest

from storage.draft import IN_MEMORY, LocalDraft, swept, write_all
from storage.interfaces import StoreError


def test_small_content_touches_no_disk(tmp_path: Path) -> None:
    draft = LocalDraft(tmp_path)
    draft.write(b"x" * IN_MEMORY)
    assert list(tmp_path.iterdir()) == []
    draft.write(b"y")
    (path,) = tmp_path.iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert bytes(draft.view()) == b"x" * IN_MEMORY + b"y"
    draft.discard()


def test_a_view_outlives_the_discarded_draft_safely(tmp_path: Path) -> None:
    draft = LocalDraft(tmp_path)
    draft.write(b"z" * (IN_MEMORY + 5))
    part = draft.view()[-5:]
    draft.discard()
    assert bytes(part) == b"zzzzz"


def test_a_draft_that_nobody_holds_leaves_no_file(tmp_path: Path) -> None:
    draft = LocalDraft(tmp_path)
    draft.write(b"x" * (IN_MEMORY + 1))
    del draft
    gc.collect()
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_a_store_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    draft = LocalDraft(tmp_path)
    monkeypatch.setattr(os, "write", full)
    with pytest.raises(StoreError, match="No space"):
        draft.write(b"x" * (IN_MEMORY + 1))
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(StoreError):
        draft.write(b"x")


def test_a_short_write_is_continued(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: write(descriptor, memoryview(data)[:7]))
    descriptor = os.open(tmp_path / "f", os.O_WRONLY | os.O_CREAT)
    write_all(descriptor, bytes(range(100)))
    os.close(descriptor)
    assert (tmp_path / "f").read_bytes() == bytes(range(100))


def test_sweeping_removes_files_only(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    (tmp_path / "directory").mkdir()
    assert swept(tmp_path) == 1
    assert [p.name for p in tmp_path.iterdir()] == ["directory"]
