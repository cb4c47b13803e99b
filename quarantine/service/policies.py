"""The policy as those who watch it see it: its exceptions, and how often they are used.

Diagnostics: NotAllowed (also SignedOut); StoreError.
"""

import msgspec

from config.business_hours import business_hours
from directory.account import canonical
from quarantine.policies.exceptions import SeenException, with_figures
from quarantine.rights import Verb
from quarantine.service.caller import Caller


class ExceptionPage(msgspec.Struct, frozen=True):
    """All exceptions of the policy in force, and the names of the people who stand there: login -> language -> name."""

    exceptions: tuple[SeenException, ...] = ()
    names: dict[str, dict[str, str]] = {}


class Policies(Caller):
    """What can be seen of the policy without changing it."""

    async def exceptions(self) -> ExceptionPage:
        """The exceptions with their figures (POLICY)."""
        me, parts = await self._me(Verb.POLICY), self._parts
        policy = parts.policy()
        today = business_hours(policy.calendar, parts.zone).day(parts.clock())
        found = await with_figures(policy, parts.counts, me.tenant, today)
        logins = {login for one in found for login in (one.owner, one.approved_by)}
        accounts = {account.login: account for account in await parts.people.all(me.tenant)}
        names = {login: accounts[canonical(login)].name for login in logins if canonical(login) in accounts}
        return ExceptionPage(tuple(found), names)
