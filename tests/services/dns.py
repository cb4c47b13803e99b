"""A name server on loopback that answers from a table; real packets, no network.

async with NameServer({("example.jp", "TXT"): ["v=spf1 -all"]}) as server:
    resolver = Dns(("127.0.0.1",), port=server.port)
"""

import asyncio
from types import TracebackType

import dns.flags
import dns.message
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset

SERVFAIL, SILENCE = "SERVFAIL", "SILENCE"


class NameServer(asyncio.DatagramProtocol):
    """`zone` maps (name, type) to the records in presentation form, or to SERVFAIL or SILENCE.

    Unknown names are NXDOMAIN, known names without the type NODATA. TXT records are given as their text.
    `asked` lists the questions in order.
    """

    def __init__(self, zone: dict[tuple[str, str], list[str] | str]) -> None:
        self.zone = {(name.lower(), kind): value for (name, kind), value in zone.items()}
        self.asked: list[tuple[str, str]] = []
        self.port = 0

    async def __aenter__(self) -> "NameServer":
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(lambda: self, ("127.0.0.1", 0))
        self.port = self._transport.get_extra_info("sockname")[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._transport.close()

    def datagram_received(self, data: bytes, address: tuple[str, int]) -> None:
        query = dns.message.from_wire(data)
        question = query.question[0]
        name = question.name.to_text(omit_final_dot=True).lower()
        kind = dns.rdatatype.to_text(question.rdtype)
        self.asked.append((name, kind))
        value = self.zone.get((name, kind))
        if value == SILENCE:
            return
        response = dns.message.make_response(query)
        response.flags |= dns.flags.AA | dns.flags.RA
        if value == SERVFAIL:
            response.set_rcode(dns.rcode.SERVFAIL)
        elif isinstance(value, list):
            texts = [quoted(v) for v in value] if kind == "TXT" else value
            response.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, *texts))
        elif not any(n == name for n, _ in self.zone):
            response.set_rcode(dns.rcode.NXDOMAIN)
        self._transport.sendto(response.to_wire(), address)


def quoted(text: str) -> str:
    """A TXT record in presentation form, in strings of at most 255 bytes."""
    escaped = [text[i : i + 255].replace("\\", "\\\\").replace('"', '\\"') for i in range(0, len(text), 255)]
    return " ".join(f'"{t}"' for t in escaped)
