"""What groups and exceptions of a policy say of people who are not there, and exceptions whose time is over, and
presets that undo each other: doubts."""

import datetime
from collections.abc import Iterator, Sequence

from config.cases import Group
from config.consequence import consequence
from config.policy import Policy
from config.problems import meant
from directory.people_file import PeopleEntry
from filters.decision.groups import Groups


def doubts_of_groups(people: Sequence[PeopleEntry], policy: Policy, today: datetime.date) -> Iterator[str]:
    """One sentence each, which begins with its key in the policy file."""
    there = [entry.person for entry in people if not entry.disabled]
    asked = Groups(policy.groups, policy.organisation, policy.groups)
    taken = frozenset().union(*(asked.of_person(person, today.isoformat()) for person in there))
    for name, group in policy.groups.items():
        if _names_lasting_people(group) and name not in taken:
            yield f"groups.{name}: nobody in the people file belongs to it"
    logins = [entry.login for entry in people if not entry.disabled]
    for number, each in enumerate(policy.exceptions):
        here = f"exceptions.{number}"
        if each.until < today:
            yield f"{here}.until: is over since {each.until}; the exception counts no more"
        for key in ("owner", "approved_by"):
            login = getattr(each, key).strip().lower()
            if login not in logins:
                yield f"{here}.{key}: nobody has the login {login!r}{meant(login, logins)}"


def doubts_of_delay(presets: Sequence[str], policy: Policy) -> Iterator[str]:
    """Mail to the outside that leaves at once where the rule book is kept, which forbids just that (OUT-DELAY)."""
    rule = policy.rules["external_recipient"]
    said = {
        "then": rule.then,
        **{f"cases.{number}.then": each.then for number, each in enumerate(rule.cases)},
    }
    for key, then in said.items() if "rulebook" in presets and policy.mode == "enforce" else ():
        if then and str(consequence(then)) in ("off", "observe", "delay 0s"):
            key = f"rules.external_recipient.{key}"
            yield f'{key}: "{then}" lets mail leave at once, which the preset "rulebook" never does'


def _names_lasting_people(group: Group) -> bool:
    """Not those who leave soon: there may be none today."""
    return group.people is not None and not group.people.leaving_within
