"""How often each rule, case and exception of the policy had a consequence: mails by day, for those who write it.

Mail does not wait for these figures: `note` only notes, `flush` (every few seconds, and at the end) writes. What a crash
forgets is a figure that is too small, never a mail.

Diagnostics: StoreError.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable

import msgspec

from filters.examined import Applied
from storage.bound import bound
from storage.interfaces import Database, Row, Transaction
from storage.statements import insert_into

_ADD = (
    insert_into("policy_use", ("tenant", "day", "rule", "source", "consequence", "mails"))
    + " ON CONFLICT (tenant, day, rule, source, consequence)"
    " DO UPDATE SET mails = policy_use.mails + excluded.mails"
)
_SUMS = (
    "SELECT rule, source, consequence, SUM(mails) AS mails, MAX(day) AS last FROM policy_use"
    " WHERE tenant = :tenant AND day >= :since AND day < :until GROUP BY rule, source, consequence"
    " ORDER BY rule, mails DESC, source, consequence"
)
_DAYS = (
    "SELECT day, source, SUM(mails) AS mails FROM policy_use"
    " WHERE tenant = :tenant AND rule = '' AND day >= :since AND day < :until GROUP BY day, source ORDER BY day"
)
"""Mails examined."""
_MONTHS = (
    "SELECT rule, source, SUBSTR(day, 1, 7) AS month, SUM(mails) AS mails, MAX(day) AS last FROM policy_use"
    " WHERE tenant = :tenant AND day >= :since AND source <> '' AND rule <> ''"
    " GROUP BY rule, source, SUBSTR(day, 1, 7) ORDER BY month"
)

EVER = "9999-12-31"
"""After all days."""
Key = tuple[str, str, str, str, str]
"""Tenant, day, rule, source, consequence."""
NOTED = 10_000
"""Different keys that are noted and not written yet, at most; more are not counted."""


class Use(msgspec.Struct, frozen=True):
    """Mails for which a rule had this consequence, by its case or exception `source` ("": its own), and the last day of
    it (ISO date)."""

    rule: str
    source: str
    consequence: str
    mails: int
    last: str


class Month(msgspec.Struct, frozen=True):
    """Mails of a month ("2026-11"), and the last day on which there was one."""

    month: str
    mails: int
    last: str


class PolicyUse(msgspec.Struct, frozen=True):
    """What the policy did: mails examined by direction, and what applied to them."""

    examined: dict[str, int] = {}
    uses: tuple[Use, ...] = ()


class Counts:
    """The figures of all tenants, as one process gathers them."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._noted: Counter[Key] = Counter()

    def note(self, tenant: str, day: str, direction: str, applied: Iterable[Applied]) -> None:
        """A mail was examined on a day and taken, or refused for good; this applied to it."""
        for rule, source, then in (("", direction, ""), *((a.rule, a.by, a.then) for a in applied)):
            key = (tenant, day, rule, source, then)
            if key in self._noted or len(self._noted) < NOTED:
                self._noted[key] += 1

    async def flush(self) -> None:
        """Write what was noted; after a StoreError it is noted still."""
        noted = self._noted
        if not noted:
            return
        self._noted = Counter()
        try:
            await self._database.write(lambda transaction: _add(transaction, noted))
        except BaseException:
            self._noted.update(noted)
            raise

    async def since(self, tenant: str, day: str, until: str = EVER) -> PolicyUse:
        """What the policy did from a day (ISO date) on, before another, the rules by name, of each the most frequent first."""
        values = {"tenant": tenant, "since": day, "until": until}
        rows = await bound(self._database, tenant).read(lambda t: t.execute(_SUMS, values))
        return PolicyUse(
            {row["source"]: int(row["mails"]) for row in rows if not row["rule"]},
            tuple(_use(row) for row in rows if row["rule"]),
        )

    async def days(self, tenant: str, since: str, until: str) -> dict[str, dict[str, int]]:
        """Mails examined by day (ISO date, from `since` on, before `until`) and direction."""
        values = {"tenant": tenant, "since": since, "until": until}
        found: dict[str, dict[str, int]] = defaultdict(dict)
        for row in await bound(self._database, tenant).read(lambda t: t.execute(_DAYS, values)):
            found[row["day"]][row["source"]] = int(row["mails"])
        return dict(found)

    async def by_month(self, tenant: str, day: str) -> dict[tuple[str, str], list[Month]]:
        """The months from a day on, in order, for each case or exception of a rule: (rule, source)."""
        values = {"tenant": tenant, "since": day}
        found: dict[tuple[str, str], list[Month]] = {}
        for row in await bound(self._database, tenant).read(lambda t: t.execute(_MONTHS, values)):
            month = Month(row["month"], int(row["mails"]), row["last"])
            found.setdefault((row["rule"], row["source"]), []).append(month)
        return found


def _add(transaction: Transaction, noted: Counter[Key]) -> None:
    names = ("tenant", "day", "rule", "source", "consequence")
    transaction.executemany(
        _ADD, [{**dict(zip(names, key, strict=True)), "mails": count} for key, count in sorted(noted.items())]
    )


def _use(row: Row) -> Use:
    return Use(row["rule"], row["source"], row["consequence"], int(row["mails"]), row["last"])
