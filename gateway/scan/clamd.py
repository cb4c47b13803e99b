"""ClamAV's daemon by its socket protocol: one connection for each question, on a Unix or a TCP socket.

    clamd = Clamd("unix:///run/clamav/clamd.ctl")
    await clamd.scan([b"…"])      Heard(names=("Eicar-Signature",)), Heard(lack="limit")
    await clamd.version()          Version("1.4.6", 1_764_400_000.0)

Only the very answer `stream: OK`, to its end, says that nothing was found. Nothing here is ever raised: what went
wrong is a word (ScanLack), with what an operator is told.

Sources: clamd(8), "COMMANDS" (zINSTREAM: chunks of a four-byte length, big-endian, and octets; an empty one ends);
clamav-milter begins a mail with a "From " line, as does this: clamd tells a mail by how it begins, and a mail whose
first field it does not know is a text to it, whose files it never opens.
"""

import asyncio
import re
import socket
import struct
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import msgspec

CHUNK = 64 << 10
"""Octets of one chunk, at most."""
MAIL = b"From sekisho\n"
"""How a mail begins for clamd."""
ANSWER = 4_096
"""Most octets of an answer."""
_LENGTH = struct.Struct("!I")
_FOUND = re.compile(rb"stream: ([\x21-\x7e]{1,200}) FOUND")
_LIMIT = re.compile(
    rb"INSTREAM size limit exceeded\. ERROR|stream: .{0,200}(?:exceeded|too (?:big|large)).{0,200} ERROR"
)
_VERSION = re.compile(r"ClamAV ([0-9A-Za-z.+~-]{1,40})(?:/[0-9]{1,9}/(.{10,40}))?")
NOT_ALL = ("Heuristics.Limits.Exceeded",)
"""How names begin that mean: not everything was looked at."""
LOCKED = ("Heuristics.Encrypted",)


class ScanLack(StrEnum):
    """Why nobody can say that a mail holds no virus."""

    REFUSED = "refused"
    """Nobody listens there, or they hang up at once."""
    SILENT = "silent"
    """No answer in time."""
    BUSY = "busy"
    """It was not this mail's turn in time."""
    STALE = "stale"
    """Its signatures are too old, or nobody knows how old they are."""
    LIMIT = "limit"
    """Larger than the scanner looks at, or with more inside."""
    LOCKED = "locked"
    """The scanner is set to tell of what it cannot open."""
    MALFORMED = "malformed"
    """Another answer than the protocol has, an error of its own among them."""
    CUT = "cut"
    """The connection ended before the answer did."""


PASSING = frozenset(
    {ScanLack.REFUSED, ScanLack.SILENT, ScanLack.BUSY, ScanLack.STALE, ScanLack.MALFORMED, ScanLack.CUT}
)
"""What may be otherwise when the same mail is scanned later."""


class Heard(msgspec.Struct, frozen=True):
    """What the scanner said: names of what it found; or why it did not look to the end, and `detail` for operators."""

    names: tuple[str, ...] = ()
    lack: str = ""
    detail: str = ""


class Version(msgspec.Struct, frozen=True):
    """The scanner's own version, and when its signatures were made (UTC seconds), None when it does not say."""

    engine: str
    made: float | None = None


