"""How many large mails are examined at the same time: what an examination holds grows with its mail, up to 15 times.

Small mails pass by. More large ones at once than there are processors would not be done earlier, only hold more memory,
each in a worker that small mails could use. They go in the order in which they came; at least two at once, and whoever
takes long holds the next one up for `TURN` seconds at most.

    async with room.place(size, patience): …

Diagnostics: TimeoutError when there is no place in time.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

LARGE = 1 << 20
"""Bytes from which on a mail is large."""
EACH = 3 << 20
"""Bytes of large mails that are examined at once, for each worker of a direction: two workers are one processor."""
TURN = 3.0


class Room:
    """`size`: bytes of large mails at once. A mail counts for half of it at most, so that one never waits for one."""

    def __init__(self, size: int) -> None:
        self._free = size
        self._most = size // 2
        self._waiting: deque[tuple[int, asyncio.Future[None]]] = deque()

    @asynccontextmanager
    async def place(self, size: int, patience: float) -> AsyncIterator[None]:
        if size < LARGE:
            yield
            return
        loop = asyncio.get_running_loop()
        size = min(size, self._most)
        mine: asyncio.Future[None] = loop.create_future()
        self._waiting.append((size, mine))
        self._admit()
        back = False

        def give_back() -> None:
            nonlocal back
            if not back:
                back = True
                self._free += size
                self._admit()

        try:
            async with asyncio.timeout(patience):
                await mine
        except BaseException:
            if mine.done() and not mine.cancelled():  # admitted in the moment in which its time was over
                give_back()
            mine.cancel()
            self._admit()
            raise
        timer = loop.call_later(TURN, give_back)
        try:
            yield
        finally:
            timer.cancel()
            give_back()

    def _admit(self) -> None:
        while self._waiting and (self._waiting[0][1].done() or self._waiting[0][0] <= self._free):
            size, first = self._waiting.popleft()
            if not first.done():
                self._free -= size
                first.set_result(None)
