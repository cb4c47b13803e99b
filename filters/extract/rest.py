"""What of a file its reader does not account for: it is looked at once more as data, and what nobody reads is a finding.

A reader walks over a file and says which spans are what the format calls for. Three things can be left:

    rest     behind the format's end, before its beginning, between its pieces, in pieces of no known kind: read as a file of
             its own; when nothing reads it, the verdict is "unsupported"
    data     what the format lets anybody write freely, such as comments and properties: files and texts in it are read
    carried  pixels, samples, outlines: only files that begin in them are looked for
    known    what is read elsewhere, such as the members of an archive
"""

import re
import struct
import zlib
from collections.abc import Iterable, Iterator
from heapq import heapify, heappop, heappush
from itertools import islice

import re2

from filters.extract import kinds, strings
from filters.extract.found import Found
from filters.extract.reason import Reason
from filters.extract.textfile import wide
from filters.extract.textkinds import is_textual

Span = tuple[int, int]
Piece = tuple[int, int, str]
"""(start, end, use): one of the following. What no piece covers is left."""
CARRIED, DATA, PACKED, KNOWN = "carried", "data", "packed", "known"
PIECES = 20_000
SMALL, TOGETHER = 1_024, 1_000
"""A piece of a program's own that is smaller is data; a larger one is left. Small pieces are read so many together."""
PACKED_TEXT = 4_000_000
FIRST, HEAD, TAIL, TEXT = 4, 32, 64, 512
"""Octets by which kinds are known; that a piece's own header may take; of its end, where a text may follow unseen; that no
chance makes look like a text in some charset."""
LEAST = 32
"""Octets that are worth a look; less is padding, or a check sum."""
FILES = 8
"""Beginnings of files that are followed in one piece."""
_KANA = re.compile("(?:[\u3041-\u30fe].{0,40}){4}", re.DOTALL)
_PADDING = b"\0\xff \t\r\n"
_BEGINS = (
    b"PK\x03\x04", b"%PDF-1.", b"%PDF-2.", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07",
    b"MSCF\0\0\0\0", b"{\\rtf1", b"\x7fELF\x02\x01\x01", b"\x7fELF\x01\x01\x01", b"MZ\x90\0\x03\0\0\0", b"MIME-Version:",
    b"-----BEGIN PGP", b"-----BEGIN PKCS7", b"\xfd7zXZ\0",
)  # fmt: skip
"""Beginnings of files that octets in a row hardly ever are by chance."""
_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0\0\x10JFIF", b"GIF89a")
"""Looked for only where nothing else is known."""
_OCTETS = re2.Options()
_OCTETS.encoding = re2.Options.Encoding.LATIN1
_ANY = re2.compile(b"|".join(map(re2.escape, _BEGINS + _PICTURES)), _OCTETS)
"""All of them at once: nearly every piece has none, which takes a fifth of asking for each."""


def gaps(spans: Iterable[Span], size: int) -> Iterator[Span]:
    """What lies between the spans, before and behind them."""
    at = 0
    for start, end in sorted(spans):
        if start > at:
            yield at, start
        at = max(at, end)
    if at < size:
        yield at, size


def left(piece: bytes, found: Found, what: str) -> None:
    """Read what the reader of a format does not account for. Raises Stop when the budget is spent."""
    piece = piece.lstrip(_PADDING)
    if len(piece.rstrip(_PADDING)) < LEAST or _is_filling(piece):
        return
    if kinds.detect("", piece) == "unknown" and (at := next(_files(piece, _BEGINS + _PICTURES), 0)):
        left(piece[:at], found, what)
        left(piece[at:], found, what)
        return
    piece = _whole(piece)
    found.budget.take_member()
    before = found.reasons.get("unsupported")
    if found.inside(what.rpartition(": ")[2], piece) == "unknown" and before is None:
        found.reasons["unsupported"] = (Reason.REST, what)


def _is_filling(piece: bytes) -> bool:
    """True for nothing but two or three octets over and over. All of it is asked: what begins so may go on otherwise."""
    octets = bytes(set(piece[:4_096]))
    return len(octets) < 4 and not piece.translate(None, octets)


def data(piece: bytes, found: Found, place: str) -> None:
    """Read what a format lets anybody write: texts and files, with no finding where there are none."""
    if len(piece) < 4:
        return
    if is_textual(piece):
        found.text(place, piece.decode("utf-8", "replace") if _is_utf8(piece) else strings.texts(piece))
    else:
        found.text(place, strings.texts(piece))
    before = len(found.verdicts)
    _inside(piece, found, place)
    found.verdicts[before:] = [v for v in found.verdicts[before:] if v not in ("corrupt", "unsupported")]


def carried(piece: bytes, found: Found, what: str) -> None:
    """Read the files that begin in something that is not read itself, and a text that stands in its place."""
    if len(piece) > TEXT and _is_text(piece[HEAD:-HEAD]):
        left(piece, found, what)
        return
    if _ends_as_text(piece[-TAIL:]):
        data(piece[-TEXT * 8 :], found, what)
    _inside(piece, found, what)


def _inside(piece: bytes, found: Found, what: str) -> None:
    """Read the first file that begins in a piece; where it is none, it may be a decoy, and the next one is read."""
    for number, at in enumerate(_files(piece)):
        if number == FILES:
            found.failed(Reason.MEMBERS, f"{what}: more beginnings of files than are looked at")
            return
        found.budget.take_member()
        found.inside(what.rpartition(": ")[2], piece[at:])
        if found.verdicts[-1] not in ("corrupt", "unsupported"):
            return


