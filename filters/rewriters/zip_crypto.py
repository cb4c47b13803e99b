"""An encrypted ZIP that Windows Explorer opens: PKWARE's traditional encryption, which is weak and says so.

Who has a known plain text of some octets of a file breaks it (Biham, Kocher 1994). It is written for a partner only, by an
exception of the policy with an owner, a reason and an end; MOST bounds what it costs, as each octet depends on the one before.

Source: APPNOTE.TXT 6.3.10, section 6.1.
"""

import hashlib
import io
import struct
import zipfile
import zlib

from mail.compose import RewriteError

MOST = 2_000_000
"""Octets of all files together, packed: a second or two."""
_TABLE = tuple(zlib.crc32(bytes([n]), 0xFFFFFFFF) ^ 0xFFFFFFFF for n in range(256))


class _Keys:
    """The state of the cipher for one file."""

    def __init__(self, passphrase: bytes) -> None:
        self._0, self._1, self._2 = 0x12345678, 0x23456789, 0x34567890
        self.encrypt(passphrase)

    def encrypt(self, data: bytes) -> bytes:
        key0, key1, key2, table = self._0, self._1, self._2, _TABLE
        out = bytearray()
        for octet in data:
            temp = key2 | 2
            out.append(octet ^ ((temp * (temp ^ 1) >> 8) & 0xFF))
            key0 = table[(key0 ^ octet) & 0xFF] ^ (key0 >> 8)
            key1 = ((key1 + (key0 & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
            key2 = table[(key2 ^ (key1 >> 24)) & 0xFF] ^ (key2 >> 8)
        self._0, self._1, self._2 = key0, key1, key2
        return bytes(out)


def locked(archive: bytes, passphrase: str) -> bytes:
    """A plain ZIP of ours with its files encrypted one by one. Raises RewriteError for one that is too large."""
    secret = passphrase.encode()
    out, directory, count = io.BytesIO(), io.BytesIO(), 0
    with zipfile.ZipFile(io.BytesIO(archive)) as plain:
        if sum(info.compress_size for info in plain.infolist()) > MOST:
            raise RewriteError("too large for the old encryption of ZIP")
        for info in plain.infolist():
            data = archive[_begins(archive, info) :][: info.compress_size]
            name = info.filename.encode()
            # Eleven octets that nobody can guess, and one by which a wrong password shows.
            salt = hashlib.sha256(b"\0".join((secret, name, data))).digest()[:11]
            keys = _Keys(secret)
            body = keys.encrypt(salt + bytes([info.CRC >> 24]) + data)
            year, month, day, hour, minute, second = info.date_time
            date = (hour << 11 | minute << 5 | second // 2, (year - 1980) << 9 | month << 5 | day)
            flags = 1 | (0 if info.filename.isascii() else 0x800)
            common = struct.pack(
                "<HHHHHLLLHH", 20, flags, info.compress_type, *date, info.CRC, len(body), info.file_size, len(name), 0
            )  # fmt: skip
            directory.write(b"PK\1\2" + struct.pack("<H", 20) + common)
            directory.write(struct.pack("<HHHLL", 0, 0, 0, 0, out.tell()) + name)
            out.write(b"PK\3\4" + common + name + body)
            count += 1
    at, listed = out.tell(), directory.getvalue()
    out.write(listed + b"PK\5\6" + struct.pack("<HHHHLLH", 0, 0, count, count, len(listed), at, 0))
    return out.getvalue()


def _begins(archive: bytes, info: zipfile.ZipInfo) -> int:
    name, extra = struct.unpack_from("<HH", archive, info.header_offset + 26)
    return info.header_offset + 30 + int(name) + int(extra)
