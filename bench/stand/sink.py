"""Where all peers hand over: sink.c takes mail and forgets it."""

import asyncio
import contextlib
import mmap
import struct
import subprocess
import tempfile
from collections.abc import AsyncIterator

from bench.stand.compiled import compiled
from bench.stand.process import ended, free_port, listening

_COUNTERS = struct.Struct("=QQ")


class Sink:
    """What it has taken so far."""

    def __init__(self, port: int, counters: mmap.mmap) -> None:
        self.port = port
        self._counters = counters

    @property
    def mails(self) -> int:
        return int(_COUNTERS.unpack_from(self._counters)[0])

    @property
    def last(self) -> float:
        """When the last mail ended (time.perf_counter)."""
        return float(_COUNTERS.unpack_from(self._counters)[1]) / 1e9

    async def reached(self, count: int, seconds: float) -> None:
        """Wait for the count. Raises TimeoutError when none has come for so many seconds."""
        while (before := self.mails) < count:
            try:
                async with asyncio.timeout(seconds):
                    while self.mails == before:
                        await asyncio.sleep(0.005)
            except TimeoutError:
                raise TimeoutError(f"{self.mails} of {count} mails reached the sink") from None


@contextlib.asynccontextmanager
async def sink() -> AsyncIterator[Sink]:
    port = free_port()
    with tempfile.NamedTemporaryFile(prefix="sekisho-sink-") as file:
        process = subprocess.Popen([compiled("sink"), str(port), file.name])
        try:
            await listening(port, process)
            with mmap.mmap(file.fileno(), _COUNTERS.size) as counters:
                yield Sink(port, counters)
        finally:
            ended(process)
