"""Pictures as octets: which spans of a JPEG, PNG, GIF, BMP, TIFF or icon are the picture, which anybody can write, and what
is left.

Sources: ITU T.81 annex B; PNG 3 chapter 5; GIF89a; TIFF 6.0 chapter 2; the headers of Windows bitmaps and icons.
"""

import struct
from collections.abc import Callable, Iterator

from filters.extract import media, rest
from filters.extract.found import Found
from filters.extract.rest import CARRIED, DATA, PACKED, PIECES, SMALL, Piece

TABLE = 4_096
"""Octets of a table in a JPEG; more is nothing that a decoder needs."""
_PIXELS = frozenset(
    (b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"sBIT", b"sRGB", b"bKGD", b"hIST", b"pHYs",
     b"tIME", b"acTL", b"fcTL", b"fdAT", b"oFFs", b"sTER", b"cICP", b"vpAg", b"caNv", b"orNT", b"iDOT", b"CgBI",
     b"mkBS", b"mkBF", b"mkTS", b"prVW", b"npOl", b"npTc", b"mDCV", b"cLLI", b"gIFg", b"JDAT", b"msOG", b"deBG")
)  # fmt: skip
_WRITTEN = frozenset(
    (
        b"tEXt",
        b"eXIf",
        b"sPLT",
        b"pCAL",
        b"sCAL",
        b"exIf",
        b"zxIf",
        b"caBX",
        b"meTa",
        b"dSIG",
        b"gIFx",
        b"gIFt",
    )
)
_PACKED = frozenset((b"zTXt", b"iTXt", b"iCCP"))


def look(content: bytes, found: Found) -> None:
    """Look at what of a picture is no picture; one that is made of records may have its texts anywhere."""
    walk = next((walk for magic, walk in _WALKS if content.startswith(magic)), None)
    if walk is not None:
        rest.walked(content, walk(content), found, "picture")
    elif content.startswith(b"RIFF") or content[4:8] in (b"ftyp", b"jP  "):
        media.look(content, found)
    else:
        rest.data(content, found, "picture")


def _jpeg(content: bytes) -> Iterator[Piece]:
    at = 2
    yield 0, 2, CARRIED
    while content[at] == 0xFF:
        marker = content[at + 1]
        if marker == 0xFF:
            yield at, at + 1, CARRIED
            at += 1
            continue
        if marker == 0xD9:
            yield at, at + 2, CARRIED
            return
        if marker == 1 or 0xD0 <= marker <= 0xD7:
            yield at, at + 2, CARRIED
            at += 2
            continue
        end = at + 2 + struct.unpack_from(">H", content, at + 2)[0]
        free = marker >= 0xE0 or marker < 0xC0 or end - at > TABLE
        yield at, end, DATA if free else CARRIED
        at = end
        if marker == 0xDA:
            at = _scan(content, end)
            yield end, at, CARRIED


def _scan(content: bytes, at: int) -> int:
    """Where the next marker stands behind entropy-coded data; those that restart it belong to it."""
    while (at := content.find(b"\xff", at)) >= 0:
        after = content[at + 1] if at + 1 < len(content) else 0xD9
        if after and not 0xD0 <= after <= 0xD7 and after != 0xFF:
            return at
        at += 1 if after == 0xFF else 2
    return len(content)


def _png(content: bytes) -> Iterator[Piece]:
    at = 8
    yield 0, 8, CARRIED
    first = True
    while at + 12 <= len(content):
        (size,) = struct.unpack_from(">L", content, at)
        name, end = content[at + 4 : at + 8], at + 12 + size
        if end > len(content) or not name.isalpha():
            if name == b"IDAT":
                yield at, len(content), CARRIED  # cut off, as a download is
            return
        if name == b"IDAT" and first:
            first = False
            if struct.unpack_from(">H", content, at + 8)[0] % 31 or content[at + 8] & 15 != 8:
                return  # no stream
        if name in _PACKED:
            yield at, end, PACKED
        elif name in _PIXELS:
            yield at, end, CARRIED
        elif name in _WRITTEN or size < SMALL:
            yield at, end, DATA
        at = end
        if name == b"IEND":
            return


