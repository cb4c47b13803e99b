"""The watch over the queue: says once that a next hop keeps mail waiting, and once that it does so no more.

To the log, and in a letter to the postmaster unless that would have to go the same way. Several nodes and any number of
starts say it once: a row is inserted with the letter, in one transaction, and deleted at the end (quarantine/queue/stuck.py).

Diagnostics (log): queue_stuck, queue_moves.
"""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial

import msgspec
import structlog

from config.log_events import LogEvent
from config.settings import Settings
from config.tenant import ANY, DEFAULT, EVERY
from gateway.deliver.courier import Courier
from gateway.deliver.next_hop import NextHop
from quarantine.intake import Intake
from quarantine.letters import stuck as letters
from quarantine.letters.letter import Post
from quarantine.queue.stuck import PROOF, AlreadyTold, Stuck, begin, confirm, end, told, waiting
from quarantine.rights import HOUSEKEEPING
from quarantine.store import Store
from storage.bound import bound, within
from storage.interfaces import StoreError

log = structlog.get_logger()

ROUND = 15.0
"""Seconds between two rounds."""


class QueueRounds:
    """Looks after the queue of all nodes, and after the next hops of this one.

    courier      knows which next hops this node cannot reach now (gateway/deliver/reach.py)
    route        the next hop of an address
    postmaster   who gets the letter, and `language` in which; "" for nobody
    """

    def __init__(
        self,
        settings: Settings,
        store: Store,
        courier: Courier,
        route: Callable[[str, str], NextHop | None],
        post: Post,
        clock: Callable[[], float],
        *,
        postmaster: Callable[[str], str],
        language: Callable[[str], str],
        console_url: str,
    ) -> None:
        self._settings = settings
        self._store = store
        self._courier = courier
        self._route = route
        self._post = post
        self._clock = clock
        self._postmaster = postmaster
        self._language = language
        self._console_url = console_url
        named = {listener.tenant for listener in settings.listeners}
        self._tenants = sorted({DEFAULT, *settings.tenants} if ANY in named else named)

    async def run(self) -> None:
        """Rounds, for ever. A store that is away is waited for."""
        while True:
            try:
                await self._courier.look_again()
                await self.look()
            except StoreError as error:
                log.warning(LogEvent.KEEPER_FAILED, part="queue", error=str(error))
            await asyncio.sleep(ROUND)

    async def look(self) -> None:
        """One round. Raises StoreError."""
        now, database = self._clock(), self._store.database
        found = await waiting(database, EVERY, now, self._settings.queue.stuck_minutes * 60)
        found += [each for each in self._arriving(now) if each.key not in {s.key for s in found}]
        before = {each.key: each for each in await told(database, EVERY)}
        for each in found:
            if each.key not in before:
                await self._begin(each, [s for s in found if s.host], now)
        if on := [each for each in found if each.key in before]:
            await database.write(partial(confirm, found=on, now=now))
        over = before.keys() - {each.key for each in found}
        for each in (before[key] for key in over):
            if each.node in ("", self._store.node) and await bound(database, each.tenant).write(
                partial(end, stuck=each)
            ):
                log.info(
                    LogEvent.QUEUE_MOVES, tenant=each.tenant, hop=each.hop, cause=each.cause,
                    seconds=round(now - each.since),
                )  # fmt: skip

    def _arriving(self, now: float) -> list[Stuck]:
        """What the items do not say: a next hop that this node cannot reach, for whichever tenant's mail arrives."""
        return [
            Stuck(tenant, lost.hop, True, lost.cause, 0, lost.since, lost.last, self._store.node)
            for lost in self._courier.reach.lost
            if lost.since <= now - PROOF and lost.last > lost.since
            for tenant in self._tenants
        ]

    async def _begin(self, stuck: Stuck, absent: Sequence[Stuck], now: float) -> None:
        """Say that it is stuck, unless somebody has."""
        known_by_items = msgspec.structs.replace(stuck, node="")
        if stuck.node and known_by_items.key in {s.key for s in absent}:
            return
        postmaster, here = self._postmaster(stuck.tenant), self._settings.of(stuck.tenant).console
        way = self._route(stuck.tenant, postmaster) if postmaster else None
        letter = way is not None and way.name not in {s.hop for s in absent}
        async with Intake(self._store) as intake:
            items = []
            if letter:
                text = letters.stuck(
                    stuck,
                    self._language(stuck.tenant),
                    timezone=here.timezone,
                    console=here.page(self._console_url),
                )
                items = [await self._post.item(text, [postmaster], now, intake.put, tenant=stuck.tenant)]
            try:
                await intake.commit(
                    items, now, HOUSEKEEPING.name, lambda t: begin(within(t, stuck.tenant), stuck, now)
                )
            except AlreadyTold:
                return
        log.error(
            LogEvent.QUEUE_STUCK, tenant=stuck.tenant, hop=stuck.hop, cause=stuck.cause, mails=stuck.number,
            seconds=round(now - stuck.since), letter=letter,
        )  # fmt: skip
