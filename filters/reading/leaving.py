"""What the rules about wrong recipients look at: who gets the mail, under which names, and whom it greets.

leaving = mail.leaving
leaving.outside          Addressee: .index .address .domain .name of each external recipient
leaving.visible          the addresses in To and Cc
leaving.greeting         whom the first lines greet
leaving.greets(address)  whether a name of theirs is among those
"""

import msgspec

from config.policy import Organisation
from filters.facts import Acquaintances, Facts
from filters.finding import Evidence
from filters.lures.hosts import organisational
from filters.reading.greeting import Greeting, firm, greeting, plain
from filters.reading.reading import Reading
from mail.address import domain_of, header_addresses
from mail.cached import cached_property
from mail.message import Message

MANY = 30
"""Recipients of one mail; with more it is a circular, in which nobody is greeted and nobody knows the others."""
FREQUENT = 2.0
"""How often somebody wrote where they write regularly (Acquaintance.mine)."""


class Addressee(msgspec.Struct, frozen=True):
    """One recipient: index of the forward-path; the address in lower case; its organisational domain; the name that the
    mail shows, as it is compared."""

    index: int
    address: str
    domain: str
    name: str = ""


class Leaving:
    """The recipients of one leaving mail; worked out once."""

    def __init__(self, message: Message, facts: Facts, reading: Reading) -> None:
        self._message = message
        self._facts = facts
        self._reading = reading

    @property
    def memory(self) -> Acquaintances:
        return self._facts.memory or Acquaintances()

    @cached_property
    def names(self) -> dict[str, str]:
        """Address -> the name that To or Cc shows with it, as it is compared; "" for none."""
        found: dict[str, str] = {}
        for header in self._message.headers:
            if header.name in ("to", "cc"):
                for each in (m for m in header_addresses(header.value) if "@" in m.address):
                    found.setdefault(each.address.lower(), "" if "@" in each.name else plain(each.name))
        return found

    @cached_property
    def first(self) -> frozenset[str]:
        """The addresses in To."""
        fields = (h for h in self._message.headers if h.name == "to")
        return frozenset(m.address.lower() for h in fields for m in header_addresses(h.value))

    @property
    def reply_to(self) -> str:
        """The first address in Reply-To, in lower case."""
        header = self._message.first("reply-to")
        return next((m.address.lower()[:254] for m in header_addresses(header.value)), "") if header else ""

    @cached_property
    def visible(self) -> frozenset[str]:
        return frozenset(self.names)

    @cached_property
    def recipients(self) -> tuple[Addressee, ...]:
        """All, ours included."""
        return tuple(
            Addressee(
                n, lower := address.lower(), organisational(domain_of(lower)), self.names.get(lower, "")
            )
            for n, address in enumerate(self._facts.envelope.recipients)
        )

    def outside(self, organisation: Organisation) -> tuple[Addressee, ...]:
        """Those outside our own and the group's domains; () for a circular, and where nothing is remembered."""
        if self._facts.memory is None:
            return ()
        found = tuple(r for r in self.recipients if not organisation.group(r.address))
        return found if len(found) <= MANY else ()

    @cached_property
    def greeting(self) -> Greeting:
        """Of the first text that greets somebody; texts of attachments are none."""
        return next((g for text in self._reading.bodies[:3] if (g := greeting(text.raw)).line), Greeting())

    def greeted(self) -> Evidence:
        """The line that greets, as evidence."""
        return Evidence(self.greeting.line[:120], "1", 0)

    def says(self, words: tuple[str, ...]) -> bool:
        """True when one of these words stands in the subject or the beginning of a text."""
        texts = (self._reading.subject.flat, *(text.flat[:3_000] for text in self._reading.bodies[:3]))
        return any(word in text for text in texts for word in words)

    def mentions(self, domain: str, organisation: Organisation) -> bool:
        """True when the subject, the first lines or the name of a file name the company with this domain."""
        told = [self._reading.subject.raw, *(t.raw[:400] for t in self._reading.bodies[:3])]
        told += [attachment.name for attachment in self._reading.attachments]
        text = plain("\n".join(told))
        return any(len(each) >= 3 and each in text for each in self.firms(domain, organisation))

    def home(self, address: str) -> str:
        """The organisational domain of an address."""
        return organisational(domain_of(address))

    def known_names(self, recipient: Addressee) -> tuple[str, ...]:
        """All names by which this mail or earlier ones call them."""
        known = self.memory.of(recipient.address).names
        return tuple(dict.fromkeys(filter(None, (recipient.name, *known))))

    def greets(self, recipient: Addressee) -> bool:
        """True when one of the people whom the mail greets can be them."""
        return any(
            fits(person, self.known_names(recipient), recipient.address) for person in self.greeting.people
        )

    def firms(self, domain: str, organisation: Organisation) -> tuple[str, ...]:
        """The names of the company that has this domain."""
        written = organisation.partners.get(domain, "")
        return tuple(dict.fromkeys(filter(None, (firm(written), *self.memory.at(domain).names))))

    def whose(self, companies: tuple[str, ...], organisation: Organisation) -> str:
        """The domain of one of these companies, as far as partners of the policy and the memory tell; ""."""
        domains = (*self.memory.domains, *organisation.partners)
        return next(
            (
                d
                for c in companies
                for d in domains
                if any(same_firm(c, f) for f in self.firms(d, organisation))
            ),
            "",
        )

    def is_known_firm(self, company: str, organisation: Organisation) -> bool:
        return bool(self.whose((company,), organisation))

    def greets_firm(self, domain: str, organisation: Organisation) -> bool:
        """True when the company with this domain is greeted."""
        firms = self.firms(domain, organisation)
        return any(same_firm(one, other) for one in self.greeting.companies for other in firms)


def fits(person: str, names: tuple[str, ...], address: str) -> bool:
    """True when a name that is greeted can be one of these: the surname alone, or the whole of it; in Latin letters a
    part of the address counts, too."""
    local = address.partition("@")[0]
    if person.isascii():
        return person in plain(local) or any(person in name for name in names if name.isascii())
    return any(
        name.startswith(person) or (person.startswith(name) and len(name) >= 2) or _behind(person, name)
        for name in names
        if not name.isascii()
    )


def _behind(person: str, name: str) -> bool:
    """True when what was taken for a whole name is something else and this surname: 楓会計水沢."""
    return any(len(name) >= n and len(person) > n and person.endswith(name[:n]) for n in (4, 3, 2))


def comparable(person: str, names: tuple[str, ...]) -> bool:
    """True when one of the names is written in the same script, so that it says something that none fits."""
    return any(_script(name) == _script(person) for name in names)


def _script(name: str) -> str:
    if name.isascii():
        return "latin"
    return "kana" if all("\u3041" <= char <= "\u30ff" for char in name) else "kanji"


def same_firm(one: str, other: str) -> bool:
    """True when two names of companies can be one company's: either begins the other, or stands in it."""
    if not one or not other:
        return False
    short, long = sorted((one, other), key=len)
    return len(short) >= 2 and short in long
