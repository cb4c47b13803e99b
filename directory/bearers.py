"""Who bears which role, as far as approvals ask: roles of a tenant, heads of its departments (OUT-APPROVE)."""

import time
from collections.abc import Callable, Iterable, Mapping

import msgspec

from directory.account import Account, Role
from directory.answer_cache import Recent
from filters.facts import Person
from storage.interfaces import Database

DEPARTMENT_HEAD = "department_head"
"""The role that a policy can ask for besides those of an account: `head_of` gives it."""


AGE = 2.0
"""Seconds for which it is remembered who has which role."""

_BEARERS = (
    "SELECT login, roles, head_of FROM people WHERE tenant = :tenant AND disabled = 0"
    " AND (head_of <> '[]' OR roles NOT IN ('[]', '[\"user\"]'))"
)
"""Those who have a role besides that of a user, or head a department."""


class Bearers(msgspec.Struct, frozen=True):
    """Logins by role, and by the department that they head."""

    roles: Mapping[str, frozenset[str]]
    heads: Mapping[str, frozenset[str]]

    def vacant(self, login: str, department: str) -> frozenset[str]:
        """The roles in which nobody but this person can speak for mail of theirs."""
        found = {str(role) for role in Role if not self.roles.get(role, frozenset()) - {login}}
        if not department or not self.heads.get(department, frozenset()) - {login}:
            found.add(DEPARTMENT_HEAD)
        return frozenset(found)


def bearers(accounts: Iterable[Account]) -> Bearers:
    """Of these accounts those who are not disabled."""
    roles: dict[str, set[str]] = {}
    heads: dict[str, set[str]] = {}
    for account in accounts:
        if account.disabled:
            continue
        for role in account.roles:
            roles.setdefault(role, set()).add(account.login)
        for department in account.head_of:
            heads.setdefault(department, set()).add(account.login)
    return Bearers(
        {role: frozenset(logins) for role, logins in roles.items()},
        {department: frozenset(logins) for department, logins in heads.items()},
    )


class Vacancies:
    """Which roles nobody but a sender has, by the directory."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._bearers: Recent[str, Bearers] = Recent(clock)

    async def of(self, tenant: str, sender: Person) -> frozenset[str]:
        """May be AGE old. Raises StoreError."""
        recent = self._bearers.get(tenant)
        if recent is None:
            rows = await self._database.read(lambda t: t.execute(_BEARERS, {"tenant": tenant}))
            found = bearers(
                Account(
                    row["login"],
                    roles=msgspec.json.decode(row["roles"], type=tuple[Role, ...]),
                    head_of=msgspec.json.decode(row["head_of"], type=tuple[str, ...]),
                )
                for row in rows
            )
            recent = (found,)
            self._bearers.keep(tenant, found, AGE)
        return recent[0].vacant(sender.login, sender.department)
