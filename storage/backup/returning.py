"""Putting a backup back: the database beside its place, the contents at theirs; and at last the database in its place.

Each step can be repeated: whoever ends in the middle says it again. While a database of SQLite changes places a note
stands in the state directory (`UNFINISHED`), beside which no node starts.
"""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from config.policy import ConfigError
from storage.backup import manifest as manifests
from storage.backup.databases import SQLITE, written
from storage.backup.manifest import Manifest
from storage.backup.places import Bucket, Folder
from storage.backup.sealing import BackupKeys, DamagedBackup
from storage.backup.taking import AtRest
from storage.interfaces import StoreError
from storage.seal import sync_folder

WORK = "restore.work"
"""Folder in the state directory, in which the copy of the database is looked at."""
UNFINISHED = "restore.unfinished"
"""File in the state directory."""
_BESIDE = ("-wal", "-shm")


def staged(place: Folder | Bucket, keys: BackupKeys, manifest: Manifest, state: Path) -> Path:
    """The copy of the database as a file of its own: SQLite's to be opened, PostgreSQL's to be put back. Blocks. Raises
    DamagedBackup, StoreError."""
    work = state / WORK
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(mode=0o700, parents=True)
    file = work / ("sekisho.db" if manifest.kind == SQLITE else "sekisho.dump")
    written(manifests.get(place, keys, manifest.database), file)
    if file.stat().st_size != manifest.size:
        raise DamagedBackup(f"{manifest.id}: the database has another size")
    return file


def unstaged(state: Path) -> None:
    shutil.rmtree(state / WORK, ignore_errors=True)


def missing(place: Folder | Bucket, manifest: Manifest) -> list[str]:
    """Keys of contents whose pieces are not there. Blocks."""
    return [
        key
        for key, names in manifest.contents.items()
        if not all(place.has(f"objects/{name}") for name in names)
    ]


async def contents(
    place: Folder | Bucket, keys: BackupKeys, manifest: Manifest, blobs: AtRest, wanted: Callable[[str], bool]
) -> tuple[int, list[str]]:
    """Put the contents that are `wanted` back at their places; how many, and those that could not be read."""
    number, failed = 0, []
    for key, names in manifest.contents.items():
        if not wanted(key):
            continue
        try:
            data = b"".join(manifests.get(place, keys, names))
            await blobs.put_kept(key, data)
        except StoreError:
            failed.append(key)
        else:
            number += 1
    return number, failed


def unfinished(state: Path) -> None:
    """Raises ConfigError where a restore has not come to its end."""
    if (state / UNFINISHED).exists():
        raise ConfigError([f"{state}: a restore has not come to its end; say `sekisho restore --do` again"])


def begin(state: Path) -> None:
    """From here on no node starts, until `switched`. Blocks."""
    note = state / UNFINISHED
    note.touch(0o600)
    sync_folder(state)


def switched(staged: Path, place: Path, state: Path, at: float) -> Path | None:
    """Put the staged database in its place; where the one that was there is now. Blocks. Raises StoreError."""
    try:
        if any(staged.with_name(staged.name + end).exists() for end in _BESIDE):
            raise StoreError("the staged database was not closed")
        aside: Path | None = None
        if place.exists():
            aside = place.with_name(f"{place.name}.before-{at:.0f}")
            if not aside.exists():
                os.link(place, aside)
        for end in _BESIDE:  # of the other database: SQLite would take them for this one's
            beside = place.with_name(place.name + end)
            if beside.exists():
                beside.rename(
                    (aside or place).with_name(f"{(aside or place).name}{end}{'' if aside else '.before'}")
                )
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.replace(staged, place)
        sync_folder(place.parent)
        return aside
    except OSError as error:
        raise StoreError(f"the database cannot be put in its place: {error}") from error


def ended(state: Path) -> None:
    """Nodes may start."""
    (state / UNFINISHED).unlink(missing_ok=True)
    sync_folder(state)
    unstaged(state)
