"""PROXY headers: what is one, whom it names, what is refused, and what is left for those who read on."""

import asyncio
import contextlib
import ssl
import struct
from collections.abc import Callable, Iterable, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import structlog
from aiosmtpd.proxy_protocol import get_proxy
from hypothesis import given
from hypothesis import strategies as st

from config.log_events import LogEvent
from config.settings import LimitsSection
from gateway.listen import proxy
from gateway.listen.proxy import SIGNATURE, BadHeader, client, crc32c
from mail.networks import plain_address
from tests.dialogues.stand import client_context, standing

FOUR = IPv4Address("192.0.2.7").packed + IPv4Address("192.0.2.1").packed + struct.pack("!HH", 4711, 25)
SIX = IPv6Address("2001:db8::7").packed + IPv6Address("2001:db8::1").packed + struct.pack("!HH", 4711, 25)
MAPPED = IPv6Address("::ffff:192.0.2.7").packed + bytes(16) + struct.pack("!HH", 4711, 25)
UNIX = b"/run/one".ljust(108, b"\0") + b"/run/two".ljust(108, b"\0")
OWN = ""
"""The connection's own address counts."""


def v2(tail: bytes = b"", *, command: int = 0x21, family: int = 0x11, length: int | None = None) -> bytes:
    size = len(tail) if length is None else length
    return SIGNATURE + struct.pack("!BBH", command, family, size) + tail


def tlv(kind: int, value: bytes) -> bytes:
    return struct.pack("!BH", kind, len(value)) + value


def summed(tail: bytes, *, family: int = 0x11, before: bytes = b"", after: bytes = b"") -> bytes:
    """A header with a right checksum among its parameters."""
    blank = v2(tail + before + tlv(3, bytes(4)) + after, family=family)
    return v2(tail + before + tlv(3, crc32c(blank).to_bytes(4, "big")) + after, family=family)


def v1(line: str) -> bytes:
    return line.encode() + b"\r\n"


