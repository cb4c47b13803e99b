"""Icons of programs, compared with those of documents and folders (IN-ICON).

An icon becomes 8 × 8 colour names ("." clear, w white, g grey, k black, r red, o orange, y yellow, n green, b
blue, p purple); so do the references, which are drawn from rectangles below. Likeness is the share of equal
squares.
"""

import struct
import zlib

GRID = 8
ALIKE = 0.76
SIDE = 256

Pixel = tuple[int, int, int, int]


class Image:
    """Pixels in rows, top first, as (red, green, blue, alpha)."""

    def __init__(self, width: int, height: int, pixels: list[Pixel]) -> None:
        self.width, self.height, self.pixels = width, height, pixels


_PAGE = (".wwwwww.",) * 8
REFERENCES: dict[str, tuple[tuple[str, ...], ...]] = {
    "pdf": (
        (".wwwww..", ".wwwwww.", ".wwwwww.", "rrrrrrr.", "rrrrrrr.", ".wwwwww.", ".wwwwww.", ".wwwwww."),
        (".rrrrr..", ".rrrrrr.", ".rrwwrr.", ".rrwwrr.", ".rwrrwr.", ".rwwwwr.", ".rrrrrr.", ".rrrrrr."),
        (".wwwww..", ".wwwwww.", ".wwrwww.", ".wwrrww.", ".wrrrrw.", ".wrwwrw.", ".wwwwww.", ".rrrrrr."),
        ("rrrrrrrr", "rrrwwrrr", "rrrwwrrr", "rrrwwrrr", "rrwwwwrr", "rwwrrwwr", "rwrrrrwr", "rrrrrrrr"),
    ),
    "document": (
        (".wwwww..", ".wwwwww.", "bbbbwww.", "bwbwbww.", "bbbbbww.", "bbbbwww.", ".wwwwww.", ".wwwwww."),
        ("...bbbbb", "...bbbbb", "bbbbbbbb", "bwbbwbbb", "bwbwwbbb", "bbwbwbbb", "...bbbbb", "...bbbbb"),
        (".wwwww..", ".wwwwww.", ".wbbbbw.", ".wwwwww.", ".wbbbbw.", ".wwwwww.", ".wbbbbw.", ".wwwwww."),
    ),
    "spreadsheet": (
        (".wwwww..", ".wwwwww.", "nnnnwww.", "nwnwnww.", "nnwnnww.", "nwnwnww.", "nnnnwww.", ".wwwwww."),
        ("...nnnnn", "...nnnnn", "nnnnnnnn", "nwnwnnnn", "nnwnnnnn", "nwnwnnnn", "...nnnnn", "...nnnnn"),
    ),
    "slides": (
        (".wwwww..", ".wwwwww.", "oooowww.", "owwooww.", "owwooww.", "owooowww", "oooowww.", ".wwwwww."),
        ("...ooooo", "...ooooo", "oooooooo", "owwooooo", "owwooooo", "owoooooo", "...ooooo", "...ooooo"),
    ),
    "folder": (
        ("........", "yyyy....", "yyyyyyyy", "yyyyyyyy", "yyyyyyyy", "yyyyyyyy", "yyyyyyyy", "........"),
        ("yyyy....", "yyyyyyyy", "yyyyyyyy", "yyyyyyyy", "yyyyyyyy", "yyyyyyyy", "yyyyyyyy", "yyyyyyyy"),
        ("........", "oooo....", "yyyyyyyy", "yyyyyyyy", "yyyyyyyy", "yyyyyyyy", "oooooooo", "........"),
    ),
    "text": (
        (".wwwww..", ".wwwwww.", ".wggggw.", ".wwwwww.", ".wggggw.", ".wwwwww.", ".wggggw.", ".wwwwww."),
        _PAGE,
    ),
    "picture": (
        ("wwwwwwww", "wbbbbbbw", "wbbbbybw", "wbbbbbbw", "wbbnbbbw", "wbnnnbnw", "wnnnnnnw", "wwwwwwww"),
    ),
}


def ordered(group: bytes) -> list[int]:
    """The numbers of the images in an icon group (GRPICONDIR); those of ordinary size and most colours first."""
    (count,) = struct.unpack_from("<H", group, 4)
    entries = []
    for n in range(min(count, 32)):
        width, _, _, _, _, bits, _, number = struct.unpack_from("<BBBBHHLH", group, 6 + 14 * n)
        entries.append((abs((width or SIDE) - 48), -bits, number))
    return [number for _, _, number in sorted(entries)]


def decoded(data: bytes) -> Image | None:
    """An icon image: a bitmap without file header, or a PNG. None for anything else."""
    try:
        return _png(data) if data.startswith(b"\x89PNG") else _bitmap(data)
    except (struct.error, IndexError, ValueError, zlib.error):
        return None


