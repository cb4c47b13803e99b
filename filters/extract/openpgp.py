"""OpenPGP packets (RFC 9580): a walk over them, whatever they hold."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from filters.extract.reason import Reason, Stop

PACKETS = 20_000
ENCRYPTED = frozenset({9, 18, 20})
SESSION = frozenset({1, 3})
SIGNATURE = 2
SIGNED = frozenset({3, 4, 5, 6})
"""Versions of signatures."""
LONGEST = 4_096
"""Octets of a signature: with the largest keys in use some 1,200."""
SIGNATURES = frozenset({2, 4, 10, 21})
"""Signatures, markers and padding: they carry nothing to read."""
KEYS = frozenset({5, 6, 7, 14, 12, 17})
COMPRESSED, LITERAL, USER = 8, 11, 13
_VERSIONS = {
    1: (2, 3, 6), 2: (3, 4, 5, 6), 3: (4, 5, 6), 4: (3, 6), 5: (3, 4, 5, 6), 6: (3, 4, 5, 6),
    8: (0, 1, 2, 3), 11: (0x62, 0x74, 0x75, 0x6C, 0x31, 0x6D), 18: (1, 2), 20: (1,),
}  # fmt: skip
"""First octets that the body of a packet may have."""
ARMOR = re.compile(
    rb"-----BEGIN PGP (MESSAGE(?:, PART [0-9/]+)?|SIGNATURE|PUBLIC KEY BLOCK|PRIVATE KEY BLOCK)-----[ \t]*\r?\n"
    rb"((?:[A-Za-z]{1,20}: [^\r\n]{0,1000}\r?\n){0,20})[ \t]*\r?\n"
    rb"((?:[A-Za-z0-9+/]{1,80}={0,2}[ \t]*\r?\n)+)"
    rb"(?:=[A-Za-z0-9+/]{4}[ \t]*\r?\n)?-----END PGP \1-----[ \t]*(?:\r?\n|\Z)"
)
"""RFC 9580 6.2: headers, an empty line, base64, a checksum."""


class Packet(NamedTuple):
    """A packet's tag and body; `end` is where it ends."""

    tag: int
    body: bytes
    end: int


def packets(data: bytes) -> Iterator[Packet]:
    """The packets of a message, as long as there are any. Raises Stop for what is none, or cut off."""
    at = 0
    for _ in range(PACKETS):
        if at >= len(data):
            return
        tag, body, at = _packet(data, at)
        if tag in _VERSIONS and (not body or body[0] not in _VERSIONS[tag]):
            raise Stop(Reason.MALFORMED, "pgp: a packet's version")
        yield Packet(tag, body, at)
    raise Stop(Reason.PARTS, "pgp: too many packets")


def is_cut_signature(data: bytes) -> bool:
    """True for a detached signature that did not come whole: one packet in the old format, as all programs write it, of a
    known version, which says that it is longer than what there is, and that is no longer than signatures are."""
    if (
        not 8 <= len(data) <= LONGEST
        or data[0] & 0xC0 != 0x80
        or data[0] >> 2 & 15 != SIGNATURE
        or data[0] & 3 == 3
    ):
        return False
    size = 1 << (data[0] & 3)
    length = int.from_bytes(data[1 : 1 + size], "big")
    return len(data) <= size + length <= LONGEST and data[1 + size] in SIGNED


def _packet(data: bytes, at: int) -> Packet:
    first = data[at]
    if not first & 0x80:
        raise Stop(Reason.MALFORMED, "pgp: no packet")
    at += 1
    if first & 0x40:
        return Packet(first & 63, *_new(data, at))
    size = 1 << (first & 3)
    length = len(data) - at if size == 8 else int.from_bytes(data[at : at + size], "big") + size
    start = at + (0 if size == 8 else size)
    if at + length > len(data):
        raise Stop(Reason.CUT_OFF, "pgp: cut off")
    return Packet(first >> 2 & 15, data[start : at + length], at + length)


def _new(data: bytes, at: int) -> tuple[bytes, int]:
    """Body and end of a packet in the new format; partial lengths are joined."""
    pieces: list[bytes] = []
    while at < len(data):
        first = data[at]
        if first < 192:
            length, start, last = first, at + 1, True
        elif first < 224:
            length, start, last = (
                ((first - 192) << 8) + int.from_bytes(data[at + 1 : at + 2]) + 192,
                at + 2,
                True,
            )
        elif first == 255:
            length, start, last = int.from_bytes(data[at + 1 : at + 5], "big"), at + 5, True
        else:
            length, start, last = 1 << (first & 31), at + 1, False
        at = start + length
        if at > len(data):
            break
        pieces.append(data[start:at])
        if last:
            return b"".join(pieces), at
    raise Stop(Reason.CUT_OFF, "pgp: cut off")


def begins(data: bytes) -> bool:
    """True for a file of packets in binary, walked to its end."""
    if not data or not data[0] & 0x80:
        return False
    try:
        tags = [packet.tag for packet in packets(data)]
    except Stop:
        return False
    return tags[0] in _VERSIONS or (tags[0] in (9, 10) and len(tags) > 1)