TLVS = (
    tlv(0x01, b"smtp")
    + tlv(0x05, b"id-1")
    + tlv(0xEE, bytes(300))
    + tlv(0x20, b"\x07\0\0\0\0" + tlv(0x22, b"x"))
)
ACCEPTED = {
    "IPv4": (v2(FOUR), "192.0.2.7"),
    "IPv6": (v2(SIX, family=0x21), "2001:db8::7"),
    "IPv4 in IPv6": (v2(MAPPED, family=0x21), "192.0.2.7"),
    "parameters, known and not": (v2(FOUR + TLVS), "192.0.2.7"),
    "parameters behind IPv6": (v2(SIX + TLVS, family=0x21), "2001:db8::7"),
    "an empty parameter": (v2(FOUR + tlv(0x04, b"")), "192.0.2.7"),
    "SSL without its octets": (v2(FOUR + tlv(0x20, b"")), "192.0.2.7"),
    "padding to the longest": (v2(FOUR + tlv(0x04, bytes(0xFFFF - 15))), "192.0.2.7"),
    "a checksum": (summed(FOUR), "192.0.2.7"),
    "a checksum between others": (summed(SIX, family=0x21, before=TLVS, after=TLVS), "2001:db8::7"),
    "LOCAL": (v2(command=0x20, family=0), OWN),
    "LOCAL with an address": (v2(FOUR, command=0x20), OWN),
    "LOCAL of a family that has no number": (v2(b"xyz", command=0x20, family=0xF7), OWN),
    "LOCAL with less than an address": (v2(b"\1", command=0x20), OWN),
    "UNSPEC": (v2(family=0), OWN),
    "UNSPEC with parameters": (v2(TLVS, family=0), OWN),
    "v1, IPv4": (v1("PROXY TCP4 192.0.2.7 192.0.2.1 4711 25"), "192.0.2.7"),
    "v1, IPv6": (v1("PROXY TCP6 2001:db8::7 2001:db8::1 65535 0"), "2001:db8::7"),
    "v1, unknown": (v1("PROXY UNKNOWN"), OWN),
    "v1, unknown with anything": (v1("PROXY UNKNOWN ffff:f.f.f x 1 2 3"), OWN),
}  # fmt: skip
REFUSED = {
    "no header": b"EHLO client.example\r\n",
    "one octet of the signature": b"\r\n\r\n\x00\r\nQUIX\n" + v2(FOUR)[12:],
    "the signature's beginning and then SMTP": b"\r\n\r\n\x00\r" + b"EHLO client.example\r\n",
    "version 1 in version 2": v2(FOUR, command=0x11),
    "version 3": v2(FOUR, command=0x31),
    "an unknown command": v2(FOUR, command=0x22),
    "AF_UNIX": v2(UNIX, family=0x31),
    "a datagram": v2(FOUR, family=0x12),
    "a family without a protocol": v2(FOUR, family=0x10),
    "a protocol without a family": v2(family=0x01),
    "a family that has no number": v2(FOUR, family=0x41),
    "IPv4 cut off": v2(FOUR[:-1]),
    "IPv6 cut off": v2(SIX[:-1], family=0x21),
    "IPv6 that is IPv4": v2(FOUR, family=0x21),
    "half a parameter's head": v2(FOUR + b"\1\0"),
    "a parameter that is longer than the header": v2(FOUR + b"\1\0\5abcd"),
    "a parameter that says it is all": v2(FOUR + b"\1\xff\xff"),
    "a wrong checksum": v2(FOUR + tlv(3, b"abcd")),
    "a checksum of five octets": v2(FOUR + tlv(3, bytes(5))),
    "a checksum of none": v2(FOUR + tlv(3, b"")),
    "two checksums": summed(FOUR, after=tlv(3, bytes(4))),
    "a checksum for another address": summed(FOUR).replace(bytes([192, 0, 2, 7]), bytes([192, 0, 2, 8])),
    "UNSPEC with a wrong checksum": v2(tlv(3, bytes(4)), family=0),
    "v1 and no more": b"PROXY \r\n",
    "v1, small letters": b"proxy TCP4 192.0.2.7 192.0.2.1 1 2\r\n",
    "v1, LF alone": b"PROXY TCP4 192.0.2.7 192.0.2.1 1 2\n",
    "v1, a name": v1("PROXY TCP4 localhost 192.0.2.1 1 2"),
    "v1, IPv6 as IPv4": v1("PROXY TCP4 2001:db8::7 2001:db8::1 1 2"),
    "v1, IPv4 as IPv6": v1("PROXY TCP6 192.0.2.7 192.0.2.1 1 2"),
    "v1, a zone": v1("PROXY TCP6 fe80::7%eth0 fe80::1 1 2"),
    "v1, zeros before a number": v1("PROXY TCP4 192.0.2.007 192.0.2.1 1 2"),
    "v1, zeros before a port": v1("PROXY TCP4 192.0.2.7 192.0.2.1 01 2"),
    "v1, a port that is too large": v1("PROXY TCP4 192.0.2.7 192.0.2.1 1 65536"),
    "v1, a port with a sign": v1("PROXY TCP4 192.0.2.7 192.0.2.1 +1 2"),
    "v1, digits of other scripts": v1("PROXY TCP4 192.0.2.7 192.0.2.1 ١ 2"),
    "v1, a field too few": v1("PROXY TCP4 192.0.2.7 192.0.2.1 1"),
    "v1, a field too many": v1("PROXY TCP4 192.0.2.7 192.0.2.1 1 2 3"),
    "v1, two spaces": v1("PROXY TCP4  192.0.2.7 192.0.2.1 1 2"),
    "v1, TCP5": v1("PROXY TCP5 192.0.2.7 192.0.2.1 1 2"),
    "v1, UDP4": v1("PROXY UDP4 192.0.2.7 192.0.2.1 1 2"),
    "v1, too long": b"PROXY UNKNOWN" + b" x" * 50 + b"\r\n",
    "v1 without an end": b"PROXY " + b"x" * 200_000,
}  # fmt: skip


def test_the_checksum_is_castagnolis() -> None:
    """RFC 3720, appendix B.4, and the check value of every catalogue."""
    assert crc32c(b"123456789") == 0xE3069283
    assert crc32c(bytes(32)) == 0x8A9136AA
    assert crc32c(b"\xff" * 32) == 0x62A8AB43
    assert crc32c(bytes(range(32))) == 0x46DD794E


