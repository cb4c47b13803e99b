"""The PROXY header, in which a load balancer tells who its client is (HAProxy's proxy-protocol.txt, versions 1 and 2).

Exactly the header is read: what follows belongs to SMTP or to the TLS handshake. Parameters (TLV) of version 2 must be
whole and are not used, but for the checksum (PP2_TYPE_CRC32C), which must be right when it is there. docs/adr/0015
tells why this is not aiosmtpd's reader.

Diagnostics: BadHeader, whose text is for the log; EOFError when the connection ends before the header does.
"""

import asyncio
import struct
from ipaddress import AddressValueError, IPv4Address, IPv6Address

from mail.networks import plain_address

SIGNATURE = b"\r\n\r\n\x00\r\nQUIT\n"
"""The first octets of version 2."""
OLD = b"PROXY "
"""The first octets of version 1."""
LONGEST_OLD = 107
"""Octets of the longest header of version 1, its CRLF included."""

_LOCAL, _PROXY = 0x20, 0x21
"""Version and command: a connection of the load balancer's own, and one that it passes on."""
_UNKNOWN, _TCP4, _TCP6 = 0x00, 0x11, 0x21
"""Family and protocol. Others are not TCP connections: AF_UNIX has no address, a datagram carries no SMTP."""
_ADDRESSES = {_UNKNOWN: 0, _TCP4: 12, _TCP6: 36}
"""Octets of both addresses and ports."""
_CRC32C = 0x03
_POLYNOMIAL = 0x82F63B78


class BadHeader(Exception):
    """What stands where the header had to be is none."""


async def read(reader: asyncio.StreamReader) -> bytes:
    """The octets of a header, and none behind it; a wrong beginning is not waited through. Raises BadHeader, EOFError."""
    start = await reader.readexactly(len(OLD))
    if start == OLD:
        try:
            header = start + await reader.readuntil(b"\n")
        except asyncio.LimitOverrunError:
            raise BadHeader("too long") from None
        if len(header) > LONGEST_OLD:
            raise BadHeader("too long")
        return header
    if not SIGNATURE.startswith(start):
        raise BadHeader("no header")
    header = start + await reader.readexactly(len(SIGNATURE) + 4 - len(start))
    if not header.startswith(SIGNATURE):
        raise BadHeader("no header")
    return header + await reader.readexactly(int.from_bytes(header[-2:], "big"))


def client(header: bytes) -> str:
    """The address of the client; "" when the header says none, and the connection's own counts. Raises BadHeader."""
    if header.startswith(OLD):
        return _old(header)
    if not header.startswith(SIGNATURE) or len(header) < 16:
        raise BadHeader("no header")
    command, family, length = struct.unpack_from("!BBH", header, 12)
    if length != len(header) - 16:
        raise BadHeader("the length is another")
    if command == _LOCAL:  # all the rest has to be passed over, whatever it is
        return ""
    if command != _PROXY:
        raise BadHeader("not of version 2" if command >> 4 != 2 else "an unknown command")
    if family not in _ADDRESSES:
        raise BadHeader("not a connection over TCP")
    parameters = 16 + _ADDRESSES[family]
    if parameters > len(header):
        raise BadHeader("the addresses are cut off")
    _check(header, parameters)
    if family == _UNKNOWN:
        return ""
    source = IPv4Address(header[16:20]) if family == _TCP4 else IPv6Address(header[16:32])
    return plain_address(str(source))


def _old(header: bytes) -> str:
    """Version 1, a line: PROXY TCP4 source destination port port."""
    if not header.endswith(b"\r\n") or len(header) > LONGEST_OLD or not header.isascii():
        raise BadHeader("not a line of version 1")
    protocol, *fields = header[len(OLD) : -2].decode("ascii").split(" ")
    if protocol == "UNKNOWN":
        return ""
    parsed = {"TCP4": IPv4Address, "TCP6": IPv6Address}.get(protocol)
    if parsed is None or len(fields) != 4 or "%" in header.decode("ascii"):
        raise BadHeader("not a line of version 1")
    try:
        source, _ = parsed(fields[0]), parsed(fields[1])
    except AddressValueError:
        raise BadHeader("a wrong address") from None
    for port in fields[2:]:
        if not port.isdecimal() or str(int(port)) != port or int(port) > 0xFFFF:
            raise BadHeader("a wrong port")
    return plain_address(str(source))


def _check(header: bytes, start: int) -> None:
    """Go through the parameters: type, two octets of length, value."""
    at = start
    while at < len(header):
        if at + 3 > len(header):
            raise BadHeader("a parameter is cut off")
        kind, length = header[at], int.from_bytes(header[at + 1 : at + 3], "big")
        value, at = at + 3, at + 3 + length
        if at > len(header):
            raise BadHeader("a parameter is cut off")
        if kind == _CRC32C:
            blanked = header[:value] + bytes(length) + header[at:]
            if length != 4 or header[value:at] != crc32c(blanked).to_bytes(4, "big"):
                raise BadHeader("the checksum is wrong")


def _table() -> tuple[int, ...]:
    table = []
    for octet in range(256):
        for _ in range(8):
            octet = octet >> 1 ^ (_POLYNOMIAL if octet & 1 else 0)
        table.append(octet)
    return tuple(table)


_CRC = _table()


def crc32c(data: bytes) -> int:
    """The checksum of RFC 9260, appendix A (Castagnoli)."""
    crc = 0xFFFFFFFF
    for octet in data:
        crc = crc >> 8 ^ _CRC[(crc ^ octet) & 0xFF]
    return crc ^ 0xFFFFFFFF
