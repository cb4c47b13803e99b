"""`sekisho restore`: put a backup back, so that what was held leaves once, and what had left never again (docs/howto/backup.md).

Without `--do` it only says what it would do. What has left since is told by `backup.departures`; where that is gone too,
what may have left is held for a person (quarantine/queue/restoring.py).
"""

import argparse
import asyncio
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from config.policy import ConfigError
from config.settings import Settings
from gateway.command.backup import backups_of, chosen, described, keys_of
from gateway.from_settings import database_password, large_blobs_of
from gateway.start.claims import LOCK
from quarantine.queue import restoring
from quarantine.queue.restoring import GOES_ON, HELD, KNOWN, Plan
from quarantine.rights import SystemPart
from storage import journal
from storage import keys as names
from storage.backup import manifest as manifests
from storage.backup import noted, returning
from storage.backup.databases import SQLITE, came_from, file_of, is_empty, kind_of, restored
from storage.backup.manifest import Manifest
from storage.backup.mirror import brought_back
from storage.backup.places import Bucket, Folder
from storage.backup.sealing import BackupKeys
from storage.claim import FileClaim
from storage.database import dialect, open_database, prepare
from storage.day_keys import DayKeys, Erased, expected
from storage.departures import Departures, nodes
from storage.interfaces import StoreError
from storage.key_service import master_of
from storage.seal import Seal, open_seal
from storage.writer import Dialect, WriterConnection, text_of_error

SHOWN = 50
"""Mails that are told of each kind."""


def arguments(command: argparse.ArgumentParser) -> None:
    """What may stand behind `sekisho restore`."""
    command.add_argument("--backup", default="", metavar="ID", help="which one (the newest)")
    command.add_argument(
        "--in-place", action="store_true",
        help="no backup: an older database is in its place already; only look up what has left since",
    )  # fmt: skip
    command.add_argument("--do", action="store_true", help="do it; else it is only said what would be done")
    command.add_argument(
        "--departures", type=Path, action="append", default=[], metavar="FOLDER",
        help="where it is told what has left since (backup.departures)",
    )  # fmt: skip
    command.add_argument(
        "--keys", type=Path, metavar="FOLDER", help="a mirror of the key folder, where that is lost"
    )
    command.add_argument(
        "--scratch", default="", metavar="URL", help="an empty PostgreSQL database in which it is tried"
    )


async def run(settings: Settings, options: argparse.Namespace) -> int:
    """Raises ConfigError where something is missing for it, StoreError where it failed: then it can be said again."""
    claim = FileClaim(settings.state_dir / LOCK)
    if options.do:
        settings.state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        if holder := claim.take():
            raise ConfigError(
                [f"restore: a node runs on {settings.state_dir} ({holder}). Stop it, and all others, first"]
            )
    try:
        folders = [*options.departures, *filter(None, [settings.backup.departures])]
        work = _Restore(settings, folders, options)
        return await (work.in_place() if options.in_place else work.of_backup())
    finally:
        claim.release()


