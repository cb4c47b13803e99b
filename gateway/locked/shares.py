"""How much of the examining one client may have, so that whoever sends mails that take long does not take all of it.

A client is an account, an IPv4 address or an IPv6 /64. At a time it has so many turns that at least a quarter of the
workers are left for others; its further mails wait. Within a minute it has so many seconds of workers' time; what its
mails take beyond that must come back first, at the same rate, before another one is examined.

    async with shares.turn(client, patience): …   one mail
    shares.spend(client, seconds)                 what it took

Diagnostics: from `turn`, Overdrawn when the client has to come back later; TimeoutError when it is not its turn in time.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from filters.facts import Origin
from mail.networks import Networks, client_key
from storage.tally import Tally

MINUTE = 60.0
TIME = "examining"
"""The name of the tally of seconds that clients have left (two numbers), that of all processes of a node."""


class Overdrawn(TimeoutError):
    """The mails of this client have taken more time lately than one client may have."""


class Shares:
    """
    turns     mails of one client that are examined at the same time
    seconds   of workers' time for the mails of one client within a minute (0: as much as they take)
    exempt    hosts that are no one client, such as another gateway in front of us
    """

    def __init__(
        self,
        turns: int,
        seconds: float,
        exempt: Networks,
        clock: Callable[[], float] = time.monotonic,
        tally: Tally | None = None,
    ) -> None:
        self._turns = turns
        self._seconds = seconds
        self._exempt = exempt
        self._clock = clock
        self._left = tally if tally is not None else Tally()
        """Seconds that a client has left, below 0 what it owes, and when that was."""
        self._queues: dict[str, tuple[asyncio.Semaphore, int]] = {}
        """The turns of clients that have mails here, and how many mails these are."""

    def client(self, origin: Origin) -> str:
        """Whose share a mail is, "" for nobody's."""
        if origin.login:
            return f"{origin.login} of {origin.tenant}"
        return "" if origin.peer in self._exempt else client_key(origin.peer)

    def left(self, client: str) -> float:
        """Seconds that a client has left."""
        left, then = self._left.get(client) or (self._seconds, 0.0)
        return min(self._seconds, left + (self._clock() - then) * self._seconds / MINUTE)

    def spend(self, client: str, seconds: float) -> None:
        if client and self._seconds:
            with self._left:
                self._left.set(client, (self.left(client) - seconds, self._clock()))

    @asynccontextmanager
    async def turn(self, client: str, patience: float) -> AsyncIterator[None]:
        if not client:
            yield
            return
        self._check(client)
        turns, mails = self._queues.get(client) or (asyncio.Semaphore(self._turns), 0)
        self._queues[client] = turns, mails + 1
        try:
            async with asyncio.timeout(patience):
                await turns.acquire()
            try:
                self._check(client)  # those before this one may have taken all
                yield
            finally:
                turns.release()
        finally:
            turns, mails = self._queues.pop(client)
            if mails > 1:
                self._queues[client] = turns, mails - 1

    def _check(self, client: str) -> None:
        if self._seconds and self.left(client) <= 0:
            raise Overdrawn
