"""PowerPoint 97–2003 (MS-PPT): the text atoms of slides, masters, notes and comments, in the order of the file."""

import struct

_CHARS, _BYTES, _STRING = 0x0FA0, 0x0FA8, 0x0FBA
_ENCRYPTED = 0xF3D1C4DF
ATOMS = 1_000_000


def is_encrypted(current_user: bytes) -> bool:
    """True when the stream "Current User" marks the presentation as encrypted (MS-PPT 2.3.2)."""
    return len(current_user) >= 16 and struct.unpack_from("<L", current_user, 12)[0] == _ENCRYPTED


def read(stream: bytes) -> str:
    """All texts, one per line."""
    texts: list[str] = []
    at = 0
    for _ in range(ATOMS):
        if at + 8 > len(stream):
            break
        version, kind, size = struct.unpack_from("<HHL", stream, at)
        at += 8
        if version & 0xF == 0xF:
            continue
        data = stream[at : at + size]
        at += size
        if kind in (_CHARS, _STRING):
            texts.append(data.decode("utf-16-le", "replace"))
        elif kind == _BYTES:
            texts.append(data.decode("latin-1"))
    return "\n".join(t.replace("\r", "\n").replace("\x0b", "\n") for t in texts)
