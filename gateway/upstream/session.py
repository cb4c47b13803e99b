"""A relay listener: mail of our people that a mail server or a provider in front of us hands on.

Nobody logs in here for himself. Whose mail it is says its reverse-path, or From where there is none; the directory knows
whose address that is. From there on it is a submission like any other (gateway/outbound.py): held, recalled, approved.

Diagnostics: 550 5.7.1 the client is not the upstream, the mail is none of ours, or the address is nobody's; 550 5.4.6 it has
left here before; else see gateway.outbound.
"""

import asyncio
from collections.abc import Callable, Sequence

import msgspec
import structlog

from config.listening import ListenerSection
from config.log_events import LogEvent
from config.policies import PolicyOf
from config.policy import Organisation, Policy
from config.upstreams import UpstreamSection
from directory.people import People
from filters.examined import UNKNOWN_SENDER, Examined
from filters.facts import Facts, Origin, Person
from filters.verdict import Verdict
from gateway.outbound import OutboundSession
from gateway.refusals import circling, not_ours, not_relayed, unknown_sender
from gateway.upstream.marks import foreign, without
from gateway.upstream.trace import RelayTrace
from gateway.upstream.trust import Trust
from mail.address import header_addresses
from mail.envelope import Envelope, ForwardPath
from mail.message import Message
from mail.reply import OK, Reply
from storage.interfaces import Draft

log = structlog.get_logger()

SENDERS = 5
"""Addresses in Sender that are looked up."""
INLINE, PIECE = 256 << 10, 1 << 20
"""Octets of a mail up to which it is copied in the event loop, and that are copied at once."""


class TakenAs(msgspec.Struct, frozen=True):
    """As whom a mail is taken. `stands_in`: for an address that is nobody's; `vouched`: addresses that it may be from besides
    the person's own."""

    person: Person
    stands_in: bool = False
    vouched: tuple[str, ...] = ()


NOBODY = TakenAs(Person(""))
"""As whom recipients are looked at before it is known whose mail it is."""


class RelayedSession(OutboundSession):
    """The submission of one mail, whose sender is known by the upstream's word."""

    holds = False
    """An administrator has to release it: it is of an address that is nobody's."""

    async def _is_own(self, person: Person, reverse_path: str) -> bool:
        return True  # by the directory, before

    async def _accept(self, facts: Facts, examined: Examined, draft: Draft) -> Reply:
        if self.holds:
            held = Verdict(holds=frozenset({UNKNOWN_SENDER}))
            copies = tuple(msgspec.structs.replace(c, verdict=c.verdict | held) for c in examined.copies)
            examined = msgspec.structs.replace(examined, copies=copies, verdict=examined.verdict | held)
        return await super()._accept(facts, examined, draft)


class Upstream:
    """What the connections of one relay listener share."""

    def __init__(
        self,
        listener: ListenerSection,
        secrets: Sequence[str],
        people: People,
        trace: RelayTrace,
        policy: PolicyOf,
        draft: Callable[[], Draft],
        submit: Callable[[Origin, Sequence[str]], RelayedSession],
    ) -> None:
        """`secrets` are the values that its secret_header may have; `submit` opens the submission of somebody (origin.login), whose mail may
        be from the further addresses."""
        assert listener.upstream is not None
        self.section: UpstreamSection = listener.upstream
        self.name, self.tenant = listener.name, listener.tenant
        self.trust = Trust(self.section)
        self.trace = trace
        self.draft = draft
        self.policies = policy
        self._secrets = tuple(secrets)
        self._people = people
        self._submit = submit

    def policy(self) -> Policy:
        """The one in force for those whose mail it brings."""
        return self.policies(self.tenant)

    @property
    def organisation(self) -> Organisation:
        return self.policy().organisation

    def __call__(self, origin: Origin) -> "RelaySession":
        return RelaySession(self, origin)

    def foreign(self, message: Message) -> str:
        """Why a mail is not known to be ours, by its marks."""
        return foreign(message, self.section, self._secrets, self.organisation.ours)

    def submission(self, origin: Origin, sending: TakenAs) -> RelayedSession:
        """For what this client brings of somebody."""
        theirs = msgspec.structs.replace(
            origin, login=sending.person.login, upstream=self.name, certificate=()
        )
        session = self._submit(theirs, sending.vouched)
        session.holds = sending.stands_in and self.section.unknown == "hold"
        return session

    async def whose(self, address: str, senders: Sequence[str] = ()) -> TakenAs | None:
        """As whom mail of an address is taken: its owner's, of several who share it the one's who has an address among the
        `senders` (lower case); None for nobody. Raises StoreError."""
        writers = await self._writers(address)
        if len(writers) > 1:
            writers = tuple(one for one in writers if any(a.lower() in senders for a in one.addresses))
        if len(writers) == 1:
            return TakenAs(writers[0])
        login = self.section.unknown_as
        if not login or not self.organisation.internal(address):
            return None
        stand_in = await self._people.person(self.tenant, login)
        return None if stand_in is None else TakenAs(stand_in, True, (address,))

    async def is_known(self, address: str) -> bool:
        """Whether somebody of ours may write from there. Raises StoreError."""
        return bool(await self._writers(address))

    async def _writers(self, address: str) -> tuple[Person, ...]:
        internal = self.organisation.internal(address)
        return await self._people.writers(self.tenant, address) if internal else ()


