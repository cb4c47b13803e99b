"""A virus scanner by ICAP (RFC 3507): one connection for each question, the mail as the body of an HTTP response.

    icap = Icap("icap://127.0.0.1:1344/avscan")
    await icap.scan([b"…"])       Heard(names=("Eicar-Signature",)), Heard(lack="malformed")

Only status 204, which we say that we take (Allow: 204), says that nothing was found; only X-Infection-Found of type 0 says what
was. A page in place of the content, or the content once more, without that field is an answer that we do not know: nobody
has looked, then. Nothing here is ever raised. ICAP has no word for how old signatures are: `version` has no date.

Sources: RFC 3507 §4.3.1 (encapsulation, chunks), §4.5 (no preview is asked for), §4.6 (204), §4.10 (OPTIONS);
draft-stecher-icap-subid-00 §3.3 (X-Infection-Found), as c-icap's virus_scan and the products of others answer.
"""

import asyncio
import re
import socket
from collections.abc import Iterable
from contextlib import suppress
from urllib.parse import urlsplit

from gateway.scan.clamd import CHUNK, MAIL, Heard, ScanLack, Version, connected, named

PORT = 1344
"""RFC 3507 §4.2."""
ANSWER = 16_384
"""Most octets of an answer's head; what stands behind it is not read."""
_STATUS = re.compile(r"ICAP/1\.0 ([0-9]{3})(?: |$)")
_INFECTION = re.compile(r"Type=([0-9])\s*;\s*Resolution=[0-9]\s*;\s*Threat=([^;\r\n]{1,200})", re.IGNORECASE)


class Icap:
    """One service. `address` as ScannerSection.icap; `seconds` for the whole of each question."""

    def __init__(self, address: str, seconds: float = 20.0) -> None:
        url = urlsplit(address)
        self._host, self._port = url.hostname or "", url.port or PORT
        self._uri = f"icap://{url.netloc}{url.path}"
        self._seconds = seconds

    async def scan(self, pieces: Iterable[bytes | memoryview], before: bytes = MAIL) -> Heard:
        """What it says of the octets `before` and those of the pieces."""
        request = b"GET http://sekisho.invalid/mail HTTP/1.1\r\nHost: sekisho.invalid\r\n\r\n"
        response = b"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n\r\n"
        parts = f"req-hdr=0, res-hdr={len(request)}, res-body={len(request) + len(response)}"
        head = self._head("RESPMOD", f"Allow: 204\r\nEncapsulated: {parts}\r\n") + request + response
        answer = await self._asked(head, _chunks(before, pieces))
        return answer if isinstance(answer, Heard) else heard(answer)

    async def alive(self, seconds: float) -> bool:
        """Whether it answers at all within so many seconds."""
        try:
            async with asyncio.timeout(seconds):
                return isinstance(await self.version(), Version)
        except TimeoutError:
            return False

    async def version(self) -> Version | Heard:
        """What it calls itself; Heard with a lack when this is no service for responses."""
        answer = await self._asked(self._head("OPTIONS", "Encapsulated: null-body=0\r\n"))
        if isinstance(answer, Heard):
            return answer
        status, fields = _read(answer)
        if status != 200 or "RESPMOD" not in fields.get("methods", ""):
            return Heard(lack=ScanLack.MALFORMED, detail=f"OPTIONS: {answer[:80]!r}")
        return Version(fields.get("service", "")[:80], None)

    def _head(self, method: str, fields: str) -> bytes:
        text = f"{method} {self._uri} ICAP/1.0\r\nHost: {self._host}\r\nConnection: close\r\n{fields}\r\n"
        return text.encode("ascii", "replace")

    async def _asked(self, head: bytes, content: Iterable[bytes] = ()) -> bytes | Heard:
        """The head of the answer, or what went wrong."""
        try:
            async with asyncio.timeout(self._seconds):
                return await self._talk(head, content)
        except TimeoutError:
            return Heard(lack=ScanLack.SILENT, detail=f"no answer in {self._seconds:g} s")

    async def _talk(self, head: bytes, content: Iterable[bytes]) -> bytes | Heard:
        """One connection. A server that knows enough answers before all was sent: that is read all the same."""
        loop = asyncio.get_running_loop()
        try:
            places = await loop.getaddrinfo(self._host, self._port, type=socket.SOCK_STREAM)
            sock = await connected(loop, *places[0][::4])
        except OSError as error:
            return Heard(lack=ScanLack.REFUSED, detail=error.strerror or type(error).__name__)
        with sock:
            with suppress(ConnectionError):
                await loop.sock_sendall(sock, head)
                for chunk in content:
                    await loop.sock_sendall(sock, chunk)
            return await _answer(loop, sock)


def heard(answer: bytes) -> Heard:
    """What the head of an answer to RESPMOD means."""
    status, fields = _read(answer)
    if found := _INFECTION.search(fields.get("x-infection-found", "")):
        name = re.sub(r"[^\x21-\x7e]+", " ", found[2]).strip() or "unnamed"
        # Type 0 is an infection; 1 and 2 are contents that it would or could not look into.
        return named(name) if found[1] == "0" else Heard(lack=ScanLack.LOCKED, detail=name)
    if status == 204:
        return Heard()
    return Heard(lack=ScanLack.MALFORMED, detail=repr(answer[:120]))


def _read(answer: bytes) -> tuple[int, dict[str, str]]:
    """Status and fields of a head, names in lower case; 0 for no head of ICAP."""
    first, *lines = answer.decode("latin-1").split("\r\n")
    match = _STATUS.match(first)
    pairs = (line.partition(":") for line in lines)
    return int(match[1]) if match else 0, {name.strip().lower(): value.strip() for name, _, value in pairs}


async def _answer(loop: asyncio.AbstractEventLoop, sock: socket.socket) -> bytes | Heard:
    answer = b""
    while b"\r\n\r\n" not in answer:
        try:
            more = await loop.sock_recv(sock, ANSWER)
        except OSError as error:
            return Heard(lack=ScanLack.CUT, detail=error.strerror or type(error).__name__)
        if not more:
            return Heard(lack=ScanLack.CUT, detail=f"it ended after {answer[:80]!r}")
        answer += more
        if len(answer) > ANSWER:
            return Heard(lack=ScanLack.MALFORMED, detail=f"a head of more than {ANSWER} octets")
    head = answer.partition(b"\r\n\r\n")[0]
    if head.startswith(b"ICAP/1.0 100"):
        return Heard(lack=ScanLack.MALFORMED, detail="it asks to go on, without a preview")
    return head


def _chunks(before: bytes, pieces: Iterable[bytes | memoryview]) -> Iterable[bytes]:
    """As chunks of HTTP (RFC 9112 §7.1)."""
    for piece in (before, *pieces):
        for at in range(0, len(piece), CHUNK):
            part = bytes(piece[at : at + CHUNK])
            yield b"%x\r\n%s\r\n" % (len(part), part)
    yield b"0\r\n\r\n"
