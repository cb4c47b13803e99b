"""Programs and what starts them, harmless in fact: they end at once, and no address in them exists."""

import itertools
import struct

_DOS = b"MZ" + bytes(58) + struct.pack("<I", 64)


def pe(words: bytes = b"", *, library: bool = False) -> bytes:
    """A program of Windows (PE32) that returns at once; `words` stand in its only section."""
    code = (b"\x33\xc0\xc3" + words).ljust(512, b"\x00")
    flags = 0x2102 if library else 0x0102
    coff = struct.pack("<HHIIIHH", 0x14C, 1, 0x65A1B2C3, 0, 0, 224, flags)
    head = struct.pack("<HBBIIIIII", 0x10B, 14, 0, 512, 0, 0, 0x1000, 0x1000, 0x2000)
    head += struct.pack(
        "<IIIHHHHHHIIIIHH", 0x400000, 0x1000, 0x200, 6, 0, 0, 0, 6, 0, 0, 0x2000, 0x200, 0, 2, 0x8140
    )
    head += struct.pack("<IIIIII", 0x100000, 0x1000, 0x100000, 0x1000, 0, 16) + bytes(128)
    section = b".text\x00\x00\x00" + struct.pack("<IIIIIIHHI", 512, 0x1000, 512, 512, 0, 0, 0, 0, 0x60000020)
    return (_DOS + b"PE\x00\x00" + coff + head + section).ljust(512, b"\x00") + code


def elf() -> bytes:
    """A program of Linux (x86-64) that exits at once."""
    code = bytes.fromhex("31ffb83c0000000f05")
    head = b"\x7fELF\x02\x01\x01" + bytes(9) + struct.pack(
        "<HHIQQQIHHHHHH", 2, 62, 1, 0x400078, 64, 0, 0, 64, 56, 1, 0, 0, 0
    )  # fmt: skip
    return (
        head
        + struct.pack("<IIQQQQQQ", 1, 5, 0, 0x400000, 0x400000, 120 + len(code), 120 + len(code), 4096)
        + code
    )


def shortcut(
    program: str, arguments: str, icon: str = "%ProgramFiles%\\Microsoft\\Edge\\Application\\msedge.exe"
) -> bytes:
    """A shell link (MS-SHLLINK) to a program with arguments."""
    flags = 0x08 | 0x20 | 0x40 | 0x80
    head = struct.pack("<I", 76) + bytes.fromhex("0114020000000000c000000000000046")
    head += struct.pack("<II", flags, 0x20) + bytes(24) + struct.pack("<IiIH", 0, 11, 7, 0) + bytes(10)
    strings = b"".join(
        struct.pack("<H", len(text)) + text.encode("utf-16-le") for text in (program, arguments, icon)
    )
    return head + strings + bytes(4)


def compound(streams: dict[str, bytes], clsid: bytes = bytes(16)) -> bytes:
    """A compound file (MS-CFB, version 3) of streams, whose names may have one storage before a slash."""
    entries: list[list[object]] = [
        ["Root Entry", 5, b"", clsid, -1, -1]
    ]  # name, type, data, clsid, child, right
    folders: dict[str, int] = {"": 0}
    members: dict[int, list[int]] = {0: []}
    for path, content in streams.items():
        folder, _, name = path.rpartition("/")
        at = 0
        for piece in folder.split("/") if folder else []:
            key = f"{at}/{piece}"
            if key not in folders:
                folders[key] = len(entries)
                members[at].append(len(entries))
                members[len(entries)] = []
                entries.append([piece, 1, b"", bytes(16), -1, -1])
            at = folders[key]
        members[at].append(len(entries))
        entries.append([name, 2, content, bytes(16), -1, -1])
    for at, children in members.items():
        order = sorted(children, key=lambda n: (len(str(entries[n][0])), str(entries[n][0]).upper()))
        for one, following in itertools.pairwise(order):
            entries[one][5] = following
        if order:
            entries[at][4] = order[0]
    return _sectors(entries)


