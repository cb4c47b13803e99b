"""`sekisho upgrade --check`: what this version would change in the database, whether nodes of the one before can run beside, and
what should be there first (docs/howto/upgrade.md). Nothing is changed.
"""

import argparse
import asyncio
import os
import time
from pathlib import Path

from config.policy import ConfigError
from config.settings import Settings
from gateway.command.operator import ran
from gateway.command.trouble import version
from gateway.from_settings import database_password
from storage.backup import noted
from storage.backup.databases import SQLITE, file_of, kind_of
from storage.database import dialect
from storage.interfaces import StoreError, Transaction
from storage.migrations import GENERATION, Migration, compared, shipped, tables
from storage.spool import FREE
from storage.writer import text_of_error

OLD = 24 * 3600.0
"""Seconds of age from which a backup is too old for an upgrade."""


def arguments(command: argparse.ArgumentParser) -> None:
    """What may stand behind `sekisho upgrade`."""
    command.add_argument("--check", action="store_true", required=True, help="only say; a start does it")


async def run(settings: Settings, options: argparse.Namespace) -> int:
    """0 when nothing stands against a start of this version; 1 when something does."""
    if not ran(settings):
        raise ConfigError(["upgrade: no node has run here yet; there is nothing to be upgraded"])
    return await asyncio.to_thread(_check, settings)


def _check(settings: Settings) -> int:
    missing, unknown, backup, known = _database(settings)
    print(
        f"this program: {version()}, schema generation {GENERATION}; the database has seen {known} migrations"
    )
    for migration in missing:
        print(f"  would run: {migration.name} (generation {migration.generation})")
    if not missing:
        print("no migration would run")
    for name in unknown:
        print(f"STOP: {name} was run by a newer version; this one does not start on it")
    problems = bool(unknown)
    if any(migration.oldest > GENERATION - 1 for migration in missing):
        print(
            "nodes of the version before cannot run beside, nor can it be gone back to but with a backup: stop all nodes first"
        )
    elif missing:
        print("nodes of the version before run beside, and can be gone back to")
    if backup is None:
        print("STOP: there is no backup: sekisho backup")
        problems = True
    else:
        age = time.time() - backup
        print(
            f"the last backup is {age / 3600:.1f} hours old"
            + (": make another one first" if age > OLD else "")
        )
        problems = problems or age > OLD
    return int(_disk(settings) or problems)


def _database(settings: Settings) -> tuple[list[Migration], list[str], float | None, int]:
    """What is missing, what nobody here knows, when the last backup was, how many files were seen; nothing is changed."""
    chosen = dialect(settings.database_url, database_password(settings))
    try:
        connection = chosen.schema()
        try:
            transaction: Transaction = connection.begin()
            tables(transaction)
            missing, unknown = compared(transaction, shipped())
            known = len(shipped()) - len(missing) + len(unknown)
            last = None if any(m.name == noted.MIGRATION for m in missing) else noted.last(transaction)
            connection.rollback()
        finally:
            connection.close()
    except chosen.errors as error:
        raise StoreError(text_of_error(error)) from error
    return missing, unknown, last, known


def _disk(settings: Settings) -> bool:
    """Whether there is too little room: SQLite writes what it changes to its log first, and a backup needs a copy."""
    folder: Path = settings.state_dir
    size = 0
    if kind_of(settings.database_url) == SQLITE:
        file = file_of(settings.database_url)
        folder, size = file.parent, file.stat().st_size
    disk = os.statvfs(folder)
    free, need = disk.f_bavail * disk.f_frsize, size + int(FREE * disk.f_blocks * disk.f_frsize)
    print(
        f"free at {folder}: {free:,} bytes; wanted {need:,}"
        + ("" if free >= need else ": STOP: make room first")
    )
    return free < need
