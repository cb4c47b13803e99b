"""Many strangers writing to one mailbox within minutes: somebody entered it in forms all over the web, so that what matters
is overlooked among the answers (mail bombing).

    floods.note(tenant, ["sato@us.example"], "shop.example", now)    a stranger's mail came: how many strangers lately
    floods.begun(); floods.heard(flood)                              mailboxes where it has begun; people were told of one

Counted are the strangers' organisational domains, so that one busy newsletter counts once. Nothing is written down: each
node counts what it sees, bounded in mailboxes and in strangers of each; what a crash loses is counted again.
"""

from collections import OrderedDict, deque
from collections.abc import Iterable
from contextlib import suppress

import msgspec

WINDOW = 20 * 60.0
"""Seconds within which strangers count together."""
MANY = 30
"""Strangers within WINDOW that are a flood."""
QUIET = 6 * 3600.0
"""Seconds after a flood was told in which it is not told again."""
MAILBOXES = 20_000
KEPT = 300
"""Mailboxes that are looked at, and strangers of each; then the oldest go."""


class Flood(msgspec.Struct, frozen=True):
    """Where it has begun, when, and how many strangers had written by then."""

    tenant: str
    address: str
    at: float
    strangers: int


class Floods:
    """Counts of one node."""

    def __init__(self) -> None:
        self._lately: OrderedDict[tuple[str, str], OrderedDict[str, float]] = OrderedDict()
        self._told: OrderedDict[tuple[str, str], float] = OrderedDict()
        self._begun: deque[Flood] = deque(maxlen=1_000)

    def note(self, tenant: str, recipients: Iterable[str], domain: str, now: float) -> dict[str, int]:
        """A stranger of this domain writes to these now. Recipients in a flood -> how many strangers wrote within WINDOW."""
        found: dict[str, int] = {}
        for address in recipients:
            key = (tenant, address.lower())
            came = self._lately.setdefault(key, OrderedDict())
            self._lately.move_to_end(key)
            came[domain] = now
            came.move_to_end(domain)
            while len(came) > KEPT or next(iter(came.values())) < now - WINDOW:
                came.popitem(last=False)
            if len(self._lately) > MAILBOXES:
                self._lately.popitem(last=False)
            if len(came) >= MANY:
                found[address] = len(came)
                self._tell(key, now, len(came))
        return found

    def begun(self) -> list[Flood]:
        """Floods that nobody has heard of yet."""
        return list(self._begun)

    def heard(self, flood: Flood) -> None:
        """People were told of this one."""
        with suppress(ValueError):  # so many that it made room for others
            self._begun.remove(flood)

    def _tell(self, key: tuple[str, str], now: float, strangers: int) -> None:
        if now - self._told.get(key, -QUIET) < QUIET:
            return
        self._told[key] = now
        self._told.move_to_end(key)
        if len(self._told) > MAILBOXES:
            self._told.popitem(last=False)
        self._begun.append(Flood(*key, now, strangers))