class RelaySession:
    """One connection of an upstream (gateway.listen.session.Session)."""

    def __init__(self, upstream: Upstream, origin: Origin) -> None:
        self._upstream = upstream
        self._origin = origin
        self._sending: TakenAs | None = None
        self._began: RelayedSession | None = None
        """What answers RCPT."""
        self._provisional = False
        """Whether that is for want of knowing whose mail it is."""

    async def mail(self, envelope: Envelope) -> Reply:
        upstream, section = self._upstream, self._upstream.section
        if lack := upstream.trust.lacks(self._origin):
            return self._refused(not_relayed(upstream.policy(), envelope.smtputf8, lack))
        address, known = envelope.reverse_path, True
        if address and section.person == "from":
            known = upstream.organisation.internal(address)
        elif address:
            self._sending = await upstream.whose(address)
            known = self._sending is not None or await upstream.is_known(address)  # by several
        if not known:
            return self._refused(unknown_sender(upstream.policy(), envelope.smtputf8, address))
        self._provisional = self._sending is None or self._sending.stands_in
        self._began = upstream.submission(self._origin, self._sending or NOBODY)
        return OK if self._provisional else await self._began.mail(envelope)

    async def rcpt(self, envelope: Envelope, path: ForwardPath) -> Reply:
        assert self._began is not None
        return await self._began.rcpt(envelope, path)

    async def data(self, envelope: Envelope, draft: Draft) -> Reply:
        taken = False
        try:
            message = Message(draft.view())
            if (refused := await self._refusal(envelope, message)) is not None:
                return self._refused(refused)
            assert self._sending is not None
            session, reply = await self._submission(envelope, message, self._sending)
            if not reply.positive:
                return reply
            rest = await self._without_secret(message, draft)
            taken = True
            return await session.data(envelope, rest)
        finally:
            if not taken:
                draft.discard()
            await self.reset()

    async def reset(self) -> None:
        began, self._began, self._sending = self._began, None, None
        if began is not None:
            await began.reset()

    async def close(self) -> None:
        await self.reset()

    async def _refusal(self, envelope: Envelope, message: Message) -> Reply | None:
        """Why a mail is not taken, whoever sent it; None when it is, and then as whom is known."""
        upstream, policy, utf8 = self._upstream, self._upstream.policy(), envelope.smtputf8
        if lack := upstream.trust.lacks(self._origin):
            return not_relayed(policy, utf8, lack)
        if upstream.trace.is_back(message, upstream.tenant):
            return circling(policy, utf8)
        if reason := upstream.foreign(message):
            return not_ours(policy, utf8, reason)
        sending, senders = self._sending, written_by(message)
        if self._provisional and envelope.reverse_path and upstream.section.person != "from":
            sending = await upstream.whose(
                envelope.reverse_path, senders
            )  # Sender may say which of several it is
        if sending is None or sending.stands_in or upstream.section.shared:
            authors = message.authors()
            if len(message.all("from")) != 1 or len(authors) != 1:
                return not_ours(policy, utf8, "From does not name one author")
            author = authors[0].address
            written = await upstream.whose(author, senders)
            if written is None and not (
                sending and author.lower() in map(str.lower, sending.person.addresses)
            ):
                return unknown_sender(policy, utf8, author)
            sending = _joined(sending, written)
        self._sending = sending
        return None if sending is not None else unknown_sender(policy, utf8, envelope.reverse_path)

    async def _submission(
        self, envelope: Envelope, message: Message, sending: TakenAs
    ) -> tuple[RelayedSession, Reply]:
        """The submission that takes the mail, and the reply that decided whether it does."""
        # Whoever wrote in somebody's place was let in as that by the upstream. Who is the author, too, wrote in nobody's: else
        # whoever can write a header could write as anybody.
        authors = {author.address.lower() for author in message.authors()}
        writers = [a for a in written_by(message) if a not in authors]
        vouched = tuple([a for a in writers if await self._upstream.is_known(a)])
        if self._began is not None and not self._provisional and not vouched:
            return self._began, OK
        more = msgspec.structs.replace(sending, vouched=(*sending.vouched, *vouched))
        session = self._upstream.submission(self._origin, more)
        if self._began is not None:
            await self._began.reset()
        self._began = session
        reply = await session.mail(envelope)
        for path in envelope.forward_paths:
            if reply.positive:
                reply = await session.rcpt(envelope, path)
        return session, reply

    async def _without_secret(self, message: Message, draft: Draft) -> Draft:
        """The mail without the field that only a rule of ours at the upstream may know; the draft is done with."""
        name = self._upstream.section.secret_header
        if not name:
            return draft
        rest = self._upstream.draft()

        def copy() -> None:
            for piece in without(message, name):
                for start in range(0, len(piece), PIECE):
                    rest.write(piece[start : start + PIECE])

        try:
            if draft.size > INLINE:
                await asyncio.to_thread(copy)
            else:
                copy()
        except BaseException:
            rest.discard()
            raise
        draft.discard()
        return rest

    def _refused(self, reply: Reply) -> Reply:
        upstream = self._upstream
        log.warning(
            LogEvent.NOT_RELAYED, listener=upstream.name, peer=self._origin.peer, reply=str(reply),
            reason=reply.reason,
        )  # fmt: skip
        return reply


def written_by(message: Message) -> tuple[str, ...]:
    """The addresses in Sender, in lower case; as many as are looked up."""
    fields = message.all("sender")[:SENDERS]
    found = [box.address.lower() for f in fields for box in header_addresses(f.value)[:SENDERS]]
    return tuple(found[:SENDERS])


def _joined(envelope: TakenAs | None, written: TakenAs | None) -> TakenAs | None:
    """As whom a mail is taken by its reverse-path and by From: as somebody, if one of them is, that of the reverse-path first."""
    if envelope is None or written is None:
        return envelope or written
    if envelope.stands_in and written.stands_in:
        return msgspec.structs.replace(envelope, vouched=(*envelope.vouched, *written.vouched))
    return written if envelope.stands_in else envelope
