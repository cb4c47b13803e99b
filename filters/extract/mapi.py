"""MAPI property names and Outlook's compressed RTF (MS-OXPROPS, MS-OXRTFCP), shared by msg and TNEF."""

import struct

SUBJECT, BODY, HTML, RTF = 0x0037, 0x1000, 0x1013, 0x1009
ATTACH_DATA, ATTACH_LONG_NAME, ATTACH_NAME = 0x3701, 0x3707, 0x3704
NAMES = {
    0x0C1A: "from",
    0x0C1F: "from",
    0x5D01: "from",
    0x0E04: "to",
    0x0E03: "cc",
    0x0E02: "bcc",
    0x007D: "headers",
}
"""Text properties of a message, and what we call them."""

_START = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbol"
    b"ArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
MOST = 20_000_000


def rtf(data: bytes) -> bytes:
    """Decompressed RTF; b"" when it is not compressed RTF. At most 17 times as long as `data`."""
    if len(data) < 16:
        return b""
    _, size, magic, _ = struct.unpack_from("<LLLL", data)
    if magic == 0x414C454D:
        return data[16 : 16 + size]
    if magic != 0x75465A4C:
        return b""
    window = bytearray(4_096)
    window[: len(_START)] = _START
    write, out, at = len(_START), bytearray(), 16
    while at < len(data) and len(out) < min(size, MOST):
        control = data[at]
        at += 1
        for bit in range(8):
            if at >= len(data):
                break
            if control >> bit & 1:
                if at + 2 > len(data):
                    break
                token = data[at] << 8 | data[at + 1]
                at += 2
                offset, length = token >> 4, (token & 15) + 2
                if offset == write:
                    return bytes(out)
                for _ in range(length):
                    byte = window[offset]
                    offset = (offset + 1) & 4_095
                    out.append(byte)
                    window[write] = byte
                    write = (write + 1) & 4_095
            else:
                out.append(data[at])
                window[write] = data[at]
                write = (write + 1) & 4_095
                at += 1
    return bytes(out)
