"""What is remembered of examined mail, forgotten when its time is over, with the keys of its digests."""

from collections.abc import Callable

from gateway.rounds.forever import forever
from quarantine.rehearsal.memory import Memory
from storage import journal
from storage.interfaces import Database

ROUND = 3600.0
"""Seconds between two rounds."""


class MemoryRounds:
    """Looks after the rehearsals of all tenants."""

    def __init__(self, database: Database, memory: Memory, clock: Callable[[], float]) -> None:
        self._database = database
        self._memory = memory
        self._clock = clock

    async def run(self) -> None:
        """Rounds, for ever. A store that is away is waited for."""
        await forever(ROUND, forget=self.forget)

    async def forget(self) -> None:
        """Erase what is too old, of every tenant. Raises StoreError."""
        for tenant in await journal.tenants(self._database):
            await self._memory.forget(tenant, self._clock())
