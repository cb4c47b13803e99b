"""The event loop of the tests: its clock stands still while the machine gives this process no turn.

A test with a client, a listener and a time limit of 0.2 s plays them all in one loop. What they take from each other
costs no time on it but what this thread worked, however busy the machine is or however long somebody stopped the
process; waiting does.
"""

import asyncio
import selectors
import time

LONGEST = 0.05
"""Seconds of work that the callbacks of one turn count at most."""


class _Selector(selectors.DefaultSelector):
    """Counts as `lost` what passed on the machine and not on the loop's clock."""

    def __init__(self) -> None:
        super().__init__()
        self.lost = 0.0
        self.woke, self.worked = time.monotonic(), time.thread_time()

    def now(self) -> float:
        return self.woke + min(time.thread_time() - self.worked, LONGEST) - self.lost

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        then, begin = self.now(), time.monotonic()
        self.lost = begin - then
        ready = super().select(0)
        if ready or (timeout is not None and timeout <= 0):
            self.woke, self.worked = time.monotonic(), time.thread_time()
            self.lost += self.woke - begin
            return ready
        ready = super().select(timeout)
        self.woke, self.worked = time.monotonic(), time.thread_time()
        if timeout is not None:
            self.lost += max(
                0.0, self.woke - begin - timeout - 0.002
            )  # it may wait until the next millisecond
        return ready


class Loop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._turns = _Selector()
        super().__init__(self._turns)

    def time(self) -> float:
        return self._turns.now()
