"""The courier: the only SMTP and LMTP client of the gateway, with a pool of connections for each next hop.

What it answers are values: a Reply per command, or an Outcome per recipient. Only an explicit 5yz to MAIL,
RCPT, DATA or the content is permanent; everything else that goes wrong is temporary (RFC 5321 §4.2.1).
"""

import asyncio
import ssl
from contextlib import suppress
from functools import partial
from typing import NamedTuple

import msgspec

from gateway.deliver.lent import LentTransaction
from gateway.deliver.next_hop import NextHop, Timeouts, connect
from gateway.deliver.pool import ConnectionPool, PoolLimits
from gateway.deliver.reach import Reachability
from gateway.deliver.tls import tls_context
from gateway.deliver.transaction import SmtpTransaction, is_taken
from gateway.deliver.wire import Broken, Wire
from mail.cause import Cause, one_line
from mail.compose import Pieces
from mail.envelope import Envelope
from mail.networks import Networks, client_key
from mail.reply import Reply
from quarantine.item import Status
from storage.content import Content

__all__ = ["AttemptOutcome", "Courier", "NextHop", "PoolLimits", "SmtpTransaction", "Timeouts", "status_of"]

RESET = 5.0
"""Seconds that a kept connection is worth waiting for when its RSET is not answered yet."""

PROBE = 10.0
"""Seconds for a next hop that could not be reached to open a session when nobody waits for it."""
DEFAULT_LIMITS = PoolLimits()
NOBODY = Networks(())
NOT_TRUSTED = (
    Cause.CERTIFICATE_UNTRUSTED, Cause.CERTIFICATE_BAD, Cause.CERTIFICATE_EXPIRED, Cause.CERTIFICATE_EARLY,
)  # fmt: skip
BUSY = Reply(451, "All connections to the next hop are in use", 4, 5, cause=Cause.BUSY)


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

    @property
    def cause(self) -> str:
        """Why it waits; "" when it does not."""
        if self.status is not Status.DEFERRED:
            return ""
        return self.reply.cause or Cause.TOLD_TO_WAIT

    def __str__(self) -> str:
        return str(self.reply)


class Offered(NamedTuple):
    """What a session with a next hop is: protocol and cipher ("" in clear), and the extensions offered (lower case)."""

    tls: str
    extensions: tuple[str, ...]


class Courier:
    """Delivers mail to next hops over pooled connections. `hostname` is what we say in EHLO."""

    def __init__(self, hostname: str, limits: PoolLimits = DEFAULT_LIMITS, exempt: Networks = NOBODY) -> None:
        self.hostname = hostname
        self.reach = Reachability()
        self._exempt = exempt
        self._limits = limits
        self._pools: dict[NextHop, ConnectionPool] = {}

    def lend(self, hop: NextHop, peer: str) -> LentTransaction:
        """A transaction for a mail that is arriving from this address; who is `exempt` has no share to keep to."""
        client = "" if peer in self._exempt else client_key(peer)
        return LentTransaction(self._pool(hop), partial(self.open, hop, None), client)

    async def open(self, hop: NextHop, seconds: float | None = None, client: str = "") -> SmtpTransaction:
        """A transaction with a next hop; `seconds` limit all of it. When no connection can be had, `fault`
        is set and every command answers it."""
        loop = asyncio.get_running_loop()
        pool = self._pool(hop)
        take, give_back = partial(self._take, hop, pool), partial(pool.leave, client)
        transaction = SmtpTransaction(
            hop, take, give_back, None if seconds is None else loop.time() + seconds
        )
        if not await pool.enter(client, transaction.seconds(self._limits.wait)):
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
        content: Content | Pieces,
        seconds: float | None = None,
    ) -> list[AttemptOutcome]:
        """Deliver one content to all forward-paths of the envelope; one outcome per forward-path, in order.

        All of it ends within `seconds`: what is not done by then is DEFERRED. Cancelling aborts the
        connection, and then nothing is known.
        """
        loop = asyncio.get_running_loop()
        end = None if seconds is None else loop.time() + seconds
        outcomes: dict[int, AttemptOutcome] = {}
        pending = list(range(len(envelope.forward_paths)))
        while pending:
            batch, pending = pending[: hop.recipients], pending[hop.recipients :]
            part = msgspec.structs.replace(
                envelope, forward_paths=tuple(envelope.forward_paths[i] for i in batch)
            )
            async with await self.open(hop, None if end is None else end - loop.time()) as transaction:
                replies = await transaction.send(part, content)
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

    async def probe(self, hop: NextHop) -> Offered:
        """Open a new session with a next hop as for a mail, and end it: no mail is sent. Raises Broken, its reply saying
        why there is no session."""
        wire = await self._take(hop, self._pool(hop), fresh=True)
        wire.quit()
        return Offered(wire.tls, tuple(sorted(wire.extensions)))

    async def look_again(self) -> None:
        """Probe those that could not be reached: whether they can be now is known without waiting for the next mail."""
        lost = {each.hop for each in self.reach.lost}
        await asyncio.gather(
            *(self._probed(hop) for hop in list(self._pools) if hop.name in lost), return_exceptions=True
        )

    async def _probed(self, hop: NextHop) -> None:
        with suppress(Broken, TimeoutError):
            async with asyncio.timeout(PROBE):
                await self.probe(hop)

    async def close(self) -> None:
        """Close the idle connections; those in use are closed when they come back."""
        for pool in self._pools.values():
            pool.close()

    def _pool(self, hop: NextHop) -> ConnectionPool:
        return self._pools.get(hop) or self._pools.setdefault(hop, ConnectionPool(self._limits))

    async def _take(self, hop: NextHop, pool: ConnectionPool, fresh: bool) -> Wire:
        while not fresh and (wire := pool.kept()) is not None:
            if await wire.ready(RESET):
                return wire
            wire.quit()
        try:
            wire = await connect(hop, self.hostname, await self._context(hop, pool))
        except Broken as broken:
            if broken.reply.cause in NOT_TRUSTED:  # the operator may have mended the file meanwhile
                pool.context = None
            self.reach.failed(hop.name, broken.reply)
            raise
        self.reach.opened(hop.name)
        return wire

    async def _context(self, hop: NextHop, pool: ConnectionPool) -> ssl.SSLContext | None:
        if pool.context is None and hop.tls != "none":
            try:
                verify = hop.tls == "verify"
                pool.context = await asyncio.to_thread(
                    tls_context, verify=verify, ca_file=hop.ca_file, pair=hop.pair
                )
            except (OSError, ValueError) as error:
                reason = one_line(f"{hop.name}: {hop.ca_file or hop.pair[0]}: {error}")
                text = "TLS with the next hop failed"
                raise Broken(Reply(451, text, 7, 5, reason=reason, cause=Cause.CA_FILE)) from None
        return pool.context


def status_of(reply: Reply) -> Status:
    """DELIVERED for 2yz, FAILED for an explicit 5yz, DEFERRED for everything else."""
    if is_taken(reply):
        return Status.DELIVERED
    return Status.FAILED if reply.permanent else Status.DEFERRED
