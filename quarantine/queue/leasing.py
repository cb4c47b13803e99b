"""Leases: who may deliver an item now, and until when. Functions of a transaction (Store.lease and its neighbours).

An item that leaves at once is leased in the transaction that takes it into custody: whoever delivers keeps a hand free
for it while that is being committed, and begins as soon as it is. Taking and leasing one after the other would write
every such item twice.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from quarantine.item import Act, Entry, Event, Item, State
from quarantine.lifecycle import apply
from quarantine.records import entry_of, moved, update
from quarantine.rights import DISPATCHER
from quarantine.search.read import items_at
from storage import journal
from storage.border import to_deliver
from storage.bound import apart
from storage.interfaces import Transaction, Unknown
from storage.statements import among

WHOLE = -1.0
"""Before all that can be due: the queue is looked at from its beginning (quarantine/queue/front.py)."""
DUE = to_deliver(
    "SELECT tenant, id FROM item WHERE due_at IS NOT NULL AND waits = 0 AND due_at <= :now AND due_at >= :since"
    " AND NOT EXISTS (SELECT 1 FROM suspension WHERE suspension.tenant = item.tenant) ORDER BY due_at LIMIT :limit"
)
"""What can be leased, the longest waiting first: whose it is, and no more. What it is is asked for in its tenant's name. What is
suspended waits (quarantine/queue/suspension.py)."""
NEXT_DUE = to_deliver(
    "SELECT MIN(due_at) AS due_at FROM item WHERE due_at IS NOT NULL AND waits = 0 AND due_at >= :since"
    " AND NOT EXISTS (SELECT 1 FROM suspension WHERE suspension.tenant = item.tenant)"
)
"""When the next item can be leased."""
_CHOSEN = to_deliver(
    "SELECT tenant, id FROM item WHERE due_at IS NOT NULL AND waits = 0 AND due_at <= :now AND id IN ({})"
    " AND NOT EXISTS (SELECT 1 FROM suspension WHERE suspension.tenant = item.tenant) ORDER BY due_at"
)
_WAITING = to_deliver(
    "SELECT item.tenant, item.id, item.upstream, item.due_at, recipient.address FROM item"
    " JOIN recipient ON recipient.item = item.id AND recipient.tenant = item.tenant"
    " WHERE due_at IS NOT NULL AND waits = 0 AND due_at <= :now AND (due_at, item.id) > (:after, :id)"
    " AND NOT EXISTS (SELECT 1 FROM suspension WHERE suspension.tenant = item.tenant)"
    " AND recipient.status IN ('waiting', 'deferred') ORDER BY due_at, item.id LIMIT :limit"
)
"""For whom mail waits that can be leased, the longest waiting first."""
_OWN = to_deliver(
    "SELECT tenant, id FROM item WHERE due_at IS NOT NULL AND waits = 0 AND state = 'active' AND node = :node"
)
"""What a node has leased."""
WAKING = {
    State.HELD: (Event.DUE, Event.LEASE),
    State.QUEUED: (Event.LEASE,),
    State.ACTIVE: (Event.LAPSE, Event.LEASE),
}
"""What happens to an item that is leased, by the state in which it is found: in the dispatcher's name."""


class DueRecipient(NamedTuple):
    """A recipient of an item that can be leased."""

    tenant: str
    item: str
    upstream: str
    due_at: float
    address: str


class Hand:
    """Room for one item that is being taken into custody, kept by whoever will deliver it. `until`: when the lease ends
    (UTC seconds)."""

    def __init__(self, until: float) -> None:
        self.until = until
        self.sure = True
        """False when it is not known whether the item was stored."""
        self._item: asyncio.Future[Item | None] = asyncio.get_running_loop().create_future()

    async def item(self) -> Item | None:
        """What it gets; None when that is nothing."""
        return await self._item

    def take(self, item: Item | None, *, sure: bool = True) -> bool:
        """False when nobody keeps this hand free any more."""
        if self._item.done():
            return False
        self.sure = sure
        self._item.set_result(item)
        return True


