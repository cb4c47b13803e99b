"""Shortcuts: Windows .lnk (MS-SHLLINK), and small text formats that lead elsewhere (url, scf, library-ms, search-ms)."""

import re
import struct

from filters.extract.formats import reads
from filters.extract.found import Found
from filters.extract.strings import narrow, wide
from mail.charset import decode

_ID_LIST, _LINK_INFO, _STRINGS, _UNICODE = 0x01, 0x02, (0x04, 0x08, 0x10, 0x20, 0x40), 0x80
_ENVIRONMENT = 0xA0000001
_TARGETS = re.compile(
    r"(?im)^[^\S\n]*(?:URL|IconFile|IconLocation|Command|TargetPath|WorkingDirectory)\s*=\s*([^\r\n]{1,300})|<url>([^<]{1,300})</url>|(?:href|src)=\"([^\"]{1,300})\""
)


@reads("lnk", b"L\x00\x00\x00\x01\x14\x02\x00", media="application/x-ms-shortcut")
def read(content: bytes, found: Found) -> None:
    """Read target, arguments and icon of a .lnk as text; a damaged one is still a shortcut."""
    found.budget.take_bytes(len(content))
    try:
        lines = _lines(content)
    except (struct.error, IndexError, ValueError):
        lines = []
    if not lines:
        lines = [*wide(content[:100_000]).split("\n"), *narrow(content[:100_000]).split("\n")]
    text = "\n".join(dict.fromkeys(line for line in lines if line.strip()))
    found.text("shortcut", text)
    found.sign("shortcut", text.replace("\n", " "))
    found.verdicts.append("ok")


def _lines(content: bytes) -> list[str]:
    """Local path, description, relative path, working directory, arguments, icon, environment target."""
    flags = struct.unpack_from("<L", content, 20)[0]
    at = 76
    lines: list[str] = []
    if flags & _ID_LIST:
        at += 2 + struct.unpack_from("<H", content, at)[0]
    if flags & _LINK_INFO:
        size, _, kinds, _, base = struct.unpack_from("<LLLLL", content, at)
        if kinds & 1 and base < size:
            lines.append(decode(content[at + base : at + size].split(b"\0")[0], ""))
        at += size
    for flag in _STRINGS:
        if flags & flag:
            count = struct.unpack_from("<H", content, at)[0]
            at += 2
            raw = content[at : at + (2 * count if flags & _UNICODE else count)]
            at += len(raw)
            lines.append(raw.decode("utf-16-le", "replace") if flags & _UNICODE else decode(raw, ""))
    while at + 8 <= len(content):
        size, signature = struct.unpack_from("<LL", content, at)
        if size < 8:
            break
        if signature == _ENVIRONMENT:
            lines.append(content[at + 268 : at + size].decode("utf-16-le", "replace").split("\0")[0])
        at += size
    return lines


def textual(text: str, found: Found) -> None:
    """Note that a text is a shortcut."""
    targets = [next(filter(None, m.groups()), "") for m in _TARGETS.finditer(text[:100_000])]
    found.sign("shortcut", " ".join(targets[:5]))
