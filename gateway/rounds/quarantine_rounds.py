"""The keeper of the quarantine: writes to people what they have to hear, and ends what was kept long enough.

Everything it says is noted in the transaction of the letter that says it; what a crash or an absent store leaves
unsaid is said at the next round, here or on another node, once.

Diagnostics (log): letters (how many were written), expired (held mail whose time was over).
"""

from collections.abc import Callable, Sequence
from typing import TypeGuard

import msgspec
import structlog

from config.log_events import LogEvent
from config.settings import Settings
from config.tenant import DEFAULT, EVERY
from directory.account import Account
from directory.people import People
from gateway.notices import Notices, keepers
from gateway.rounds.forever import forever
from quarantine import digests
from quarantine.item import Event, Item, NotAllowed, State
from quarantine.letters import digest, held
from quarantine.letters.held import Wish
from quarantine.letters.letter import Letter
from quarantine.requests import Request, Requests, announce, tell
from quarantine.rights import HOUSEKEEPING
from quarantine.store import Missing, Query, Store
from storage import journal
from storage.interfaces import Already, Transaction

log = structlog.get_logger()

ROUND = 5.0
"""Seconds between two rounds."""
BATCH = 200


class QuarantineRounds:
    """Looks after held inbound mail of all nodes."""

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
        self._store = store
        self._people = people
        self._notices = notices
        self._clock = clock
        self._console_url = console_url
        self._requests = Requests(store)
        self._slots: dict[str, float] = {}
        self._swept = 0.0

    async def run(self) -> None:
        """Rounds, for ever. A store that is away is waited for."""
        await forever(
            ROUND, tell_outcomes=self.tell_outcomes, tell_administrators=self.tell_administrators,
            write_digests=self.write_digests, expire=self.expire,
        )  # fmt: skip

    async def tell_outcomes(self) -> int:
        """Tell people what became of their requests; how many were told."""
        told = 0
        for request in await self._requests.untold():
            account = await self._people.account(request.tenant, request.person)
            item = await self._item(request)
            letters = []
            if item is not None and _reachable(account):
                letters = [(held.outcome(request, item, account.language), account)]
            told += await self._write(letters, lambda t, request=request: tell(t, request))  # type: ignore[misc]
        return told

    async def tell_administrators(self) -> int:
        """Tell administrators of new requests in their tenant, at most once in a while; how many were told."""
        by_tenant: dict[str, list[Request]] = {}
        for request in await self._requests.unannounced():
            by_tenant.setdefault(request.tenant, []).append(request)
        return sum([await self._announce(tenant, requests) for tenant, requests in by_tenant.items()])

    async def _announce(self, tenant: str, requests: Sequence[Request]) -> int:
        found = [(request, await self._item(request)) for request in requests]
        wishes = [
            Wish(request, item, await self._name(request.tenant, request.person))
            for request, item in found
            if item is not None
        ]
        letters = [
            (held.requested(wishes, account.language, self._page(tenant)), account)
            for account in await keepers(self._people, tenant)
        ]
        now, every = self._clock(), self._settings.quarantine.requests_seconds
        return await self._write(letters if wishes else [], lambda t: announce(t, requests, now, every))

    async def write_digests(self) -> int:
        """Write the digests of the last slot that are not written yet; how many."""
        zones = {self._settings.zone(tenant) for tenant in self._settings.organisations}
        return sum([await self._write_digests(zone) for zone in sorted(zones)])

    async def _write_digests(self, zone: str) -> int:
        """To people of tenants in this time zone."""
        now = self._clock()
        slot = digest.slot(self._settings.digest, zone, now)
        if slot is None or slot == self._slots.get(zone):
            return 0
        database, since = self._store.database, slot - digests.HORIZON
        held = await digests.held_since(database, since, slot)
        told = await digests.told_until(database, since)
        by_mailbox: dict[tuple[str, str], list[digests.Held]] = {}
        for each in held:
            by_mailbox.setdefault((each.tenant, each.mailbox), []).append(each)
        written = 0
        for account in await self._people.all(EVERY) if by_mailbox else ():
            if self._settings.zone(account.tenant) != zone:
                continue
            mine = [h for m in account.mailboxes for h in by_mailbox.get((account.tenant, m), ())]
            new = [h for h in mine if h.accepted_at > told.get((account.tenant, account.login), since)]
            if new and _reachable(account):
                written += await self._digest(account, new, slot)
        self._slots[zone] = slot
        if now - self._swept > 86_400:
            await digests.sweep(database, now)
            self._swept = now
        if written:
            log.info(LogEvent.LETTERS, kind="digest", count=written)
        return written

    async def _digest(self, account: Account, held: Sequence[digests.Held], slot: float) -> int:
        newest = sorted({h.item: h for h in held}.values(), key=lambda h: -h.accepted_at)
        ids = tuple(h.item for h in newest[: digests.LISTED])
        items = await self._store.find(Query(account.tenant, ids=ids, state=(State.HELD,), limit=len(ids)))
        if not items:
            return 0
        secret, token = digest.fresh()
        url, zone = f"{self._page(account.tenant)}/digest/{secret}", self._settings.zone(account.tenant)
        more = len(newest) - len(ids)
        letter = digest.letter(items, account.language, zone, url, more=more)
        now = self._clock()
        return await self._write(
            [(letter, account)], lambda t: digests.note(t, account, slot, token, ids, now)
        )

    def _page(self, tenant: str) -> str:
        return self._settings.of(tenant).console.page(self._console_url)

    async def expire(self) -> int:
        """End the wait of arriving mail that nobody wanted for so long; how many mails."""
        before = self._clock() - self._settings.quarantine.days * 86_400.0
        query = Query(
            DEFAULT, state=(State.HELD,), direction="inbound", until=before, limit=BATCH, order="oldest"
        )
        old: list[Item] = []
        for tenant in await journal.tenants(self._store.database):
            old += await self._store.find(msgspec.structs.replace(query, tenant=tenant))
        ended = 0
        for item in old:
            try:
                await self._store.change(item.id, Event.EXPIRE, HOUSEKEEPING, self._clock())
                ended += 1
            except NotAllowed:  # somebody was quicker
                continue
        if ended:
            log.info(LogEvent.EXPIRED, count=ended)
        return ended

    async def _write(
        self, letters: Sequence[tuple[Letter, Account]], claim: Callable[[Transaction], None]
    ) -> int:
        """Take letters into custody with what says that they are written; 0 when somebody else has."""
        try:
            return await self._notices.send(letters, self._clock(), HOUSEKEEPING.name, claim)
        except Already:
            return 0

    async def _item(self, request: Request) -> Item | None:
        try:
            return await self._store.get(request.item, request.tenant)
        except Missing:
            return None

    async def _name(self, tenant: str, login: str) -> str:
        account = await self._people.account(tenant, login)
        return f"{account.name_in(account.language)} ({account.login})" if account else login


def _reachable(account: Account | None) -> TypeGuard[Account]:
    return account is not None and not account.disabled and bool(account.addresses)
