"""Taking a mail into custody: its contents first, then all its items in one store transaction.

Small contents wait for that transaction and are committed with the items; large ones are stored at once.

A mail that is refused after all leaves nothing behind: while a store is away, clients try again and again, and
contents that nobody was promised would fill the disk. Only what the store may have taken without saying so is
kept; when it has not, the reconciliation at the next start reports it as an orphan.
"""

from collections.abc import Callable, Iterable, Sequence
from types import TracebackType
from typing import Self

import structlog

from config.log_events import LogEvent
from quarantine.item import Item
from quarantine.store import Store
from storage.contents import Contents, SmallContent
from storage.interfaces import Blob, StoreError, Transaction, Unknown

log = structlog.get_logger()


class Intake:
    """Around everything that stores contents of one mail and commits its items.

    async with Intake(store) as intake:
        blob = await intake.put(content, tenant)
        await intake.commit([item], now, actor)
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._small: list[SmallContent] = []
        self._keys: list[str] = []

    async def put(self, pieces: Iterable[bytes | memoryview], tenant: str) -> Blob:
        """Store a content of the tenant's; it is there for good after `commit`. Raises StoreError."""
        pieces = tuple(pieces)
        blobs = self._store.blobs
        if isinstance(blobs, Contents) and (content := await blobs.prepared(pieces, tenant)) is not None:
            self._small.append(content)
            return content.blob
        blob = await blobs.put(pieces, tenant)
        self._keys.append(blob.key)
        return blob

    async def commit(
        self,
        items: Sequence[Item],
        now: float,
        actor: str,
        claim: Callable[[Transaction], None] = lambda transaction: None,
    ) -> list[Item]:
        """Take the items into custody, and the contents with them: durable on return. Raises StoreError, also what
        `claim` raises, which comes first in the transaction."""
        taken = await self._store.put(items, now, actor, self._small, claim)
        if isinstance(self._store.blobs, Contents):
            self._store.blobs.stored(self._small)
        return taken

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not isinstance(error, StoreError) or isinstance(error, Unknown):
            return
        for key in self._keys:
            try:
                await self._store.blobs.delete(key)
            except StoreError as again:
                log.warning(LogEvent.ORPHAN_LEFT, blob=key, error=str(again))
