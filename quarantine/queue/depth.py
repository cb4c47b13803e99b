"""How much waits, for the figures of monitoring: counted over indexes of what waits, not over what ever was."""

import msgspec

from config.tenant import EVERY
from quarantine.queue.stuck import waiting
from storage.border import of_all
from storage.interfaces import Database, Transaction

_HELD = of_all(
    "SELECT direction, COUNT(*) AS number, MIN(accepted_at) AS since FROM item WHERE state = 'held' GROUP BY direction"
)
"""Of all tenants: monitoring is of the node."""
_DUE = of_all(
    "SELECT state, COUNT(*) AS number, MIN(due_at) AS since FROM item WHERE due_at IS NOT NULL AND waits = 0"
    " AND state IN ('queued', 'active') GROUP BY state"
)
"""Of all tenants: the same."""
_ANSWER = "SELECT 1 AS one"
"""Of nobody."""


class Depth(msgspec.Struct, frozen=True):
    """Mails by state, and what next hops keep waiting: by next hop how many mails, and since when the oldest (UTC seconds)."""

    held: dict[str, int]
    """By direction."""
    queued: int
    active: int
    deferred: dict[str, tuple[int, float]]


async def depth(database: Database, now: float) -> Depth:
    """Raises StoreError."""

    def counted(transaction: Transaction) -> tuple[dict[str, int], dict[str, int]]:
        held = {row["direction"]: row["number"] for row in transaction.execute(_HELD)}
        return held, {row["state"]: row["number"] for row in transaction.execute(_DUE)}

    held, due = await database.read(counted)
    deferred: dict[str, tuple[int, float]] = {}
    for stuck in await waiting(database, EVERY, now, 0.0):
        number, since = deferred.get(stuck.hop, (0, stuck.since))
        deferred[stuck.hop] = number + stuck.number, min(since, stuck.since)
    return Depth(held, due.get("queued", 0), due.get("active", 0), deferred)


async def answers(database: Database) -> None:
    """Whether it does. Raises StoreError."""
    await database.read(lambda transaction: transaction.execute(_ANSWER))
