"""Tells people of mailboxes that are being flooded: the owner of each what to look for, and who is in charge of the
quarantine, in one letter about all.

Diagnostics (log): mailbox_flooded.
"""

from collections.abc import Callable

import structlog

from config.log_events import LogEvent
from directory.account import Account
from directory.floods import QUIET, WINDOW, Flood, Floods, shared
from directory.people import People
from gateway.notices import Notices, keepers
from gateway.rounds.forever import forever
from quarantine.letters.flooded import flooded
from quarantine.letters.letter import Letter
from quarantine.requests import say_once
from storage.interfaces import Already, Database

ROUND = 15.0
"""Seconds between two looks."""
EVERY = 3600.0
"""Seconds between two letters to who is in charge: hundreds of mailboxes may be flooded at once."""
RETRY = 300.0
"""Seconds until it is tried again, where another process has written."""
WRITES = "floods"
"""Who writes, in the journal."""


class FloodRounds:
    """Looks after the floods that this node sees."""

    def __init__(
        self,
        floods: Floods,
        people: People,
        notices: Notices,
        clock: Callable[[], float],
        contact: Callable[[str], str],
        database: Database | None = None,
    ) -> None:
        """`database`: where other processes and nodes count, too; None where there is none of them."""
        self._database = database
        self._floods = floods
        self._people = people
        self._notices = notices
        self._clock = clock
        self._contact = contact
        self._waiting: dict[str, list[Flood]] = {}
        """By tenant, of which those in charge are still to hear."""
        self._heard: dict[str, float] = {}
        """By tenant, when they may hear again."""

    async def run(self) -> None:
        """Rounds, for ever. A store that is away is waited for."""
        await forever(ROUND, sharing=self.share, floods=self.look)

    async def share(self) -> None:
        """Count together with the others. Raises StoreError."""
        if self._database is not None:
            await shared(self._floods, self._database, self._clock())

    async def look(self) -> int:
        """Write about what has begun; how many letters. Raises StoreError."""
        written = 0
        for flood in self._floods.begun():
            written += await self._to_owner(flood)
            structlog.get_logger().warning(
                LogEvent.MAILBOX_FLOODED, tenant=flood.tenant, address=flood.address, count=flood.strangers
            )
            self._waiting.setdefault(flood.tenant, []).append(flood)
            self._floods.heard(flood)
        for tenant, floods in list(self._waiting.items()):
            if self._clock() >= self._heard.get(tenant, 0.0):
                written += await self._to_keepers(tenant, floods)
        return written

    async def _to_owner(self, flood: Flood) -> int:
        """To whoever reads the mailbox, at once; to nobody of whom another process has told them."""
        letters = [
            (self._letter([flood], account.language, owner=True), account)
            for account in await self._people.all(flood.tenant)
            if flood.address in account.addresses and not account.disabled
        ]
        return await self._write(letters, flood.tenant, f"flood {flood.address}", QUIET - 2 * WINDOW)

    async def _to_keepers(self, tenant: str, floods: list[Flood]) -> int:
        """To who is in charge of the quarantine: one letter about all mailboxes of which they have not heard, and not the next
        one soon, whichever process writes it."""
        letters = [
            (self._letter(floods, account.language, owner=False), account)
            for account in await keepers(self._people, tenant)
            if not account.disabled
        ]
        written = await self._write(letters, tenant, "floods", EVERY)
        if written or not letters:
            del self._waiting[tenant]
        self._heard[tenant] = self._clock() + (EVERY if written else RETRY)
        return written

    async def _write(
        self, letters: list[tuple[Letter, Account]], tenant: str, what: str, seconds: float
    ) -> int:
        if not letters:
            return 0
        now = self._clock()
        try:
            return await self._notices.send(
                letters, now, WRITES, lambda t: say_once(t, tenant, what, now, seconds)
            )
        except Already:
            return 0

    def _letter(self, floods: list[Flood], language: str, *, owner: bool) -> Letter:
        counts = {flood.address: flood.strangers for flood in floods}
        return flooded(
            counts, int(WINDOW // 60), language, owner=owner, contact=self._contact(floods[0].tenant)
        )
