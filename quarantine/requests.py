"""Requests for release: a recipient of held mail asks, an administrator decides, and both hear of it.

One request for each mail and person. The decision is noted where the mail's state changes (quarantine/wait_end.py);
what is still to be told stands in the rows, so that no crash forgets it and no two nodes tell it twice.
"""

from collections.abc import Sequence

import msgspec

from quarantine.events import JournalEvent
from quarantine.item import Entry, Item, NotAllowed, State
from quarantine.rights import Actor, Verb
from quarantine.store import Store
from storage import journal
from storage.interfaces import Row, StoreError, Transaction
from storage.journal import clean

COMMENT = 500
"""Characters of a comment."""


class Already(StoreError):
    """Somebody else has done it: another node, or this one before it was started anew."""


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
            if not transaction.execute(_INSERT, row):
                return False
            journal.append(transaction, self._store.node, [entry])
            return True

        return await self._store.database.write(operation)

    async def of(self, items: Sequence[str], person: str = "") -> dict[str, list[Request]]:
        """The requests for these items (of one person), oldest first, by item."""
        found: dict[str, list[Request]] = {}
        for start in range(0, len(items), _MANY):
            some = items[start : start + _MANY]
            values: dict[str, object] = {f"i{n}": item for n, item in enumerate(some)}
            names = ", ".join(f":i{n}" for n in range(len(some)))
            sql = f"SELECT * FROM release_requests WHERE item IN ({names})"  # noqa: S608
            if person:
                sql, values = sql + " AND person = :person", {**values, "person": person}
            rows = await self._store.database.read(
                lambda t, sql=sql, values=values: t.execute(sql + " ORDER BY at, person", values)  # type: ignore[misc]
            )
            for row in rows:
                found.setdefault(row["item"], []).append(_request(row))
        return found

    async def open(self, tenant: str) -> int:
        """How many mails somebody has asked for that nobody has decided."""
        rows = await self._rows(
            "SELECT COUNT(DISTINCT item) AS number FROM release_requests WHERE state = 'open' AND tenant = :tenant",
            tenant=tenant,
        )
        return int(rows[0]["number"])

    async def unannounced(self) -> list[Request]:
        """Open requests of which no administrator has heard."""
        return [
            _request(r)
            for r in await self._rows(
                "SELECT * FROM release_requests WHERE state = 'open' AND announced = 0 ORDER BY at LIMIT 1000"
            )
        ]

    async def untold(self) -> list[Request]:
        """Decided requests whose people have not heard of it, the oldest decision first."""
        return [
            _request(r)
            for r in await self._rows(
                "SELECT * FROM release_requests WHERE told = 0 AND state <> 'open' ORDER BY settled_at LIMIT 100"
            )
        ]

    async def _rows(self, sql: str, **values: object) -> list[Row]:
        return await self._store.database.read(lambda transaction: transaction.execute(sql, values))


def tell(transaction: Transaction, request: Request) -> None:
    """Note that the person hears of the decision. Raises Already."""
    transaction.execute(
        "UPDATE release_requests SET told = 1 WHERE item = :item AND person = :person AND told = 0",
        {"item": request.item, "person": request.person},
    )
    if transaction.changed() != 1:
        raise Already("told")


def announce(transaction: Transaction, requests: Sequence[Request], now: float, every: float) -> None:
    """Note that administrators hear of these requests, at most once in `every` seconds. Raises Already."""
    transaction.execute(
        "INSERT INTO said_last (what, at) VALUES ('requests', 0) ON CONFLICT (what) DO NOTHING"
    )
    transaction.execute(
        "UPDATE said_last SET at = :now WHERE what = 'requests' AND at <= :before",
        {"now": now, "before": now - every},
    )
    if transaction.changed() != 1:
        raise Already("said a moment ago")
    transaction.executemany(
        "UPDATE release_requests SET announced = 1 WHERE item = :item AND person = :person",
        [{"item": r.item, "person": r.person} for r in requests],
    )


_MANY = 200
_INSERT = (
    "INSERT INTO release_requests"
    " (item, person, tenant, at, comment, state, answer, settled_at, announced, told)"
    " VALUES (:item, :person, :tenant, :at, :comment, 'open', '', NULL, 0, 0)"
    " ON CONFLICT (item, person) DO NOTHING RETURNING item"
)


def _request(row: Row) -> Request:
    return Request(**{name: row[name] for name in Request.__struct_fields__})
