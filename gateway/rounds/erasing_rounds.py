"""Contents of mail that has ended are erased when their time is over (OPS-ERASE), and what else has ended.

Diagnostics (log): erased (how many items).
"""

from collections.abc import Callable, Sequence
from typing import Protocol

import structlog

from config.keeping import RetentionSection
from config.log_events import LogEvent
from config.settings import Settings
from directory.people import People
from directory.vault import Vault
from gateway.rounds.forever import forever
from quarantine.retention import legal_holds
from quarantine.retention.aging import Aging
from quarantine.retention.erasing import erase
from quarantine.retention.keeping import Keeping
from quarantine.retention.others import erase_others
from quarantine.store import Store
from storage.day_keys import DayKeys
from storage.journal_links import MarkedHead
from storage.let_go import LetGoKind
from storage.seal import Seal

log = structlog.get_logger()

ROUND = 600.0
"""Seconds between two rounds."""


class ErasesBy(Protocol):
    """A node, as far as erasing needs its parts."""

    settings: Settings
    store: Store
    vault: Vault
    day_keys: DayKeys
    seal: Seal
    people: People

    @property
    def clock(self) -> Callable[[], float]: ...


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
        people: People,
        kept: Callable[[], Sequence[MarkedHead]] = tuple,
    ) -> None:
        """`seal` marks the journal's tombstones; `kept` answers its heads as they were carried elsewhere."""
        self._aging = Aging(store, seal, settings.journal_months, kept) if settings.journal_months else None
        self._people = people
        self._keeping = Keeping.of(settings)
        self._days = {
            LetGoKind.PASSPHRASE: 0.0, LetGoKind.REPORT: float(settings.reports_days), LetGoKind.ORPHAN: float(settings.orphan_days)
        }  # fmt: skip
        self._vault = vault
        self._store = store
        self._day_keys = day_keys
        self._clock = clock

    @classmethod
    def of(cls, node: ErasesBy, kept: Callable[[], Sequence[MarkedHead]]) -> "ErasingRounds":
        """Those of a node; `kept` as above."""
        return cls(
            node.settings.retention, node.store, node.vault, node.day_keys, node.clock, node.seal, node.people, kept
        )  # fmt: skip

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
        await legal_holds.follow(self._store, self._people, now)
        erased = await erase(self._store, self._day_keys, self._keeping, now)
        erased += await erase_others(self._store, self._day_keys, self._days, now)
        if erased:
            log.info(LogEvent.ERASED, count=erased)
        return erased

    async def age(self) -> int:
        """Let go what is remembered of mail, by months; how many entries and items. Raises StoreError."""
        if self._aging is None:
            return 0
        await legal_holds.follow(self._store, self._people, self._clock())
        gone = await self._aging.age(self._clock())
        if gone:
            log.info(LogEvent.AGED, count=gone)
        return gone
