"""Answering: one connection of those who ask, in the process that has the database.

Diagnostics: SERVICE_MALFORMED when something came that no end of ours sends (the connection ends); SERVICE_FAILED with
the traceback of what a verb raised and nobody foresaw; nothing of it goes to whoever asked.
"""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import structlog

from config.log_events import LogEvent
from gateway.service import wire
from gateway.service.wire import Call, Frame, Malformed, Method, Refusal
from quarantine.store import Missing
from storage.interfaces import StoreError

log = structlog.get_logger()

AT_ONCE = 32
"""Calls of one connection that are worked at; the next is read when one of them is over."""
UNREAD = 128 << 20
"""Octets of answers that may wait to be read before further ones are refused."""
ENDING = 2.0
"""Seconds that what was said last may take to be read when a connection ends."""
SECONDS = 30.0
"""For one call. Trying a password takes as long as an examination."""


class Answering:
    """`offer`: the service in the name of a token. `methods`: what may be called."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        offer: Callable[[str], object],
        methods: Mapping[str, Method],
        *,
        seconds: float = SECONDS,
        beat: float = wire.BEAT,
        who: str = "console",
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._offer = offer
        self._methods = methods
        self._seconds = seconds
        self._beat = beat
        self._working = 0
        self._who = who
        self._room = asyncio.Semaphore(AT_ONCE)
        self._writing = asyncio.Lock()
        self._unread = 0

    async def serve(self) -> None:
        """Until the other end goes, or says something that it cannot mean. What is being worked at then is given up."""
        try:
            async with asyncio.TaskGroup() as calls:
                calls.create_task(self._live())
                try:
                    await self._read(calls)
                except Malformed as error:
                    log.error(LogEvent.SERVICE_MALFORMED, who=self._who, what=str(error))
                except Exception as error:  # whatever comes from there, it is no end of the node
                    log.error(LogEvent.SERVICE_MALFORMED, who=self._who, what=type(error).__name__)
                raise _Over
        except* _Over:
            pass
        finally:
            self._writer.close()
            with suppress(OSError, TimeoutError):
                async with asyncio.timeout(ENDING):
                    await self._writer.wait_closed()
            self._writer.transport.abort()  # who does not read what was said is not waited for

    async def _live(self) -> None:
        """Say that we are there, as long as somebody waits."""
        while True:
            await asyncio.sleep(self._beat)
            if self._working:
                await self._write(wire.framed(0, wire.ALIVE, b""))

    async def _read(self, calls: asyncio.TaskGroup) -> None:
        numbers: set[int] = set()
        async for frame in wire.frames(self._reader, wire.CALLED, (wire.CALL,)):
            call = wire.call_of(frame.body)
            method = self._methods.get(call.verb)
            if method is None or frame.number in numbers:
                raise Malformed(f"a call of {call.verb[:40]!r}")
            arguments = method.heard(call.said)
            await self._room.acquire()
            numbers.add(frame.number)
            self._working += 1
            task = calls.create_task(self._work(frame, call, arguments))
            task.add_done_callback(lambda _, number=frame.number: self._over(numbers, number))  # type: ignore[misc]

    def _over(self, numbers: set[int], number: int) -> None:
        numbers.discard(number)
        self._working -= 1
        self._room.release()

    async def _work(self, frame: Frame, call: Call, arguments: Mapping[str, Any]) -> None:
        try:
            # Whoever opens a page may send such a text: it is refused, and no end of the connection.
            if any(isinstance(said, str) and len(said) > wire.TEXT for said in arguments.values()):
                raise Missing("nothing has so long a name")
            async with asyncio.timeout(self._seconds):
                value = await getattr(self._offer(call.token), call.verb)(**arguments)
            answer = wire.encoded(value)
            if len(answer) > wire.ANSWERED:
                raise StoreError("the answer is too long")
            if self._unread and self._unread + len(answer) > UNREAD:
                raise StoreError("earlier answers wait to be read")
        except Exception as error:
            refusal = wire.refusal_of(
                StoreError("it took too long") if isinstance(error, TimeoutError) else error
            )
            if refusal is None:
                log.error(LogEvent.SERVICE_FAILED, verb=call.verb, exc_info=error)
            body = wire.encoded(refusal or Refusal("Fault"))
            await self._write(wire.framed(frame.number, wire.REFUSED, body))
        else:
            self._unread += len(answer)
            try:
                for piece in wire.pieces(frame.number, answer):
                    await self._write(piece)
            finally:
                self._unread -= len(answer)

    async def _write(self, data: bytes) -> None:
        """One frame; others of this connection go between two of an answer."""
        async with self._writing:
            try:
                async with asyncio.timeout(self._seconds):
                    self._writer.write(data)
                    await self._writer.drain()
            except TimeoutError:
                self._writer.transport.abort()
            except (ConnectionError, RuntimeError):  # the asker is gone: reading ends, too
                pass


class _Over(Exception):
    """The connection has ended."""
