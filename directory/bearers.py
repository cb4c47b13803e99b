"""Who is meant by whom a policy asks: heads and managers of a sender, roles, groups of the policy, people by login
(OUT-APPROVE); and who is asked instead where none of them can agree.

Whoever edits the policy never stands in for others: they could make themselves the next in line.
"""

from collections.abc import Callable, Collection, Iterable, Sequence

import msgspec

from config.approval import DEPARTMENT_HEAD, LAST, MANAGER, NEXT, PERSON, Turn, chain, written
from config.business_hours import business_hours
from config.policies import PolicyOf
from config.policy import Organisation, Policy
from config.tenant import DEFAULT
from directory.account import Account, Role
from filters.decision.groups import Groups

EDITOR = Role.ADMINISTRATOR
"""Who may put a policy in force."""

GroupsOf = Callable[[Account], frozenset[str]]
"""The policy's groups that somebody is in now."""


def no_groups(account: Account) -> frozenset[str]:
    """Where no policy is known."""
    return frozenset()


def today(policy: PolicyOf, clock: Callable[[], float], zone: str) -> Callable[[], str]:
    """Says the date where the house is."""
    return lambda: business_hours(policy(DEFAULT).calendar, zone).day(clock()).isoformat()


class Membership:
    """The groups of the policy in force, asked for accounts; `today` says the date where the organisation is (ISO)."""

    def __init__(self, policy: PolicyOf, today: Callable[[], str]) -> None:
        self._policy = policy
        self._today = today
        self._known: dict[str, tuple[Policy, Groups]] = {}

    def __call__(self, account: Account) -> frozenset[str]:
        tenant, policy = account.tenant, self._policy(account.tenant)
        if not policy.groups:
            return frozenset()
        if tenant not in self._known or self._known[tenant][0] is not policy:
            named = [name for name, group in policy.groups.items() if group.people is not None]
            self._known[tenant] = policy, Groups(policy.groups, policy.organisation, named)
        return self._known[tenant][1].of_person(account.person, self._today())


def bears(account: Account, step: Turn, owner: Account | None, groups_of: GroupsOf = no_groups) -> bool:
    """True when an account is meant by a step for mail of this sender's."""
    if step.stands_in and EDITOR in account.roles:
        return False
    if step.of == DEPARTMENT_HEAD:
        return owner is not None and bool(owner.department) and owner.department in account.head_of
    if step.of == MANAGER:
        return owner is not None and owner.manager == account.login
    if step.person:
        return step.person == account.login
    by_role = step.of in account.roles and step.of != Role.HOUSE_OPERATOR
    return by_role or step.of in groups_of(account)


