"""The spool beyond the contract (tests/contract/test_blobs.py): modes, damage, failing disks, restarts."""

import asyncio
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from storage.content import CHUNK
from storage.database import open_database
from storage.day_keys import DayKeys
from storage.draft import IN_MEMORY
from storage.interfaces import StoreError
from storage.keys import random_of
from storage.seal import Seal
from storage.spool import Spool
from tests.blobs import keys_of


def path_of(spool: Spool, key: str) -> Path:
    return spool.blobs / random_of(key)[:2] / key


async def test_nobody_else_can_read_it(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "s")
    blob = await spool.put([b"x"], "default")
    draft = spool.draft()
    draft.write(b"x" * (IN_MEMORY + 1))
    linked = await spool.put([draft.view()], "default")
    for directory, _, names in os.walk(tmp_path / "s"):
        assert stat.S_IMODE(os.stat(directory).st_mode) == 0o700
        for name in names:
            assert stat.S_IMODE(os.stat(Path(directory, name)).st_mode) == 0o600
    assert path_of(spool, blob.key).exists()
    assert path_of(spool, linked.key).exists()
    await spool.close()


async def test_a_file_that_was_cut_is_not_given_out(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "s")
    blob = await spool.put([b"x" * 100], "default")
    os.truncate(path_of(spool, blob.key), 99)
    with pytest.raises(StoreError, match="99 bytes instead of 100"):
        await spool.get(blob.key)
    await spool.close()


@pytest.mark.parametrize("step", ["fsync", "rename", "write", "open"])
@pytest.mark.parametrize("size", [10, IN_MEMORY + 1])
async def test_a_failing_disk_is_a_store_error_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, size: int
) -> None:
    spool = Spool(tmp_path / "s")
    draft = spool.draft()
    draft.write(b"x" * size)
    pieces = [draft.view()] if step != "write" else [draft.view(), b"!"]

    def fail(*arguments: Any, **more: Any) -> Any:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(os, step, fail)
        if step == "rename":
            patch.setattr(os, "link", fail)
        with pytest.raises(StoreError):
            await spool.put(pieces, "default")
    draft.discard()
    assert await keys_of(spool) == []
    assert list(spool.tmp.iterdir()) == []
    assert (await spool.put([b"again"], "default")).size == 5
    await spool.close()


async def test_after_a_directory_could_not_be_synced_the_name_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool = Spool(tmp_path / "s")
    fsync, calls = os.fsync, []

    def second_fails(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) == 2:
            raise OSError(5, "Input/output error")
        fsync(descriptor)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", second_fails)
        with pytest.raises(StoreError):
            await spool.put([b"x"], "default")
    assert await keys_of(spool) == []
    await spool.close()


async def test_what_a_dead_process_left_is_swept_but_not_what_a_living_one_writes(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "s")
    draft = spool.draft()
    draft.write(b"x" * (IN_MEMORY + 1))
    second = Spool(tmp_path / "s")
    assert second.swept == 0
    assert len(list(spool.tmp.iterdir())) == 1
    await second.close()
    await spool.close()
    third = Spool(tmp_path / "s")
    assert third.swept == 1
    assert list(third.tmp.iterdir()) == []
    await third.close()


async def test_strange_files_are_not_keys(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "s")
    (spool.blobs / "ab" / "lost+found").touch()
    (spool.blobs / "ab" / ("a" * 32)).touch()
    assert await keys_of(spool) == []
    await spool.close()


async def test_many_at_once(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "s")
    blobs = await asyncio.gather(*(spool.put([b"%d" % n], "default") for n in range(200)))
    assert [bytes(await spool.get(blob.key)) for blob in blobs] == [b"%d" % n for n in range(200)]
    await spool.close()


class Disk:
    """What statvfs answers."""

    f_frsize, f_blocks, f_files = 4096, 1000, 1000

    def __init__(self, free: int, inodes: int, files: int = 1000) -> None:
        self.f_bavail, self.f_favail, self.f_files = free, inodes, files


@pytest.mark.parametrize(
    ("disk", "wanted", "room"),
    [
        (Disk(100, 100), 0, True),
        (Disk(99, 100), 0, False),
        (Disk(100, 99), 0, False),
        (Disk(100, 100), 1, False),
        (Disk(1000, 0, 0), 900 * 4096, True),  # a file system without a table of inodes
    ],
)
async def test_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, disk: Disk, wanted: int, room: bool
) -> None:
    spool = Spool(tmp_path / "s")
    with monkeypatch.context() as patch:
        patch.setattr(os, "statvfs", lambda path: disk)
        assert spool.room(wanted) is room
    await spool.close()


@pytest.mark.parametrize("size", [IN_MEMORY + 1, CHUNK, CHUNK + 1, 3 * CHUNK])
async def test_a_draft_alone_is_linked_not_written_anew(tmp_path: Path, size: int) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'db'}")
    spool = Spool(tmp_path / "s", DayKeys(tmp_path / "keys", Seal([b"m" * 32]), database))
    data = os.urandom(size)
    draft = spool.draft()
    draft.write(data)
    (file,) = spool.tmp.iterdir()
    number = file.stat().st_ino
    blob = await spool.put([draft.view()], "default")
    assert number == path_of(spool, blob.key).stat().st_ino
    for again in (draft.view(), draft.view()[1:]):
        other = await spool.put([again], "default")
        assert number != path_of(spool, other.key).stat().st_ino
        assert bytes(await spool.get(other.key)) == bytes(again)
    draft.discard()
    assert bytes(await spool.get(blob.key)) == data
    await spool.close()
    await database.close()


def test_a_spool_that_cannot_be_made_is_a_store_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError):
        Spool(tmp_path / "file")
