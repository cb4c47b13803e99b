"""Content that is arriving: in memory while it is small, beyond in a file, sealed from the first octet on.

The key is in this process alone, so what a crash leaves of it says nothing. Whoever looks at a draft gets memory that no
file backs (memfd_create(2)); an examining process gets a descriptor of that.
"""

import mmap
import os
import secrets
from pathlib import Path
from typing import ClassVar

from storage.content import CHUNK
from storage.interfaces import StoreError
from storage.sealed import ChunkSealer

IN_MEMORY = 128 * 1024
"""Bytes that a draft keeps in memory."""
MOST = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 4
"""Bytes of larger drafts that a process has in memory at a time, while they are looked at; others come again."""


class MappedFile(mmap.mmap):
    """A draft's octets in memory, with its sealed file: as that it can be kept without being written anew.

    The descriptor is the one that was written through, so that fsync reports every error of those writes.
    `broken` is set when that failed: what is in the file then is not known. `taken` says that it is kept already: its
    trailer names one content.
    """

    path: Path
    sealer: ChunkSealer
    descriptor: int = -1
    broken: bool = False
    taken: bool = False
    held: ClassVar[int] = 0
    """Bytes of all that there are."""

    @classmethod
    def of(cls, memory: int, size: int, sealed: int, path: Path, sealer: ChunkSealer) -> "MappedFile":
        mapped = cls(memory, size, access=mmap.ACCESS_READ)
        mapped.path = path
        mapped.sealer = sealer
        mapped.descriptor = os.dup(sealed)
        cls.held += size
        return mapped

    def __del__(self) -> None:
        if self.descriptor >= 0:
            os.close(self.descriptor)
            MappedFile.held -= self.size()


class LocalDraft:
    """A Draft (storage/interfaces.py) whose file lies in `tmp`. Once it was looked at, nothing more is written."""

    def __init__(self, tmp: Path) -> None:
        self.size = 0
        self.path: Path | None = None
        self._tmp = tmp
        self._buffer = bytearray()
        self._filled = 0
        """Bytes of the chunk that is gathered, once there is a file."""
        self._sealer = ChunkSealer()
        self._file = -1
        self._reader = -1
        self._view: memoryview | None = None
        self._discarded = False

    def write(self, data: bytes | memoryview) -> None:
        if self._discarded or self._view is not None:
            raise StoreError("this draft is complete")
        try:
            if self._file < 0 and self.size + len(data) > IN_MEMORY:
                self.path = self._tmp / secrets.token_hex(16)
                self._file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
                first, self._buffer = self._buffer, bytearray(CHUNK)
                self._chunks(memoryview(first))
            if self._file >= 0:
                self._chunks(memoryview(data))
            else:
                self._buffer += data
        except OSError as error:
            self.discard()
            raise StoreError(f"the content could not be kept: {error}") from error
        self.size += len(data)

    def view(self) -> memoryview:
        if self._discarded:
            raise StoreError("this draft was discarded")
        if self._view is None:
            if self.path is None:
                self._view = memoryview(self._buffer).toreadonly()
            else:
                try:
                    self._view = memoryview(self._opened(self.path))
                except OSError as error:
                    self.discard()  # what is in the file is not known
                    raise StoreError(f"the content could not be mapped: {error}") from error
        return self._view

    def fileno(self) -> int | None:
        if self.path is None:
            return None
        self.view()
        return self._reader

    def discard(self) -> None:
        self._discarded = True
        self._view = None  # the map goes with the last slice of it that somebody still holds
        self._buffer = bytearray()
        for descriptor in (self._file, self._reader):
            if descriptor >= 0:
                os.close(descriptor)
        self._file = self._reader = -1
        path, self.path = self.path, None
        if path is not None:
            path.unlink(missing_ok=True)

    def __del__(self) -> None:
        if not self._discarded:
            self.discard()

    def _chunks(self, data: memoryview) -> None:
        """Gather a chunk, and write it when something comes behind it: only the last one is sealed as the last."""
        with memoryview(self._buffer) as chunk:
            while data:
                if self._filled == CHUNK:
                    write_all(self._file, self._sealer.chunk(chunk))
                    self._filled = 0
                some = min(len(data), CHUNK - self._filled)
                chunk[self._filled : self._filled + some] = data[:some]
                self._filled += some
                data = data[some:]

    def _opened(self, path: Path) -> MappedFile:
        """Write the last chunk, and have all of them in memory."""
        if MappedFile.held + self.size > MOST:
            raise StoreError("too many large contents are looked at: another one has to wait")
        memory = os.memfd_create("draft", os.MFD_CLOEXEC)
        try:
            before = os.fstat(self._file).st_size
            last = memoryview(self._buffer)[: self._filled]
            write_all(self._file, self._sealer.chunk(last, last=True))
            if before:
                with (
                    mmap.mmap(self._file, before, access=mmap.ACCESS_READ) as sealed,
                    memoryview(sealed) as octets,
                ):
                    for chunk in self._sealer.opened(octets, self.size - self._filled):
                        write_all(memory, chunk)
                        sealed.madvise(mmap.MADV_DONTNEED)  # else all of the file weighs on the process, too
            write_all(memory, last)
            self._buffer = bytearray()
            self._reader = os.open(f"/proc/self/fd/{memory}", os.O_RDONLY | os.O_CLOEXEC)
            return MappedFile.of(self._reader, self.size, self._file, path, self._sealer)
        finally:
            os.close(memory)


def write_all(descriptor: int, data: bytes | bytearray | memoryview) -> None:
    """Write everything; a short write is continued (on a full disk it then raises)."""
    written = os.write(descriptor, data)
    if written < len(data):
        rest = memoryview(data)[written:]
        while rest:
            rest = rest[os.write(descriptor, rest) :]


def write_whole(path: Path, data: bytes, *, over: bool = False) -> None:
    """Make a file of these octets, on stable storage; its name is so once its folder is synced. `over`: what a process that is
    gone may have left there is written over. Raises OSError; then there is no such file."""
    new = os.O_TRUNC if over else os.O_EXCL
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | new, 0o600)
    try:
        write_all(descriptor, data)
        os.fsync(descriptor)
    except OSError:
        path.unlink()
        raise
    finally:
        os.close(descriptor)


def swept(tmp: Path) -> int:
    """Remove what a process that is gone has left in `tmp`; how many files."""
    removed = 0
    for entry in os.scandir(tmp):
        if entry.is_file(follow_symlinks=False):
            os.unlink(entry.path)
            removed += 1
    return removed