@pytest.mark.parametrize("name", ACCEPTED)
def test_whom_a_header_names(name: str) -> None:
    header, named = ACCEPTED[name]
    assert client(header) == named


async def fed(pieces: Iterable[bytes], *, end: bool = True) -> asyncio.StreamReader:
    reader = asyncio.StreamReader()
    for piece in pieces:
        reader.feed_data(piece)
    if end:
        reader.feed_eof()
    return reader


@pytest.mark.parametrize("name", ACCEPTED)
async def test_a_header_comes_octet_by_octet_and_nothing_behind_it_is_read(name: str) -> None:
    header, _ = ACCEPTED[name]
    reader = asyncio.StreamReader()
    reading = asyncio.ensure_future(proxy.read(reader))
    for octet in header if len(header) < 1000 else b"":
        assert not reading.done(), "it did not wait for the end"
        reader.feed_data(bytes([octet]))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    reader.feed_data((header if len(header) >= 1000 else b"") + b"NOOP\r\n")
    reader.feed_eof()
    assert await reading == header
    assert await reader.read() == b"NOOP\r\n"


@pytest.mark.parametrize("name", ACCEPTED)
async def test_a_header_that_ends_early_is_the_end(name: str) -> None:
    header, _ = ACCEPTED[name]
    for size in {*range(min(len(header), 60)), len(header) - 1}:
        with pytest.raises(EOFError):
            await proxy.read(await fed([header[:size]]))


@pytest.mark.parametrize("name", REFUSED)
async def test_what_is_no_header(name: str) -> None:
    reader = await fed([REFUSED[name]])
    with pytest.raises(BadHeader, match=r"\w+"):
        client(await proxy.read(reader))


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_header_when_it_is_there_as_a_whole(name: str) -> None:
    with pytest.raises(BadHeader):
        client(REFUSED[name])


@pytest.mark.parametrize("size", [0, 11, 13, 0xFFFF])
def test_a_length_that_lies_is_no_header(size: int) -> None:
    """What reads by the length cannot make one; what has it as a whole can."""
    with pytest.raises(BadHeader):
        client(v2(FOUR, length=size))


async def test_a_length_that_is_too_small_takes_octets_of_the_address_for_mail() -> None:
    reader = await fed([v2(FOUR, length=8)])
    with pytest.raises(BadHeader):
        client(await proxy.read(reader))


async def test_a_length_that_is_too_large_waits_for_more_and_does_not_run_into_a_mail_unseen() -> None:
    with pytest.raises(EOFError):
        await proxy.read(await fed([v2(FOUR, length=40) + b"EHLO x\r\n"]))
    reader = await fed([v2(FOUR, length=20) + b"EHLO x\r\nMAIL"])
    with pytest.raises(BadHeader):  # what it swallows is no parameter
        client(await proxy.read(reader))


# -- any octets ------------------------------------------------------------------------------------------------

PARAMETERS = st.lists(
    st.tuples(st.integers(0, 255).filter(lambda kind: kind != 3), st.binary(max_size=40)), max_size=4
)
ADDRESSES = st.ip_addresses()


def written(
    address: IPv4Address | IPv6Address, parameters: Sequence[tuple[int, bytes]], check: bool
) -> bytes:
    tail = address.packed + bytes(len(address.packed)) + bytes(4)
    family = 0x11 if address.version == 4 else 0x21
    more = b"".join(tlv(kind, value) for kind, value in parameters)
    return summed(tail, family=family, after=more) if check else v2(tail + more, family=family)


@given(ADDRESSES, PARAMETERS, st.booleans())
def test_every_address_comes_back(
    address: IPv4Address | IPv6Address, parameters: list[tuple[int, bytes]], check: bool
) -> None:
    assert client(written(address, parameters, check)) == plain_address(str(address))
    line = v1(f"PROXY TCP{address.version} {address} {address} 1 2")
    assert client(line) == plain_address(str(address))


