"""Where the queue begins for whoever leases, while an organisation is suspended (quarantine/queue/suspension.py).

Its mail that is due stays due, and lies in front of everybody else's in the order of time: each look would pass over all of it.
So whoever looks remembers where the first mail of those lies who are not suspended, and begins a little before it. What comes
to the queue comes behind: it is due now, or later; or this process knows of it (`comes`).

Diagnostics: StoreError.
"""

from collections.abc import Iterable
from functools import partial

from quarantine.item import Item
from quarantine.queue.leasing import WHOLE, next_due
from quarantine.queue.suspension import Suspensions
from storage.interfaces import Database

FRESH = 60.0
"""Seconds for which that place is remembered; then all is looked at once. So long waits what another node put in front of it."""
SLACK = 60.0
"""Seconds by which the clocks of two nodes may differ before that happens."""


class Front:
    """Of the queue, as one process looks at it."""

    def __init__(self, database: Database, suspensions: Suspensions) -> None:
        self._database = database
        self._suspensions = suspensions
        self._names: frozenset[str] = frozenset()
        self._looked = float("-inf")
        self.known = WHOLE
        """As it was found last (UTC seconds)."""

    async def since(self, now: float) -> float:
        """From which time on what is due is to be looked at; WHOLE while nobody is suspended. Raises StoreError."""
        names = await self._suspensions.names()
        if not names:
            self.known = WHOLE
        elif names != self._names or not 0 <= now - self._looked < FRESH:
            first = await self._database.read(partial(next_due, since=WHOLE))
            self._looked, self.known = now, min(now, now if first is None else first) - SLACK
        self._names = names
        return self.known

    def comes(self, items: Iterable[Item]) -> None:
        """These come to the queue, some perhaps of a moment that is long over: a large mail took so long."""
        others = [each.due_at for each in items if each.due_at is not None and each.tenant not in self._names]
        self.known = min([self.known, *others])

    def came(self, item: Item) -> Item:
        """The same, of one that waited for somebody: its delay may be over for long."""
        self.comes((item,))
        return item
