"""The courier: the only SMTP and LMTP client of the gateway, with its pool of connections.

What it answers are values: a Reply per command, or an Outcome per recipient. Only an explicit 5yz to MAIL,
RCPT, DATA or the content is permanent; everything else that goes wrong is temporary (RFC 5321 §4.2.1).
"""

import asyncio
import functools
import ssl
from collections.abc import Iterable

import msgspec

from gateway.deliver.next_hop import NextHop, Timeouts, connect, tls_context
from gateway.deliver.transaction import SmtpTransaction, is_taken
from gateway.deliver.wire import Broken, Wire
from mail.envelope import Envelope
from mail.reply import Reply
from quarantine.item import Status

__all__ = ["AttemptOutcome", "Courier", "Limits", "NextHop", "SmtpTransaction", "Timeouts", "status_of"]

BUSY = Reply(451, "All connections to the next hop are in use", 4, 5)


class AttemptOutcome(msgspec.Struct, frozen=True):
    """What an attempt learned of one recipient.

    `index` is its place in the envelope; `unknown` means that the next hop may have taken the mail (the
    connection was lost after the final dot). `dsn` is False when the next hop was not told the DSN
    parameters, so that SUCCESS is ours to report (RFC 3461 §5.2.2). `tls` is what protected the way.
    `connected` is False when there was no session with the next hop at all.
    """

    index: int
    status: Status
    reply: Reply
    unknown: bool = False
    dsn: bool = False
    tls: str = ""
    connected: bool = True

    def __str__(self) -> str:
        return str(self.reply)


class Limits(msgspec.Struct, frozen=True):
    """Limits of the pool, per next hop: open connections, mails per connection, seconds kept idle, seconds
    to wait for a connection when all are in use."""

    connections: int = 20
    mails: int = 100
    idle: float = 15.0
    wait: float = 30.0


DEFAULT_LIMITS = Limits()


class _Pool:
    """The connections to one next hop: how many may still be opened, and those kept idle."""

    def __init__(self, limits: Limits) -> None:
        self.slots = asyncio.Semaphore(limits.connections)
        self.idle: list[tuple[Wire, asyncio.TimerHandle]] = []
        self.context: ssl.SSLContext | None = None


class Courier:
    """Delivers mail to next hops over pooled connections. `hostname` is what we say in EHLO."""

    def __init__(self, hostname: str, limits: Limits = DEFAULT_LIMITS) -> None:
        self.hostname = hostname
        self._limits = limits
        self._pools: dict[NextHop, _Pool] = {}
        self._closed = False

    async def open(self, hop: NextHop, seconds: float | None = None) -> SmtpTransaction:
        """A transaction with a next hop; `seconds` limit all of it. When no connection can be had, `fault`
        is set and every command answers it."""
        loop = asyncio.get_running_loop()
        pool = self._pools.get(hop) or self._pools.setdefault(hop, _Pool(self._limits))
        take, give_back = functools.partial(self._take, hop, pool), functools.partial(self._give_back, pool)
        transaction = SmtpTransaction(
            hop, take, give_back, None if seconds is None else loop.time() + seconds
        )
        try:
            async with asyncio.timeout(transaction.seconds(self._limits.wait)):
                await pool.slots.acquire()
        except TimeoutError:
            return SmtpTransaction.refused(hop, BUSY)
        try:
            await transaction.connect()
        except BaseException:
            transaction.abort()
            raise
        return transaction

    async def deliver(
        self,
        hop: NextHop,
        envelope: Envelope,
        content: Iterable[bytes | memoryview],
        seconds: float | None = None,
    ) -> list[AttemptOutcome]:
        """Deliver one content to all forward-paths of the envelope; one outcome per forward-path, in order.

        All of it ends within `seconds`: what is not done by then is DEFERRED. Cancelling aborts the
        connection, and then nothing is known.
        """
        loop = asyncio.get_running_loop()
        end = None if seconds is None else loop.time() + seconds
        pieces = tuple(content)
        outcomes: dict[int, AttemptOutcome] = {}
        pending = list(range(len(envelope.forward_paths)))
        while pending:
            batch, pending = pending[: hop.recipients], pending[hop.recipients :]
            part = msgspec.structs.replace(
                envelope, forward_paths=tuple(envelope.forward_paths[i] for i in batch)
            )
            async with await self.open(hop, None if end is None else end - loop.time()) as transaction:
                replies = await transaction.send(part, pieces)
                dsn, tls = "dsn" in transaction.offered, transaction.tls
                again, unreachable = (
                    transaction.too_many,
                    not transaction.offered and transaction.fault is not None,
                )
            for place, index in enumerate(batch):
                reply = replies[place]
                unknown = transaction.unknown and reply == transaction.fault
                outcomes[index] = AttemptOutcome(
                    index, status_of(reply), reply, unknown, dsn, tls, not unreachable
                )
            if unreachable:  # the rest would only wait for the same
                reply = replies[0]
                outcomes.update(
                    {i: AttemptOutcome(i, status_of(reply), reply, connected=False) for i in pending}
                )
                break
            pending = [batch[place] for place in sorted(again)] + pending
        return [outcomes[index] for index in sorted(outcomes)]

    async def close(self) -> None:
        """Close the idle connections; those in use are closed when they come back."""
        self._closed = True
        for pool in self._pools.values():
            while pool.idle:
                wire, timer = pool.idle.pop()
                timer.cancel()
                wire.quit()

    async def _take(self, hop: NextHop, pool: _Pool, fresh: bool) -> Wire:
        while pool.idle and not fresh:
            wire, timer = pool.idle.pop()
            timer.cancel()
            if wire.alive:
                return wire
            wire.quit()
        if pool.context is None and hop.tls != "none":
            try:
                pool.context = await asyncio.to_thread(tls_context, hop)
            except (OSError, ValueError) as error:
                reason = f"{hop.ca_file}: {error}"
                raise Broken(Reply(451, "TLS with the next hop failed", 7, 5, reason=reason)) from None
        return await connect(hop, self.hostname, pool.context)

    def _give_back(self, pool: _Pool, wire: Wire | None) -> None:
        """The end of a transaction: the slot is free, and its connection is kept when it is good."""
        pool.slots.release()
        if wire is None:
            return
        if self._closed or not wire.alive or wire.mails >= self._limits.mails:
            wire.quit()
            return
        timer = asyncio.get_running_loop().call_later(self._limits.idle, self._expire, pool, wire)
        pool.idle.append((wire, timer))

    def _expire(self, pool: _Pool, wire: Wire) -> None:
        pool.idle = [kept for kept in pool.idle if kept[0] is not wire]
        wire.quit()


def status_of(reply: Reply) -> Status:
    """DELIVERED for 2yz, FAILED for an explicit 5yz, DEFERRED for everything else."""
    if is_taken(reply):
        return Status.DELIVERED
    return Status.FAILED if reply.permanent else Status.DEFERRED
