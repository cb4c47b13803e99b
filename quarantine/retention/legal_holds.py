"""Legal holds: what a person sent or got, or one mail, is not erased as long as somebody says so.

A hold names a person (the login and addresses of an account, or an address of anybody) or a mail (an incident is the
holds of its mails, with one reason). It stands until its date is over, or somebody ends it; it says nothing about delivery.

Diagnostics: StoreError.
"""

import secrets
from collections.abc import Callable, Iterable, Sequence
from functools import partial

import msgspec

from directory.people import People
from quarantine.events import JournalEvent
from quarantine.item import Entry
from quarantine.retention.destroying import still
from quarantine.retention.touched import name
from quarantine.store import Store
from storage.border import of_all
from storage.bound import bound
from storage.interfaces import Database, Row, Transaction
from storage.statements import among, insert_into


class LegalHold(msgspec.Struct, frozen=True):
    """`names`: a login and addresses (lower case), or the id of a mail. `at`, `until`: UTC seconds; None: until it is ended."""

    id: str
    tenant: str
    names: tuple[str, ...]
    reason: str
    made_by: str
    at: float
    until: float | None = None


_INSERT = insert_into("legal_hold", LegalHold.__struct_fields__)
_MORE = "UPDATE legal_hold SET names = :names WHERE id = :id AND tenant = :tenant"
_DELETE = "DELETE FROM legal_hold WHERE id = :id AND tenant = :tenant RETURNING *"
_ONE = "SELECT * FROM legal_hold WHERE id = :id AND tenant = :tenant"
_OF = "SELECT * FROM legal_hold WHERE tenant = :tenant ORDER BY at, id"
_OVER = of_all("DELETE FROM legal_hold WHERE until <= :now RETURNING *")
"""Of all tenants: those whose date is over."""
_ALL = of_all("SELECT * FROM legal_hold")
"""Of all tenants, for who erases."""
_RECIPIENTS = of_all("SELECT item, mailbox FROM recipient WHERE item IN ({})")
"""To whom items went that were just read."""
_SOME = 200
MOST = 200
"""Names of one hold."""

_names = msgspec.json.Decoder(tuple[str, ...])


Also = Callable[[Transaction], None]


def _nothing(transaction: Transaction) -> None:
    """For who has nothing to ask first."""


async def known_as(people: People, tenant: str, names: Iterable[str]) -> list[str]:
    """The names, and the addresses of those who have such a login."""
    found = [each.strip() for each in names]
    accounts = [await people.account(tenant, each) for each in found]
    return [
        *found,
        *(address for account in accounts if account is not None for address in account.addresses),
    ]


async def add(
    store: Store,
    tenant: str,
    names: Sequence[str],
    *,
    reason: str,
    by: str,
    now: float,
    until: float | None = None,
    first: Also = _nothing,
) -> LegalHold:
    """Keep what these names stand in, from now on: on return nothing of it is erased any more. Raises ValueError, with the key of a sentence, without a name or a reason, or
    with an end that is over. `first` runs in the same transaction, and ends it by raising."""
    lower = tuple(dict.fromkeys(name(each.strip().lower()) for each in names if each.strip()))
    if not lower or len(lower) > MOST:
        raise ValueError("legal_hold_names")
    if not reason.strip():
        raise ValueError("reason_needed")
    if until is not None and not until > now:
        raise ValueError("legal_hold_until")
    hold = LegalHold(secrets.token_hex(8), tenant, lower, reason.strip()[:500], by, now, until)

    def operation(transaction: Transaction) -> None:
        first(transaction)
        row = {**msgspec.structs.asdict(hold), "names": msgspec.json.encode(lower).decode()}
        transaction.execute(_INSERT, row)
        store.note(transaction, [_entry(JournalEvent.LEGAL_HOLD, hold, by, now)])

    async with still(store):  # before the keys of a mail go, or after
        await bound(store.database, tenant).write(operation)
    return hold


