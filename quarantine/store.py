"""The store of items: everything that changes one goes through here, with its journal entry, in one transaction.

Three verbs for the way of a mail: `put` takes custody, `lease` claims what is due, `finish` records what an
attempt learned. `change` is for everything that people and clocks do. Each is decided by the table in
quarantine/lifecycle.py; a version number makes sure that nothing is decided on an outdated item.

Diagnostics: NotAllowed for an event that cannot happen now; StoreError when the database did not take it.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from directory.account import Account
from directory.people import account_in
from quarantine.item import Entry, Event, Item, Looked, NotAllowed, Outcome, State
from quarantine.lifecycle import Act, accept, apply
from quarantine.reported.fingerprints import journal_fields, note
from quarantine.rights import DISPATCHER, Actor, Verb, charge, refusal
from quarantine.rows import (
    INSERT,
    INSERT_RECIPIENT,
    REPLACE,
    UPDATE,
    UPDATE_RECIPIENT,
    WHOSE,
    Approver,
    Place,
    Query,
    changes_of,
    in_order,
    items_of,
    recipient_changes,
    recipient_rows,
    replaced,
    row_of,
    where,
)
from quarantine.search import index as text_index
from quarantine.wait_end import settle
from quarantine.waits import waits
from storage import journal
from storage.contents import SmallContent, insert
from storage.interfaces import Blobs, Database, Transaction

__all__ = ["Approver", "Missing", "Outcome", "Place", "Query", "Store"]

MANY = 10_000
"""Up to this items are counted; whoever has more of them reads that it is more."""

_ONE = "SELECT * FROM item WHERE id = :id AND (:tenant = '' OR tenant = :tenant)"
"""One item."""
_FIND = {
    one: f"SELECT * FROM item WHERE {whose}{{}} ORDER BY accepted_at {{order}}, id {{order}} LIMIT :limit"  # noqa: S608
    for one, whose in WHOSE.items()
}
"""The items that a query means (quarantine/rows.py: where)."""
_ORDER = {"oldest": "ASC", "newest": "DESC"}
_NUMBER = {
    one: f"SELECT COUNT(*) AS number FROM (SELECT 1 FROM item WHERE {whose}{{}} LIMIT :most) AS counted"  # noqa: S608
    for one, whose in WHOSE.items()
}
"""How many these are, up to a bound."""
_ENTRIES = {
    one: f"SELECT * FROM journal WHERE {whose}{{}} ORDER BY at {{order}}, node {{order}}, seq {{order}} LIMIT :limit"  # noqa: S608
    for one, whose in WHOSE.items()
}
"""What the journal tells."""
_NEXT_DUE = "SELECT MIN(due_at) AS due_at FROM item WHERE due_at IS NOT NULL AND waits = 0"
"""When the next item can be leased."""
_LEAVING = (
    "SELECT state, COUNT(*) AS number FROM item WHERE due_at IS NOT NULL AND waits = 0 AND state <> 'held'"
    " AND (:tenant = '' OR tenant = :tenant) GROUP BY state"
)
"""How many are on their way, in each state: in the index alone."""


class Missing(NotAllowed, LookupError):
    """There is no item with this id."""


class Store:
    """Items of all nodes as seen from one; `node` names it in leases and in the journal."""

    def __init__(self, database: Database, blobs: Blobs, node: str) -> None:
        self.database = database
        self.blobs = blobs
        self.node = node
        self.wake: Callable[[], None] = lambda: None
        """Called after what may have made an item due; set by whoever waits for it (gateway/deliver/dispatcher.py)."""

    async def put(
        self,
        items: Sequence[Item],
        now: float,
        actor: str,
        contents: Sequence[SmallContent] = (),
        claim: Callable[[Transaction], None] = lambda transaction: None,
    ) -> list[Item]:
        """Take custody: durable on return. The items as stored; state and `due_at` are set by lifecycle.accept.

        `contents` are those of the items that were only prepared (storage/contents.py). `claim` comes first in the
        same transaction; when it raises (a StoreError), nothing is taken.
        """
        accepted = [accept(item, now) for item in items]

        def operation(transaction: Transaction) -> list[Item]:
            claim(transaction)
            insert(transaction, contents)
            self._insert(transaction, accepted, now, actor)
            return accepted

        taken = await self.database.write(operation)
        self.wake()
        return taken

    async def change(
        self,
        item_id: str,
        event: Event,
        actor: Actor,
        now: float,
        detail: Mapping[str, Any] = {},
        looked: Looked | None = None,
    ) -> Item:
        """Let an event happen, with `detail["role"]` for APPROVE and DENY; the item as it is then.

        Raises NotAllowed when the life cycle has no such event now, or when it is not the actor's to bring about.
        `looked` is for EXAMINE, its content already stored. Whoever asked for the release of a mail that is decided
        by this will be told (quarantine/requests.py), `detail["reason"]` among it when `detail["tell"]` is true.
        """

        def operation(transaction: Transaction) -> Item:
            role = str(detail.get("role", ""))
            before = self.permitted(transaction, item_id, actor, Verb[event.name], role)
            act = Act(event, now, role=role, looked=looked)
            after = apply(before, act)
            _update(transaction, before, after)
            if looked is not None:
                transaction.execute(REPLACE, replaced(after))
            if before.direction == "inbound":
                settle(transaction, before, after, now, detail)
            waits.note(transaction, before, after, event, actor.name, now, detail)
            noted = {**detail, "from": before.state, "to": after.state}
            if event is Event.APPROVE:
                noted["sha256"] = before.sha256  # what was agreed to
            journal.append(transaction, self.node, [_entry(after, event, actor.name, now, noted)])
            return after

        changed = await self.database.write(operation)
        self.wake()
        return changed

    async def lease(self, now: float, limit: int, seconds: float) -> list[Item]:
        """Claim up to `limit` items that are due, the longest waiting first; each is ours until now + seconds."""

        def operation(transaction: Transaction) -> list[Item]:
            due = _DUE + transaction.skip_locked
            rows = transaction.execute(due, {"now": now, "limit": limit})
            pairs, entries = [], []
            for before in items_of(transaction, rows):
                after = before
                for event in WAKING[before.state]:
                    act = Act(event, now, due_at=now + seconds, node=self.node)
                    after = apply(after, act)
                    entries.append(_entry(after, event, DISPATCHER.name, now, {"token": after.token}))
                pairs.append((before, after))
            self.moved(transaction, pairs, entries)
            return [after for _, after in pairs]

        return await self.database.write(operation)

    def moved(
        self, transaction: Transaction, pairs: Sequence[tuple[Item, Item]], entries: Sequence[Entry]
    ) -> None:
        """Write how items were and are, with the entries that say so: their rows are locked, so the versions are right."""
        transaction.executemany(UPDATE, [changes_of(after, before.version) for before, after in pairs])
        journal.append(transaction, self.node, entries)

    async def reclaim(self, now: float) -> int:
        """End the leases of an earlier process of this node; how many. Only for a start, and only where the node's
        name cannot be somebody else's: a holder that is still at work might deliver a second time."""

        def operation(transaction: Transaction) -> int:
            rows = transaction.execute(_OWN + transaction.for_update, {"node": self.node})
            entries = []
            for before in items_of(transaction, rows):
                after = apply(before, Act(Event.LAPSE, now, node=self.node))
                _update(transaction, before, after)
                entries.append(_entry(after, Event.LAPSE, DISPATCHER.name, now, {"token": after.token}))
            journal.append(transaction, self.node, entries)
            return len(entries)

        return await self.database.write(operation)

    async def finish(
        self,
        item: Item,
        outcomes: Sequence[Outcome],
        now: float,
        due_at: float | None,
        follow_ups: Sequence[Item] = (),
        claim: Callable[[Transaction], None] = lambda transaction: None,
    ) -> Item:
        """Record an attempt on an item as `lease` gave it. `due_at` is the next attempt, when one is needed.

        `follow_ups` (DSN) enter our custody in the same transaction, `claim` as for `put`. A lease that was lost changes
        nothing and raises NotAllowed.
        """
        act = Act(Event.FINISH, now, due_at=due_at, token=item.token, outcomes=outcomes)
        after = apply(item, act)
        more = [accept(follow_up, now) for follow_up in follow_ups]
        noted = {"token": item.token, "to": after.state.value, "outcomes": [_told(o) for o in outcomes]}

        def operation(transaction: Transaction) -> Item:
            claim(transaction)
            _update(transaction, item, after)
            journal.append(transaction, self.node, [_entry(after, Event.FINISH, DISPATCHER.name, now, noted)])
            self._insert(transaction, more, now, DISPATCHER.name)
            return after

        return await self.database.write(operation)

    def permitted(
        self,
        transaction: Transaction,
        item_id: str,
        actor: Actor,
        verb: Verb,
        role: str = "",
        *,
        lock: bool = True,
    ) -> Item:
        """The item as it is now, for a change in this transaction (lock = False: for a look). Raises NotAllowed when
        the actor may not use the verb on it, by the table in quarantine/rights.py and by what the directory says now;
        Missing."""
        item = _one(transaction, item_id, actor.tenant, transaction.for_update if lock else "")
        account, owner = self.accounts(transaction, item, actor)
        if reason := refusal(actor.part or account, verb, item, owner, role):
            raise NotAllowed(f"{verb} is not allowed: {reason}")
        return item

    def accounts(
        self, transaction: Transaction, item: Item, actor: Actor
    ) -> tuple[Account | None, Account | None]:
        """Who acts, and whose mail it is as far as that matters for rights: accounts as they are now."""
        who = None if actor.part else account_in(transaction, actor.tenant, actor.name)
        owner = account_in(transaction, item.tenant, item.owner) if item.owner and item.approvals else None
        return who, owner

    def in_charge(self, transaction: Transaction, actor: Actor, verb: Verb, tenant: str) -> None:
        """Raises NotAllowed when the actor is not in charge of this in the tenant."""
        account = account_in(transaction, actor.tenant, actor.name)
        if account is None or account.tenant != tenant or verb not in charge(account):
            raise NotAllowed(f"{verb} is not allowed: it is not theirs to do")

    async def record(self, *entries: Entry) -> None:
        """Journal entries alone: in-line deliveries, looks, logins."""
        await self.database.write(lambda transaction: self.note(transaction, entries))

    def note(self, transaction: Transaction, entries: Sequence[Entry]) -> None:
        """Journal entries in a transaction of the caller's, with what makes arriving mail found again."""
        journal.append(transaction, self.node, entries)
        note(transaction, entries)

    async def get(self, item_id: str, tenant: str) -> Item:
        """Raises Missing, also for an item of another tenant."""
        return await self.database.read(lambda transaction: _one(transaction, item_id, tenant))

    async def find(self, query: Query) -> list[Item]:
        return await self.database.read(lambda transaction: self.found(transaction, query))

    def found(self, transaction: Transaction, query: Query, suffix: str = "") -> list[Item]:
        """As `find`, in a transaction of the caller's; `suffix` locks the rows."""
        asked = query
        if text_index.knows(query):
            ids = text_index.found(transaction, query)
            asked = Query(query.tenant, ids=ids or ("",), limit=query.limit)
        conditions, values = where(asked)
        sql = _FIND[in_order(asked)].format(conditions, order=_ORDER[asked.order]) + suffix
        return items_of(transaction, transaction.execute(sql, {**values, "limit": asked.limit}))

    async def count(self, query: Query) -> int:
        """How many items `find` would find without a limit; at most MANY + 1."""
        conditions, values = where(query)
        sql, values = _NUMBER[in_order(query)].format(conditions), {**values, "most": MANY + 1}
        rows = await self.database.read(lambda transaction: transaction.execute(sql, values))
        return int(rows[0]["number"])

    async def entries(
        self,
        tenant: str,
        *,
        mail_id: str = "",
        item: str = "",
        actor: str = "",
        event: str = "",
        since: float | None = None,
        limit: int = 1000,
    ) -> list[Entry]:
        """A tenant's journal entries of all nodes in the order of time. Without `mail_id`, `item` or `since`: the latest."""
        wanted = {"mail_id": mail_id, "item": item, "actor": actor, "event": event}
        values: dict[str, Any] = {name: value for name, value in wanted.items() if value}
        conditions = "".join(f" AND {name} = :{name}" for name in values)
        if since is not None:
            conditions += " AND at >= :since"
            values["since"] = since
        latest = not (mail_id or item or since is not None)
        sql = _ENTRIES[bool(tenant and not (mail_id or item))].format(
            conditions, order="DESC" if latest else "ASC"
        )
        values |= {"tenant": tenant, "limit": limit}
        rows = await self.database.read(lambda transaction: transaction.execute(sql, values))
        return [journal.entry(row) for row in (reversed(rows) if latest else rows)]

    async def next_due(self) -> float | None:
        """When the next item can be leased (UTC seconds); None: nothing waits for the clock."""
        rows = await self.database.read(lambda transaction: transaction.execute(_NEXT_DUE))
        due_at: float | None = rows[0]["due_at"]
        return due_at

    async def counts(self, tenant: str) -> dict[State, int]:
        """How many items are in each live state; of those that are held at most MANY + 1."""
        held = await self.count(Query(tenant, state=(State.HELD,)))
        rows = await self.database.read(lambda transaction: transaction.execute(_LEAVING, {"tenant": tenant}))
        found = {State(row["state"]): int(row["number"]) for row in rows}
        return {State.HELD: held, State.QUEUED: 0, State.ACTIVE: 0} | found

    def _insert(self, transaction: Transaction, items: Sequence[Item], now: float, actor: str) -> None:
        if not items:
            return
        transaction.executemany(INSERT, [row_of(item) for item in items])
        transaction.executemany(INSERT_RECIPIENT, [row for item in items for row in recipient_rows(item)])
        waits.begin(transaction, items, now)
        self.note(transaction, [_accepted(item, now, actor) for item in items])