class Bearers:
    """The accounts of one tenant that are not disabled, found by what a step says of them."""

    def __init__(self, accounts: Iterable[Account], groups_of: GroupsOf = no_groups) -> None:
        self._named: dict[str, set[str]] = {}
        self._heads: dict[str, set[str]] = {}
        self._editors: set[str] = set()
        for account in accounts:
            if account.disabled:
                continue
            roles = (role for role in account.roles if role is not Role.HOUSE_OPERATOR)
            for name in (*roles, *groups_of(account), PERSON + account.login):
                self._named.setdefault(str(name), set()).add(account.login)
            for department in account.head_of:
                self._heads.setdefault(department, set()).add(account.login)
            if EDITOR in account.roles:
                self._editors.add(account.login)

    def able(self, step: Turn, owner: Account, barred: Collection[str] = ()) -> frozenset[str]:
        """Who can take a step for this sender's mail; `barred`: those whose word counts no more."""
        if step.of == DEPARTMENT_HEAD:
            found = self._heads.get(owner.department, set()) if owner.department else set()
        elif step.of == MANAGER:
            found = self._named.get(PERSON + owner.manager, set())
        else:
            found = self._named.get(step.of, set())
        return frozenset(found - {owner.login, *barred} - (self._editors if step.stands_in else set()))

    def passed_on(
        self, chains: Iterable[str], owner: Account, organisation: Organisation, barred: Collection[str] = ()
    ) -> tuple[str, ...]:
        """The chains with others asked where those whose turn it is are missing or too few: the next in line, else the last.
        A step that nobody at all can take stays."""
        return tuple(
            dict.fromkeys(self._one_passed_on(chain(text), owner, organisation, barred) for text in chains)
        )

    def _one_passed_on(
        self, steps: tuple[Turn, ...], owner: Account, organisation: Organisation, barred: Collection[str]
    ) -> str:
        first, *rest = steps
        there = self.able(first, owner, barred)
        if len(there) < first.need:
            instead = self._instead(first, owner, organisation, {*barred, *there})
            if instead is not None:
                some = [msgspec.structs.replace(first, need=len(there))] if there else []
                return written([*some, *_before(instead, rest)])
        return written(steps)

    def handed_up(
        self,
        chains: Iterable[str],
        owner: Account,
        organisation: Organisation,
        barred: Collection[str] = (),
        *,
        last: bool = True,
    ) -> tuple[str, ...]:
        """The chains with others asked where those whose turn it is did not answer in time: the next in line, after them the
        `last`. A step after which nobody comes stays, and so does the last one's."""
        if not last:
            organisation = msgspec.structs.replace(organisation, last_in_line="")
        return tuple(
            dict.fromkeys(self._one_handed_up(chain(text), owner, organisation, barred) for text in chains)
        )

    def _one_handed_up(
        self, steps: tuple[Turn, ...], owner: Account, organisation: Organisation, barred: Collection[str]
    ) -> str:
        first, *rest = steps
        if first.stands_in == LAST:
            return written(steps)
        silent = {*barred, *self.able(first, owner, barred)}
        if first.stands_in and first.of in _line(first.of, organisation):  # round in a circle, for ever
            organisation = msgspec.structs.replace(organisation, next_in_line={})
        instead = self._instead(first, owner, organisation, silent)
        return written(steps if instead is None else _before(instead, rest))

    def _instead(
        self, step: Turn, owner: Account, organisation: Organisation, barred: Collection[str]
    ) -> Turn | None:
        """Who is asked instead of those who are missing; None where there is nobody."""
        name, seen = step.of, {step.of}
        while (name := organisation.next_in_line.get(name, "")) and name not in seen:
            seen.add(name)
            if self.able(following := Turn(name, stands_in=NEXT), owner, barred):
                return following
        last = Turn(organisation.last_in_line, stands_in=LAST)
        return last if last.of and last.of != step.of and self.able(last, owner, barred) else None

    def editors(self, step: Turn, owner: Account, organisation: Organisation) -> list[str]:
        """Those next in line for a step who may edit the policy, and so never stand in."""
        line = [organisation.next_in_line.get(step.of, ""), organisation.last_in_line]
        found = (self.able(Turn(name), owner) & self._editors for name in line if name)
        return sorted(frozenset[str]().union(*found))

    def stuck(self, text: str, owner: Account, organisation: Organisation) -> Turn | None:
        """The step of a chain that nobody can take for mail of this sender's, None when the chain comes to its end: whoever
        comes first by login has agreed to the steps before."""
        barred: set[str] = set()
        left: tuple[str, ...] = (text,)
        while left:
            left = self.passed_on(left, owner, organisation, barred)
            step, *rest = chain(left[0])
            there = sorted(self.able(step, owner, barred))
            if len(there) < step.need:
                return step
            barred.update(there[: step.need])
            left = (written(rest),) if rest else ()
        return None


def _before(instead: Turn, rest: Sequence[Turn]) -> list[Turn]:
    """Who stands in for a step, and the steps behind it, in which nobody is asked again."""
    need = max((step.need for step in rest if step.of == instead.of), default=1)
    return [msgspec.structs.replace(instead, need=need), *(step for step in rest if step.of != instead.of)]


def _line(name: str, organisation: Organisation) -> set[str]:
    """Who comes after a name in line, as far as it goes."""
    found: set[str] = set()
    while (name := organisation.next_in_line.get(name, "")) and name not in found:
        found.add(name)
    return found
