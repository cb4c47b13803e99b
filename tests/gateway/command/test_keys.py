"""`sekisho keys`: a new master key, everything under it, the end of the older ones; and an end in the middle of each step."""

import argparse
import asyncio
import itertools
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from config.policy import ConfigError
from config.settings import Settings
from config.settings_file import load_settings
from directory.vault import Vault
from gateway.command import keys
from gateway.command.cli import main
from gateway.command.operator import opened, verify
from gateway.start.claims import LOCK
from quarantine.item import Item
from storage import journal
from storage.claim import FileClaim
from storage.day_keys import DayKeys
from storage.day_seal import DaySeal
from storage.seal import Seal, SealError, add_key, is_forgetting, open_seal, read_keys
from tests.gateway.command.test_cli import configured
from tests.quarantine.items import item
from tests.services.node import settings_of

WORD = "kN7%vRq2wLx9#Tz"


def said(action: str, *, prepare: bool = False) -> argparse.Namespace:
    return argparse.Namespace(action=action, prepare=prepare)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "state").mkdir()
    return settings_of(tmp_path, 9)


async def furnished(settings: Settings) -> Item:
    """A node's state in which each kind of thing lies under the master key, some of it as earlier versions left it."""
    async with opened(settings) as store:
        seal = await open_seal(settings.seal_key, store.database)
        older = DaySeal(seal)
        await Vault(store.database, older, lambda tenant: 0.0).add(
            "default", "a.example", WORD, note="n", by="admin"
        )
        blob = await store.blobs.put([b"what it said"], "default")
        secret = older.seal(WORD.encode(), b"m1", "")
        one = item(blob=blob.key, mail_id="m1", secret=secret, accepted_at=1.0, delay=99)
        await store.put([one], 1.0, "test")
        ground = {"tenant": "default", "name": "g", "began": 1.0, "looking": "{}"}
        ground |= {"sealed": seal.seal(b"k" * 32, b"rehearsal default g")}  # type: ignore[dict-item]
        statement = "INSERT INTO rehearsal_ground (tenant, name, began, sealed, looking) VALUES (:tenant, :name, :began, :sealed, :looking)"
        await store.database.write(lambda t: t.execute(statement, ground))
        await journal.checkpoint(store.database, store.node, 2.0, seal.mark)
        return msgspec.structs.replace(one, secret=secret)


async def is_sound(settings: Settings, one: Item) -> None:
    """All of it opens, by what a start would find."""
    async with opened(settings) as store:
        seal = await open_seal(settings.seal_key, store.database)
        day_keys = DayKeys(settings.keys, seal, store.database)
        await day_keys.check()
        secrets = DaySeal(seal, day_keys)
        found = await Vault(store.database, secrets, lambda tenant: 0.0).find(
            "default", ["x@a.example"], use=False
        )
        assert found == {"x@a.example": (WORD, "domain")}
        assert bytes(await store.blobs.get(one.blob)) == b"what it said"
        kept = await store.get(one.id, "default")
        assert secrets.open(kept.secret, b"m1") == WORD.encode()
        rows = await store.database.read(lambda t: t.execute("SELECT sealed FROM rehearsal_ground"))
        assert seal.open(bytes(rows[0]["sealed"]), b"rehearsal default g") == b"k" * 32
        for chain in await journal.chains(store.database):
            assert await journal.verify(store.database, chain, proves=seal.is_mark) is None
    assert stat.S_IMODE(settings.seal_key.stat().st_mode) == 0o600


