"""Making a backup beside a node that runs, and proving that one can be read.

The database is copied first, then the contents that lie beside it: what the copy names was stored before it was named, and
stays until its mail has ended. The list of all comes last: a backup that was ended in the middle is none, and the next
one finds its pieces.
"""

import asyncio
import mmap
import secrets
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Protocol

import msgspec

from storage.backup import manifest as manifests
from storage.backup.databases import SQLITE, copied, kind_of, looked_at, written
from storage.backup.manifest import CONTENT, PIECE, Manifest
from storage.backup.places import Bucket, Folder
from storage.backup.sealing import BackupKeys, DamagedBackup
from storage.interfaces import StoreError
from storage.keys import day_of

SCRATCH = "backup.copy"
"""In the state directory: the copy of the database, as long as it is read; with an end of its own for each."""


class AtRest(Protocol):
    """A store of contents as they lie at rest (storage/spool.py, storage/s3.py)."""

    def keys(self) -> AsyncIterator[list[str]]: ...

    async def kept(self, key: str) -> memoryview: ...

    async def put_kept(self, key: str, data: bytes) -> None: ...


class BackupSource(msgspec.Struct, frozen=True):
    """What is copied. `heads`, `schema`: of a PostgreSQL database; of SQLite's they are read from the copy."""

    url: str
    password: str
    blobs: AtRest
    scratch: Path
    node: str
    program: str
    heads: dict[str, tuple[int, str]] = {}
    schema: tuple[int, ...] = ()


class Taken(msgspec.Struct, frozen=True):
    """A backup that was made; `pieces`, `octets`: what was new of it; `gone`: backups that went for it."""

    manifest: Manifest
    pieces: int
    octets: int
    gone: int = 0


async def take(
    source: BackupSource, place: Folder | Bucket, keys: BackupKeys, clock: Callable[[], float], keep: int = 0
) -> Taken:
    """Make a backup; `keep` the newest so many then (0: all). Raises StoreError; then there is none."""
    await asyncio.to_thread(place.begin)
    try:
        at = clock()
        before = await asyncio.to_thread(_latest, place, keys)
        for left in source.scratch.glob(f"{SCRATCH}*"):  # whose pg_dump may still write to it
            left.unlink()
        copy = source.scratch / f"{SCRATCH}.{secrets.token_hex(8)}"
        try:
            await asyncio.to_thread(copied, source.url, source.password, copy)
            heads, schema = source.heads, source.schema
            if kind_of(source.url) == SQLITE:
                heads, schema = await asyncio.to_thread(looked_at, copy)
            size, put = await asyncio.to_thread(_put_file, copy, place, keys)
        finally:
            copy.unlink(missing_ok=True)
        database = tuple(name for name, _ in put)
        contents: dict[str, tuple[str, ...]] = {}
        async for page in source.blobs.keys():
            for key in page:
                known = before.contents.get(key, ()) if before else ()
                if known and all(place.has(f"objects/{name}") for name in known):
                    contents[key] = known
                    continue
                try:
                    data = await source.blobs.kept(key)
                except StoreError:
                    continue  # its mail has ended meanwhile; a live one's content is missed by `verify`
                new = await asyncio.to_thread(_put, data, place, keys, CONTENT, press=day_of(key) is None)
                contents[key] = tuple(name for name, _ in new)
                put += new
        manifest = Manifest(
            manifests.new_id(at), at, source.node, source.program, schema, kind_of(source.url), size, database, contents, heads,
        )  # fmt: skip
        await asyncio.to_thread(manifests.write, place, keys, manifest)
        gone, _ = await asyncio.to_thread(manifests.prune, place, keys, keep) if keep else (0, 0)
        return Taken(manifest, sum(new > 0 for _, new in put), sum(new for _, new in put), gone)
    finally:
        await asyncio.to_thread(place.end)


def _latest(place: Folder | Bucket, keys: BackupKeys) -> Manifest | None:
    there = manifests.ids(place)
    return manifests.read(place, keys, there[-1]) if there else None


def _put_file(file: Path, place: Folder | Bucket, keys: BackupKeys) -> tuple[int, list[tuple[str, int]]]:
    size = file.stat().st_size
    with file.open("rb") as opened:
        if not size:
            raise StoreError("the copy of the database is empty")
        with mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as data, memoryview(data) as view:
            return size, _put(view, place, keys, PIECE, press=True)


def _put(
    data: memoryview, place: Folder | Bucket, keys: BackupKeys, size: int, *, press: bool
) -> list[tuple[str, int]]:
    return list(manifests.put(place, keys, data, size, press=press))


def verify(place: Folder | Bucket, keys: BackupKeys, id: str, scratch: Path) -> Manifest:
    """Read all of a backup, and SQLite's database as one; blocks. Raises DamagedBackup, StoreError."""
    manifest = manifests.read(place, keys, id)
    copy = scratch / f"{SCRATCH}.{secrets.token_hex(8)}"
    try:
        written(manifests.get(place, keys, manifest.database), copy)
        if copy.stat().st_size != manifest.size:
            raise DamagedBackup(f"{id}: the database has another size")
        if manifest.kind == SQLITE:
            heads, schema = looked_at(copy)
            if (heads, schema) != (manifest.heads, manifest.schema):
                raise DamagedBackup(f"{id}: the database is not the one that was copied")
    finally:
        copy.unlink(missing_ok=True)
    for names in manifest.contents.values():
        for _ in manifests.get(place, keys, names):
            pass
    return manifest
