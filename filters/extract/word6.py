"""Word 6 and 95 (before MS-DOC): text with one octet per character, in the code page of its fonts, Japanese or Macintosh.

The text lies in one run, or, where the file was saved fast, in the pieces of a table. Which font a character has stands in
formatting that may come from styles; so fonts only say which scripts there are, and each word tells which one it is in.

Sources: Word 6 binary file format (FIB, CLX, FFN), as MS-DOC describes what came of it.
"""

import re
import struct

from filters.extract import rtf_charsets as charsets

FORMATS = range(0x21, 0xC1)
"""Numbers of the format (nFib) before Word 97."""
_JAPANESE, _MAC = 0x411, 256
_FOREIGN = re.compile(rb"[\xc0-\xff]{2}")
_WORDS = re.compile(rb"(?<![A-Za-z])[\x80-\xff]+(?![A-Za-z])")
_SCRIPTS = ("cp1251", "cp1253", "cp1255", "cp1256", "cp874")
"""Codecs without Latin letters beyond ASCII: of a word made of octets from 128 on, one of these makes sense."""
_CENTRAL = frozenset([0x405, 0x40E, 0x415, 0x418, 0x41A, 0x41B, 0x424])
"""Languages written in cp1250."""
_LIKELY = re.compile(r"[\u3041-\u30fe\u4e00-\u9fff]{2}")
PIECES = 200_000


def is_old(main: bytes) -> bool:
    """True for the stream WordDocument of Word 6 or 95."""
    return len(main) > 0x170 and int.from_bytes(main[2:4], "little") in FORMATS


def text_of(main: bytes) -> str:
    """The text of all parts of the document. Raises ValueError and struct.error for damage."""
    language, flags, charset = struct.unpack_from("<HxxH8xH", main, 6)
    raw = _pieces(main) if flags & 4 else b""
    if not raw:
        start, end = struct.unpack_from("<LL", main, 24)
        if not 0 < start <= end <= len(main):
            raise ValueError("text outside of the stream")
        raw = main[start:end]
    fonts = set() if charset == _MAC else _charsets(main)
    return "\r".join(_decoded(line, language, charset, fonts) for line in raw.split(b"\r"))


def _pieces(main: bytes) -> bytes:
    at, size = struct.unpack_from("<LL", main, 0x160)
    clx, at = main[at : at + size], 0
    while at < len(clx) and clx[at] == 1:
        at += 3 + struct.unpack_from("<H", clx, at + 1)[0]
    if at >= len(clx) or clx[at] != 2:
        return b""
    (size,) = struct.unpack_from("<L", clx, at + 1)
    table = clx[at + 5 : at + 5 + size]
    count = min((len(table) - 4) // 12, PIECES)
    if count < 1:
        return b""
    places = struct.unpack_from(f"<{count + 1}L", table)
    if places[-1] - places[0] > len(main):
        raise ValueError("pieces upon each other")
    parts = []
    for number in range(count):
        (start,) = struct.unpack_from("<L", table, 4 * (count + 1) + 8 * number + 2)
        parts.append(main[start : start + max(0, places[number + 1] - places[number])])
    return b"".join(parts)


def _charsets(main: bytes) -> set[int]:
    """The charsets of the document's fonts."""
    at, size = struct.unpack_from("<LL", main, 0xD0)
    end, at = min(at + size, len(main)), at + 2
    found = set()
    while at + 5 < end and main[at]:
        found.add(main[at + 4])
        at += 1 + main[at]
    return found


def _decoded(line: bytes, language: int, charset: int, fonts: set[int]) -> str:
    if line.isascii():
        return line.decode("ascii")
    if charset == _MAC:
        return line.decode("mac-roman", "replace")
    if 128 in fonts or language == _JAPANESE:
        try:
            text = line.decode("cp932")
        except UnicodeDecodeError:
            text = ""
        if _LIKELY.search(text):
            return text
    if language in _CENTRAL:
        return line.decode("cp1250", "replace")
    own = charsets.LANGUAGES.get(language, "")
    scripts = [c for c in _SCRIPTS if c == own or any(charsets.CHARSETS.get(f) == c for f in fonts)]
    if not scripts or not _FOREIGN.search(line):
        return line.decode(own if own in charsets.DOUBLE else "cp1252", "replace")
    pieces, at = [], 0
    for word in _WORDS.finditer(line):
        pieces += [line[at : word.start()].decode("cp1252", "replace"), word[0].decode(scripts[0], "replace")]
        at = word.end()
    return "".join([*pieces, line[at:].decode("cp1252", "replace")])
