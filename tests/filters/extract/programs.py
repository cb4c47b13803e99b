"""Windows programs with icons, by hand: a PE32 of one resource section."""

import struct

Rgba = tuple[int, int, int, int]
CLEAR, WHITE, RED, BLUE, GREEN, YELLOW, GREY, BLACK = (
    (0, 0, 0, 0), (255, 255, 255, 255), (200, 30, 25, 255), (35, 85, 180, 255), (30, 120, 65, 255),
    (250, 210, 90, 255), (120, 120, 120, 255), (20, 20, 20, 255),
)  # fmt: skip
SIDE = 32


def sketch(word: str) -> list[list[Rgba]]:
    """32 × 32 pixels that a person would take for a PDF, a Word, Excel or text document, a folder, or a wheel."""
    image = [[CLEAR] * SIDE for _ in range(SIDE)]

    def box(left: int, top: int, right: int, bottom: int, colour: Rgba) -> None:
        for y in range(top, bottom):
            image[y][left:right] = [colour] * (right - left)

    if word in ("pdf", "word", "excel", "text"):
        box(4, 0, 28, 32, WHITE)
        box(22, 0, 28, 5, CLEAR)
        if word == "text":
            for top in (9, 17, 25):
                box(8, top, 24, top + 3, GREY)
        elif word == "pdf":
            box(0, 12, 28, 21, RED)
            for left in (4, 11, 18):
                box(left, 14, left + 2, 19, WHITE)
        else:
            box(0, 8, 16, 24, BLUE if word == "word" else GREEN)
            box(4, 12, 6, 18, WHITE)
            box(10, 14, 12, 20, WHITE)
    elif word == "folder":
        box(0, 4, 14, 9, YELLOW)
        box(0, 8, 32, 28, YELLOW)
    else:
        for y in range(SIDE):
            for x in range(SIDE):
                ring = (x - 16) ** 2 + (y - 16) ** 2
                if ring < 240:
                    image[y][x] = BLACK if ring > 90 else BLUE if ring > 30 else GREEN
    return image


def bitmap(image: list[list[Rgba]], bits: int = 32) -> bytes:
    """The image as in an icon: a DIB of twice the height, bottom row first, with its mask."""
    rows = b""
    for row in reversed(image):
        rows += b"".join(bytes((b, g, r, a) if bits == 32 else (b, g, r)) for r, g, b, a in row)
    mask = b"".join(
        int("".join("0" if p[3] else "1" for p in row), 2).to_bytes(SIDE // 8, "big")
        for row in reversed(image)
    )
    return struct.pack("<LllHHLLllLL", 40, SIDE, 2 * SIDE, 1, bits, 0, 0, 0, 0, 0, 0) + rows + mask


def program(image: list[list[Rgba]], bits: int = 32) -> bytes:
    """A PE32 with this icon; it has no code."""
    base = 0x1000
    icon = bitmap(image, bits)
    group = struct.pack("<HHHBBBBHHLH", 0, 1, 1, SIDE, SIDE, 0, 0, 1, bits, len(icon), 1)

    def directory(*entries: tuple[int, int]) -> bytes:
        return struct.pack("<LLHHHH", 0, 0, 0, 0, 0, len(entries)) + b"".join(
            struct.pack("<LL", *e) for e in entries
        )

    deeper = 1 << 31
    # root (32) · two directories of one name (24 each) · two of one language (24 each) · two leaves (16 each)
    tree = directory((3, deeper | 32), (14, deeper | 56))
    tree += (
        directory((1, deeper | 80))
        + directory((1, deeper | 104))
        + directory((1033, 128))
        + directory((1033, 144))
    )
    at = base + 160
    tree += struct.pack("<LLLL", at, len(icon), 0, 0) + struct.pack("<LLLL", at + len(icon), len(group), 0, 0)
    section = tree + icon + group
    section += b"\0" * (-len(section) % 512)
    dos = b"MZ" + bytes(58) + struct.pack("<L", 64)
    file_header = struct.pack("<4sHHLLLHH", b"PE\0\0", 0x14C, 1, 0, 0, 0, 224, 0x102)
    optional = struct.pack("<HBBLLLLLL", 0x10B, 1, 0, 0, len(section), 0, 0, base, base)
    optional += struct.pack("<LLLHHHHHHLLLLHHLLLLLL", 0x400000, 0x1000, 512, 4, 0, 0, 0, 4, 0, 0, 0x4000, 512, 0, 2, 0, 0x100000, 0x1000, 0x100000, 0x1000, 0, 16)  # fmt: skip
    optional += bytes(16) + struct.pack("<LL", base, len(section)) + bytes(8 * 13)
    name = struct.pack(
        "<8sLLLLLLHHL", b".rsrc", len(section), base, len(section), 512, 0, 0, 0, 0, 0x40000040
    )
    return (dos + file_header + optional + name).ljust(512, b"\0") + section
