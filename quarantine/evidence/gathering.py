"""Everything that is kept about a mail: its items, its entries of the journal with their proofs, the policies by which it was
judged, and, where that is asked for, its contents. Who gathers it is on record before anything is read (OPS-EVIDENCE)."""

from collections.abc import Mapping, Sequence

import msgspec

from quarantine.events import JournalEvent
from quarantine.item import Entry, Item
from quarantine.policies.versions import PolicyVersion, Versions
from quarantine.store import Missing, Query, Store
from storage.bound import bound
from storage.interfaces import Row, StoreError
from storage.journal_links import ChainProof
from storage.journal_proofs import entries_of, prove

ENTRIES = 10_000
"""Entries of one mail at most; more are an error, not a part that nobody notices."""
ITEMS = 2_000
"""A copy for each recipient of a mail, and our letters about it."""


class TooMuch(Exception):
    """More than a bundle holds."""


class Gathered(msgspec.Struct, frozen=True):
    """A mail's evidence. `contents`: octets by the name of a file; `policies`: by the names that stand in verdicts."""

    tenant: str
    mail_id: str
    items: tuple[Item, ...]
    entries: tuple[Row, ...]
    proofs: tuple[ChainProof | None, ...]
    policies: Mapping[str, PolicyVersion]
    contents: Mapping[str, bytes]
    gone: tuple[str, ...]
    """Files that are no longer kept."""


async def note(
    store: Store, tenant: str, mail_id: str, *, actor: str, reason: str, contents: bool, now: float
) -> None:
    """Write down that somebody gathers it, and why. Raises Missing where nothing is known of such a mail."""
    if not await store.entries(tenant, mail_id=mail_id, limit=1):
        raise Missing("nothing is known of such a mail")
    detail = {"reason": reason, "contents": contents}
    await store.record(Entry(now, JournalEvent.EVIDENCE, actor, "", mail_id, tenant, detail))


async def gather(
    store: Store, tenant: str, mail_id: str, *, keeper: str, contents: bool, now: float
) -> Gathered:
    """`keeper`: the tenant whose versions of the policy are this one's. Raises StoreError, TooMuch."""
    items = await store.find(Query(tenant, mail_id=mail_id, limit=ITEMS + 1, order="oldest"))
    database = bound(store.database, tenant)
    rows = await database.read(lambda t: entries_of(t, tenant, mail_id, ENTRIES + 1))
    if len(rows) > ENTRIES or len(items) > ITEMS:
        raise TooMuch(f"{mail_id} has more than {ENTRIES} entries or {ITEMS} items")
    proofs = [await database.read(lambda t, row=row: prove(t, row, now)) for row in rows]  # type: ignore[misc]
    files, gone = await _contents(store, items) if contents else ({}, [])
    policies = await _policies(store, keeper, rows)
    return Gathered(tenant, mail_id, tuple(items), tuple(rows), tuple(proofs), policies, files, tuple(gone))


async def _contents(store: Store, items: Sequence[Item]) -> tuple[dict[str, bytes], list[str]]:
    files, gone = {}, []
    for item in items:
        for name, key in ((f"{item.id}.eml", item.blob), (f"{item.id}.original.eml", item.original)):
            if key:
                try:
                    files[name] = bytes(await store.blobs.get(key))
                except StoreError:
                    gone.append(name)
    return files, gone


async def _policies(store: Store, keeper: str, rows: Sequence[Row]) -> dict[str, PolicyVersion]:
    """The policies that stand in the entries, by name, as far as they were kept as versions."""
    names = {str(msgspec.json.decode(row["detail"]).get("policy", "")) for row in rows}
    versions = Versions(store, keeper)
    found = {name: await versions.named(name) for name in sorted(names) if name}
    return {name: version for name, version in found.items() if version is not None}
