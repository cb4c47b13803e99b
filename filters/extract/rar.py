"""RAR archives: names, and the contents of stored members. No free library decompresses RAR without a separate program."""

import io
import itertools

import rarfile

from filters.extract import rest
from filters.extract.formats import reads
from filters.extract.found import Found
from filters.extract.reason import Reason, Stop

_STORED = 0x30
MOST = 10_000
"""Headers that are read; each takes longer than to inflate the archive that it may be in."""


def walk(data: bytes) -> tuple[int, bool, list[rest.Piece]]:
    """Where the archive ends, whether it is one volume of a set, and what is neither a header nor a file: data of services,
    such as comments, and blocks that nobody knows. Blocks are walked by their lengths."""
    new = data[6:8] == b"\1\0"
    at, volume, others = 8 if new else 7, False, list[rest.Piece]()
    for _ in range(MOST):
        try:
            kind, size, flags = (_new_block if new else _old_block)(data, at)
        except IndexError:
            break
        volume = volume or (kind == _MAIN[new] and bool(flags & 1))
        if kind not in _KNOWN[new]:
            others.append((at, at + size, rest.DATA if kind == _SERVICE[new] else ""))
        at += size
        if size <= 0 or at > len(data) or kind == _END[new]:
            break
    return min(at, len(data)), volume, others


_MAIN, _END, _SERVICE = (0x73, 1), (0x7B, 5), (0x7A, 3)
_KNOWN = ((0x73, 0x74, 0x7B), (1, 2, 4, 5))
"""Marks of the archive, files, what encrypts their names, the end; before RAR 5 and since."""


def _old_block(data: bytes, at: int) -> tuple[int, int, int]:
    """Type, octets and flags of a block of RAR 1.5 to 4."""
    kind, flags = data[at + 2], int.from_bytes(data[at + 3 : at + 5], "little")
    size = int.from_bytes(data[at + 5 : at + 7], "little")
    if flags & 0x8000 or kind in (0x74, 0x7A):
        size += int.from_bytes(data[at + 7 : at + 11], "little")
        if flags & 0x100 and kind in (0x74, 0x7A):
            size += int.from_bytes(data[at + 32 : at + 36], "little") << 32
    return kind, size, flags


def _new_block(data: bytes, at: int) -> tuple[int, int, int]:
    """The same of RAR 5; for its main header the archive's flags."""
    size, here = _vint(data, at + 4)
    head = here + size
    kind, here = _vint(data, here)
    flags, here = _vint(data, here)
    _, here = _vint(data, here) if flags & 1 else (0, here)
    body, here = _vint(data, here) if flags & 2 else (0, here)
    return kind, head + body - at, _vint(data, here)[0] if kind == 1 else flags


def _vint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        octet = data[at]
        value |= (octet & 127) << shift
        shift, at = shift + 7, at + 1
        if octet < 128 or shift > 63:
            return value, at


@reads("rar", b"Rar!\x1a\x07", media="application/vnd.rar", container=True)
def read(content: bytes, found: Found) -> None:
    """List a RAR into `found`. Raises Stop: "encrypted" when even the names are encrypted, "corrupt"."""
    start = content.find(b"Rar!\x1a\x07")
    data = content[max(start, 0) :]
    end, volume, others = walk(data)
    rest.left(data[end:], found, "rar: rest")
    for at, behind, use in others:
        if use == rest.DATA:
            rest.data(data[at:behind], found, "service")
        else:
            rest.left(data[at:behind], found, "rar: rest")
    if volume:
        found.failed(Reason.VOLUME, "rar: part of a set")
    try:
        count = itertools.count(1)

        def counted(_: object) -> None:
            if next(count) > MOST:
                raise Stop(Reason.MEMBERS, "rar: too many members")

        with rarfile.RarFile(
            io.BytesIO(data), charset="cp932", part_only=True, info_callback=counted
        ) as archive:
            infos = archive.infolist()
            if archive.needs_password() and not infos:
                found.locked = True
                raise Stop(Reason.PASSWORD, "rar: wants a password")
            if not infos:
                raise Stop(Reason.MALFORMED, "rar: nothing in it")
            found.budget.take_member(len(infos))
            files = [info for info in infos if not info.is_dir()]
            found.locked = bool(files) and all(info.needs_password() for info in files)
            for info in files:
                name, size = info.filename or "", int(info.file_size or 0)
                if info.needs_password():
                    found.listed(name, size, Reason.PASSWORD)
                elif info.compress_type == _STORED and size <= len(data):
                    found.budget.take_bytes(size)
                    found.inside(name, archive.read(info))
                else:
                    found.listed(name, size, Reason.METHOD, "rar: compressed members are listed only")
    except rarfile.Error as error:
        raise Stop(Reason.MALFORMED, f"rar: {type(error).__name__}") from None
