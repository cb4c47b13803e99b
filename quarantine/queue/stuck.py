"""A queue that is stuck: mail that a next hop has kept waiting for so long that somebody should hear of it.

Read from the attempts (`recipient.cause`, `recipient.hop`), so every node and the console see the same. What a node
finds besides, a next hop that cannot be reached for arriving mail, which makes no items, stands in the table `stuck`
together with what was told already: a row that is inserted is the beginning, one that is deleted is the end.
"""

from collections.abc import Iterable
from typing import Any

import msgspec

from mail.cause import Cause
from storage.bound import apart, bound
from storage.interfaces import Database, Row, StoreError, Transaction

PROOF = 120.0
"""Seconds between the queueing of a mail and an attempt that found no session: it is not the first one, or took long."""
FRESH = 300.0
"""Seconds after which a row that no node has confirmed says nothing any more."""

_WAITING = (
    "SELECT item.tenant AS tenant, hop, cause, COUNT(DISTINCT item.id) AS number, MIN(queued_at) AS since,"
    " MAX(at) AS last, MAX(CASE WHEN at >= queued_at + :proof THEN 1 ELSE 0 END) AS again"
    " FROM item JOIN recipient ON recipient.item = item.id AND recipient.tenant = item.tenant"
    " WHERE (:tenant = '' OR item.tenant = :tenant) AND due_at IS NOT NULL AND waits = 0"
    " AND state IN ('queued', 'active') AND status = 'deferred' AND cause <> ''"
    " AND NOT EXISTS (SELECT 1 FROM suspension WHERE suspension.tenant = item.tenant)"
    " GROUP BY item.tenant, hop, cause"
)
"""What was tried and waits, by next hop and cause; nothing of who is suspended, which no next hop keeps waiting."""
_ROWS = "SELECT * FROM stuck WHERE (:tenant = '' OR tenant = :tenant)"
"""What was told, and what nodes found besides."""
_BEGIN = (
    "INSERT INTO stuck (tenant, node, hop, host, cause, since, seen_at)"
    " VALUES (:tenant, :node, :hop, :host, :cause, :since, :seen_at) ON CONFLICT (tenant, node, hop, host) DO NOTHING"
)
_CONFIRM = (
    "UPDATE stuck SET cause = :cause, seen_at = :seen_at"
    " WHERE tenant = :tenant AND node = :node AND hop = :hop AND host = :host"
)
_END = "DELETE FROM stuck WHERE tenant = :tenant AND node = :node AND hop = :hop AND host = :host"


class Stuck(msgspec.Struct, frozen=True):
    """One next hop (host:port, "" when none is configured) that keeps a tenant's mail waiting.

    host     True: there is no session with it, so that all mail waits; False: it puts off single mails
    cause    of the latest attempt (mail/cause.py)
    number   of mails that wait; 0: arriving mail is turned away with 451
    since, last   when the oldest of them was queued, and the latest attempt (UTC seconds)
    node     that found it, "" when the store says it
    """

    tenant: str
    hop: str
    host: bool
    cause: str
    number: int
    since: float
    last: float
    node: str = ""

    @property
    def key(self) -> tuple[str, str, str, bool]:
        return self.tenant, self.node, self.hop, self.host


class AlreadyTold(StoreError):
    """Another node, an earlier round, or the notice of another copy has told it."""


async def waiting(database: Database, tenant: str, now: float, late: float) -> list[Stuck]:
    """The next hops that keep mail of a tenant waiting for longer than `late` seconds, or with whom no session could be
    opened on a second attempt; the oldest first."""
    values = {"tenant": tenant, "proof": PROOF}
    rows = await bound(database, tenant).read(lambda transaction: transaction.execute(_WAITING, values))
    groups: dict[tuple[str, str, bool], list[Row]] = {}
    for row in rows:
        groups.setdefault((row["tenant"], row["hop"], _of_host(row["cause"])), []).append(row)
    found = []
    for (whose, hop, host), some in groups.items():
        since = min(row["since"] for row in some)
        if since > now - late and not (host and any(row["again"] for row in some)):
            continue
        latest = max(some, key=lambda row: row["last"])
        number = sum(row["number"] for row in some)
        found.append(Stuck(whose, hop, host, latest["cause"], number, since, latest["last"]))
    return sorted(found, key=lambda stuck: stuck.since)


async def seen(database: Database, tenant: str, now: float, late: float) -> list[Stuck]:
    """The same, and the next hops that a node cannot reach with arriving mail."""
    found = await waiting(database, tenant, now, late)
    known = {(stuck.tenant, stuck.hop) for stuck in found if stuck.host}
    for row in await told(database, tenant):
        if row.node and row.last >= now - FRESH and (row.tenant, row.hop) not in known:
            found.append(row)
            known.add((row.tenant, row.hop))
    return found


async def told(database: Database, tenant: str) -> list[Stuck]:
    """What is told and not over; `last` is when a node confirmed it."""
    rows = await bound(database, tenant).read(
        lambda transaction: transaction.execute(_ROWS, {"tenant": tenant})
    )
    return [
        Stuck(r["tenant"], r["hop"], bool(r["host"]), r["cause"], 0, r["since"], r["seen_at"], r["node"])
        for r in rows
    ]


def begin(transaction: Transaction, stuck: Stuck, now: float) -> None:
    """It is told now. Raises AlreadyTold."""
    transaction.execute(_BEGIN, {**_key(stuck), "cause": stuck.cause, "since": stuck.since, "seen_at": now})
    if transaction.changed() != 1:
        raise AlreadyTold


def confirm(transaction: Transaction, found: Iterable[Stuck], now: float) -> None:
    """It goes on."""
    for mine, theirs in apart(transaction, found):
        mine.executemany(_CONFIRM, [{**_key(s), "cause": s.cause, "seen_at": now} for s in theirs])


def end(transaction: Transaction, stuck: Stuck) -> bool:
    """It is over; False when another node has said so."""
    transaction.execute(_END, _key(stuck))
    return transaction.changed() == 1


def _key(stuck: Stuck) -> dict[str, Any]:
    return {"tenant": stuck.tenant, "node": stuck.node, "hop": stuck.hop, "host": int(stuck.host)}


def _of_host(cause: str) -> bool:
    known = Cause.named(cause)
    return known is not None and known.of_host
