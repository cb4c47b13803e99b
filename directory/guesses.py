"""Counting guesses: recent failures by key, in a window. Time comes in as an argument; the tables are bounded."""

from collections import deque
from collections.abc import Callable, Hashable, Sequence
from contextlib import ExitStack, suppress
from typing import NamedTuple

from storage.tally import Tallies, Tally

KINDS = ("device", "network", "nobody", "account", "place", "known")
"""What an attempt may count against (directory/logins.py)."""
KNOWN = 3
"""Places and devices of one account that may be full before all of them are."""
OPEN = "attempts"
"""The tally of attempts of which nobody knows yet what they are, counted by process."""
NEWS = 2_000
"""Failures that wait to be told to other nodes; then the oldest go."""
_NEVER = float("-inf")


def most(kind: str, failures: int) -> int:
    """How many failures there may be, where there may be so many of a place."""
    return failures * (KNOWN if kind == "known" else 1)


def table(kind: str) -> str:
    """The name of a kind's tally, of as many numbers as there may be failures."""
    return f"failures of a {kind}"


class Failures:
    """Times of recent failures by key. `count` comes before the check and is taken back on success, so that many
    attempts at the same moment cannot outrun the limit."""

    def __init__(self, limit: int, window: float, tally: Tally) -> None:
        self._limit = limit
        self._window = window
        self.tally = tally

    def full(self, key: Hashable, now: float) -> bool:
        return len(self._times(key, now)) >= self._limit

    def count(self, key: Hashable, now: float) -> None:
        self._keep(key, tuple(sorted((*self._times(key, now), now))))

    def take_back(self, key: Hashable, then: float, now: float) -> None:
        times = list(self._times(key, now))
        if then in times:
            times.remove(then)
            self._keep(key, tuple(times))

    def _times(self, key: Hashable, now: float) -> tuple[float, ...]:
        """Those in the window."""
        times = self.tally.get(repr(key))
        return tuple(time for time in times if time > now - self._window) if times else ()

    def _keep(self, key: Hashable, times: tuple[float, ...]) -> None:
        if times:
            self.tally.set(repr(key), ((_NEVER,) * self._limit + times)[-self._limit :])
        else:
            self.tally.drop(repr(key))


Counter = tuple[str, Hashable]
"""(kind, key): what an attempt counts against."""


class Failed(NamedTuple):
    """A failure as nodes tell it each other: `mark` stands for the key, `at` is of the monotonic clock."""

    kind: str
    mark: str
    at: float


class Guesses:
    """Failures of several kinds, each in a table of its own: who fills one makes no other forget. `mark` makes what stands
    for a key of it, the same on all nodes; without it nobody else is told."""

    def __init__(
        self,
        limit: int,
        window: float,
        tallies: Tallies | None = None,
        mark: Callable[[bytes], str] | None = None,
    ) -> None:
        self.tallies = tallies or Tallies()
        self._mark = mark
        self._news: deque[Failed] = deque(maxlen=NEWS)
        self._kinds = {
            kind: Failures(most(kind, limit), window, self.tallies.of(table(kind))) for kind in KINDS
        }
        self._open = self.tallies.of(OPEN)

    def attempt(self, counters: Sequence[Counter], now: float) -> bool:
        """False when one of these is full; else the attempt counts as failed against all of them, for now."""
        keys = [(counter[0], self._key(counter)) for counter in counters]
        with ExitStack() as stack:  # always in the same order: the network comes first
            for kind, _ in keys:
                stack.enter_context(self._kinds[kind].tally)
            if any(self._kinds[kind].full(key, now) for kind, key in keys):
                return False
            for kind, key in keys:
                self._kinds[kind].count(key, now)
        for counter in counters:
            self._note(counter, 1)
        return True

    def undecided(self, counters: Sequence[Counter], now: float) -> bool:
        """True when each of these that is full may be so because of attempts that will turn out to be none."""
        return all(
            self._open.get(repr(counter)) is not None
            for counter in counters
            if self._kinds[counter[0]].full(self._key(counter), now)
        )

    def settle(self, counters: Sequence[Counter], attempted: float, now: float, *, failed: bool) -> None:
        """What the attempt that began at `attempted` was is known now."""
        for counter in counters:
            self._note(counter, -1)
            failures = self._kinds[counter[0]]
            if not failed:
                with failures.tally:
                    failures.take_back(self._key(counter), attempted, now)
            elif self._mark is not None:
                self._news.append(Failed(counter[0], str(self._key(counter)), attempted))

    def news(self) -> list[Failed]:
        """What failed since `told`."""
        return list(self._news)

    def told(self, news: Sequence[Failed]) -> None:
        """The others can read of these."""
        for each in news:
            with suppress(ValueError):  # so many that it made room for others
                self._news.remove(each)

    def heard(self, failed: Failed) -> None:
        """It failed on another node."""
        failures = self._kinds.get(failed.kind)
        if failures is not None:
            with failures.tally:
                failures.count(failed.mark, failed.at)

    def _key(self, counter: Counter) -> Hashable:
        return counter[1] if self._mark is None else self._mark(repr(counter).encode("utf-8", "replace"))

    def _note(self, counter: Counter, change: int) -> None:
        key = repr(counter)
        with self._open:
            counts = self.tallies.added(self._open.get(key), change)
            if any(counts):
                self._open.set(key, counts)
            else:
                self._open.drop(key)
