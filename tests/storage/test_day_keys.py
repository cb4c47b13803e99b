"""The keys of days: made once, destroyed for good, missed at a start."""

import asyncio
import os
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from config.policy import ConfigError
from storage import keys
from storage.database import open_database
from storage.day_keys import DAY, OVER, DayKeys, Erased
from storage.interfaces import Database, StoreError
from storage.seal import Seal
from tests.services import databases

TODAY = 20_000
MASTER = Seal([b"m" * 32])


class Clock:
    now = TODAY * DAY + 5.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = open_database(databases.sqlite(tmp_path / "db"))
    yield opened
    await opened.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "state" / "keys"


@pytest.fixture
def day_keys(folder: Path, database: Database, clock: Clock) -> DayKeys:
    return DayKeys(folder, MASTER, database, clock)


def name(tenant: str = "default", day: int = TODAY) -> str:
    return keys.new_key(tenant, 5, day)


async def test_all_processes_and_nodes_have_the_same_keys(
    day_keys: DayKeys, folder: Path, database: Database, clock: Clock
) -> None:
    others = [DayKeys(folder, MASTER, database, clock) for _ in range(8)]
    assert set(await asyncio.gather(*(each.today("default") for each in (day_keys, *others)))) == {TODAY}
    one = name()
    assert len({each.of(one) for each in (day_keys, *others)}) == 1
    assert day_keys.of(one) != day_keys.of(name())
    assert await day_keys.today("acme") == TODAY
    assert day_keys.of(one) != day_keys.of(one.replace("default.", "acme."))


async def test_only_we_can_read_them_and_not_without_the_master_key(
    day_keys: DayKeys, folder: Path, database: Database
) -> None:
    await day_keys.today("default")
    for path in [folder, *folder.rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600)
    assert sorted(path.name for path in folder.rglob("*")) == [str(TODAY), "default", "lock"]
    with pytest.raises(StoreError, match="cannot be opened"):
        DayKeys(folder, Seal([b"x" * 32]), database).of(name())


async def test_what_is_destroyed_nobody_has_and_the_others_keep_theirs(
    day_keys: DayKeys, folder: Path, database: Database, clock: Clock
) -> None:
    await day_keys.today("default")
    gone, left, later = name(), name(), name()
    before = {each: day_keys.of(each) for each in (gone, left, later)}
    copy = (folder / "default" / str(TODAY)).read_bytes()
    clock.now = (TODAY + 1) * DAY + OVER
    assert day_keys.is_whole("default", TODAY)
    await day_keys.destroy("default", TODAY, {gone}, [gone, left, later])
    assert not day_keys.is_whole("default", TODAY)
    again = DayKeys(folder, MASTER, database, clock)
    for each in (day_keys, again):
        assert each.of(left) == before[left]
        with pytest.raises(Erased, match="was erased"):
            each.of(gone)
        with pytest.raises(Erased):
            each.of(name())
    await again.destroy("default", TODAY, {later}, ["not asked for any more"])
    with pytest.raises(Erased):
        day_keys.of(later)
    assert day_keys.of(left) == before[left]
    await day_keys.destroy("default", TODAY, {left}, [])
    await again.check()
    assert copy != (folder / "default" / str(TODAY)).read_bytes(), "or this test shows nothing"


async def test_the_octets_of_the_old_file_are_overwritten(
    day_keys: DayKeys, folder: Path, clock: Clock
) -> None:
    await day_keys.today("default")
    clock.now = (TODAY + 1) * DAY + OVER
    with (folder / "default" / str(TODAY)).open("rb") as old:
        assert any(old.read())
        await day_keys.destroy("default", TODAY, {name()}, [])
        old.seek(0)
        assert not any(old.read())


async def test_the_key_of_a_day_that_is_not_over_stays(day_keys: DayKeys, clock: Clock) -> None:
    await day_keys.today("default")
    clock.now = (TODAY + 1) * DAY + OVER - 1
    with pytest.raises(StoreError, match="not over"):
        await day_keys.destroy("default", TODAY, {name()}, [])
    assert day_keys.of(name())


async def test_a_clock_that_was_put_back_finds_a_key(day_keys: DayKeys, clock: Clock) -> None:
    await day_keys.today("default")
    clock.now = (TODAY + 1) * DAY + OVER
    await day_keys.destroy("default", TODAY, {name()}, [])
    clock.now = TODAY * DAY
    assert await day_keys.today("default") == TODAY + 1
    assert day_keys.of(name(day=TODAY + 1))


async def test_what_ended_in_the_middle_of_writing_is_overwritten_at_the_next_start(
    day_keys: DayKeys, folder: Path
) -> None:
    await day_keys.today("default")
    left = folder / "default" / ".20000.aa.old"
    left.write_bytes(b"key")
    with left.open("rb") as octets:
        await day_keys.check()
        assert not left.exists()
        assert octets.read() == bytes(3)


async def test_an_end_before_the_new_file_has_its_name_leaves_the_old_one(
    day_keys: DayKeys, folder: Path, database: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The old file has two names then; its octets are those of the key."""
    await day_keys.today("default")
    gone, left = name(), name()
    before = day_keys.of(left)
    clock.now = (TODAY + 1) * DAY + OVER

    class Killed(BaseException):
        pass

    def killed(*names: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(os, "rename", killed)
        with pytest.raises(Killed):
            await day_keys.destroy("default", TODAY, {gone}, [gone, left])
    again = DayKeys(folder, MASTER, database, clock)
    await again.check()
    assert again.of(left) == before
    assert sorted(path.name for path in (folder / "default").iterdir()) == [str(TODAY)]
    await again.destroy("default", TODAY, {gone}, [gone, left])
    assert again.of(left) == before


async def test_a_start_misses_files_and_refuses_others(
    day_keys: DayKeys, folder: Path, database: Database, clock: Clock
) -> None:
    await day_keys.check()
    await day_keys.today("default")
    await day_keys.check()
    path = folder / "default" / str(TODAY)
    path.rename(folder / "elsewhere")
    with pytest.raises(ConfigError, match=f"key_folder: the key file {path} is missing"):
        await DayKeys(folder, MASTER, database, clock).check()
    other = DayKeys(folder, MASTER, database, clock)
    with pytest.raises(StoreError, match="all nodes need the same key_folder"):
        await other.today("default")
    with pytest.raises(ConfigError, match="is not the one"):
        await other.check()


async def test_a_new_master_key_takes_over_at_a_start(
    day_keys: DayKeys, folder: Path, database: Database
) -> None:
    await day_keys.today("default")
    one = name()
    rotated = DayKeys(folder, Seal([b"n" * 32, b"m" * 32]), database)
    await rotated.check()
    alone = DayKeys(folder, Seal([b"n" * 32]), database)
    assert alone.of(one) == day_keys_of(rotated, one)
    with pytest.raises(StoreError, match="cannot be opened"):
        DayKeys(folder, MASTER, database).of(one)


def day_keys_of(of: DayKeys, one: str) -> bytes:
    return of.of(one)


def test_what_was_stored_without_a_key_has_none(day_keys: DayKeys) -> None:
    with pytest.raises(StoreError, match="without a key"):
        day_keys.of(keys.new_key("default", 5))


async def test_a_folder_that_cannot_be_made_is_a_store_error(tmp_path: Path, database: Database) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="cannot be made"):
        await DayKeys(tmp_path / "file" / "keys", MASTER, database).today("default")
