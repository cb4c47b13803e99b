"""The inbound side: in line. The next hop answers for its own users; we never bounce.

MAIL and RCPT are answered by the next hop. After the dot the mail is examined; what is clean goes on over
the same transaction and the next hop's final reply is ours; what must wait is stored (fsync), committed, and
only then answered with 250.

Diagnostics: 451 4.3.0 the next hop was lost after the dot, or store or workers are not available; 550 5.7.1
a rule refuses the mail.
"""

import msgspec
import structlog

from config.log_events import LogEvent
from filters.examined import Copy, Examined
from filters.facts import Facts, Origin
from filters.verdict import Disposition
from gateway import inbound_checkpoint, reporting
from gateway.authenticate import results
from gateway.context import Context, described
from gateway.custody import Taking
from gateway.deliver.transaction import Transaction
from gateway.outbound import item_of
from gateway.quarantine_rounds import locked_letters
from gateway.refusals import refusal, routed
from mail.envelope import Envelope, ForwardPath
from mail.message import Message
from mail.reply import LOCAL_ERROR, OK, Reply
from quarantine.events import JournalEvent
from quarantine.item import Arrival, Entry, Item, State
from storage.interfaces import Draft, StoreError

log = structlog.get_logger()

NO_ROUTE = Reply(550, "Relaying denied", 7, 1)
UNAVAILABLE = Reply(451, "The next host is not available, please try again later", 4, 1)
SEPARATELY = Reply(452, "Please send this recipient separately", 5, 3)
FULL = Reply(452, "Insufficient system storage", 3, 1)


