"""Streams of a PDF that unfold to more than they may: measured before PDFium, which keeps them whole in memory.

A stream of the page's contents goes through its filters at once. Two of them upon each other make a gigabyte of one
kilobyte; PDFium ends the process when memory is not enough. What cannot be measured (LZW upon something) is not opened.

Sources: ISO 32000-1 7.4 (filters); PDFium's fpdf_parser_decode.cpp.
"""

import base64
import re
import zlib

from filters.extract.inflate import STEP
from filters.extract.reason import Reason, Stop

MOST = 100_000_000
"""Octets of a stream after its filters, and of all that unfold more than RATIO times."""
RATIO = 50
LONG = 10_000
"""Less than this cannot unfold to more than ten megabytes with one filter."""
PICTURES = 5_000_000
"""In larger files, pictures with one filter are not measured: PDFium unfolds those line by line."""
_BEFORE = 2_000
"""Octets of a stream's dictionary that are looked at."""
_STREAM = re.compile(rb"(?<!end)stream\r?\n?")
_FILTER = re.compile(
    rb"/(?:Filter|F)[\0\t\n\f\r ]*(\[[^\]]{0,400}\]|/[^\s/<>\[\]()]+|\d{1,10}\s+\d{1,5}\s+R)"
)
_OBJECT = re.compile(rb"(?<!\d)(\d{1,10})\s+\d{1,5}\s+obj\s*(\[[^\]]{0,400}\]|/[A-Za-z0-9]+)")
_NAME = re.compile(rb"/([A-Za-z0-9]+)")
_HEXED = re.compile(rb"#([0-9A-Fa-f]{2})")
_FLATE = frozenset([b"FlateDecode", b"Fl"])
_SWELLING = _FLATE | {b"LZWDecode", b"LZW", b"RunLengthDecode", b"RL"}


def measure(content: bytes) -> None:
    """Raises Stop: "limit" when the streams unfold to too much, "unsupported" when that cannot be known."""
    at, total = 0, 0
    objects: dict[bytes, list[bytes]] | None = None
    view = memoryview(content)
    while match := _STREAM.search(content, at):
        end = content.find(b"endstream", match.end())
        end = len(content) if end < 0 else end
        before = content[max(at, match.start() - _BEFORE) : match.start()]
        chain, reference, picture = _chain(before)
        if reference:
            objects = _elsewhere(content) if objects is None else objects
            chain = objects.get(reference, [b"Fl", b"Fl", b"Fl"])  # in a compressed object they could be any
        at = min(end + 9, len(content))
        swelling = [name for name in chain if name in _SWELLING]
        if not swelling or (
            len(swelling) == 1
            and (
                end - match.end() < LONG or swelling[0] not in _FLATE or (picture and len(content) > PICTURES)
            )
        ):
            continue
        total += _unfolded(view[match.end() : end], chain, total)


def _chain(before: bytes) -> tuple[list[bytes], bytes, bool]:
    """(names of the filters, or the number of the object with them, whether it is a picture) of the dictionary that ends
    here."""
    before = before[max(before.rfind(b"endobj"), before.rfind(b" obj"), 0) :]
    if b"#" in before:
        before = _HEXED.sub(lambda h: bytes([int(h[1], 16)]), before)
    chain: list[bytes] = []
    reference = b""
    for found in _FILTER.findall(before):
        if found[:1].isdigit():
            reference = found.split()[0]
        else:
            chain += _NAME.findall(found)
    return chain, reference, b"/Image" in before


def _elsewhere(content: bytes) -> dict[bytes, list[bytes]]:
    """Names of filters, by the number of the object that they stand in."""
    return {found[1]: _NAME.findall(found[2]) for found in _OBJECT.finditer(content)}


def _unfolded(raw: bytes | memoryview, chain: list[bytes], before: int) -> int:
    """How much the stream adds to what unfolds beyond RATIO. Raises Stop."""
    data: bytes | memoryview = raw
    for index, name in enumerate(chain):
        try:
            if name in (b"ASCIIHexDecode", b"AHx"):
                data = bytes.fromhex(bytes(data).partition(b">")[0].decode("ascii"))
            elif name in (b"ASCII85Decode", b"A85"):
                data = base64.a85decode(bytes(data).strip().removeprefix(b"<~").partition(b"~>")[0])
            elif name in _FLATE:
                data, size = _inflated(data, before, keep=any(n in _SWELLING for n in chain[index + 1 :]))
                if not data:
                    return size if size > RATIO * len(raw) else 0
            elif name in _SWELLING:
                raise Stop(Reason.METHOD, "pdf: filters upon filters")
            else:
                return 0
        except ValueError:
            return 0  # PDFium finds the same damage
    return 0


def _inflated(data: bytes | memoryview, before: int, *, keep: bool) -> tuple[bytes, int]:
    """(what it is when another filter follows, its size). Raises Stop."""
    pieces, size = [], 0
    engine = zlib.decompressobj()
    rest: bytes | memoryview = data
    try:
        while len(rest) and not engine.eof:
            piece = engine.decompress(rest, STEP)
            rest = engine.unconsumed_tail
            size += len(piece)
            if (keep or size > RATIO * len(data)) and before + size > MOST:
                raise Stop(Reason.RATIO, "pdf: unfolds to too much")
            if keep:
                pieces.append(piece)
    except zlib.error:
        pass
    return b"".join(pieces), size
