"""Asking: the service as those see it who are in another process.

One small object stands for every verb: it sends what it was called with, and answers what comes back, by the annotations
of the service's own methods. Pages cannot tell it from the service itself.

Diagnostics: what the verb raises; NoAnswer, a StoreError, when there is no answer; wire.Fault.
"""

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import msgspec

from gateway.service import wire
from gateway.service.wire import Malformed, Method
from storage.interfaces import StoreError

SECONDS = 40.0
"""For an answer: more than the service itself takes before it gives up."""
SILENT = 5
"""So many beats (wire.BEAT) without a word of the service, and it is stopped or stuck: nobody waits for the answer."""


class NoAnswer(StoreError):
    """The service does not answer."""


class ServiceLine:
    """A connection to the service; any number of calls are under way at once. `run` reads until it ends."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        service: type,
        *,
        seconds: float = SECONDS,
        beat: float = wire.BEAT,
    ) -> None:
        self.methods = wire.methods(service)
        self._reader = reader
        self._writer = writer
        self._seconds = seconds
        self._beat = beat
        self._heard = 0
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[bytes]] = {}
        self._ended = False

    async def run(self) -> None:
        """Hand answers to those who wait, until the other end closes. Raises Malformed; whoever waits then is told."""
        parts: dict[int, bytearray] = {}
        try:
            async for number, kind, body in wire.frames(
                self._reader, wire.PIECE, (wire.MORE, wire.ANSWER, wire.REFUSED, wire.ALIVE)
            ):
                self._heard += 1
                if kind == wire.ALIVE:
                    continue
                if kind == wire.REFUSED:
                    parts.pop(number, None)
                    self._give(number, wire.error_of(body))
                    continue
                got = parts.setdefault(number, bytearray())
                got += body
                if len(got) > wire.ANSWERED:
                    raise Malformed("an answer without an end")
                if kind == wire.ANSWER:
                    self._give(number, bytes(parts.pop(number)))
        finally:
            self._ended = True
            for waiting in self._waiting.values():
                if not waiting.done():
                    waiting.set_exception(NoAnswer("the service is gone"))
            self._writer.close()
            with suppress(OSError):
                await self._writer.wait_closed()

    def _give(self, number: int, answer: bytes | Exception) -> None:
        waiting = self._waiting.get(number)  # None for whoever has given up
        if waiting is None or waiting.done():
            return
        if isinstance(answer, Exception):
            waiting.set_exception(answer)
        else:
            waiting.set_result(answer)

    async def ask(self, method: Method, token: str, said: dict[str, msgspec.Raw]) -> Any:
        body = wire.encoded(wire.Call(token, method.name, said))
        if self._ended or len(body) > wire.CALLED:
            raise NoAnswer("the service cannot be asked")
        number = next(self._numbers) & 0xFFFFFFFF
        waiting = self._waiting[number] = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(self._seconds):
                self._writer.write(wire.framed(number, wire.CALL, body))
                await self._writer.drain()
                answer = await self._answer(waiting)
        except (TimeoutError, ConnectionError) as error:
            raise NoAnswer(f"no answer ({type(error).__name__})") from None
        finally:
            del self._waiting[number]
        try:
            return method.answer.decode(answer)
        except (msgspec.MsgspecError, ValueError):
            raise NoAnswer("the answer is none") from None

    async def _answer(self, waiting: "asyncio.Future[bytes]") -> bytes:
        """What comes, however long it is worked at; NoAnswer when nothing at all comes. Beats are counted, not seconds: a
        machine that stood still has the same beats at both ends."""
        silent = 0
        while not waiting.done():
            heard = self._heard
            await asyncio.wait({waiting}, timeout=self._beat)
            silent = silent + 1 if heard == self._heard else 0
            if silent >= SILENT and not waiting.done():
                raise NoAnswer("the service says nothing")
        return waiting.result()


class Remote:
    """The service in the name of a token."""

    def __init__(self, line: ServiceLine, token: str) -> None:
        self._line = line
        self._token = token

    def __getattr__(self, name: str) -> Callable[..., Awaitable[Any]]:
        method = self._line.methods.get(name)
        if method is None:
            raise AttributeError(name)
        line, token = self._line, self._token

        async def asked(*given: Any, **named: Any) -> Any:
            return await line.ask(method, token, method.said(*given, **named))

        return asked
