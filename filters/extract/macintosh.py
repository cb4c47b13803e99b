"""What a Mac puts beside files: AppleSingle and AppleDouble (RFC 1740: `._name`, `__MACOSX`), the Finder's .DS_Store.

Each piece is read that could hold something: data fork, the resources of the resource fork, names, comments, extended
attributes. A .DS_Store is a tree of records about the files of a folder, in blocks that an allocator hands out.
"""

import struct
from collections.abc import Iterator

from filters.extract import kinds, rest
from filters.extract.formats import reads
from filters.extract.found import Found

_DATA, _RESOURCES, _NAME, _COMMENT, _INFO = 1, 2, 3, 4, 9
_ICONS, _SHORT = (5, 6), 64
_HEADER, _INFO_SIZE, _ATTRIBUTES = 26, 32, b"ATTR"
_BLOCK = 64 << 10
"""Octets of the largest block of a .DS_Store that is one: pages have 4,096, the allocator's own some more."""
_FIRST = 4
"""Offsets in a .DS_Store count from behind its first four octets."""
MOST = 5_000


@reads("appledouble", b"\0\5\x16\7", b"\0\5\x16\0", media="application/applefile", container=True)
def read(content: bytes, found: Found) -> None:
    """Read the entries of an AppleSingle or AppleDouble file. Raises Stop."""
    found.budget.take_bytes(len(content))
    rest.walked(content, _entries(content, found), found, "appledouble")
    found.verdicts.append("ok")


def _entries(content: bytes, found: Found) -> Iterator[rest.Piece]:
    (count,) = struct.unpack_from(">H", content, 24)
    yield 0, _HEADER + 12 * count, rest.KNOWN
    for number in range(min(count, MOST)):
        kind, start, size = struct.unpack_from(">LLL", content, _HEADER + 12 * number)
        if start < _HEADER or start + size > len(content):
            continue  # what it would be is left
        if kind == _DATA and size:
            found.budget.take_member()
            found.inside("data fork", content[start : start + size])
            yield start, start + size, rest.KNOWN
        elif kind == _RESOURCES:
            yield from _resources(content, start, size, found)
        elif kind == _INFO and size > _INFO_SIZE:
            yield start, start + _INFO_SIZE, rest.KNOWN
            yield from _attributes(content, start + _INFO_SIZE, start + size, found)
        elif kind in (_NAME, _COMMENT):
            yield start, start + size, rest.DATA
        elif kind in _ICONS:
            yield start, start + size, rest.CARRIED
        elif size <= _SHORT:  # dates, flags, names of other systems
            yield start, start + size, rest.DATA


def _resources(content: bytes, start: int, size: int, found: Found) -> Iterator[rest.Piece]:
    """The resource fork (Inside Macintosh: More Macintosh Toolbox 1-121): a header, resources with their lengths, a map."""
    data, table, data_size, table_size = struct.unpack_from(">LLLL", content, start)
    if data + data_size > size or table + table_size > size or data < 16:
        return
    yield start, start + data, rest.DATA  # header, what the system and programs keep there
    at, end = start + data, start + data + data_size
    for _ in range(MOST):
        if at + 4 > end:
            break
        (length,) = struct.unpack_from(">L", content, at)
        if length > end - at - 4:
            break
        yield at, at + 4, rest.KNOWN
        yield _held(content, at + 4, at + 4 + length, found)
        at += 4 + length
    yield start + table, start + table + table_size, rest.DATA


def _attributes(content: bytes, at: int, end: int, found: Found) -> Iterator[rest.Piece]:
    """Extended attributes behind the Finder's flags (XNU, bsd/vfs/vfs_xattr.c): where a file comes from, its tags."""
    head = content.find(_ATTRIBUTES, at, at + 8)
    if head < 0:
        return
    total, data, data_size = struct.unpack_from(">LLL", content, head + 8)
    (count,) = struct.unpack_from(">H", content, head + 34)
    yield at, min(data, end), rest.DATA
    entry = head + 36
    for _ in range(min(count, MOST)):
        where, length, _, name = struct.unpack_from(">LLHB", content, entry)
        if data <= where and where + length <= min(end, total):
            yield _held(content, where, where + length, found)
        entry += (11 + name + 3) & ~3
    if data_size == 0:
        yield data, end, rest.KNOWN


def _held(content: bytes, start: int, end: int, found: Found) -> rest.Piece:
    """A resource or an attribute: a file when it is one of a known kind, else whatever a program keeps there."""
    piece = content[start:end]
    if len(piece) > rest.LEAST and kinds.detect("", piece) not in ("unknown", "text", "empty"):
        found.budget.take_member()
        found.inside("resource", piece)
        return start, end, rest.KNOWN
    return start, end, rest.DATA


@reads("dsstore", b"\0\0\0\1Bud1", media="application/x-apple-ds-store")
def finder(content: bytes, found: Found) -> None:
    """Read the names and remarks in a .DS_Store. Raises Stop."""
    found.budget.take_bytes(len(content))
    rest.walked(content, _blocks(content), found, "dsstore")
    found.verdicts.append("ok")


def _blocks(content: bytes) -> Iterator[rest.Piece]:
    """The blocks in use and free ones, which hold what was deleted; an address ends with the power of two of its size."""
    offset, size, again = struct.unpack_from(">LLL", content, 8)
    yield 0, 36, rest.KNOWN
    if offset != again:
        return
    root = _FIRST + offset
    (count,) = struct.unpack_from(">L", content, root)
    addresses = struct.unpack_from(f">{min(count, MOST)}L", content, root + 8)
    at = root + 8 + (count + 255) // 256 * 1024
    (folders,) = struct.unpack_from(">L", content, at)
    at += 4
    for _ in range(min(folders, 16)):
        at += 1 + content[at] + 4
    free: list[int] = []
    for power in range(32):
        (count,) = struct.unpack_from(">L", content, at)
        places = struct.unpack_from(f">{min(count, MOST)}L", content, at + 4)
        free += [place | power for place in places]
        at += 4 + 4 * count
    yield root, min(root + size, at), rest.KNOWN
    for address in (*addresses, *free):
        start, length = _FIRST + (address & ~31), 1 << (address & 31)
        if address and length <= _BLOCK and start < len(content):
            yield start, min(start + length, len(content)), rest.DATA
