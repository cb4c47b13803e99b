"""The store of items: everything that changes one goes through here, with its journal entry, in one transaction.

Three verbs for the way of a mail: `put` takes custody, `lease` claims what is due, `finish` records what an
attempt learned. `change` is for everything that people and clocks do. Each is decided by the table in
quarantine/lifecycle.py; a version number makes sure that nothing is decided on an outdated item.

Diagnostics: NotAllowed for an event that cannot happen now; StoreError when the database did not take it.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from config.policies import PolicyOf
from directory.account import Account
from directory.bearers import GroupsOf, Membership, no_groups, today
from directory.delegations import mandates_in
from directory.roster import account_in, revisions_in
from quarantine.item import Act, Entry, Event, Item, Looked, NotAllowed, Outcome, State, Status
from quarantine.lifecycle import accept, apply
from quarantine.queue import leasing
from quarantine.queue.front import Front
from quarantine.queue.leasing import Hand
from quarantine.queue.suspension import Suspensions
from quarantine.records import accepted_entry, entry_of, told_of, update
from quarantine.reported.fingerprints import note
from quarantine.rights import DISPATCHER, NOBODY, PARTS, Actor, Ties, Verb, Voice, charge, refusal
from quarantine.rows import (
    INSERT,
    INSERT_RECIPIENT,
    REPLACE,
    WHOSE,
    Place,
    Query,
    in_order,
    recipient_rows,
    replaced,
    row_of,
    where,
)
from quarantine.search import index as text_index
from quarantine.search.read import READING
from quarantine.waits import waits
from quarantine.waits.wait_end import settle
from storage import journal
from storage.bound import apart, bound
from storage.contents import SmallContent, insert
from storage.interfaces import Blobs, Database, Transaction

__all__ = ["Missing", "Outcome", "Place", "Query", "Store"]

MANY = 10_000
"""Up to this items are counted; whoever has more of them reads that it is more."""

BY_THE_DIRECTORY = frozenset({Event.APPROVE, Event.DENY, Event.ASK_NEXT, Event.EXCLUDE})
"""What needs to know who may agree to a mail."""

_ONE = "SELECT {} FROM item WHERE id = :id AND (:tenant = '' OR tenant = :tenant)"
"""One item."""
_FIND = {
    one: f"SELECT {{what}} FROM item WHERE {whose}{{}} ORDER BY accepted_at {{order}}, id {{order}} LIMIT :limit"  # noqa: S608
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
        self.suspensions = Suspensions(database)
        self.front = Front(database, self.suspensions)
        self.groups_of: GroupsOf = no_groups
        """Knows the policy's groups."""
        self.today: Callable[[], str] = lambda: ""
        """The date where the organisation is (ISO): a person whose last day is over is nobody."""
        self.policy: Callable[[str], str] = lambda tenant: ""
        """The version of a tenant's policy that is in force."""
        self.wake: Callable[[], None] = lambda: None
        """Called after what may have made an item due; set by who waits for it (gateway/deliver/dispatcher.py)."""
        self.reserve: Callable[[int], Sequence[Hand]] = lambda count: ()
        """Asked for so many hands when items that leave at once are taken; () when not as many are free. Set by the same."""
        self.left: Callable[[Item, Sequence[str]], None] = lambda item, addresses: None
        """Called when mail of one of our people was delivered to these; set by what learns from it."""

    def know(self, policy: PolicyOf, clock: Callable[[], float], zone: str) -> None:
        """The policies in force, and the time zone of the organisation: said once by whoever has them."""
        self.today = today(policy, clock, zone)
        self.groups_of = Membership(policy, self.today)
        self.policy = lambda tenant: policy(tenant).version

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
        same transaction; when it raises (a StoreError), nothing is taken. What leaves at once is leased in it as well
        when there are hands for it (`reserve`), and nobody is suspended; it is answered as it came in.
        """
        accepted = [accept(item, now) for item in items]
        leaving = [item for item in accepted if item.state is State.QUEUED]
        hands = () if await self.suspensions.any_of(leaving) else self.reserve(len(leaving))
        stored = leasing.at_once(accepted, hands, self.node, now)

        def operation(transaction: Transaction) -> None:
            claim(transaction)
            insert(transaction, contents)
            self._insert(transaction, accepted, stored, now, actor)

        with leasing.handed(hands, stored) as left:
            await self.database.write(operation)
        if left:
            await self.give_back(left, now)
        if left or not hands:
            self.front.comes(stored)
            self.wake()
        return accepted

    async def change(
        self,
        item_id: str,
        event: Event,
        actor: Actor,
        now: float,
        detail: Mapping[str, Any] = {},
        looked: Looked | None = None,
        recipients: Sequence[int] = (),
        seen: int | None = None,
    ) -> Item:
        """Let an event happen, with `detail["role"]` and, where it is said in somebody's place, their login as
        `detail["for"]` for APPROVE and DENY, `detail["hold"]` for ESCALATE; the item as it is then.

        Raises NotAllowed when the life cycle has no such event now, or when it is not the actor's to bring about.
        `looked` is for EXAMINE, its content already stored; `recipients`, as indexes, for DROP. `seen` is the version of the item by which it was decided, where only that one will do. Whoever asked for the release of a mail that is decided
        by this will be told (quarantine/requests.py), `detail["reason"]` among it when `detail["tell"]` is true.
        """

        def operation(transaction: Transaction) -> Item:
            said = {
                name: str(detail.get(name, ""))
                for name in ("role", "for", "comment", "bound", "excluded", "hold")
            }
            voice = Voice(said["role"], said["for"], bool(said["comment"].strip()))
            before = self.permitted(transaction, item_id, actor, Verb[event.name], voice, now=now)
            if seen is not None and before.version != seen:
                raise NotAllowed(f"{event} is not allowed: something happened to it meanwhile")
            act = Act(
                event, now, role=voice.role, looked=looked, recipients=recipients, hold=said["hold"],
                person=actor.name, place=voice.place, bound=said["bound"], excluded=said["excluded"],
                approvals=tuple(detail.get("approvals", ())), second=bool(detail.get("second_look")),
            )  # fmt: skip
            after = apply(before, act)
            update(transaction, before, after)
            if looked is not None:
                transaction.execute(REPLACE, replaced(after))
            if before.direction == "inbound":
                settle(transaction, before, after, now, detail)
            waits.note(transaction, before, after, event, actor.name, now, detail)
            noted = {**detail, "from": before.state, "to": after.state}
            if event is Event.DROP:
                noted["recipients"] = [before.recipients[index].path.address for index in recipients]
            if event is Event.APPROVE:
                noted |= {"sha256": before.sha256, "bound": before.bound}  # what was agreed to
            if event in BY_THE_DIRECTORY and before.approvals:
                noted |= self._who_said(transaction, before.tenant)
            journal.append(transaction, self.node, [entry_of(after, event, actor.name, now, noted)])
            return after

        changed = self.front.came(await bound(self.database, actor.tenant).write(operation))
        self.wake()
        return changed

    async def lease(
        self, now: float, limit: int, seconds: float, chosen: Sequence[str] | None = None
    ) -> list[Item]:
        """Claim up to `limit` items that are due, the longest waiting first, or those `chosen`; each is ours until now + seconds."""
        if chosen is not None and not chosen:
            return []
        claim = partial(leasing.due, node=self.node, now=now, limit=limit, until=now + seconds, chosen=chosen)
        return await self.database.write(partial(claim, since=await self.front.since(now)))

    async def give_back(self, items: Sequence[Item], now: float) -> int:
        """End our leases of these items, of which no delivery was begun; how many we had."""
        return await self.database.write(partial(leasing.returned, items=items, node=self.node, now=now))

    async def reclaim(self, now: float) -> int:
        """End the leases of an earlier process of this node; how many. Only for a start, and only where the node's
        name cannot be somebody else's: a holder that is still at work might deliver a second time."""
        return await self.database.write(partial(leasing.reclaimed, node=self.node, now=now))

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
        noted = {"token": item.token, "to": after.state.value, "outcomes": [told_of(o) for o in outcomes]}

        def operation(transaction: Transaction) -> Item:
            claim(transaction)
            update(transaction, item, after)
            told = entry_of(after, Event.FINISH, DISPATCHER.name, now, noted)
            journal.append(transaction, self.node, [told])
            self._insert(transaction, more, more, now, DISPATCHER.name)
            return after

        await bound(self.database, item.tenant).write(operation)
        gone = [item.recipients[o.recipient].path.address for o in outcomes if o.status is Status.DELIVERED]
        if gone and item.owner and item.direction == "outbound":
            self.left(item, gone)
        return after

    def permitted(
        self,
        transaction: Transaction,
        item_id: str,
        actor: Actor,
        verb: Verb,
        voice: Voice = NOBODY,
        *,
        now: float = 0.0,
        lock: bool = True,
    ) -> Item:
        """The item as it is now, for a change in this transaction (lock = False: for a look). Raises NotAllowed when
        the actor may not use the verb on it, by the table in quarantine/rights.py and by what the directory says now;
        Missing. What was delegated to the actor counts where `now` is given."""
        item = _one(transaction, item_id, actor.tenant, transaction.for_update if lock else "")
        account, owner, ties = self.standing(transaction, item, actor, now)
        if reason := refusal(actor.part or account, verb, item, owner, voice, ties):
            raise NotAllowed(f"{verb} is not allowed: {reason}")
        return item

    def standing(
        self, transaction: Transaction, item: Item, actor: Actor, now: float = 0.0
    ) -> tuple[Account | None, Account | None, Ties]:
        """Who acts, whose mail it is as far as that matters for rights, and what binds who acts to others: as they are
        now."""
        day = self.today()
        who = None if actor.part else account_in(transaction, actor.tenant, actor.name, day)
        owner = (
            account_in(transaction, item.tenant, item.owner, "") if item.owner and item.approvals else None
        )
        leaving = item.direction == "outbound"
        mandates = mandates_in(transaction, who, now, day) if who and now and leaving else ()
        return who, owner, Ties(mandates, self.groups_of)

    def _who_said(self, transaction: Transaction, tenant: str) -> dict[str, Any]:
        """By which directory, and by whose groups, it was decided who may agree: for the journal."""
        revisions = {each.source: each.revision for each in revisions_in(transaction, tenant)}
        version = self.policy(tenant)
        return {"directory": revisions, **({"policy": version} if version else {})}

    def in_charge(self, transaction: Transaction, actor: Actor, verb: Verb, tenant: str) -> None:
        """Raises NotAllowed when the actor is not in charge of this in the tenant."""
        if actor.part:
            may = verb in PARTS[actor.part]
        else:
            account = account_in(transaction, actor.tenant, actor.name, self.today())
            may = account is not None and account.tenant == tenant and verb in charge(account)
        if not may:
            raise NotAllowed(f"{verb} is not allowed: it is not theirs to do")

    async def record(self, *entries: Entry, also: Callable[[Transaction], None] | None = None) -> None:
        """Journal entries without an item: in-line deliveries, looks, logins; and what `also` writes with them."""

        def operation(transaction: Transaction) -> None:
            if also is not None:
                also(transaction)
            self.note(transaction, entries)

        await self.database.write(operation)

    def note(self, transaction: Transaction, entries: Sequence[Entry]) -> None:
        """Journal entries in a transaction of the caller's, with what makes arriving mail found again."""
        for mine, theirs in apart(transaction, entries):
            journal.append(mine, self.node, theirs)
            note(mine, theirs)

    async def get(self, item_id: str, tenant: str) -> Item:
        """Raises Missing, also for an item of another tenant."""
        return await bound(self.database, tenant).read(lambda transaction: _one(transaction, item_id, tenant))

    async def find(self, query: Query) -> list[Item]:
        return await bound(self.database, query.tenant).read(lambda t: self.found(t, query))

    def found(self, transaction: Transaction, query: Query, suffix: str = "") -> list[Item]:
        """As `find`, in a transaction of the caller's; `suffix` locks the rows."""
        asked = query
        if text_index.knows(query):
            ids = text_index.found(transaction, query)
            asked = Query(query.tenant, ids=ids or ("",), limit=query.limit)
        conditions, values = where(asked)
        what, items = READING[bool(asked.tenant)]
        sql = _FIND[in_order(asked)].format(conditions, what=what, order=_ORDER[asked.order]) + suffix
        return items(transaction, transaction.execute(sql, {**values, "limit": asked.limit}))

    async def count(self, query: Query) -> int:
        """How many items `find` would find without a limit; at most MANY + 1."""
        conditions, values = where(query)
        sql, values = _NUMBER[in_order(query)].format(conditions), {**values, "most": MANY + 1}
        rows = await bound(self.database, query.tenant).read(lambda t: t.execute(sql, values))
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
        rows = await bound(self.database, tenant).read(lambda transaction: transaction.execute(sql, values))
        return [journal.entry(row) for row in (reversed(rows) if latest else rows)]

    async def next_due(self) -> float | None:
        """When the next item can be leased (UTC seconds); None: nothing waits for the clock."""
        return await self.database.read(partial(leasing.next_due, since=self.front.known))

    async def counts(self, tenant: str) -> dict[State, int]:
        """How many items are in each live state; of those that are held at most MANY + 1."""
        held = await self.count(Query(tenant, state=(State.HELD,)))
        rows = await bound(self.database, tenant).read(lambda t: t.execute(_LEAVING, {"tenant": tenant}))
        known = {State.HELD: held, State.QUEUED: 0, State.ACTIVE: 0}
        return known | {State(row["state"]): int(row["number"]) for row in rows}

    def _insert(
        self, transaction: Transaction, accepted: Sequence[Item], stored: Sequence[Item], now: float, by: str
    ) -> None:
        """Items as they come into our custody, and as they are from then on (leased, perhaps), each tenant's in its name."""
        for mine, theirs in apart(transaction, stored):
            mine.executemany(INSERT, [row_of(item) for item in theirs])
            mine.executemany(INSERT_RECIPIENT, [row for item in theirs for row in recipient_rows(item)])
        for mine, theirs in apart(transaction, accepted):
            waits.begin(mine, theirs, now)
            self.note(mine, [accepted_entry(item, now, by) for item in theirs])
        for mine, theirs in apart(transaction, [item for item in stored if item.token]):
            journal.append(mine, self.node, [leasing.noted(item, now) for item in theirs])


def _one(transaction: Transaction, item_id: str, tenant: str, suffix: str = "") -> Item:
    what, items = READING[bool(tenant)]
    rows = transaction.execute(_ONE.format(what) + suffix, {"id": item_id, "tenant": tenant})
    if not rows:
        raise Missing(f"there is no item {item_id[:64]}")
    return items(transaction, rows)[0]
