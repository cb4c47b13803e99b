"""Locked files that people sent in the last days: the password that follows one by mail is noticed (OUT-MISSEND).

As with correspondents, mail does not wait for this memory: `note` only notes, `flush` writes. What a crash loses is a
hint, never a hold.
"""

from collections.abc import Callable, Iterable

from directory.answer_cache import Recent
from filters.facts import SentLocked
from mail.address import domain_of
from storage.border import of_all
from storage.bound import bound
from storage.interfaces import Database, Transaction
from storage.statements import among

KEPT = 3 * 86_400.0
"""Seconds for which a file is remembered."""
NOTED = 1_000
"""Entries that are noted and not written yet, at most."""
AGE = 20.0
"""Seconds for which an answer is remembered: in another process somebody may have sent a file meanwhile."""
MOST = 50
"""Files of one person that are remembered as an answer, and that are told of one recipient domain."""

_SENT = (
    "INSERT INTO sent_locked (tenant, login, address, domain, name, at)"
    " VALUES (:tenant, :login, :address, :domain, :name, :at)"
    " ON CONFLICT (tenant, login, address, name) DO UPDATE SET at = excluded.at"
)
_FIND = (
    "SELECT address, name, at FROM sent_locked WHERE tenant = :tenant AND login = :login AND at > :since"
    " ORDER BY at DESC LIMIT :limit"
)
_LATEST_AT = (
    "SELECT address, name, at FROM (SELECT address, name, at,"
    " row_number() OVER (PARTITION BY domain ORDER BY at DESC) AS place FROM sent_locked WHERE tenant = :tenant"
    " AND login = :login AND at > :since AND domain IN ({})) AS sent WHERE place <= :limit"
)
"""The latest of each domain, for those who send so many that the latest of all are not all."""
_FORGET_OLD = of_all("DELETE FROM sent_locked WHERE at <= :since")

Entry = tuple[str, str, SentLocked]
"""A tenant, a login, and what they sent."""


class SentLockedFiles:
    """The memory of all tenants; each question is about one person."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock
        self._noted: list[Entry] = []
        self._recent: Recent[tuple[str, str], tuple[SentLocked, ...]] = Recent(clock)

    def note(self, tenant: str, login: str, names: Iterable[str], addresses: Iterable[str]) -> None:
        """Somebody sent locked files of these names to these addresses."""
        at = self._clock()
        files = [SentLocked(name, address.lower(), at) for name in names for address in addresses]
        self._noted += [(tenant, login, file) for file in files][: max(0, NOTED - len(self._noted))]

    async def find(self, tenant: str, login: str, recipients: Iterable[str]) -> tuple[SentLocked, ...]:
        """What they sent to the domains of these, the latest first. Raises StoreError."""
        domains = dict.fromkeys(domain_of(address.lower()) for address in recipients)
        recent = self._recent.get((tenant, login))
        if recent is None:
            recent = (await self._rows(_FIND, tenant, login, MOST + 1),)
            self._recent.keep((tenant, login), recent[0], AGE)
        mine = tuple(file for whose, who, file in reversed(self._noted) if (whose, who) == (tenant, login))
        found = [file for file in (*mine, *recent[0]) if domain_of(file.address) in domains]
        if len(recent[0]) > MOST:
            names, values = among("domain", tuple(domains))
            found += await self._rows(_LATEST_AT.format(names), tenant, login, MOST, **values)
        return tuple(sorted(dict.fromkeys(found), key=lambda file: -file.at))

    async def _rows(
        self, sql: str, tenant: str, login: str, limit: int, **more: object
    ) -> tuple[SentLocked, ...]:
        values = {"tenant": tenant, "login": login, "since": self._clock() - KEPT, "limit": limit, **more}
        rows = await bound(self._database, tenant).read(lambda t: t.execute(sql, values))
        return tuple(SentLocked(str(r["name"]), str(r["address"]), float(r["at"])) for r in rows)

    async def flush(self) -> None:
        """Write what was noted; after a StoreError it is noted still."""
        if not self._noted:
            return
        written = list(self._noted)
        since = self._clock() - KEPT

        def operation(transaction: Transaction) -> None:
            transaction.executemany(_SENT, [_row(*entry) for entry in written])
            transaction.execute(_FORGET_OLD, {"since": since})

        await self._database.write(operation)
        del self._noted[: len(written)]
        for tenant, login, _ in written:
            self._recent.forget((tenant, login))


def _row(tenant: str, login: str, file: SentLocked) -> dict[str, object]:
    return {
        "tenant": tenant, "login": login, "address": file.address, "domain": domain_of(file.address),
        "name": file.name, "at": file.at,
    }  # fmt: skip
