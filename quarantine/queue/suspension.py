"""Organisations that are suspended (OPS-SUSPEND, OPS-TENANT): nothing of their mail comes or goes, and none is lost.

A row is there as long as it lasts (quarantine/queue/suspending.py). Every node looks at it: whoever takes mail or opens a page
within AGE seconds, whoever leases mail or lets somebody in exactly, by their own statement.

    doors       submissions, relays and arriving mail are answered 451 (gateway/session.py)
    console     its people read why, and whom to ask (quarantine/service/entrance.py)
    queue       is not leased; what is being delivered at that moment ends by itself
    waits       for a word of somebody stand still: their time goes on where it stopped
    digests     are not written; other letters wait in the queue

Retention, erasing and legal holds go on. Diagnostics: StoreError.
"""

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress

import msgspec

from quarantine.item import Item
from storage.border import of_all
from storage.interfaces import Database, Row, StoreError, Transaction
from storage.statements import insert_into

AGE = 2.0
"""Seconds after which every door of every node knows."""
PATIENCE = 0.5
"""Seconds that a door waits to know; a mail that comes in must be answered in time even when the database hangs."""


class Suspension(msgspec.Struct, frozen=True):
    """`reason` is read by its people; `made_by`: who did it, in the journal's words. `at`: UTC seconds."""

    tenant: str
    reason: str
    made_by: str
    at: float


_ALL = of_all("SELECT tenant, reason, made_by, at FROM suspension")
"""A few rows, for every door."""
_ONE = "SELECT tenant, reason, made_by, at FROM suspension WHERE tenant = :tenant"
_BEGIN = f"{insert_into('suspension', Suspension.__struct_fields__)} ON CONFLICT (tenant) DO NOTHING RETURNING tenant"
_END = "DELETE FROM suspension WHERE tenant = :tenant RETURNING tenant, reason, made_by, at"


class Suspensions:
    """What the doors of a process know. `clock`: seconds that only grow."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._clock = clock
        self._known: Mapping[str, Suspension] = {}
        self._until = float("-inf")
        self._forgotten = 0
        self._asking = asyncio.Lock()

    async def of(self, tenant: str) -> Suspension | None:
        """None for an organisation that is not suspended. While the database is away or hangs, what was known before: whoever
        takes a mail needs it anyway, and gives it the time that there is."""
        await self._learn()
        return self._known.get(tenant)

    async def names(self) -> frozenset[str]:
        """Those that are suspended; as old as what `of` says."""
        await self._learn()
        return frozenset(self._known)

    async def _learn(self) -> None:
        if self._clock() >= self._until:
            async with self._asking:
                if self._clock() >= self._until:
                    await self._ask()

    async def _ask(self) -> None:
        before = self._forgotten
        with suppress(StoreError, TimeoutError):
            async with asyncio.timeout(PATIENCE):
                self._known = await all_of(self._database)
        if before == self._forgotten:
            self._until = self._clock() + AGE

    async def any_of(self, items: Iterable[Item]) -> bool:
        """Whether one of these mails is of an organisation that is suspended."""
        return any([await self.of(tenant) for tenant in {item.tenant for item in items}])

    def forget(self) -> None:
        """Ask anew, even if somebody is asking now."""
        self._forgotten += 1
        self._until = float("-inf")


async def all_of(database: Database) -> dict[str, Suspension]:
    """Those that are suspended, by name."""
    rows = await database.read(lambda t: t.execute(_ALL, {}))
    return {row["tenant"]: _suspension(row) for row in rows}


def now_of(transaction: Transaction, tenant: str) -> Suspension | None:
    """As it is in this transaction."""
    rows = transaction.execute(_ONE, {"tenant": tenant})
    return _suspension(rows[0]) if rows else None


def begin(transaction: Transaction, suspension: Suspension) -> bool:
    """False where it is suspended already: then nothing changes."""
    return bool(transaction.execute(_BEGIN, msgspec.structs.asdict(suspension)))


def end(transaction: Transaction, tenant: str) -> Suspension | None:
    """What it was; None where it is not suspended."""
    rows = transaction.execute(_END, {"tenant": tenant})
    return _suspension(rows[0]) if rows else None


def _suspension(row: Row) -> Suspension:
    return Suspension(**{name: row[name] for name in Suspension.__struct_fields__})
