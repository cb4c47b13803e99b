"""Whether there is a backup, how old it is, whether its place can be read, and a restore would find all that it needs."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from config.policy import ConfigError
from config.settings import Settings
from gateway.command.backup import backups_of
from gateway.command.operator import opened, ran
from gateway.doctor.ailment import Ailment, fails, note
from storage.backup import manifest as manifests
from storage.backup import noted
from storage.interfaces import StoreError
from storage.writer import text_of_error


async def of_backups(settings: Settings, now: float | None = None) -> AsyncIterator[Ailment]:
    section = settings.backup
    if not section.kept:
        yield note("backup", "backup_unset")
        return
    if not settings.backup_key.exists():
        yield fails("backup", "backup_key_missing", path=str(settings.backup_key))
    for each in await asyncio.to_thread(lambda: list(_places(settings))):
        yield each
    there: list[str] | None = None
    try:
        place = await asyncio.to_thread(backups_of, settings)
        there = await asyncio.to_thread(manifests.ids, place)
    except (ConfigError, StoreError) as error:
        yield fails("backup", "backup_place", why=text_of_error(error))
    if not await asyncio.to_thread(ran, settings):
        return
    async with opened(settings) as store:
        last = await store.database.read(noted.last)
    age = noted.age(last, time.time() if now is None else now)
    if last is None:
        yield fails("backup", "backup_none")
        return
    if there == []:
        yield fails("backup", "backup_gone", place=str(place))
    if section.late(age):
        yield fails("backup", "backup_late", hours=f"{age / 3600:.0f}", limit=str(section.alert_hours))


def _places(settings: Settings) -> Iterator[Ailment]:
    section = settings.backup
    if section.departures is None:
        yield note("backup", "backup_no_departures")
    if section.keys_mirror is None:
        yield note("backup", "backup_no_mirror")
    home = _disk(settings.state_dir)
    for setting in ("folder", "keys_mirror", "departures"):
        path: Path | None = getattr(section, setting)
        if path is not None and _disk(path) == home:
            yield note("backup", "backup_same_disk", setting=f"backup.{setting}")


def _disk(path: Path) -> int:
    """The device on which it lies, or will lie."""
    there = next((p for p in (path, *path.parents) if p.exists()), Path("/"))
    return there.stat().st_dev
