"""A scripted SMTP or LMTP next hop on loopback: real sockets and TLS, records what it took.

    async with Sink({"RCPT": ["250 ok", "550 5.1.1 no"], "DOT": Act.CLOSE}) as sink:
        hop = NextHop(host="127.0.0.1", port=sink.port)

The script maps a moment to what happens there: a reply, an Act, or a list with one entry per occurrence
(None and "past the end" = as usual). Moments: CONNECT, EHLO, STARTTLS, TLS (the handshake), AUTH, MAIL, RCPT,
DATA, BODY (after the first bytes of the content), DOT, RSET, QUIT, NOOP.
"""

import asyncio
import base64
import ssl
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from types import TracebackType
from typing import Self


class Act(Enum):
    HANG = auto()  # say nothing until the client goes
    CLOSE = auto()  # close without a reply; at DOT the mail was taken
    RESET = auto()  # close with RST
    GARBAGE = auto()  # answer what is not a reply
    ENDLESS = auto()  # a line without an end
    TRICKLE = auto()  # the usual reply, byte by byte, for ever too slow
    UNASKED = auto()  # the usual reply and one more
    INJECTED = auto()  # at STARTTLS: clear text behind the 220, in the same segment


Step = str | Act | None


@dataclass
class Taken:
    """A mail that the sink took: envelope as on the wire, content as unstuffed bytes."""

    mail: bytes
    rcpts: list[bytes]
    content: bytes = b""
    tls: str = ""
    login: str = ""
    connection: int = 0

    @property
    def reverse_path(self) -> bytes:
        return self.mail.partition(b"<")[2].rpartition(b">")[0]

    @property
    def recipients(self) -> list[bytes]:
        return [line.partition(b"<")[2].rpartition(b">")[0] for line in self.rcpts]


class _Gone(Exception):
    pass


@dataclass
class Sink:
    script: dict[str, Step | Sequence[Step]] = field(default_factory=dict)
    extensions: Sequence[str] = (
        "PIPELINING",
        "8BITMIME",
        "SMTPUTF8",
        "SIZE 52428800",
        "DSN",
        "ENHANCEDSTATUSCODES",
    )
    tls: ssl.SSLContext | None = None
    implicit: bool = False
    lmtp: bool = False
    helo_only: bool = False
    logins: dict[str, str] = field(default_factory=dict)
    bursts: list[bytes] = field(default_factory=list)
    """What single reads brought: shows pipelining."""
    commands: list[bytes] = field(default_factory=list)
    mails: list[Taken] = field(default_factory=list)
    connections: int = 0
    hung: int = 0
    """How often it came to a HANG."""
    port: int = 0

    def __post_init__(self) -> None:
        self._seen: Counter[str] = Counter()
        self._writers: set[asyncio.StreamWriter] = set()
        self.gone = asyncio.Event()
        self.over = asyncio.Event()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(
            self._serve, "127.0.0.1", self.port, ssl=self.tls if self.implicit else None
        )
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        self.over.set()
        self.hang_up()
        await asyncio.sleep(0)

    def hang_up(self) -> None:
        """Close all connections, as a restart of the next hop does."""
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()

    @property
    def open(self) -> int:
        return len(self._writers)

    def verbs(self) -> list[str]:
        return [line.split(b" ")[0].split(b":")[0].decode().upper() for line in self.commands]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._writers.add(writer)
        try:
            await _Conversation(self, reader, writer, self.connections).run()
        except (_Gone, OSError, asyncio.IncompleteReadError, ssl.SSLError):
            pass
        finally:
            self._writers.discard(writer)
            writer.transport.abort()
            self.gone.set()

    def step(self, moment: str) -> Step:
        step = self.peek(moment)
        self._seen[moment] += 1
        return step

    def peek(self, moment: str) -> Step:
        at = self._seen[moment]
        entry = self.script.get(moment)
        if entry is None or isinstance(entry, str | Act):
            return entry
        return entry[at] if at < len(entry) else None


