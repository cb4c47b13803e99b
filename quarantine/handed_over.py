"""Mail that is handed over in line, in the journal: what is about to happen before it does, what came of it behind.

The intent (HAND_OVER, with the verdict and all by which the mail is found again) is durable before the next hop gets
the content; when the journal cannot be written, nothing is sent. What the next hop said (PASS, NEXT_HOP_REFUSED) is
not waited for: it goes with the next intent or a moment later. A node that stopped in between finds at its next start
which intents have no outcome and writes that down (OUTCOME_UNKNOWN): those mails may have been delivered.
"""

import asyncio
import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import structlog

from config.log_events import LogEvent
from quarantine.events import JournalEvent
from quarantine.item import Entry
from quarantine.store import Store
from storage import journal
from storage.border import of_all
from storage.bound import bound
from storage.interfaces import Database, Row, StoreError, Transaction
from storage.statements import among

GATHER = 0.2
"""Seconds that outcomes wait for company."""
AGAIN = 5.0
"""Seconds until the next try when they could not be written."""
TAIL = 10_000
"""Entries at the end of a chain in which an intent without an outcome can stand: far more than are ever under way."""

_OPEN = of_all(
    "SELECT * FROM journal WHERE node = :node AND seq > :after AND event = 'hand_over' AND NOT EXISTS"
    " (SELECT 1 FROM journal AS later WHERE later.mail_id = journal.mail_id"
    " AND later.event IN ('pass', 'next_hop_refused', 'outcome_unknown')) ORDER BY seq"
)
"""Intents without an outcome, in the tail of a chain."""
_INLINE = (
    "SELECT * FROM journal WHERE tenant = :tenant AND event IN ('hand_over', 'pass', 'refuse', 'next_hop_refused')"
    " AND (at < :at OR (at = :at AND (node < :node OR (node = :node AND seq < :seq))))"
    " ORDER BY at DESC, node DESC, seq DESC LIMIT :limit"
)
"""What the journal tells of mail that never was an item, the latest first, behind a place."""
_OUTCOMES = (
    "SELECT * FROM journal WHERE tenant = :tenant AND mail_id IN ({})"
    " AND event IN ('pass', 'next_hop_refused', 'outcome_unknown') ORDER BY at, seq"
)
"""What came of mails that were handed over in line."""


class Position(NamedTuple):
    """Where an entry stands in the journal of all nodes: its time, its chain, its number there."""

    at: float
    chain: str
    seq: int


NEWEST = Position(math.inf, "", 0)


class HandedOver:
    """The hand-overs of one node. `run` writes outcomes until it is cancelled; `flush` at the end writes the last."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._outcomes: list[Entry] = []
        self._some = asyncio.Event()

    async def begin(self, intent: Entry, also: Callable[[Transaction], None] | None = None) -> None:
        """Durable on return, with what `also` writes, and outcomes that waited with it. Raises StoreError: then nothing
        may be sent."""
        await self._write([intent], also)

    def ended(self, outcome: Entry) -> None:
        """What came of an intent; written soon."""
        self._outcomes.append(outcome)
        self._some.set()

    async def flush(self) -> None:
        """Write the outcomes that wait. Raises StoreError: then they wait on."""
        if self._outcomes:
            await self._write([])

    async def run(self) -> None:
        """Write outcomes as they come."""
        while True:
            await self._some.wait()
            self._some.clear()
            await asyncio.sleep(GATHER)
            try:
                await self.flush()
            except StoreError as error:
                structlog.get_logger().error(LogEvent.JOURNAL_FAILED, error=str(error))
                await asyncio.sleep(AGAIN)
                self._some.set()

    async def settle(self, now: float) -> list[str]:
        """At a start: the mail ids of hand-overs whose outcome nobody knows, written down as such."""

        ends = await journal.ends(self._store.database, self._store.node)
        rows: list[Row] = []
        for chain, seq in ends.items():
            tail = {"node": chain, "after": seq - TAIL}
            rows += await self._store.database.read(lambda t, tail=tail: t.execute(_OPEN, tail))  # type: ignore[misc]
        outcome, node = JournalEvent.OUTCOME_UNKNOWN, self._store.node
        entries = [Entry(now, outcome, node, mail_id=r["mail_id"], tenant=r["tenant"]) for r in rows]
        if entries:
            await self._store.record(*entries)
        return [entry.mail_id for entry in entries]

    async def _write(
        self, intents: Sequence[Entry], also: Callable[[Transaction], None] | None = None
    ) -> None:
        outcomes, self._outcomes = self._outcomes, []
        try:
            await self._store.record(*outcomes, *intents, also=also)
        except BaseException:
            self._outcomes[:0] = outcomes
            raise


async def inline(
    database: Database, tenant: str, before: Position = NEWEST, limit: int = 1000
) -> list[tuple[Position, Entry]]:
    """What the journal tells of a tenant's mail that never was an item, the latest first, each with its place; behind
    the place `before`."""
    at = min(before.at, 1e15)  # no database keeps infinity
    values = {"tenant": tenant, "at": at, "node": before.chain, "seq": before.seq, "limit": limit}
    rows = await bound(database, tenant).read(lambda transaction: transaction.execute(_INLINE, values))
    return [(Position(row["at"], row["node"], row["seq"]), journal.entry(row)) for row in rows]


async def outcomes(database: Database, tenant: str, mail_ids: Sequence[str]) -> list[Entry]:
    """What came of a tenant's mails that were handed over in line."""
    if not mail_ids:
        return []
    names, values = among("m", mail_ids)
    sql, values = _OUTCOMES.format(names), {**values, "tenant": tenant}
    rows = await bound(database, tenant).read(lambda transaction: transaction.execute(sql, values))
    return [journal.entry(row) for row in rows]
