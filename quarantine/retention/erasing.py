"""Erasing (OPS-ERASE): when the time of mail that has ended is over, nobody can read its contents any more, in no copy.

First the keys are destroyed (storage/day_keys.py), then the contents deleted, then that is written down: an end in
between is made up for by the next round, and the journal never says too much. The copies of one mail that have a content
in common go together, when the last one's time is over. Journal and items stay: who, when, to whom, subject, file names.

Diagnostics: StoreError; what was not erased then is erased by the next round.
"""

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
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
"""Items that one round erases, about; those that have to stay do not count."""
BATCH = 100
"""Items that are written down, and contents that are deleted, at a time."""
PAGE = 2_000
"""Rows of a listing."""

_COLUMNS = "id, tenant, mail_id, owner, reverse_path, blob, original, ended, ended_at"
_DUE = (
    f"SELECT {_COLUMNS} FROM item"  # noqa: S608
    " WHERE erased_at IS NULL AND ended_at IS NOT NULL AND ended = :ended AND ended_at <= :until"
    " AND (ended_at > :at OR (ended_at = :at AND id > :after)) ORDER BY ended_at, id LIMIT :page"
)
"""Items of all tenants whose time is over, a page behind the last one."""
_COPIES = (
    f"SELECT {_COLUMNS} FROM item"  # noqa: S608
    " WHERE tenant = :tenant AND mail_id = :mail_id AND erased_at IS NULL"
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
    due = list((await _due(store, day_keys, days, now)).values())
    gone = _by_day(name for item in due for name in item.names)
    present = await _present(store, {day for day in gone if day_keys.is_whole(*day)})
    for (tenant, day), names in gone.items():
        await day_keys.destroy(tenant, day, names, present.get((tenant, day), ()))
    for some in _parts(due):
        await asyncio.gather(*(store.blobs.delete(name) for item in some for name in item.names))
        await store.database.write(lambda t, some=some: _note(store, t, some, now))  # type: ignore[misc]
    return len(due)


async def _due(store: Store, day_keys: DayKeys, days: Mapping[str, float], now: float) -> dict[str, Due]:
    """Items whose time is over, by id. What has to stay is passed over: it keeps nothing back that stands behind it."""
    until = {ending.value: now - days[ending] * 86_400.0 for ending in ItemEnd}
    due: dict[str, Due] = {}
    for ending, end in until.items():
        at, after = 0.0, ""
        while len(due) < MOST:
            values = {"ended": ending, "until": end, "at": at, "after": after, "page": PAGE}
            rows = await store.database.read(lambda t, values=values: t.execute(_DUE, values))  # type: ignore[misc]
            for some in _parts(list({(row["tenant"], row["mail_id"]) for row in rows})):
                due |= await _ripe(store, day_keys, some, until, now)
            if len(rows) < PAGE:
                break
            at, after = rows[-1]["ended_at"], rows[-1]["id"]
    return due


async def _ripe(
    store: Store, day_keys: DayKeys, mails: Sequence[tuple[str, str]], until: Mapping[str, float], now: float
) -> dict[str, Due]:
    """The copies of these mails that can be erased: their time and their days are over, nobody has to keep them, and they have
    no content in common with a copy that stays."""
    copies = await store.database.read(lambda t: _copies(t, mails))
    kept = await legal_holds.kept(store.database, copies)
    over = (
        _of(row) for row in copies if row["ended_at"] is not None and row["ended_at"] <= until[row["ended"]]
    )
    ripe = {item.id: item for item in over if item.id not in kept and _can(day_keys, item, now)}
    while True:
        staying = {name for row in copies if row["id"] not in ripe for name in _names(row)}
        shared = [id for id, item in ripe.items() if staying.intersection(item.names)]
        if not shared:
            return ripe
        for id in shared:
            del ripe[id]


def _copies(transaction: Transaction, mails: Iterable[tuple[str, str]]) -> list[Row]:
    return [
        row
        for tenant, mail_id in mails
        for row in transaction.execute(_COPIES, {"tenant": tenant, "mail_id": mail_id})
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


async def _present(store: Store, days: Set[tuple[str, int]]) -> dict[tuple[str, int], set[str]]:
    """Every content of these days of tenants: what is stored, and what a row names, should the store be somewhere else just
    now. One listing for all of them, and none where there are no days."""
    found: dict[tuple[str, int], set[str]] = {}
    if not days:
        return found

    def keep(names: Iterable[str]) -> None:
        for day, some in _by_day(names).items():
            if day in days:
                found.setdefault(day, set()).update(some)

    async for page in store.blobs.keys():
        keep(page)
    after = ""
    while True:
        values = {"after": after, "page": PAGE}
        rows = await store.database.read(lambda t, values=values: t.execute(_NAMED, values))  # type: ignore[misc]
        keep(name for row in rows for name in _names(row))
        if len(rows) < PAGE:
            return found
        after = rows[-1]["id"]


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
