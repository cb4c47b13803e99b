"""QR codes that are no picture: drawn with block letters in a text, or as a table of coloured cells in a page.

Both are turned into grey pixels, in which the reader of pictures looks for codes.
"""

from collections.abc import Iterator

import msgspec
import re2

LEAST = 21
"""Modules on each side of the smallest QR code (ISO/IEC 18004)."""
MOST = 200
"""Rows and columns that are drawn: the largest code has 177 modules and its quiet zone."""
LONGEST = 2_000_000
"""Characters of a text that are searched."""
SCALE = 4
"""Pixels of a module on each side."""
MARGIN = 4
"""White modules around what was found."""
_BLOCKS = {
    " ": 0,
    "\u00a0": 0,
    "\u3000": 0,
    "▀": 1,
    "▄": 2,
    "█": 3,
    "■": 3,
    "⬛": 3,
    "▓": 3,
    "⬜": 0,
    "□": 0,
    "░": 0,
}
"""Which halves of a letter are dark: 1 the upper, 2 the lower one."""
_LINE = re2.compile(r"(?m)^[ \x{a0}\x{3000}▀▄█■⬛▓⬜□░]{12,400}\r?$")
_CELL = re2.compile(r"(?i)<(tr|td|th)\b([^<>]{0,400})>")
_EMPTY = re2.compile(r"(?i)(?:<td\b[^<>]*>(?:&nbsp;|[\s\x{a0}])*</td>\s*){12}")
"""A row of cells with nothing in them."""
_COLOUR = re2.compile(
    r"(?i)(?:bgcolor\s*=|background(?:-color)?\s*:)\s*[\"']?\s*(#[0-9a-f]{3,6}|[a-z]{3,20}|rgb\([0-9, ]{5,20}\))"
)
_SPAN = re2.compile(r"(?i)colspan\s*=\s*[\"']?(\d{1,3})")
_NAMES = {"black": 0, "navy": 0, "darkblue": 0, "maroon": 40, "darkgreen": 40, "dimgray": 105, "dimgrey": 105}


class Drawing(msgspec.Struct, frozen=True):
    """Grey pixels, row by row."""

    pixels: bytes
    width: int
    height: int


def in_text(text: str) -> Iterator[Drawing]:
    """What stands in lines of block letters one below the other, each letter two modules high."""
    if "█" not in text and "■" not in text and "⬛" not in text and "▓" not in text:
        return
    rows: list[str] = []
    end = -1
    for found in _LINE.finditer(text[:LONGEST]):
        if found.start() > end + 2:
            yield from _of_letters(rows)
            rows = []
        if len(rows) < MOST:
            rows.append(found[0].rstrip("\r"))
        end = found.end()
    yield from _of_letters(rows)


def _of_letters(rows: list[str]) -> Iterator[Drawing]:
    if len(rows) * 2 < LEAST:
        return
    width = max(map(len, rows))
    modules: list[list[bool]] = []
    for row in rows:
        halves = [_BLOCKS.get(char, 0) for char in row.ljust(width)]
        modules += [[bool(half & 1) for half in halves], [bool(half & 2) for half in halves]]
    yield _drawn(modules)


def in_page(html: str) -> Iterator[Drawing]:
    """What rows of cells show by nothing but their colours."""
    if html.count("<td") + html.count("<TD") < LEAST * LEAST or not _EMPTY.search(html[:LONGEST]):
        return
    rows: list[list[bool]] = []
    for found in _CELL.finditer(html[:LONGEST]):
        if found[1].lower() == "tr":
            if rows and len(rows[-1]) < LEAST:
                yield from _of_cells(rows[:-1])
                rows = []
            rows.append([])
        elif rows and len(rows[-1]) < MOST:
            span = _SPAN.search(found[2])
            rows[-1] += [_is_dark(found[2])] * min(int(span[1]) if span else 1, MOST)
    yield from _of_cells(rows)


def _of_cells(rows: list[list[bool]]) -> Iterator[Drawing]:
    rows = [row for row in rows if len(row) >= LEAST][:MOST]
    if len(rows) >= LEAST:
        yield _drawn(rows)


def _is_dark(attributes: str) -> bool:
    found = _COLOUR.search(attributes)
    if found is None:
        return False
    colour = found[1].lower()
    if colour.startswith("#"):
        digits = colour[1:]
        parts = (
            [int(d * 2, 16) for d in digits[:3]]
            if len(digits) < 6
            else [int(digits[n : n + 2], 16) for n in (0, 2, 4)]
        )
    elif colour.startswith("rgb("):
        parts = [int(n or 0) for n in colour[4:-1].replace(" ", "").split(",")][:3]
    else:
        return colour in _NAMES
    return sum(parts) < 128 * 3


def _drawn(modules: list[list[bool]]) -> Drawing:
    width = max(map(len, modules)) + 2 * MARGIN
    empty = bytes([255]) * (width * SCALE)
    rows = [empty] * (MARGIN * SCALE)
    for row in modules:
        line = bytes(0 if dark else 255 for dark in row for _ in range(SCALE))
        rows += [(b"\xff" * (MARGIN * SCALE) + line).ljust(width * SCALE, b"\xff")] * SCALE
    rows += [empty] * (MARGIN * SCALE)
    return Drawing(b"".join(rows), width * SCALE, len(rows))
