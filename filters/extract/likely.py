"""Where in binary data text may stand: stretches of UTF-16, UTF-8 and Shift_JIS, found by arithmetic on whole arrays.

Data of any kind is walked at more than 100 MB/s, whatever it holds: 16-bit units are looked up in one table at both
alignments, and neighbours combined. Only what is left (in random data, one byte in forty) is read by filters.extract.strings.

What counts as likely: in UTF-16 three units that somebody writes (kana, full-width forms, ASCII, kanji of JIS X 0208, the
common hanzi of GB 2312 and Big5) and any fourth; six bytes of ASCII or UTF-8; in Shift_JIS two kana or level 1 kanji,
three of any level, or two beside ASCII. A stretch goes as far as its encoding can: rarer characters around belong to it.
"""

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.uint8]
    Mask = NDArray[np.bool_]
    Places = NDArray[np.intp]

Spans = list[tuple[int, int]]
PIECE = 1 << 15
"""Units that are looked up at a time."""
PRINTABLE = bytes(range(0x20, 0x7F)) + b"\t\r\n"

# Bits of a 16-bit unit: those of UTF-16-LE, and shifted by one those of UTF-16-BE; then two of Shift_JIS.
_COMMON, _POSSIBLE, _TELLING, _JAPANESE, _WRITTEN = 1, 4, 16, 64, 128
# Bits of a byte.
_ASCII, _LEAD, _FORMS, _TAIL, _FORMS_TAIL, _SHIFT_JIS = 1, 2, 4, 8, 16, 32


def _kanji() -> set[int]:
    """The ideographs that JIS X 0208 (with the vendors' extensions), level 1 of GB 2312 and level 1 of Big5 hold."""
    found: set[int] = set()
    for codec, first, last in (("cp932", 0x81, 0xFC), ("gb2312", 0xB0, 0xD7), ("big5", 0xA4, 0xC6)):
        pairs = b"".join(bytes((a, b, 10)) for a in range(first, last + 1) for b in range(0x40, 0xFF))
        found.update(map(ord, pairs.decode(codec, "ignore").replace("\n", "")))
    return {c for c in found if 0x4E00 <= c <= 0x9FFF}


@cache
def _units() -> "Array":
    """What each 16-bit unit can be, by its value when read low byte first."""
    import numpy as np  # here and below: the gateway imports this file but reads none, and is spared 24 MB

    table = np.zeros((256, 256), np.uint8)  # [second byte, first byte]
    kanji = _kanji()
    letters = set(PRINTABLE)
    for high in (0x00, 0x20, 0x30, *range(0x4E, 0xA0), 0xFA, 0xFF):
        for low in range(256):
            code = high << 8 | low
            if (
                (high == 0 and low not in letters)
                or (high == 0x20 and not 0x10 <= low <= 0x7F)
                or (high == 0xFA and not 0x0E <= low <= 0x2D)  # 﨑 and others of the vendors' kanji
                or (high == 0xFF and low > 0xEF)
            ):
                continue
            bits = _POSSIBLE
            if not 0x4E <= high <= 0x9F or code in kanji:
                bits |= _COMMON
            # Plain ASCII looks like rare characters when it is read in pairs; kana tells the difference.
            if 0x3041 <= code <= 0x30FE or not {high, low} <= letters:
                bits |= _TELLING
            table[high, low] |= bits
            table[low, high] |= bits << 1
    for first in (*range(0x81, 0xA0), *range(0xE0, 0xFD)):
        for second in range(0x40, 0xFD):
            char = bytes((first, second)).decode("cp932", "ignore")
            if len(char) == 1 and (kana := "\u3041" <= char <= "\u30fe") | ("\u4e00" <= char <= "\u9fff"):
                level_1 = (0x88, 0x9F) <= (first, second) <= (0x98, 0x72)
                table[second, first] |= _JAPANESE | (_WRITTEN if kana or level_1 else 0)
    return table.reshape(-1)


def _looked_up(values: "NDArray[np.uint16]") -> "Array":
    """What each unit can be. In pieces: numpy makes indexes of 64 bits of them, which shall not leave the cache."""
    import numpy as np

    found = np.empty(len(values), np.uint8)
    for at in range(0, len(values), PIECE):
        found[at : at + PIECE] = np.take(_units(), values[at : at + PIECE])
    return found


