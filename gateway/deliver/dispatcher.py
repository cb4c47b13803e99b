"""The dispatcher: leases what is due, has the courier deliver it, records what became of each recipient.

A crash is an expired lease: the next node leases the item again under a higher token, and what the first
one says afterwards changes nothing. A delivery ends before its lease does, so two never work on one item.
When the connection is lost after the final dot the same bytes go out again (RFC 1047, `maybe_delivered`).

Diagnostics (log, docs/events.md): attempt, lease_failed, outcome_lost, fenced, content_damaged, poisoned, clock_jumped.
"""

import asyncio
import random
import time
from collections.abc import Callable, Coroutine, Sequence
from functools import partial

import msgspec
import structlog

from config.log_events import LogEvent
from config.tenant import EVERY
from gateway.clock import SteadyClock
from gateway.deliver import retry
from gateway.deliver.courier import AttemptOutcome, Courier
from gateway.deliver.delivery_reports import DeliveryReports, FollowUp
from gateway.deliver.lanes import Lane, Lanes, Route
from gateway.deliver.next_hop import NextHop
from gateway.deliver.outcomes import doubt, learned, learned_status, local
from gateway.deliver.settings import Dispatch
from mail.cause import Cause
from mail.reply import LOCAL_ERROR, Reply
from quarantine.item import FINAL, Event, Item, NotAllowed
from quarantine.queue.delays import tell, untold
from quarantine.queue.leasing import Hand
from quarantine.queue.stuck import AlreadyTold
from quarantine.store import Missing, Store
from storage.content import Content
from storage.interfaces import StoreError

log = structlog.get_logger()

NO_ROUTE = Reply(451, "No next hop is configured for this domain", 4, 4, cause=Cause.NO_ROUTE)
QUEUE_FULL = Reply(451, "The next hop is busy with other mail", 4, 5, cause=Cause.BUSY)
DAMAGED = Reply(451, "The stored content cannot be read", 3, 0, cause=Cause.CONTENT_DAMAGED)
OUR_ERROR = msgspec.structs.replace(LOCAL_ERROR, cause=Cause.OUR_ERROR)
HASH_INLINE = 256 * 1024


