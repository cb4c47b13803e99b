"""Mail that waits for its next attempt is tried now, because a person says so: one mail, a domain's, a next hop's, or all.

Only what is queued: neither what waits for a person nor what is being delivered. What is due already stays as it is, so
that saying it twice changes nothing. The dispatchers of all nodes find it as they find everything that is due.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from quarantine.item import Act, Entry, Event, Item, State
from quarantine.lifecycle import apply
from quarantine.records import moved
from quarantine.rights import Actor, Verb, refusal
from quarantine.store import Place, Query, Store
from storage.bound import bound
from storage.interfaces import Transaction

PAGE = 200
"""Mails of one transaction: the writer is not kept from others for longer than some tens of milliseconds."""


class Retried(NamedTuple):
    """One page of what was made due, as it was before, and where the next page begins; None after the last one."""

    items: tuple[Item, ...]
    after: Place | None = None


async def retry(
    store: Store,
    actor: Actor,
    now: float,
    *,
    item: str = "",
    hop: str = "",
    domain: str = "",
    reason: str = "",
    after: Place | None = None,
) -> Retried:
    """Make due what waits in the actor's tenant: one item, or what a next hop (host:port) or a recipient domain keeps
    waiting; without any of them all; the oldest first, a page at a time. What the actor may not retry is left out.

    Who is interrupted can begin anew: what is due already is not found again.
    """
    ids = (item,) if item else ()
    query = Query(
        actor.tenant, state=(State.QUEUED,), ids=ids, hop=hop, domain=domain, later=now, limit=PAGE, order="oldest",
        after=after,
    )  # fmt: skip

    def operation(transaction: Transaction) -> Retried:
        pairs, entries = [], []
        found = store.found(
            transaction, query, transaction.skip_locked
        )  # what is being changed goes on its way
        for before in found:
            who, owner, _ = store.standing(transaction, before, actor)
            if refusal(actor.part or who, Verb.RETRY, before, owner):
                continue
            after = apply(before, Act(Event.RETRY, now))
            pairs.append((before, after))
            entries.append(_entry(before, after, actor, now, reason))
        moved(transaction, store.node, pairs, entries)
        more = Place(found[-1].accepted_at, found[-1].id) if len(found) == query.limit else None
        return Retried(tuple(before for before, _ in pairs), more)

    retried = await bound(store.database, actor.tenant).write(operation)
    store.wake()
    return retried


def _entry(before: Item, after: Item, actor: Actor, now: float, reason: str) -> Entry:
    detail: dict[str, Any] = {
        "due_at": before.due_at,
        "attempts": before.attempts,
        "from": before.state,
        "to": after.state,
    }
    detail |= {"reason": reason} if reason else {}
    return Entry(now, Event.RETRY.value, actor.name, after.id, after.mail_id, after.tenant, detail)


def causes(items: Sequence[Item]) -> dict[tuple[str, str], int]:
    """How many of these mails wait for which next hop and cause, the most first."""
    found: dict[tuple[str, str], int] = {}
    for item in items:
        for why in dict.fromkeys((r.hop, r.cause) for r in item.recipients if r.cause):
            found[why] = found.get(why, 0) + 1
    return dict(sorted(found.items(), key=lambda pair: -pair[1]))
