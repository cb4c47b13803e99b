"""What is remembered of examined mail, forgotten when its time is over, with the keys of its digests."""

import asyncio
from collections.abc import Callable

import structlog

from config.log_events import LogEvent
from quarantine.rehearsal.memory import Memory
from storage import journal
from storage.interfaces import Database, StoreError

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
        while True:
            try:
                await self.forget()
            except StoreError as error:
                structlog.get_logger().warning(LogEvent.KEEPER_FAILED, part="forget", error=str(error))
            await asyncio.sleep(ROUND)

    async def forget(self) -> None:
        """Erase what is too old, of every tenant. Raises StoreError."""
        for tenant in await journal.tenants(self._database):
            await self._memory.forget(tenant, self._clock())