def _gif(content: bytes) -> Iterator[Piece]:
    at = 13 + (3 << (content[10] & 7) + 1 if content[10] & 0x80 else 0)
    yield 0, at, CARRIED
    while content[at] != 0x3B:
        start, what = at, CARRIED
        if content[at] == 0x21:
            what = DATA if content[at + 1] in (0xFE, 0xFF, 0x01) else CARRIED
            at += 2
        elif content[at] == 0x2C:
            flags = content[at + 9]
            at += 11 + (3 << (flags & 7) + 1 if flags & 0x80 else 0)
        else:
            return
        while size := content[at]:
            at += 1 + size
        at += 1
        if at > len(content):
            return
        yield start, at, what
    yield at, at + 1, CARRIED


def _bmp(content: bytes) -> Iterator[Piece]:
    begin, header = struct.unpack_from("<LL", content, 10)
    if header == 12:
        width, height, _, bits = struct.unpack_from("<HHHH", content, 18)
        method = 0
    else:
        width, height, _, bits, method, size = struct.unpack_from("<llHHLL", content, 18)
    if not 12 <= header <= 124 or begin < 14 + header or bits not in (1, 2, 4, 8, 16, 24, 32, 0):
        return
    if method in (0, 3, 6):
        size = (width * bits + 31) // 32 * 4 * abs(height)
    yield 0, min(begin, 14 + header + 1_040), CARRIED
    yield begin, begin + size, DATA if method == 0 else CARRIED


def _icon(content: bytes) -> Iterator[Piece]:
    (count,) = struct.unpack_from("<H", content, 4)
    yield 0, 6 + 16 * count, CARRIED
    for number in range(count):
        size, at = struct.unpack_from("<LL", content, 6 + 16 * number + 8)
        yield at, at + size, DATA


_WIDTHS = (0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8)
_FOLDERS = frozenset((330, 34665, 34853, 40965))
_OFFSETS = {273: 279, 324: 325, 513: 514}
"""Tags that say where octets of the picture are, and those with their numbers."""


def _tiff(content: bytes) -> Iterator[Piece]:
    order = "<" if content[:2] == b"II" else ">"
    (first,) = struct.unpack_from(order + "L", content, 4)
    yield 0, 8, CARRIED
    pending, known = [first], set[int]()
    while pending and len(known) < 200:
        at = pending.pop()
        if not at or at in known or at + 2 > len(content):
            continue
        known.add(at)
        (count,) = struct.unpack_from(order + "H", content, at)
        yield at, at + 6 + 12 * count, CARRIED
        values: dict[int, list[int]] = {}
        for number in range(count):
            tag, kind, many = struct.unpack_from(order + "HHL", content, at + 2 + 12 * number)
            width = _WIDTHS[kind] if kind < len(_WIDTHS) else 0
            place = at + 2 + 12 * number + 8
            if width * many > 4:
                (place,) = struct.unpack_from(order + "L", content, place)
                yield place, place + width * many, DATA
            if kind in (3, 4, 13) and tag in {*_FOLDERS, *_OFFSETS, *_OFFSETS.values(), 259}:
                values[tag] = list(
                    struct.unpack_from(
                        f"{order}{min(many, PIECES)}{'H' if kind == 3 else 'L'}", content, place
                    )
                )
        raw = values.get(259, [1])[:1] == [1]
        for where, sizes in _OFFSETS.items():
            for start, size in zip(values.get(where, []), values.get(sizes, []), strict=False):
                yield start, start + size, DATA if raw and where != 513 else CARRIED
        for tag in _FOLDERS:
            pending += values.get(tag, [])
        pending.append(struct.unpack_from(order + "L", content, at + 2 + 12 * count)[0])


_WALKS: tuple[tuple[bytes, Callable[[bytes], Iterator[Piece]]], ...] = (
    (b"\xff\xd8\xff", _jpeg),
    (b"\x89PNG\r\n\x1a\n", _png),
    (b"GIF8", _gif),
    (b"BM", _bmp),
    (b"\0\0\1\0", _icon),
    (b"\0\0\2\0", _icon),
    (b"II*\0", _tiff),
    (b"MM\0*", _tiff),
)
