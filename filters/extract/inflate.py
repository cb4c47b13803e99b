"""Decompression in steps that the budget counts: no step yields more than STEP bytes, whatever the input."""

import bz2
import io
import lzma
import re
import struct
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import inflate64
import zstandard

from filters.extract.budget import Budget
from filters.extract.reason import Reason, Stop

STEP = 1 << 18
FIRST, CHUNK = 1 << 10, 1 << 16
"""Octets that a decompressor gets first, and most at once."""
STREAMS = 10_000
"""Streams in one file; a program that compresses in parallel begins one for each 100 kB or more."""
MEMORY = 128 << 20
"""Largest dictionary that a stream may ask for."""
_ZEROS = re.compile(rb"\0*")

Ended = Callable[[int], None]
_ERRORS = (
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    RuntimeError,
    struct.error,
    lzma.LZMAError,
    zstandard.ZstdError,
)


def bounded(pieces: Iterator[bytes], compressed: int, budget: Budget, what: str) -> bytes:
    """All pieces joined and counted. Raises Stop: "limit", or "corrupt" when the decompressor complains."""
    kept: list[bytes] = []
    total = 0
    try:
        for piece in pieces:
            total += len(piece)
            budget.take_bytes(len(piece), total, compressed)
            kept.append(piece)
    except MemoryError:
        raise Stop(Reason.MEMORY, f"{what}: needs too much memory") from None
    except _ERRORS as error:
        raise Stop(Reason.MALFORMED, f"{what}: {type(error).__name__}") from None
    return b"".join(kept)


class _Feed:
    """Hands out the input in pieces. A decompressor copies what it leaves over, so it gets little at first, and not
    more than CHUNK at once: a file of many small streams would be copied as often as it has streams."""

    def __init__(self, data: bytes | memoryview) -> None:
        self.data = memoryview(data)
        self.at = 0
        self.size = FIRST

    def next(self) -> memoryview:
        piece = self.data[self.at : self.at + self.size]
        self.at += len(piece)
        self.size = min(2 * self.size, CHUNK)
        return piece

    def back(self, unused: int) -> None:
        """The last octets were not wanted: another stream begins there."""
        self.at -= unused
        self.size = FIRST


def _stream(engine: Any, feed: _Feed) -> Iterator[bytes]:
    """One stream from where `feed` stands. Raises EOFError when the input ends first, and the engine's errors."""
    while not engine.eof:
        given: bytes | memoryview = feed.next()
        ended = not given
        while True:
            piece = engine.decompress(given, STEP)
            given = getattr(engine, "unconsumed_tail", b"")
            yield piece
            if engine.eof or not (piece or given):
                break
        if ended and not engine.eof:
            raise EOFError


def deflated(data: bytes | memoryview, window: int = -15, dictionary: bytes = b"") -> Iterator[bytes]:
    """A deflate stream (`window` as in zlib: -15 raw, 15 zlib, 31 gzip). Raises zlib.error, EOFError."""
    engine = zlib.decompressobj(window, zdict=dictionary) if dictionary else zlib.decompressobj(window)
    yield from _stream(engine, _Feed(data))


def members(
    data: bytes, make: Callable[[], Any], begins: tuple[bytes, ...], ended: Ended | None = None
) -> Iterator[bytes]:
    """The concatenated streams of a file, with zeros between them or not; `ended` hears where the last one ends.

    Raises Stop for more than STREAMS.
    """
    feed = _Feed(data)
    for _ in range(STREAMS):
        engine = make()
        yield from _stream(engine, feed)
        feed.back(len(engine.unused_data))
        if zeros := _ZEROS.match(data, feed.at):
            feed.at = zeros.end()
        if not begins or not data.startswith(begins, feed.at):
            if ended:
                ended(feed.at)
            return
    raise Stop(Reason.PARTS, "too many streams in one file")


def bzip2(data: bytes, ended: Ended | None = None) -> Iterator[bytes]:
    return members(data, bz2.BZ2Decompressor, (b"BZh",), ended)


def xz(data: bytes, ended: Ended | None = None) -> Iterator[bytes]:
    return members(
        data, lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=MEMORY), (b"\xfd7zXZ\0",), ended
    )


def lzma_alone(data: bytes, ended: Ended | None = None) -> Iterator[bytes]:
    return members(data, lambda: lzma.LZMADecompressor(lzma.FORMAT_ALONE, memlimit=MEMORY), (), ended)


def zstd(data: bytes, ended: Ended | None = None) -> Iterator[bytes]:
    engine = zstandard.ZstdDecompressor(max_window_size=MEMORY)
    with engine.stream_reader(io.BytesIO(data), read_across_frames=True) as stream:
        while piece := stream.read(STEP):
            yield piece


def gzip(data: bytes, ended: Ended | None = None) -> Iterator[bytes]:
    """The concatenated members of a gzip file (RFC 1952)."""
    return members(data, lambda: zlib.decompressobj(31), (b"\x1f\x8b",), ended)


def zip_lzma(data: bytes) -> Iterator[bytes]:
    """Method 14 of ZIP (APPNOTE 5.8.8): version, size of properties, properties, raw stream."""
    size = struct.unpack_from("<H", data, 2)[0]
    alone = data[4 : 4 + size] + b"\xff" * 8 + data[4 + size :]
    return lzma_alone(alone)


def deflate64(data: bytes) -> Iterator[bytes]:
    engine = inflate64.Inflater()
    for start in range(0, len(data), 1024):
        yield engine.inflate(data[start : start + 1024])


def stored(data: bytes) -> Iterator[bytes]:
    yield data


METHODS: dict[int, Callable[[bytes], Iterator[bytes]]] = {
    0: stored,
    8: deflated,
    9: deflate64,
    12: bzip2,
    14: zip_lzma,
    93: zstd,
    95: xz,
}
"""Compression methods of ZIP (APPNOTE 4.4.5)."""
