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
_WINDOW = 4_096
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
    # The window is the last 4,096 octets written; at first it is zeros and what most files begin with.
    out, at = bytearray(_WINDOW - len(_START)) + _START, 16
    most = _WINDOW + min(size, MOST)
    while at < len(data) and len(out) < most:
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
                back, length = (len(out) + len(_START) - (token >> 4)) % _WINDOW, (token & 15) + 2
                if not back:
                    return bytes(out[_WINDOW:])
                run = out[len(out) - back : len(out) - back + length]
                out += (run * (length // len(run) + 1))[
                    :length
                ]  # longer than what it repeats: it repeats itself
            else:
                out.append(data[at])
                at += 1
    return bytes(out[_WINDOW:])
