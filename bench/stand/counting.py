"""What a piece of work asks of Python: counted, not timed, so that a loaded machine says the same."""

import ctypes
import gc
import shutil
import sqlite3
import sys
from collections import Counter
from collections.abc import Callable
from types import FrameType
from typing import Any

from bench.stand.compiled import compiled

_library: list[ctypes.PyDLL] = []


def blocks(work: Callable[[], object]) -> int | None:
    """Blocks of memory that the work asked for; None without a compiler."""
    return _counted(work, "blocks")


def octets(work: Callable[[], object]) -> int | None:
    """Bytes of all blocks that the work asked for, in any thread, a block that grew anew each time: in multiples of what it
    works on, how often that was copied. Mapped files do not count. None without a compiler."""
    return _counted(work, "octets")


def _counted(work: Callable[[], object], what: str) -> int | None:
    if not shutil.which("cc"):
        return None
    if not _library:
        _library.append(ctypes.PyDLL(str(compiled("blocks"))))
    counter = ctypes.c_longlong.in_dll(_library[0], what)
    gc.collect()
    gc.disable()
    _library[0].start()
    try:
        before = counter.value
        work()
        return counter.value - before
    finally:
        _library[0].stop()
        gc.enable()


class Calls:
    """Counts, while its `event` is the profile function of a thread:

    calls     of functions written in Python
    c calls   of functions written in C
    re2       of RE2, whatever they look for
    encodes   of str.encode
    """

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()

    def event(self, frame: FrameType, event: str, argument: Any) -> None:
        if event == "call":
            self.counts["calls"] += 1
        elif event == "c_call":
            self.counts["c calls"] += 1
            if argument.__name__ == "encode":
                self.counts["encodes"] += 1
            elif "_re2" in str(getattr(argument, "__module__", "") or type(argument.__self__).__module__):
                self.counts["re2"] += 1


def calls(work: Callable[[], object]) -> Counter[str]:
    """Calls that the work makes in this thread."""
    counting = Calls()
    gc.collect()
    gc.disable()
    sys.setprofile(counting.event)
    try:
        work()
    finally:
        sys.setprofile(None)
        gc.enable()
    return counting.counts


class Statements:
    """Counts the statements that SQLite runs, of every connection made after `install`."""

    def __init__(self) -> None:
        self.count = 0

    def install(self) -> None:
        connect = sqlite3.connect

        def connected(*arguments: Any, **named: Any) -> sqlite3.Connection:
            connection: sqlite3.Connection = connect(*arguments, **named)
            connection.set_trace_callback(self._seen)
            return connection

        sqlite3.connect = connected  # type: ignore[assignment]

    def _seen(self, _statement: str) -> None:
        self.count += 1
