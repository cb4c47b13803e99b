"""How many connections of the console there may be, in all and for each client; who says nothing makes room for others."""

from typing import Protocol

from config.console import ConsoleLimits
from gateway.listen.limits import Quiet
from mail.networks import Networks, client_key


class Guest(Protocol):
    """A connection that can be told to go."""

    def leave(self) -> None:
        """Close at once; `Door.left` follows."""


class Door:
    """Who is inside. Each guest came from an address and either waits (has not said a whole head) or is served."""

    def __init__(self, limits: ConsoleLimits, proxies: Networks) -> None:
        self._limits = limits
        self._proxies = proxies
        self._inside: dict[Guest, str] = {}
        self._waiting: dict[Guest, None] = {}
        """In the order in which they began to wait."""
        self._per_client: dict[str, int] = {}
        self.full, self.refused = Quiet(), Quiet()
        """When to say that somebody was turned away, or a request refused."""

    def __len__(self) -> int:
        return len(self._inside)

    def enter(self, guest: Guest, address: str) -> bool:
        """Let a guest in. When all places are taken, the one that has waited longest leaves; False when nobody waits,
        or when this client has its share already (reverse proxies speak for many and have no share)."""
        client = "" if address in self._proxies else client_key(address)
        if client and self._per_client.get(client, 0) >= self._limits.connections_per_address:
            return False
        if len(self._inside) >= self._limits.connections:
            if not self._waiting:
                return False
            oldest = next(iter(self._waiting))
            self.left(oldest)
            oldest.leave()
        self._inside[guest] = client
        self._per_client[client] = self._per_client.get(client, 0) + 1
        self._waiting[guest] = None
        return True

    def waits(self, guest: Guest) -> None:
        """The guest has been answered and may say its next head."""
        if guest in self._inside:
            self._waiting[guest] = None

    def served(self, guest: Guest) -> None:
        """The guest has said a whole head."""
        self._waiting.pop(guest, None)

    def left(self, guest: Guest) -> None:
        """The guest is gone. May be called for who never came in."""
        client = self._inside.pop(guest, None)
        self._waiting.pop(guest, None)
        if client is None:
            return
        self._per_client[client] -= 1
        if not self._per_client[client]:
            del self._per_client[client]