def walked(content: bytes, pieces: Iterator[Piece], found: Found, what: str, *, whole: bool = True) -> None:
    """Look at the pieces of a file, and at what none of them covers. A walk that breaks off accounts for what it walked.

    `whole` is False for an archive: what is no archive at all has another verdict already.
    """
    spans: list[Span] = []
    small: list[bytes] = []
    try:
        for start, end, use in islice(pieces, PIECES):
            end = min(end, len(content))
            if start >= end:
                continue
            spans.append((start, end))
            if use == PACKED:
                _packed(content[start:end], found, what)
            elif use == DATA and end - start < SMALL:
                small.append(content[start:end])  # thousands of them shall not cost what as many files would
            elif use == DATA:
                data(content[start:end], found, what)
            elif use == CARRIED and end - start > LEAST:
                carried(content[start:end], found, f"{what}: content")
    except (struct.error, IndexError, ValueError):
        pass
    for at in range(0, len(small), TOGETHER):
        data(b"\n".join(small[at : at + TOGETHER]), found, what)
    if whole and (at := archive_at(content)) >= 0:
        spans.append((at, len(content)))
        left(content[at:], found, f"{what}: rest")
    for start, end in gaps(spans, len(content)):
        # Where nothing could be walked, what is left would be taken for the same kind again.
        left(content[start or FIRST * whole : end], found, f"{what}: rest")


def archive_at(content: bytes) -> int:
    """Where a ZIP begins whose directory stands at the end, wherever the format's pieces end; -1 without one."""
    end = content.rfind(b"PK\5\6", max(0, len(content) - 66_000))
    if end < 0 or end + 22 > len(content):
        return -1
    size, offset = struct.unpack_from("<LL", content, end + 12)
    at, shift = end - size, end - size - offset
    starts: list[int] = []
    while at >= 0 and content[at : at + 4] == b"PK\1\2" and at + 46 <= end and len(starts) < PIECES:
        starts.append(shift + int(struct.unpack_from("<L", content, at + 42)[0]))
        at += 46 + sum(struct.unpack_from("<HHH", content, at + 28))
    first = min(starts, default=-1)
    return first if first >= 0 and content[first : first + 4] == b"PK\3\4" else -1


def _packed(piece: bytes, found: Found, what: str) -> None:
    """Text that may be deflated behind a keyword."""
    data(piece, found, what)
    at = piece.find(b"\x78", 0, 300)
    while at >= 0:
        try:
            text = zlib.decompressobj().decompress(piece[at:], PACKED_TEXT)
        except zlib.error:
            at = piece.find(b"\x78", at + 1, 300)
            continue
        found.budget.take_bytes(len(text))
        data(text, found, what)
        return


def _is_text(piece: bytes) -> bool:
    """True for text that is surely one: tables of small numbers look like UTF-16, and palettes like Latin letters."""
    sample = piece[:8_192]
    if not is_textual(sample):
        return False
    if b"\0" in sample:
        return bool(wide(sample))
    for codec in ("utf-8", "cp932", "euc_jp"):
        text = sample.decode(codec, "ignore")
        if len(text.encode(codec, "ignore")) >= len(sample) - 8 and (sample.isascii() or _KANA.search(text)):
            return True
    return False


def _ends_as_text(tail: bytes) -> bool:
    """True when the last octets are a text that stands behind something, in whatever charset and alignment."""
    if _is_utf8(end := _whole(tail)) and is_textual(end):
        return True
    return any(
        _KANA.search(tail[at:].decode(codec, "ignore"))
        for codec in ("cp932", "utf-16-le", "utf-16-be", "euc_jp")
        for at in (0, 1)
    )


def _whole(piece: bytes) -> bytes:
    """A piece without the rest of a character in UTF-8 at its beginning, if it has one."""
    cut = 0
    while cut < min(3, len(piece)) and piece[cut] & 0xC0 == 0x80:
        cut += 1
    return piece[cut:] if cut and _is_utf8(piece[cut:]) else piece


def _is_utf8(piece: bytes) -> bool:
    try:
        piece.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _files(piece: bytes, begins: tuple[bytes, ...] = _BEGINS) -> Iterator[int]:
    """Where files of known kinds begin, in order; each is looked for when it is asked for."""
    if not _ANY.search(piece):
        return
    places = [(at, magic) for magic in begins if (at := _find(piece, magic)) >= 0]
    heapify(places)
    while places:
        at, magic = heappop(places)
        yield at
        if (at := _find(piece, magic, at + len(magic))) >= 0:
            heappush(places, (at, magic))


def _find(piece: bytes, magic: bytes, start: int = 0) -> int:
    at = piece.find(magic, start)
    while at >= 0 and magic[:2] == b"PK" and not _is_member(piece, at):
        at = piece.find(magic, at + 4)
    return at


def _is_member(piece: bytes, at: int) -> bool:
    """True when a header of a ZIP's member is likely: its four octets turn up by chance in large pictures."""
    if at + 30 > len(piece):
        return False
    version, _, method = struct.unpack_from("<HHH", piece, at + 4)
    (name,) = struct.unpack_from("<H", piece, at + 26)
    return version < 64 and method < 100 and 0 < int(name) < 4_096
