"""Content-Transfer-Encoding undone (RFC 2045 §6), tolerant: what can be read is read, damage has a name."""

import binascii
import re

from mail.charset import unbase64

IDENTITY = frozenset({"7bit", "8bit", "binary"})
UUENCODE = frozenset({"x-uuencode", "uuencode", "x-uue", "x-uu"})
_BAD_ESCAPE = re.compile(rb"=(?![0-9A-Fa-f]{2}|[ \t]*\r?\n|[ \t]*\Z)")
_UU_BEGIN = re.compile(rb"(?:\A|\n)begin [0-7]{3,4} ([^\r\n]*)\r?\n")


def base64(data: bytes) -> tuple[bytes, str]:
    """(content, problem). Foreign characters are skipped and padding in the middle is passed over."""
    blank = data.count(b"\n") + data.count(b"\r") + data.count(b" ") + data.count(b"\t")
    pads = 0
    first = data.find(b"=")
    if first >= 0:
        tail = data[first:]
        pads = tail.count(b"=")
        if tail.strip(b"= \t\r\n"):
            return unbase64(data), "base64-after-padding"
    digits = len(data) - blank - pads
    try:
        content = binascii.a2b_base64(data)
    except binascii.Error:
        return unbase64(data), "base64-damaged"
    if (digits + pads) % 4 or len(content) != digits * 3 // 4:
        return content, "base64-junk"
    return content, ""


def quoted_printable(data: bytes) -> tuple[bytes, str]:
    return binascii.a2b_qp(data), "quoted-printable-damaged" if _BAD_ESCAPE.search(data) else ""


def uuencoded(data: bytes) -> tuple[bytes, str]:
    """The first file of a uuencoded text; lines that are no uuencode are passed over."""
    begin = _UU_BEGIN.search(data)
    if not begin:
        return data, "uuencode-damaged"
    out: list[bytes] = []
    for line in data[begin.end() :].split(b"\n"):
        line = line.rstrip(b"\r")
        if line == b"end":
            return b"".join(out), ""
        try:
            out.append(binascii.a2b_uu(line))
        except binascii.Error:
            size = (((line[0] - 32) & 63) * 4 + 5) // 3 if line else 0
            try:
                out.append(binascii.a2b_uu(line[:size]))
            except binascii.Error:
                continue
    return b"".join(out), "uuencode-damaged"


def decoded(body: memoryview | bytes, encoding: str) -> tuple[bytes, str]:
    """(content, name of the problem or "") of a body under a transfer encoding in lower case. Never raises.

    An unknown encoding leaves the body as it is: `unknown-encoding`.
    """
    data = bytes(body)
    if encoding in IDENTITY:
        return data, ""
    if encoding == "base64":
        return base64(data)
    if encoding == "quoted-printable":
        return quoted_printable(data)
    if encoding in UUENCODE:
        return uuencoded(data)
    return data, "unknown-encoding"
