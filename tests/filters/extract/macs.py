"""Files that a Mac writes beside others, as the formats describe them."""

import struct


def appledouble(*entries: tuple[int, bytes], single: bool = False) -> bytes:
    """AppleDouble (or AppleSingle) with these entries: (identifier, content)."""
    head = struct.pack(
        ">LL16sH", 0x00051600 if single else 0x00051607, 0x00020000, b"Mac OS X        ", len(entries)
    )
    at = len(head) + 12 * len(entries)
    table, body = b"", b""
    for identifier, content in entries:
        table += struct.pack(">LLL", identifier, at + len(body), len(content))
        body += content
    return head + table + body


def resources(*contents: bytes) -> bytes:
    """A resource fork with these resources of the type `DATA`; the empty one of today's systems without any."""
    system = b"This resource fork intentionally left blank   ".ljust(240, b"\0")
    data = b"".join(struct.pack(">L", len(c)) + c for c in contents)
    table = bytes(24) + struct.pack(">HH", 28, 30) + struct.pack(">H", 0xFFFF)
    return struct.pack(">LLLL", 256, 256 + len(data), len(data), len(table)) + system + data + table


def attributes(start: int, **values: bytes) -> bytes:
    """The entry 9 that begins at `start`: the Finder's flags, then extended attributes."""
    names = [name.replace("_", ".").encode() + b"\0" for name in values]
    size = 36 + sum((11 + len(n) + 3) & ~3 for n in names)
    data = start + 34 + size
    entries, body = b"", b""
    for name, value in zip(names, values.values(), strict=True):
        entry = struct.pack(">LLHB", data + len(body), len(value), 0, len(name)) + name
        entries += entry.ljust((len(entry) + 3) & ~3, b"\0")
        body += value
    head = b"ATTR" + struct.pack(">LLLL12xHH", 0, data + len(body), data, len(body), 0, len(names))
    return bytes(34) + head + entries + body


FIRST = 26 + 12 * 2
"""Where the first of two entries begins."""
QUARANTINE = b"0083;672c1f1a;Safari;8A3C1B62-5D0E-4B0E-9C55-0D7C7A1B4E11"


def companion() -> bytes:
    """What stands in `__MACOSX/._report.xlsx`: where it comes from, and an empty resource fork."""
    info = attributes(FIRST, com_apple_quarantine=QUARANTINE)
    return appledouble((9, info), (2, resources()))


def dsstore(*names: str, rest: bytes = b"") -> bytes:
    """A .DS_Store with a record for each name; `rest` stands behind its blocks."""
    records = b"".join(
        struct.pack(">L", len(n))
        + n.encode("utf-16-be")
        + b"Iloc"
        + b"blob"
        + struct.pack(">L", 16)
        + bytes(16)
        for n in names
    )
    node = (struct.pack(">LL", 0, len(names)) + records).ljust(4096, b"\0")
    tree = struct.pack(">LLLLL", 2, 0, len(names), 1, 4096).ljust(32, b"\0")
    addresses = [2048 | 11, 64 | 5, 4096 | 12]
    root = struct.pack(">LL", len(addresses), 0) + struct.pack(">3L", *addresses).ljust(1024, b"\0")
    root += struct.pack(">L", 1) + b"\4DSDB" + struct.pack(">L", 1)
    root += b"".join(struct.pack(">L", 0) for _ in range(32))
    out = bytearray(4 + 8192)
    out[:36] = (b"\0\0\0\1Bud1" + struct.pack(">LLL", 2048, len(root), 2048)).ljust(36, b"\0")
    out[4 + 2048 : 4 + 2048 + len(root)] = root
    out[4 + 64 : 4 + 96] = tree
    out[4 + 4096 : 4 + 8192] = node
    return bytes(out) + rest