class Dispatcher:
    """Delivers the items of a store. `route` answers the next hop of a mail for one of its recipients (None: there is none).

    `run` works until `stop`; `wake` tells it that something is due now.
    """

    def __init__(
        self,
        store: Store,
        courier: Courier,
        route: Route,
        clock: Callable[[], float] = time.time,
        settings: Dispatch | None = None,
        *,
        reports: DeliveryReports | None = None,
        processes: int = 1,
        jitter: Callable[[], float] = lambda: random.uniform(-1, 1),  # noqa: S311
    ) -> None:
        self._store = store
        self._blobs = store.blobs
        self._courier = courier
        self._clock = clock
        self._settings = settings or Dispatch().share(processes)
        self._reports = reports or DeliveryReports(
            store.blobs, courier.hostname, copies=partial(untold, store)
        )
        self._jitter = jitter
        self._awake = asyncio.Event()
        self._lanes = Lanes(store, route, self._settings, processes)
        self._tasks: set[asyncio.Task[None]] = set()
        self._coming: set[asyncio.Task[None]] = set()
        """Those of them for items that are being taken into custody."""
        self._group: asyncio.TaskGroup | None = None
        self._waiting = True
        """Whether items may be waiting in the store for a free hand: then none that comes now goes before them."""
        self._passed_over = False
        """Whether some that wait there were left for a lane that is busy."""
        self._stopping = False
        self._stopped = asyncio.Event()
        self._jumped = False

    @property
    def in_hand(self) -> int:
        """How many items it has leased."""
        return len(self._tasks)

    def wake(self) -> None:
        self._awake.set()

    async def run(self) -> None:
        """Lease and deliver until `stop`. What it has in hand then is finished first."""
        self._stopped.clear()
        try:
            async with asyncio.TaskGroup() as self._group:
                while not self._stopping:
                    self._awake.clear()
                    if not await self._take():
                        await self._sleep()
        finally:
            self._group = None
            self._stopped.set()

    async def stop(self, grace: float = 20.0) -> None:
        """Lease nothing more; finish what is in hand within `grace` seconds, then give it up (its leases end)."""
        self._stopping = True
        self.wake()
        if not self._tasks:
            return
        _, late = await asyncio.wait(self._tasks, timeout=grace)
        for task in late:
            task.cancel()
        if late:
            await asyncio.wait(late, timeout=5)

    def reserve(self, count: int) -> list[Hand]:
        """Hands for so many items that are being taken into custody and leave at once; [] when not as many are free, or
        others wait for those that are not kept for them. Each counts as in hand."""
        if not count:
            return []
        kept = self._settings.kept if self._waiting else self._settings.in_hand
        if (
            self._stopping
            or max(len(self._coming) + count - kept, len(self._tasks) + count - self._settings.in_hand) > 0
        ):
            self._waiting = True
            return []
        deadline = asyncio.get_running_loop().time() + self._settings.lease - self._settings.margin
        hands = [Hand(self._clock() + self._settings.lease) for _ in range(count)]
        for hand in hands:
            self._coming.add(self._begin(self._handed(hand, deadline)))
        return hands

    async def _handed(self, hand: Hand, deadline: float) -> None:
        item = await hand.item()
        if item is not None and hand.sure and not self._lanes.crowded(item, self._waiting):
            await self._work(item, deadline)
        elif item is not None:
            await self._give_back(item, deadline)

    async def _give_back(self, item: Item, deadline: float) -> None:
        """It may have been stored, whatever its sender was told: then anybody may deliver it."""
        while asyncio.get_running_loop().time() < deadline:
            try:
                await self._store.give_back([item], self._clock())
                break
            except StoreError as error:
                log.error(LogEvent.LEASE_FAILED, error=str(error))
                await asyncio.sleep(1)
        self.wake()

    def _begin(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        assert self._group is not None
        task = self._group.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    async def _take(self) -> bool:
        """Lease a batch and start delivering; False when there was nothing to do or no room."""
        room = min(self._room(), self._settings.concurrency)
        if room <= 0:
            return False
        try:
            wanted = await self._lanes.wanted(self._clock(), room)
            deadline = asyncio.get_running_loop().time() + self._settings.lease - self._settings.margin
            items = await self._store.lease(self._clock(), room, self._settings.lease, wanted)
        except (StoreError, NotAllowed) as error:
            log.error(LogEvent.LEASE_FAILED, error=str(error))
            await asyncio.sleep(1)
            return False
        self._waiting, self._passed_over = len(items) == room, wanted is not None
        for item in items:
            self._begin(self._work(item, deadline))
        return bool(items)

    def _room(self) -> int:
        """For how many more there is room of those that wait in the store."""
        others = len(self._tasks) - len(self._coming)
        return min(
            self._settings.in_hand - len(self._tasks), self._settings.in_hand - self._settings.kept - others
        )

    def _done(self, task: asyncio.Task[None]) -> None:
        full = self._room() <= 0 or self._passed_over
        self._tasks.discard(task)
        self._coming.discard(task)
        if full or self._stopping:
            self.wake()

    async def _sleep(self) -> None:
        """Until woken, until the next item is due, or for `poll` seconds."""
        seconds = self._settings.poll
        if self._room() > 0 and not self._lanes.busy:
            try:
                due = await self._store.next_due()
                await self._watch_clock()
            except StoreError:
                due = None
            if due is not None:
                seconds = min(seconds, max(due - self._clock(), 0.05))
        try:
            async with asyncio.timeout(seconds):
                await self._awake.wait()
        except TimeoutError:
            pass

    async def _watch_clock(self) -> None:
        """Say once that the wall clock jumped; follow it when no held mail can leave early by that."""
        clock = self._clock
        if not isinstance(clock, SteadyClock) or not clock.jump:
            self._jumped = False
            return
        if not self._jumped:
            self._jumped = True
            log.warning(LogEvent.CLOCK_JUMPED, seconds=round(clock.jump, 1))
        uses = clock.uses
        if not any((await self._store.counts(EVERY)).values()):
            clock.settle(uses)

    async def _work(self, item: Item, deadline: float) -> None:
        """One attempt on one item. Never raises: what goes wrong here is the item's, not the loop's."""
        structlog.contextvars.bind_contextvars(tenant=item.tenant)
        held = self._lanes.hold(item)
        try:
            await self._attempt(item, deadline)
        except Exception:
            log.exception(LogEvent.ATTEMPT_FAILED, item=item.id)
            outcomes = [local(index, OUR_ERROR) for index in _open(item)]
            await self._record(item, outcomes, {}, None, deadline)
        finally:
            self._lanes.release(held)

    async def _attempt(self, item: Item, deadline: float) -> None:
        waiting = _open(item)
        if await self._poisoned(item):
            log.error(LogEvent.POISONED, item=item.id, attempts=item.attempts)
            await self._record(item, [local(i, OUR_ERROR) for i in waiting], {}, None, deadline)
            return
        content = await self._content(item)
        hops = self._lanes.hops(item)
        if content is None:
            await self._record(item, [local(i, DAMAGED) for i in waiting], hops, None, deadline)
            return
        async with asyncio.TaskGroup() as group:
            parts = [
                group.create_task(self._deliver(item, hop, [i for i in waiting if hops[i] == hop], content, deadline))
                for hop in dict.fromkeys(hops.values())
            ]  # fmt: skip
        outcomes = sorted((o for part in parts for o in part.result()), key=lambda o: o.index)
        await self._record(item, outcomes, hops, content, deadline)

    async def _deliver(
        self, item: Item, hop: NextHop | None, indices: list[int], content: Content, deadline: float
    ) -> list[AttemptOutcome]:
        """Deliver to the recipients that have this next hop. Outcomes carry the item's indices."""
        loop = asyncio.get_running_loop()
        if hop is None:
            return [local(index, NO_ROUTE) for index in indices]
        lane = self._lanes.of(hop)
        try:
            async with lane.turn(deadline):
                if loop.time() < lane.closed_until and not self._asked_for(item, lane, deadline):
                    return [local(index, lane.reply) for index in indices]
                left = min(deadline - loop.time(), self._left(item))
                if left <= 0:  # stopped or asleep meanwhile: the lease may be somebody else's by now
                    return [local(index, QUEUE_FULL) for index in indices]
                paths = tuple(item.recipients[i].path for i in indices)
                envelope = msgspec.structs.replace(item.envelope, forward_paths=paths)
                outcomes = await self._courier.deliver(hop, envelope, content, left)
                lane.learn(outcomes, loop.time(), self._settings.cool)
        except TimeoutError:
            return [local(index, QUEUE_FULL) for index in indices]
        return [msgspec.structs.replace(o, index=indices[o.index]) for o in outcomes]

    def _asked_for(self, item: Item, lane: Lane, deadline: float) -> bool:
        """True when somebody had it tried now (Event.RETRY), and the next hop was not found absent since it was leased:
        of all that is tried again, what was leased together asks once."""
        leased = deadline + self._settings.margin - self._settings.lease
        return item.attempts == 1 and any(r.cause for r in item.recipients) and lane.closed_at < leased

    def _left(self, item: Item) -> float:
        """Seconds until a delivery under this lease has to end, by the clock that the lease was made with."""
        return (item.due_at or 0.0) - self._settings.margin - self._clock()

    async def _content(self, item: Item) -> Content | None:
        """The bytes that were agreed to; None when they are not there or are others."""
        try:
            content = await self._blobs.get(item.blob)
        except StoreError as error:
            log.error(LogEvent.CONTENT_DAMAGED, item=item.id, blob=item.blob, error=str(error))
            return None
        if content.size > HASH_INLINE:
            digest = await asyncio.to_thread(content.sha256)
        else:
            digest = content.sha256()
        if digest != item.sha256:
            log.error(LogEvent.CONTENT_DAMAGED, item=item.id, blob=item.blob, error="another digest")
            return None
        return content

    async def _poisoned(self, item: Item) -> bool:
        """True when the last leases all ended without a word: a mail that takes its process down with it."""
        if item.attempts <= self._settings.poison:
            return False
        silent = 0
        for entry in await self._store.entries(item.tenant, item=item.id):
            silent = (
                silent + 1 if entry.event == Event.LAPSE else 0 if entry.event == Event.FINISH else silent
            )
        return silent >= self._settings.poison

    async def _record(
        self,
        item: Item,
        outcomes: Sequence[AttemptOutcome],
        hops: dict[int, NextHop | None],
        content: Content | None,
        deadline: float,
    ) -> None:
        """Write what was learned, with its DSN, in one store transaction; as long as the lease lasts."""
        now = self._clock()
        due_at = retry.next_attempt(item, now, self._jitter())
        found = [learned(outcome, hops.get(outcome.index), over=due_at is None) for outcome in outcomes]
        loop, pause = asyncio.get_running_loop(), 0.1
        follow_up: FollowUp | None = None
        while True:
            try:
                if any(outcome.unknown for outcome in outcomes):
                    await self._store.record(doubt(item, outcomes, now))
                if follow_up is None:
                    follow_up = await self._reports.due(
                        item, outcomes, hops, content, now, over=due_at is None
                    )
                more, told = ([follow_up.item], follow_up.delayed) if follow_up else ([], ())
                await self._store.finish(item, found, now, due_at, more, partial(tell, items=told))
                break
            except AlreadyTold:
                await self._forget(follow_up)
                follow_up = None
            except NotAllowed as error:
                log.error(LogEvent.FENCED, item=item.id, token=item.token, error=str(error))
                await self._forget(follow_up)
                return
            except StoreError as error:
                if loop.time() + pause > deadline + self._settings.margin:
                    log.error(LogEvent.OUTCOME_LOST, item=item.id, outcomes=[str(o) for o in outcomes])
                    return
                log.warning(LogEvent.FINISH_FAILED, item=item.id, error=str(error))
                await asyncio.sleep(pause)
                pause = min(pause * 2, 5.0)
        took = loop.time() - deadline + self._settings.lease - self._settings.margin
        for outcome in outcomes:
            log.info(
                LogEvent.ATTEMPT, item=item.id, recipient=item.recipients[outcome.index].path.address,
                status=learned_status(outcome, due_at is None).value, reply=str(outcome.reply),
                cause=outcome.cause, hop=hop.name if (hop := hops.get(outcome.index)) else "",
                reason=outcome.reply.reason, tls=outcome.tls, unknown=outcome.unknown,
                mail=item.mail_id, seconds=round(took, 3),
            )  # fmt: skip
        if follow_up is not None:
            self.wake()

    async def _forget(self, follow_up: FollowUp | None) -> None:
        """Remove the content of a DSN that was not taken, unless a try that seemed to fail had taken it."""
        if follow_up is None:
            return
        try:
            await self._store.get(follow_up.item.id, follow_up.item.tenant)
        except Missing:
            await self._blobs.delete(follow_up.item.blob)
        except StoreError as error:
            log.warning(LogEvent.ORPHAN_LEFT, blob=follow_up.item.blob, error=str(error))


def _open(item: Item) -> list[int]:
    return [index for index, recipient in enumerate(item.recipients) if recipient.status not in FINAL]