def _sectors(entries: list[list[object]]) -> bytes:
    fat: list[int] = []
    body = b""

    def stored(content: bytes) -> int:
        nonlocal body
        count = -(-len(content) // 512)
        if not count:
            return -2
        first = len(fat)
        fat.extend([*range(first + 1, first + count), -2])
        body += content.ljust(count * 512, b"\x00")
        return first

    small, minifat = b"", []
    places: list[tuple[int, int]] = []
    for entry in entries:
        data = bytes(entry[2])  # type: ignore[call-overload]
        if entry[1] == 2 and 0 < len(data) < 4096:
            count = -(-len(data) // 64)
            places.append((len(minifat), len(data)))
            minifat += [*range(len(minifat) + 1, len(minifat) + count), -2]
            small += data.ljust(count * 64, b"\x00")
        else:
            places.append((stored(data) if data else -2 if entry[1] == 2 else 0, len(data)))
    places[0] = (stored(small), len(small))
    listed = b""
    for entry, (start, size) in zip(entries, places, strict=True):
        name = str(entry[0]).encode("utf-16-le")
        listed += name.ljust(64, b"\x00") + struct.pack("<HBB", len(name) + 2, int(str(entry[1])), 1)
        listed += struct.pack("<iii", -1, int(str(entry[5])), int(str(entry[4]))) + bytes(entry[3])  # type: ignore[call-overload]
        listed += bytes(20) + struct.pack("<iQ", start, size)
    listed += b"".join(
        bytes(68) + struct.pack("<iii", -1, -1, -1) + bytes(48) for _ in range(-len(entries) % 4)
    )
    directory = stored(listed)
    minis = stored(
        b"".join(struct.pack("<i", n) for n in minifat).ljust(-(-len(minifat) // 128) * 512, b"\xff")
    )
    count = -(-(len(fat) + 1) // 127)
    first = len(fat)
    table = b"".join(struct.pack("<i", n) for n in [*fat, *[-3] * count]).ljust(count * 512, b"\xff")
    head = (
        bytes.fromhex("d0cf11e0a1b11ae1")
        + bytes(16)
        + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
        + bytes(6)
    )
    head += struct.pack("<IIiIIiIiI", 0, count, directory, 0, 4096, minis, -(-len(minifat) // 128), -2, 0)
    places_of = [*range(first, first + count)]
    return head + b"".join(struct.pack("<i", n) for n in places_of + [-1] * (109 - count)) + body + table


def squeezed(text: bytes) -> bytes:
    """A container of MS-OVBA 2.4.1 that is all literals."""
    out = b"\x01"
    for start in range(0, len(text), 3000):
        piece = text[start : start + 3000]
        tokens = b"".join(b"\x00" + piece[n : n + 8] for n in range(0, len(piece), 8))
        out += struct.pack("<H", 0xB000 | len(tokens) - 1) + tokens
    return out


def vba(source: str) -> bytes:
    """A vbaProject.bin of one module."""

    def record(kind: int, data: bytes) -> bytes:
        return struct.pack("<HI", kind, len(data)) + data

    name = b"ThisDocument"
    wide = name.decode().encode("utf-16-le")
    listing = (
        record(1, struct.pack("<I", 1))
        + record(2, struct.pack("<I", 0x411))
        + record(0x14, struct.pack("<I", 0x411))
    )
    listing += record(3, struct.pack("<H", 1252)) + record(4, b"Project") + record(5, b"") + record(0x40, b"")
    listing += record(6, b"") + record(0x3D, b"") + record(7, bytes(4)) + record(8, bytes(4))
    listing += struct.pack("<HIIH", 9, 4, 1, 1) + record(0x0C, b"") + record(0x3C, b"")
    listing += record(0x0F, struct.pack("<H", 1)) + record(0x13, struct.pack("<H", 0xFFFF))
    listing += record(0x19, name) + record(0x47, wide) + record(0x1A, name) + record(0x32, wide)
    listing += record(0x1C, b"") + record(0x48, b"") + record(0x31, bytes(4)) + record(0x1E, bytes(4))
    listing += (
        record(0x2C, struct.pack("<H", 0xFFFF)) + record(0x22, b"") + record(0x2B, b"") + record(0x10, b"")
    )
    code = f'Attribute VB_Name = "ThisDocument"\r\n{source}'.encode()
    project = b'ID="{00000000-0000-0000-0000-000000000000}"\r\nDocument=ThisDocument/&H00000000\r\nName="Project"\r\n'
    return compound(
        {
            "PROJECT": project,
            "VBA/_VBA_PROJECT": b"\xcc\x61\xff\xff\x00\x00\x00",
            "VBA/dir": squeezed(listing),
            "VBA/ThisDocument": squeezed(code),
        }
    )


def package(name: str, content: bytes) -> bytes:
    r"""An OLE package (\x01Ole10Native in a compound file) of a file."""
    inner = struct.pack("<H", 2) + name.encode() + b"\x00" + f"C:\\Users\\a\\{name}".encode() + b"\x00"
    path = f"C:\\Users\\a\\AppData\\Local\\Temp\\{name}".encode() + b"\x00"
    inner += struct.pack("<HHI", 0, 3, len(path)) + path + struct.pack("<I", len(content)) + content
    clsid = bytes.fromhex("0c00030000000000c000000000000046")
    return compound({"\x01Ole10Native": struct.pack("<I", len(inner)) + inner}, clsid)