async def test_a_new_key_and_the_end_of_the_older_ones(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    one = await furnished(settings)
    (first,) = read_keys(settings.seal_key)
    with settings.seal_key.open("rb") as before:
        assert await keys.run(settings, said("rotate")) == 0
        assert not any(before.read()), "the old file's octets are overwritten"
    second, older = read_keys(settings.seal_key)
    assert older == first != second
    await is_sound(settings, one)
    capsys.readouterr()
    assert await keys.run(settings, said("status")) == 0
    told = capsys.readouterr().out
    assert told.count("current") == 1
    for what in (
        "1 agreed passphrases",
        "1 generated passphrases",
        "1 keys of rehearsals",
        "marks of the journal",
    ):
        assert what in told
    assert await keys.run(settings, said("retire")) == 0
    assert read_keys(settings.seal_key) == [second]
    await is_sound(settings, one)
    assert await verify(settings) == 0
    assert sorted(path.name for path in settings.seal_key.parent.glob("seal.key*")) == ["seal.key"]
    with pytest.raises(SealError):
        Seal([first]).open(
            (settings.keys / "default" / next(iter(os.listdir(settings.keys / "default")))).read_bytes(), b""
        )
    capsys.readouterr()
    await keys.run(settings, said("status"))
    assert "older" not in capsys.readouterr().out


async def test_several_nodes_have_the_key_before_one_seals_with_it(settings: Settings) -> None:
    one = await furnished(settings)
    (first,) = read_keys(settings.seal_key)
    await keys.run(settings, said("rotate", prepare=True))
    assert read_keys(settings.seal_key)[0] == first
    prepared = read_keys(settings.seal_key)[1]
    await is_sound(settings, one)
    await keys.run(settings, said("rotate"))
    assert read_keys(settings.seal_key) == [prepared, first]
    await is_sound(settings, one)
    await keys.run(settings, said("rotate"))
    assert len(read_keys(settings.seal_key)) == 3, "none was prepared: a new one"
    await is_sound(settings, one)


class Killed(BaseException):
    """As a process that is killed: nothing runs behind it but what the system does."""


def killing(patch: pytest.MonkeyPatch, number: int) -> Callable[[], int]:
    """End at the `number`th change of a file; how many there were."""
    count = itertools.count(1)
    seen = [0]

    def dying(of: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            seen[0] = next(count)
            if seen[0] == number:
                raise Killed
            return of(*arguments, **named)

        return call

    for name in ("write", "pwrite", "fsync", "link", "rename"):
        patch.setattr(os, name, dying(getattr(os, name)))
    patch.setattr(Path, "unlink", dying(Path.unlink))
    return lambda: seen[0]


@pytest.mark.parametrize("action", ["rotate", "retire"])
async def test_an_end_at_any_change_of_a_file_loses_nothing(
    settings: Settings, action: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = await furnished(settings)
    for number in range(1, 100):
        if action == "retire":
            await asyncio.to_thread(add_key, settings.seal_key)
        with monkeypatch.context() as patch:
            happened = killing(patch, number)
            try:
                await keys.run(settings, said(action))
            except Killed:
                ended = True
            else:
                ended = False
            assert happened()
        await is_sound(settings, one)
        if not ended:
            break
    else:
        pytest.fail("it never came to its end")
    assert number > 5
    assert await keys.run(settings, said("retire")) == 0
    assert len(read_keys(settings.seal_key)) == 1
    await is_sound(settings, one)


async def test_a_key_whose_end_was_not_finished_never_becomes_the_current_one(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database knows it no more then, as it knows none yet that is prepared."""
    one = await furnished(settings)
    for number in range(1, 100):
        before = read_keys(settings.seal_key)
        await asyncio.to_thread(add_key, settings.seal_key)
        with monkeypatch.context() as patch:
            killing(patch, number)
            try:
                await keys.run(settings, said("retire"))
            except Killed:
                ended = True
            else:
                ended = False
        if ended and len(read_keys(settings.seal_key)) > 1 and is_forgetting(settings.seal_key):
            with pytest.raises(ConfigError, match="say it again"):
                await keys.run(settings, said("rotate", prepare=True))
        assert await keys.run(settings, said("rotate")) == 0
        current = read_keys(settings.seal_key)[0]
        assert current not in before, number
        if number % 2:
            await keys.run(settings, said("retire"))
            await keys.run(settings, said("rotate", prepare=True))
            prepared = read_keys(settings.seal_key)[-1]
            await keys.run(settings, said("rotate"))
            assert read_keys(settings.seal_key) == [prepared, current], "a note of before is in nobody's way"
            current = prepared
        await is_sound(settings, one)
        assert await keys.run(settings, said("retire")) == 0
        assert read_keys(settings.seal_key) == [current]
        if not ended:
            break
    else:
        pytest.fail("it never came to its end")


async def test_what_cannot_be_taken_over_keeps_its_key(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    one = await furnished(settings)
    damaged = "UPDATE partner_passphrases SET sealed = 'AAAA'"
    async with opened(settings) as store:
        await store.database.write(lambda t: t.execute(damaged))
    await keys.run(settings, said("rotate"))
    assert await keys.run(settings, said("retire")) == 1
    assert "1 agreed passphrases are left" in capsys.readouterr().out
    assert len(read_keys(settings.seal_key)) == 2
    assert one.blob


async def test_a_key_that_is_lost_is_said_at_once(settings: Settings) -> None:
    await furnished(settings)
    settings.seal_key.write_text("ab" * 32 + "\n")
    with pytest.raises(
        ConfigError, match=r"seal\.key does not hold the key [0-9a-f]{8}, with which secrets were"
    ):
        await keys.run(settings, said("rotate"))


async def test_a_node_that_runs_is_stopped_first(settings: Settings) -> None:
    await furnished(settings)
    claim = FileClaim(settings.state_dir / LOCK)
    await asyncio.to_thread(claim.take)
    try:
        with pytest.raises(ConfigError, match="a node runs here"):
            await keys.run(settings, said("retire"))
    finally:
        claim.release()


async def test_what_systemd_hands_over_is_not_ours_to_write(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await furnished(settings)
    credentials = tmp_path / "credentials"
    credentials.mkdir()
    settings.seal_key.rename(credentials / "seal.key")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(credentials))
    assert await keys.run(settings, said("status")) == 0, "it is read from there"
    with pytest.raises(ConfigError, match="LoadCredential="):
        await keys.run(settings, said("rotate"))


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = configured(tmp_path)
    config = ["--config", str(file)]
    assert main(["keys", "status", *config]) == 2
    assert "no node has run here yet" in capsys.readouterr().err
    settings = load_settings(file)
    settings.state_dir.mkdir()
    asyncio.run(furnished(settings))
    assert main(["keys", "status", *config]) == 0
    assert "  current\n" in capsys.readouterr().out
    assert main(["keys", "rotate", *config]) == 0
    assert "has a new current key" in capsys.readouterr().out
    assert main(["keys", "retire", *config]) == 0
    assert "has one key" in capsys.readouterr().out
