"""Drafts beyond the contract (tests/contract/test_blobs.py): what is where, and a disk that is full."""

import gc
import os
import stat
from pathlib import Path

import pytest

from storage.content import CHUNK
from storage.draft import IN_MEMORY, LocalDraft, MappedFile, swept, write_all
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


@pytest.mark.parametrize("size", [IN_MEMORY + 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 7])
def test_what_lies_in_its_file_is_sealed(tmp_path: Path, size: int) -> None:
    data = (b"the same words over and over " * (size // 29 + 1))[:size]
    draft = LocalDraft(tmp_path)
    for start in range(0, size, 300_007):
        draft.write(data[start : start + 300_007])
        assert all(b"words" not in path.read_bytes() for path in tmp_path.iterdir())
    view = draft.view()
    assert view.readonly
    assert bytes(view) == data
    (path,) = tmp_path.iterdir()
    assert path.stat().st_size > size
    assert b"words" not in path.read_bytes()
    number = draft.fileno()
    assert number is not None
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.write(number, b"x")
    assert os.pread(number, 9, 0) == data[:9]
    draft.discard()


def test_only_so_much_is_looked_at_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gc.collect()
    monkeypatch.setattr("storage.draft.MOST", MappedFile.held + 2 * IN_MEMORY + 4)
    drafts = [LocalDraft(tmp_path) for _ in range(3)]
    for draft in drafts:
        draft.write(b"x" * (IN_MEMORY + 1))
    for draft in drafts[:2]:
        draft.view()
    with pytest.raises(StoreError, match="has to wait"):
        drafts[2].view()
    drafts[0].discard()
    assert len(drafts[2].view()) == IN_MEMORY + 1
    for draft in drafts[1:]:
        draft.discard()


def test_a_draft_that_nobody_holds_leaves_no_file(tmp_path: Path) -> None:
    draft = LocalDraft(tmp_path)
    draft.write(b"x" * (IN_MEMORY + 1))
    del draft
    gc.collect()
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_a_store_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    draft, shorter = LocalDraft(tmp_path), LocalDraft(tmp_path)
    shorter.write(b"x" * (IN_MEMORY + 1))
    monkeypatch.setattr(os, "write", full)
    with pytest.raises(StoreError, match="No space"):
        draft.write(b"x" * (CHUNK + 1))
    with pytest.raises(StoreError):
        draft.write(b"x")
    with pytest.raises(StoreError, match="No space"):
        shorter.view()
    shorter.discard()
    assert list(tmp_path.iterdir()) == []


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
