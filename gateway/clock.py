"""A clock that does not jump: UTC seconds, counted from the start of the process by the machine's steady clock.

Holds are promises in seconds. When somebody sets the wall clock forward by an hour, no held mail may leave an
hour early; when it is set back, none may wait an hour longer. So everything that writes and reads due times
shares one SteadyClock; a jump is an event to report, not a time to follow. CLOCK_BOOTTIME also counts while a
virtual machine sleeps, and follows the slewing of NTP.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

TOLERANCE = 1.0
"""Seconds by which the wall clock may differ before it is not followed."""


_BOOT = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def boot_time() -> float:
    """Seconds since boot, sleep included."""
    return time.clock_gettime(_BOOT)


class SteadyClock:
    """Call it for the time. `jump` is by how much the wall clock is ahead (+) or behind (-), 0.0 when it is not."""

    def __init__(
        self, wall: Callable[[], float] = time.time, steady: Callable[[], float] = boot_time
    ) -> None:
        self._wall = wall
        self._steady = steady
        self._offset = wall() - steady()
        self._users = 0
        self.uses = 0
        """How often it was taken into use so far (`in_use`)."""

    def __call__(self) -> float:
        return self._steady() + self._offset

    @property
    def jump(self) -> float:
        ahead = self._wall() - self()
        return ahead if abs(ahead) > TOLERANCE else 0.0

    @contextmanager
    def in_use(self) -> Iterator[None]:
        """While somebody computes with its times, from the first look to the commit: no jump is followed then."""
        self._users += 1
        self.uses += 1
        try:
            yield
        finally:
            self._users -= 1

    def settle(self, uses: int | None = None) -> float:
        """Follow the wall clock from now on; call it when nothing is held. Answers the jump that was taken.

        `uses`: its value before that was found out. When the clock was in use since, a mail may be held by now,
        and nothing is done.
        """
        if self._users or (uses is not None and uses != self.uses):
            return 0.0
        jump = self.jump
        self._offset += jump
        return jump
