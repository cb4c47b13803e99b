"""Erasing (OPS-ERASE): when the time of mail that has ended is over, nobody can read its contents any more, in no copy.

First the keys are destroyed (quarantine/retention/destroying.py), then the contents deleted, then that is written down: an
end in between is made up for by the next round, and the journal never says too much. Each part of a round is a turn
(destroying.still): what is due is asked once more in it, so that a legal hold comes before or after, and never in between. The copies of one mail that have a
content in common go together, when the last one's time is over. Journal and items stay for years: who, when, to whom, subject,
file names. What belongs to no item goes by quarantine/retention/others.py.

Diagnostics: StoreError; what was not erased then is erased by the next round.
"""

import asyncio
from collections.abc import Iterable, Sequence
from functools import partial

import msgspec

from quarantine.events import JournalEvent
from quarantine.item import Entry, ItemEnd
from quarantine.retention import legal_holds
from quarantine.retention.destroying import Present, destroy, look, parts, still
from quarantine.retention.keeping import Keeping
from quarantine.store import Store
from storage import keys
from storage.border import of_all
from storage.bound import apart, within
from storage.day_keys import DayKeys
from storage.interfaces import Row, Transaction

MOST = 20_000
"""Items that one round erases, about; those that have to stay do not count."""
PAGE = 2_000
"""Rows of a listing."""
TURN = 500
"""Mails that are erased while a legal hold that comes has to wait: seconds."""

_COLUMNS = "id, tenant, mail_id, owner, reverse_path, blob, original, ended, ended_at, kept_as"
_DUE = of_all(
    f"SELECT {_COLUMNS} FROM item"  # noqa: S608
    " WHERE erased_at IS NULL AND ended_at IS NOT NULL AND kept_as = :kept_as AND ended = :ended AND ended_at <= :until"
    " AND (ended_at > :at OR (ended_at = :at AND id > :after)) ORDER BY ended_at, id LIMIT :page"
)
"""Items of all tenants whose time is over, a page behind the last one."""
_NEXT_KIND = of_all(
    "SELECT MIN(kept_as) AS kept_as FROM item"
    " WHERE kept_as > :after AND erased_at IS NULL AND ended_at IS NOT NULL"
)
"""What was found in items of all tenants, one after the other: there are few."""
_COPIES = (
    f"SELECT {_COLUMNS} FROM item"  # noqa: S608
    " WHERE tenant = :tenant AND mail_id = :mail_id AND erased_at IS NULL"
)
"""The copies of a mail that are not erased."""
_ERASED = "UPDATE item SET erased_at = :now, secret = :nothing WHERE id = :id AND tenant = :tenant AND erased_at IS NULL"


class Due(msgspec.Struct, frozen=True):
    """An item whose contents shall go."""

    id: str
    tenant: str
    mail_id: str
    ended: str
    names: tuple[str, ...]


async def erase(store: Store, day_keys: DayKeys, keeping: Keeping, now: float) -> int:
    """Erase what is due by `now`; how many items. Raises StoreError."""
    due = await _due(store, day_keys, keeping, now)
    present: Present = {}
    await look(store, day_keys, (name for item in due.values() for name in item.names), present)
    erased = 0
    for mails in parts(list(dict.fromkeys((item.tenant, item.mail_id) for item in due.values())), TURN):
        async with still(store):
            ripe: list[Due] = []
            for some in parts(mails):
                ripe += (await _ripe(store, day_keys, some, keeping, now)).values()
            await destroy(store, day_keys, [name for item in ripe for name in item.names], present)
            for items in parts(ripe):
                await asyncio.gather(*(store.blobs.delete(name) for item in items for name in item.names))
                await store.database.write(partial(_note, store, items, now))
        erased += len(ripe)
    return erased


async def _due(store: Store, day_keys: DayKeys, keeping: Keeping, now: float) -> dict[str, Due]:
    """Items whose time is over, by id. What has to stay is passed over: it keeps nothing back that stands behind it."""
    due: dict[str, Due] = {}
    for kept_as in await _kinds(store):
        for ending in ItemEnd:
            at, after = 0.0, ""
            until = now - keeping.seconds(ending, kept_as)
            while len(due) < MOST:
                values = {
                    "kept_as": kept_as, "ended": ending.value, "until": until, "at": at, "after": after, "page": PAGE,
                }  # fmt: skip
                rows = await store.database.read(lambda t, values=values: t.execute(_DUE, values))  # type: ignore[misc]
                for some in parts(list({(row["tenant"], row["mail_id"]) for row in rows})):
                    due |= await _ripe(store, day_keys, some, keeping, now)
                if len(rows) < PAGE:
                    break
                at, after = rows[-1]["ended_at"], rows[-1]["id"]
    return due


async def _kinds(store: Store) -> list[str]:
    found = [""]
    while True:
        after = {"after": found[-1]}
        rows = await store.database.read(lambda t, after=after: t.execute(_NEXT_KIND, after))  # type: ignore[misc]
        if not rows or rows[0]["kept_as"] is None:
            return found
        found.append(rows[0]["kept_as"])


async def _ripe(
    store: Store, day_keys: DayKeys, mails: Sequence[tuple[str, str]], keeping: Keeping, now: float
) -> dict[str, Due]:
    """The copies of these mails that can be erased: their time and their days are over, nobody has to keep them, and they have
    no content in common with a copy that stays."""
    copies = await store.database.read(lambda t: _copies(t, mails))
    kept = await legal_holds.kept(store.database, copies)
    over = (
        _of(row)
        for row in copies
        if row["ended_at"] is not None
        and row["ended_at"] <= now - keeping.seconds(row["ended"], row["kept_as"])
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
        for row in within(transaction, tenant).execute(_COPIES, {"tenant": tenant, "mail_id": mail_id})
    ]


def _can(day_keys: DayKeys, item: Due, now: float) -> bool:
    """Whether the days of all its contents are over; what was kept without a key is deleted only."""
    days = (keys.day_of(name) for name in item.names)
    return all(day is None or day_keys.over(day, now) for day in days)


def _note(store: Store, items: Sequence[Due], now: float, transaction: Transaction) -> None:
    """Write down that they are erased; not what another node has written."""
    done = []
    for mine, theirs in apart(transaction, items):
        for item in theirs:
            mine.execute(_ERASED, {"id": item.id, "tenant": item.tenant, "now": now, "nothing": b""})
            if mine.changed():
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
