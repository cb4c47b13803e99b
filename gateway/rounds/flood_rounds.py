"""Tells people of a mailbox that is being flooded: its owner what to look for, and who is in charge of the quarantine.

Diagnostics (log): mailbox_flooded.
"""

from collections.abc import Callable

import structlog

from config.log_events import LogEvent
from directory.floods import WINDOW, Flood, Floods
from directory.people import People
from gateway.notices import Notices
from gateway.rounds.forever import forever
from quarantine.letters.flooded import flooded
from quarantine.rights import Verb, charge

ROUND = 15.0
"""Seconds between two looks."""
WRITES = "floods"
"""Who writes, in the journal."""


class FloodRounds:
    """Looks after the floods that this node sees."""

    def __init__(
        self, floods: Floods, people: People, notices: Notices, clock: Callable[[], float], contact: str
    ) -> None:
        self._floods = floods
        self._people = people
        self._notices = notices
        self._clock = clock
        self._contact = contact

    async def run(self) -> None:
        """Rounds, for ever. A store that is away is waited for."""
        await forever(ROUND, floods=self.look)

    async def look(self) -> int:
        """Write about what has begun; how many letters. Raises StoreError."""
        written = 0
        for flood in self._floods.begun():
            written += await self._write(flood)
            self._floods.heard(flood)
        return written

    async def _write(self, flood: Flood) -> int:
        structlog.get_logger().warning(
            LogEvent.MAILBOX_FLOODED, tenant=flood.tenant, address=flood.address, count=flood.strangers
        )
        letters = []
        for account in await self._people.all(flood.tenant):
            if account.disabled or not account.addresses:
                continue
            owner = flood.address in account.addresses
            if owner or Verb.QUARANTINE in charge(account):
                letter = flooded(
                    flood.address, flood.strangers, int(WINDOW // 60), account.language, owner=owner, contact=self._contact
                )  # fmt: skip
                letters.append((letter, account))
        return await self._notices.send(letters, self._clock(), WRITES) if letters else 0
