"""Mail that waits for its next attempt is tried now, because a person says so: one mail, a domain's, a next hop's, or all.

Only what is queued: neither what waits for a person nor what is being delivered. What is due already stays as it is, so
that saying it twice changes nothing. The dispatchers of all nodes find it as they find everything that is due.
"""

from collections.abc import Sequence
from typing import NamedTuple

from quarantine.item import Item, State
from quarantine.rights import Actor
from quarantine.store import Place, Query, Store

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
    items, more = await store.retry(query, actor, now, {"reason": reason} if reason else {})
    return Retried(tuple(items), more)


def causes(items: Sequence[Item]) -> dict[tuple[str, str], int]:
    """How many of these mails wait for which next hop and cause, the most first."""
    found: dict[tuple[str, str], int] = {}
    for item in items:
        for why in dict.fromkeys((r.hop, r.cause) for r in item.recipients if r.cause):
            found[why] = found.get(why, 0) + 1
    return dict(sorted(found.items(), key=lambda pair: -pair[1]))
