"""The mirror of the key folder: what is destroyed in one is destroyed in the other."""

from pathlib import Path

import pytest

from storage.backup.mirror import brought_back, mirrored
from storage.database import open_database
from storage.day_keys import DAY, DayKeys, Erased
from storage.interfaces import StoreError
from storage.keys import new_key
from storage.seal import add_key, open_seal


async def test_a_key_that_is_destroyed_goes_from_the_mirror_too(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'db'}")
    seal = await open_seal(tmp_path / "seal.key", database)
    now = 1_800_000_000.0
    keys = DayKeys(tmp_path / "keys", seal, database, lambda: now)
    day = await keys.today("default")
    gone, stays = new_key("default", 1, day), new_key("default", 2, day)
    assert mirrored(tmp_path / "keys", tmp_path / "mirror") == 1
    assert mirrored(tmp_path / "keys", tmp_path / "mirror") == 0
    file = tmp_path / "mirror" / "default" / str(day)
    before = file.read_bytes()
    now += 2 * DAY
    key = keys.of(stays)
    await keys.destroy("default", day, {gone}, [gone, stays])
    other = DayKeys(tmp_path / "mirror", seal, database)
    assert other.of(gone)
    assert mirrored(tmp_path / "keys", tmp_path / "mirror") == 1
    assert before not in {each.read_bytes() for each in (tmp_path / "mirror").rglob("*") if each.is_file()}
    with pytest.raises(Erased):
        other.of(gone)
    assert other.of(stays) == key
    # The folder is lost: what is in the mirror comes back, and nothing takes the place of what is there.
    assert brought_back(tmp_path / "mirror", tmp_path / "new") == 1
    file.write_bytes(b"another")
    assert brought_back(tmp_path / "mirror", tmp_path / "new") == 0
    assert DayKeys(tmp_path / "new", seal, database).of(stays) == key
    await database.close()


def test_a_folder_that_is_not_there_takes_nothing_from_the_mirror(tmp_path: Path) -> None:
    add_key(tmp_path / "key")
    (tmp_path / "mirror" / "default").mkdir(parents=True)
    (tmp_path / "mirror" / "default" / "20000").write_bytes(b"kept")
    assert mirrored(tmp_path / "keys", tmp_path / "mirror") == 0
    assert (tmp_path / "mirror" / "default" / "20000").read_bytes() == b"kept"


def test_a_mirror_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "keys" / "default").mkdir(parents=True)
    (tmp_path / "keys" / "default" / "20000").write_bytes(b"key")
    (tmp_path / "mirror").write_bytes(b"a file")
    with pytest.raises(StoreError, match="mirrored"):
        mirrored(tmp_path / "keys", tmp_path / "mirror")
