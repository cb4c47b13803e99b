"""A load generator: mails over a number of SMTP connections on loopback, and how long each reply to the dot took.

It pipelines as other hosts do (MAIL, RCPT, DATA in one write; RFC 2920), over a new connection per mail or over
kept ones. With `login` it starts TLS and logs in once per connection. With `rate` mails start at that pace
(per second), whatever became of the ones before; without it each connection sends one after the other.
"""

import asyncio
import base64
import re
import ssl
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import cast

SECONDS = 30.0
"""Longest time that one reply may take."""
_DOT = re.compile(rb"(?m)^\.")


class Refused(Exception):
    """The peer said something else than what was hoped for."""


@dataclass(frozen=True)
class Load:
    """How to send. `connections` at a time; `kept`: they are opened before the clock starts and used for all mails.
    `source`: the address on loopback that they come from."""

    port: int
    sender: str
    recipient: str
    connections: int = 20
    kept: bool = False
    login: tuple[str, str] | None = None
    rate: float = 0.0
    source: str = "127.0.0.1"


@dataclass
class Result:
    """`begin`: when the first mail could start (time.perf_counter); `replies`: seconds from the dot to its reply."""

    begin: float = 0.0
    replies: list[float] = field(default_factory=list)

    def at(self, share: float) -> float:
        """The reply time that this share of mails did not exceed."""
        ordered = sorted(self.replies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def wire(content: bytes) -> bytes:
    """The content as it follows DATA (RFC 5321 §4.5.2)."""
    if content.startswith(b".") or b"\n." in content:
        content = _DOT.sub(b"..", content)
    return content + b".\r\n"


async def send(load: Load, contents: Sequence[bytes], opened: Callable[[], None] = lambda: None) -> Result:
    """Send all; `opened` is called when the clock starts. Raises Refused at the first mail that is not taken."""
    result = Result()
    waiting = list(reversed([wire(c) for c in contents]))
    context = _trusting() if load.login else None
    width = min(load.connections, len(contents))
    clients: list[_Client | None] = [None] * width
    if load.kept:
        clients = [await _Client.connect(load, context) for _ in range(width)]
    opened()
    result.begin = time.perf_counter()
    started = 0

    async def one_after_the_other(client: _Client | None) -> None:
        nonlocal started
        while waiting:
            content = waiting.pop()
            if load.rate:
                started += 1
                await asyncio.sleep(max(0.0, result.begin + started / load.rate - time.perf_counter()))
            mine = client or await _Client.connect(load, context)
            result.replies.append(await mine.send(load, content))
            if client is None:
                mine.quit()
        if client is not None:
            client.quit()

    async with asyncio.TaskGroup() as group:
        for client in clients:
            group.create_task(one_after_the_other(client))
    return result


class _Client(asyncio.Protocol):
    """One connection: writes, and waits for replies."""

    def __init__(self) -> None:
        self._buffer = b""
        self._codes: list[bytes] = []
        self._wanted = 0
        self._ready: asyncio.Future[None] | None = None
        self._gone = False
        self._transport: asyncio.Transport

    @classmethod
    async def connect(cls, load: Load, context: ssl.SSLContext | None) -> "_Client":
        loop = asyncio.get_running_loop()
        _, self = await loop.create_connection(cls, "127.0.0.1", load.port, local_addr=(load.source, 0))
        await self._replies(b"", 1, b"220")
        await self._replies(b"EHLO load.example\r\n", 1, b"250")
        if context is not None and load.login is not None:
            await self._replies(b"STARTTLS\r\n", 1, b"220")
            transport = await loop.start_tls(self._transport, self, context)
            assert transport is not None
            self._transport = transport
            name, password = load.login
            secret = base64.b64encode(f"\0{name}\0{password}".encode())
            await self._replies(b"EHLO load.example\r\n", 1, b"250")
            await self._replies(b"AUTH PLAIN " + secret + b"\r\n", 1, b"235")
        return self

    async def send(self, load: Load, content: bytes) -> float:
        envelope = f"MAIL FROM:<{load.sender}>\r\nRCPT TO:<{load.recipient}>\r\nDATA\r\n".encode()
        await self._replies(envelope, 3, b"250", b"354")
        start = time.perf_counter()
        await self._replies(content, 1, b"250")
        return time.perf_counter() - start

    def quit(self) -> None:
        self._transport.write(b"QUIT\r\n")
        self._transport.close()

    async def _replies(self, data: bytes, count: int, *hoped: bytes) -> None:
        self._wanted = count
        self._ready = asyncio.get_running_loop().create_future()
        if data:
            self._transport.write(data)
        self._look()
        async with asyncio.timeout(SECONDS):
            await self._ready
        if wrong := [c for c in self._codes[:count] if not c.startswith(hoped)]:
            raise Refused(wrong[0].decode("utf-8", "replace"))
        del self._codes[:count]

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        *lines, self._buffer = (self._buffer + data).split(b"\r\n")
        self._codes += [line for line in lines if line[3:4] != b"-"]
        self._look()

    def connection_lost(self, error: Exception | None) -> None:
        self._gone = True
        self._look()

    def _look(self) -> None:
        if self._ready is None or self._ready.done():
            return
        if len(self._codes) >= self._wanted:
            self._ready.set_result(None)
        elif self._gone:
            self._ready.set_exception(Refused("the connection was closed"))


def _trusting() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
