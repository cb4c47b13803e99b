"""Backups in a folder: of what is new, whole or not there, and forgotten when they are old."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from storage.backup import manifest as manifests
from storage.backup import returning
from storage.backup.databases import looked_at
from storage.backup.places import Folder
from storage.backup.sealing import BackupKeys, DamagedBackup
from storage.backup.taking import BackupSource, Taken, take, verify
from storage.database import open_database
from storage.interfaces import StoreError
from storage.keys import new_key

KEYS = BackupKeys([bytes(32)])


class Contents:
    """A store of contents, in memory. A key whose content is None is listed, and gone when it is asked for."""

    def __init__(self) -> None:
        self.kept_by: dict[str, bytes | None] = {}
        self.read: list[str] = []

    async def keys(self) -> AsyncIterator[list[str]]:
        yield sorted(self.kept_by)

    async def kept(self, key: str) -> memoryview:
        self.read.append(key)
        if (data := self.kept_by[key]) is None:
            raise StoreError("gone")
        return memoryview(data)

    async def put_kept(self, key: str, data: bytes) -> None:
        self.kept_by[key] = data


class Here:
    def __init__(self, folder: Path) -> None:
        self.folder, self.contents, self.place = folder, Contents(), Folder(folder / "backups")
        self.file = folder / "db"
        self.url = f"sqlite:///{self.file}"
        self.now = 1_800_000_000.0

    async def take(self, keep: int = 0) -> Taken:
        self.now += 60
        copied = BackupSource(self.url, "", self.contents, self.folder, "n1", "1")
        return await take(copied, self.place, KEYS, lambda: self.now, keep)

    def pieces(self) -> set[str]:
        return set(self.place.names("objects"))


@pytest.fixture
async def here(tmp_path: Path) -> Here:
    found = Here(tmp_path)
    await open_database(found.url).close()
    found.contents.kept_by = {new_key("default", 9_000_000): b"x" * 9_000_000, new_key("default", 3): b"abc"}
    with closing(sqlite3.connect(found.file)) as database:
        database.execute("CREATE TABLE filler (data BLOB)")
        database.executemany("INSERT INTO filler VALUES (randomblob(200000))", [()] * 20)
        database.commit()
    return found


async def test_a_backup_has_all_and_the_next_one_costs_what_is_new(here: Here) -> None:
    first = await here.take()
    made = first.manifest
    assert set(made.contents) == set(here.contents.kept_by)
    assert max(map(len, made.contents.values())) == 3, "9 MB are three pieces"
    assert verify(here.place, KEYS, made.id, here.folder) == made
    here.contents.read.clear()
    with closing(sqlite3.connect(here.file)) as database:
        database.execute("INSERT INTO filler VALUES ('one more')")
        database.commit()
    here.contents.kept_by[new_key("default", 4)] = b"more"
    second = await here.take()
    assert second.pieces < first.pieces / 3
    assert len(here.contents.read) == 1, "what is there already is not read again"
    assert verify(here.place, KEYS, second.manifest.id, here.folder) == second.manifest
    assert manifests.ids(here.place) == [made.id, second.manifest.id]
    assert not list(here.folder.glob("backup.copy*"))
    assert not list((here.place.root / "tmp").iterdir())
    assert all(path.stat().st_mode & 0o077 == 0 for path in here.place.root.rglob("*") if path.is_file())


async def test_the_copy_is_put_back_as_it_was(here: Here, tmp_path: Path) -> None:
    made = (await here.take()).manifest
    file = returning.staged(here.place, KEYS, made, tmp_path / "state")
    assert looked_at(file) == (made.heads, made.schema)
    there = Contents()
    assert await returning.contents(here.place, KEYS, made, there, lambda key: True) == (2, [])
    assert there.kept_by == here.contents.kept_by
    returning.unstaged(tmp_path / "state")
    assert not list((tmp_path / "state").iterdir())


async def test_a_piece_that_is_missing_or_others_is_said(here: Here) -> None:
    made = (await here.take()).manifest
    name = f"objects/{made.database[0]}"
    data = here.place.get(name)
    here.place.delete(name)
    with pytest.raises(StoreError):
        verify(here.place, KEYS, made.id, here.folder)
    here.place.put(name, data[:-1] + bytes([data[-1] ^ 1]))
    with pytest.raises(DamagedBackup):
        verify(here.place, KEYS, made.id, here.folder)
    (content,) = [names for names in made.contents.values() if len(names) == 1]
    assert returning.missing(here.place, made) == []
    here.place.delete(f"objects/{content[0]}")
    assert len(returning.missing(here.place, made)) == 1


async def test_a_content_that_ends_meanwhile_is_left_out(here: Here) -> None:
    gone = new_key("default", 7)
    here.contents.kept_by[gone] = None
    assert gone not in (await here.take()).manifest.contents


async def test_old_backups_go_with_what_nobody_else_needs(here: Here) -> None:
    first = (await here.take()).manifest
    (small,) = [key for key, data in here.contents.kept_by.items() if data == b"abc"]
    del here.contents.kept_by[small]
    second = await here.take(keep=1)
    assert second.gone == 1
    assert manifests.ids(here.place) == [second.manifest.id]
    assert here.pieces() == {f"objects/{name}" for name in second.manifest.pieces}
    assert f"objects/{first.contents[small][0]}" not in here.pieces()
    assert verify(here.place, KEYS, second.manifest.id, here.folder)


async def test_two_at_a_time_are_refused(here: Here) -> None:
    other = Folder(here.place.root)
    other.begin()
    with pytest.raises(StoreError, match="in use"):
        await here.take()
    other.end()
    assert await here.take()


async def test_what_cannot_be_copied_is_no_backup(here: Here) -> None:
    here.file.write_bytes(b"no database" * 1000)
    for left in here.folder.glob("db-*"):
        left.unlink()
    with pytest.raises(StoreError):
        await here.take()
    assert manifests.ids(here.place) == []
