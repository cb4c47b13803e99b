"""Contents as they lie at rest: AES-256-GCM in chunks of 1 MB in the manner of STREAM (docs/adr/0055).

    chunk 0 | chunk 1 | … | data key, wrapped | "SKC1"

Hoang, Reyhanitabar, Rogaway and Vizár (2015) call it STREAM; age has it likewise: a chunk's nonce is its number (11 octets)
and 1 for the last one, else 0. So chunks can be neither changed nor cut off, moved, repeated or taken from another
content. Each content has a random data key; it is wrapped under the content's own key (storage/day_keys.py), bound to its
name, and stands behind the chunks, so that what arrives can be sealed before it has a name.

Diagnostics: StoreError for what was changed, cut or moved.
"""

import os
from collections.abc import Iterable, Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from storage.content import CHUNK, Content
from storage.interfaces import StoreError

TAG = 16
KEY = 32
MAGIC = b"SKC1"
"""The form; another one would end differently."""
TRAILER = KEY + TAG + len(MAGIC)
_ONCE = bytes(12)
"""The nonce of a wrapped data key: its key wraps one thing only."""


def sealed_size(size: int) -> int:
    """Octets at rest of a content of `size` octets."""
    return size + TAG * max(1, -(-size // CHUNK)) + TRAILER


class ChunkSealer:
    """Seals one content, chunk by chunk, under a data key that it makes. The last chunk is said to be the last."""

    def __init__(self) -> None:
        self._key = os.urandom(KEY)
        self._cipher = AESGCM(self._key)
        self._number = 0

    def chunk(self, data: bytes | bytearray | memoryview, *, last: bool = False) -> bytes:
        nonce, self._number = _nonce(self._number, last=last), self._number + 1
        return self._cipher.encrypt(nonce, data, None)

    def trailer(self, key: bytes, name: str) -> bytes:
        """What stands behind the last chunk: the data key for who has the key of the content of this name."""
        return AESGCM(key).encrypt(_ONCE, self._key, name.encode()) + MAGIC

    def opened(self, data: memoryview, size: int) -> Iterator[bytes]:
        """Chunks again that were sealed as not the last, `size` octets in all."""
        return _chunks_of(self._cipher, data, size, whole=False)


def sealed(pieces: Iterable[bytes | memoryview], size: int, key: bytes, name: str) -> Iterator[bytes]:
    """What lies at rest of a content of `size` octets, in parts that need not be kept together."""
    sealer, last = ChunkSealer(), max(0, (size - 1) // CHUNK)
    for number, chunk in enumerate(chunked(pieces) if size else (b"",)):
        yield sealer.chunk(chunk, last=number == last)
    yield sealer.trailer(key, name)


def chunked(pieces: Iterable[bytes | memoryview]) -> Iterator[bytes | memoryview]:
    """The concatenation in chunks, all of CHUNK octets but the last; only what lies across two pieces is copied."""
    rest = bytearray()
    for each in pieces:
        piece, at = memoryview(each), 0
        if rest:
            at = CHUNK - len(rest)
            rest += piece[:at]
            if len(rest) < CHUNK:
                continue
            yield bytes(rest)
            rest.clear()
        while len(piece) - at >= CHUNK:
            yield piece[at : at + CHUNK]
            at += CHUNK
        rest += piece[at:]
    if rest:
        yield bytes(rest)


class SealedContent(Content):
    """A content that is unsealed chunk by chunk, each time it is gone through. Raises StoreError at once when its length
    is wrong or its data key cannot be had, and for a chunk when that was changed."""

    def __init__(self, data: memoryview, size: int, key: bytes, name: str) -> None:
        if len(data) != sealed_size(size) or data[-len(MAGIC) :] != MAGIC:
            raise StoreError(f"the blob {name} has {len(data)} bytes at rest instead of {sealed_size(size)}")
        super().__init__(data)
        self.size = size
        self._cipher = AESGCM(_data_key(bytes(data[-TRAILER : -len(MAGIC)]), key, name))

    def __iter__(self) -> Iterator[bytes]:
        return _chunks_of(self._cipher, self._data, self.size)

    def whole(self) -> memoryview:
        return memoryview(b"".join(self))


def _data_key(wrapped: bytes, key: bytes, name: str) -> bytes:
    try:
        return AESGCM(key).decrypt(_ONCE, wrapped, name.encode())
    except InvalidTag:
        raise StoreError(f"the blob {name} was changed or moved, or is under another key") from None


def _chunks_of(cipher: AESGCM, data: memoryview, size: int, *, whole: bool = True) -> Iterator[bytes]:
    """`whole`: the last of them was sealed as the last."""
    last = max(0, (size - 1) // CHUNK)
    for number in range(last + 1):
        start = number * (CHUNK + TAG)
        end = start + min(CHUNK, size - number * CHUNK) + TAG
        try:
            chunk = cipher.decrypt(_nonce(number, last=whole and number == last), data[start:end], None)
        except InvalidTag:
            raise StoreError("a sealed content was changed") from None
        if chunk:
            yield chunk


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])
