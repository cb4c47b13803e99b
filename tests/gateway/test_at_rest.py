"""T43: what a mail said is nowhere on the disk or in the bucket in clear, ever; when it is erased, no copy can be opened any
more.

A real node on a file system in an image of its own, which is read octet by octet: database, write-ahead log, spool, drafts,
keys. Needs root, for the loop device. One with a bucket, of which a backup is taken, and restored beside the keys of then. And one
with PostgreSQL, whose data directory is read, with its log.
"""

import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import obstore
import psycopg
import pytest
from obstore.store import S3Store

from directory.vault import Vault
from gateway.rounds.erasing_rounds import ErasingRounds
from quarantine.item import Event, State
from quarantine.rights import Actor
from quarantine.store import Query
from storage.contents import SMALL, Contents
from storage.database import open_database
from storage.day_keys import DAY, DayKeys, Erased
from storage.day_seal import DaySeal
from storage.draft import IN_MEMORY
from storage.keys import random_of
from storage.s3 import S3Blobs
from storage.seal import SealError
from tests.gateway.test_app import SATO, TARO, mail
from tests.services.node import site
from tests.services.postgres import Cluster, cluster, unavailable
from tests.services.s3 import S3, s3_server

pytestmark = [pytest.mark.system]
SIZES = (200, SMALL + 1_000, IN_MEMORY * 20)
"""Octets of text: a row, a file, and one that arrives in pieces."""


