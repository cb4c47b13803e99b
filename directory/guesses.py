"""Counting guesses: recent failures by key, in a window. Time comes in as an argument; the tables are bounded."""

from collections import deque
from collections.abc import Hashable, Sequence

TABLE = 20_000
"""Most keys of a kind that are remembered; the oldest go first."""


class Failures:
    """Times of recent failures by key. `count` comes before the check and is taken back on success, so that many
    attempts at the same moment cannot outrun the limit."""

    def __init__(self, limit: int, window: float) -> None:
        self._limit = limit
        self._window = window
        self._times: dict[Hashable, deque[float]] = {}

    def full(self, key: Hashable, now: float) -> bool:
        times = self._times.get(key)
        if times is None:
            return False
        while times and times[0] <= now - self._window:
            times.popleft()
        if not times:
            del self._times[key]
        return len(times) >= self._limit

    def count(self, key: Hashable, now: float) -> None:
        times = self._times.setdefault(key, deque(maxlen=self._limit))
        times.append(now)
        if len(self._times) > TABLE:
            self._times.pop(next(iter(self._times)))

    def take_back(self, key: Hashable, now: float) -> None:
        times = self._times.get(key)
        if times and now in times:
            times.remove(now)


Counter = tuple[str, Hashable]
"""(kind, key): what an attempt counts against."""


class Guesses:
    """Failures of several kinds, each in a table of its own: who fills one makes no other forget."""

    def __init__(self, limit: int, window: float) -> None:
        self._limit = limit
        self._window = window
        self._kinds: dict[str, Failures] = {}
        self._open: dict[Counter, int] = {}
        """Attempts of which nobody knows yet what they are, by what they count against."""

    def attempt(self, counters: Sequence[Counter], now: float) -> bool:
        """False when one of these is full; else the attempt counts as failed against all of them, for now."""
        if any(self._of(kind).full(key, now) for kind, key in counters):
            return False
        for kind, key in counters:
            self._of(kind).count(key, now)
            self._open[kind, key] = self._open.get((kind, key), 0) + 1
        return True

    def undecided(self, counters: Sequence[Counter], now: float) -> bool:
        """True when each of these that is full may be so because of attempts that will turn out to be none."""
        return all(
            counter in self._open for counter in counters if self._of(counter[0]).full(counter[1], now)
        )

    def settle(self, counters: Sequence[Counter], attempted: float, *, failed: bool) -> None:
        """What the attempt that began at `attempted` was is known now."""
        for counter in counters:
            kind, key = counter
            self._open[counter] -= 1
            if not self._open[counter]:
                del self._open[counter]
            if not failed:
                self._of(kind).take_back(key, attempted)

    def _of(self, kind: str) -> Failures:
        return self._kinds.setdefault(kind, Failures(self._limit, self._window))
