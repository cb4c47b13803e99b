"""A writer of compound files (MS-CFB, version 3): storages, streams, mini stream; enough to try readers on."""

import itertools
import struct

FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


class _Entry:
    def __init__(self, name: str, kind: int, data: bytes = b"") -> None:
        self.name, self.kind, self.data = name, kind, data
        self.children: dict[str, _Entry] = {}
        self.number, self.right, self.child, self.start = 0, FREE, FREE, END


def compound(streams: dict[str, bytes], clsid: bytes = bytes(16)) -> bytes:
    """A compound file of streams named by path ("Storage/Stream")."""
    root = _Entry("Root Entry", 5)
    for path, data in streams.items():
        *storages, last = path.split("/")
        here = root
        for storage in storages:
            here = here.children.setdefault(storage, _Entry(storage, 1))
        here.children[last] = _Entry(last, 2, data)
    entries: list[_Entry] = []

    def add(entry: _Entry) -> None:
        entry.number = len(entries)
        entries.append(entry)
        order = sorted(entry.children.values(), key=lambda e: (len(e.name), e.name.upper()))
        for child in order:
            add(child)
        for one, next_one in itertools.pairwise(order):
            one.right = next_one.number
        if order:
            entry.child = order[0].number

    add(root)
    sectors: list[bytes] = []
    table: list[int] = []

    def chain(data: bytes) -> int:
        start = len(sectors)
        pieces = [data[i : i + 512].ljust(512, b"\0") for i in range(0, len(data), 512)]
        for index, piece in enumerate(pieces):
            sectors.append(piece)
            table.append(start + index + 1 if index + 1 < len(pieces) else END)
        return start if pieces else END

    mini, mini_table = b"", []
    for entry in entries:
        if entry.kind == 2 and entry.data:
            if len(entry.data) >= 4096:
                entry.start = chain(entry.data)
            else:
                entry.start = len(mini_table)
                count = (len(entry.data) + 63) // 64
                mini_table += [*range(entry.start + 1, entry.start + count), END]
                mini += entry.data.ljust(count * 64, b"\0")
    root.start, root.data = chain(mini), mini
    mini_start = chain(struct.pack(f"<{len(mini_table)}L", *mini_table)) if mini_table else END
    if mini_table:
        last = sectors[-1]
        used = len(mini_table) * 4 % 512
        sectors[-1] = last[:used] + b"\xff" * (512 - used) if used else last
    directory = b"".join(_directory_entry(e, clsid if e is root else bytes(16)) for e in entries)
    directory_start = chain(directory)
    count = 1
    while (len(table) + count + 127) // 128 > count:
        count += 1
    fat_start = len(table)
    table += [FAT] * count
    table += [FREE] * (count * 128 - len(table))
    fat = struct.pack(f"<{len(table)}L", *table)
    header = struct.pack(
        "<8s16sHHHHH6sLLLLLLLLLL",
        bytes.fromhex("d0cf11e0a1b11ae1"),
        bytes(16),
        0x3E,
        3,
        0xFFFE,
        9,
        6,
        bytes(6),
        0,
        count,
        directory_start,
        0,
        4096,
        mini_start,
        (len(mini_table) * 4 + 511) // 512,
        END,
        0,
        *[],
        0 if count < 0 else fat_start,
    )
    difat = [fat_start + i for i in range(count)] + [FREE] * (109 - count)
    return header[:76] + struct.pack("<109L", *difat) + b"".join(sectors) + fat


def _directory_entry(entry: _Entry, clsid: bytes) -> bytes:
    name = entry.name.encode("utf-16-le") + b"\0\0"
    start = entry.start if entry.kind in (2, 5) else 0
    return (
        name.ljust(64, b"\0")
        + struct.pack("<HBBLLL", len(name), entry.kind, 1, FREE, entry.right, entry.child)
        + clsid
        + struct.pack("<LQQLQ", 0, 0, 0, start, len(entry.data))
    )
