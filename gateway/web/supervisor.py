"""The node's end of the console's process: it is started, answered, and started again when it ends.

While there is none, connections wait in the listening socket, which is the node's; mail does not wait for anything here.

Diagnostics: CONSOLE_ENDED with the exit status and when the next one starts.
"""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress

import structlog

from config.log_events import LogEvent
from gateway.service import wire
from gateway.service.serving import Answering
from gateway.web.setup import ConsoleSetup, told

log = structlog.get_logger()

PAUSES = (0.5, 2.0, 10.0, 60.0)
"""Seconds before the next start, when one soon follows the other."""
STEADY = 60.0
"""Seconds after which a process has proved itself: its end is the first again."""
ENDING = 5.0
"""Seconds that it gets to end by itself."""


class ConsoleProcess:
    """`offer`: the service in the name of a token; `service`: the class whose verbs that has."""

    def __init__(
        self,
        listening: socket.socket,
        setup: ConsoleSetup,
        offer: Callable[[str], object],
        service: type,
        pauses: tuple[float, ...] = PAUSES,
    ) -> None:
        self._listening = listening
        self._setup = setup
        self._offer = offer
        self._methods = wire.methods(service)
        self._pauses = pauses
        self._process: asyncio.subprocess.Process | None = None
        self._stopping, self._over = asyncio.Event(), asyncio.Event()

    @property
    def pid(self) -> int | None:
        """Of the process that runs now."""
        return self._process.pid if self._process is not None else None

    async def run(self) -> None:
        """Until `stop`: one process after the other."""
        try:
            await self._keep_running()
        finally:
            self._over.set()

    async def stop(self) -> None:
        """Let the process finish what it answers, or end it when that takes too long; `run` is over then."""
        self._stopping.set()
        self._signal(signal.SIGTERM)
        asyncio.get_running_loop().call_later(ENDING, self._signal, signal.SIGKILL)
        await self._over.wait()

    async def _keep_running(self) -> None:
        loop, soon = asyncio.get_running_loop(), 0
        while not self._stopping.is_set():
            began = loop.time()
            status = await self._one()
            if self._stopping.is_set():
                return
            soon = 0 if loop.time() - began > STEADY else soon + 1
            pause = self._pauses[min(max(soon - 1, 0), len(self._pauses) - 1)]
            log.error(LogEvent.CONSOLE_ENDED, status=status, again_in=pause)
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._stopping.wait()

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None:
            with suppress(ProcessLookupError):
                self._process.send_signal(number)

    async def _one(self) -> int | None:
        """Start a process and answer it until it ends; its exit status, None when it could not be started."""
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                self._process = process = await started(theirs.fileno(), self._listening.fileno())
        except OSError as error:
            ours.close()
            log.error(LogEvent.CONSOLE_ENDED, error=str(error))
            return None
        reader, writer = await asyncio.open_unix_connection(sock=ours)
        try:
            writer.write(told(self._setup))
            if self._stopping.is_set():
                process.terminate()
            await Answering(reader, writer, self._offer, self._methods).serve()
            return await self._ended(process)
        finally:
            self._process = None
            with suppress(ProcessLookupError):
                process.kill()
            writer.close()

    async def _ended(self, process: asyncio.subprocess.Process) -> int:
        """Its channel is closed: it ends, or is ended."""
        try:
            async with asyncio.timeout(ENDING):
                return await process.wait()
        except TimeoutError:
            with suppress(ProcessLookupError):
                process.kill()
            return await process.wait()


async def started(channel: int, listening: int) -> asyncio.subprocess.Process:
    """A process that has these two descriptors of ours."""
    return await asyncio.create_subprocess_exec(
        sys.executable, "-I", "-B", "-m", "gateway.web.process", str(channel), str(listening), str(os.getpid()),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        env=_environment(os.environ),
        pass_fds=(channel, listening),
        start_new_session=True,
    )  # fmt: skip


def _environment(ours: Mapping[str, str]) -> dict[str, str]:
    """What Python needs, and nothing that we were told in ours: secrets may stand there."""
    kept = {name: ours[name] for name in ("PATH", "TZ", "TZDIR", "PYTHONTZPATH") if name in ours}
    return {**kept, "LANG": "C.UTF-8"}