@given(ADDRESSES, PARAMETERS, st.data())
def test_one_changed_octet_never_names_another_client_when_there_is_a_checksum(
    address: IPv4Address | IPv6Address, parameters: list[tuple[int, bytes]], data: st.DataObject
) -> None:
    header = bytearray(written(address, parameters, check=True))
    at = data.draw(st.integers(0, len(header) - 1))
    header[at] ^= data.draw(st.integers(1, 255))
    try:
        named = client(bytes(header))
    except BadHeader:
        return
    assert named in (OWN, plain_address(str(address)))


ODD = st.one_of(
    st.binary(max_size=80),
    st.binary(max_size=80).map(lambda tail: SIGNATURE + tail),
    st.binary(max_size=80).map(lambda tail: v2(tail)),
    st.tuples(st.integers(0x20, 0x21), st.integers(0, 255), st.binary(max_size=60)).map(
        lambda t: v2(t[2], command=t[0], family=t[1])
    ),
    st.text("PROXYTCUNKW46 .:0123456789abcf%\r\n", max_size=110).map(lambda t: b"PROXY " + t.encode()),
    st.tuples(ADDRESSES, PARAMETERS, st.integers(0, 90), st.binary(max_size=6)).map(
        lambda t: (h := written(t[0], t[1], check=False))[: t[2]] + t[3] + h[t[2] + len(t[3]) :]
    ),
)


@given(ODD)
def test_any_octets_are_refused_or_name_whom_another_reader_finds_too(octets: bytes) -> None:
    """They never raise anything else, and a client that is named is the one that aiosmtpd's reader finds."""

    async def both() -> None:
        reader = await fed([octets])
        try:
            header = await proxy.read(reader)
            named = client(header)
        except (BadHeader, EOFError):
            return
        assert header + await reader.read() == octets
        other = await get_proxy(await fed([octets]))
        if named != OWN:
            assert other.valid, other.error
            assert plain_address(str(ip_address(str(other.src_addr)))) == named

    asyncio.run(both())


# -- at a listener ---------------------------------------------------------------------------------------------

PROXIED: dict[str, Any] = {"proxy_networks": ("127.0.0.0/8",)}
TALK = b"EHLO client.example\r\nMAIL FROM:<a@x.example>\r\n"


class Heard(NamedTuple):
    """What came of a connection: the `clients` of its sessions, what the peer heard, and why a header was refused."""

    clients: list[str]
    said: bytes
    reasons: list[str]


async def played(
    tmp_path: Path, *pieces: bytes, then: bytes = b"", seconds: float = 20, **settings: Any
) -> Heard:
    """Each of the pieces in a segment of its own, and `then` after the greeting, a line for each reply. `seconds` is
    what a header may take."""
    settings = {"mode": "none", **PROXIED, **settings}
    with structlog.testing.capture_logs() as logged:
        async with standing(tmp_path, LimitsSection(proxy=seconds), anonymous=True, **settings) as stand:
            reader, writer = await asyncio.open_connection(*stand.server.address)
            for piece in pieces:
                writer.write(piece)
                await asyncio.sleep(0.005)
            said = b""
            async with asyncio.timeout(20):
                with contextlib.suppress(ConnectionError):
                    said = await reader.readline()
                    for line in (then + b"QUIT\r\n").splitlines(keepends=True) if said[:3] == b"220" else ():
                        writer.write(line)
                        while (answer := await reader.readline())[3:4] == b"-":
                            pass
                        said += answer
                    said += await reader.read()
            writer.close()
            clients = [origin.peer for origin in stand.opened]
    refused = [e["reason"] for e in logged if e["event"] == LogEvent.PROXY_HEADER_REFUSED]
    return Heard(clients, said, refused)


@pytest.mark.parametrize("name", ACCEPTED)
async def test_mail_behind_a_header_in_segments_is_its_clients(tmp_path: Path, name: str) -> None:
    header, named = ACCEPTED[name]
    heard = await played(tmp_path, header[:3], header[3:13], header[13:], then=TALK)
    assert heard.clients == [named or "127.0.0.1"]
    assert heard.reasons == []
    assert heard.said.splitlines()[-1].startswith(b"221 ")


