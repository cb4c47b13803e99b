"""Arriving mail at a listener of all tenants: each recipient's domain says whose it is, and a transaction is one tenant's.

A mail to people of two tenants is two mails: the second tenant's recipients are answered 452, and every client sends them
again by themselves. So each tenant's rules see its own recipients only, and neither hears of the other's.

Diagnostics: 550 5.7.1 a domain of nobody here; 452 4.5.3 a recipient of another tenant.
"""

from collections.abc import Callable

import msgspec
import structlog

from config.policies import TenantPolicies
from config.tenant import ANY
from filters.facts import Origin
from gateway.inbound import NO_ROUTE, SEPARATELY, InboundSession
from mail.envelope import Envelope, ForwardPath
from mail.reply import Reply
from storage.interfaces import Draft


class SharedDoor:
    """One connection from the internet (gateway.listen.session.Session). `open` makes the session of a tenant."""

    def __init__(
        self, origin: Origin, policies: Callable[[], TenantPolicies], open: Callable[[Origin], InboundSession]
    ) -> None:
        self._origin = origin
        self._policies = policies
        self._open = open
        self._session: InboundSession | None = None
        self._tenant = ANY
        self._taken = 0
        """Recipients of this transaction that were answered 250."""

    async def mail(self, envelope: Envelope) -> Reply:
        """What every tenant would answer: it hangs on the sender and on the room that there is."""
        return await self._open(self._origin).mail(envelope)

    async def rcpt(self, envelope: Envelope, path: ForwardPath) -> Reply:
        tenant = self._policies().owner(path.domain)
        if tenant is None:
            return NO_ROUTE
        if self._session is not None and tenant != self._tenant:
            if self._taken:
                return SEPARATELY
            await self.reset()
        if self._session is None:
            self._begin(tenant)
        assert self._session is not None
        reply = await self._session.rcpt(envelope, path)
        self._taken += reply.positive
        return reply

    def _begin(self, tenant: str) -> None:
        self._tenant = tenant
        self._session = self._open(msgspec.structs.replace(self._origin, tenant=tenant))
        structlog.contextvars.bind_contextvars(tenant=tenant)

    async def data(self, envelope: Envelope, draft: Draft) -> Reply:
        session = self._session
        assert session is not None, "a recipient was taken"
        return await session.data(envelope, draft)

    async def reset(self) -> None:
        session, self._session, self._tenant, self._taken = self._session, None, ANY, 0
        if session is not None:
            await session.close()
            structlog.contextvars.bind_contextvars(tenant=ANY)

    async def close(self) -> None:
        await self.reset()
