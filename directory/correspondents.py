"""Correspondents: to whom we have written, and from whom clean mail came (IN-FIRST, OUT-MISSEND).

An address is known when one of us wrote to it: what only comes to us, however often and however clean, is not.
It is familiar when clean mail from it came at least a day ago: no first contact any more, and no more than that, so
that nobody gains our trust by sending harmless mail first.

Mail does not wait for this memory: `note_sent` and `note_received` only note, `flush` (called every few
seconds and at the end) writes. What a crash loses makes us more careful, never less. Answers are remembered for a
while: that an address is known (nobody is forgotten), and for less long that it is not (careful again).
"""

import time
from collections.abc import Callable, Iterable, Mapping

from directory.answer_cache import Recent
from directory.sent_locked import SentLockedFiles
from storage.bound import bound
from storage.interfaces import Database, Transaction
from storage.statements import among

SETTLE = 86_400.0
"""Seconds that the first clean mail of an address must be old."""

LEARNING = 30 * 86_400.0
"""Seconds after the first entry of all during which nobody is called unknown."""

KNOWN_AGE, UNKNOWN_AGE = 600.0, 30.0
"""Seconds for which an answer about an address is remembered."""

KNOWN, FAMILIAR = "known", "familiar"
NOTED = 10_000  # addresses noted and not yet written, at most; more are not remembered
_MANY = 400  # parameters of one query: below the limit of every SQLite

_WROTE = (
    "INSERT INTO correspondents (tenant, address, sent_at) VALUES (:tenant, :address, :now)"
    " ON CONFLICT (tenant, address) DO UPDATE SET sent_at = excluded.sent_at"
)
"""One of us wrote to an address."""
_CAME = (
    "INSERT INTO correspondents (tenant, address, clean_first, clean_last) VALUES (:tenant, :address, :now, :now)"
    " ON CONFLICT (tenant, address) DO UPDATE SET"
    " clean_first = COALESCE(correspondents.clean_first, excluded.clean_first), clean_last = excluded.clean_last"
)
"""Clean mail came from an address; the first time is kept."""
_LEARN = (
    "INSERT INTO correspondents (tenant, address, sent_at) VALUES (:tenant, :address, :now)"
    " ON CONFLICT (tenant, address) DO UPDATE SET sent_at = CASE WHEN correspondents.sent_at >= excluded.sent_at"
    " THEN correspondents.sent_at ELSE excluded.sent_at END"
)
"""One of us wrote to an address at an earlier time."""
_RELATIONS = (
    "SELECT address, sent_at FROM correspondents WHERE tenant = :tenant AND address IN ({})"
    " AND (sent_at IS NOT NULL OR clean_first <= :settled)"
)
"""Those of some addresses that are known or familiar."""
_SINCE = "SELECT MIN(COALESCE(clean_first, sent_at)) AS since FROM correspondents WHERE tenant = :tenant"
"""When the memory began."""


Known = tuple[str, str]
"""A tenant and an address, lower case."""


