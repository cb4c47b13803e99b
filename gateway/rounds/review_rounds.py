"""Sends the figures of the month that is over to those who answer for the policy, once (OPS-REVIEW).

Diagnostics (log): letters (how many were written).
"""

import datetime
from collections.abc import Callable
from functools import partial

import structlog

from config.business_hours import business_hours
from config.log_events import LogEvent
from config.policies import PolicyOf
from config.settings import Settings
from config.tenant import DEFAULT
from directory.account import Account, Role
from directory.people import People
from gateway.notices import Notices
from gateway.rounds.forever import forever
from quarantine.letters.review import monthly
from quarantine.requests import say_once
from quarantine.review.month import figures
from quarantine.review.sections import review
from quarantine.rights import HOUSEKEEPING, Verb, charge
from quarantine.store import Store
from storage import journal
from storage.interfaces import Already

log = structlog.get_logger()

ROUND = 1800.0
"""Seconds between two rounds."""
HOUR = 6
"""Of the first day of a month from which the figures of the last one are sent: reports and nodes have settled by then."""
_MONTHS = 20 * 86_400.0
"""Seconds within which nothing is said of the same month again; a key is of one month anyhow."""


class ReviewRounds:
    """For all tenants."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        people: People,
        notices: Notices,
        policy: PolicyOf,
        clock: Callable[[], float],
    ) -> None:
        self._settings = settings
        self._store = store
        self._people = people
        self._notices = notices
        self._policy = policy
        self._clock = clock
        self._done: dict[str, str] = {}

    async def run(self) -> None:
        """Rounds, for ever. A store that is away is waited for."""
        await forever(ROUND, review=self.look)

    async def look(self) -> int:
        """One round; how many letters were written. Raises StoreError."""
        if not self._settings.notices.monthly:
            return 0
        tenants = dict.fromkeys((DEFAULT, *await journal.tenants(self._store.database)))
        written = sum([await self._tell(tenant) for tenant in tenants])
        if written:
            log.info(LogEvent.LETTERS, kind="review", count=written)
        return written

    async def _tell(self, tenant: str) -> int:
        now, policy, zone = self._clock(), self._policy(tenant), self._settings.zone(tenant)
        today = business_hours(policy.calendar, zone).day(now - HOUR * 3600)
        month = f"{today.replace(day=1) - datetime.timedelta(days=1):%Y-%m}"
        if self._done.get(tenant) == month:
            return 0
        readers = [account for account in await self._people.all(tenant) if _answers_for_it(account)]
        found = await figures(self._store.database, policy, tenant, month, zone, today)
        if not found.flow.chains or not readers:
            self._done[tenant] = month
            return 0
        told = {each: review(found, policy.organisation.name, each) for each in {a.language for a in readers}}
        letters = [(monthly(told[account.language], month), account) for account in readers]
        claim = partial(say_once, tenant=tenant, what=f"review {month}", now=now, every=_MONTHS)
        try:
            written = await self._notices.send(letters, now, HOUSEKEEPING.name, claim)
        except Already:  # another node, or this one before its start
            written = 0
        self._done[tenant] = month  # not where the store was away: the next round tries again
        return written


def _answers_for_it(account: Account) -> bool:
    """Who reads the policy by their role, and the president."""
    duties = Verb.POLICY in charge(account) or Role.PRESIDENT in account.roles
    return duties and not account.disabled and bool(account.addresses)