class Clamd:
    """One daemon. `address` as ScannerSection.clamd; `seconds` for the whole of each question."""

    def __init__(self, address: str, seconds: float = 20.0) -> None:
        kind, _, place = address.partition("://")
        self._path = place if kind == "unix" else ""
        host, _, port = place.rpartition(":")
        self._host, self._port = host.strip("[]"), int(port) if kind == "tcp" else 0
        self._seconds = seconds

    async def scan(self, pieces: Iterable[bytes | memoryview], before: bytes = MAIL) -> Heard:
        """What it says of the octets `before` and those of the pieces; a file has nothing before it."""
        answer = await self._asked(b"zINSTREAM\0", _chunks(before, pieces))
        return answer if isinstance(answer, Heard) else heard(answer)

    async def alive(self, seconds: float) -> bool:
        """Whether it answers at all within so many seconds."""
        try:
            async with asyncio.timeout(seconds):
                return await self._asked(b"zPING\0") == b"PONG"
        except TimeoutError:
            return False

    async def version(self) -> Version | Heard:
        """Its version; Heard with a lack when it does not tell."""
        answer = await self._asked(b"zVERSION\0")
        if isinstance(answer, Heard):
            return answer
        match = _VERSION.fullmatch(answer.decode("ascii", "replace").strip())
        if match is None:
            return Heard(lack=ScanLack.MALFORMED, detail=f"VERSION: {answer[:80]!r}")
        return Version(match[1], _moment(match[2]) if match[2] else None)

    async def _asked(self, command: bytes, content: Iterable[bytes] = ()) -> bytes | Heard:
        """The answer without its end, or what went wrong."""
        try:
            async with asyncio.timeout(self._seconds):
                return await self._talk(command, content)
        except TimeoutError:
            return Heard(lack=ScanLack.SILENT, detail=f"no answer in {self._seconds:g} s")

    async def _talk(self, command: bytes, content: Iterable[bytes]) -> bytes | Heard:
        """One connection. A daemon that has read enough answers and hangs up: that answer is read all the same, which
        asyncio's streams would throw away."""
        loop = asyncio.get_running_loop()
        try:
            sock = await self._connected(loop)
        except OSError as error:
            return Heard(lack=ScanLack.REFUSED, detail=error.strerror or type(error).__name__)
        with sock:
            with suppress(ConnectionError):
                await loop.sock_sendall(sock, command)
                for chunk in content:
                    await loop.sock_sendall(sock, chunk)
            return await _answer(loop, sock)

    async def _connected(self, loop: asyncio.AbstractEventLoop) -> socket.socket:
        if self._path:
            return await connected(loop, socket.AF_UNIX, self._path)
        places = await loop.getaddrinfo(self._host, self._port, type=socket.SOCK_STREAM)
        for family, _, _, _, address in places[:-1]:
            with suppress(OSError):
                return await connected(loop, family, address)
        return await connected(loop, places[-1][0], places[-1][4])


def heard(answer: bytes) -> Heard:
    """What an answer to zINSTREAM means."""
    if answer == b"stream: OK":
        return Heard()
    if match := _FOUND.fullmatch(answer):
        return named(match[1].decode())
    if _LIMIT.fullmatch(answer):
        return Heard(lack=ScanLack.LIMIT, detail=answer.decode("ascii", "replace")[:120])
    return Heard(lack=ScanLack.MALFORMED, detail=repr(answer[:120]))


def named(name: str) -> Heard:
    """What it means that ClamAV found something of this name."""
    if name.startswith(NOT_ALL):
        return Heard(lack=ScanLack.LIMIT, detail=name)
    return Heard(lack=ScanLack.LOCKED, detail=name) if name.startswith(LOCKED) else Heard((name,))


async def connected(loop: asyncio.AbstractEventLoop, family: int, address: Any) -> socket.socket:
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setblocking(False)
        await loop.sock_connect(sock, address)
    except BaseException:
        sock.close()
        raise
    return sock


async def _answer(loop: asyncio.AbstractEventLoop, sock: socket.socket) -> bytes | Heard:
    """Up to the octet that ends it; nothing may follow."""
    answer = b""
    while b"\0" not in answer:
        try:
            more = await loop.sock_recv(sock, ANSWER)
        except OSError as error:
            return Heard(lack=ScanLack.CUT, detail=error.strerror or type(error).__name__)
        if not more:
            said = f"it ended after {answer[:80]!r}" if answer else "it hung up without an answer"
            return Heard(lack=ScanLack.CUT, detail=said)
        answer += more
        if len(answer) > ANSWER:
            return Heard(lack=ScanLack.MALFORMED, detail=f"an answer of more than {ANSWER} octets")
    answer, _, behind = answer.partition(b"\0")
    return Heard(lack=ScanLack.MALFORMED, detail="more than one answer") if behind else answer


def _chunks(before: bytes, pieces: Iterable[bytes | memoryview]) -> Iterable[bytes]:
    if before:
        yield _LENGTH.pack(len(before)) + before
    for piece in pieces:
        for at in range(0, len(piece), CHUNK):
            part = piece[at : at + CHUNK]
            yield _LENGTH.pack(len(part)) + bytes(part)
    yield _LENGTH.pack(0)


def _moment(text: str) -> float | None:
    """When signatures were made, such as "Sun Nov 29 09:23:34 2026": its host's own time, taken as UTC."""
    try:
        return datetime.strptime(text.strip(), "%a %b %d %H:%M:%S %Y").replace(tzinfo=UTC).timestamp()
    except ValueError:
        return None
