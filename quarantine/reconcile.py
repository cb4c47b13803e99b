"""Comparing what the database says with what the blob store holds: at start, after a restore, in backups.

A blob without an item is what a crash between the two leaves: its sender was never told 250 and tries
again. But after a restore of an older database it can be the only copy of a mail, so it is reported and
kept; nobody but a person removes it. An item without its blob is a loss, and said aloud.
"""

import asyncio

import msgspec

from quarantine.events import JournalEvent
from quarantine.item import Entry, State
from quarantine.store import Store
from storage.keys import tenant_of

PAGE = 5000
NOTED = 100
"""Most journal entries that one run writes for each kind of difference."""


_REPORTED = "SELECT blob FROM report WHERE blob <> ''"
"""Contents that are kept as evidence of a report."""
_PAGE = "SELECT id, state, blob, original FROM item WHERE id > :after ORDER BY id LIMIT :page"
"""Items of all tenants."""


class Reconciliation(msgspec.Struct, frozen=True):
    """Keys of blobs that no item names; (item id, key) of live items whose blob is not there."""

    orphans: tuple[str, ...]
    missing: tuple[tuple[str, str], ...]


async def reconcile(store: Store, now: float, grace: float = 0.0) -> Reconciliation:
    """Compare both ways and note differences in the journal.

    `grace`: seconds after which an orphan is looked at again, where other nodes accept mail meanwhile (their
    blobs are there just before their rows).
    """
    keys = set(await store.blobs.keys())
    orphans, missing = await _differences(store, keys)
    if orphans and grace:
        await asyncio.sleep(grace)
        orphans, missing = await _differences(store, keys)
    # A row may be newer than the listing of keys: look once more before saying that mail is lost.
    if missing:
        there = set(await store.blobs.keys())
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
        await store.record(*noted)
    return Reconciliation(tuple(sorted(orphans)), tuple(missing))


async def _differences(store: Store, keys: set[str]) -> tuple[set[str], list[tuple[str, str]]]:
    kept = await store.database.read(lambda t: t.execute(_REPORTED))
    orphans, missing, after = set(keys) - {row["blob"] for row in kept}, [], ""
    live = {State.HELD.value, State.QUEUED.value, State.ACTIVE.value}
    while True:
        rows = await store.database.read(
            lambda t, after=after: t.execute(_PAGE, {"after": after, "page": PAGE})  # type: ignore[misc]
        )
        for row in rows:
            for key in {row["blob"], row["original"]} - {""}:
                orphans.discard(key)
                if key not in keys and row["state"] in live:
                    missing.append((row["id"], key))
        if len(rows) < PAGE:
            return orphans, missing
        after = rows[-1]["id"]