def _bitmap(data: bytes) -> Image | None:
    """A device-independent bitmap of 1, 4, 8, 24 or 32 bits, followed by its mask."""
    size, width, twice, _, bits, compression = struct.unpack_from("<LllHHL", data)
    height = twice // 2
    if compression or not 0 < width <= SIDE or not 0 < height <= SIDE or bits not in (1, 4, 8, 24, 32):
        return None
    (used,) = struct.unpack_from("<L", data, 32)
    colours = (used or 1 << bits) if bits <= 8 else 0
    palette = [tuple(data[size + 4 * i : size + 4 * i + 3]) for i in range(min(colours, 256))]
    start = size + 4 * colours
    stride, mask_stride = (width * bits + 31) // 32 * 4, (width + 31) // 32 * 4
    mask_at = start + stride * height
    rows: list[list[Pixel]] = []
    opaque = bits == 32 and any(data[start + 3 : mask_at : 4])
    for y in range(height):
        row: list[Pixel] = []
        line = data[start + y * stride : start + (y + 1) * stride]
        mask = data[mask_at + y * mask_stride : mask_at + (y + 1) * mask_stride]
        for x in range(width):
            if bits >= 24:
                at = x * bits // 8
                blue, green, red = line[at : at + 3]
            else:
                value = line[x * bits // 8] >> (8 - bits - x * bits % 8) & (1 << bits) - 1
                blue, green, red = palette[value]
            clear = bool(mask and mask[x // 8] >> 7 - x % 8 & 1)
            alpha = line[x * 4 + 3] if opaque else 0 if clear else 255
            row.append((red, green, blue, alpha))
        rows.append(row)
    return Image(width, height, [pixel for row in reversed(rows) for pixel in row])


def _png(data: bytes) -> Image | None:
    """An 8-bit PNG in RGB or RGBA, not interlaced."""
    width, height, depth, colour, _, _, interlaced = struct.unpack_from(">LLBBBBB", data, 16)
    if not 0 < width <= SIDE or not 0 < height <= SIDE or depth != 8 or colour not in (2, 6) or interlaced:
        return None
    packed, at = b"", 8
    while at + 8 <= len(data):
        length, kind = struct.unpack_from(">L4s", data, at)
        if kind == b"IDAT":
            packed += data[at + 8 : at + 8 + length]
        at += 12 + length
    count = 4 if colour == 6 else 3
    stride = width * count
    raw = zlib.decompressobj().decompress(packed, (stride + 1) * height)
    before, pixels = bytearray(stride), []
    for y in range(height):
        kind, line = raw[y * (stride + 1)], bytearray(raw[y * (stride + 1) + 1 : (y + 1) * (stride + 1)])
        for x in range(len(line)):
            left = line[x - count] if x >= count else 0
            line[x] = (
                line[x] + _predicted(kind, left, before[x], before[x - count] if x >= count else 0) & 255
            )
        before = line
        for x in range(width):
            pixel = line[x * count : x * count + count]
            pixels.append((pixel[0], pixel[1], pixel[2], pixel[3] if count == 4 else 255))
    return Image(width, height, pixels)


def _predicted(kind: int, left: int, up: int, corner: int) -> int:
    """PNG filters (RFC 2083 §6)."""
    if kind == 4:
        guess = left + up - corner
        distances = (abs(guess - left), abs(guess - up), abs(guess - corner))
        return (left, up, corner)[distances.index(min(distances))]
    return (0, left, up, (left + up) // 2)[kind] if kind < 4 else 0


def squares(image: Image) -> str:
    """The 64 colour names of an image, row by row."""
    names = []
    for y in range(GRID):
        for x in range(GRID):
            rows = range(
                y * image.height // GRID, max(y * image.height // GRID + 1, (y + 1) * image.height // GRID)
            )
            columns = range(
                x * image.width // GRID, max(x * image.width // GRID + 1, (x + 1) * image.width // GRID)
            )
            seen = [image.pixels[row * image.width + column] for row in rows for column in columns]
            names.append(_name(seen))
    return "".join(names)


def _name(pixels: list[Pixel]) -> str:
    shown = [p for p in pixels if p[3] > 100]
    if len(shown) * 2 < len(pixels):
        return "."
    red, green, blue = (sum(p[i] for p in shown) // len(shown) for i in range(3))
    most, least = max(red, green, blue), min(red, green, blue)
    if most - least < 48:
        return "k" if most < 70 else "g" if most < 190 else "w"
    if most == red:
        hue = (green - blue) / (most - least) * 60
    elif most == green:
        hue = 120 + (blue - red) / (most - least) * 60
    else:
        hue = 240 + (red - green) / (most - least) * 60
    for limit, name in ((15, "r"), (38, "o"), (70, "y"), (170, "n"), (260, "b"), (320, "p")):
        if hue < limit and hue >= -60:
            return name if hue >= -20 or name != "r" else "p" if hue < -40 else "r"
    return "r"


def likeness(image: Image) -> str:
    """What the icon looks like: "pdf", "document", "spreadsheet", "slides", "folder", "text", "picture", or ""."""
    seen = squares(image)
    if seen.count(".") > 44:
        return ""
    scores = [
        (max(_alike(seen, "".join(reference), shift) for shift in (-1, 0, 1)), word)
        for word, drawn in REFERENCES.items()
        for reference in drawn
    ]
    best, word = max(scores)
    return word if best >= ALIKE else ""


def _alike(seen: str, reference: str, shift: int) -> float:
    """The share of equal squares when `seen` is moved sideways by `shift`."""
    equal = 0
    for y in range(GRID):
        for x in range(GRID):
            name = seen[y * GRID + x - shift] if 0 <= x - shift < GRID else "."
            equal += name == reference[y * GRID + x]
    return equal / GRID / GRID
