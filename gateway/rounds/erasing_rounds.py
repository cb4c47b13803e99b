"""Contents of mail that has ended are erased when their time is over (OPS-ERASE), and what else has ended.

Diagnostics (log): erased (how many items).
"""

from collections.abc import Callable

import structlog

from config.keeping import RetentionSection
from config.log_events import LogEvent
from directory.vault import Vault
from gateway.rounds.forever import forever
from quarantine.retention import legal_holds
from quarantine.retention.aging import age
from quarantine.retention.erasing import erase
from quarantine.retention.keeping import Keeping
from quarantine.retention.others import erase_others
from quarantine.store import Store
from storage.day_keys import DayKeys
from storage.let_go import LetGoKind
from storage.seal import Seal

log = structlog.get_logger()

ROUND = 600.0
"""Seconds between two rounds."""


class ErasingRounds:
    """Looks after the contents of all tenants."""

    def __init__(
        self,
        settings: RetentionSection,
        store: Store,
        vault: Vault,
        day_keys: DayKeys,
        clock: Callable[[], float],
        seal: Seal,
    ) -> None:
        """`seal` marks the journal's tombstones."""
        self._months = settings.journal_months
        self._seal = seal
        self._keeping = Keeping.of(settings)
        self._days = {
            LetGoKind.PASSPHRASE: 0.0, LetGoKind.REPORT: float(settings.reports_days), LetGoKind.ORPHAN: float(settings.orphan_days)
        }  # fmt: skip
        self._vault = vault
        self._store = store
        self._day_keys = day_keys
        self._clock = clock

    async def run(self) -> None:
        """Rounds, for ever. A store that is away is waited for."""
        await forever(ROUND, erase=self.erase, age=self.age)

    async def erase(self) -> int:
        """One round; how many items and other things. Raises StoreError."""
        now = self._clock()
        while await self._vault.take_over():
            pass
        await self._vault.end_old(now)
        await legal_holds.end_old(self._store, now)
        erased = await erase(self._store, self._day_keys, self._keeping, now)
        erased += await erase_others(self._store, self._day_keys, self._days, now)
        if erased:
            log.info(LogEvent.ERASED, count=erased)
        return erased

    async def age(self) -> int:
        """Let go what is remembered of mail, by months; how many entries and items. Raises StoreError."""
        if not self._months:
            return 0
        gone = await age(self._store, self._seal, self._months, self._clock())
        if gone:
            log.info(LogEvent.AGED, count=gone)
        return gone
