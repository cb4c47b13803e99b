"""Requests for release: a recipient of held mail asks, an administrator decides, and both hear of it.

One request for each mail and person. The decision is noted where the mail's state changes (quarantine/waits/wait_end.py);
what is still to be told stands in the rows, so that no crash forgets it and no two nodes tell it twice.
"""

from collections.abc import Sequence

import msgspec

from quarantine.events import JournalEvent
from quarantine.item import Entry, Item, NotAllowed, State
from quarantine.rights import Actor, Verb
from quarantine.store import Store
from storage import journal
from storage.border import of_all
from storage.bound import bound
from storage.interfaces import Already, Row, Transaction
from storage.journal import clean
from storage.statements import among

COMMENT = 500
"""Characters of a comment."""
_MANY = 200

_ASK = (
    "INSERT INTO release_requests"
    " (item, person, tenant, at, comment, state, answer, settled_at, announced, told)"
    " VALUES (:item, :person, :tenant, :at, :comment, 'open', '', NULL, 0, 0)"
    " ON CONFLICT (item, person) DO NOTHING RETURNING item"
)
"""A request, once for each mail and person: no row comes back when there was one."""
_OF_ITEMS = (
    "SELECT * FROM release_requests WHERE tenant = :tenant AND item IN ({})"
    " AND (:person = '' OR person = :person) ORDER BY at, person"
)
_OPEN = (
    "SELECT COUNT(DISTINCT item) AS number FROM release_requests WHERE state = 'open' AND tenant = :tenant"
)
_UNANNOUNCED = of_all(
    "SELECT * FROM release_requests WHERE state = 'open' AND announced = 0 ORDER BY at LIMIT 1000"
)
_UNTOLD = of_all(
    "SELECT * FROM release_requests WHERE told = 0 AND state <> 'open' ORDER BY settled_at LIMIT 100"
)
_TELL = (
    "UPDATE release_requests SET told = 1"
    " WHERE item = :item AND tenant = :tenant AND person = :person AND told = 0"
)
"""The person hears of the decision, once."""
_ANNOUNCE = (
    "UPDATE release_requests SET announced = 1 WHERE item = :item AND tenant = :tenant AND person = :person"
)
_NEVER_SAID = (
    "INSERT INTO said_last (tenant, what, at) VALUES (:tenant, :what, 0)"
    " ON CONFLICT (tenant, what) DO NOTHING"
)
_SAY = "UPDATE said_last SET at = :now WHERE tenant = :tenant AND what = :what AND at <= :before"
"""People of a tenant hear something, unless they have heard something a moment ago."""


class Request(msgspec.Struct, frozen=True):
    """Somebody's wish to get a held mail. `state` is "open", "released" or "refused"; `answer` is for the person."""

    item: str
    person: str
    tenant: str
    at: float
    comment: str
    state: str
    answer: str
    settled_at: float | None


class Requests:
    """The requests of all nodes."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def ask(self, item: Item, actor: Actor, comment: str, now: float) -> bool:
        """Ask for a held mail; False when this person has asked before. Raises NotAllowed when it no longer waits, or
        is not addressed to them."""
        row = {
            "item": item.id, "person": actor.name, "tenant": item.tenant, "at": now,
            "comment": clean(comment.strip()[:COMMENT]),
        }  # fmt: skip
        noted = {"comment": row["comment"]} if row["comment"] else {}
        entry = Entry(now, JournalEvent.REQUEST, actor.name, item.id, item.mail_id, item.tenant, noted)

        def operation(transaction: Transaction) -> bool:
            found = self._store.permitted(transaction, item.id, actor, Verb.ASK)
            if found.state is not State.HELD:
                raise NotAllowed("it no longer waits")
            if not transaction.execute(_ASK, row):
                return False
            journal.append(transaction, self._store.node, [entry])
            return True

        return await bound(self._store.database, actor.tenant).write(operation)

    async def of(self, tenant: str, items: Sequence[str], person: str = "") -> dict[str, list[Request]]:
        """A tenant's requests for these items (of one person), oldest first, by item."""
        found: dict[str, list[Request]] = {}
        for start in range(0, len(items), _MANY):
            names, values = among("i", items[start : start + _MANY])
            for row in await self._rows(_OF_ITEMS.format(names), **values, tenant=tenant, person=person):
                found.setdefault(row["item"], []).append(_request(row))
        return found

    async def open(self, tenant: str) -> int:
        """How many mails somebody has asked for that nobody has decided."""
        rows = await self._rows(_OPEN, tenant=tenant)
        return int(rows[0]["number"])

    async def unannounced(self) -> list[Request]:
        """Open requests of which no administrator has heard."""
        return [_request(r) for r in await self._rows(_UNANNOUNCED)]

    async def untold(self) -> list[Request]:
        """Decided requests whose people have not heard of it, the oldest decision first."""
        return [_request(r) for r in await self._rows(_UNTOLD)]

    async def _rows(self, sql: str, **values: object) -> list[Row]:
        asked = bound(self._store.database, str(values.get("tenant", "")))
        return await asked.read(lambda transaction: transaction.execute(sql, values))


def tell(transaction: Transaction, request: Request) -> None:
    """Note that the person hears of the decision. Raises Already."""
    transaction.execute(_TELL, _key(request))
    if transaction.changed() != 1:
        raise Already("told")


def announce(transaction: Transaction, requests: Sequence[Request], now: float, every: float) -> None:
    """Note that administrators hear of these requests, which are one tenant's, at most once in `every` seconds. Raises
    Already."""
    say_once(transaction, requests[0].tenant, "requests", now, every)
    transaction.executemany(_ANNOUNCE, [_key(request) for request in requests])


def say_once(transaction: Transaction, tenant: str, what: str, now: float, every: float) -> None:
    """Note that people of a tenant hear of something, at most once in `every` seconds, whichever node says it. Raises
    Already."""
    key = {"tenant": tenant, "what": what}
    transaction.execute(_NEVER_SAID, key)
    transaction.execute(_SAY, {**key, "now": now, "before": now - every})
    if transaction.changed() != 1:
        raise Already("said a moment ago")


def _key(request: Request) -> dict[str, str]:
    return {"item": request.item, "tenant": request.tenant, "person": request.person}


def _request(row: Row) -> Request:
    return Request(**{name: row[name] for name in Request.__struct_fields__})
