"""Many strangers writing to one mailbox within minutes: somebody entered it in forms all over the web, so that what matters
is overlooked among the answers (mail bombing).

    floods.note(tenant, ["sato@us.example"], "shop.example", now)    a stranger's mail came: how many strangers lately
    floods.begun(); floods.heard(flood)                              mailboxes where it has begun; people were told of one

    await shared(floods, database, now)    what this process has seen, and what the others have, every few seconds

Counted are the strangers' organisational domains, so that one busy newsletter counts once. A process counts what it sees at
once, bounded in mailboxes and in strangers of each; what the others saw is added from the database, where a row is a
stranger of a mailbox and ends with the window. Where one process does all, nothing is written down.
"""

from collections import OrderedDict, deque
from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import partial

import msgspec

from storage.border import of_all
from storage.bound import bound
from storage.interfaces import Database, Row, Transaction
from storage.statements import among, insert_into

WINDOW = 20 * 60.0
"""Seconds within which strangers count together."""
MANY = 30
"""Strangers within WINDOW that are a flood."""
QUIET = 6 * 3600.0
"""Seconds after a flood was told in which it is not told again."""
MAILBOXES = 20_000
KEPT = 300
"""Mailboxes that are looked at, and strangers of each; then the oldest go."""
ROWS = 50_000
"""Most rows that are read at a time."""
NEWS = 2_000
"""Sights that wait to be told to the others; then the oldest go."""

_TELL = (
    f"{insert_into('flood_stranger', ('tenant', 'address', 'domain', 'at'))}"
    " ON CONFLICT (tenant, address, domain) DO UPDATE SET at = excluded.at"
)
_FORGET = of_all("DELETE FROM flood_stranger WHERE at < :before")
_LATELY = (
    "SELECT tenant, address, domain, at FROM flood_stranger WHERE tenant = :tenant AND address IN ({}) AND at >= :since"
    " ORDER BY at DESC LIMIT :most"
)

Key = tuple[str, str]


class Flood(msgspec.Struct, frozen=True):
    """Where it has begun, when, and how many strangers had written by then."""

    tenant: str
    address: str
    at: float
    strangers: int


class Floods:
    """Counts of one process."""

    def __init__(self) -> None:
        self._lately: OrderedDict[tuple[str, str], OrderedDict[str, float]] = OrderedDict()
        self._told: OrderedDict[tuple[str, str], float] = OrderedDict()
        self._begun: deque[Flood] = deque(maxlen=1_000)
        self._news: OrderedDict[tuple[str, str, str], float] = OrderedDict()

    def note(self, tenant: str, recipients: Iterable[str], domain: str, now: float) -> dict[str, int]:
        """A stranger of this domain writes to these now. Recipients in a flood -> how many strangers wrote within WINDOW."""
        found: dict[str, int] = {}
        for address in recipients:
            key = (tenant, address.lower())
            self._news[(*key, domain)] = now
            self._news.move_to_end((*key, domain))
            if len(self._news) > NEWS:
                self._news.popitem(last=False)
            if (number := self._count(key, {domain: now}, now)) >= MANY:
                found[address] = number
        return found

    def news(self) -> list[tuple[str, str, str, float]]:
        """What was seen since `told`: tenant, address, domain, when."""
        return [(*sight, at) for sight, at in self._news.items()]

    def told(self, news: Iterable[tuple[str, str, str, float]]) -> None:
        """The others can read of these."""
        for *sight, at in news:
            if self._news.get((sight[0], sight[1], sight[2])) == at:
                del self._news[sight[0], sight[1], sight[2]]

    def heard_of(self, rows: Iterable[Row], now: float) -> None:
        """What everybody has seen."""
        lately: dict[Key, dict[str, float]] = {}
        for row in rows:
            lately.setdefault((row["tenant"], row["address"]), {})[row["domain"]] = row["at"]
        for key, came in lately.items():
            self._count(key, came, now)

    def _count(self, key: Key, came: dict[str, float], now: float) -> int:
        """The strangers of a mailbox within the window, these among them."""
        known = self._lately.setdefault(key, OrderedDict())
        self._lately.move_to_end(key)
        for domain, at in sorted(came.items(), key=lambda each: each[1]):
            if at >= known.get(domain, 0.0):
                known[domain] = at
                known.move_to_end(domain)
        while known and (len(known) > KEPT or next(iter(known.values())) < now - WINDOW):
            known.popitem(last=False)
        if len(self._lately) > MAILBOXES:
            self._lately.popitem(last=False)
        if len(known) >= MANY:
            self._tell(key, now, len(known))
        return len(known)

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


async def shared(floods: Floods, database: Database, now: float) -> None:
    """Tell the others of the strangers that this process saw since the last time, and hear of theirs at the same mailboxes.
    Raises StoreError; then it is told the next time."""
    news = floods.news()
    if not news:
        return
    await database.write(lambda t: _told(t, news, now - WINDOW))
    floods.told(news)
    boxes: dict[str, dict[str, None]] = {}
    for tenant, address, _, _ in news:
        boxes.setdefault(tenant, {})[address] = None
    for tenant, addresses in boxes.items():
        rows = await bound(database, tenant).read(
            partial(_lately, tenant=tenant, addresses=tuple(addresses), now=now)
        )
        floods.heard_of(rows, now)


def _told(transaction: Transaction, news: Sequence[tuple[str, str, str, float]], before: float) -> None:
    transaction.execute(_FORGET, {"before": before})
    for tenant, address, domain, at in news:
        transaction.execute(_TELL, {"tenant": tenant, "address": address, "domain": domain, "at": at})


def _lately(transaction: Transaction, tenant: str, addresses: Sequence[str], now: float) -> list[Row]:
    names, values = among("a", addresses)
    return list(
        transaction.execute(
            _LATELY.format(names), {**values, "tenant": tenant, "since": now - WINDOW, "most": ROWS}
        )
    )
