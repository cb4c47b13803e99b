"""The keys of stored contents: one for each day and tenant, in files of their own, away from database and contents.

    folder/TENANT/DAY   sealed under the master key (storage/seal.py, or storage/key_service.py)
    folder/lock         who writes a file
    folder/still        who destroys, or says what is not to be destroyed

The key of a content is made of the key of the day on which it was stored, and of its name. To destroy the keys of some
contents, the day's file is written anew: without the day's key, with those of the contents that remain, each for itself
(docs/adr/0055). Whoever has copies of contents, of the database or of both, has nothing then. The old file's octets are
overwritten where they lay.

Nodes that share a database share the folder. The database notes which days there are, so that a start without their
files refuses. A day's file stays when no content of it is left: it says that the keys were destroyed, and not lost.

Diagnostics: Erased for a content whose key was destroyed; StoreError when a file is missing or cannot be opened;
ConfigError at start.
"""

import asyncio
import fcntl
import hmac
import os
import secrets
import time
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Protocol

import msgspec

from config.policy import ConfigError
from storage import keys
from storage.border import of_all
from storage.bound import bound
from storage.draft import write_whole
from storage.interfaces import Database, Row, StoreError, Transaction
from storage.seal import SealError, overwrite, sync_folder

DAY = 86_400.0
OVER = 7_200.0
"""Seconds after a day's end until its key may go: what was begun in it is stored by then, on every node."""
_ASK_AGAIN = 0.02
"""Seconds between two looks whether somebody else is done."""
_CACHED = 512
"""Files that are remembered; each is looked at (not read) whenever it is asked for."""

_NOTE = "INSERT INTO day_key (tenant, day, mark) VALUES (:tenant, :day, :mark) ON CONFLICT (tenant, day) DO NOTHING"
"""A day's file that is new here; another process may be as quick."""
_MARK = "SELECT mark FROM day_key WHERE tenant = :tenant AND day = :day"
_ALL = of_all("SELECT tenant, day, mark FROM day_key ORDER BY tenant, day")
"""All files that there have to be."""


class Erased(StoreError):
    """The key of this content was destroyed: nobody can read it any more."""


class Master(Protocol):
    """Who has the key above the days' keys: a key file (storage/seal.py: Seal), or a service that keeps it to itself."""

    @property
    def key_ids(self) -> tuple[str, ...]:
        """The keys that open, the one that seals first."""

    def seal(self, plain: bytes, aad: bytes) -> bytes: ...

    def open(self, sealed: bytes, aad: bytes) -> bytes:
        """Raises SealError."""

    def is_current(self, sealed: bytes) -> bool:
        """Whether it was sealed under the key that seals now."""


class _Day(msgspec.Struct, frozen=True):
    """What a file holds. `mark` names the file, and stays; `root` is the day's key, b"" once it was destroyed; `kept`
    are the keys of the contents that remain then, by name."""

    mark: bytes
    root: bytes = b""
    kept: dict[str, bytes] = {}

    def of(self, name: str) -> bytes:
        if self.root:
            return hmac.digest(self.root, name.encode(), "sha256")
        if (key := self.kept.get(name)) is None:
            raise Erased(f"the blob {name} was erased")
        return key


