"""The outbound side: mail that our own people submit. Durable first, then held, approved, delivered.

The order of `data` is the promise behind 250: examine, store the bytes (fsync), commit the items (fsync),
and only then answer. Everything before the commit may fail and be tried again by the client; nothing after
it can lose the mail.

Diagnostics: 550 5.7.1 the sender's address is not the login's; 452 4.7.1 and 550 5.7.1 too many recipients in ten minutes
or in a day; 550 5.1.2 and 556 5.1.10 the recipient's domain takes no mail; 501 5.5.4 it cannot be held until then; else see gateway.session.
"""

from collections.abc import Sequence
from typing import Unpack

from config.settings import Settings
from directory.people import People
from filters.examined import Examined
from filters.facts import Facts, Origin, Person
from gateway.custody import numbered
from gateway.deliver.recipient_domains import RecipientDomains
from gateway.fact_finding import LeavingFacts, own_tags
from gateway.refusals import exhausted, not_yours, unreachable
from gateway.resolver import Resolver
from gateway.session import NO_LOGIN, MailSession, Shared
from mail.envelope import Envelope, ForwardPath
from mail.reply import NO_SPACE, OK, Reply
from quarantine.item import Item, State
from quarantine.queue.sender_limits import SenderLimits
from storage.interfaces import Draft

NOT_THEN = Reply(501, "HOLDUNTIL is over, or mail is not held for that long", 5, 4)


class OutboundSession(MailSession):
    """One submission connection."""

    def __init__(
        self,
        origin: Origin,
        facts: LeavingFacts,
        people: People,
        limits: SenderLimits,
        settings: Settings,
        resolver: Resolver | None,
        **shared: Unpack[Shared],
    ) -> None:
        super().__init__(origin, facts, **shared)
        self._people = people
        self._limits = limits
        self._zone = settings.zone
        self._longest = settings.limits.future_release
        self._named = 0
        self._claimed = 0
        self._resolver = resolver if settings.dns.recipients else None
        self._seconds = settings.dns.seconds
        self._domains: RecipientDomains | None = None

    async def mail(self, envelope: Envelope) -> Reply:
        person = (
            await self._people.person(self._origin.tenant, self._origin.login) if self._origin.login else None
        )
        if person is None:
            return NO_LOGIN
        if (suspended := await self._suspended()) is not None:
            return suspended
        if not self._custody.has_room:
            return NO_SPACE
        if not await self._is_own(person, envelope.reverse_path):
            return not_yours(self._policy, envelope.smtputf8)
        if envelope.hold_until and not 0 < envelope.hold_until - self._clock() <= self._longest:
            return NOT_THEN
        full = await self._limits.exhausted(self._origin.tenant, person)
        if full is None:
            return OK
        return exhausted(full, self._policy, self._zone(self._origin.tenant), envelope.smtputf8)

    async def _is_own(self, person: Person, reverse_path: str) -> bool:
        """Whether somebody may send from there. The null reverse-path is for a client's read receipts; the header From is
        checked by a rule anyway."""
        own = {address.lower() for address in person.addresses}
        if not reverse_path or reverse_path.lower() in own:
            return True
        return bool(await own_tags(self._people, self._origin.tenant, person, [reverse_path]))

    async def rcpt(self, envelope: Envelope, path: ForwardPath) -> Reply:
        reply = await super().rcpt(envelope, path)
        if reply.positive and not self._routes.is_internal(path.address):
            reply = await self._reachable(path.domain, envelope.smtputf8)
        if reply.positive:
            self._named += 1
            self._limits.under_way(self._origin.tenant, self._origin.login, 1)
        return reply

    async def _reachable(self, domain: str, utf8: bool) -> Reply:
        """OK, or that the domain takes no mail."""
        if self._resolver is None:
            return OK
        if self._domains is None:
            self._domains = RecipientDomains(self._resolver, self._seconds, self._routes.is_excepted)
        lack = await self._domains.lack(domain)
        return OK if lack is None else unreachable(lack, domain, self._policy, utf8)

    async def data(self, envelope: Envelope, draft: Draft) -> Reply:
        """Mails that were begun at the same time do not all fit into what was left then."""
        number = len(envelope.forward_paths)
        if full := self._limits.claim(self._origin.tenant, self._origin.login, number):
            draft.discard()
            await self.reset()
            return exhausted(full, self._policy, self._zone(self._origin.tenant), envelope.smtputf8)
        self._claimed = number
        return await super().data(envelope, draft)

    async def reset(self) -> None:
        self._domains = None
        if self._claimed:
            self._limits.unclaim(self._origin.tenant, self._origin.login, self._claimed)
            self._claimed = 0
        if self._named:
            self._limits.under_way(self._origin.tenant, self._origin.login, -self._named)
            self._named = 0

    async def _accept(self, facts: Facts, examined: Examined, draft: Draft) -> Reply:
        """One item per copy, whatever the verdict: internal ones leave at once, external ones wait."""
        copies = numbered(facts.mail_id, examined.copies)
        items = await self._custody.take(facts, examined, copies, draft.view())
        self._facts.remember(facts, examined)
        number = sum(len(item.recipients) for item in items)
        self._limits.sent(self._origin.tenant, self._origin.login, number, items[0].accepted_at)
        return accepted(items)


def accepted(items: Sequence[Item]) -> Reply:
    """250 with the item's id, and one sentence about what waits (RFC 5321 lets the text be ours)."""
    held = [item for item in items if item.state is State.HELD]
    if not held:
        return Reply(250, f"Accepted as {items[0].mail_id}")
    count = sum(len(item.recipients) for item in held)
    whom = "1 recipient" if count == 1 else f"{count} recipients"
    return Reply(250, f"Accepted as {items[0].mail_id}; held for {whom} until it may leave")
