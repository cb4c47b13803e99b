"""A stored content as its readers get it: in chunks, so that nobody needs all of it in memory, and who keeps contents may
make each chunk when it is asked for (sealed at rest, a chunk is what is unsealed at once: bench/stand/sealed.py).
"""

import hashlib
from collections.abc import Iterator

CHUNK = 1 << 20
"""Bytes of a chunk; the last one has what is left."""


class Content:
    """A content of `size` bytes that lies in memory or is mapped: its chunks are views, not copies.

    It can be gone through again. What keeps its contents otherwise overrides `__iter__`.
    """

    def __init__(self, data: memoryview | bytes) -> None:
        self.size = len(data)
        self._data = memoryview(data).toreadonly()

    def __iter__(self) -> Iterator[memoryview | bytes]:
        """The chunks in order. Raises StoreError for one that cannot be believed."""
        return (self._data[start : start + CHUNK] for start in range(0, self.size, CHUNK))

    def whole(self) -> memoryview:
        """All of it at once, for who has to look here and there; a copy only where the chunks have to be made."""
        return self._data

    def __bytes__(self) -> bytes:
        return bytes(self.whole())

    def sha256(self) -> str:
        """Its digest in hex. 2 ms for a megabyte: in a thread when it is large."""
        digest = hashlib.sha256()
        for chunk in self:
            digest.update(chunk)
        return digest.hexdigest()