class Correspondents:
    """The memory of all tenants; each question is about one. Addresses are compared in lower case. `locked` remembers what
    we sent them locked."""

    def __init__(
        self,
        database: Database,
        *,
        learning: float = LEARNING,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._learning = learning
        self._clock = clock
        self._since: Recent[str, float | None] = Recent(clock)
        self._recent: Recent[Known, str] = Recent(clock)
        self._sent: dict[Known, float] = {}
        self._clean: dict[Known, float] = {}
        self.locked = SentLockedFiles(database, clock)

    def note_sent(self, tenant: str, addresses: Iterable[str]) -> None:
        """Mail of one of us, who logged in, left to these addresses."""
        self._note(self._sent, tenant, addresses)

    def note_received(self, tenant: str, *addresses: str) -> None:
        """Mail without a warning came from these addresses."""
        self._note(self._clean, tenant, addresses)

    async def flush(self) -> None:
        """Write what was noted; after a StoreError it is noted still."""
        await self.locked.flush()
        sent, clean = dict(self._sent), dict(self._clean)
        if not sent and not clean:
            return

        def operation(transaction: Transaction) -> None:
            transaction.executemany(_WROTE, _rows(sent))
            transaction.executemany(_CAME, _rows(clean))

        await self._database.write(operation)
        for noted, written in ((self._sent, sent), (self._clean, clean)):
            for key, at in written.items():
                if noted.get(key) == at:
                    del noted[key]
        for key in sent:
            self._recent.forget(key)
        self._since.forget()

    async def known(self, tenant: str, addresses: Iterable[str]) -> frozenset[str]:
        """Those of the addresses to which one of us wrote, spelt as they were given."""
        found = await self._relations(tenant, addresses)
        return frozenset(a for a, relation in found.items() if relation == KNOWN)

    async def familiar(self, tenant: str, addresses: Iterable[str]) -> frozenset[str]:
        """Those of the addresses that are known, or from which clean mail came for a while."""
        return frozenset(a for a, relation in (await self._relations(tenant, addresses)).items() if relation)

    async def _relations(self, tenant: str, addresses: Iterable[str]) -> dict[str, str]:
        """KNOWN, FAMILIAR or "" for each address."""
        wanted = {a.lower(): a for a in addresses}
        found = {}
        keys = []
        for address in wanted:
            recent = self._recent.get((tenant, address))
            if (tenant, address) in self._sent:
                found[address] = KNOWN
            elif recent is None:
                keys.append(address)
            else:
                found[address] = recent[0]
        settled = self._clock() - SETTLE
        for start in range(0, len(keys), _MANY):
            part = keys[start : start + _MANY]
            names, values = among("a", part)
            sql, parameters = _RELATIONS.format(names), {**values, "tenant": tenant, "settled": settled}
            rows = await bound(self._database, tenant).read(lambda t, s=sql, p=parameters: t.execute(s, p))  # type: ignore[misc]
            answers = {str(r["address"]): FAMILIAR if r["sent_at"] is None else KNOWN for r in rows}
            for address in part:
                found[address] = answers.get(address, "")
                seconds = KNOWN_AGE if found[address] == KNOWN else UNKNOWN_AGE
                self._recent.keep((tenant, address), found[address], seconds)
        return {wanted[address]: relation for address, relation in found.items()}

    async def learning(self, tenant: str) -> bool:
        """True while the memory is too young to call anybody unknown."""
        recent = self._since.get(tenant)
        if recent is None:
            rows = await bound(self._database, tenant).read(lambda t: t.execute(_SINCE, {"tenant": tenant}))
            recent = (rows[0]["since"] if rows else None,)
            self._since.keep(tenant, recent[0], UNKNOWN_AGE)
        return recent[0] is None or self._clock() - recent[0] < self._learning

    async def learn(self, tenant: str, sent: Mapping[str, float]) -> int:
        """One of us wrote to these addresses (lower case) at these times, before this memory began; how many were not known.
        Raises StoreError."""
        known = await self.known(tenant, sent)
        rows = _rows({(tenant, address): at for address, at in sent.items()})
        for start in range(0, len(rows), _MANY):
            part = rows[start : start + _MANY]
            await bound(self._database, tenant).write(lambda t, p=part: t.executemany(_LEARN, p))  # type: ignore[misc]
        self._recent.forget()
        self._since.forget()
        return len(sent) - len(known)

    def _note(self, noted: dict[Known, float], tenant: str, addresses: Iterable[str]) -> None:
        for address in addresses:
            if address and len(noted) < NOTED:
                noted[tenant, address.lower()] = self._clock()


def _rows(noted: dict[Known, float]) -> list[dict[str, object]]:
    return [{"tenant": t, "address": a, "now": at} for (t, a), at in sorted(noted.items())]
