"""Sealing: bound to its place and its key; a wrong or missing key shows at start."""

import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from config.policy import ConfigError
from storage.database import open_database
from storage.interfaces import Database
from storage.seal import Seal, SealError, add_key, open_seal, read_keys
from tests.services import databases

ONE, TWO = b"1" * 32, b"2" * 32


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = open_database(databases.sqlite(tmp_path / "db"))
    yield opened
    await opened.close()


def test_what_was_sealed_opens_in_its_place_only() -> None:
    seal = Seal([ONE])
    sealed = seal.seal(b"passphrase", b"item 1")
    assert b"passphrase" not in sealed
    assert sealed != seal.seal(b"passphrase", b"item 1")
    assert seal.open(sealed, b"item 1") == b"passphrase"
    with pytest.raises(SealError):
        seal.open(sealed, b"item 2")


def test_every_changed_or_missing_byte_is_noticed() -> None:
    seal = Seal([ONE])
    sealed = seal.seal(b"x", b"")
    for n in range(len(sealed)):
        with pytest.raises(SealError):
            seal.open(sealed[:n] + bytes([sealed[n] ^ 1]) + sealed[n + 1 :], b"")
        with pytest.raises(SealError):
            seal.open(sealed[:n], b"")


def test_rotation_keeps_what_was_sealed_before() -> None:
    sealed = Seal([ONE]).seal(b"old", b"")
    rotated = Seal([TWO, ONE])
    assert rotated.open(sealed, b"") == b"old"
    with pytest.raises(SealError):
        Seal([ONE]).open(rotated.seal(b"new", b""), b"")
    assert Seal([ONE]).mark(b"a") != rotated.mark(b"a")


def test_it_does_not_show_its_keys() -> None:
    assert ONE.hex() not in repr(Seal([ONE]))
    assert "111" not in repr(Seal([ONE]))


async def test_the_first_start_makes_a_key_that_only_we_can_read(tmp_path: Path, database: Database) -> None:
    path = tmp_path / "seal.key"
    seal = await open_seal(path, database)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    again = await open_seal(path, database)
    assert again.open(seal.seal(b"x", b""), b"") == b"x"


async def test_a_missing_or_wrong_key_stops_the_start(tmp_path: Path, database: Database) -> None:
    path = tmp_path / "seal.key"
    await open_seal(path, database)
    text = path.read_text()
    path.unlink()
    with pytest.raises(ConfigError, match="cannot be read"):
        await open_seal(path, database)
    assert not path.exists(), "no new key for a database that has another"
    add_key(path)
    with pytest.raises(ConfigError, match="does not hold the key"):
        await open_seal(path, database)
    path.write_text(path.read_text() + text)
    assert len((await open_seal(path, database)).key_ids) == 2
    path.write_text(path.read_text().splitlines()[0])
    with pytest.raises(ConfigError):
        await open_seal(path, database)


async def test_a_new_key_is_added_in_front(tmp_path: Path, database: Database) -> None:
    path = tmp_path / "seal.key"
    sealed = (await open_seal(path, database)).seal(b"x", b"")
    add_key(path)
    seal = await open_seal(path, database)
    assert len(seal.key_ids) == 2
    assert seal.open(sealed, b"") == b"x"
    assert seal.seal(b"y", b"")[1:5].hex() == seal.key_ids[0]


@pytest.mark.parametrize("text", ["", "xyz", "ab" * 31, "é"])
def test_a_file_that_is_no_key_file_is_refused_without_showing_it(tmp_path: Path, text: str) -> None:
    path = tmp_path / "k"
    path.touch(0o600)
    path.write_text(text)
    with pytest.raises(ConfigError) as raised:
        read_keys(path)
    assert not text or text not in str(raised.value).replace(str(path), "")


def test_a_key_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "k"
    path.write_text(ONE.hex())
    path.chmod(0o640)
    with pytest.raises(ConfigError, match="0600"):
        read_keys(path)