async def end(
    store: Store, tenant: str, id: str, *, by: str, now: float, first: Also = _nothing
) -> LegalHold | None:
    """What it was; None when there is none of this id. What it kept and is due is erased by the next round. `first` as in
    `add`."""

    def operation(transaction: Transaction) -> LegalHold | None:
        first(transaction)
        for row in transaction.execute(_DELETE, {"id": id, "tenant": tenant}):
            hold = _hold(row)
            store.note(transaction, [_entry(JournalEvent.LEGAL_HOLD_ENDED, hold, by, now)])
            return hold
        return None

    return await bound(store.database, tenant).write(operation)


async def follow(store: Store, people: People, now: float) -> int:
    """Hold by their new addresses, too, those whom a hold names by login; of all tenants, how many holds. What they lose stays
    in the hold: mail of then has it."""
    followed = 0
    for row in await store.database.read(lambda t: t.execute(_ALL)):
        hold = _hold(row)
        known = [name(each.lower()) for each in await known_as(people, hold.tenant, hold.names)]
        if set(known) - set(hold.names):
            async with still(store):
                followed += await bound(store.database, hold.tenant).write(
                    partial(_hold_more, store, hold, known, now)
                )
    return followed


def _hold_more(
    store: Store, hold: LegalHold, known: Sequence[str], now: float, transaction: Transaction
) -> bool:
    for row in transaction.execute(_ONE + transaction.for_update, {"id": hold.id, "tenant": hold.tenant}):
        before = _hold(row)
        names = tuple(dict.fromkeys((*before.names, *known)))
        if added := names[len(before.names) :]:
            values = {"id": hold.id, "tenant": hold.tenant, "names": msgspec.json.encode(names).decode()}
            transaction.execute(_MORE, values)
            told = _entry(
                JournalEvent.LEGAL_HOLD, msgspec.structs.replace(before, names=names), store.node, now
            )
            store.note(transaction, [msgspec.structs.replace(told, detail={**told.detail, "added": added})])
            return True
    return False


async def end_old(store: Store, now: float) -> int:
    """End those whose date is over, of all tenants; how many."""

    def operation(transaction: Transaction) -> int:
        holds = [_hold(row) for row in transaction.execute(_OVER, {"now": now})]
        store.note(transaction, [_entry(JournalEvent.LEGAL_HOLD_ENDED, h, store.node, now) for h in holds])
        return len(holds)

    return await store.database.write(operation)


async def all_of(database: Database, tenant: str) -> list[LegalHold]:
    rows = await bound(database, tenant).read(lambda t: t.execute(_OF, {"tenant": tenant}))
    return [_hold(row) for row in rows]


async def held(database: Database) -> dict[str, set[str]]:
    """The names that are held, by tenant."""
    found: dict[str, set[str]] = {}
    for row in await database.read(lambda t: t.execute(_ALL)):
        found.setdefault(row["tenant"], set()).update(_names.decode(row["names"]))
    return found


async def kept(database: Database, items: Sequence[Row]) -> frozenset[str]:
    """The ids of those items (rows with id, tenant, mail_id, owner, reverse_path) that a hold keeps."""
    names = await held(database)
    mine = {row["id"]: row["tenant"] for row in items if row["tenant"] in names}
    found = {
        row["id"] for row in items if row["id"] in mine and not names[row["tenant"]].isdisjoint(_said(row))
    }
    ids = [id for id in mine if id not in found]
    for start in range(0, len(ids), _SOME):
        for to in await database.read(partial(_recipients, ids=ids[start : start + _SOME])):
            if to["mailbox"] in names[mine[to["item"]]]:
                found.add(to["item"])
    return frozenset(found)


def _said(row: Row) -> Iterable[str]:
    return row["mail_id"], row["owner"].lower(), name(row["reverse_path"].lower())


def _recipients(transaction: Transaction, ids: Sequence[str]) -> list[Row]:
    chosen, values = among("i", ids)
    return transaction.execute(_RECIPIENTS.format(chosen), values)


def _hold(row: Row) -> LegalHold:
    values = {name: row[name] for name in LegalHold.__struct_fields__}
    return LegalHold(**{**values, "names": _names.decode(row["names"])})


def _entry(event: JournalEvent, hold: LegalHold, by: str, now: float) -> Entry:
    detail: dict[str, object] = {"hold": hold.id, "names": hold.names, "reason": hold.reason}
    detail |= {"until": hold.until} if hold.until is not None else {}
    return Entry(now, event, by, tenant=hold.tenant, detail=detail)
