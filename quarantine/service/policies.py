"""The policy as those who watch it see it: how often it applied, its versions, its exceptions.

Each sees the versions of their tenant's policy; tenants without one of their own see the house's. Figures are of one's own
tenant.

Diagnostics: NotAllowed (also SignedOut); Missing; StoreError, of which Damaged is a version that somebody edited.
"""

import datetime
from asyncio import to_thread
from collections.abc import Iterator
from itertools import zip_longest

import msgspec

from config.business_hours import business_hours
from config.policy import Policy
from directory.account import Account, canonical
from filters.ruleset import discover
from quarantine.policies.counts import Use
from quarantine.policies.exceptions import SeenException, with_figures
from quarantine.policies.versions import NEVER, PolicyVersion, Versions, difference, numbers
from quarantine.rights import Verb
from quarantine.service.caller import Caller
from quarantine.store import Missing

DAYS = (7, 30, 90, 365)
"""Of how many days figures can be asked for."""
VERSIONS = 20
"""Versions that one answer lists."""


class ExceptionPage(msgspec.Struct, frozen=True):
    """All exceptions of the policy in force, and the names of the people who stand there: login -> language -> name."""

    exceptions: tuple[SeenException, ...] = ()
    names: dict[str, dict[str, str]] = {}


class Figures(msgspec.Struct, frozen=True):
    """What the policy did to the mails of a tenant.

    policy     the name of the policy in force, as it stands in verdicts
    since      the first day that counts (ISO date)
    examined   mails, by direction
    uses       the rules by name, of each the most frequent first
    of         the direction of each rule that stands there: "outbound", "inbound" or "both"
    never      (rule, case or exception) of the policy in force that never applied
    """

    policy: str
    since: str
    examined: dict[str, int] = {}
    uses: tuple[Use, ...] = ()
    of: dict[str, str] = {}
    never: tuple[tuple[str, str], ...] = ()


class ListedVersion(msgspec.Struct, frozen=True):
    """A version without its text; `added` and `removed`: lines, against the version before."""

    number: int
    policy: str
    author: str
    at: float
    comment: str
    presets: tuple[str, ...]
    added: int
    removed: int
    in_force: bool


class VersionPage(msgspec.Struct, frozen=True):
    """Versions, the newest first; `more`: the number before which the next page begins, 0 at the end."""

    versions: tuple[ListedVersion, ...] = ()
    more: int = 0


class OneVersion(msgspec.Struct, frozen=True):
    """A version, and the lines that it changed as `diff -u` shows them."""

    version: ListedVersion
    changed: tuple[str, ...]


class Policies(Caller):
    """What can be seen of the policy without changing it; all of it for POLICY."""

    async def exceptions(self) -> ExceptionPage:
        """The exceptions with their figures."""
        me, parts = await self._me(Verb.POLICY), self._parts
        policy = parts.policy(me.tenant)
        found = await with_figures(policy, parts.counts, me.tenant, self._today(me.tenant, policy))
        logins = {login for one in found for login in (one.owner, one.approved_by)}
        accounts = {account.login: account for account in await parts.people.all(me.tenant)}
        names = {login: accounts[canonical(login)].name for login in logins if canonical(login) in accounts}
        return ExceptionPage(tuple(found), names)

    async def policy_figures(self, days: int) -> Figures:
        """How often each rule, case and exception applied in the last days, today included; `days` is one of DAYS."""
        me, parts = await self._me(Verb.POLICY), self._parts
        policy, known = parts.policy(me.tenant), discover()
        since = self._today(me.tenant, policy) - datetime.timedelta(
            days=(days if days in DAYS else DAYS[1]) - 1
        )
        found = await parts.counts.since(me.tenant, since.isoformat())
        used = {(use.rule, use.source) for use in found.uses}
        of = {use.rule: known[use.rule].direction for use in found.uses if use.rule in known}
        never = tuple(each for each in _named(policy) if each not in used)
        return Figures(policy.version, since.isoformat(), found.examined, found.uses, of, never)

    async def policy_versions(self, before: int = 0) -> VersionPage:
        """The versions before a number (0: from the newest on). Raises Damaged."""
        me = await self._me(Verb.POLICY)
        found = await self._versions(me).newest(VERSIONS + 1, before if 0 < before < NEVER else NEVER)
        force = await self._in_force(me)
        shown = found[:VERSIONS]
        pairs = list(zip_longest(shown, found[1 : VERSIONS + 1]))
        listed = await to_thread(lambda: tuple(_listed(each, older, force) for each, older in pairs))
        return VersionPage(listed, shown[-1].number if len(found) > VERSIONS else 0)

    async def policy_version(self, number: int) -> OneVersion:
        """A version and what it changed. Raises Missing, Damaged."""
        me = await self._me(Verb.POLICY)
        versions = self._versions(me)
        found = await versions.get(number) if 0 < number < NEVER else None
        if found is None:
            raise Missing("there is no such version")
        older = await versions.get(number - 1)
        lines = await to_thread(difference, older, found)
        return OneVersion(_listed(found, older, await self._in_force(me)), tuple(lines))

    def _versions(self, me: Account) -> Versions:
        return Versions(self._parts.store, self._parts.keeper(me.tenant))

    async def _in_force(self, me: Account) -> int:
        """The number of the version in force, 0 when the policy in force was not kept yet."""
        latest, policy = await self._versions(me).latest(), self._parts.policy(me.tenant)
        return latest.number if latest is not None and latest.policy == policy.version else 0

    def _today(self, tenant: str, policy: Policy) -> datetime.date:
        return business_hours(policy.calendar, self._parts.zone(tenant)).day(self._parts.clock())


def _named(policy: Policy) -> Iterator[tuple[str, str]]:
    """The cases and exceptions of a policy: rule and name, as they are counted."""
    for rule, said in sorted(policy.rules.items()):
        yield from ((rule, case.called(number)) for number, case in enumerate(said.cases))
    yield from ((each.rule, each.called(number)) for number, each in enumerate(policy.exceptions))


def _listed(version: PolicyVersion, older: PolicyVersion | None, force: int) -> ListedVersion:
    added, removed = numbers(difference(older, version))
    return ListedVersion(
        version.number, version.policy, version.author, version.at, version.comment, tuple(sorted(version.presets)),
        added, removed, version.number == force,
    )  # fmt: skip
