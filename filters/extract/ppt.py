"""PowerPoint 97–2003 (MS-PPT): the text atoms of slides, masters, notes and comments, in the order of the file; objects
are members.

PowerPoint goes by a directory of its records and never notices when one of them is longer than what is left. Where the walk
runs off the stream, text atoms are looked for behind that record.
"""

import re
import struct

from filters.extract.found import Found
from filters.extract.inflate import bounded, deflated
from filters.extract.reason import Reason

_CHARS, _BYTES, _STRING = 0x0FA0, 0x0FA8, 0x0FBA
_TAG, _OBJECT = 0x138B, 0x1011
"""A tag's data, where comments are, and an embedded object: an atom with a compound file in it."""
_ENCRYPTED = 0xF3D1C4DF
ATOMS = 1_000_000
_ATOM = re.compile(rb"[\x00-\xf0][\x00-\x0f](?:\xa0|\xa8|\xba)\x0f")


def is_encrypted(current_user: bytes) -> bool:
    """True when the stream "Current User" marks the presentation as encrypted (MS-PPT 2.3.2)."""
    return len(current_user) >= 16 and struct.unpack_from("<L", current_user, 12)[0] == _ENCRYPTED


def read(stream: bytes, found: Found) -> str:
    """All texts, one per line; objects are read into `found`. Raises Stop."""
    texts: list[str] = []
    at, lost = 0, False
    for _ in range(ATOMS):
        if at + 8 > len(stream):
            break
        version, kind, size = struct.unpack_from("<HHL", stream, at)
        if version & 0xF == 0xF or kind == _TAG:
            at += 8
            continue
        if at + 8 + size > len(stream):
            lost = True
            match = _ATOM.search(stream, at + 1)
            at = match.start() if match else len(stream)
            continue
        at += 8
        data = stream[at : at + size]
        at += size
        if kind in (_CHARS, _STRING):
            texts.append(data.decode("utf-16-le", "replace"))
        elif kind == _BYTES:
            texts.append(data.decode("latin-1"))
        elif kind == _OBJECT and size > 8:
            _object(data, bool(version >> 4), found)
    if lost and not texts:
        found.failed(Reason.CUT_OFF, "ppt: records run off the stream")
    return "\n".join(t.replace("\r", "\n").replace("\x0b", "\n") for t in texts)


def _object(data: bytes, compressed: bool, found: Found) -> None:
    """An embedded document, or the project of the macros (MS-PPT 2.10.34)."""
    found.budget.take_member()
    if compressed:
        data = bounded(deflated(data[4:], 15), len(data), found.budget, "ppt")
    found.inside("object.bin", data)
