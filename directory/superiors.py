"""Whose superiors somebody has: the heads of their department and their manager, by address (OUT-APPROVE)."""

import time
from collections.abc import Callable, Iterable

import msgspec

from directory.answer_cache import Recent
from filters.facts import Person
from storage.interfaces import Database

AGE = 60.0
"""Seconds for which it is remembered: a copy to who was head a minute ago does no harm."""
_LEADING = (
    "SELECT login, head_of, addresses FROM people WHERE tenant = :tenant AND disabled = 0"
    " AND (head_of <> '[]' OR login IN (SELECT manager FROM people p WHERE p.tenant = :tenant))"
)
"""Those who head a department or are somebody's manager."""

_strings = msgspec.json.Decoder(tuple[str, ...])
Leading = tuple[str, tuple[str, ...], tuple[str, ...]]
"""Login, departments, addresses."""


class Superiors:
    """Asked for each leaving mail where a rule wants to know."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._recent: Recent[str, tuple[Leading, ...]] = Recent(clock)

    async def of(self, tenant: str, sender: Person) -> tuple[str, ...]:
        """The addresses of somebody's superiors, never their own; may be AGE old. Raises StoreError."""
        recent = self._recent.get(tenant)
        if recent is None:
            rows = await self._database.read(lambda t: t.execute(_LEADING, {"tenant": tenant}))
            found = tuple(
                (str(row["login"]), _strings.decode(row["head_of"]), _strings.decode(row["addresses"]))
                for row in rows
            )
            recent = (found,)
            self._recent.keep(tenant, found, AGE)
        return above(recent[0], sender)


def above(leading: Iterable[Leading], sender: Person) -> tuple[str, ...]:
    """The addresses of those among them who are somebody's superiors."""
    return tuple(
        address
        for login, departments, addresses in leading
        if login != sender.login and (sender.department in departments or login == sender.manager)
        for address in addresses
    )
