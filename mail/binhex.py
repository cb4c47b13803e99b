"""BinHex 4.0 (RFC 1741): the data fork of a file in a text of 64 characters between colons."""

import binascii
import re

_ALPHABET = b"!\"#$%&'()*+,-012345689@ABCDEFGHIJKLMNPQRSTUVXYZ[`abcdefhijklmpqr"
_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_TO_BASE64 = bytes.maketrans(_ALPHABET, _BASE64)
_BODY = re.compile(rb"(?:\A|[\r\n])[ \t]*:([^:]{8,}):?")
_SAYS = b"BinHex"
_REPEATED = re.compile(rb"(.)?\x90(.)", re.DOTALL)
LONGEST = 64 << 20
_SUM = 2
"""Octets of the check sum behind each fork."""


def files(text: bytes) -> list[tuple[bytes, bytes]]:
    """(name, fork) of the files in a text, of each the data fork and, where there is one, the resource fork; [] when there
    is none. Raises OverflowError for one that grows beyond LONGEST."""
    at = text.find(_SAYS)
    if at < 0:
        return []
    found = []
    for match in _BODY.finditer(text, at):
        digits = match[1].translate(None, b"\r\n\t ")
        if digits.translate(None, _ALPHABET):
            continue
        data = _expanded(_unpacked(digits))
        size = data[0] if data else 0
        if not 1 <= size <= 63 or len(data) < size + 22:
            continue
        length = int.from_bytes(data[size + 12 : size + 16], "big")
        start, name = size + 22, data[1 : 1 + size]
        found.append((name, data[start : start + length]))
        if len(rest := data[start + length + _SUM :]) > _SUM:
            found.append((name, rest))
    return found


def _unpacked(digits: bytes) -> bytes:
    digits = digits[: len(digits) - (len(digits) % 4 == 1)]
    return binascii.a2b_base64(digits.translate(_TO_BASE64) + b"=" * (-len(digits) % 4))


def _expanded(data: bytes) -> bytes:
    """Runs undone: an octet, 0x90, how often; 0x90 and 0 is 0x90 itself. Raises OverflowError."""
    out = bytearray()
    at = 0
    while at < len(data):
        if len(out) > LONGEST:
            raise OverflowError("too long when its runs are undone")
        mark = data.find(b"\x90", at)
        if mark < 0 or mark + 1 >= len(data):
            out += data[at:]
            break
        out += data[at:mark]
        count = data[mark + 1]
        if count == 0:
            out.append(0x90)
        elif out:
            out += out[-1:] * (count - 1)
        at = mark + 2
    return bytes(out)