class Disk:
    """A file system in an image."""

    def __init__(self, image: Path, place: Path) -> None:
        self.image, self.place = image, place

    def holds(self, *wanted: bytes) -> list[bytes]:
        """Those of the texts that are anywhere on it: in a file or where one was."""
        subprocess.run(["sync", "-f", str(self.place)], check=True)
        raw = self.image.read_bytes()
        return [text for text in wanted if text in raw]


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    image, place = tmp_path / "image", tmp_path / "disk"
    place.mkdir()
    if shutil.which("mkfs.ext4") is None:
        unavailable("there is no mkfs.ext4 (e2fsprogs)")
    with image.open("wb") as file:
        file.truncate(192 << 20)
    subprocess.run(["mkfs.ext4", "-q", str(image)], check=True)
    done = subprocess.run(["mount", "-o", "loop", str(image), str(place)], capture_output=True, check=False)
    if done.returncode:
        pytest.skip(f"no loop device may be mounted here: {done.stderr.decode().strip()}")
    try:
        yield Disk(image, place)
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def told(number: int, size: int) -> tuple[str, bytes]:
    """A text, and the words by which it is found again."""
    line = f"zq{number}wvx kuroshio yamabiko {number}\n"
    return line * (size // len(line) + 1), line.strip().encode()


async def test_nothing_of_a_mail_is_on_the_disk_and_no_copy_opens_after_its_end(
    disk: Disk, tmp_path: Path
) -> None:
    state = disk.place / "state"
    texts = [told(number, size) for number, size in enumerate(SIZES)]
    async with site(tmp_path, state_dir=state) as here:
        node = here.node
        for text, _ in texts:
            code, answer = await here.send(TARO, [SATO], mail(SATO, text))
            assert code == 250, answer
        items = await node.store.find(Query("default", state=(State.HELD,)))
        assert len(items) == len(SIZES)
        words = [word for _, word in texts]
        assert disk.holds(*words) == []
        (state / "canary").write_bytes(words[0])
        assert disk.holds(*words) == [words[0]], "or this test sees nothing"
        for item in items:
            assert len(bytes(await node.store.blobs.get(item.blob))) == item.size

        (key_file,) = (state / "keys" / "default").iterdir()
        key = key_file.read_bytes()
        assert disk.holds(key) == [key]
        backup = {
            path: path.read_bytes() for path in (state / "spool" / "blobs").rglob("*") if path.is_file()
        }
        assert len(backup) == len([size for size in SIZES if size > SMALL])
        first, *others = items
        await node.store.change(first.id, Event.RECALL, Actor("taro", tenant="default"), node.clock())
        later = node.clock() + 2 * DAY
        day_keys = DayKeys(node.settings.keys, node.seal, node.store.database, lambda: later)
        rounds = ErasingRounds(
            node.settings.retention, node.store, node.vault, day_keys, lambda: later, node.seal, node.people
        )
        assert await rounds.erase() == 1
        assert disk.holds(key, *words[1:]) == []
        for path, octets in backup.items():
            path.write_bytes(octets)
        with pytest.raises(Erased):
            await node.store.blobs.large.get(first.blob)
        for item in others:
            assert len(bytes(await node.store.blobs.get(item.blob))) == item.size
        entries = await node.store.entries("default", item=first.id)
        assert entries[-1].event == "erased"
    assert random_of(first.blob)


class DataDirectory:
    """What a PostgreSQL server has on the disk: tables, its log, what sorts left behind."""

    def __init__(self, server: Cluster, url: str) -> None:
        self._data, self._url = server.data, url

    def holds(self, *wanted: bytes) -> list[bytes]:
        """Those of the texts that are in any of its files."""
        with psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute("CHECKPOINT")
        found = set()
        for path in self._data.rglob("*"):
            if path.is_file():
                octets = path.read_bytes()
                found |= {text for text in wanted if text in octets}
        return [text for text in wanted if text in found]

    def run(self, statement: bytes, *values: object) -> list[tuple[Any, ...]]:
        with psycopg.connect(self._url, autocommit=True) as connection:
            cursor = connection.execute(statement, values)
            return cursor.fetchall() if cursor.description else []


@pytest.fixture(scope="module")
def postgres() -> Iterator[Cluster]:
    with cluster() as running:
        yield running


async def test_nothing_of_a_mail_is_in_the_files_of_postgresql(postgres: Cluster, tmp_path: Path) -> None:
    """Nor the key that was destroyed. What the server itself keeps of a row that was deleted opens nothing."""
    url = postgres.current()
    disk = DataDirectory(postgres, url)
    texts = [told(number, size) for number, size in enumerate(SIZES[:2])]
    words = [word for _, word in texts]
    async with site(tmp_path, database=url) as here:
        node, state = here.node, here.node.settings.state_dir
        for text, _ in texts:
            code, answer = await here.send(TARO, [SATO], mail(SATO, text))
            assert code == 250, answer
        first, other = await node.store.find(Query("default", state=(State.HELD,), order="oldest"))
        ((sealed,),) = disk.run(b"SELECT data FROM content WHERE key = %s", first.blob)
        (key_file,) = (state / "keys" / "default").iterdir()
        key = key_file.read_bytes()
        assert disk.holds(*words, key) == []
        assert disk.holds(bytes(sealed)[:64]) == [bytes(sealed)[:64]], "or this test sees nothing"
        await node.store.change(first.id, Event.RECALL, Actor("taro", tenant="default"), node.clock())
        later = node.clock() + 2 * DAY
        day_keys = DayKeys(node.settings.keys, node.seal, node.store.database, lambda: later)
        rounds = ErasingRounds(
            node.settings.retention, node.store, node.vault, day_keys, lambda: later, node.seal, node.people
        )
        assert await rounds.erase() == 1
        assert disk.run(b"SELECT data FROM content WHERE key = %s", first.blob) == []
        assert disk.holds(*words, key) == []
        assert not [path for path in state.rglob("*") if path.is_file() and key in path.read_bytes()]
        disk.run(
            b"INSERT INTO content (key, tenant, data) VALUES (%s, 'default', %s)", first.blob, bytes(sealed)
        )  # from a page of then
        node.store.blobs._forget(first.blob)
        with pytest.raises(Erased):
            await node.store.blobs.get(first.blob)
        assert words[1] in bytes(await node.store.blobs.get(other.blob))
        (entry,) = [e for e in await node.store.entries("default", item=first.id) if e.event == "erased"]
        assert entry.detail["contents"] >= 1


class Bucket:
    """What an S3 server has of a bucket, octet by octet."""

    def __init__(self, server: S3) -> None:
        self.endpoint, self.name = server.endpoint, server.bucket()
        self._store = S3Store(
            self.name,
            config={
                "endpoint": server.endpoint,
                "access_key_id": "x",
                "secret_access_key": "x",
                "region": "us-east-1",
            },
            client_options={"allow_http": True},
        )

    def all(self) -> dict[str, bytes]:
        return {
            each["path"]: bytes(obstore.get(self._store, each["path"]).bytes())
            for page in obstore.list(self._store)
            for each in page
        }

    def put(self, objects: dict[str, bytes]) -> None:
        for path, octets in objects.items():
            obstore.put(self._store, path, octets)


@pytest.fixture(scope="module")
def server() -> Iterator[S3]:
    with s3_server() as running:
        yield running


async def test_a_backup_of_bucket_and_database_opens_nothing_that_was_erased(
    server: S3, tmp_path: Path
) -> None:
    """The backup is taken while all is there: the objects, the database by SQLite's own backup, and its files as they lie."""
    bucket, secret = Bucket(server), tmp_path / "secret"
    secret.write_text("x")
    s3 = {"bucket": bucket.name, "endpoint": server.endpoint, "access_key": "x", "secret_key_file": secret}
    texts = [told(number, size) for number, size in enumerate(SIZES)] + [told(7, SIZES[1])]
    words, agreed = [word for _, word in texts], "kN7%vRq2wLx9#Tz"
    backup = tmp_path / "backup"
    backup.mkdir()
    async with site(tmp_path, s3=s3) as here:
        node, state = here.node, here.node.settings.state_dir
        for text, _ in texts:
            code, answer = await here.send(TARO, [SATO], mail(SATO, text))
            assert code == 250, answer
        kept = await node.vault.add("default", "client.example", agreed, note="by telephone", by="admin")
        for name in ("sekisho.db", "sekisho.db-wal", "sekisho.db-shm"):
            (backup / name).write_bytes((state / name).read_bytes())
        with sqlite3.connect(state / "sekisho.db") as live, sqlite3.connect(backup / "whole.db") as copy:
            live.backup(copy)
        objects = bucket.all()
        bucket.put({"canary": words[0]})
        octets = [*bucket.all().values(), *(path.read_bytes() for path in backup.iterdir())]
        found = [word for word in [*words, agreed.encode()] if any(word in each for each in octets)]
        assert found == [words[0]], "the canary, or this test sees nothing"
        assert len(objects) == len([text for text, _ in texts if len(text) > SMALL])

        items = await node.store.find(Query("default", state=(State.HELD,), order="oldest"))
        gone, stays = items[:-1], items[-1]
        for item in gone:
            await node.store.change(item.id, Event.RECALL, Actor("taro", tenant="default"), node.clock())
        await node.vault.remove("default", kept.id)
        later = node.clock() + 2 * DAY
        day_keys = DayKeys(node.settings.keys, node.seal, node.store.database, lambda: later)
        rounds = ErasingRounds(
            node.settings.retention, node.store, node.vault, day_keys, lambda: later, node.seal, node.people
        )
        assert await rounds.erase() == len(gone) + 1
        assert len(bucket.all()) == 1 + 1, "what stays, and the canary"
        seal, keys = node.seal, node.settings.keys
    bucket.put(objects)
    for name in ("sekisho.db", "whole.db"):
        database = open_database(f"sqlite:///{backup / name}")
        restored = DayKeys(keys, seal, database)
        await restored.check()
        drafts = S3Blobs(
            bucket.name, tmp_path / name[:-3], endpoint=server.endpoint, access_key="x", secret_key="x",
            day_keys=restored,
        )  # fmt: skip
        blobs = Contents(database, drafts, restored)
        for item in gone:
            with pytest.raises(Erased):
                await blobs.get(item.blob)
        assert words[3] in bytes(await blobs.get(stays.blob))
        vault = Vault(database, DaySeal(seal, restored), lambda tenant: 0.0)
        assert [a.id for a in await vault.all("default")] == [kept.id], "its row is there again"
        with pytest.raises(SealError, match="was erased"):
            await vault.find("default", ["x@client.example"], use=False)
        await blobs.close()
        await database.close()
