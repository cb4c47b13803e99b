"""Addresses and words as digests that can still be decided on: the same key makes the same mails fit a policy's groups.

A digest is an HMAC-SHA-256, cut to 48 bits. An address keeps its shape: each ending of its domain is a label, its
sub-address stands apart, and a local part that leads on to another host shows that it does. So the groups and domains
of a policy, put under the same key, fit the same addresses as before; nothing else can be read out of a digest, and
once the key is gone, nothing at all.
"""

import hmac
from collections.abc import Iterable, Mapping
from functools import lru_cache

import msgspec

from config.cases import Group, Names, Recipients, Staff, several
from config.policy import Organisation, Policy
from filters.facts import Person
from mail.address import routes_onward

SIZE = 6
"""Bytes of a digest: among a million addresses and a thousand of a policy, one in 300,000 policies meets a stranger."""
_TAG, _LEADS_ON, _TAG_LEADS_ON = 1, 2, 4
_MANY = 50_000


class Pseudonyms:
    """Under one key."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._domains: dict[str, bytes] = {}

    def word(self, text: str, kind: bytes = b"w") -> bytes:
        """A department, the value of an attribute."""
        return hmac.digest(self._key, kind + bytes(text, "utf-8", "surrogatepass"), "sha256")[:SIZE]

    def address(self, address: str) -> bytes:
        """One byte of flags, the local part, its sub-address if there is one, the labels of the domain."""
        local, _, domain = address.lower().rpartition("@")
        domain = domain.rstrip(".")
        base, plus, tag = local.partition("+")
        flags = _LEADS_ON if routes_onward(f"{base}@") else 0
        digest = self.word(f"{base}@{domain}", b"l")
        if plus:
            flags |= _TAG | (_TAG_LEADS_ON if routes_onward(f"{tag}@") else 0)
            digest += self.word(f"{local}@{domain}", b"t")
        return bytes((flags,)) + digest + self._domain(domain)

    def _domain(self, domain: str) -> bytes:
        found = self._domains.get(domain)
        if found is None:
            if len(self._domains) >= _MANY:
                self._domains.clear()
            labels = domain.split(".")
            endings = (".".join(labels[place:]) for place in range(len(labels)))
            found = self._domains[domain] = b"".join(self.word(ending, b"d") for ending in endings)
        return found

    def under(self, policy: Policy) -> Policy:
        """The policy with its domains, groups and partners as digests: it decides on what `written` tells of a mail."""
        organisation = msgspec.structs.replace(
            policy.organisation,
            domains=self._written_domains(policy.organisation.domains),
            group_domains=self._written_domains(policy.organisation.group_domains),
            partners=self._partners(policy.organisation),
        )
        groups = {name: self._group(group) for name, group in policy.groups.items()}
        return msgspec.structs.replace(policy, organisation=organisation, groups=groups)

    def _partners(self, organisation: Organisation) -> dict[str, str]:
        names = organisation.partners
        return dict(zip(self._written_domains(names), names.values(), strict=True))

    def _group(self, group: Group) -> Group:
        people, recipients = group.people, group.recipients
        if people is not None:
            people = Staff(
                department=self._words(people.department),
                role=people.role,
                addresses=self._addresses(people.addresses),
                attributes={name: self._words(values) for name, values in people.attributes.items()},
                leaving_within=people.leaving_within,
            )
        if recipients is not None:
            recipients = Recipients(
                domains=self._written_domains(several(recipients.domains)),
                addresses=self._addresses(recipients.addresses),
                partners=recipients.partners,
            )
        return Group(people, recipients)

    def _words(self, names: Names) -> tuple[str, ...]:
        return tuple(self.word(name).hex() for name in several(names))

    def _addresses(self, names: Names) -> tuple[str, ...]:
        return tuple(written(self.address(address)) for address in several(names))

    def _written_domains(self, domains: Iterable[str]) -> tuple[str, ...]:
        return tuple(_labels(self._domain(domain.lower().strip("@."))) for domain in domains)


@lru_cache(maxsize=_MANY)
def written(address: bytes) -> str:
    """A digest of an address in the form of one."""
    flags, place = address[0], 1 + SIZE
    local = address[1:place].hex() + ("!" if flags & _LEADS_ON else "")
    if flags & _TAG:
        local += "+" + address[place : place + SIZE].hex() + ("!" if flags & _TAG_LEADS_ON else "")
        place += SIZE
    return f"{local}@{_labels(address[place:])}"


@lru_cache(maxsize=_MANY)
def _labels(domain: bytes) -> str:
    return ".".join(domain[place : place + SIZE].hex() for place in range(0, len(domain), SIZE))


class Somebody(msgspec.Struct, frozen=True, array_like=True):
    """One of our people as digests; role names, the last day and the names of attributes are as they were."""

    addresses: tuple[bytes, ...] = ()
    department: bytes = b""
    roles: tuple[str, ...] = ()
    leaving: str = ""
    attributes: dict[str, bytes] = {}

    @property
    def person(self) -> Person:
        """As the groups of `Pseudonyms.under` ask about them."""
        return Person(
            "",
            addresses=tuple(written(address) for address in self.addresses),
            department=self.department.hex(),
            roles=self.roles,
            leaving=self.leaving,
            attributes={name: value.hex() for name, value in self.attributes.items()},
        )


def somebody(person: Person, pseudonyms: Pseudonyms) -> Somebody:
    """Under the key of these pseudonyms."""
    attributes: Mapping[str, str] = person.attributes
    return Somebody(
        tuple(pseudonyms.address(address) for address in person.addresses),
        pseudonyms.word(person.department) if person.department else b"",
        person.roles,
        person.leaving,
        {name: pseudonyms.word(value) for name, value in attributes.items()},
    )
