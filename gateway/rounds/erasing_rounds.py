"""Contents of mail that has ended are erased when their time is over (OPS-ERASE).

Diagnostics (log): erased (how many items).
"""

from collections.abc import Callable

import structlog

from config.keeping import RetentionSection
from config.log_events import LogEvent
from gateway.rounds.forever import forever
from quarantine.item import ItemEnd
from quarantine.retention.erasing import erase
from quarantine.store import Store
from storage.day_keys import DayKeys

log = structlog.get_logger()

ROUND = 600.0
"""Seconds between two rounds."""


class ErasingRounds:
    """Looks after the contents of all tenants."""

    def __init__(
        self, settings: RetentionSection, store: Store, day_keys: DayKeys, clock: Callable[[], float]
    ) -> None:
        self._days = {ending.value: float(getattr(settings, f"{ending}_days")) for ending in ItemEnd}
        self._store = store
        self._day_keys = day_keys
        self._clock = clock

    async def run(self) -> None:
        """Rounds, for ever. A store that is away is waited for."""
        await forever(ROUND, erase=self.erase)

    async def erase(self) -> int:
        """One round; how many items. Raises StoreError."""
        erased = await erase(self._store, self._day_keys, self._days, self._clock())
        if erased:
            log.info(LogEvent.ERASED, count=erased)
        return erased
