"""What only I/O can find out of a mail before it is examined, by direction; and what is remembered of it afterwards."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from copy import copy

import msgspec

from config.business_hours import business_hours
from config.policies import PolicyOf
from config.policy import Policy, RulePolicy
from directory.correspondents import Correspondents
from directory.floods import Floods
from directory.listings import Listings
from directory.past_mail import PastMail
from directory.people import People
from directory.vault import Vault, fresh
from filters.examined import Examined
from filters.facts import Authentication, Facts, Origin, Person
from filters.lures.hosts import organisational
from gateway.released import Released
from mail.address import domain_of, header_addresses, without_tag
from mail.envelope import Envelope
from mail.message import Message
from mail.returned import mentioned
from quarantine.item import Arrival, Item, new_id

ANSWERED = 3
"""Most mails of a thread that are looked up."""
BOXES = 5
"""Most addresses of a field that are looked up."""
LOCKED_RULE = "encrypted_attachment"
"""Name of the rule that sees locked files in leaving mail."""

Authenticate = Callable[[Origin, Envelope, Message], Awaitable[Authentication]]
"""What SPF, DKIM, DMARC and ARC say (gateway/authenticate/results.py); never raises."""


async def colleagues(people: People, policy: Policy, tenant: str, envelope: Envelope) -> dict[str, Person]:
    """Our people among the recipients, where the policy has groups of people to ask about, or registered documents that
    not everybody may have. Raises StoreError."""
    asked = any(group.people is not None for group in policy.groups.values())
    if not asked and not policy.organisation.registered.indexes:
        return {}
    ours = [address for address in envelope.recipients if policy.organisation.internal(address)]
    return await people.behind(tenant, ours)


async def own_tags(people: People, tenant: str, person: Person, addresses: Iterable[str]) -> tuple[str, ...]:
    """Those of the addresses that are sub-addresses (RFC 5233) of somebody's own, and not an address that somebody else
    has: user+tag@ belongs to user. In lower case. May be as old as People.behind. Raises StoreError."""
    own = {address.lower() for address in person.addresses}
    tagged = [a for a in {a.lower() for a in addresses} - own if without_tag(a) in own]
    behind = await people.behind(tenant, tagged) if tagged else {}
    return tuple(a for a in tagged if a not in behind or behind[a].login == person.login)


def _written_from(message: Message) -> list[str]:
    """The addresses that a mail says it is from and that may have a tag; as many as are looked up."""
    fields = [field for name in ("from", "sender") for field in message.all(name)[:BOXES]]
    return [box.address for f in fields if b"+" in f.raw for box in header_addresses(f.value)[:BOXES]]


def _asks_superiors(policy: Policy) -> bool:
    said = policy.rules.get("superior_in_copy", RulePolicy("off"))
    return said.mode != "off" and (said.then != "off" or bool(said.cases))


class LeavingFacts:
    """Facts of mail that our people submit. `zone` is the time zone of business hours."""

    def __init__(
        self,
        people: People,
        correspondents: Correspondents,
        past_mail: PastMail,
        vault: Vault,
        policy: PolicyOf,
        clock: Callable[[], float],
        zone: Callable[[str], str],
    ) -> None:
        self._people = people
        self._correspondents = correspondents
        self._past_mail = past_mail
        self._vault = vault
        self._policy = policy
        self._clock = clock
        self._zone = zone
        self._vouched: tuple[str, ...] = ()

    def vouching(self, addresses: Sequence[str]) -> "LeavingFacts":
        """The same for mail that may be from these addresses, too: somebody who is believed says so."""
        if not addresses:
            return self
        found = copy(self)
        found._vouched = tuple(addresses)
        return found

    async def find(
        self, origin: Origin, envelope: Envelope, message: Message, *, use: bool = True
    ) -> Facts | None:
        """None for somebody who may not log in any more. `use`: the mail goes out with what was agreed (Vault.find). Raises
        StoreError."""
        sender = await self._people.person(origin.tenant, origin.login)
        if sender is None:
            return None
        tags = await own_tags(self._people, origin.tenant, sender, _written_from(message))
        if more := (*tags, *self._vouched):
            sender = msgspec.structs.replace(sender, addresses=(*sender.addresses, *more))
        policy, now = self._policy(origin.tenant), self._clock()
        hours = business_hours(policy.calendar, self._zone(origin.tenant))
        external = [r for r in envelope.recipients if not policy.organisation.internal(r)]
        found = await self._vault.find(origin.tenant, external, use=use) if external else {}
        return Facts(
            direction="outbound",
            origin=origin,
            envelope=envelope,
            sender=sender,
            known=await self._correspondents.known(origin.tenant, external) if external else frozenset(),
            learning=await self._correspondents.learning(origin.tenant) if external else False,
            passphrases={address: secret for address, (secret, _) in found.items()},
            passphrase_scopes={address: scope for address, (_, scope) in found.items()},
            fresh_passphrase=fresh(policy.encrypt.passphrase_length, policy.encrypt.minimum_bits),
            mail_id=new_id(now),
            memory=await self._past_mail.about(
                origin.tenant, origin.login, external, answers(message), policy.organisation
            ),
            private=await self._people.private(origin.tenant, external) if external else frozenset(),
            colleagues=await colleagues(self._people, policy, origin.tenant, envelope),
            locked_lately=await self._correspondents.locked.find(origin.tenant, sender.login, external)
            if external
            else (),
            superiors=await self._people.superiors(origin.tenant, sender) if _asks_superiors(policy) else (),
            now=now,
            day=hours.day(now).isoformat(),
            working=hours.open(now),
            opens=hours.opens(now),
        )

    def remember(self, facts: Facts, examined: Examined) -> None:
        """This mail was accepted, whatever was found: what it teaches is learnt when it leaves; but which locked files
        somebody got, at once."""
        organisation = self._policy(facts.origin.tenant).organisation
        self._past_mail.accepted(facts, examined, organisation)
        locked = [f.values.get("name", "") for f in examined.findings if f.rule == LOCKED_RULE]
        if locked and facts.sender is not None:
            external = [r for r in facts.envelope.recipients if not organisation.internal(r)]
            self._correspondents.locked.note(facts.origin.tenant, facts.sender.login, locked, external)

    def left(self, item: Item, addresses: Sequence[str]) -> None:
        """A mail of one of our people was delivered to these: those outside are known from now on."""
        internal = self._policy(item.tenant).organisation.internal
        self._correspondents.note_sent(item.tenant, [a for a in addresses if not internal(a)])
        self._past_mail.left(item.tenant, item.mail_id, addresses)


def answers(message: Message) -> list[str]:
    """The Message-IDs of the mails that this one answers, the last one first (RFC 5322 §3.6.4)."""
    found: list[str] = []
    for name in ("in-reply-to", "references"):
        header = message.first(name)
        found += reversed(header.text.split()[-ANSWERED:]) if header is not None else []
    return list(dict.fromkeys(found))[:ANSWERED]


def _named(envelope: Envelope, message: Message) -> list[str]:
    """The Message-IDs by which an arriving mail says that it is about mail of ours: it answers one, or returns one."""
    reported = () if envelope.reverse_path else mentioned(message.raw)
    return list(dict.fromkeys((*answers(message), *reported)))


def _answered(message: Message) -> list[str]:
    """Whom answers would reach."""
    found = [b.address for h in message.all("reply-to")[:1] for b in header_addresses(h.value)[:BOXES]]
    return [address for address in found if "@" in address]


def _domains(message: Message, senders: Sequence[str]) -> set[str]:
    """The organisational domains of those who write and of those whom answers would reach."""
    return {organisational(domain_of(a)) for a in (*senders[:BOXES], *_answered(message)) if "@" in a}


class ArrivingFacts:
    """Facts of mail that strangers bring.

    `zone` is the time zone of business hours, `authserv_id` the name under which we write Authentication-Results;
    `console` is where a tenant's people reach the console, "" where nobody said so: then no mail shall lead them to some
    address of ours.
    """

    def __init__(
        self,
        people: People,
        correspondents: Correspondents,
        past_mail: PastMail,
        listings: Listings,
        released: Released,
        authenticate: Authenticate,
        policy: PolicyOf,
        clock: Callable[[], float],
        zone: Callable[[str], str],
        *,
        authserv_id: str,
        console: Callable[[str], str] = lambda tenant: "",
    ) -> None:
        self._people = people
        self._correspondents = correspondents
        self._past_mail = past_mail
        self._listings = listings
        self._released = released
        self._authenticate = authenticate
        self._policy = policy
        self._clock = clock
        self._zone = zone
        self._authserv_id = authserv_id
        self._console = console
        self.floods = Floods()

    async def find(self, origin: Origin, envelope: Envelope, message: Message) -> Facts:
        """Facts of a mail that comes now. Raises StoreError."""
        authentication = await self._authenticate(origin, envelope, message)
        now = self._clock()
        facts = await self._known(Arrival(origin, authentication), envelope, message, new_id(now), now)
        released = await self._released.proved(message, origin.tenant, now)
        return msgspec.structs.replace(facts, released=released, flooded=self._flooded(facts, message))

    def _flooded(self, facts: Facts, message: Message) -> dict[str, int]:
        """Recipients who get mail of many strangers now; this one counts where its author is one."""
        authors = [a.address for a in message.authors() if "@" in a.address]
        if not authors or not facts.familiar.isdisjoint(authors) or not facts.envelope.reverse_path:
            return {}
        domain = organisational(domain_of(authors[0]))
        internal = self._policy(facts.origin.tenant).organisation.internal
        if internal(authors[0]) or len(facts.envelope.recipients) > BOXES:
            return {}
        return self.floods.note(facts.origin.tenant, facts.envelope.recipients, domain, facts.now)

    async def again(self, item: Item, message: Message) -> Facts:
        """Facts of a mail that waits: who brought it and what the DNS said then, what else is known by now."""
        arrival = item.arrival or Arrival(Origin("inbound", item.peer, tenant=item.tenant))
        return await self._known(arrival, item.envelope, message, item.mail_id, item.accepted_at)

    async def _known(
        self, arrival: Arrival, envelope: Envelope, message: Message, mail_id: str, now: float
    ) -> Facts:
        authors = [author.address for author in message.authors()]
        author = next((address for address in authors if "@" in address), "")
        senders = [address for address in (*authors, envelope.reverse_path) if address]
        tenant = arrival.origin.tenant
        policy = self._policy(tenant)
        hours = business_hours(policy.calendar, self._zone(tenant))
        sent, alike = await self._past_mail.of_arriving(
            tenant, _named(envelope, message), _domains(message, senders), policy.organisation, author
        )
        known = await self._correspondents.known(tenant, [*senders, *_answered(message)])
        return Facts(
            direction="inbound",
            origin=arrival.origin,
            envelope=envelope,
            authentication=arrival.authentication,
            known=known,
            familiar=await self._correspondents.familiar(tenant, senders),
            learning=await self._correspondents.learning(tenant),
            sent=sent,
            alike=alike,
            habits=await self._past_mail.habits(tenant, author) if author in known else {},
            authserv_id=self._authserv_id,
            languages=await self._people.languages(tenant, envelope.recipients),
            listed=await self._listings.find(tenant, senders),
            mail_id=mail_id,
            console=self._console(tenant),
            colleagues=await colleagues(self._people, policy, tenant, envelope),
            now=now,
            day=hours.day(now).isoformat(),
            working=hours.open(now),
            opens=hours.opens(now),
        )

    def remember(self, facts: Facts, examined: Examined) -> None:
        """This mail was delivered: its author is familiar when there was nothing to warn of."""
        if not examined.warned and not facts.released:
            self._correspondents.note_received(facts.origin.tenant, examined.summary.author)
        self._past_mail.arrived(facts, examined)
