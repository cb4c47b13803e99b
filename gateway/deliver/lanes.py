"""The ways to the next hops: how many deliveries go on each at a time and in a minute, and whose mail is taken next.

    lanes = Lanes(store, route, settings, clock)
    async with lanes.of(hop).turn(deadline): …    one delivery; raises TimeoutError when no turn comes in time
    lanes.hold(item); lanes.release(item)         it is in our hands, whoever it waits for
    await lanes.wanted(now, room)                 which of those due may be leased, None: any

A lane that is slow keeps its own mail waiting and nobody else's: no lane has more in hand than a share, what is leased beside a
busy one is looked for in the lanes that have room, and the first deliveries of a lane need no place that others share.

A next hop that tells all of a mail's recipients to wait (4yz) gets half as many at a time, down to one, and one more for each
full round that it takes (additive increase, multiplicative decrease: RFC 5681 §3.1; Postfix does so by destination).
"""

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial

from gateway.deliver.courier import BUSY, AttemptOutcome
from gateway.deliver.next_hop import NextHop
from gateway.deliver.settings import Dispatch
from mail.reply import Reply
from quarantine.item import FINAL, Item, Status
from quarantine.queue.leasing import DueRecipient, waiting
from quarantine.store import Store

FREE = 2
"""Deliveries of a lane that need no place of those that all lanes share."""
PAGE = 5_000
"""Recipients that are looked at together for mail of other lanes."""
AHEAD = 1_000
"""Items of a lane that are remembered of one such look; for more of them it goes on where it stood."""
AGAIN, SHARE = 5.0, 0.1
"""Seconds between two looks from the beginning, at least, and the share of the time that these may take."""
Route = Callable[[str, str, str], NextHop | None]
"""The next hop of a tenant's mail for an address, that came by this upstream; None: there is none."""


class Lane:
    """The way to one next hop. `reply` says why it is closed until `closed_until` (seconds of the loop's clock)."""

    def __init__(self, width: int, per_minute: float, shared: asyncio.Semaphore) -> None:
        self.width = width
        self.open = float(width)
        """How many may go at a time now: `width`, or fewer where it tells us to wait."""
        self.going = 0
        self.closed_at = self.closed_until = 0.0
        self.reply: Reply = BUSY
        self._gap = 60.0 / per_minute if per_minute else 0.0
        self._next = 0.0
        self._shared = shared
        self._queue: deque[asyncio.Future[None]] = deque()

    @property
    def full(self) -> bool:
        return self.going >= int(self.open)

    @asynccontextmanager
    async def turn(self, deadline: float) -> AsyncIterator[None]:
        """Room for one delivery, and its moment. Raises TimeoutError when that does not come by then (the loop's clock)."""
        async with asyncio.timeout_at(deadline):
            await self._enter()
        try:
            shares = self.going > FREE
            async with asyncio.timeout_at(deadline):
                await self._pace()
                if shares:
                    await self._shared.acquire()
            try:
                yield
            finally:
                if shares:
                    self._shared.release()
        finally:
            self.going -= 1
            self._let_in()

    def learn(self, outcomes: Sequence[AttemptOutcome], now: float, cool: float) -> None:
        """What became of a delivery: the lane is closed for `cool` seconds when there was no session, narrower when all of it has
        to wait, wider when some of it was taken."""
        if not any(outcome.connected or outcome.reply == BUSY for outcome in outcomes):
            self.closed_at, self.reply, self.closed_until = now, outcomes[0].reply, now + cool
        elif outcomes and outcomes[0].connected:
            self.closed_until = 0.0
        told = [outcome for outcome in outcomes if outcome.connected and not outcome.unknown]
        if told and all(outcome.status is Status.DEFERRED for outcome in told):
            self.open = max(1.0, self.open / 2)
        elif told:
            self.open = min(float(self.width), self.open + 1 / self.open)
            self._let_in()

    def most(self, settings: Dispatch, share: int) -> int:
        """How many of its mails are in hand: what is going and as much again twice, never more than leave within half a lease."""
        paced = settings.lease / 2 / self._gap if self._gap else float("inf")
        return max(1, int(min(3 * self.open, share, paced)))

    async def _enter(self) -> None:
        if not self.full and not self._queue:
            self.going += 1
            return
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._queue.append(place)
        try:
            await place
        except BaseException:
            if place.done() and not place.cancelled():  # it was let in, and does not come
                self.going -= 1
                self._let_in()
            else:
                self._queue.remove(place)
            raise

    def _let_in(self) -> None:
        while self._queue and not self.full:
            place = self._queue.popleft()
            if not place.done():
                self.going += 1
                place.set_result(None)

    async def _pace(self) -> None:
        """Deliveries begin evenly spread over the minute."""
        if self._gap:
            now = asyncio.get_running_loop().time()
            begins = max(self._next, now)
            self._next = begins + self._gap
            await asyncio.sleep(begins - now)