class _Restore:
    def __init__(self, settings: Settings, folders: Sequence[Path], options: argparse.Namespace) -> None:
        self.settings = settings
        self.options = options
        self.folders = list(dict.fromkeys(folders))
        self.now = time.time()
        self.password = database_password(settings)

    async def in_place(self) -> int:
        """Of the database that is there."""
        url = self.settings.database_url
        if kind_of(url) == SQLITE and not file_of(url).is_file():
            raise ConfigError([f"restore: there is no database {file_of(url)}"])
        chosen_dialect = dialect(url, self.password)
        plan = await asyncio.to_thread(self._plan, chosen_dialect)
        self._told(plan)
        if self.options.do:
            seal = await self._seal(url)
            await asyncio.to_thread(self._done, chosen_dialect, plan, "", seal)
            await asyncio.to_thread(self._boundary, chosen_dialect, "in place")
            await asyncio.to_thread(self._usable, chosen_dialect)
            await asyncio.to_thread(returning.ended, self.settings.state_dir)
        return self._over()

    async def of_backup(self) -> int:
        place, keys = backups_of(self.settings), keys_of(self.settings)
        manifest = await asyncio.to_thread(
            lambda: manifests.read(place, keys, chosen(place, self.options.backup))
        )
        if manifest.kind != kind_of(self.settings.database_url):
            raise ConfigError(
                [f"restore: {manifest.id} is of a {manifest.kind} database, and `database` names another"]
            )
        print(described(manifest))
        lacking = await asyncio.to_thread(returning.missing, place, manifest)
        if lacking:
            print(f"{len(lacking)} contents are missing in the backup: {', '.join(lacking[:5])}")
        file = await asyncio.to_thread(returning.staged, place, keys, manifest, self.settings.state_dir)
        try:
            url = await self._url(manifest, file)
            if not url:
                return 0
            chosen_dialect = dialect(url, self.password)
            await asyncio.to_thread(prepare, chosen_dialect)
            if await asyncio.to_thread(self._is_back, url, manifest):
                print("it is back already: the restore had come to its end")
                if self.options.do:
                    await asyncio.to_thread(returning.ended, self.settings.state_dir)
                return 0
            self._need_keys(chosen_dialect)
            plan = await asyncio.to_thread(self._plan, chosen_dialect)
            self._told(plan)
            if self.options.do:
                await self._all(chosen_dialect, url, plan, place, keys, manifest, file)
            return self._over()
        finally:
            await asyncio.to_thread(returning.unstaged, self.settings.state_dir)

    async def _url(self, manifest: Manifest, file: Path) -> str:
        """Of the database that is looked at: SQLite's copy, or the one into which the dump was put."""
        if manifest.kind == SQLITE:
            return f"sqlite:///{file}"
        url = self.options.scratch or (self.settings.database_url if self.options.do else "")
        if not url:
            print("a PostgreSQL database is only tried with --scratch URL, an empty one; or say --do")
        elif await asyncio.to_thread(is_empty, url, self.password):
            try:
                await asyncio.to_thread(restored, file, url, self.password, manifest.id, self.now)
            except StoreError:
                if not await asyncio.to_thread(came_from, url, self.password, manifest.id):
                    raise  # else it was put back meanwhile, by a psql whose restore was ended
        elif not await asyncio.to_thread(came_from, url, self.password, manifest.id):
            raise ConfigError(
                ["restore: the database is not empty. Make an empty one, or name it in `database`"]
            )
        return str(url)

    def _is_back(self, url: str, manifest: Manifest) -> bool:
        """Whether nothing is left to be done to it; a copy of SQLite's database is always a new one."""
        if manifest.kind == SQLITE:
            return False
        with _connected(dialect(url, self.password)) as connection:
            return not noted.pending(connection.begin())

    def _need_keys(self, chosen_dialect: Dialect) -> None:
        """Raises ConfigError when a day's file is neither in the key folder nor in its mirror."""
        with _connected(chosen_dialect) as connection:
            wanted = expected(connection.begin())
        folders = [self.settings.keys, *filter(None, [self.options.keys])]
        lacking = [f"{t}/{d}" for t, d in wanted if not any((f / t / str(d)).is_file() for f in folders)]
        if lacking:
            raise ConfigError(
                [
                    f"restore: {len(lacking)} keys are missing in {self.settings.keys} ({lacking[0]}): name their mirror, --keys"
                ]
            )

    def _plan(self, chosen_dialect: Dialect) -> Plan:
        with _connected(chosen_dialect) as connection:
            transaction = connection.begin()
            return restoring.plan(transaction, restoring.known(transaction, self.folders))

    def _done(self, chosen_dialect: Dialect, plan: Plan, backup: str, seal: Seal) -> None:
        with _connected(chosen_dialect, readonly=False) as connection:
            transaction = connection.begin()
            node = f"{self.settings.node}/cli"
            if not (backup and restoring.is_done(transaction, backup)):
                restoring.done(transaction, node, plan, backup, self.now, SystemPart.COMMAND_LINE, seal.mark)
            connection.commit()

    def _usable(self, chosen_dialect: Dialect) -> None:
        """The database is known for what it is, and so are the places that say what has left: nodes may start on it."""
        with _connected(chosen_dialect, readonly=False) as connection:
            noted.done(connection.begin())
            connection.commit()

    async def _all(
        self, chosen_dialect: Dialect, url: str, plan: Plan, place: Folder | Bucket, keys: BackupKeys,
        manifest: Manifest, file: Path,
    ) -> None:  # fmt: skip
        """Keys, contents, what is known of the mails, and the database in its place."""
        settings, state = self.settings, self.settings.state_dir
        if self.options.keys is not None:
            await asyncio.to_thread(brought_back, self.options.keys, settings.keys)
        seal = await self._seal(url)
        database = await asyncio.to_thread(open_database, url, self.password)
        try:
            day_keys = DayKeys(settings.keys, master_of(settings.key_service, seal), database)
            await day_keys.check()
        finally:
            await database.close()

        def is_kept(key: str) -> bool:
            try:
                return names.day_of(key) is None or bool(day_keys.of(key))
            except Erased:
                return False

        blobs = large_blobs_of(settings, None)
        try:
            number, failed = await returning.contents(place, keys, manifest, blobs, is_kept)
        finally:
            await blobs.close()
        print(f"{number} contents are back" + (f", {len(failed)} could not be read" if failed else ""))
        await asyncio.to_thread(self._done, chosen_dialect, plan, manifest.id, seal)
        await asyncio.to_thread(returning.begin, state)
        await asyncio.to_thread(self._boundary, chosen_dialect, manifest.id)
        await asyncio.to_thread(self._usable, chosen_dialect)
        if manifest.kind == SQLITE:
            aside = await asyncio.to_thread(
                returning.switched, file, file_of(settings.database_url), state, self.now
            )
            if aside is not None:
                print(f"the database that was there is {aside}")
        await asyncio.to_thread(returning.ended, state)

    async def _seal(self, url: str) -> Seal:
        """The master key, if it is the one of this database. Raises ConfigError."""
        database = await asyncio.to_thread(open_database, url, self.password)
        try:
            return await open_seal(self.settings.seal_key, database)
        finally:
            await database.close()

    def _boundary(self, chosen_dialect: Dialect, backup: str) -> None:
        """Whoever asks next what has left is told from where the chains go on."""
        with _connected(chosen_dialect) as connection:
            ends = journal.heads(connection.begin())
        for folder in self.folders:
            for node in nodes(folder):
                Departures.at(node).restored(backup, ends, self.now)

    def _told(self, plan: Plan) -> None:
        print(
            f"{len(plan.found)} in custody: {len(plan.of(GOES_ON))} go on, {len(plan.of(KNOWN))} are known to have left,"
            f" been tried or been taken back, {len(plan.of(HELD))} are held; {len(plan.lost)} came later and are lost"
        )
        if not self.folders:
            print("backup.departures names no folder: what has left since is not known")
        for gap in plan.gaps[:SHOWN]:
            print(f"not all is known: {gap}")
        for what in (KNOWN, HELD):
            for each in plan.of(what)[:SHOWN]:
                print(f"  {each.item.id}  {what}  {each.why or _ends(each)}")
        for lost in plan.lost[:SHOWN]:
            print(
                f"  {lost.item}  lost  from {lost.said.get('from', '')} to {', '.join(lost.said.get('to', ()))}"
            )

    def _over(self) -> int:
        if not self.options.do:
            print("nothing was changed; say it again with --do")
        return 0


@contextmanager
def _connected(chosen_dialect: Dialect, readonly: bool = True) -> Iterator[WriterConnection]:
    """A connection for what is done within; whatever the database says against it is a StoreError."""
    try:
        connection = chosen_dialect.connect(readonly=readonly)
        try:
            yield connection
        finally:
            connection.close()
    except chosen_dialect.errors as error:
        raise StoreError(text_of_error(error)) from error


def _ends(found: restoring.Restored) -> str:
    counted = Counter(outcome.status.value for outcome in found.outcomes)
    if found.withdrawn:
        counted["taken back"] = len(found.withdrawn)
    return ", ".join(f"{number} {what}" for what, number in counted.items()) or "its delivery had not begun"
