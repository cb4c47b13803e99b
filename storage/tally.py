"""Numbers by key, of the keys that were used last: what counts clients, guesses and seconds (docs/limits.md).

A node of one process keeps them in dicts. Where a node is several processes (docs/adr/0029), a limit must hold over all
of them: the tables lie in memory that all have, made before the first of them is forked, and a lock of the kernel's,
which ends with its holder, stands around each change.

    with tally:                          nobody else changes it meanwhile
        numbers = tally.get(key)         None: not known, or forgotten
        tally.set(key, (1.0, 2.0))

Used by one thread of a process. Keys are hashed with a secret: who chooses keys cannot choose whom they push out.

Source: fcntl(2) for record locks of a process.
"""

import fcntl
import hashlib
import mmap
import os
import secrets
import struct
import time
from collections.abc import Mapping
from types import TracebackType

MOST = 20_000
"""Keys that a tally remembers at least; the oldest go first."""
_WAYS = 8
_GROUPS = 4096
_FREE = bytes(8)


class Tally:
    """The numbers of one process alone."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._kept: dict[str, tuple[float, ...]] = {}

    def __enter__(self) -> "Tally":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Others may change it again."""

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: str) -> tuple[float, ...] | None:
        return self._kept.get(key)

    def set(self, key: str, numbers: tuple[float, ...]) -> None:
        """Of a shared tally always as many numbers as it was made for."""
        self._kept.pop(key, None)
        self._kept[key] = numbers
        if len(self._kept) > self._most:
            del self._kept[next(iter(self._kept))]

    def drop(self, key: str) -> None:
        self._kept.pop(key, None)


class SharedTally(Tally):
    """Of all processes that are forked from the one that made it. A key has eight places to be in; when others took
    all of them, the one that was set longest ago goes."""

    def __init__(self, width: int) -> None:
        self._row = struct.Struct(f"=8sd{width}d")
        self._secret = secrets.token_bytes(16)
        self._file = os.memfd_create("sekisho-tally", os.MFD_CLOEXEC)
        size = self._row.size * _WAYS * _GROUPS
        os.ftruncate(self._file, size)
        self._memory = mmap.mmap(self._file, size)

    def __enter__(self) -> "SharedTally":
        fcntl.lockf(self._file, fcntl.LOCK_EX)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        fcntl.lockf(self._file, fcntl.LOCK_UN)

    def __len__(self) -> int:
        return sum(self._memory[at : at + 8] != _FREE for at in self._places())

    def get(self, key: str) -> tuple[float, ...] | None:
        mark, group = self._found(key)
        for at in group:
            if self._memory[at : at + 8] == mark:
                return self._row.unpack_from(self._memory, at)[2:]
        return None

    def set(self, key: str, numbers: tuple[float, ...]) -> None:
        mark, group = self._found(key)
        oldest, since = group[0], float("inf")
        for at in group:
            there, then, *_ = self._row.unpack_from(self._memory, at)
            if there == mark:
                oldest = at
                break
            if there == _FREE:
                then = -1.0
            if then < since:
                oldest, since = at, then
        self._row.pack_into(self._memory, oldest, mark, time.monotonic(), *numbers)

    def drop(self, key: str) -> None:
        mark, group = self._found(key)
        for at in group:
            if self._memory[at : at + 8] == mark:
                self._memory[at : at + 8] = _FREE

    def clear(self, column: int) -> None:
        """Take one of its numbers from every key, and forget keys that have none left."""
        for at in self._places():
            mark, then, *numbers = self._row.unpack_from(self._memory, at)
            if mark != _FREE and numbers[column]:
                numbers[column] = 0.0
                self._row.pack_into(self._memory, at, mark if any(numbers) else _FREE, then, *numbers)

    def _places(self) -> range:
        return range(0, len(self._memory), self._row.size)

    def _found(self, key: str) -> tuple[bytes, range]:
        """By what a key is known, and where it can be."""
        digest = hashlib.blake2b(key.encode("utf-8", "replace"), digest_size=12, key=self._secret).digest()
        size = self._row.size
        first = int.from_bytes(digest[8:], "big") % _GROUPS * _WAYS * size
        mark = digest[:8]
        return (mark if mark != _FREE else b"\1" * 8), range(first, first + _WAYS * size, size)


class Tallies:
    """The tallies of one process, by name. `seat` of `seats` is its number among those of its node, from 0: where
    something is counted by process, so that it ends with the process, each has a column of its own."""

    def __init__(
        self, shared: Mapping[str, SharedTally] | None = None, seat: int = 0, seats: int = 1
    ) -> None:
        self._shared = shared
        self.seat = seat
        self.seats = seats

    def of(self, name: str) -> Tally:
        """The tally of this name: everybody's, else a new one of our own."""
        return Tally() if self._shared is None else self._shared[name]

    def added(self, numbers: tuple[float, ...] | None, change: int) -> tuple[float, ...]:
        """What is counted by process, with a change in our column."""
        counts = list(numbers or (0.0,) * self.seats)
        counts[self.seat] = max(0.0, counts[self.seat] + change)
        return tuple(counts)
