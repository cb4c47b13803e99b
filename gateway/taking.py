"""Taking a mail into custody: its contents first, then all its items in one store transaction.

A mail that is refused after all leaves nothing behind: while a store is away, clients try again and again, and
contents that nobody was promised would fill the disk. Only what the store may have taken without saying so is
kept; when it has not, the reconciliation at the next start reports it as an orphan.
"""

from collections.abc import Iterable
from types import TracebackType
from typing import Self

import structlog

from storage.interfaces import Blob, Blobs, StoreError, Unknown

log = structlog.get_logger()


class Taking:
    """Around everything that stores contents of one mail and commits its items.

    async with Taking(blobs) as taking:
        blob = await taking.put(content)
        await store.put([item])
    """

    def __init__(self, blobs: Blobs) -> None:
        self._blobs = blobs
        self._keys: list[str] = []

    async def put(self, pieces: Iterable[bytes | memoryview]) -> Blob:
        """Store a content. Raises StoreError."""
        blob = await self._blobs.put(pieces)
        self._keys.append(blob.key)
        return blob

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not isinstance(error, StoreError) or isinstance(error, Unknown):
            return
        for key in self._keys:
            try:
                await self._blobs.delete(key)
            except StoreError as again:
                log.warning("orphan_left", blob=key, error=str(again))
