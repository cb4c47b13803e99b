"""Comparing what the database says with what the blob store holds: behind each start, so after a restore too.

A blob without an item is what a crash between the two leaves: its sender was never told 250 and tries
again. But after a restore of an older database it can be the only copy of a mail, so it is reported and
kept for a while ([retention] orphan_days). An item without its blob is a loss, and said aloud.
"""

import asyncio
from array import array
from bisect import bisect_left
from collections.abc import AsyncIterator, Callable

import msgspec

from quarantine.events import JournalEvent
from quarantine.item import Entry, State
from quarantine.store import Store
from storage import let_go
from storage.border import of_all
from storage.interfaces import Blobs
from storage.keys import random_of, tenant_of
from storage.let_go import LetGo, LetGoKind

PAGE = 500
NOTED = 100
"""Most journal entries that one run writes for each kind of difference."""


_REPORTED = of_all("SELECT blob FROM report WHERE blob <> ''")
"""Contents that are kept as evidence of a report."""
_PAGE = of_all("SELECT id, state, blob, original FROM item WHERE id > :after ORDER BY id LIMIT :page")
"""Items of all tenants."""


class Reconciliation(msgspec.Struct, frozen=True):
    """Keys of blobs that no item names; (item id, key) of live items whose blob is not there."""

    orphans: tuple[str, ...]
    missing: tuple[tuple[str, str], ...]


class _Stored:
    """Keys by 64 of their 128 random bits, nine bytes each: that two of a million share them is one chance in 40 million,
    and would hide an orphan. A bit says whether somebody has named it."""

    def __init__(self) -> None:
        self._beginnings = [array("Q") for _ in range(256)]
        self._named: list[bytearray] = []

    async def read(self, blobs: Blobs) -> None:
        async for page in blobs.keys():
            for key in page:
                number = _number(key)
                self._beginnings[number >> 56].append(number)
            await asyncio.sleep(0)
        for place, some in enumerate(self._beginnings):
            self._beginnings[place] = array("Q", sorted(some))
        self._named = [bytearray(len(some)) for some in self._beginnings]

    def name(self, key: str) -> bool:
        """False when nothing of this key is stored."""
        number = _number(key)
        some = self._beginnings[number >> 56]
        place = bisect_left(some, number)
        if place == len(some) or some[place] != number:
            return False
        self._named[number >> 56][place] = 1
        return True

    def unnamed(self) -> set[int]:
        return {
            number
            for some, named in zip(self._beginnings, self._named, strict=True)
            for number, told in zip(some, named, strict=True)
            if not told
        }


def _number(key: str) -> int:
    return int(random_of(key)[:16], 16)


async def reconcile(store: Store, now: float, grace: float = 0.0) -> Reconciliation:
    """Compare both ways and note differences in the journal, in pages, beside mail that comes in and goes out.

    `grace`: seconds after which an orphan is looked at again, where mail is accepted meanwhile (its blobs are there just
    before their rows).
    """
    stored = _Stored()
    await stored.read(store.blobs)
    named = await store.database.read(lambda t: t.execute(_REPORTED))
    for row in named:
        stored.name(row["blob"])
    missing = []
    async for item, key, live in _naming(store):
        if not stored.name(key) and live:
            missing.append((item, key))
    orphans = (
        await _keys(store.blobs, lambda key: _number(key) in unnamed)
        if (unnamed := stored.unnamed())
        else set()
    )
    if orphans and grace:
        await asyncio.sleep(grace)
        async for _, key, _ in _naming(store):
            orphans.discard(key)
        orphans -= {row["blob"] for row in await store.database.read(lambda t: t.execute(_REPORTED))}
    # A row may be newer than the listing of keys: look once more before saying that mail is lost.
    if missing:
        wanted = {key for _, key in missing}
        there = await _keys(store.blobs, wanted.__contains__)
        missing = [(item, key) for item, key in missing if key not in there]
    entries = [
        Entry(now, JournalEvent.MISSING_BLOB, store.node, item, "", tenant_of(key), {"blob": key})
        for item, key in missing
    ]
    strays = [
        Entry(now, JournalEvent.ORPHAN_BLOB, store.node, "", "", tenant_of(key), {"blob": key})
        for key in sorted(orphans)
    ]
    if noted := entries[:NOTED] + strays[:NOTED]:
        gone = [LetGo(key, LetGoKind.ORPHAN, now) for key in sorted(orphans)]
        await store.record(*noted, also=lambda transaction: let_go.note(transaction, gone))
    return Reconciliation(tuple(sorted(orphans)), tuple(missing))


async def _keys(blobs: Blobs, wanted: Callable[[str], bool]) -> set[str]:
    """Those of the stored keys that are wanted."""
    found: set[str] = set()
    async for page in blobs.keys():
        found.update(key for key in page if wanted(key))
    return found


async def _naming(store: Store) -> AsyncIterator[tuple[str, str, bool]]:
    """(item, key of a content that it names, whether it is still to be delivered) of all items."""
    after, live = "", {State.HELD.value, State.QUEUED.value, State.ACTIVE.value}
    while True:
        page = {"after": after, "page": PAGE}
        rows = await store.database.read(lambda t, page=page: t.execute(_PAGE, page))  # type: ignore[misc]
        for row in rows:
            for key in {row["blob"], row["original"]} - {""}:
                yield row["id"], key, row["state"] in live
        if len(rows) < PAGE:
            return
        after = rows[-1]["id"]
