"""Decompression in steps that the budget counts: no step yields more than STEP bytes, whatever the input."""

import bz2
import io
import lzma
import struct
import zlib
from collections.abc import Callable, Iterator

import inflate64
import zstandard

from filters.extract.budget import Budget
from filters.extract.reason import Reason, Stop

STEP = 1 << 18
MEMORY = 128 << 20
"""Largest dictionary that a stream may ask for."""

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


def deflated(data: bytes | memoryview, window: int = -15, dictionary: bytes = b"") -> Iterator[bytes]:
    """A deflate stream (`window` as in zlib: -15 raw, 15 zlib, 31 gzip). Raises zlib.error."""
    engine = zlib.decompressobj(window, zdict=dictionary) if dictionary else zlib.decompressobj(window)
    pending: bytes | memoryview = data
    while not engine.eof:
        piece = engine.decompress(pending, STEP)
        pending = engine.unconsumed_tail
        if not piece and not pending and not engine.eof:
            raise EOFError
        yield piece


def members(data: bytes, make: Callable[[], bz2.BZ2Decompressor | lzma.LZMADecompressor]) -> Iterator[bytes]:
    """The concatenated streams of a bzip2 or xz file; anything after the last one is ignored."""
    rest = data
    while rest.strip(b"\0"):
        engine = make()
        given = rest
        while not engine.eof:
            piece = engine.decompress(given, STEP)
            given = b""
            if not piece and engine.needs_input:
                raise EOFError
            yield piece
        rest = engine.unused_data
        if not rest.startswith((b"BZh", b"\xfd7zXZ\0")):
            return


def bzip2(data: bytes) -> Iterator[bytes]:
    return members(data, bz2.BZ2Decompressor)


def xz(data: bytes) -> Iterator[bytes]:
    return members(data, lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=MEMORY))


def lzma_alone(data: bytes) -> Iterator[bytes]:
    return members(data, lambda: lzma.LZMADecompressor(lzma.FORMAT_ALONE, memlimit=MEMORY))


def zstd(data: bytes) -> Iterator[bytes]:
    engine = zstandard.ZstdDecompressor(max_window_size=MEMORY)
    with engine.stream_reader(io.BytesIO(data), read_across_frames=True) as stream:
        while piece := stream.read(STEP):
            yield piece


def gzip(data: bytes) -> Iterator[bytes]:
    """The concatenated members of a gzip file (RFC 1952)."""
    rest = data
    while rest.startswith(b"\x1f\x8b"):
        engine = zlib.decompressobj(31)
        pending = rest
        while not engine.eof:
            piece = engine.decompress(pending, STEP)
            pending = engine.unconsumed_tail
            if not piece and not pending and not engine.eof:
                raise EOFError
            yield piece
        rest = engine.unused_data.lstrip(b"\0")


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
