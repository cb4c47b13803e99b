"""Contents by their size: small ones as rows of the database, the others in a blob store (docs/adr/0007).

A content that is not larger than `SMALL` can be committed in the very transaction of the items that name it
(`prepared`, then `insert`): one flush of the disk promises both. The size stands in the key, so that the key says where
to look; what is not in the database is looked for in the store, where it was put before this existed.

Diagnostics: StoreError as of the database and of the store.
"""

import hashlib
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from functools import partial

import msgspec

from storage import keys
from storage.border import of_all
from storage.bound import apart, bound
from storage.content import Content
from storage.day_keys import DayKeys
from storage.interfaces import Blob, Blobs, Database, Draft, Row, StoreError, Transaction
from storage.kept import at_rest, content_of
from storage.statements import insert_into

SMALL = 32 << 10
"""Bytes up to which a content is a row. Larger ones would be written twice, to the log and to the database."""

RECENT = 4 << 20
"""Bytes of small contents that stay in memory: what leaves at once need not be read back."""

_INSERT = insert_into("content", ("key", "tenant", "data"))
"""A small content."""
_GET = "SELECT data FROM content WHERE key = :key AND tenant = :tenant"
_DELETE = "DELETE FROM content WHERE key = :key AND tenant = :tenant"
_KEYS = of_all("SELECT key FROM content WHERE key > :after ORDER BY key LIMIT :page")
"""Of all small contents, for the reconciliation."""
PAGE = 2000


class SmallContent(msgspec.Struct, frozen=True):
    """A small content with its key, and what will be in its row: nothing of it is stored before `insert` and the commit."""

    blob: Blob
    data: bytes
    kept: bytes

    @property
    def tenant(self) -> str:
        return keys.tenant_of(self.blob.key)


def prepared(
    pieces: Sequence[bytes | memoryview],
    tenant: str,
    day_keys: DayKeys | None = None,
    day: int | None = None,
) -> SmallContent | None:
    """The concatenation of the pieces as a row to be, sealed where there are keys; None when it is too large for one."""
    if sum(map(len, pieces)) > SMALL:
        return None
    data = b"".join(pieces)
    blob = Blob(keys.new_key(tenant, len(data), day), len(data), hashlib.sha256(data).hexdigest())
    return SmallContent(blob, data, b"".join(at_rest(day_keys, (data,), len(data), blob.key)))


def insert(transaction: Transaction, contents: Sequence[SmallContent]) -> None:
    for mine, theirs in apart(transaction, contents):
        mine.executemany(_INSERT, [_row(content) for content in theirs])


def _page(transaction: Transaction, after: str) -> list[Row]:
    return transaction.execute(_KEYS, {"after": after, "page": PAGE})


def _row(content: SmallContent) -> dict[str, object]:
    return {**_named(content.blob.key), "data": content.kept}


def _named(key: str) -> dict[str, str]:
    return {"key": key, "tenant": keys.tenant_of(key)}


class Contents:
    """Blobs (storage/interfaces.py) over a database and a store for what is larger. Closes the store only."""

    def __init__(self, database: Database, large: Blobs, day_keys: DayKeys | None = None) -> None:
        """With `day_keys` small contents are sealed, as `large` seals its own."""
        self.large = large
        self._day_keys = day_keys
        self._database = database
        self._recent: dict[str, bytes] = {}
        self._room = RECENT
        self._closed = False

    def draft(self) -> Draft:
        return self.large.draft()

    async def put(self, pieces: Iterable[bytes | memoryview], tenant: str) -> Blob:
        self._open()
        content = await self.prepared(pieces := tuple(pieces), tenant)
        if content is None:
            return await self.large.put(pieces, tenant)
        await self._database.write(lambda transaction: insert(transaction, (content,)))
        self.stored((content,))
        return content.blob

    async def prepared(self, pieces: Sequence[bytes | memoryview], tenant: str) -> SmallContent | None:
        """As `prepared`, under today's key. Raises StoreError."""
        day = None if self._day_keys is None else await self._day_keys.today(tenant)
        return prepared(pieces, tenant, self._day_keys, day)

    def stored(self, contents: Sequence[SmallContent]) -> None:
        """These were inserted and committed: keep them in memory until newer ones take their room."""
        for content in contents:
            self._recent[content.blob.key] = content.data
            self._room -= len(content.data)
        while self._room < 0:
            self._forget(next(iter(self._recent)))

    def _forget(self, key: str) -> None:
        self._room += len(self._recent.pop(key, b""))

    def still(self) -> AbstractAsyncContextManager[None]:
        """While this is entered, nobody else erases, or says what is not to be erased (DayKeys.still)."""
        return nullcontext() if self._day_keys is None else self._day_keys.still()

    async def get(self, key: str) -> Content:
        self._open()
        size = keys.size_of(key)
        if (data := self._recent.get(key)) is not None:
            return Content(data)
        if size <= SMALL:
            rows = await bound(self._database, keys.tenant_of(key)).read(
                lambda t: t.execute(_GET, _named(key))
            )
            if rows:
                return content_of(self._day_keys, memoryview(bytes(rows[0]["data"])), size, key)
        return await self.large.get(key)

    async def delete(self, key: str) -> None:
        if keys.size_of(key) <= SMALL:
            self._forget(key)
            await bound(self._database, keys.tenant_of(key)).write(lambda t: t.execute(_DELETE, _named(key)))
        await self.large.delete(key)

    async def keys(self) -> AsyncIterator[list[str]]:
        async for page in self.large.keys():
            yield page
        after = ""
        while page := [row["key"] for row in await self._database.read(partial(_page, after=after))]:
            yield page
            after = page[-1]

    def room(self, wanted: int = 0) -> bool:
        return self.large.room(wanted)

    async def close(self) -> None:
        self._closed = True
        await self.large.close()

    def _open(self) -> None:
        if self._closed:
            raise StoreError("the contents are closed")
