"""`sekisho backup` and `sekisho restore` on both databases, with a folder and a bucket; `sekisho upgrade --check`."""

import asyncio
import re
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest

from config.policy import ConfigError
from config.settings_file import load_settings
from gateway.command.cli import main
from gateway.command.operator import opened
from gateway.from_settings import sinks_of
from gateway.start.restored import ready_database
from gateway.upkeep import mark_heads
from mail.envelope import ForwardPath
from quarantine.item import Item, Outcome, Recipient, State, Status, new_id
from quarantine.store import Store
from storage import journal
from storage.backup import returning
from storage.database import dialect
from storage.day_keys import DayKeys
from storage.keys import day_of
from storage.seal import open_seal
from tests.services.postgres import Cluster, cluster
from tests.services.s3 import s3_server

pytestmark = [pytest.mark.system]
LARGE = 40_000
"""Bytes: more than a row of the database has."""


class Installation:
    def __init__(self, folder: Path, database: str = "", more: str = "") -> None:
        self.folder, self.file, self.url = folder, folder / "sekisho.toml", database
        self.write(database, more)
        (folder / "state").mkdir()

    def write(self, database: str, more: str = "") -> None:
        place = "" if "bucket" in more else 'folder = "backups"\n'
        self.file.write_text(
            f'state_dir = "state"\ndatabase = "{database}"\n[backup]\n{place}keys_mirror = "mirror"\n'
            f'departures = "left"\nkey_file = "backup.key"\n{more}'
        )

    @asynccontextmanager
    async def store(self) -> AsyncIterator[Store]:
        async with opened(load_settings(self.file)) as store:
            yield store

    async def mails(self, *delays: int) -> list[Item]:
        now, made = 1_800_000_000.0, []
        async with self.store() as store:
            for delay in delays:
                for size in (100, LARGE):
                    blob = await store.blobs.put([bytes([size % 251]) * size], "default")
                    to = (Recipient(ForwardPath("sato@client.example")),)
                    made.append(Item(
                        new_id(now), new_id(now), "default", "outbound", State.HELD, "taro@hinode.example", to, blob.key,
                        blob.size, blob.sha256, now, owner="taro", delay=delay,
                    ))  # fmt: skip
            return await store.put(made, now, "taro")

    async def leave(self) -> int:
        async with self.store() as store:
            items = await store.lease(1_800_000_000.0 + 100, 100, 60)
            for item in items:
                await store.finish(item, [Outcome(0, Status.DELIVERED, "250")], 1_800_000_000.0 + 101, None)
            return len(items)


@pytest.fixture(scope="module")
def postgres() -> Iterator[Cluster]:
    with cluster() as running:
        yield running


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> object:
    """Run a command on an installation; its status and what it printed."""

    def run(here: Installation, *arguments: str) -> tuple[int, str]:
        capsys.readouterr()
        status = main([*arguments, "--config", str(here.file)])
        told = capsys.readouterr()
        return status, told.out + told.err

    return run


async def said(say: object, here: Installation, *arguments: str) -> tuple[int, str]:
    return await asyncio.to_thread(say, here, *arguments)  # type: ignore[arg-type]


async def told(say: object, here: Installation, *arguments: str) -> str:
    status, text = await said(say, here, *arguments)
    assert status == 0, text
    return text


async def played(here: Installation, say: object) -> list[Item]:
    """Mail, a backup, and what happened since; the items that the backup has."""
    await told(say, here, "backup", "--new-key")
    items = await here.mails(50, 3600)
    assert "new: " in await told(say, here, "backup")
    second = await told(say, here, "backup")
    assert "whole" in await told(say, here, "backup", "--verify")
    assert len((await told(say, here, "backup", "--list")).splitlines()) == 2
    assert " 2 contents" in second
    assert await here.leave() == 2
    return items


async def checked(here: Installation, items: list[Item]) -> None:
    """What was held is there, and can be read; what had left has left."""
    async with here.store() as store:
        after = [await store.get(item.id, "default") for item in items]
        assert [item.state for item in after] == [State.DONE, State.DONE, State.HELD, State.HELD]
        for item in after[2:]:
            assert (await store.blobs.get(item.blob)).sha256() == item.sha256
        for chain in await journal.chains(store.database):
            assert await journal.verify(store.database, chain) is None
        assert len(await store.entries("default", event="restored")) == 1
    database = await ready_database(load_settings(here.file), "node1/cli")
    await database.close()


async def test_sqlite_and_a_folder(tmp_path: Path, say: object) -> None:
    here = Installation(tmp_path)
    status, text = await said(say, here, "backup")
    assert status == 2
    assert "--new-key" in text
    items = await played(here, say)
    for left in [*(tmp_path / "state").glob("sekisho.db*"), *(tmp_path / "state/spool/blobs").rglob("*-*")]:
        left.unlink()
    for left in (tmp_path / "state" / "keys").rglob("*"):
        if left.is_file():
            left.unlink()
    status, text = await said(say, here, "restore")
    assert status == 2
    assert "--keys" in text
    with_keys = ("restore", "--keys", str(tmp_path / "mirror"))
    text = await told(say, here, *with_keys)
    assert "4 in custody: 2 go on, 2 are known" in text
    assert "nothing was changed" in text
    assert not (tmp_path / "state" / "sekisho.db").exists()
    assert not (tmp_path / "state" / returning.WORK).exists()
    assert "2 contents are back" in await told(say, here, *with_keys, "--do")
    await checked(here, items)
    assert await here.leave() == 0
    text = await told(say, here, "journal", "verify")
    assert "BROKEN" not in text


