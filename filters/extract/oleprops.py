"""Property sets of compound files (MS-OLEPS): title, author, comments, and custom ones such as sensitivity labels."""

import struct

from filters.extract.found import Found
from filters.extract.reason import Reason, Stop

_CODEPAGE = 1
_STRINGS = {0x1E, 0x1F}
MOST = 500
MOST_CHARACTERS = 2_000_000
"""Characters of one set of properties, which may lie upon each other."""


def read(data: bytes, found: Found) -> str:
    """The text properties, one per line, custom ones preceded by their name. Damage ends the reading."""
    lines: list[str] = []
    try:
        (sections,) = struct.unpack_from("<L", data, 24)
        for number in range(min(sections, 2)):
            (offset,) = struct.unpack_from("<L", data, 28 + 20 * number + 16)
            lines += _section(data[offset:], found)
    except (struct.error, ValueError):
        pass
    return "\n".join(lines)


def _section(data: bytes, found: Found) -> list[str]:
    _, count = struct.unpack_from("<LL", data, 0)
    places = dict(struct.unpack_from("<LL", data, 8 + 8 * n) for n in range(min(count, MOST)))
    codec = _codec(data, places.get(_CODEPAGE))
    names = _names(data, places[0], codec) if 0 in places else {}
    lines = []
    for identifier, at in places.items():
        if identifier in (0, _CODEPAGE):
            continue
        value = _value(data, at, codec)
        name = names.get(identifier, "")
        if name.startswith("MSIP_Label_") and name.endswith("_Name"):
            found.sign("label", value)
        if name:
            lines.append(name)
        if value:
            lines.append(value)
        if sum(map(len, lines)) > MOST_CHARACTERS:
            raise Stop(Reason.TEXT, "ole: properties too long")
    return lines


def _codec(data: bytes, at: int | None) -> str:
    page = struct.unpack_from("<H", data, at + 4)[0] if at is not None else 932
    return {1200: "utf-16-le", 65001: "utf-8"}.get(page, "cp932" if page in (932, 0) else f"cp{page}")


def _decoded(raw: bytes, codec: str) -> str:
    try:
        return raw.decode(codec, "replace").split("\0")[0]
    except LookupError:
        return raw.decode("cp1252", "replace").split("\0")[0]


def _names(data: bytes, at: int, codec: str) -> dict[int, str]:
    (count,) = struct.unpack_from("<L", data, at)
    at += 4
    names = {}
    for _ in range(min(count, MOST)):
        identifier, length = struct.unpack_from("<LL", data, at)
        size = length * 2 if codec == "utf-16-le" else length
        names[identifier] = _decoded(data[at + 8 : at + 8 + min(size, 2_000)], codec)
        at += 8 + ((size + 3) // 4 * 4 if codec == "utf-16-le" else size)
    return names


def _value(data: bytes, at: int, codec: str) -> str:
    """A string (VT_LPSTR, VT_LPWSTR), or the strings of a vector; "" for other types."""
    kind, length = struct.unpack_from("<LL", data, at)
    if kind & 0xFFF not in _STRINGS:
        return ""
    if kind & 0x1000:
        texts, where = [], at + 8
        for _ in range(min(length, MOST)):
            (size,) = struct.unpack_from("<L", data, where)
            bytes_ = size * (2 if kind & 0xFFF == 0x1F else 1)
            texts.append(
                _decoded(data[where + 4 : where + 4 + bytes_], "utf-16-le" if kind & 0xFFF == 0x1F else codec)
            )
            where += 4 + bytes_
        return "\n".join(texts)
    if kind == 0x1F:
        return _decoded(data[at + 8 : at + 8 + 2 * length], "utf-16-le")
    return _decoded(data[at + 8 : at + 8 + length], codec)
