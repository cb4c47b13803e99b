"""Whether an organisation is suspended, and how much of its mail waits and passes, in numbers alone: what the house's operator
may see of it.

No content, no subject, no address and no name stands in any of it (OPS-TENANT).

Diagnostics: StoreError.
"""

import datetime
from collections.abc import Mapping

import msgspec

from quarantine.policies.counts import Counts
from quarantine.queue.stuck import waiting
from quarantine.queue.suspension import now_of
from storage.bound import bound
from storage.interfaces import Database

DAYS = 7
"""Of which the volumes of days are told, today included."""

_WAITING = (
    "SELECT state, COUNT(*) AS number, MIN(accepted_at) AS since FROM item"
    " WHERE tenant = :tenant AND state IN ('held', 'queued', 'active') GROUP BY state"
)


class Volumes(msgspec.Struct, frozen=True):
    """Numbers of one tenant.

    held, queued   mails that wait for somebody, and for a next hop or their time
    stuck          of the queued, those that a next hop has put off for so long that administrators hear of it
    oldest         when the oldest of all that waits was accepted (UTC seconds), None where nothing does
    days           mails examined by day (ISO date, the newest first) and direction
    suspended      since when it is suspended (UTC seconds), None where it is not; and why
    """

    tenant: str
    held: int
    queued: int
    stuck: int
    oldest: float | None
    days: Mapping[str, Mapping[str, int]]
    suspended: float | None = None
    reason: str = ""


async def volumes(database: Database, tenant: str, now: float, late: float, today: datetime.date) -> Volumes:
    """Of a tenant, at a time (UTC seconds) on a day of the organisation; `late`: seconds after which mail is stuck."""
    suspension, rows = await bound(database, tenant).read(
        lambda t: (now_of(t, tenant), t.execute(_WAITING, {"tenant": tenant}))
    )
    found = {row["state"]: row for row in rows}
    counts, days = Counts(database), {}
    for ago in range(DAYS):
        first = today - datetime.timedelta(days=ago)
        after = first + datetime.timedelta(days=1)
        days[f"{first}"] = (await counts.since(tenant, f"{first}", f"{after}")).examined
    return Volumes(
        tenant,
        held=found["held"]["number"] if "held" in found else 0,
        queued=sum(found[state]["number"] for state in ("queued", "active") if state in found),
        stuck=sum(each.number for each in await waiting(database, tenant, now, late)),
        oldest=min((row["since"] for row in rows), default=None),
        days=days,
        suspended=suspension.at if suspension else None,
        reason=suspension.reason if suspension else "",
    )
