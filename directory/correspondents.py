"""Correspondents: to whom we have written, and from whom clean mail came (IN-FIRST, OUT-MISSEND).

An address is known when one of us wrote to it, or when clean mail from it came at least a day ago: an
attacker who sends a harmless mail first is not yet known when the second one comes an hour later.
"""

from collections.abc import Iterable

from storage.interfaces import Database

SETTLE = 86_400.0
"""Seconds that the first clean mail of an address must be old."""

LEARNING = 30 * 86_400.0
"""Seconds after the first entry of all during which nobody is called unknown."""

_MANY = 400  # parameters of one query: below the limit of every SQLite


class Correspondents:
    """The memory of one tenant. Addresses are compared in lower case."""

    def __init__(self, database: Database, tenant: str = "default", *, learning: float = LEARNING) -> None:
        self._database = database
        self._tenant = tenant
        self._learning = learning
        self._since: float | None = None

    async def sent_to(self, addresses: Iterable[str], now: float) -> None:
        """One of us wrote to these addresses (call it when the mail has left)."""
        await self._database.write(
            lambda t: t.executemany(
                "INSERT INTO correspondents (tenant, address, sent_at) VALUES (:tenant, :address, :now) "
                "ON CONFLICT (tenant, address) DO UPDATE SET sent_at = excluded.sent_at",
                self._rows(addresses, now),
            )
        )

    async def clean_from(self, addresses: Iterable[str], now: float) -> None:
        """Authenticated mail without a warning came from these addresses."""
        await self._database.write(
            lambda t: t.executemany(
                "INSERT INTO correspondents (tenant, address, clean_first, clean_last) "
                "VALUES (:tenant, :address, :now, :now) ON CONFLICT (tenant, address) DO UPDATE SET "
                "clean_first = COALESCE(correspondents.clean_first, excluded.clean_first), "
                "clean_last = excluded.clean_last",
                self._rows(addresses, now),
            )
        )

    async def known(self, addresses: Iterable[str], now: float) -> frozenset[str]:
        """Those of the addresses that we know, spelt as they were given."""
        wanted = {a.lower(): a for a in addresses}
        keys = list(wanted)
        found: set[str] = set()
        for start in range(0, len(keys), _MANY):
            part = {f"a{i}": a for i, a in enumerate(keys[start : start + _MANY])}
            sql = (
                "SELECT address FROM correspondents WHERE tenant = :tenant AND "  # noqa: S608 (only :names are joined)
                f"address IN ({', '.join(':' + p for p in part)}) AND "
                "(sent_at IS NOT NULL OR clean_first <= :settled)"
            )
            parameters = {**part, "tenant": self._tenant, "settled": now - SETTLE}
            rows = await self._database.read(lambda t, s=sql, p=parameters: t.execute(s, p))  # type: ignore[misc]
            found |= {wanted[str(r["address"])] for r in rows}
        return frozenset(found)

    async def learning(self, now: float) -> bool:
        """True while the memory is too young to call anybody unknown."""
        if self._since is None:
            rows = await self._database.read(
                lambda t: t.execute(
                    "SELECT MIN(COALESCE(clean_first, sent_at)) AS since FROM correspondents WHERE tenant = :tenant",
                    {"tenant": self._tenant},
                )
            )
            self._since = rows[0]["since"] if rows else None
        return self._since is None or now - self._since < self._learning

    def _rows(self, addresses: Iterable[str], now: float) -> list[dict[str, object]]:
        return [
            {"tenant": self._tenant, "address": a, "now": now}
            for a in sorted({a.lower() for a in addresses if a})
        ]
