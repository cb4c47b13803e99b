"""Looks how old the last backup is, and writes to the postmaster when it is too old ([backup] alert_hours), once for each.

Diagnostics (log): backup_late (hours), at each round.
"""

from collections.abc import Callable
from functools import partial

import structlog

from config.log_events import LogEvent
from config.settings import Settings
from config.tenant import DEFAULT
from gateway.rounds.forever import forever
from quarantine.events import JournalEvent
from quarantine.intake import Intake
from quarantine.item import Entry
from quarantine.letters import late_backup
from quarantine.letters.letter import Post
from quarantine.rights import HOUSEKEEPING
from quarantine.store import Store
from storage.backup import noted
from storage.interfaces import Already, Transaction

log = structlog.get_logger()

ROUND = 3600.0


class BackupRounds:
    """Nothing is said where the settings name no place for backups; `sekisho doctor` does."""

    def __init__(
        self, settings: Settings, store: Store, post: Post, postmaster: str, language: Callable[[], str],
        clock: Callable[[], float],
    ) -> None:  # fmt: skip
        self._section = settings.backup
        self._zone = settings.console.timezone
        self._store = store
        self._post = post
        self._postmaster = postmaster
        self._language = language
        self._clock = clock
        self._began = clock()

    async def run(self) -> None:
        """Rounds, for ever. A store that is away is waited for."""
        await forever(ROUND, backup=self.look)

    async def look(self) -> int:
        """One round; how many letters were written. Raises StoreError."""
        if not self._section.kept:
            return 0
        now, last = self._clock(), await self._store.database.read(noted.last)
        age = noted.age(last if last is not None else self._began, now)
        if not self._section.late(age):
            return 0
        hours = age / 3600
        log.error(LogEvent.BACKUP_LATE, hours=round(hours))
        entry = Entry(
            now,
            JournalEvent.BACKUP_LATE,
            HOUSEKEEPING.name,
            tenant=DEFAULT,
            detail={"last": last, "hours": round(hours)},
        )
        letter = late_backup.late(last, self._language(), timezone=self._zone)

        def once(transaction: Transaction, last: float) -> None:
            noted.tell(transaction, last, now)
            self._store.note(transaction, [entry])

        try:
            async with Intake(self._store) as intake:
                item = await self._post.item(letter, [self._postmaster], now, intake.put, tenant=DEFAULT)
                await intake.commit([item], now, HOUSEKEEPING.name, partial(once, last=last or 0.0))
        except Already:
            return 0
        return 1
