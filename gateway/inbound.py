"""The inbound side: in line. The next hop answers for its own users; we never bounce.

MAIL and RCPT are answered by the next hop. After the dot the mail is examined; what is clean goes on over
the same transaction and the next hop's final reply is ours; what must wait is stored (fsync), committed, and
only then answered with 250.

Diagnostics: 451 4.3.0 the next hop was lost after the dot; else see gateway.session.
"""

from typing import Unpack

from filters.examined import UNDELIVERABLE, Copy, Examined
from filters.facts import Facts, Origin
from filters.verdict import Disposition, Verdict
from gateway.custody import numbered, original_of
from gateway.deliver.courier import Courier
from gateway.deliver.lent import LentTransaction
from gateway.deliver.next_hop import NextHop
from gateway.fact_finding import ArrivingFacts
from gateway.rounds.canary_letters import DOMAIN as CANARY
from gateway.session import MailSession, Shared
from mail.envelope import Envelope, ForwardPath
from mail.reply import NO_SPACE, OK, Reply
from storage.interfaces import Draft

NOT_OURS = Reply(550, "This sender does not exist", 1, 8)
NO_ROUTE = Reply(550, "Relaying denied", 7, 1)
UNAVAILABLE = Reply(451, "The next host is not available, please try again later", 4, 1)
CLOSED = Reply(451, "Mail for this recipient is temporarily not accepted, please try again later", 3, 2)
"""The organisation is suspended: strangers are not told that."""
SEPARATELY = Reply(452, "Please send this recipient separately", 5, 3)


class InboundSession(MailSession):
    """One connection from the internet."""

    _closed = CLOSED

    def __init__(
        self, origin: Origin, facts: ArrivingFacts, courier: Courier, **shared: Unpack[Shared]
    ) -> None:
        super().__init__(origin, facts, **shared)
        self._courier = courier
        self._hop: NextHop | None = None
        self._transaction: LentTransaction | None = None

    async def mail(self, envelope: Envelope) -> Reply:
        # The next hop is asked at the first RCPT, when we know that there is something to ask it for.
        if envelope.reverse_path.lower().endswith(f"@{CANARY}"):
            return NOT_OURS  # only the node itself writes such mail, with a stamp (gateway/rounds/canary_session.py)
        return OK if self._custody.has_room else NO_SPACE

    async def rcpt(self, envelope: Envelope, path: ForwardPath) -> Reply:
        if not (reply := await super().rcpt(envelope, path)).positive:
            return reply
        if not self._routes.is_internal(path.address):
            return NO_ROUTE  # default deny: nobody relays through us to the outside
        if self._reporting.is_for(self._origin.tenant, path.address):
            return OK  # whoever asks: an answer that knows the reverse-path would tell who exists here
        hop = self._routes.next_hop(path.address)
        if hop is None:
            return UNAVAILABLE
        if self._transaction is None:
            self._hop, self._transaction = hop, self._courier.lend(hop, self._origin.peer)
        elif self._hop != hop:
            return SEPARATELY
        return await self._transaction.rcpt(envelope, path)

    async def reset(self) -> None:
        transaction, self._transaction = self._transaction, None
        if transaction is not None:
            transaction.close()

    async def _accept(self, facts: Facts, examined: Examined, draft: Draft) -> Reply:
        held = examined.verdict.disposition is Disposition.HOLD
        if held or len(examined.copies) != 1 or examined.copies[0].kept is not None:
            originals = [original_of(copy) for copy in examined.copies if copy.kept is not None]
            return await self._keep(facts, examined, [*examined.copies, *originals], draft)
        return await self._pass_on(facts, examined, draft)

    async def _pass_on(self, facts: Facts, examined: Examined, draft: Draft) -> Reply:
        """Hand over on the open transaction; the next hop's word is ours."""
        assert self._transaction is not None
        copy = examined.copies[0]
        replies = await self._custody.hand_over(facts, examined, copy, draft.view(), self._transaction.data)
        if len({r.positive for r in replies}) == 1:
            # Refused for all, but for some only for now: then it comes again for all.
            reply = next((r for r in replies if not r.permanent), replies[0])
        else:  # an LMTP host took it for some only: we are responsible for the others from here on
            rest = [undelivered(copy, place, r) for place, r in enumerate(replies) if not r.positive]
            reply = await self._keep(facts, examined, rest, draft)
        self._custody.passed(facts, examined, replies, reply, self._transaction.unknown)
        if reply.positive:
            self._facts.remember(facts, examined)
        return reply

    async def _keep(self, facts: Facts, examined: Examined, copies: list[Copy], draft: Draft) -> Reply:
        await self._custody.take(facts, examined, numbered(facts.mail_id, copies), draft.view())
        return Reply(250, f"Accepted as {facts.mail_id}")


def undelivered(copy: Copy, place: int, reply: Reply) -> Copy:
    """The copy for one recipient that an LMTP host did not take: deferred, it is tried again; refused, it waits for a
    person."""
    holds = frozenset({UNDELIVERABLE} if reply.permanent else ())
    return Copy((copy.recipients[place],), copy.verdict | Verdict(holds=holds), copy.edits)