def _bits(byte: int) -> int:
    return (
        (_ASCII | _SHIFT_JIS) * (byte in PRINTABLE)
        | _LEAD * (0xE3 <= byte <= 0xE9)
        | _FORMS * (byte == 0xEF)
        | _TAIL * (0x80 <= byte <= 0xBF)
        | _FORMS_TAIL * (0xBC <= byte <= 0xBE)
        | _SHIFT_JIS * (0x80 <= byte <= 0xFC)
    )


_BYTES = bytes(map(_bits, range(256)))


class Likely:
    """The likely stretches of at least 16 bytes, as (start, end) offsets in order; each list has a byte once at most for
    each alignment."""

    def __init__(self, data: bytes) -> None:
        import numpy as np

        self._lanes: list[tuple[int, Array, Array, Array]] = []
        """Of the units at even and at odd offsets: first offset, what each can be, what it and the next both can be, and
        the bits _COMMON where three of UTF-16 begin."""
        for at in (0, 1):
            units = _looked_up(np.frombuffer(data, "<u2", (len(data) - at) // 2, at))
            two = units[:-1] & units[1:]
            beside = np.zeros(len(units) - 2, np.uint8)
            beside[1:] = units[:-3]
            beside[:-1] |= units[3:]
            told = units[:-2] | units[1:-1] | units[2:] | beside
            three = two[:-1] & two[1:] & (beside >> 2) & (told >> 4)
            self._lanes.append((at, units, two, three))
        self._bytes = np.frombuffer(data.translate(_BYTES), np.uint8)
        self._ascii: Mask = (self._bytes & _ASCII).view(np.bool_)

    def wide(self, *, big: bool = False) -> Spans:
        """UTF-16 of one byte order; each stretch has whole units."""
        found: Spans = []
        for at, units, _, three in self._lanes:
            starts = _risings(three & _COMMON << big != 0)
            found += ((at + 2 * a, at + 2 * b) for a, b in _around(starts, units & _POSSIBLE << big))
        return sorted(found)

    def japanese(self) -> Spans:
        """Shift_JIS with Japanese in it."""
        import numpy as np

        starts = []
        for at, _, two, _ in self._lanes:
            sure = two >= _WRITTEN
            sure[:-1] |= (two[:-1] & two[1:] & _JAPANESE).view(np.bool_)
            doubtful = np.flatnonzero(two & _JAPANESE > sure.view(np.uint8) * _JAPANESE)
            starts += [_risings(sure) * 2 + at, self._beside_ascii(doubtful * 2 + at)]
        return list(_around(np.sort(np.concatenate(starts)), self._bytes & _SHIFT_JIS))

    def utf8(self) -> Spans:
        """At least six bytes of ASCII and of Japanese in UTF-8."""
        import numpy as np

        data, good = self._bytes, self._ascii.copy()
        tail = data[1:] & (data[:-1] << 2) & (_TAIL | _FORMS_TAIL)
        heads = (tail[:-1] != 0) & (data[2:] & _TAIL != 0)
        for place in (0, 1, 2):
            good[place : place + len(heads)] |= heads
        runs = good[:-1] & good[1:]
        runs = runs[:-4] & runs[2:-2] & runs[4:]
        edges = (np.flatnonzero(runs[1:] ^ runs[:-1]) + 1).tolist()
        if len(runs) and runs[0]:
            edges.insert(0, 0)
        if len(edges) % 2:
            edges.append(len(runs))
        return [(a, b + 5) for a, b in zip(edges[::2], edges[1::2], strict=True)]

    def _beside_ascii(self, places: "Places") -> "Places":
        """Those pairs of characters that have four bytes of ASCII beside them, on either side or both."""
        import numpy as np

        text = np.pad(self._ascii, 4)
        beside = np.zeros(len(places), np.uint8)
        for first, step in ((3, -1), (8, 1)):
            so_far = np.ones(len(places), np.bool_)
            for n in range(4):
                so_far &= text[places + (first + step * n)]
                beside += so_far
        return places[beside >= 4]


def _risings(mask: "Mask") -> "Places":
    """Where the runs of a mask begin."""
    import numpy as np

    rising = mask.copy()
    rising[1:] &= ~mask[:-1]
    return np.flatnonzero(rising)


def _around(starts: "Places", possible: "NDArray[np.integer[Any]]") -> Iterator[tuple[int, int]]:
    """The stretches without a zero in `possible` around each of `starts`, which are in order; each stretch once."""
    octets = possible.tobytes() if len(starts) else b""
    end = -1
    for place in starts.tolist():
        if place >= end:
            end = octets.find(0, place)
            end = len(octets) if end < 0 else end
            yield octets.rfind(0, 0, place) + 1, end
