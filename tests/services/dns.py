"""A name server on loopback that answers from a table; real packets, no network.

async with NameServer({("example.jp", "TXT"): ["v=spf1 -all"]}) as server:
    resolver = Dns(("127.0.0.1",), port=server.port)
"""

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from types import TracebackType

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset

from gateway.resolver import TEMPORARY, Dns, DnsAnswer

SERVFAIL, SILENCE = "SERVFAIL", "SILENCE"
SMALL = 512
"""Bytes of an answer over UDP to a client that says nothing else (RFC 1035 §2.3.4)."""
Zone = dict[tuple[str, str], list[str] | str]


class NameServer(asyncio.DatagramProtocol):
    """`zone` maps (name, type) to the records in presentation form, or to SERVFAIL or SILENCE; the type "ANY" stands
    for every type that is not named.

    Unknown names are NXDOMAIN, known names without the type NODATA; CNAME records are followed. TXT records are given
    as their text. What is too large for UDP is truncated there and told over TCP, on the same port. `asked` lists the
    questions in order, `asked_by_tcp` those over TCP, `unanswered` those that met silence. Everything lives for `ttl` seconds.
    """

    def __init__(self, zone: Zone, *, ttl: int = 60, delay: float = 0.0) -> None:
        self.zone = {(_escaped_name(name), kind): value for (name, kind), value in zone.items()}
        self.ttl = ttl
        self.delay = delay
        self.asked: list[tuple[str, str]] = []
        self.asked_by_tcp: list[tuple[str, str]] = []
        self.unanswered: set[tuple[str, str]] = set()
        self.port = 0

    async def __aenter__(self) -> "NameServer":
        loop = asyncio.get_running_loop()
        for _ in range(20):
            self._transport, _ = await loop.create_datagram_endpoint(lambda: self, ("127.0.0.1", 0))
            self.port = self._transport.get_extra_info("sockname")[1]
            try:
                self._streams = await asyncio.start_server(self._stream, "127.0.0.1", self.port)
                return self
            except OSError:  # somebody else has the same number for TCP
                self._transport.close()
        raise OSError("no port is free for both UDP and TCP")

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._transport.close()
        self._streams.close()

    def datagram_received(self, data: bytes, address: tuple[str, int]) -> None:
        query = dns.message.from_wire(data)
        response = self._response(query)
        if response is None:
            return
        limit = query.payload if query.edns >= 0 else SMALL
        wire = response.to_wire(max_size=65535)
        if len(wire) > limit:
            short = dns.message.make_response(query)
            short.flags |= dns.flags.AA | dns.flags.RA | dns.flags.TC
            wire = short.to_wire()
        loop = asyncio.get_running_loop()
        loop.call_later(self.delay, self._send, wire, address)

    def _send(self, wire: bytes, address: tuple[str, int]) -> None:
        if not self._transport.is_closing():
            self._transport.sendto(wire, address)

    async def _stream(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            size = int.from_bytes(await reader.readexactly(2), "big")
            query = dns.message.from_wire(await reader.readexactly(size))
            self.asked_by_tcp.append(_question(query))
            if response := self._response(query):
                wire = response.to_wire(max_size=65535)
                writer.write(len(wire).to_bytes(2, "big") + wire)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    def _response(self, query: dns.message.Message) -> dns.message.Message | None:
        """What is answered, None for silence."""
        name, kind = _question(query)
        self.asked.append((name, kind))
        response = dns.message.make_response(query)
        response.flags |= dns.flags.AA | dns.flags.RA
        owner = query.question[0].name
        for _ in range(30):
            target = self.zone.get((name, "CNAME"))
            if kind == "CNAME" or not isinstance(target, list) or (name, kind) in self.zone:
                break
            response.answer.append(dns.rrset.from_text(owner, self.ttl, "IN", "CNAME", *target))
            owner = response.answer[-1][0].target
            name = owner.to_text(omit_final_dot=True).lower()
        value = self.zone.get((name, kind), self.zone.get((name, "ANY")))
        if value == SILENCE:
            self.unanswered.add(self.asked[-1])
            return None
        if value == SERVFAIL:
            response.set_rcode(dns.rcode.SERVFAIL)
        elif isinstance(value, list):
            texts = [quoted(v) for v in value] if kind == "TXT" else value
            response.answer.append(dns.rrset.from_text(owner, self.ttl, "IN", kind, *texts))
        elif not any(n == name or n.endswith("." + name) for n, _ in self.zone):
            response.set_rcode(dns.rcode.NXDOMAIN)
        return response


class Patient:
    """A resolver of this server's names that waits for an answer however busy the machine is, and not for silence."""

    def __init__(self, server: NameServer) -> None:
        self._server = server
        self._dns = Dns(("127.0.0.1",), port=server.port, lifetime=120)

    async def look_up(self, name: str, kind: str) -> DnsAnswer:
        asking = asyncio.ensure_future(self._dns.look_up(name, kind))
        question = _escaped_name(name.rstrip(".")), kind
        try:
            while not (await asyncio.wait([asking], timeout=0.02))[0]:
                if question in self._server.unanswered:
                    return DnsAnswer(TEMPORARY)
            return asking.result()
        finally:
            asking.cancel()


def _question(query: dns.message.Message) -> tuple[str, str]:
    question = query.question[0]
    return question.name.to_text(omit_final_dot=True).lower(), dns.rdatatype.to_text(question.rdtype)


def _escaped_name(name: str) -> str:
    """The name as questions for it are written: blanks and the like escaped."""
    try:
        return dns.name.from_text(name).to_text(omit_final_dot=True).lower()
    except dns.exception.DNSException:  # nobody can ask for it
        return name.lower()


def quoted(text: str) -> str:
    """A TXT record in presentation form, in strings of at most 255 bytes."""
    data = text.encode()
    strings = [data[i : i + 255] for i in range(0, len(data), 255)] or [b""]
    return " ".join('"' + "".join(map(_escaped, string)) + '"' for string in strings)


def _escaped(byte: int) -> str:
    return chr(byte) if 0x20 <= byte < 0x7F and chr(byte) not in '\\"' else f"\\{byte:03d}"


@contextlib.contextmanager
def name_server(zone: Zone) -> Iterator[NameServer]:
    """A NameServer in a thread of its own, for tests that are not asynchronous."""
    server = NameServer(zone)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    asyncio.run_coroutine_threadsafe(server.__aenter__(), loop).result(10)
    try:
        yield server
    finally:
        asyncio.run_coroutine_threadsafe(server.__aexit__(None, None, None), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