class Lanes:
    """All of them, and how many mails each has in hand."""

    def __init__(self, store: Store, route: Route, settings: Dispatch, processes: int = 1) -> None:
        self._store = store
        self._route = route
        self._settings = settings
        self._processes = processes
        self._lanes: dict[NextHop, Lane] = {}
        self._held: Counter[NextHop] = Counter()
        self._ahead: dict[NextHop | None, deque[str]] = {}
        """What waits in the store for each, as it was looked at last; None: for no next hop."""
        self._stood: dict[NextHop | None, tuple[float, str]] = {}
        """(due_at, id) of the last item that is remembered of each."""
        self._cut: dict[NextHop | None, tuple[float, str]] = {}
        """The same of lanes for which more waits than that."""
        self._next_look = float("-inf")
        self._shared = asyncio.Semaphore(settings.concurrency)

    def of(self, hop: NextHop) -> Lane:
        lane = self._lanes.get(hop)
        if lane is None:
            width = max(1, hop.deliveries // self._processes) if hop.deliveries else self._settings.per_hop
            lane = self._lanes[hop] = Lane(width, hop.per_minute / self._processes, self._shared)
        return lane

    def hops(self, item: Item) -> dict[int, NextHop | None]:
        """The next hop of each recipient that waits, by its index; None where there is none."""
        waits = (index for index, recipient in enumerate(item.recipients) if recipient.status not in FINAL)
        return {
            index: self._route(item.tenant, item.recipients[index].path.address, item.upstream)
            for index in waits
        }

    def hold(self, item: Item) -> list[NextHop]:
        """It counts as in hand for these, until they are given to `release`."""
        hops = [hop for hop in dict.fromkeys(self.hops(item).values()) if hop is not None]
        self._held.update(hops)
        return hops

    def release(self, hops: Sequence[NextHop]) -> None:
        self._held.subtract(hops)
        self._held = +self._held

    def crowded(self, item: Item, others_wait: bool) -> bool:
        """True when one of its lanes has its share in hand already, or is busy with what came before it (`others_wait`)."""
        hops = {hop for hop in self.hops(item).values() if hop is not None}
        return any(self._held[hop] >= self._most(hop) or (others_wait and self.of(hop).full) for hop in hops)

    @property
    def busy(self) -> bool:
        """True when mail waits in our hands for one of the lanes: then others go before more of it."""
        return any(held > self.of(hop).going for hop, held in self._held.items())

    async def wanted(self, now: float, room: int) -> list[str] | None:
        """Which items to lease: in turn one of each lane that has room, the longest waiting first. None: whatever is due. Raises
        StoreError."""
        if not self.busy:
            self._next_look = float("-inf")
            return None
        left = {hop: self._room(hop) for hop in self._ahead}
        began = asyncio.get_running_loop().time()
        if began >= self._next_look:
            await self._look(now)
            ended = asyncio.get_running_loop().time()
            self._next_look = ended + max(AGAIN, (ended - began) / SHARE)
            left = {hop: self._room(hop) for hop in self._ahead}
        for hop in [hop for hop in self._cut if left[hop] > 0 and not self._ahead[hop]]:
            await self._look_on(hop, now)
        chosen: dict[str, None] = {}
        while len(chosen) < room and any(left[hop] > 0 and ids for hop, ids in self._ahead.items()):
            for hop, ids in self._ahead.items():
                if left[hop] > 0 and ids and len(chosen) < room:
                    chosen[ids.popleft()] = None
                    left[hop] -= 1
        return list(chosen)

    async def _look(self, now: float) -> None:
        """See what waits for each lane, all the way to the end."""
        self._ahead, self._stood, self._cut = {}, {}, {}
        async for each in self._waiting(now, (await self._store.front.since(now), "")):
            self._remember(self._route(each.tenant, each.address, each.upstream), each)

    async def _look_on(self, hop: NextHop | None, now: float) -> None:
        """See what more waits for a lane of which all that was remembered is gone."""
        async for each in self._waiting(now, self._cut.pop(hop)):
            if self._route(each.tenant, each.address, each.upstream) == hop:
                self._remember(hop, each)
                if hop in self._cut:
                    return

    async def _waiting(self, now: float, after: tuple[float, str] | None) -> AsyncIterator[DueRecipient]:
        while after is not None:
            page = await self._store.database.read(partial(waiting, now=now, after=after, limit=PAGE))
            for each in page:
                yield each
            after = (page[-1].due_at, page[-1].item) if len(page) == PAGE else None

    def _remember(self, hop: NextHop | None, each: DueRecipient) -> None:
        ids = self._ahead.setdefault(hop, deque())
        if len(ids) >= AHEAD:
            self._cut.setdefault(hop, self._stood[hop])
        elif not ids or ids[-1] != each.item:
            ids.append(each.item)
            self._stood[hop] = each.due_at, each.item

    def _room(self, hop: NextHop | None) -> int:
        """How many more of its mails may be in hand: none before half of them are gone. A further lane always finds room beside
        those that have mail in hand."""
        if hop is None:
            return AHEAD
        most = self._most(hop)
        return most - self._held[hop] if 2 * self._held[hop] <= most else 0

    def _most(self, hop: NextHop) -> int:
        share = (self._settings.in_hand - self._settings.kept) // (len(self._held) + 1)
        return self.of(hop).most(self._settings, share)
