"""The workers of one direction of mail: so many examine at once, and a spare waits to take the place of whoever goes.

A worker that examined a stranger's mail may be a stranger's since. So it serves few mails, and none of the other
direction. Whoever goes (it served its mails, was slow, or died) is replaced by the spare at once, and while that works
the next spare is forked: no mail waits for a fork, unless two workers go in the same few milliseconds.

Diagnostics: TimeoutError from `take` when no worker becomes free in time.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable

from gateway.locked.zygote import Worker


class WorkerPool:
    """At most `count` workers at a time, for mail of one direction, each for so many `mails`. `revive` is called when there
    are none any more, because the zygote went."""

    def __init__(
        self, direction: str, count: int, revive: Callable[[], Awaitable[None]], mails: int = 1
    ) -> None:
        self.direction = direction
        self.count = count
        self.mails = mails
        self._revive = revive
        self._idle: asyncio.LifoQueue[Worker | None] = asyncio.LifoQueue()
        self._members: set[Worker] = set()
        """Those that examine, or may be asked to."""
        self._spares: list[Worker] = []

    @property
    def pids(self) -> list[int]:
        """The processes of this pool, those that examine first."""
        return [worker.pid for worker in (*self._members, *self._spares)]

    def fill(self, workers: Iterable[Worker]) -> list[Worker]:
        """Take these in the place of all others; those that are not examining are given back, to be ended."""
        gone = self.emptied()
        for worker in workers:
            self.welcome(worker)
        return gone

    def emptied(self) -> list[Worker]:
        """Nobody belongs to this pool any more; those that are not examining are given back, to be ended."""
        gone, self._spares = self._spares, []
        self._members.clear()
        while not self._idle.empty():
            if worker := self._idle.get_nowait():
                gone.append(worker)
        return gone

    def welcome(self, worker: Worker) -> None:
        """A new worker: it may be asked when one is missing, else it is a spare."""
        if len(self._members) < self.count:
            self._members.add(worker)
            self._idle.put_nowait(worker)
        else:
            self._spares.append(worker)

    def leave(self, worker: Worker) -> None:
        """This worker goes: the spare may be asked in its place."""
        if worker in self._spares:
            self._spares.remove(worker)
        elif worker in self._members:
            self._members.remove(worker)
            if self._spares:
                self.welcome(self._spares.pop())

    def back(self, worker: Worker) -> None:
        """This worker is free again."""
        self._idle.put_nowait(worker)

    def lost(self) -> None:
        """All workers are gone: whoever waits for one, or comes next, revives them."""
        self._spares = []  # dead, too: nobody shall be asked who waits above the sign that all are lost
        self._idle.put_nowait(None)

    async def take(self, seconds: float) -> Worker:
        """A free worker. Raises TimeoutError, and what `revive` raises."""
        while not self._idle.empty():
            if (worker := self._idle.get_nowait()) is None:
                self.lost()
                break
            if not worker.gone:
                return worker
        async with asyncio.timeout(seconds):
            while True:
                worker = await self._idle.get()
                if worker is None:
                    await self._revive()
                elif not worker.gone:
                    return worker
