"""Microsoft cabinets (MS-CAB): stored and MSZIP folders are read, LZX and Quantum ones only listed."""

import struct

from filters.extract import inflate, rest
from filters.extract.formats import reads
from filters.extract.found import Found
from filters.extract.reason import Reason, Stop
from mail.charset import decode

BLOCKS = 20_000
"""Blocks of all folders, which may lie upon each other; one holds up to 32 KiB."""


@reads("cab", b"MSCF", media="application/vnd.ms-cab-compressed", container=True)
def read(content: bytes, found: Found) -> None:
    """Read a cabinet into `found`. Raises Stop."""
    try:
        _read(content, found)
    except (struct.error, ValueError, IndexError) as error:
        raise Stop(Reason.MALFORMED, f"cab: {type(error).__name__}") from None


def _read(content: bytes, found: Found) -> None:
    (whole,) = struct.unpack_from("<L", content, 8)
    rest.left(content[whole:], found, "cab: rest")
    files_at, _, _, _, folders, files, flags = struct.unpack_from("<LLBBHHH", content, 16)
    at, extra = 36, (0, 0)
    if flags & 4:
        header, *extra_pair = struct.unpack_from("<HBB", content, at)
        extra = (extra_pair[0], extra_pair[1])
        rest.data(content[at + 4 : at + 4 + header], found, "reserved")
        at += 4 + header
    if flags & 3:
        found.failed(Reason.VOLUME, "cab: part of a set")
        for _ in range(2 * bool(flags & 1) + 2 * bool(flags & 2)):
            at = content.index(b"\0", at) + 1
    found.budget.take_member(files)
    blocks = []
    for _ in range(folders):
        blocks.append(struct.unpack_from("<LHH", content, at))
        at += 8 + extra[0]
    if sum(count for _, count, _ in blocks) > BLOCKS:
        raise Stop(Reason.PARTS, "cab: too many blocks")
    data: dict[int, bytes | None] = {}
    at = files_at
    for _ in range(files):
        size, offset, folder, _, _, attributes = struct.unpack_from("<LLHHHH", content, at)
        end = content.index(b"\0", at + 16)
        name = decode(content[at + 16 : min(end, at + 16 + 512)], "utf-8" if attributes & 0x80 else "")
        at = end + 1
        if folder >= len(blocks):
            found.listed(name, size, Reason.VOLUME, "cab: a member in another file of the set")
            continue
        if folder not in data:
            start, count, method = blocks[folder]
            data[folder] = _folder(content, start, count, method, extra[1], found)
        inflated = data[folder]
        if inflated is None:
            found.listed(name, size, Reason.METHOD, "cab: compression method")
        elif offset + size > len(inflated):
            raise Stop(Reason.CUT_OFF, "cab: cut off")
        else:
            found.budget.take_bytes(size)
            found.inside(name, inflated[offset : offset + size])


def _folder(content: bytes, at: int, count: int, method: int, reserved: int, found: Found) -> bytes | None:
    """A folder's bytes; None when its compression is not supported."""
    if method & 15 not in (0, 1):
        return None
    whole, spent = bytearray(), 0
    for _ in range(count):
        _, packed, size = struct.unpack_from("<LHH", content, at)
        at += 8 + reserved
        block = content[at : at + packed]
        at += packed
        spent += packed
        found.budget.take_bytes(0 if method & 15 else packed, len(whole), spent)
        if len(block) < packed:
            raise Stop(Reason.CUT_OFF, "cab: cut off")
        if method & 15 == 1:
            if block[:2] != b"CK":
                raise Stop(Reason.CHECKSUM, "cab: block")
            block = inflate.bounded(
                inflate.deflated(block[2:], -15, bytes(whole[-32_768:])), packed, found.budget, "cab"
            )
        if len(block) != size:
            raise Stop(Reason.MALFORMED, "cab: block size")
        whole += block
    return bytes(whole)
