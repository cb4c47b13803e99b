"""Content that is arriving: in memory while it is small, in a file beyond."""

import mmap
import os
import secrets
from pathlib import Path

from storage.interfaces import StoreError

IN_MEMORY = 128 * 1024
"""Bytes that a draft keeps in memory."""


class MappedFile(mmap.mmap):
    """The map of a draft's file, with a descriptor and the name of the file: it can be kept without a copy.

    The descriptor is the one that was written through, so that fsync reports every error of those writes.
    `broken` is set when that failed: what is in the file then is not known.
    """

    path: Path
    descriptor: int = -1
    broken: bool = False

    @classmethod
    def of(cls, descriptor: int, size: int, path: Path) -> "MappedFile":
        mapped = cls(descriptor, size, access=mmap.ACCESS_READ)
        mapped.path = path
        mapped.descriptor = os.dup(descriptor)
        return mapped

    def __del__(self) -> None:
        if self.descriptor >= 0:
            os.close(self.descriptor)


class LocalDraft:
    """A Draft (storage/interfaces.py) whose file lies in `tmp`. Once it was looked at, nothing more is written."""

    def __init__(self, tmp: Path) -> None:
        self.size = 0
        self.path: Path | None = None
        self._tmp = tmp
        self._buffer = bytearray()
        self._file = -1
        self._reader = -1
        self._view: memoryview | None = None
        self._discarded = False

    def write(self, data: bytes | memoryview) -> None:
        if self._discarded or self._view is not None:
            raise StoreError("this draft is complete")
        try:
            if self._file < 0 and self.size + len(data) > IN_MEMORY:
                self._spill()
            if self._file >= 0:
                write_all(self._file, data)
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
                    self._view = memoryview(MappedFile.of(self._file, self.size, self.path))
                except OSError as error:
                    raise StoreError(f"the content could not be mapped: {error}") from error
        return self._view

    def fileno(self) -> int | None:
        if self.path is None:
            return None
        if self._reader < 0:
            try:
                self._reader = os.open(self.path, os.O_RDONLY | os.O_CLOEXEC)
            except OSError as error:
                raise StoreError(f"the content could not be opened: {error}") from error
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

    def _spill(self) -> None:
        self.path = self._tmp / secrets.token_hex(16)
        self._file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        write_all(self._file, self._buffer)
        self._buffer = bytearray()


def write_all(descriptor: int, data: bytes | bytearray | memoryview) -> None:
    """Write everything; a short write is continued (on a full disk it then raises)."""
    written = os.write(descriptor, data)
    if written < len(data):
        rest = memoryview(data)[written:]
        while rest:
            rest = rest[os.write(descriptor, rest) :]


def swept(tmp: Path) -> int:
    """Remove what a process that is gone has left in `tmp`; how many files."""
    removed = 0
    for entry in os.scandir(tmp):
        if entry.is_file(follow_symlinks=False):
            os.unlink(entry.path)
            removed += 1
    return removed
