"""Sound, films and fonts as octets: chunks, boxes, pages, frames and tables are walked to the format's end.

Sources: RIFF (Microsoft 1991); ISO/IEC 14496-12 (boxes); RFC 3533 (Ogg); RFC 8794 (EBML); ID3v2.3 and 2.4; ISO/IEC 11172-3
2.4 (frames of MPEG audio); RFC 9639 (FLAC); OpenType 1.9; WOFF 1.0 and 2.0.
"""

import re
import struct
from collections.abc import Callable, Iterator

from filters.extract import rest
from filters.extract.found import Found
from filters.extract.rest import CARRIED, DATA, Piece

_SAMPLES = frozenset(
    (b"fmt ", b"data", b"fact", b"cue ", b"smpl", b"JUNK", b"junk", b"PAD ", b"FLLR", b"idx1", b"indx", b"VP8 ", b"VP8L",
     b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"slnt", b"wavl", b"PEAK", b"inst", b"acid", b"anih", b"rate", b"seq ", b"minf", b"elm1", b"regn", b"umid",
     b"ds64", b"chna", b"plst", b"strf")
)  # fmt: skip
_RIFF_TEXT = frozenset(
    (
        b"LIST",
        b"INFO",
        b"bext",
        b"iXML",
        b"ICCP",
        b"EXIF",
        b"XMP ",
        b"_PMX",
        b"id3 ",
        b"ID3 ",
        b"axml",
        b"cart",
        b"DISP",
        b"note",
        b"labl",
        b"ltxt",
        b"afsp",
        b"LGWV",
        b"strd",
        b"strn",
        b"levl",
        b"SAUR",
    )
)
_BOXES = frozenset(
    (b"ftyp", b"moov", b"mdat", b"meta", b"moof", b"mfra", b"sidx", b"ssix", b"styp", b"pnot", b"emsg", b"pdin", b"prft",
     b"idat", b"jP  ", b"jp2h", b"jp2c", b"jxlc", b"jxlp", b"JXL ", b"imda", b"mfro", b"tfra", b"iods", b"trak")
)  # fmt: skip
_FREE = frozenset((b"free", b"skip", b"wide", b"uuid", b"udta", b"xml ", b"Exif", b"bxml", b"thum", b"PICT"))
_PICTURES = frozenset((b"mdat", b"idat", b"imda", b"jp2c", b"jxlc", b"jxlp"))
_BRANDS = 4_096
_TABLES = 200
_RATES = (
    (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
)
_LAYER_2 = (0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384)
_LAYER_1 = (
    (0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
)


def look(content: bytes, found: Found) -> None:
    """Look at what of a file of sound, pictures that move, or letters is none of it."""
    rest.walked(content, _walk(content), found, "media")


def _walk(content: bytes) -> Iterator[Piece]:
    if content[4:8] in (b"ftyp", b"jP  ", b"JXL "):
        return _boxes(content)
    walk = next((walk for magic, walk in _WALKS if content.startswith(magic)), None)
    return walk(content) if walk else iter(())


def _riff(content: bytes) -> Iterator[Piece]:
    at = 0
    while content[at : at + 4] in (b"RIFF", b"RF64"):
        end = at + 8 + struct.unpack_from("<L", content, at + 4)[0]
        if end > len(content) + 1 or content[at : at + 4] == b"RF64":
            end = len(content)
        yield at, at + 12, CARRIED
        at += 12
        while at + 8 <= end:
            name, (size,) = content[at : at + 4], struct.unpack_from("<L", content, at + 4)
            if name == b"LIST" and content[at + 8 : at + 12] in (b"movi", b"rec "):
                yield at, min(at + 8 + size, len(content)), CARRIED
            elif name == b"LIST" or name in _RIFF_TEXT:
                yield at, at + 8 + size, DATA
            elif name in _SAMPLES or (name == b"data" and at + 8 + size > end):
                yield at, min(at + 8 + size, len(content)), CARRIED
            at += 8 + size + (size & 1)
        at = end + (end & 1)


def _boxes(content: bytes) -> Iterator[Piece]:
    at = 0
    while at + 8 <= len(content):
        size, name = struct.unpack_from(">L4s", content, at)
        head = 8
        if size == 1:
            size, head = struct.unpack_from(">Q", content, at + 8)[0], 16
        end = len(content) if not size else at + size
        if (size and size < head) or end > len(content):
            if name == b"mdat":
                yield at, len(content), CARRIED
            return
        if name == b"ftyp" and end - at > _BRANDS:
            return
        if name in _BOXES:
            yield at, end, CARRIED if name in _PICTURES else DATA
        elif name in _FREE:
            yield at, end, DATA
        at = end


def _ogg(content: bytes) -> Iterator[Piece]:
    at = 0
    while content[at : at + 5] == b"OggS\0" and content[at + 5] < 8:
        segments = content[at + 26]
        end = at + 27 + segments + sum(content[at + 27 : at + 27 + segments])
        if end > len(content):
            end = len(content)
        body = content[at + 27 + segments : at + 27 + segments + 8]
        yield at, end, DATA if body[1:7] in (b"vorbis", b"theora") or body[:4] == b"Opus" else CARRIED
        at = end


def _flac(content: bytes) -> Iterator[Piece]:
    at, last, most = 4, False, 0
    yield 0, 4, CARRIED
    while not last and at + 4 <= len(content):
        kind, size = content[at] & 127, int.from_bytes(content[at + 1 : at + 4], "big")
        last = bool(content[at] & 128)
        if kind > 6 or at + 4 + size > len(content):
            return
        yield at, at + 4 + size, DATA if kind in (1, 2, 4, 6) else CARRIED
        if kind == 0:
            most = _largest(content[at + 4 : at + 4 + size])
        at += 4 + size
    if not _is_frame(content, at):
        return
    end = at
    for match in _SYNC.finditer(content, at + 1):
        if match.start() - end > most:
            break
        if _is_frame(content, match.start()):
            end = match.start()
    yield at, end + most, CARRIED


_SYNC = re.compile(rb"\xff[\xf8\xf9]")


def _largest(info: bytes) -> int:
    """Octets that a frame can have at most: its samples as they are, by what the stream says of itself (RFC 9639 8.2)."""
    block, largest = int.from_bytes(info[2:4], "big"), int.from_bytes(info[7:10], "big")
    form = int.from_bytes(info[10:14], "big")
    plain = block * ((form >> 9 & 7) + 1) * (((form >> 4 & 31) + 8) // 8) + 64
    return min(largest, plain) if largest else plain


def _is_frame(content: bytes, at: int) -> bool:
    """Whether a frame begins there: its header ends with a check sum of itself (RFC 9639 9.1)."""
    if not _SYNC.match(content, at) or at + 16 > len(content):
        return False
    number = content[at + 4]
    size = 5 + (0 if number < 0x80 else 7 - (number ^ 0xFF).bit_length())
    size += {6: 1, 7: 2}.get(content[at + 2] >> 4, 0) + {12: 1, 13: 2, 14: 2}.get(content[at + 2] & 15, 0)
    total = 0
    for octet in content[at : at + size]:
        total ^= octet
        for _ in range(8):
            total = (total << 1 ^ (7 if total & 128 else 0)) & 255
    return total == content[at + size]


def _number(content: bytes, at: int, keep: bool) -> tuple[int, int]:
    """A number of variable length (RFC 8794 4) and how many octets it takes; -1 for an unknown size."""
    first = content[at]
    width = 9 - first.bit_length()
    if width > 8:
        raise IndexError
    value = int.from_bytes(content[at : at + width], "big")
    if not keep:
        value &= (1 << 7 * width) - 1
        value = -1 if value == (1 << 7 * width) - 1 else value
    return value, width


def _ebml(content: bytes) -> Iterator[Piece]:
    """Header and segment; within the segment its elements, of which attachments are read."""
    at = 0
    while at < len(content):
        name, width = _number(content, at, True)
        size, more = _number(content, at + width, False)
        body = at + width + more
        end = len(content) if size < 0 else body + size
        if name == 0x1A45DFA3 and (size < 0 or size > _BRANDS):
            return
        if name == 0x18538067:
            yield at, body, CARRIED
            end = body
        elif name in (
            0x1A45DFA3,
            0x114D9B74,
            0x1549A966,
            0x1654AE6B,
            0x1F43B675,
            0x1C53BB6B,
            0x1043A770,
            0xBF,
        ):
            yield at, min(end, len(content)), CARRIED
        elif name in (0xEC, 0x1254C367, 0x1941A469):
            yield at, min(end, len(content)), DATA
        else:
            return
        at = end


def _mpeg(content: bytes) -> Iterator[Piece]:
    """ID3v2 tags, frames of MPEG audio, and the tags behind them (ID3v1, APEv2)."""
    at = 0
    while content[at : at + 3] == b"ID3":
        size = 0
        for octet in content[at + 6 : at + 10]:
            size = size << 7 | octet & 127
        end = at + 10 + size + (10 if content[at + 5] & 16 else 0)
        if content[at + 3] > 4 or end > len(content):
            return
        yield at, end, DATA
        at = end
    at += len(content[at : at + 100_000]) - len(content[at : at + 100_000].lstrip(b"\0"))
    start = at
    while size := _frame(content, at):
        at += size
    if at > start:
        yield start, min(at, len(content)), CARRIED
    while (
        content[at : at + 8] == b"APETAGEX"
        or content[at : at + 3] == b"TAG"
        or content[at : at + 11] == b"LYRICSBEGIN"
    ):
        end = at + 128
        if content[at : at + 1] == b"A":
            end = at + 32 + struct.unpack_from("<L", content, at + 12)[0]
        elif content[at : at + 1] == b"L":
            end = content.find(b"LYRICS200", at, at + 1_000_000) + 9
            if end < at:
                return
        yield at, min(end, len(content)), DATA
        at = end


def _frame(content: bytes, at: int) -> int:
    """Octets of the frame that begins here, 0 where none does."""
    if at + 4 > len(content) or content[at] != 0xFF or content[at + 1] & 0xE0 != 0xE0:
        return 0
    second, third = content[at + 1], content[at + 2]
    version, layer, rate, frequency = second >> 3 & 3, second >> 1 & 3, third >> 4, third >> 2 & 3
    if layer == 0:  # ADTS
        return (
            (content[at + 3] & 3) << 11 | content[at + 4] << 3 | content[at + 5] >> 5
            if at + 6 <= len(content)
            else 0
        )
    if version == 1 or rate in (0, 15) or frequency == 3:
        return 0
    hertz = (44_100, 48_000, 32_000)[frequency] >> (0 if version == 3 else 1 if version == 2 else 2)
    padding, low = third >> 1 & 1, version != 3
    if layer == 3:
        return (12 * _LAYER_1[low][rate] * 1_000 // hertz + padding) * 4
    bits = _LAYER_2[rate] if layer == 2 and not low else _RATES[low][rate]
    return (72 if low and layer == 1 else 144) * bits * 1_000 // hertz + padding


def _sfnt(content: bytes) -> Iterator[Piece]:
    (count,) = struct.unpack_from(">H", content, 4)
    if not 0 < count <= _TABLES:
        return
    yield 0, 12 + 16 * count, CARRIED
    for number in range(count):
        tag, _, at, size = struct.unpack_from(">4sLLL", content, 12 + 16 * number)
        yield at, at + size, CARRIED if tag in _OUTLINES else DATA


def _woff(content: bytes) -> Iterator[Piece]:
    (length, count), wide = struct.unpack_from(">LH", content, 8), content[3:4] == b"2"
    if length > len(content) or not 0 < count <= _TABLES:
        return
    meta, private = (
        struct.unpack_from(">LL", content, 28 if wide else 24),
        struct.unpack_from(">LL", content, 40 if wide else 36),
    )
    end = min([at for at, size in (meta, private) if size] or [length])
    yield 0, end, CARRIED
    if meta[1]:
        yield meta[0], meta[0] + meta[1], DATA


_OUTLINES = frozenset(
    (b"glyf", b"loca", b"head", b"hhea", b"hmtx", b"maxp", b"cmap", b"OS/2", b"post", b"cvt ", b"fpgm", b"prep", b"GPOS",
     b"GSUB", b"GDEF", b"kern", b"CFF ", b"CFF2", b"vhea", b"vmtx", b"gasp", b"hdmx", b"VDMX", b"LTSH", b"BASE", b"CBDT",
     b"CBLC", b"sbix", b"COLR", b"CPAL", b"gvar", b"fvar", b"avar", b"HVAR", b"MVAR", b"STAT", b"VORG", b"EBDT", b"EBLC", b"bdat", b"bloc", b"morx", b"mort", b"kerx", b"JSTF", b"MATH", b"PCLT", b"EBSC")
)  # fmt: skip
_WALKS: tuple[tuple[bytes, Callable[[bytes], Iterator[Piece]]], ...] = (
    (b"RIFF", _riff),
    (b"OggS", _ogg),
    (b"fLaC", _flac),
    (b"\x1aE\xdf\xa3", _ebml),
    (b"ID3", _mpeg),
    (b"\xff", _mpeg),
    (b"OTTO", _sfnt),
    (b"\0\1\0\0\0", _sfnt),
    (b"wOFF", _woff),
    (b"wOF2", _woff),
)
