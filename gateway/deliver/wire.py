"""The wire to a next hop after its greeting: bytes out with backpressure, replies in, one asyncio protocol.

aiosmtplib sets a connection up (gateway.deliver.next_hop); from then on a Wire reads the transport, because a burst
of pipelined commands has many replies and a content of megabytes must not be copied whole.

Diagnostics: everything that is not a well-formed reply in time raises Broken with a temporary Reply: end of
file, time limit, garbage, a reply nobody asked for. A broken wire is never used again.
"""

import asyncio
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from typing import cast

from mail.cause import Cause
from mail.reply import Reply

CHUNK = 256 * 1024
"""Bytes given to the transport at once: few system calls, and at most this much waits per connection."""

LINE_LIMIT = 4096
REPLY_LIMIT = 64 * 1024
TEXT_LIMIT = 1000
_LINE = re.compile(rb"([2-5][0-9][0-9])(?:([ -])(.*))?", re.DOTALL)
_ENHANCED = re.compile(r"([245])\.([0-9]{1,3})\.([0-9]{1,3})(?:[ \t]+|$)")


class Broken(Exception):
    """The connection, or what came over it, is of no more use. `reply` says so as a temporary failure."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.reason or reply.text)
        self.reply = reply


def lost(text: str, reason: str = "") -> Broken:
    """A broken connection: 451 4.4.2."""
    return Broken(Reply(451, text, 4, 2, reason=reason, cause=Cause.CONNECTION_LOST))


def late(text: str = "The next hop did not answer in time") -> Broken:
    """A time limit that was reached: 451 4.4.7."""
    return Broken(Reply(451, text, 4, 7, cause=Cause.TOO_SLOW))


def nonsense(text: str, reason: str = "") -> Broken:
    """What came is no reply, or none to the command: 451 4.5.0."""
    return Broken(Reply(451, text, 5, 0, reason=reason, cause=Cause.NONSENSE))


class NotCanonical(Exception):
    """The content has a dot after a bare CR or LF: what a lax server would take for the end of the mail."""


def parse_reply(lines: list[bytes]) -> Reply:
    """The reply that these lines (without line ends) say (RFC 5321 §4.2.1, RFC 2034).

    Its text is made printable and is cut at TEXT_LIMIT characters. Raises Broken for what is not a reply.
    """
    code, texts, statuses = 0, [], set()
    for number, line in enumerate(lines):
        found = _LINE.fullmatch(line)
        if found is None or (number and int(found[1]) != code):
            raise nonsense("The next hop sent something that is not a reply")
        code = int(found[1])
        text = (found[3] or b"").decode("utf-8", "replace")
        if not text.isprintable():
            text = "".join(c if c.isprintable() else " " for c in text)
        text = text.strip()
        status = _ENHANCED.match(text)
        if status is not None and int(status[1]) == code // 100:
            statuses.add((int(status[2]), int(status[3])))
            text = text[status.end() :]
        else:
            statuses.add((-1, 0))
        texts.append(text)
    subject, detail = statuses.pop() if len(statuses) == 1 else (-1, 0)
    return Reply(code, "\n".join(texts)[:TEXT_LIMIT], subject, detail)


def stuffed(pieces: Iterable[bytes | memoryview]) -> Iterator[bytes | memoryview]:
    """The content as DATA wants it, in chunks: a dot doubled at each line start, the final dot (RFC 5321 §4.5.2).

    Nothing else changes, except that a content without a last line end gets one. The usual chunk has no dot
    at all (base64), costs a copy in the cache and a
    memchr (looking at the view itself takes eight times as long). Raises NotCanonical before anything doubtful is given out.
    """
    tail = b"\r\n"
    for piece in pieces:
        for start in range(0, len(piece), CHUNK):
            chunk = bytes(piece[start : start + CHUNK])
            if b"." in chunk:
                joined = tail + chunk
                if joined.count(b"\n.") != joined.count(b"\r\n.") or b"\r." in joined:
                    raise NotCanonical
                yield memoryview(joined.replace(b"\r\n.", b"\r\n.."))[len(tail) :]
            else:
                yield chunk
            tail = (tail + chunk[-2:])[-2:]
            if tail.endswith(b"."):  # seen already: not to be seen again with the next chunk
                tail = b""
    yield b".\r\n" if tail == b"\r\n" else b"\r\n.\r\n"


class Wire(asyncio.Protocol):
    """One connection to a next hop, ready for MAIL.

    `extensions` are the EHLO keywords in lower case with their parameters; `tls` is the protocol and cipher
    ("" = clear text). `mails` counts the transactions that used it.
    """

    def __init__(self, transport: asyncio.Transport, extensions: Mapping[str, str], tls: str = "") -> None:
        self.extensions = extensions
        self.tls = tls
        self.mails = 0
        self._transport = transport
        self._loop = asyncio.get_running_loop()
        self._buffer = bytearray()
        self._lines: list[bytes] = []
        self._size = 0
        self._replies: deque[Reply] = deque()
        self._awaited = 0
        self._resets = 0
        self._fault: Broken | None = None
        self._waiter: asyncio.Future[bool] | None = None
        self._paused = False
        transport.set_write_buffer_limits(high=CHUNK)
        transport.set_protocol(self)
        if transport.is_closing():
            self._fail(lost("The next hop closed the connection"))

    @property
    def usable(self) -> bool:
        """True when it may carry another transaction after `ready`: open, and only RSET is to be answered."""
        owed = len(self._replies) + self._awaited
        return self._fault is None and owed == self._resets and (owed > 0 or not self._buffer)

    @property
    def answered(self) -> bool:
        """True when a reply is waiting to be read."""
        return bool(self._replies)

    def write(self, data: bytes | memoryview, replies: int = 0) -> None:
        """Send; `replies` says how many replies these bytes will be answered with."""
        self._awaited += replies
        if data and self._fault is None:
            self._transport.write(data)

    def reset(self) -> None:
        """Say RSET without waiting for its answer: `ready` reads it when the connection is taken again."""
        self._resets += 1
        self.write(b"RSET\r\n", 1)

    async def ready(self, seconds: float) -> bool:
        """True when the next hop has forgotten what came before and the next MAIL may go out."""
        try:
            while self._resets:
                reply = await self.read(seconds)
                self._resets -= 1
                if not 200 <= reply.code < 300:
                    return False
        except Broken:
            return False
        return self.usable

    async def drain(self, seconds: float) -> None:
        """Wait until the transport takes more, or a reply is there. Raises Broken."""
        while self._paused and self._fault is None and not self._replies:
            await self._wait(seconds)
        if self._fault is not None and not self._replies:
            raise self._fault

    async def read(self, seconds: float) -> Reply:
        """The next reply, complete within `seconds`. Raises Broken."""
        deadline = self._loop.time() + seconds
        while not self._replies:
            if self._fault is not None:
                raise self._fault
            await self._wait(deadline - self._loop.time())
        return self._replies.popleft()

    def quit(self) -> None:
        """Say QUIT and close without waiting: nothing more is asked of this connection."""
        if self._fault is None:
            self._transport.write(b"QUIT\r\n")
            self._fault = lost("The connection is closed")
        self._transport.close()

    def abort(self) -> None:
        """Close at once. In the middle of a content this is what tells the next hop to forget it."""
        self._fail(lost("The connection is closed"))

    async def _wait(self, seconds: float) -> None:
        self._waiter = waiter = self._loop.create_future()
        # A timer of the loop costs a third of asyncio.timeout, four times for each mail.
        timer = self._loop.call_later(max(seconds, 0), self._wake, False)
        try:
            in_time = await waiter
        finally:
            timer.cancel()
            self._waiter = None
        if not in_time:
            fault = late()
            self._fail(fault)
            raise fault

    def _wake(self, in_time: bool = True) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(in_time)

    def _fail(self, fault: Broken) -> None:
        self._fault = self._fault or fault
        self._transport.abort()
        self._wake()

    # What the transport calls.

    def data_received(self, data: bytes) -> None:
        if self._fault is not None:
            return
        self._buffer += data
        while (end := self._buffer.find(b"\n")) >= 0:
            line = bytes(self._buffer[:end]).removesuffix(b"\r")
            del self._buffer[: end + 1]
            self._lines.append(line)
            self._size += len(line) + 1
            if line[3:4] != b"-" and not self._complete():
                return
        if len(self._buffer) > LINE_LIMIT or self._size > REPLY_LIMIT:
            self._fail(nonsense("The next hop sent something that is not a reply"))

    def _complete(self) -> bool:
        """The lines so far are a whole reply; False when that broke the wire."""
        lines, self._lines, self._size = self._lines, [], 0
        try:
            reply = parse_reply(lines)
        except Broken as fault:
            self._fail(fault)
            return False
        if not self._awaited:  # such as a 421 on an idle connection
            self._fail(lost("The next hop closed the connection", str(reply)))
            return False
        self._awaited -= 1
        self._replies.append(reply)
        self._wake()
        return True

    def eof_received(self) -> bool:
        self._fail(lost("The next hop closed the connection"))
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self._fault = self._fault or lost("The next hop closed the connection")
        self._wake()

    def pause_writing(self) -> None:
        self._paused = True

    def resume_writing(self) -> None:
        self._paused = False
        self._wake()


def as_transport(transport: asyncio.BaseTransport) -> asyncio.Transport:
    """The transport that aiosmtplib leaves typed too widely."""
    return cast(asyncio.Transport, transport)