_DUE = "SELECT * FROM item WHERE due_at IS NOT NULL AND waits = 0 AND due_at <= :now ORDER BY due_at LIMIT :limit"
_OWN = "SELECT * FROM item WHERE due_at IS NOT NULL AND waits = 0 AND state = 'active' AND node = :node"
WAKING = {
    State.HELD: (Event.DUE, Event.LEASE),
    State.QUEUED: (Event.LEASE,),
    State.ACTIVE: (Event.LAPSE, Event.LEASE),
}
"""What happens to an item that is leased, by the state in which it is found: in the dispatcher's name."""


def _one(transaction: Transaction, item_id: str, tenant: str, suffix: str = "") -> Item:
    rows = transaction.execute(_ONE + suffix, {"id": item_id, "tenant": tenant})
    if not rows:
        raise Missing(f"there is no item {item_id[:64]}")
    return items_of(transaction, rows)[0]


def _update(transaction: Transaction, before: Item, after: Item) -> None:
    """Write what changed. Raises NotAllowed when the row is no longer at the version that was read."""
    transaction.execute(UPDATE, changes_of(after, before.version))
    if transaction.changed() != 1:
        raise NotAllowed("somebody else changed it in the meantime")
    if changed := recipient_changes(before, after):
        transaction.executemany(UPDATE_RECIPIENT, changed)


def _entry(item: Item, event: Event, actor: str, now: float, detail: Mapping[str, Any]) -> Entry:
    return Entry(now, event.value, actor, item.id, item.mail_id, item.tenant, dict(detail))


def _told(outcome: Outcome) -> list[str | int]:
    """An outcome in the journal."""
    why = [outcome.cause, outcome.hop] if outcome.cause else []
    return [outcome.recipient, outcome.status.value, outcome.reply[:500], *why]


def _accepted(item: Item, now: float, actor: str) -> Entry:
    detail: dict[str, Any] = {
        "state": item.state.value,
        "direction": item.direction,
        "from": item.reverse_path,
        "to": [r.path.address for r in item.recipients],
        "size": item.size,
        "sha256": item.sha256,
        "due_at": item.due_at,
        "holds": item.holds,
        "approvals": item.approvals,
        "rewrites": item.rewrites,
        "findings": sorted({f.rule for f in item.findings}),
    }
    if item.direction == "inbound":
        detail |= journal_fields(item.summary, item.findings, "banner" in item.rewrites)
    return _entry(item, Event.ACCEPT, actor, now, detail)
