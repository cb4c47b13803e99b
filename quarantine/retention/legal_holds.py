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
from mail.address import without_tag
from quarantine.events import JournalEvent
from quarantine.item import Entry
from quarantine.store import Store
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
_DELETE = "DELETE FROM legal_hold WHERE id = :id AND tenant = :tenant RETURNING *"
_OF = "SELECT * FROM legal_hold WHERE tenant = :tenant ORDER BY at, id"
_OVER = "DELETE FROM legal_hold WHERE until <= :now RETURNING *"
"""Of all tenants: those whose date is over."""
_ALL = "SELECT * FROM legal_hold"
"""Of all tenants, for who erases."""
_RECIPIENTS = "SELECT item, mailbox FROM recipient WHERE item IN ({})"
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
    found = [name.strip() for name in names]
    accounts = [await people.account(tenant, name) for name in found]
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
    """Keep what these names stand in, from now on. Raises ValueError, with the key of a sentence, without a name or a reason, or
    with an end that is over. `first` runs in the same transaction, and ends it by raising."""
    lower = tuple(dict.fromkeys(_name(name.strip().lower()) for name in names if name.strip()))
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

    await store.database.write(operation)
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

    return await store.database.write(operation)


async def end_old(store: Store, now: float) -> int:
    """End those whose date is over, of all tenants; how many."""

    def operation(transaction: Transaction) -> int:
        holds = [_hold(row) for row in transaction.execute(_OVER, {"now": now})]
        store.note(transaction, [_entry(JournalEvent.LEGAL_HOLD_ENDED, h, store.node, now) for h in holds])
        return len(holds)

    return await store.database.write(operation)


async def all_of(database: Database, tenant: str) -> list[LegalHold]:
    rows = await database.read(lambda t: t.execute(_OF, {"tenant": tenant}))
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


def _name(text: str) -> str:
    return without_tag(text) if "@" in text else text


def _said(row: Row) -> Iterable[str]:
    return row["mail_id"], row["owner"].lower(), _name(row["reverse_path"].lower())


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
