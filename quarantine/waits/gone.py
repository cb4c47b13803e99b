"""Mail whose sender is no longer there to stop it: it does not leave on its own (OUT-DELAY).

A sender is gone who has no account any more, whose account is disabled, or whose last day is over. What waits for somebody
else's word goes on waiting for that.
"""

from collections.abc import Sequence
from typing import NamedTuple

from directory.roster import GONE_OWNER
from storage.border import of_all
from storage.interfaces import Database

LIMIT = 200

_TIMED = of_all(
    "SELECT item.tenant AS tenant, item.id AS id FROM item"  # noqa: S608
    " WHERE due_at IS NOT NULL AND waits = 0 AND due_at <= :until AND state = 'held' AND direction = 'outbound'"
    f" AND owner <> '' AND {GONE_OWNER} LIMIT :limit"
)
"""What the clock would let go."""
_OWN = of_all(
    "SELECT item.tenant AS tenant, item.id AS id FROM wait"  # noqa: S608
    " JOIN item ON item.id = wait.item AND item.tenant = wait.tenant"
    " WHERE wait.kind = 'sender' AND wait.state = 'open' AND item.state = 'held'"
    f" AND {GONE_OWNER} LIMIT :limit"
)
"""What waits for its sender, who will do nothing."""


class Abandoned(NamedTuple):
    """An item, and whose it is."""

    tenant: str
    id: str


async def timed(database: Database, today: str, until: float) -> Sequence[Abandoned]:
    """Held mail of people who are gone `today` (ISO date) which is due until then (UTC seconds), of all tenants."""
    values = {"today": today, "until": until, "limit": LIMIT}
    rows = await database.read(lambda transaction: transaction.execute(_TIMED, values))
    return [Abandoned(row["tenant"], row["id"]) for row in rows]


async def waiting(database: Database, today: str) -> Sequence[Abandoned]:
    """Mail that waits for people who are gone."""
    rows = await database.read(lambda t: t.execute(_OWN, {"today": today, "limit": LIMIT}))
    return [Abandoned(row["tenant"], row["id"]) for row in rows]
