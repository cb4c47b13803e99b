"""Archives and disk images, written by hand and stored as they are: the standard library does not write these."""

import struct
import zlib


def iso(members: dict[str, bytes]) -> bytes:
    """ISO 9660 with long names in its only folder."""
    place, records, body = 21, [], b""

    def both(value: int, size: int) -> bytes:
        return value.to_bytes(size, "little") + value.to_bytes(size, "big")

    def record(name: bytes, at: int, size: int, flags: int) -> bytes:
        out = b"\x00" + both(at, 4) + both(size, 4) + bytes([126, 11, 18, 9, 0, 0, 36, flags, 0, 0])
        out += both(1, 2) + bytes([len(name)]) + name
        out += bytes((len(out) + 1) % 2)
        return bytes([len(out) + 1]) + out

    for name, content in members.items():
        records.append(record(name.encode() + b";1", place, len(content), 0))
        body += content.ljust(-(-len(content) // 2048) * 2048, b"\x00")
        place += -(-len(content) // 2048)
    root = (record(b"\x00", 20, 2048, 2) + record(b"\x01", 20, 2048, 2) + b"".join(records)).ljust(
        2048, b"\x00"
    )
    first = b"\x01CD001\x01\x00" + b" " * 32 + b"DOCUMENTS".ljust(32) + bytes(8) + both(place, 4) + bytes(32)
    first += (
        both(1, 2)
        + both(1, 2)
        + both(2048, 2)
        + both(10, 4)
        + struct.pack("<II", 18, 0)
        + struct.pack(">II", 19, 0)
    )
    first += record(b"\x00", 20, 2048, 2) + b" " * 623 + (b"0" * 16 + b"\x00") * 4 + b"\x01\x00"
    paths = (b"\x01\x00" + struct.pack("<IH", 20, 1) + b"\x00\x00").ljust(2048, b"\x00")
    turned = (b"\x01\x00" + struct.pack(">IH", 20, 1) + b"\x00\x00").ljust(2048, b"\x00")
    last = b"\xffCD001\x01".ljust(2048, b"\x00")
    return bytes(16 * 2048) + first.ljust(2048, b"\x00") + last + paths + turned + root + body


def fat(members: dict[str, bytes]) -> bytes:
    """A floppy of 1.44 MB (FAT12) with names of eight and three letters."""
    table, root, data, cluster = [0xFF0, 0xFFF], b"", b"", 2
    for name, content in members.items():
        stem, _, ending = name.upper().rpartition(".")
        count = max(1, -(-len(content) // 512))
        root += stem[:8].ljust(8).encode() + ending[:3].ljust(3).encode() + b"\x20" + bytes(10)
        root += struct.pack("<HHHI", 0x4A00, 0x5D72, cluster, len(content))
        table += [*range(cluster + 1, cluster + count), 0xFFF]
        data += content.ljust(count * 512, b"\x00")
        cluster += count
    table += [0] * (len(table) % 2)
    packed = b"".join(
        bytes([a & 255, a >> 8 | (b & 15) << 4, b >> 4]) for a, b in zip(table[::2], table[1::2], strict=True)
    ).ljust(9 * 512, b"\x00")
    boot = b"\xeb\x3c\x90MSDOS5.0" + struct.pack(
        "<HBHBHHBHHHII", 512, 1, 1, 2, 224, 2880, 0xF0, 9, 18, 2, 0, 0
    )
    boot += b"\x00\x00\x29\x11\x22\x33\x44DOCUMENTS  FAT12   "
    boot = boot.ljust(510, b"\x00") + b"\x55\xaa"
    return (boot + packed * 2 + root.ljust(224 * 32, b"\x00") + data).ljust(2880 * 512, b"\x00")


def vhd(members: dict[str, bytes]) -> bytes:
    """A fixed virtual disk of one FAT partition, cut to what is used."""
    volume = fat(members)
    entry = b"\x00\x01\x01\x00\x01\xfe\x3f\x10" + struct.pack("<II", 63, len(volume) // 512)
    disk = bytes(446) + entry + bytes(48) + b"\x55\xaa" + bytes(62 * 512) + volume
    foot = b"conectix" + struct.pack(
        ">IIQI4sI4sQQ", 2, 0x10000, 2**64 - 1, 0x2B0C1D2E, b"win ", 0xA0000, b"Wi2k", len(disk), len(disk)
    )
    foot += struct.pack(">HBBI", len(disk) // 512 // 68, 4, 17, 2) + bytes(4) + bytes(range(16)) + b"\x00"
    total = ~sum(foot) & 0xFFFFFFFF
    foot = foot[:64] + struct.pack(">I", total) + foot[68:]
    return disk + foot.ljust(512, b"\x00")


def seven(name: str, content: bytes) -> bytes:
    """7z, method copy."""
    wide = name.encode("utf-16-le") + b"\x00\x00"

    def number(value: int) -> bytes:
        if value < 0x80:
            return bytes([value])
        if value < 0x4000:
            return bytes([0x80 | value >> 8, value & 255])
        return b"\xe0" + value.to_bytes(3, "little")

    size, crc = number(len(content)), struct.pack("<I", zlib.crc32(content))
    head = b"\x01\x04\x06\x00\x01\x09" + size + b"\x00"
    head += b"\x07\x0b\x01\x00\x01\x01\x00\x0c" + size + b"\x0a\x01" + crc + b"\x00\x08\x00\x00"
    head += b"\x05\x01\x11" + number(len(wide) + 1) + b"\x00" + wide + b"\x00\x00"
    start = struct.pack("<QQI", len(content), len(head), zlib.crc32(head))
    return b"7z\xbc\xaf\x27\x1c\x00\x04" + struct.pack("<I", zlib.crc32(start)) + start + content + head


def rar(name: str, content: bytes) -> bytes:
    """RAR 4, stored."""

    def block(kind: int, flags: int, inner: bytes) -> bytes:
        head = struct.pack("<BHH", kind, flags, 7 + len(inner)) + inner
        return struct.pack("<H", zlib.crc32(head) & 0xFFFF) + head

    size, crc, coded = len(content), zlib.crc32(content), name.encode()
    entry = struct.pack("<IIBIIBBHI", size, size, 2, crc, 0x5D724A00, 20, 0x30, len(coded), 0x20) + coded
    return (
        b"Rar!\x1a\x07\x00"
        + block(0x73, 0, bytes(6))
        + block(0x74, 0x8000, entry)
        + content
        + block(0x7B, 0x4000, b"")
    )


def rar5(name: str, content: bytes) -> bytes:
    """RAR 5, stored."""

    def number(value: int) -> bytes:
        out = b""
        while value > 127:
            out, value = out + bytes([value & 127 | 128]), value >> 7
        return out + bytes([value])

    def block(inner: bytes) -> bytes:
        head = number(len(inner)) + inner
        return struct.pack("<I", zlib.crc32(head)) + head

    coded, size = name.encode(), number(len(content))
    entry = (
        b"\x02\x02"
        + size
        + b"\x04"
        + size
        + number(0x20)
        + struct.pack("<I", zlib.crc32(content))
        + b"\x00\x00"
    )
    entry += number(len(coded)) + coded
    return b"Rar!\x1a\x07\x01\x00" + block(b"\x01\x00\x00") + block(entry) + content + block(b"\x05\x00\x00")


def cabinet(name: str, content: bytes) -> bytes:
    """A cabinet of Microsoft, not compressed (content under 32 KiB)."""
    coded = name.encode() + b"\x00"
    files = 36 + 8
    start = files + 16 + len(coded)
    total = start + 8 + len(content)
    head = b"MSCF" + struct.pack("<IIIIIBBHHHHH", 0, total, 0, files, 0, 3, 1, 1, 1, 0, 7, 0)
    folder = struct.pack("<IHH", start, 1, 0)
    entry = struct.pack("<IIHHHH", len(content), 0, 0, 0x5D72, 0x4A00, 0x20) + coded
    return head + folder + entry + struct.pack("<IHH", 0, len(content), len(content)) + content


def _crc16(content: bytes) -> int:
    value = 0
    for octet in content:
        value ^= octet
        for _ in range(8):
            value = value >> 1 ^ (0xA001 if value & 1 else 0)
    return value


def lzh(name: str, content: bytes) -> bytes:
    """LZH, method -lh0-, header level 0."""
    coded = name.encode("cp932")
    inner = b"-lh0-" + struct.pack("<IIIBB", len(content), len(content), 0x5D724A00, 0x20, 0)
    inner += bytes([len(coded)]) + coded + struct.pack("<H", _crc16(content))
    return bytes([len(inner), sum(inner) & 255]) + inner + content + b"\x00"


def arj(name: str, content: bytes) -> bytes:
    """ARJ, stored."""

    def block(kind: int, label: bytes, size: int, crc: int) -> bytes:
        head = struct.pack(
            "<BBBBBBBBIIIIHHH", 30, 11, 1, 0, 0, 0, kind, 0, 0x5D724A00, size, size, crc, 0, 0x20, 0
        )
        head += label + b"\x00\x00"
        return b"\x60\xea" + struct.pack("<H", len(head)) + head + struct.pack("<IH", zlib.crc32(head), 0)

    return (
        block(2, b"a.arj", 0, 0)
        + block(0, name.encode(), len(content), zlib.crc32(content))
        + content
        + b"\x60\xea\x00\x00"
    )


def ace(name: str, content: bytes) -> bytes:
    """ACE 1, stored."""

    def block(inner: bytes) -> bytes:
        return struct.pack("<HH", ~zlib.crc32(inner) & 0xFFFF, len(inner)) + inner

    main = (
        b"\x00"
        + struct.pack("<H", 0x8000)
        + b"**ACE**"
        + bytes([20, 20, 0, 0])
        + struct.pack("<I", 0x5D724A00)
        + bytes(8)
    )
    coded = name.encode()
    check = ~zlib.crc32(content) & 0xFFFFFFFF
    entry = (
        b"\x01"
        + struct.pack(
            "<HIIIIIHHHH", 1, len(content), len(content), 0x5D724A00, 0x20, check, 0, 0x0A, 0x4554, len(coded)
        )
        + coded
    )
    return block(main) + block(entry) + content


def zstd(content: bytes) -> bytes:
    """A Zstandard frame of raw blocks."""
    out = b"\x28\xb5\x2f\xfd\xa0" + struct.pack("<I", len(content))
    pieces = [content[n : n + 65536] for n in range(0, len(content), 65536)] or [b""]
    for number, piece in enumerate(pieces):
        out += (len(piece) << 3 | (number == len(pieces) - 1)).to_bytes(3, "little") + piece
    return out


def cpio(name: str, content: bytes) -> bytes:
    """cpio, portable ASCII (newc)."""

    def one(label: str, data: bytes) -> bytes:
        values = (1, 0o100644, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(label) + 1, 0)
        head = b"070701" + b"".join(b"%08X" % value for value in values) + label.encode() + b"\x00"
        return head + bytes(-len(head) % 4) + data + bytes(-len(data) % 4)

    return one(name, content) + one("TRAILER!!!", b"")


def unix_ar(name: str, content: bytes) -> bytes:
    """An archive of Unix (ar)."""
    label = name.encode()
    head = (
        f"{f'#1/{len(label)}':<16}{0:<12}{0:<6}{0:<6}{'100644':<8}{len(label) + len(content):<10}`\n".encode()
    )
    return b"!<arch>\n" + head + label + content + b"\n" * ((len(label) + len(content)) % 2)


def chm(members: dict[str, bytes]) -> bytes:
    """Compiled HTML help whose files stand in the section that is not compressed."""

    def number(value: int) -> bytes:
        out = bytes([value & 127])
        while value := value >> 7:
            out = bytes([value & 127 | 128]) + out
        return out

    entries, body = b"", b""
    listed = "Uncompressed".encode("utf-16-le")
    names = struct.pack("<HHH", 3 + len(listed) // 2 + 1, 1, len(listed) // 2) + listed + b"\x00\x00"
    held = {f"/{name}": content for name, content in members.items()} | {"::DataSpace/NameList": names}
    for name, content in sorted(held.items()):
        coded = name.encode()
        entries += number(len(coded)) + coded + b"\x00" + number(len(body)) + number(len(content))
        body += content
    chunk = b"PMGL" + struct.pack("<IIii", 4096 - 20 - len(entries), 0, -1, -1) + entries
    chunk = chunk.ljust(4094, b"\x00") + struct.pack("<H", len(held))
    guid = bytes.fromhex("10fd017caa7bd0119e0c00a0c922e6ec")
    itsp = b"ITSP" + struct.pack("<IIIIIIiiIiIiI", 1, 0x54, 10, 4096, 2, 1, -1, 0, 0, -1, 1, 0x411, 0)
    itsp = (itsp[:0x38] + bytes.fromhex("6a92025d2e21d0119df900a0c922e6ec")).ljust(0x54, b"\xff")
    start = 0x60 + 0x18 + 0x54 + 4096
    head = (
        b"ITSF"
        + struct.pack("<IIII", 3, 0x60, 1, 0x5D724A00)
        + struct.pack("<I", 0x411)
        + guid
        + guid[:1]
        + b"\xfd"
        + guid[2:]
    )
    head = (head + struct.pack("<QQQQQ", 0x60, 0x18, 0x78, 0x54 + 4096, start))[:0x60].ljust(0x60, b"\x00")
    zero = struct.pack("<IIQQ", 0x1FE, 0, start + len(body), 0)
    return head + zero + itsp + chunk + body