class InboundSession:
    """One connection from the internet. Implements gateway.listen.session.Session."""

    def __init__(self, context: Context, origin: Origin) -> None:
        self._context = context
        self._origin = origin
        self._envelope: Envelope | None = None
        self._transaction: Transaction | None = None

    async def mail(self, envelope: Envelope) -> Reply:
        # The next hop is asked at the first RCPT, when we know that there is something to ask it for.
        self._envelope = envelope
        return OK if self._context.blobs.room(0) else FULL

    async def rcpt(self, path: ForwardPath) -> Reply:
        context = self._context
        organisation = context.policy.organisation
        if organisation.reroutes(path.address, context.routes):
            return routed(context.policy)
        if not organisation.internal(path.address):
            return NO_ROUTE  # default deny: nobody relays through us to the outside
        if reporting.meant(context, path.address):
            assert self._envelope is not None
            known = await reporting.reporter(context, self._envelope.reverse_path)
            return OK if known is not None else reporting.STRANGER
        hop = context.next_hop(path.address)
        if hop is None:
            return UNAVAILABLE
        if self._transaction is not None and self._transaction.next_hop != hop:
            return SEPARATELY
        if self._transaction is None:
            assert self._envelope is not None
            self._transaction = await context.courier.open(hop)
            reply = await self._transaction.mail(self._envelope)
            if not reply.positive:
                await self._drop()
                return reply
        return await self._transaction.rcpt(path)

    async def data(self, envelope: Envelope, draft: Draft) -> Reply:
        try:
            with self._context.clock.in_use():
                return await self._data(envelope, draft)
        except StoreError as error:
            log.error(LogEvent.STORE_FAILED, error=str(error))
            return LOCAL_ERROR
        finally:
            draft.discard()
            await self.reset()

    async def reset(self) -> None:
        self._envelope = None
        await self._drop()

    async def close(self) -> None:
        await self.reset()

    async def _drop(self) -> None:
        transaction, self._transaction = self._transaction, None
        if transaction is not None:
            await transaction.close()

    async def _data(self, envelope: Envelope, draft: Draft) -> Reply:
        rest = reporting.without_reports(self._context, envelope)
        if rest is not envelope:
            reply = await self._report(envelope, draft)
            if not reply.positive or not rest.forward_paths:
                return reply
        return await self._arrive(rest, draft)

    async def _report(self, envelope: Envelope, draft: Draft) -> Reply:
        context = self._context
        account = await reporting.reporter(context, envelope.reverse_path)
        if account is None:  # disabled since RCPT
            return reporting.STRANGER
        facts = await self._facts(envelope, draft)
        proved = reporting.is_proved(context, facts, Message(draft.view()))
        return await reporting.take(context, account, envelope, draft, self._origin, proved=proved)

    async def _arrive(self, envelope: Envelope, draft: Draft) -> Reply:
        context = self._context
        facts = await self._facts(envelope, draft)
        facts, examined = await inbound_checkpoint.examined(context, facts, draft)
        if examined.verdict.disposition is Disposition.REJECT:
            await context.record_refusal(facts, examined)
            return refusal(examined, context.policy)
        mail_id = facts.mail_id
        head = inbound_checkpoint.head_of(context, facts, examined)
        held = examined.verdict.disposition is Disposition.HOLD
        if held or len(examined.copies) != 1 or examined.copies[0].kept is not None:
            return await self._keep(facts, examined, draft, head, mail_id)
        return await self._pass_on(facts, examined, draft, head, mail_id)

    async def _facts(self, envelope: Envelope, draft: Draft) -> Facts:
        context = self._context
        message = Message(draft.view())
        authentication = await results.authenticate(
            self._origin,
            envelope,
            message,
            context.resolver,
            budget=context.settings.dns.seconds,
            trust=context.settings.authentication,
        )
        return await inbound_checkpoint.facts_of(
            context, self._origin, envelope, message, authentication, context.new_id(), context.clock()
        )

    async def _pass_on(
        self, facts: Facts, examined: Examined, draft: Draft, head: bytes, mail_id: str
    ) -> Reply:
        """Hand over on the open transaction; the next hop's word is ours."""
        context = self._context
        assert self._transaction is not None
        copy = examined.copies[0]
        content = await inbound_checkpoint.content_of(context, facts, copy, draft, head)
        replies = await self._transaction.data(content)
        if len({r.positive for r in replies}) == 1:
            # Refused for all, but for some only for now: then it comes again for all.
            reply = next((r for r in replies if not r.permanent), replies[0])
        else:  # an LMTP host took it for some only: we are responsible for the others from here on
            reply = await self._keep_refused(facts, examined, draft, head, mail_id, replies)
        entry = Entry(
            at=facts.now,
            event=JournalEvent.PASS if reply.positive else JournalEvent.NEXT_HOP_REFUSED,
            actor=context.settings.node,
            mail_id=mail_id,
            tenant=facts.origin.tenant,
            detail={
                **described(facts, examined),
                "replies": [str(r) for r in replies],
                "warned": examined.warned,
            },
        )
        try:
            await context.store.record(entry)
        except StoreError as error:
            # The next hop has answered: its word stands, whatever our journal says.
            log.error(LogEvent.JOURNAL_FAILED, mail_id=mail_id, error=str(error))
        if reply.positive and not examined.warned and not facts.released:
            context.correspondents.note_received(examined.summary.author)
        return reply

    async def _keep(self, facts: Facts, examined: Examined, draft: Draft, head: bytes, mail_id: str) -> Reply:
        async with Taking(self._context.store) as taking:
            items = [
                await self._item(facts, examined, copy, draft, head, mail_id, number, taking)
                for number, copy in enumerate(examined.copies)
            ]
            letters = await locked_letters(self._context, items, taking.put)
            originals = [
                await self._item(facts, examined, copy, draft, head, mail_id, number, taking)
                for number, copy in enumerate(map(inbound_checkpoint.kept, examined.copies), len(items))
                if copy is not None
            ]
            await taking.commit([*items, *originals, *letters], facts.now, self._origin.peer)
        self._context.wake()
        return Reply(250, f"Accepted as {mail_id}")

    async def _keep_refused(
        self, facts: Facts, examined: Examined, draft: Draft, head: bytes, mail_id: str, replies: list[Reply]
    ) -> Reply:
        """Recipients that an LMTP host did not take: deferred ones are tried again, refused ones wait for a person."""
        copy = examined.copies[0]
        items = []
        async with Taking(self._context.store) as taking:
            for number, reply in enumerate(replies):
                if reply.positive:
                    continue
                part = Copy((copy.recipients[number],), copy.verdict, copy.edits)
                item = await self._item(facts, examined, part, draft, head, mail_id, number + 1, taking)
                if reply.permanent:
                    item = msgspec.structs.replace(
                        item, state=State.HELD, holds=("undeliverable",), due_at=None
                    )
                items.append(item)
            await taking.commit(items, facts.now, self._context.settings.node)
        self._context.wake()
        return Reply(250, f"Accepted as {mail_id}")

    async def _item(
        self,
        facts: Facts,
        examined: Examined,
        copy: Copy,
        draft: Draft,
        head: bytes,
        mail_id: str,
        number: int,
        taking: Taking,
    ) -> Item:
        item_id = f"{mail_id}{number + 1}" if number else mail_id
        held = copy.verdict.disposition is Disposition.HOLD
        # What waits may be looked at again: as it came, and under what was known then.
        original = (await taking.put([draft.view()])).key if copy.edits or held else ""
        content = await inbound_checkpoint.content_of(
            self._context, facts, copy, draft, head, item_id if held else ""
        )
        blob = await taking.put(content)
        item = item_of(
            facts, examined, copy, mail_id, item_id,
            blob=blob.key, size=blob.size, sha256=blob.sha256, original=original,
        )  # fmt: skip
        arrival = Arrival(facts.origin, facts.authentication) if held else None
        return msgspec.structs.replace(item, arrival=arrival)