async def test_a_bucket(tmp_path: Path, say: object) -> None:
    with s3_server() as server:
        (tmp_path / "secret").write_text("x")
        section = (
            f'[backup.bucket]\nbucket = "{server.bucket()}"\nendpoint = "{server.endpoint}"\naccess_key = "x"\n'
            'secret_key_file = "secret"\n'
        )
        here = Installation(tmp_path, more=section)
        items = await played(here, say)
        assert "aside" not in await told(say, here, "restore")
        assert "before-" in await told(say, here, "restore", "--do")
        await checked(here, items)


async def test_postgresql_by_its_own_tools(postgres: Cluster, tmp_path: Path, say: object) -> None:
    here = Installation(tmp_path, postgres.create())
    items = await played(here, say)
    assert "--scratch" in await told(say, here, "restore")
    scratch = await told(say, here, "restore", "--scratch", postgres.create())
    assert "4 in custody: 2 go on, 2 are known" in scratch
    status, text = await said(say, here, "restore", "--do")
    assert status == 2
    assert "not empty" in text
    # The server is lost; a restore into a new one that ended behind the dump keeps nodes from starting.
    here.write(url := postgres.create())
    assert await told(say, here, "restore", "--scratch", url)
    with pytest.raises(ConfigError, match="restore --do"):
        await ready_database(load_settings(here.file), "node1/cli")
    assert "2 are known" in await told(say, here, "restore", "--do")
    await checked(here, items)


async def test_heads_that_were_carried_away_show_the_restore(tmp_path: Path, say: object) -> None:
    here = Installation(tmp_path)
    here.file.write_text(here.file.read_text() + '[journal]\nheads_file = "heads"\n')
    await played(here, say)
    settings = load_settings(here.file)
    async with here.store() as store:
        seal = await open_seal(settings.seal_key, store.database)
        await mark_heads(Store(store.database, store.blobs, "node1"), seal, sinks_of(settings), 1.0)
    assert "BROKEN" not in await told(say, here, "journal", "verify", "--heads", str(tmp_path / "heads"))
    await told(say, here, "restore", "--do")
    text = await told(say, here, "journal", "verify", "--heads", str(tmp_path / "heads"))
    assert re.search(r"node1/cli: RESTORED on \S+ from \S+: entries \d+ to \d+ of before are lost", text)


async def test_a_backup_opens_nothing_that_was_erased_since(tmp_path: Path, say: object) -> None:
    here = Installation(tmp_path)
    items = await played(here, say)
    settings = load_settings(here.file)
    async with here.store() as store:
        seal = await open_seal(settings.seal_key, store.database)
        later = DayKeys(settings.keys, seal, store.database, lambda: 4e9)
        names = [item.blob for item in items]
        for name in names[:2]:
            await later.destroy("default", _day(name), {name}, names)
    await told(say, here, "backup")
    await told(say, here, "restore", "--do")
    async with here.store() as store:
        assert store.database
        for item in items[:2]:
            with pytest.raises(Exception, match="erased"):
                await store.blobs.get(item.blob)
        for item in items[2:]:
            assert await store.blobs.get(item.blob)
    octets = b"".join(path.read_bytes() for path in (tmp_path / "backups").rglob("*") if path.is_file())
    for secret in (b"sato@client.example", b"taro", (tmp_path / "state/seal.key").read_bytes().strip()[:64]):
        assert secret not in octets


def _day(name: str) -> int:
    day = day_of(name)
    assert day is not None
    return day


async def test_an_upgrade_is_looked_at_and_nothing_is_changed(tmp_path: Path, say: object) -> None:
    here = Installation(tmp_path)
    await here.mails(50)
    status, text = await said(say, here, "upgrade", "--check")
    assert status == 1
    assert "no migration would run" in text
    assert "STOP: there is no backup" in text
    await told(say, here, "backup", "--new-key")
    await told(say, here, "backup")
    status, text = await said(say, here, "upgrade", "--check")
    assert "0.0 hours old" in text
    file = tmp_path / "state" / "sekisho.db"
    with closing(sqlite3.connect(file)) as database:
        database.execute("DELETE FROM schema_version WHERE number = 237")
        database.execute("INSERT INTO schema_version VALUES (9999, '9999_later.sql')")
        database.commit()
    status, text = await said(say, here, "upgrade", "--check")
    assert status == 1
    assert "would run: 0237_upstream.sql" in text
    assert "nodes of the version before cannot run beside" in text
    assert "STOP: 9999_later.sql" in text
    connection = dialect(f"sqlite:///{file}").connect(readonly=True)
    (row,) = connection.begin().execute("SELECT COUNT(*) AS n FROM schema_version WHERE number = 237")
    connection.close()
    assert row["n"] == 0
