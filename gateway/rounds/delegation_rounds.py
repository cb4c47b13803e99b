"""Tells both who acts for whom: when it is decided, and when it ends before its time (directory/delegations.py).

Each letter is committed with the row that says it is written.

Diagnostics (log): letters (how many were written).
"""

from collections.abc import Callable

import structlog

from config.log_events import LogEvent
from config.settings import Settings
from directory.account import Account
from directory.delegations import Delegation, Delegations, told
from directory.people import People
from gateway.notices import Notices
from gateway.rounds.forever import forever
from quarantine.letters.delegated import delegated
from quarantine.letters.letter import Letter
from quarantine.rights import HOUSEKEEPING
from quarantine.store import Store
from storage.bound import within
from storage.interfaces import Already, Transaction

log = structlog.get_logger()

ROUND = 5.0
"""Seconds between two rounds."""
BATCH = 100


class DelegationRounds:
    """Writes to the people of all tenants."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        people: People,
        notices: Notices,
        clock: Callable[[], float],
        console_url: str,
    ) -> None:
        self._settings = settings
        self._table = Delegations(store.database, clock)
        self._people = people
        self._notices = notices
        self._clock = clock
        self._console_url = console_url

    async def run(self) -> None:
        """Rounds, for ever. A store that is away is waited for."""
        await forever(ROUND, delegations=self.look)

    async def look(self) -> int:
        """One round; how many letters were written. Raises StoreError."""
        written = 0
        for row in await self._table.news(BATCH):
            written += await self._tell(row)
        if written:
            log.info(LogEvent.LETTERS, kind="delegations", count=written)
        return written

    async def _tell(self, row: Delegation) -> int:
        def claim(transaction: Transaction) -> None:
            if not told(within(transaction, row.tenant), row):
                raise Already("told")

        try:
            return await self._notices.send(await self._letters(row), self._clock(), HOUSEKEEPING.name, claim)
        except Already:
            return 0

    async def _letters(self, row: Delegation) -> list[tuple[Letter, Account]]:
        """One to each who can be reached; of a shared mailbox to those who use it."""
        people, tenant = self._people, row.tenant
        page = f"{self._settings.of(tenant).console.page(self._console_url)}/delegations"
        names = {
            login: await people.account(tenant, login) for login in (row.person, row.delegate, row.made_by)
        }
        names[row.ended_by] = await people.account(tenant, row.ended_by)
        owners = [names[row.person]] if row.person else await people.readers(tenant, [row.mailbox])
        readers = [(names[row.delegate], True), *((owner, False) for owner in owners)]

        def called(login: str, language: str) -> str:
            account = names.get(login)
            return account.name_in(language) if account is not None else login

        return [
            (
                delegated(
                    row, account.language, to_delegate=acts, page=page, timezone=self._settings.zone(tenant),
                    place=called(row.place, account.language), delegate=called(row.delegate, account.language),
                    by=called(row.ended_by or row.made_by, account.language),
                ),
                account,
            )
            for account, acts in readers
            if account is not None and not account.disabled and account.addresses
        ]  # fmt: skip
