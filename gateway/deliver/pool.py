"""The connections to one next hop: who may use one now, who waits, and what is kept for later.

One client's mails get at most a share of the connections, and whoever waits is served in order of how few its client
uses. A session that holds a connection without using it is `lent` one: it is called in as soon as another waits.
"""

import asyncio
import ssl
from collections import Counter
from collections.abc import Callable

import msgspec

from gateway.deliver.wire import Wire


class PoolLimits(msgspec.Struct, frozen=True):
    """Limits of each pool.

    connections  open at once
    per_client   of them for the mails of one client; "" (our own deliveries, trusted hosts) is not counted
    wait         seconds that somebody waits for one
    unused       seconds that an arriving mail may hold one without using it
    mails        transactions on one connection
    idle         seconds that one is kept open for the next
    """

    connections: int = 20
    per_client: int = 10
    wait: float = 30.0
    unused: float = 2.0
    mails: int = 100
    idle: float = 15.0


class _Waiting(msgspec.Struct, eq=False):
    client: str
    served: asyncio.Future[bool]


class ConnectionPool:
    """What may still be opened to one next hop, and the connections that are kept idle."""

    def __init__(self, limits: PoolLimits) -> None:
        self.limits = limits
        self.context: ssl.SSLContext | None = None
        self.closed = False
        self._idle: list[tuple[Wire, asyncio.TimerHandle]] = []
        self._in_use = 0
        self._clients: Counter[str] = Counter()
        self._waiting: list[_Waiting] = []
        self._lent: dict[Callable[[], None], str] = {}

    @property
    def contended(self) -> bool:
        """True while somebody waits for a connection."""
        return bool(self._waiting)

    async def enter(self, client: str, seconds: float) -> bool:
        """Leave to use one connection, for a mail of this client; `leave` must follow. False when it took too long."""
        if not self._is_free(client):
            self._call_in(client)
        if self._is_free(client):
            self._count(client)
            return True
        loop = asyncio.get_running_loop()
        waiting = _Waiting(client, loop.create_future())
        self._waiting.append(waiting)
        timer = loop.call_later(max(seconds, 0), self._answer, waiting, False)
        try:
            return await waiting.served
        except asyncio.CancelledError:
            if waiting.served.done() and not waiting.served.cancelled() and waiting.served.result():
                self.leave(client, None)
            raise
        finally:
            timer.cancel()
            if waiting in self._waiting:
                self._waiting.remove(waiting)

    def leave(self, client: str, wire: Wire | None) -> None:
        """The connection is not used any more; it is kept when there is one and it is good."""
        self._in_use -= 1
        self._clients[client] -= 1
        if not self._clients[client]:
            del self._clients[client]
        if wire is not None:
            self._keep(wire)
        # Whoever was cancelled and does not know it yet would never leave again.
        while free := [w for w in self._waiting if not w.served.done() and self._is_free(w.client)]:
            waiting = min(free, key=lambda w: self._clients[w.client])  # of equal ones the first that came
            self._count(waiting.client)
            self._answer(waiting, True)

    def lend(self, client: str, call_in: Callable[[], None]) -> None:
        """A connection is held and not used now: `call_in` makes its holder leave, until `take_up`."""
        self._lent[call_in] = client

    def take_up(self, call_in: Callable[[], None]) -> None:
        """What was lent is used again, or was given back."""
        self._lent.pop(call_in, None)

    def kept(self) -> Wire | None:
        """A connection that is open already, None when there is none."""
        while self._idle:
            wire, timer = self._idle.pop()
            timer.cancel()
            if wire.usable:
                return wire
            wire.quit()
        return None

    def close(self) -> None:
        """Close the idle connections; those in use are closed when they come back."""
        self.closed = True
        while self._idle:
            wire, timer = self._idle.pop()
            timer.cancel()
            wire.quit()

    def _is_free(self, client: str) -> bool:
        return self._in_use < self.limits.connections and (
            not client or self._clients[client] < self.limits.per_client
        )

    def _count(self, client: str) -> None:
        self._in_use += 1
        self._clients[client] += 1

    def _call_in(self, client: str) -> None:
        """Make a holder leave who does not use what it has: this client's own when it has its share, else one of the
        client that has most."""
        own = self._in_use < self.limits.connections
        held = [call_in for call_in, of in self._lent.items() if of == client or not own]
        if held:
            call_in = max(held, key=lambda c: self._clients[self._lent[c]])
            self.take_up(call_in)
            call_in()

    def _answer(self, waiting: _Waiting, served: bool) -> None:
        if waiting in self._waiting:
            self._waiting.remove(waiting)
        if not waiting.served.done():
            waiting.served.set_result(served)

    def _keep(self, wire: Wire) -> None:
        if self.closed or not wire.usable or wire.mails >= self.limits.mails:
            wire.quit()
            return
        timer = asyncio.get_running_loop().call_later(self.limits.idle, self._expire, wire)
        self._idle.append((wire, timer))

    def _expire(self, wire: Wire) -> None:
        self._idle = [kept for kept in self._idle if kept[0] is not wire]
        wire.quit()
