"""Disk images in ISO 9660 with Joliet names (ECMA-119): their files are read. Other images are not opened."""

import struct
from collections.abc import Iterator
from itertools import count

from filters.extract import rest
from filters.extract.formats import reads
from filters.extract.found import Found
from filters.extract.reason import Reason, Stop
from mail.charset import decode

SECTOR = 2_048
SYSTEM, TABLES = 16 * SECTOR, 64 * SECTOR
DIRECTORIES = 500
RECORDS = 20_000
"""Entries of all directories, which may lie upon each other."""


@reads("iso", media="application/x-iso9660-image", container=True)
def read(content: bytes, found: Found) -> None:
    """Read every file of an ISO 9660 image. Raises Stop."""
    found.sign("disk_image", "ISO 9660")
    root, wide = _root(content)
    pending, seen, records = [root], set(), count(1)
    spans: list[rest.Span] = [(SYSTEM, SYSTEM + 4 * SECTOR)]
    rest.data(content[:SYSTEM], found, "system area")
    try:
        while pending:
            extent, length = pending.pop()
            if extent in seen:
                continue
            seen.add(extent)
            if len(seen) > DIRECTORIES:
                raise Stop(Reason.PARTS, "iso: too many directories")
            spans.append((extent * SECTOR, extent * SECTOR + length))
            pending += _directory(content, extent, length, wide, records, found, spans)
    except (struct.error, IndexError, ValueError) as error:
        raise Stop(Reason.MALFORMED, f"iso: {type(error).__name__}") from None
    for start, end in rest.gaps(spans, len(content)):
        piece = content[max(start, SYSTEM) : end]
        if len(piece) < TABLES or piece[:2] == b"\x22\0":  # path tables, the other tree of directories
            rest.data(piece, found, "tables")
        else:
            rest.left(piece, found, "iso: rest")


def _root(content: bytes) -> tuple[tuple[int, int], bool]:
    """(extent, length) of the root directory, and whether its names are Joliet's."""
    chosen, wide = b"", False
    for number in range(16, 16 + 32):
        descriptor = content[number * SECTOR : (number + 1) * SECTOR]
        if descriptor[1:6] != b"CD001" or descriptor[:1] == b"\xff":
            break
        joliet = descriptor[:1] == b"\x02" and descriptor[88:91] in (b"%/@", b"%/C", b"%/E")
        if joliet or (descriptor[:1] == b"\x01" and not wide):
            chosen, wide = descriptor, joliet
    if not chosen:
        raise Stop(Reason.FORMAT, "iso: no volume that is understood")
    return (struct.unpack_from("<L", chosen, 158)[0], struct.unpack_from("<L", chosen, 166)[0]), wide


def _directory(
    content: bytes,
    extent: int,
    length: int,
    wide: bool,
    numbers: Iterator[int],
    found: Found,
    spans: list[rest.Span],
) -> list[tuple[int, int]]:
    """Read the files of one directory; return the directories in it."""
    deeper = []
    start = extent * SECTOR
    records = content[start : start + min(length, 1 << 20)]
    if len(records) < min(length, 1 << 20):
        raise Stop(Reason.CUT_OFF, "iso: cut off")
    at = 0
    while at < len(records):
        size = records[at]
        if not size:
            at = (at // SECTOR + 1) * SECTOR
            continue
        if next(numbers) > RECORDS:
            raise Stop(Reason.PARTS, "iso: too many entries")
        record = records[at : at + size]
        at += size
        place, bytes_ = struct.unpack_from("<L", record, 2)[0], struct.unpack_from("<L", record, 10)[0]
        raw = record[33 : 33 + record[32]]
        if raw in (b"\0", b"\1"):
            continue
        name = (raw.decode("utf-16-be", "replace") if wide else decode(raw, "")).partition(";")[0]
        if record[25] & 2:
            deeper.append((place, bytes_))
            continue
        found.budget.take_member()
        data = content[place * SECTOR : place * SECTOR + bytes_]
        if len(data) < bytes_:
            raise Stop(Reason.CUT_OFF, "iso: cut off")
        found.budget.take_bytes(bytes_)
        spans.append((place * SECTOR, (place * SECTOR + bytes_ + SECTOR - 1) // SECTOR * SECTOR))
        found.inside(name, data)
    return deeper