@pytest.mark.parametrize("name", REFUSED)
async def test_a_wrong_header_ends_the_connection_without_a_word(tmp_path: Path, name: str) -> None:
    heard = await played(tmp_path, REFUSED[name])
    assert (heard.clients, heard.said) == ([], b"")
    assert len(heard.reasons) == 1
    assert heard.reasons != ["too slow"]


@pytest.mark.parametrize("network", ["192.0.2.0/24", "192.0.2.7/32"], ids=["others", "the named client's"])
async def test_the_network_is_asked_about_who_connects_whomever_it_names(
    tmp_path: Path, network: str
) -> None:
    for first in (
        v2(FOUR),
        v1("PROXY TCP4 192.0.2.7 127.0.0.1 1 2"),
        v2(command=0x20, family=0),
        b"EHLO x\r\n",
    ):
        heard = await played(tmp_path, first, proxy_networks=(network,))
        assert heard.said.startswith(b"554 5.7.1")
        assert heard.clients == []


async def test_without_load_balancers_a_header_is_a_wrong_command(tmp_path: Path) -> None:
    line = v1("PROXY TCP4 192.0.2.7 192.0.2.1 1 2")
    heard = await played(tmp_path, then=line + TALK, proxy_networks=())
    assert heard.said.splitlines()[1].startswith(b"500 ")
    assert heard.clients == ["127.0.0.1"]


async def test_a_client_cannot_add_a_header_behind_the_load_balancers(tmp_path: Path) -> None:
    line = v1("PROXY TCP4 10.0.0.1 10.0.0.2 1 2")
    heard = await played(tmp_path, v2(FOUR), then=line + TALK)
    assert heard.said.splitlines()[1].startswith(b"500 ")
    assert heard.clients == ["192.0.2.7"]
    heard = await played(tmp_path, v2(FOUR) + line)  # before the greeting it is what any early talk is
    assert heard.said.startswith(b"554 5.5.0")
    assert heard.clients == []


@pytest.mark.parametrize("sent", [b"", b"PROXY TCP4 192", v2(FOUR)[:20]], ids=["nothing", "v1", "v2"])
async def test_a_header_that_does_not_come_is_not_waited_for(tmp_path: Path, sent: bytes) -> None:
    assert await played(tmp_path, sent, seconds=0.1) == Heard([], b"", ["too slow"])


async def test_octets_that_trickle_in_do_not_lengthen_the_time(tmp_path: Path) -> None:
    pieces = [bytes([octet]) for octet in v2(FOUR + tlv(4, bytes(200)))]  # more than a second
    assert await played(tmp_path, *pieces, seconds=0.1) == Heard([], b"", ["too slow"])


@pytest.mark.parametrize("together", [True, False], ids=["one segment", "two"])
@pytest.mark.parametrize("name", ["IPv4", "parameters behind IPv6", "a checksum", "LOCAL", "v1, IPv4"])
async def test_the_handshake_that_follows_is_kept(tmp_path: Path, name: str, together: bool) -> None:
    """Implicit TLS: the ClientHello may come with the header."""
    header, named = ACCEPTED[name]
    async with standing(tmp_path, mode="implicit", anonymous=True, **PROXIED) as stand:
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        tls = client_context().wrap_bio(incoming, outgoing)
        reader, writer = await asyncio.open_connection(*stand.server.address)

        async def done(step: Callable[[], Any]) -> Any:
            while True:
                try:
                    return step()
                except ssl.SSLWantReadError:
                    writer.write(outgoing.read())
                    incoming.write(await reader.read(1 << 16))

        if together:
            with pytest.raises(ssl.SSLWantReadError):
                tls.do_handshake()
            writer.write(header + outgoing.read())
        else:
            writer.write(header)
            await asyncio.sleep(0.02)
        async with asyncio.timeout(20):
            await done(tls.do_handshake)
            writer.write(outgoing.read())
            assert (await done(lambda: tls.read(4096))).startswith(b"220 ")
            for line in TALK.splitlines(keepends=True):
                tls.write(line)
                writer.write(outgoing.read())
                assert (await done(lambda: tls.read(4096))).startswith(b"250")
        writer.close()
    assert [(o.peer, bool(o.tls)) for o in stand.opened] == [(named or "127.0.0.1", True)]
