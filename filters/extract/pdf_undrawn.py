"""Letters of a PDF that PDFium leaves out: drawn one by one, in a font that is not in the file.

Where a font is not embedded, its glyphs have no extent here, and PDFium passes over a piece of text without any width
(CPDF_TextPage::ProcessTextObject); of longer pieces it counts the advance. A viewer has the font and shows all. Such
letters are read from the streams themselves, in the order in which they are drawn, by the tables that say what codes mean
(ISO 32000-1 9.4.3, 9.10.3).
"""

import re
import zlib
from collections.abc import Iterator
from itertools import islice

from filters.extract import inflate
from filters.extract.found import Found

STREAMS = 400
LONGEST = 2_000_000
"""Octets of a stream that is looked through; letters set apart stand in short ones."""
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_CHARS = re.compile(rb"beginbfchar((?:(?!beginbfchar|endbfchar).)*)endbfchar", re.DOTALL)
_RANGES = re.compile(rb"beginbfrange((?:(?!beginbfrange|endbfrange).)*)endbfrange", re.DOTALL)
_PAIR = re.compile(rb"<([0-9A-Fa-f]{2,8})>\s*<([0-9A-Fa-f]{4,32})>")
_RANGE = re.compile(rb"<([0-9A-Fa-f]{2,8})>\s*<([0-9A-Fa-f]{2,8})>\s*<([0-9A-Fa-f]{4})>")
_SHOWN = re.compile(
    rb"<([0-9A-Fa-f]{2}(?:[0-9A-Fa-f]{2})?)>\s*Tj|\[\s*<([0-9A-Fa-f]{2}(?:[0-9A-Fa-f]{2})?)>\s*\]\s*TJ|(T[jJ]\b)"
)
"""One letter, or anything else that is shown."""
_FEW = 3_000
"""Letters of one stream; where there are more, all of its text is drawn so, and not as a stamp."""


def may_lack(data: bytes) -> bool:
    """True when the objects of a file name a font with a table of meanings that is not in it."""
    return (
        b"/ToUnicode" in data
        and b"/CIDFontType" in data
        and data.count(b"/FontFile") < data.count(b"/FontBBox")
    )


def letters(content: bytes, found: Found) -> list[str]:
    """The words of letters that are drawn one by one. Raises Stop when the budget is spent."""
    meanings: dict[int, str] = {}
    drawn: list[bytes] = []
    for stream in _streams(content, found):
        if b"beginbf" in stream:
            meanings |= _meanings(stream)
        elif b"Tj" in stream or b"TJ" in stream:
            drawn.append(stream)
    return [word for stream in drawn for word in _words(stream, meanings)] if meanings else []


def _streams(content: bytes, found: Found) -> Iterator[bytes]:
    view = memoryview(content)
    for match in islice(_STREAM.finditer(content), STREAMS):
        end = content.find(b"endstream", match.end())
        raw = view[match.end() : end if end > 0 else len(content)]
        if len(raw) > LONGEST:
            continue
        pieces: list[bytes] = []
        size = 0
        try:
            for piece in inflate.deflated(raw, 15):
                found.budget.take_bytes(len(piece))
                pieces.append(piece)
                size += len(piece)
                if size > LONGEST:
                    break
        except (zlib.error, EOFError):
            pass
        yield b"".join(pieces) or bytes(raw)


def _meanings(table: bytes) -> dict[int, str]:
    known: dict[int, str] = {}
    for block in _CHARS.findall(table):
        for code, means in _PAIR.findall(block):
            known[int(code, 16)] = bytes.fromhex(means.decode()).decode("utf-16-be", "replace")
    for block in _RANGES.findall(table):
        for first, last, means in _RANGE.findall(block):
            begin, size = int(first, 16), min(int(last, 16) - int(first, 16), 0xFFFF)
            for step in range(size + 1):
                known[begin + step] = chr(min(int(means, 16) + step, 0xFFFF))
    return known


def _words(stream: bytes, meanings: dict[int, str]) -> list[str]:
    words, word, count = [], "", 0
    for shown in _SHOWN.finditer(stream):
        code = shown[1] or shown[2]
        means = meanings.get(int(code, 16), "") if code else ""
        count += bool(means)
        if means:
            word += means
            continue
        words.append(word)
        word = ""
    words.append(word)
    return [word for word in words if len(word.strip()) > 1] if count <= _FEW else []
