"""Mail that waits for its next attempt is tried now, because a person says so: one mail, a domain's, a next hop's, or all.

Only what is queued: neither what waits for a person nor what is being delivered. What is due already stays as it is, so
that saying it twice changes nothing. The dispatchers of all nodes find it as they find everything that is due.
"""

import asyncio
from collections.abc import Sequence

import msgspec

from quarantine.item import Event, Item, NotAllowed, State
from quarantine.rights import Actor
from quarantine.store import Place, Query, Store

PAGE = 200
TOGETHER = 20
"""Changes that wait for the same commit."""


async def retry(
    store: Store,
    actor: Actor,
    now: float,
    *,
    item: str = "",
    hop: str = "",
    domain: str = "",
    reason: str = "",
) -> list[Item]:
    """Make due what waits in the actor's tenant: one item, or what a next hop (host:port) or a recipient domain keeps
    waiting; without any of them all. The items as they were before. What the actor may not retry is left out."""
    ids = (item,) if item else ()
    query = Query(
        actor.tenant, state=(State.QUEUED,), ids=ids, hop=hop, domain=domain, later=now, limit=PAGE, order="oldest"
    )  # fmt: skip
    retried: list[Item] = []
    while page := await store.find(query):
        for start in range(0, len(page), TOGETHER):
            some = page[start : start + TOGETHER]
            done = await asyncio.gather(*(_one(store, each, actor, now, reason) for each in some))
            retried += [each for each, changed in zip(some, done, strict=True) if changed]
        query = msgspec.structs.replace(query, after=Place(page[-1].accepted_at, page[-1].id))
    return retried


async def _one(store: Store, item: Item, actor: Actor, now: float, reason: str) -> bool:
    detail = {"due_at": item.due_at, "attempts": item.attempts, **({"reason": reason} if reason else {})}
    try:
        await store.change(item.id, Event.RETRY, actor, now, detail)
    except NotAllowed:  # it went on its way in the meantime
        return False
    return True


def causes(items: Sequence[Item]) -> dict[tuple[str, str], int]:
    """How many of these mails wait for which next hop and cause, the most first."""
    found: dict[tuple[str, str], int] = {}
    for item in items:
        for why in dict.fromkeys((r.hop, r.cause) for r in item.recipients if r.cause):
            found[why] = found.get(why, 0) + 1
    return dict(sorted(found.items(), key=lambda pair: -pair[1]))
