"""Writes to owners and administrators about exceptions of the policy that end soon, or have ended (OPS-EXCEPTION).

Who was told stands in the transaction of the letters, so that each hears of an end once, from whichever node is first.

Diagnostics (log): letters (how many were written).
"""

from collections.abc import Callable, Sequence

import structlog

from config.business_hours import business_hours
from config.log_events import LogEvent
from config.policies import PolicyOf
from config.policy import Policy
from config.settings import Settings
from config.tenant import DEFAULT
from directory.account import Account, canonical
from directory.people import People
from gateway.notices import Notices
from gateway.rounds.forever import forever
from quarantine.letters.exceptions import ends
from quarantine.letters.letter import Letter
from quarantine.policies.counts import Counts
from quarantine.policies.exceptions import SeenException, tell, untold, with_figures
from quarantine.rights import HOUSEKEEPING, Verb, charge
from quarantine.store import Store
from storage import journal
from storage.interfaces import Already

log = structlog.get_logger()

ROUND = 60.0
"""Seconds between two rounds: ends are days, but a policy that was just read may have one today."""


class ExceptionRounds:
    """Looks after the exceptions of the policy in force, for all tenants."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        people: People,
        notices: Notices,
        policy: PolicyOf,
        counts: Counts,
        clock: Callable[[], float],
        console_url: str,
    ) -> None:
        self._settings = settings
        self._writes = settings.notices.waits
        self._store = store
        self._people = people
        self._notices = notices
        self._policy = policy
        self._counts = counts
        self._clock = clock
        self._console_url = console_url

    async def run(self) -> None:
        """Rounds, for ever. A store that is away is waited for."""
        await forever(ROUND, exceptions=self.look)

    async def look(self) -> int:
        """One round; how many letters were written. Raises StoreError."""
        tenants = dict.fromkeys((DEFAULT, *await journal.tenants(self._store.database)))
        written = sum([await self._tell(tenant, self._policy(tenant)) for tenant in tenants])
        if written:
            log.info(LogEvent.LETTERS, kind="exceptions", count=written)
        return written

    async def _tell(self, tenant: str, policy: Policy) -> int:
        if not policy.exceptions:
            return 0
        database, now = self._store.database, self._clock()
        today = business_hours(policy.calendar, self._settings.zone(tenant)).day(now)
        every = await with_figures(policy, self._counts, tenant, today)
        news = await untold(database, tenant, every)
        if not news:
            return 0
        accounts = await self._people.all(tenant)
        letters = list(filter(None, (self._letter(account, news) for account in accounts)))
        try:
            return await self._notices.send(
                letters if self._writes else [], now, HOUSEKEEPING.name, lambda t: tell(t, tenant, news, now)
            )
        except Already:  # another node; the next round sees what is left
            return 0

    def _letter(self, account: Account, news: Sequence[SeenException]) -> tuple[Letter, Account] | None:
        """To an administrator about all of them, to an owner about theirs."""
        if account.disabled or not account.addresses:
            return None
        duties = charge(account)
        administers = Verb.QUARANTINE in duties
        theirs = [one for one in news if administers or canonical(one.owner) == account.login]
        if not theirs:
            return None
        page = f"{self._settings.of(account.tenant).console.page(self._console_url)}/exceptions"
        return ends(theirs, account.language, page if Verb.POLICY in duties else ""), account
