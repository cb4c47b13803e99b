"""Who belongs to which of the policy's groups: people of ours by the directory, addresses by their domains."""

import datetime
from collections.abc import Iterable, Mapping
from functools import lru_cache

from config.cases import BUILT_IN, Group, Staff, several
from config.policy import Organisation
from filters.facts import Person
from mail.address import a_labels, on_the_wire, without_tag

MANY = 10_000
"""Addresses whose groups are kept at hand."""


class Groups:
    """The groups of a policy, ready to be asked; those that no case and no exception names are left out."""

    def __init__(self, groups: Mapping[str, Group], organisation: Organisation, asked: Iterable[str]) -> None:
        self.asked = frozenset(asked)
        """The names that anybody asks for; none: no case and no exception is about groups."""
        self._organisation = organisation
        self.of_address = lru_cache(maxsize=MANY)(self._of_address)
        """The groups of an address: a forward-path, or an author's."""
        self._built_in = self.asked & frozenset(BUILT_IN)
        self._people: dict[str, Staff] = {}
        self._domains: dict[str, set[str]] = {}
        self._addresses: dict[str, set[str]] = {}
        for name in sorted(self.asked & groups.keys()):
            group = groups[name]
            if group.people is not None:
                self._people[name] = group.people
            if group.recipients is None:
                continue
            partners = set(several(group.recipients.partners))
            of_partners = [d for d, partner in organisation.partners.items() if partner in partners]
            for domain in (*several(group.recipients.domains), *of_partners):
                self._domains.setdefault(a_labels(domain.strip("@.")), set()).add(name)
            for address in several(group.recipients.addresses):
                self._addresses.setdefault(on_the_wire(address.lower()), set()).add(name)

    def _of_address(self, address: str) -> frozenset[str]:
        address = address.lower()
        found = self._addresses.get(address, set()) | self._addresses.get(without_tag(address), set())
        domain = address.rpartition("@")[2].rstrip(".")
        while domain:
            found |= self._domains.get(domain, set())
            domain = domain.partition(".")[2]
        if self._built_in:
            internal = self._organisation.internal(address)
            fits = {
                "internal": internal,
                "group": self._organisation.group(address),
                "external": not internal,
            }
            found |= {name for name in self._built_in if fits[name]}
        return frozenset(found)

    def of_person(self, person: Person, day: str) -> frozenset[str]:
        """The groups of one of our people on a day (ISO date, "" when it is not known)."""
        found = {name for name, asked in self._people.items() if _fits(asked, person, day)}
        return frozenset(found).union(*map(self.of_address, person.addresses))


def _fits(asked: Staff, person: Person, day: str) -> bool:
    """True when all that is asked of a person is so, and anything is asked."""
    fits = [person.attributes.get(name, "") in several(values) for name, values in asked.attributes.items()]
    if asked.department:
        fits.append(person.department in several(asked.department))
    if asked.role:
        fits.append(not set(person.roles).isdisjoint(several(asked.role)))
    if asked.addresses:
        mine = {form for address in person.addresses for form in (address.lower(), without_tag(address))}
        fits.append(not mine.isdisjoint(address.lower() for address in several(asked.addresses)))
    if asked.leaving_days is not None:
        fits.append(_leaves(person.leaving, day, asked.leaving_days))
    return bool(fits) and all(fits)


def _leaves(last: str, day: str, within: int) -> bool:
    if not last or not day:
        return False
    return (datetime.date.fromisoformat(last) - datetime.date.fromisoformat(day)).days <= within