class DayKeys:
    """The keys of all tenants. Safe for threads; the folder is shared by processes, and by nodes."""

    def __init__(
        self, folder: Path, master: Master, database: Database, clock: Callable[[], float] = time.time
    ) -> None:
        self._folder = folder
        self._master = master
        self._database = database
        self._clock = clock
        self._files: dict[tuple[str, int], tuple[tuple[int, ...], _Day, Path]] = {}
        self._noted: set[tuple[str, int]] = set()

    async def today(self, tenant: str) -> int:
        """The day (since 1970, UTC) under whose key a content of the tenant's is stored now; its file is on stable storage.
        Raises StoreError."""
        day = int(self._clock() // DAY)
        # A clock that was put back may stand at a day whose key is gone already.
        while (tenant, day) not in self._noted or not self._read(tenant, day).root:
            if (await asyncio.to_thread(self._made, tenant, day)).root:
                await self._note(tenant, day)
            else:
                day += 1
        return day

    def of(self, name: str) -> bytes:
        """The 32 octets under which the data key of the content of this name is wrapped. Raises Erased, StoreError."""
        day = keys.day_of(name)
        if day is None:
            raise StoreError(f"the blob {name} was stored without a key")
        return self._read(keys.tenant_of(name), day).of(name)

    def over(self, day: int, now: float) -> bool:
        """Whether nothing is stored under the key of this day any more."""
        return now >= (day + 1) * DAY + OVER

    def is_whole(self, tenant: str, day: int) -> bool:
        """Whether nothing of this day was destroyed yet. Raises StoreError."""
        return bool(self._read(tenant, day).root)

    async def destroy(self, tenant: str, day: int, gone: Collection[str], present: Iterable[str]) -> None:
        """Destroy the keys of the contents `gone` of a day that is over; on return nobody has them. Where nothing of the day
        was destroyed before, `present` names all contents that there are; the keys of others go as well. Raises StoreError."""
        await asyncio.to_thread(self._destroy, tenant, day, frozenset(gone), present)

    @asynccontextmanager
    async def still(self) -> AsyncIterator[None]:
        """While this is entered, nobody else of any node has entered it: who destroys keys asks in it what has to stay, and who
        says what has to stay says so in it. Raises StoreError."""
        if not self._folder.is_dir():  # nothing was ever sealed
            yield
            return
        try:
            descriptor = self._opened("still")
        except OSError as error:
            raise StoreError(f"the key folder cannot be locked: {error}") from error
        try:
            while not _taken(descriptor):  # noqa: ASYNC110 (another process is done)
                await asyncio.sleep(_ASK_AGAIN)
            yield
        finally:
            os.close(descriptor)

    def files(self) -> Iterator[bytes]:
        """All files as they lie there, sealed under the master key. Raises StoreError."""
        try:
            for path in sorted(self._folder.glob("*/[0-9]*")):
                yield path.read_bytes()
        except OSError as error:
            raise StoreError(f"the key files cannot be read: {error}") from error

    async def check(self) -> None:
        """Look at every file that there has to be, and put it under the current master key. Raises ConfigError."""
        rows = await self._database.read(lambda t: t.execute(_ALL))
        if problems := await asyncio.to_thread(self._check, rows):
            few, more = problems[:5], len(problems) - 5
            raise ConfigError([*few, f"key_folder: and {more} more like these"] if more > 0 else few)

    def _check(self, rows: Iterable[Row]) -> list[str]:
        problems = []
        if self._folder.is_dir():
            with self._locked():
                for left in self._folder.glob("*/.*"):  # by whoever ended in the middle of writing
                    overwrite(left)
        for row in rows:
            tenant, number = str(row["tenant"]), int(row["day"])
            try:
                day = self._read(tenant, number)
                if day.mark.hex() != row["mark"]:
                    problems.append(
                        f"key_folder: {self._path(tenant, number)} is not the one with which contents were sealed"
                    )
                elif not self._master.is_current(self._path(tenant, number).read_bytes()):
                    with self._locked():
                        self._write(tenant, number, self._read(tenant, number))
            except (StoreError, SealError, OSError) as error:
                problems.append(f"key_folder: {error}")
        return problems

    async def _note(self, tenant: str, day: int) -> None:
        """See to it that the database knows the file, and no other one."""
        mark = self._read(tenant, day).mark.hex()

        def operation(transaction: Transaction) -> str:
            values = {"tenant": tenant, "day": day}
            transaction.execute(_NOTE, {**values, "mark": mark})
            return str(transaction.execute(_MARK, values)[0]["mark"])

        if (tenant, day) not in self._noted:
            if await bound(self._database, tenant).write(operation) != mark:
                raise StoreError("another node has other keys: all nodes need the same key_folder")
            self._noted.add((tenant, day))

    def _path(self, tenant: str, day: int) -> Path:
        return self._folder / tenant / str(day)

    def _read(self, tenant: str, day: int) -> _Day:
        cached = self._files.get((tenant, day))
        path = self._path(tenant, day) if cached is None else cached[2]
        try:
            for again in (True, False):
                found = os.stat(path)
                seen = (found.st_dev, found.st_ino, found.st_mtime_ns, found.st_size)
                if cached is not None and cached[0] == seen:
                    return cached[1]
                try:
                    plain = self._master.open(path.read_bytes(), _aad(tenant, day))
                except SealError:
                    if not again:  # else it may have been written anew between two looks
                        raise
                else:
                    break
        except FileNotFoundError:
            raise StoreError(f"the key file {path} is missing") from None
        except (OSError, SealError) as error:
            raise StoreError(f"the key file {path} cannot be opened: {error}") from error
        while len(self._files) >= _CACHED:
            with suppress(KeyError, RuntimeError):
                del self._files[next(iter(self._files))]
        opened = msgspec.msgpack.decode(plain, type=_Day)
        self._files[tenant, day] = seen, opened, path
        return opened

    def _made(self, tenant: str, day: int) -> _Day:
        """The day's file, made when there is none."""
        path = self._path(tenant, day)
        if not path.exists():
            fresh = _Day(secrets.token_bytes(16), secrets.token_bytes(32))
            try:
                for folder in (self._folder, path.parent):
                    folder.mkdir(mode=0o700, parents=folder is self._folder, exist_ok=True)
                with self._locked():
                    if not path.exists():  # whoever was quicker has made it
                        os.rename(self._temporary(tenant, day, fresh), path)
                    for folder in (path.parent, self._folder, self._folder.parent):
                        sync_folder(folder)
            except (OSError, SealError) as error:
                raise StoreError(f"the key file {path} cannot be made: {error}") from error
        return self._read(tenant, day)

    def _destroy(self, tenant: str, day: int, gone: frozenset[str], present: Iterable[str]) -> None:
        try:
            with self._locked():
                old = self._read(tenant, day)
                if not self.over(day, self._clock()):
                    raise StoreError("this day is not over: its key is still in use")
                kept = {name: old.of(name) for name in present} if old.root else old.kept
                left = {name: key for name, key in kept.items() if name not in gone}
                if old.root or len(left) < len(old.kept):
                    self._write(tenant, day, _Day(old.mark, b"", left))
        except (OSError, SealError) as error:
            raise StoreError(f"keys could not be destroyed: {error}") from error

    def _write(self, tenant: str, day: int, new: _Day) -> None:
        """Put the file in the place of the old one, and overwrite that where it lies."""
        path = self._path(tenant, day)
        temporary = self._temporary(tenant, day, new)
        old = temporary.with_name(f"{temporary.name}.old")  # found by the next start, should we end here
        os.link(path, old)
        os.rename(temporary, path)
        sync_folder(path.parent)
        overwrite(old)
        self._files.pop((tenant, day), None)

    def _temporary(self, tenant: str, day: int, content: _Day) -> Path:
        """A file beside its place, on stable storage."""
        path = self._folder / tenant / f".{day}.{secrets.token_hex(8)}"
        write_whole(path, self._master.seal(msgspec.msgpack.encode(content), _aad(tenant, day)))
        return path

    @contextmanager
    def _locked(self) -> Iterator[None]:
        descriptor = self._opened("lock")
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def _opened(self, name: str) -> int:
        """A file that is locked, of whoever owns the folder: a command of root's may be the first to make it."""
        descriptor = os.open(self._folder / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        folder, file = self._folder.stat(), os.fstat(descriptor)
        if file.st_uid != folder.st_uid and os.geteuid() == 0:
            os.fchown(descriptor, folder.st_uid, folder.st_gid)
        return descriptor


def _taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        raise StoreError(f"the key folder cannot be locked: {error}") from error
    return True


def expected(transaction: Transaction) -> list[tuple[str, int]]:
    """Tenant and day of each file that there has to be for this database."""
    return [(str(row["tenant"]), int(row["day"])) for row in transaction.execute(_ALL)]


def _aad(tenant: str, day: int) -> bytes:
    return f"day keys:{tenant}:{day}".encode()
