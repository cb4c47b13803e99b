"""`sekisho backup`: make a backup beside the node that runs, prove one, list them (docs/howto/backup.md)."""

import argparse
import asyncio
import time
from datetime import UTC, datetime
from pathlib import Path

from config.policy import ConfigError
from config.secret_file import secret_of
from config.settings import Settings
from config.tenant import DEFAULT
from gateway.command.operator import opened, ran
from gateway.command.trouble import version
from gateway.from_settings import database_password, large_blobs_of
from quarantine.events import JournalEvent
from quarantine.item import Entry
from quarantine.rights import SystemPart
from storage import journal
from storage.backup import manifest as manifests
from storage.backup import noted
from storage.backup.databases import POSTGRES, kind_of
from storage.backup.manifest import Manifest
from storage.backup.mirror import mirrored
from storage.backup.places import Bucket, Folder
from storage.backup.sealing import BackupKeys
from storage.backup.taking import BackupSource, Taken, take, verify
from storage.departures import told_in
from storage.migrations import seen
from storage.seal import add_key, read_keys


def arguments(command: argparse.ArgumentParser) -> None:
    """What may stand behind `sekisho backup`."""
    what = command.add_mutually_exclusive_group()
    what.add_argument("--verify", action="store_true", help="read all of a backup, and its database as one")
    what.add_argument("--list", action="store_true", help="list the backups that there are")
    what.add_argument(
        "--new-key", action="store_true", help="make the key of the backups; keep a copy elsewhere"
    )
    command.add_argument("--backup", default="", metavar="ID", help="with --verify: which one (the newest)")
    command.add_argument("--keep", type=int, default=0, help="how many are kept (backup.keep)")


async def run(settings: Settings, options: argparse.Namespace) -> int:
    """Do what was said. Raises ConfigError where something is missing for it, StoreError where it failed."""
    if options.new_key:
        return _new_key(settings.backup_key)
    place, keys = backups_of(settings), keys_of(settings)
    if options.list:
        for id in await asyncio.to_thread(manifests.ids, place):
            print(described(await asyncio.to_thread(manifests.read, place, keys, id)))
        return 0
    if options.verify:
        id = await asyncio.to_thread(chosen, place, options.backup)
        print(described(await asyncio.to_thread(verify, place, keys, id, settings.state_dir)))
        print("whole")
        return 0
    taken = await _take(settings, place, keys, options.keep or settings.backup.keep)
    print(described(taken.manifest))
    print(f"new: {taken.pieces} pieces, {taken.octets:,} bytes; at {place}")
    return 0


async def _take(settings: Settings, place: Folder | Bucket, keys: BackupKeys, keep: int) -> Taken:
    if not ran(settings):
        raise ConfigError(["backup: no node has run here yet; there is nothing to be kept"])
    ends: dict[str, tuple[int, str]] = {}
    schema: tuple[int, ...] = ()
    if kind_of(settings.database_url) == POSTGRES:
        async with opened(settings) as store:
            ends = await store.database.read(journal.heads)
            schema = await store.database.read(seen)
    blobs = large_blobs_of(settings, None)
    try:
        source = BackupSource(
            settings.database_url, database_password(settings), blobs, settings.state_dir, settings.node, version(), ends, schema,
        )  # fmt: skip
        taken = await take(source, place, keys, time.time, keep)
    finally:
        await blobs.close()
    made = taken.manifest
    if settings.backup.keys_mirror is not None:
        await asyncio.to_thread(mirrored, settings.keys, settings.backup.keys_mirror)
    if (departures := told_in(settings.backup.departures, settings.node)) is not None:
        oldest = (await asyncio.to_thread(manifests.ids, place))[0]
        since = await asyncio.to_thread(manifests.read, place, keys, oldest)
        await asyncio.to_thread(departures.forget, since.at)
    detail = {"backup": made.id, "place": str(place), "octets": taken.octets}
    entry = Entry(time.time(), JournalEvent.BACKED_UP, SystemPart.COMMAND_LINE, tenant=DEFAULT, detail=detail)
    async with opened(settings) as store:
        await store.record(entry, also=lambda t: noted.note(t, made, str(place), taken.octets))
    return taken


def backups_of(settings: Settings) -> Folder | Bucket:
    """Where backups are kept. Raises ConfigError when the settings name no place."""
    section = settings.backup
    if section.folder is not None:
        return Folder(section.folder)
    if section.bucket is None:
        raise ConfigError(["backup: name a `folder` or a `bucket` in [backup]"])
    bucket = section.bucket
    secret = secret_of("backup.bucket.secret_key_file", bucket.secret_key_file)
    return Bucket(
        bucket.bucket, endpoint=bucket.endpoint, region=bucket.region, access_key=bucket.access_key,
        secret_key=secret, prefix=section.prefix,
    )  # fmt: skip


def keys_of(settings: Settings) -> BackupKeys:
    """The keys of the backups. Raises ConfigError."""
    path = settings.backup_key
    if not path.exists():
        raise ConfigError(
            [
                f"backup: there is no key {path}. For the first backup: sekisho backup --new-key; else bring it back"
            ]
        )
    return BackupKeys(read_keys(path))


def _new_key(path: Path) -> int:
    if path.exists():
        raise ConfigError([f"backup: there is a key already, {path}: backups are under it"])
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    add_key(path)
    print(
        f"{path} is the key of the backups: keep a copy of it, and of the master key, where this machine is not"
    )
    return 0


def chosen(place: Folder | Bucket, id: str) -> str:
    """The backup that was named, else the newest. Blocks. Raises ConfigError when there is none."""
    there = manifests.ids(place)
    if not there:
        raise ConfigError([f"there is no backup at {place}"])
    if id and id not in there:
        raise ConfigError([f"there is no backup {id} at {place}; the newest is {there[-1]}"])
    return id or there[-1]


def described(manifest: Manifest) -> str:
    """One line."""
    at = datetime.fromtimestamp(manifest.at, UTC)
    return (
        f"{manifest.id}  {at:%Y-%m-%d %H:%M:%S} UTC  {manifest.node}  {manifest.kind}, {manifest.size:,} bytes,"
        f" {len(manifest.contents)} contents"
    )
