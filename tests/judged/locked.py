"""Archives that ask for a password: the old encryption of PKWARE (APPNOTE 6.1), the same bytes on every run."""

import random
import struct
import zlib
from collections.abc import Iterable


def _table() -> list[int]:
    table = []
    for n in range(256):
        for _ in range(8):
            n = n >> 1 ^ (0xEDB88320 if n & 1 else 0)
        table.append(n)
    return table


_CRC = _table()


class _Keys:
    def __init__(self, password: bytes) -> None:
        self.a, self.b, self.c = 0x12345678, 0x23456789, 0x34567890
        for octet in password:
            self._update(octet)

    def _update(self, octet: int) -> None:
        self.a = _CRC[(self.a ^ octet) & 255] ^ self.a >> 8
        self.b = ((self.b + (self.a & 255)) * 134775813 + 1) & 0xFFFFFFFF
        self.c = _CRC[(self.c ^ self.b >> 24) & 255] ^ self.c >> 8

    def encrypt(self, content: bytes) -> bytes:
        out = bytearray()
        for octet in content:
            mask = self.c & 0xFFFF | 2
            out.append(octet ^ (mask * (mask ^ 1) >> 8 & 255))
            self._update(octet)
        return bytes(out)


def locked_zip(members: Iterable[tuple[str, bytes]], password: str) -> bytes:
    """A ZIP whose members are encrypted; names stay readable."""
    body, listing, count = b"", b"", 0
    for name, content in members:
        encoded, crc = name.encode(), zlib.crc32(content)
        salt = random.Random(name + password).randbytes(11) + bytes([crc >> 24])
        data = _Keys(password.encode()).encrypt(salt + content)
        flags = 1 | (0 if name.isascii() else 0x800)
        common = struct.pack(
            "<HHHHHIIIHH", 20, flags, 0, 0x4820, 0x5D62, crc, len(data), len(content), len(encoded), 0
        )
        listing += b"PK\x01\x02\x14\x00" + common + struct.pack("<HHHII", 0, 0, 0, 0, len(body)) + encoded
        body += b"PK\x03\x04" + common + encoded + data
        count += 1
    return (
        body
        + listing
        + b"PK\x05\x06"
        + struct.pack("<HHHHIIH", 0, 0, count, count, len(listing), len(body), 0)
    )
