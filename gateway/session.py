"""What both directions do alike for one client: reports are taken out, the mail is examined, a refusal is answered.

Diagnostics: 451 4.3.2 the organisation is suspended; 451 4.3.0 the store or the workers are not available; 451 4.7.0 nobody looked for viruses; 530 5.7.0 who logged in may not any more;
550 5.7.1 a rule refuses the mail; 553 5.1.3 an address that leads on to another host.
"""

from typing import TypedDict

import msgspec
import structlog

from config.log_events import LogEvent
from config.policy import Policy
from filters.examined import Examined
from filters.facts import Facts, Origin
from filters.verdict import Disposition
from gateway.checkpoint import Checkpoint, Unscanned
from gateway.clock import SteadyClock
from gateway.custody import Custody
from gateway.deliver.next_hop import AllRoutes
from gateway.fact_finding import ArrivingFacts, LeavingFacts
from gateway.locked.shares import Overdrawn
from gateway.refusals import overdrawn, refusal, routed, unscanned
from gateway.reporting import Reporting
from mail.envelope import Envelope, ForwardPath
from mail.message import Message
from mail.reply import LOCAL_ERROR, OK, Reply
from quarantine.policies.counts import Counts
from quarantine.queue.suspension import Suspensions
from storage.interfaces import Draft, StoreError

log = structlog.get_logger()

NO_LOGIN = Reply(530, "Authentication required", 7, 0)
SUSPENDED = Reply(451, "Your mail is temporarily suspended, please ask your administrator", 3, 2)


class Shared(TypedDict):
    """The parts that sessions of both directions use."""

    clock: SteadyClock
    checkpoint: Checkpoint
    custody: Custody
    reporting: Reporting
    routes: AllRoutes
    counts: Counts
    suspensions: Suspensions


class MailSession:
    """One client connection; InboundSession and OutboundSession make a gateway.listen.session.Session of it."""

    _closed = SUSPENDED

    def __init__(
        self,
        origin: Origin,
        facts: ArrivingFacts | LeavingFacts,
        *,
        clock: SteadyClock,
        checkpoint: Checkpoint,
        custody: Custody,
        reporting: Reporting,
        routes: AllRoutes,
        counts: Counts,
        suspensions: Suspensions,
    ) -> None:
        self._origin = origin
        self._facts = facts
        self._clock = clock
        self._checkpoint = checkpoint
        self._custody = custody
        self._reporting = reporting
        self._routes = routes.of(origin.tenant)
        self._counts = counts
        self._suspensions = suspensions

    @property
    def _policy(self) -> Policy:
        return self._checkpoint.policy(self._origin.tenant)

    async def _suspended(self) -> Reply | None:
        """The answer as long as the organisation is suspended (docs/tenants.md)."""
        return self._closed if await self._suspensions.of(self._origin.tenant) else None

    async def rcpt(self, envelope: Envelope, path: ForwardPath) -> Reply:
        if (suspended := await self._suspended()) is not None:
            return suspended
        if self._routes.reroutes(path.address):
            return routed(self._policy, envelope.smtputf8)
        return OK

    async def data(self, envelope: Envelope, draft: Draft) -> Reply:
        try:
            with self._clock.in_use():
                if (suspended := await self._suspended()) is not None:  # since the last recipient
                    return suspended
                facts = await self._facts.find(self._origin, envelope, Message(draft.view()))
                return NO_LOGIN if facts is None else await self._take_over(facts, draft)
        except StoreError as error:
            log.error(LogEvent.STORE_FAILED, error=str(error))
            return LOCAL_ERROR
        except Unscanned:
            return unscanned(self._policy, envelope.smtputf8)
        except Overdrawn:
            log.warning(LogEvent.CLIENT_OVERDRAWN, peer=self._origin.peer, login=self._origin.login)
            return overdrawn(self._policy, envelope.smtputf8)
        finally:
            draft.discard()
            await self.reset()

    async def reset(self) -> None:
        """Nothing is kept between the commands of a transaction, unless a direction says so."""

    async def close(self) -> None:
        await self.reset()

    async def _take_over(self, facts: Facts, draft: Draft) -> Reply:
        rest = self._reporting.without_reports(facts.origin.tenant, facts.envelope)
        if rest is not facts.envelope:
            reply = await self._reporting.take(facts, draft)
            if not reply.positive or not rest.forward_paths:
                return reply
            facts = msgspec.structs.replace(facts, envelope=rest)
        facts, examined = await self._checkpoint.examine(draft, facts, self._origin)
        if examined.verdict.disposition is Disposition.REJECT:
            await self._custody.refused(facts, examined)
            reply = refusal(examined, self._policy, facts)
        else:
            reply = await self._accept(facts, examined, draft)
        if reply.positive or reply.permanent:  # otherwise it comes again
            self._counts.note(facts.origin.tenant, facts.day, facts.direction, examined.applied)
        return reply

    async def _accept(self, facts: Facts, examined: Examined, draft: Draft) -> Reply:
        """Take responsibility for a mail that is not refused."""
        raise NotImplementedError
