"""Answers that are remembered for a moment, so that a busy node does not ask the database for each mail.

What is remembered may be wrong for that moment: each use says why that does no harm.
"""

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

MOST = 20_000
"""Answers kept; then the oldest go."""


class Recent(Generic[K, V]):
    """Answers by question, each until its time is over. `clock` in seconds, as given by the owner."""

    def __init__(self, clock: Callable[[], float], most: int = MOST) -> None:
        self._clock = clock
        self._most = most
        self._kept: dict[K, tuple[float, V]] = {}

    def get(self, key: K) -> tuple[V] | None:
        """The answer in a tuple of one (it may be None itself), or None when there is none."""
        found = self._kept.get(key)
        return (found[1],) if found is not None and self._clock() < found[0] else None

    def keep(self, key: K, value: V, seconds: float) -> None:
        self._kept.pop(key, None)
        while len(self._kept) >= self._most:
            del self._kept[next(iter(self._kept))]
        self._kept[key] = (self._clock() + seconds, value)

    def forget(self, key: K | None = None) -> None:
        """Forget one answer, or all."""
        if key is None:
            self._kept.clear()
        else:
            self._kept.pop(key, None)