class _Conversation:
    def __init__(
        self, sink: Sink, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, number: int
    ) -> None:
        self.sink, self.reader, self.writer, self.number = sink, reader, writer, number
        self.buffer = b""
        self.login = ""
        self.current: Taken | None = None

    @property
    def secured(self) -> str:
        cipher = self.writer.get_extra_info("cipher")
        return cipher[1] if cipher else ""

    async def fill(self) -> None:
        data = await self.reader.read(1 << 20)
        if not data:
            raise _Gone
        self.sink.bursts.append(data)
        self.buffer += data

    async def line(self) -> bytes:
        while b"\r\n" not in self.buffer:
            await self.fill()
        line, _, self.buffer = self.buffer.partition(b"\r\n")
        return line

    async def content(self) -> bytes:
        """The content up to its final dot, unstuffed (RFC 5321 §4.5.2)."""
        data = b""
        first = True
        while True:
            if first and self.buffer:
                first = False
                await self.act("BODY", "")
            data += self.buffer
            self.buffer = b""
            end = 0 if data.startswith(b".\r\n") else data.find(b"\r\n.\r\n", max(0, 0))
            if end >= 0:
                cut = end + (3 if data.startswith(b".\r\n") and end == 0 else 5)
                self.buffer = data[cut:]
                raw = b"" if cut == 3 else data[: end + 2]
                lines = raw.split(b"\r\n")
                return b"\r\n".join(part.removeprefix(b".") for part in lines)
            await self.fill()

    def say(self, *lines: str) -> None:
        self.writer.write("".join(line + "\r\n" for line in lines).encode())

    async def act(self, moment: str, usual: str) -> bool:
        """Do what the script says; True when that was the usual."""
        step = self.sink.step(moment)
        if step is None:
            if usual:
                self.say(*usual.split("\n"))
            return True
        if isinstance(step, str):
            self.say(*step.split("\n"))
            if step.startswith("421"):
                await self.writer.drain()
                raise _Gone
            return step[:1] == usual[:1]
        if step is Act.HANG:
            self.sink.hung += 1
            if moment in ("BODY", "TLS"):  # does not even read
                await self.sink.over.wait()
            await self._silence()
        elif step is Act.GARBAGE:
            self.say("Hello, this is no SMTP")
            return False
        elif step is Act.ENDLESS:
            self.writer.write(b"250-" + b"x" * 200_000)
            await self._silence()
        elif step is Act.TRICKLE:
            for byte in usual.encode() * 50:
                self.writer.write(bytes([byte]))
                await asyncio.sleep(0.05)
        elif step is Act.UNASKED:
            self.say(*usual.split("\n"), "250 2.0.0 and one more")
            return True
        elif step is Act.INJECTED:
            self.say(usual, "250-evil.example", "250 AUTH PLAIN", "250 2.0.0 injected")
            return True
        elif step is Act.RESET:
            self.writer.transport.abort()
        raise _Gone

    async def _silence(self) -> None:
        while await self.reader.read(1 << 20):
            pass
        raise _Gone

    async def run(self) -> None:
        if not await self.act("CONNECT", "220 sink.example ESMTP"):
            await self._silence()
        while True:
            line = await self.line()
            self.sink.commands.append(line)
            verb = line[:4].upper()
            if verb in (b"EHLO", b"LHLO"):
                await self.hello(verb)
            elif verb == b"HELO":
                self.say("250 sink.example")
            elif line.upper() == b"STARTTLS":
                await self.starttls()
            elif verb == b"AUTH":
                await self.auth(line)
            elif verb == b"MAIL":
                if self.current is not None:
                    self.say("503 5.5.1 nested MAIL")
                elif await self.act("MAIL", "250 2.1.0 ok"):
                    self.current = Taken(line, [], tls=self.secured, login=self.login, connection=self.number)
            elif verb == b"RCPT":
                if self.current is None:
                    self.say("503 5.5.1 MAIL first")
                elif await self.act("RCPT", "250 2.1.5 ok"):
                    self.current.rcpts.append(line)
            elif verb == b"DATA":
                if self.current is None or not self.current.rcpts:
                    self.say("503 5.5.1 no valid recipients")
                elif await self.act("DATA", "354 go"):
                    await self.take(self.current)
            elif verb == b"RSET":
                self.current = None
                await self.act("RSET", "250 2.0.0 ok")
            elif verb == b"QUIT":
                await self.act("QUIT", "221 2.0.0 bye")
                await self.writer.drain()
                return
            else:
                self.say("500 5.5.2 what?")

    async def take(self, taken: Taken) -> None:
        await self.writer.drain()
        taken.content = await self.content()
        self.current = None
        for number in range(len(taken.rcpts) if self.sink.lmtp else 1):
            mine = replace(taken, rcpts=[taken.rcpts[number]]) if self.sink.lmtp else taken
            if self.sink.peek("DOT") is Act.CLOSE:  # the mail is taken, only the reply is lost
                self.sink.mails.append(mine)
            if await self.act("DOT", "250 2.0.0 taken"):
                self.sink.mails.append(mine)

    async def hello(self, verb: bytes) -> None:
        if (verb == b"LHLO") != self.sink.lmtp or self.sink.helo_only:
            self.say("500 5.5.1 unknown command")
            return
        offered = ["sink.example", *self.sink.extensions]
        if self.sink.tls is not None and not self.secured:
            offered.append("STARTTLS")
        if self.sink.logins:
            offered.append("AUTH PLAIN LOGIN")
        lines = [f"250-{word}" for word in offered[:-1]] + [f"250 {offered[-1]}"]
        await self.act("EHLO", "\n".join(lines))

    async def starttls(self) -> None:
        if await self.act("STARTTLS", "220 2.0.0 go") and self.sink.tls is not None:
            await self.act("TLS", "")
            self.buffer = b""
            await self.writer.start_tls(self.sink.tls)

    async def auth(self, line: bytes) -> None:
        words = line.split(b" ")
        if len(words) < 3:
            self.say("334 ")
            words.append(await self.line())
        if words[1].upper() == b"PLAIN":
            _, name, password = base64.b64decode(words[2]).decode().split("\0")
        else:
            self.say("334 UGFzc3dvcmQ6")
            name, password = (base64.b64decode(w).decode() for w in (words[2], await self.line()))
        if self.sink.logins.get(name) == password and await self.act("AUTH", "235 2.7.0 ok"):
            self.login = name
        elif self.sink.logins.get(name) != password:
            self.say("535 5.7.8 no")