def at_once(accepted: Sequence[Item], hands: Sequence[Hand], node: str, now: float) -> list[Item]:
    """The items as they are stored: when there are hands, those that leave at once are leased."""
    free = iter(hands)
    return [
        apply(item, Act(Event.LEASE, now, due_at=next(free).until, node=node))
        if hands and item.state is State.QUEUED
        else item
        for item in accepted
    ]


@contextmanager
def handed(hands: Sequence[Hand], stored: Sequence[Item]) -> Iterator[list[Item]]:
    """Around the commit of the items; behind it, the hands have those that were leased. What is yielded then holds those
    that nobody waits for any more."""
    pairs = list(zip(hands, (item for item in stored if item.token), strict=True)) if hands else []
    left: list[Item] = []
    try:
        yield left
    except BaseException as error:
        unknown = isinstance(error, Unknown) or not isinstance(error, Exception)
        for hand, item in pairs:
            hand.take(item if unknown else None, sure=False)
        raise
    left += [item for hand, item in pairs if not hand.take(item)]


def noted(item: Item, now: float, event: Event = Event.LEASE) -> Entry:
    """What the journal tells of a lease."""
    return entry_of(item, event, DISPATCHER.name, now, {"token": item.token})


def waiting(
    transaction: Transaction, *, now: float, after: tuple[float, str], limit: int
) -> list[DueRecipient]:
    """Recipients of what is due, of the longest waiting items first; `after`: behind the item of this (due_at, id)."""
    values = {"now": now, "after": after[0], "id": after[1], "limit": limit}
    return [
        DueRecipient(row["tenant"], row["id"], row["upstream"], row["due_at"], row["address"])
        for row in transaction.execute(_WAITING, values)
    ]


def next_due(transaction: Transaction, since: float) -> float | None:
    """When the next item can be leased (UTC seconds), of those from `since` on; None: nothing waits for the clock."""
    return transaction.execute(NEXT_DUE, {"since": since})[0]["due_at"]  # type: ignore[no-any-return]


def due(
    transaction: Transaction,
    *,
    node: str,
    now: float,
    limit: int,
    until: float,
    chosen: Sequence[str] | None = None,
    since: float = WHOLE,
) -> list[Item]:
    """Lease what is due, up to so many items; of the `chosen` ones where there are such. `since`: where to begin."""
    if chosen is not None:
        names, values = among("i", chosen)
        rows = transaction.execute(_CHOSEN.format(names) + transaction.skip_locked, {"now": now, **values})
    else:
        rows = transaction.execute(
            DUE + transaction.skip_locked, {"now": now, "since": since, "limit": limit}
        )
    found = items_at(transaction, rows)
    leased: dict[str, Item] = {}
    for mine, theirs in apart(transaction, found):
        pairs, entries = [], []
        for before in theirs:
            after = before
            for event in WAKING[before.state]:
                after = apply(after, Act(event, now, due_at=until, node=node))
                entries.append(noted(after, now, event))
            pairs.append((before, after))
        moved(mine, node, pairs, entries)
        leased |= {after.id: after for _, after in pairs}
    return [leased[item.id] for item in found]


def reclaimed(transaction: Transaction, *, node: str, now: float) -> int:
    """End all leases of a node; how many."""
    return _ended(transaction, "", {}, node, now)


def returned(transaction: Transaction, *, items: Sequence[Item], node: str, now: float) -> int:
    """End those leases of a node that it has of these items; how many."""
    names, values = among("i", [item.id for item in items])
    return _ended(transaction, f" AND id IN ({names})", values, node, now)


def _ended(transaction: Transaction, which: str, values: Mapping[str, object], node: str, now: float) -> int:
    rows = transaction.execute(_OWN + which + transaction.for_update, {"node": node, **values})
    for mine, theirs in apart(transaction, items_at(transaction, rows)):
        entries = []
        for before in theirs:
            after = apply(before, Act(Event.LAPSE, now, node=node))
            update(mine, before, after)
            entries.append(noted(after, now, Event.LAPSE))
        journal.append(mine, node, entries)
    return len(rows)
