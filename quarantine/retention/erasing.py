"""Erasing (OPS-ERASE): when the time of mail that has ended is over, nobody can read its contents any more, in no copy.

First the keys are destroyed (storage/day_keys.py), then the contents deleted, then that is written down: an end in
between is made up for by the next round, and the journal never says too much. The copies of one mail that have a content
in common go together, when the last one's time is over. Journal and items stay: who, when, to whom, subject, file names.

Diagnostics: StoreError; what was not erased then is erased by the next round.
"""

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

import msgspec

from quarantine.events import JournalEvent
from quarantine.item import Entry, ItemEnd
from quarantine.retention import legal_holds
from quarantine.store import Store
from storage import keys
from storage.day_keys import DayKeys
from storage.interfaces import Row, Transaction

T = TypeVar("T")

MOST = 20_000
"""Items of one ending that one round erases."""
BATCH = 100
"""Items that are written down, and contents that are deleted, at a time."""
PAGE = 2_000
"""Rows of a listing."""

_DUE = (
    "SELECT id, tenant, mail_id, owner, reverse_path, blob, original, ended FROM item"
    " WHERE erased_at IS NULL AND ended_at IS NOT NULL AND ended = :ended AND ended_at <= :until"
    " ORDER BY ended_at LIMIT :limit"
)
"""Items of all tenants whose time is over."""
_OTHERS = (
    "SELECT id, blob, original FROM item WHERE tenant = :tenant AND mail_id = :mail_id AND erased_at IS NULL"
)
"""The copies of a mail that are not erased."""
_NAMED = "SELECT id, blob, original FROM item WHERE erased_at IS NULL AND id > :after ORDER BY id LIMIT :page"
"""What names contents that are kept, of all tenants."""
_ERASED = "UPDATE item SET erased_at = :now WHERE id = :id AND tenant = :tenant AND erased_at IS NULL"


class Due(msgspec.Struct, frozen=True):
    """An item whose contents shall go."""

    id: str
    tenant: str
    mail_id: str
    ended: str
    names: tuple[str, ...]


async def erase(store: Store, day_keys: DayKeys, days: Mapping[str, float], now: float) -> int:
    """Erase what is due by `now`; how many items. `days`: how long to keep, by ItemEnd. Raises StoreError."""
    due = [item for item in await _due(store, days, now) if _can(day_keys, item, now)]
    gone = {name for item in due for name in item.names}
    for (tenant, day), names in _by_day(gone).items():
        await day_keys.destroy(
            tenant, day, names, await _present(store, tenant, day) if day_keys.is_whole(tenant, day) else ()
        )
    for some in _parts(due):
        await asyncio.gather(*(store.blobs.delete(name) for item in some for name in item.names))
        await store.database.write(lambda t, some=some: _note(store, t, some, now))  # type: ignore[misc]
    return len(due)


async def _due(store: Store, days: Mapping[str, float], now: float) -> list[Due]:
    """Items whose time is over, without those that somebody has to keep, or that share a content with one that stays."""
    rows: list[Row] = []
    for ending in ItemEnd:
        values = {"ended": ending.value, "until": now - days[ending] * 86_400.0, "limit": MOST}
        rows += await store.database.read(lambda t, values=values: t.execute(_DUE, values))  # type: ignore[misc]
    kept = await legal_holds.kept(store.database, rows)
    due = {row["id"]: _of(row) for row in rows if row["id"] not in kept}
    mails = list({(item.tenant, item.mail_id) for item in due.values()})
    for some in _parts(mails):
        others = await store.database.read(lambda t, some=some: _others(t, some))  # type: ignore[misc]
        staying = {name for row in others if row["id"] not in due for name in _names(row)}
        shared = {row["id"] for row in others if staying.intersection(_names(row))}
        for id in shared:
            due.pop(id, None)
    return list(due.values())


def _others(transaction: Transaction, mails: Iterable[tuple[str, str]]) -> list[Row]:
    return [
        row
        for tenant, mail_id in mails
        for row in transaction.execute(_OTHERS, {"tenant": tenant, "mail_id": mail_id})
    ]


def _can(day_keys: DayKeys, item: Due, now: float) -> bool:
    """Whether the days of all its contents are over; what was kept without a key is deleted only."""
    days = (keys.day_of(name) for name in item.names)
    return all(day is None or day_keys.over(day, now) for day in days)


def _by_day(names: Iterable[str]) -> dict[tuple[str, int], set[str]]:
    found: dict[tuple[str, int], set[str]] = {}
    for name in names:
        if (day := keys.day_of(name)) is not None:
            found.setdefault((keys.tenant_of(name), day), set()).add(name)
    return found


async def _present(store: Store, tenant: str, day: int) -> set[str]:
    """Every content of this day: what is stored, and what a row names, should the store be somewhere else just now."""
    found: set[str] = set()
    async for page in store.blobs.keys():
        found.update(name for name in page if _is_of(name, tenant, day))
    after = ""
    while True:
        values = {"after": after, "page": PAGE}
        rows = await store.database.read(lambda t, values=values: t.execute(_NAMED, values))  # type: ignore[misc]
        found.update(name for row in rows for name in _names(row) if _is_of(name, tenant, day))
        if len(rows) < PAGE:
            return found
        after = rows[-1]["id"]


def _is_of(name: str, tenant: str, day: int) -> bool:
    return keys.day_of(name) == day and keys.tenant_of(name) == tenant


def _note(store: Store, transaction: Transaction, items: Sequence[Due], now: float) -> None:
    """Write down that they are erased; not what another node has written."""
    done = []
    for item in items:
        transaction.execute(_ERASED, {"id": item.id, "tenant": item.tenant, "now": now})
        if transaction.changed():
            done.append(item)
    store.note(
        transaction,
        [
            Entry(
                now, JournalEvent.ERASED, store.node, item.id, item.mail_id, item.tenant,
                {"ended": item.ended, "contents": len(item.names)},
            )
            for item in done
        ],
    )  # fmt: skip


def _of(row: Row) -> Due:
    return Due(row["id"], row["tenant"], row["mail_id"], row["ended"], _names(row))


def _names(row: Row) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in (row["blob"], row["original"]) if name))


def _parts(of: Sequence[T]) -> Iterator[Sequence[T]]:
    return (of[start : start + BATCH] for start in range(0, len(of), BATCH))
