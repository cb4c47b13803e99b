"""The transport of one SMTP client: admission, time, replies that leave together, PROXY header, TLS.

Diagnostics: see gateway.listen.commands.
"""

import asyncio
import contextlib
import hashlib
import logging
from asyncio import sslproto
from collections.abc import Callable
from functools import lru_cache
from typing import Any, cast

import structlog
from aiosmtpd.smtp import SMTP

from config.log_events import LogEvent
from config.settings import LimitsSection
from gateway.listen import proxy
from gateway.listen.limits import Quiet
from gateway.listen.server import Server
from gateway.listen.settings import ListenerSettings
from gateway.listen.tls import names_in
from mail.cause import one_line
from mail.networks import plain_address
from mail.reply import Reply, in_ascii

log = structlog.get_logger()
logging.getLogger("mail.log").setLevel(logging.ERROR)  # aiosmtpd writes a line per command, secrets included

LINGER = 2.0
"""Seconds that a goodbye is given to reach a client that is still sending; what it sends is thrown away."""
SWALLOW = 1 << 20
"""Octets that are thrown away at most for that."""
BLOCKED = 3600.0
"""Seconds that do not count against the client, because we are working."""

BYE = Reply(221, "Bye", 0, 0)
TIMEOUT = Reply(421, "Too slow, closing the connection", 4, 2)
STOPPING = Reply(421, "The service is stopping, please try again later", 3, 2)
ORDER = Reply(503, "Commands out of order", 5, 1)

SILENT = (BYE, TIMEOUT, STOPPING)
"""Goodbyes to clients that are waiting for us and not sending."""


class ClientTransport(SMTP):
    """A stream protocol of aiosmtpd whose timers and replies are our own. `dead` means that the conversation is over."""

    line_length_limit = 1 << 16  # of the StreamReader: a command line beyond it ends the connection

    def __init__(self, server: Server) -> None:
        self.server = server
        self.settings: ListenerSettings = server.settings
        # Not aiosmtpd's __init__: it inspects all its members for every connection, longer than a short mail takes.
        # What its remaining methods need of it is below.
        asyncio.StreamReaderProtocol.__init__(
            self,
            asyncio.StreamReader(limit=self.line_length_limit, loop=server.loop),
            client_connected_cb=self._cb_client_connected,
            loop=server.loop,
        )
        self.loop = server.loop
        self.session = self.envelope = self.transport = None
        self._handler_coroutine: asyncio.Task[None] | None = None
        self._original_transport: asyncio.BaseTransport | None = None
        self._tls_protocol: sslproto.SSLProtocol | None = None
        self.limits: LimitsSection = server.admission.limits
        self.peer = ""
        self.tenant = self.settings.tenant
        """Whose connection it is; ANY before that is known."""
        self.tls = ""
        self.certificate = ""
        self.certificate_names: tuple[str, ...] = ()
        self.extended = False
        self.dead = False
        self.smtputf8 = False
        self.errors = self.junk = 0
        self._out = bytearray()
        self._admitted = self._running = self._busy = False
        self._identified = ""
        self._swallowed = 0
        self._taking: Callable[[bytes], None] | None = None
        self._taken: asyncio.Future[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._deadline = self._end = 0.0

    # -- the connection ------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client is there, or (called by the TLS protocol) its handshake is done."""
        transport = cast(asyncio.Transport, transport)
        if self._tls_protocol is not None:
            self.transport = self._transport = transport
            self._reader._transport = self._writer._transport = transport  # type: ignore[attr-defined]
            self._over_ssl = True
            found = transport.get_extra_info("ssl_object")
            self.tls = f"{found.version()} {found.cipher()[0]}"
            shown = found.getpeercert(binary_form=True)
            if shown:
                self.certificate = hashlib.sha256(shown).hexdigest()
                self.certificate_names = names_in(shown, self.certificate)
            return
        peer = transport.get_extra_info("peername")
        self.peer = plain_address(peer[0]) if peer else ""
        refusal = self.server.admit(self.peer)
        if refusal is not None:
            self.dead = True
            asyncio.StreamReaderProtocol.connection_made(self, transport)
            if self.settings.mode != "implicit":
                transport.write(_wire(refusal))
            transport.close()
            return
        self._admitted = self._running = True
        if not self.settings.proxied:
            self._identified = self.server.counted(self.peer)
        self.server.connections.add(self)
        self._end = self.loop.time() + self.limits.session
        self.until(self.limits.idle)
        super().connection_made(transport)  # starts the task that runs _handle_client

    def _reset_timeout(self, duration: float | None = None) -> None:
        """aiosmtpd's timer, one per command, is replaced by `until`."""

    def data_received(self, data: bytes) -> None:
        if not self.dead:
            if self._taking is None:
                super().data_received(data)
            else:
                self._taking(data)
            return
        self._swallowed += len(data)
        if self._swallowed > SWALLOW and self.transport is not None:
            cast(asyncio.Transport, self.transport).abort()

    async def take(self, feed: Callable[[bytes], None]) -> None:
        """Give what arrives to `feed` as it comes, and not to the buffer, until `enough` is said or nothing comes any more."""
        self._taking, self._taken = feed, self.loop.create_future()
        try:
            if not self.dead and not self._reader.at_eof():
                await self._taken
        finally:
            self._taking = self._taken = None

    def enough(self) -> None:
        """Who waits in `take` goes on; what arrives from now on is for the buffer."""
        self._taking = None
        if self._taken is not None and not self._taken.done():
            self._taken.set_result(None)

    def eof_received(self) -> bool:
        """The client will send nothing more; over TCP it may still be waiting for a reply."""
        self.enough()
        return not self.dead and bool(asyncio.StreamReaderProtocol.eof_received(self))

    def connection_lost(self, error: Exception | None) -> None:
        """The connection is gone. The command loop notices at its next read or write; nothing is cancelled."""
        self.dead = True
        self.enough()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._original_transport is not None:
            self._original_transport.close()
        asyncio.StreamReaderProtocol.connection_lost(self, error)
        self.transport = None
        self._leave()

    def _leave(self) -> None:
        """Give the place back once both are over: the connection, and what we do for it."""
        if self._admitted and self.transport is None and not self._running:
            self._admitted = False
            self.server.admission.leave(self._identified)
            self.server.left(self)

    # -- time ----------------------------------------------------------------------------------------------

    def until(self, seconds: float) -> None:
        """From now on the client has so many seconds, and never more than the session has."""
        self._deadline = min(self.loop.time() + seconds, self._end)
        if self._timer is None or self._timer.when() > self._deadline:
            if self._timer is not None:
                self._timer.cancel()
            self._timer = self.loop.call_at(self._deadline, self._late)

    def ours(self) -> None:
        """From now on the time is ours: the client cannot be late."""
        self._deadline = self.loop.time() + BLOCKED

    def _late(self) -> None:
        self._timer = None
        if self.dead:
            return
        if self.loop.time() < self._deadline:
            self._timer = self.loop.call_at(self._deadline, self._late)
            return
        log.info(
            LogEvent.CLIENT_TOO_SLOW,
            listener=self.settings.name,
            peer=self.peer,
            tenant=self.tenant,  # a timer has the context of its first setter
        )
        self.goodbye(TIMEOUT)

    # -- replies -------------------------------------------------------------------------------------------

    def say(self, reply: Reply) -> None:
        """Put a reply into the next write. Refusals count as errors of the client.

        A command out of order only counts as noise: one refused MAIL makes a client that pipelines hear it for
        each of its recipients.
        """
        self._out += _wire(reply, self.smtputf8)
        if reply == ORDER:
            self.junk += 1
        elif reply.permanent:
            self.errors += 1

    async def push(self, status: Any) -> None:
        """aiosmtpd's way to answer, kept so that nothing of it can overtake the replies that wait."""
        self._out += (status if isinstance(status, bytes) else str(status).encode()) + b"\r\n"

    async def flush(self) -> None:
        if self._out and not self.dead:
            self._writer.write(bytes(self._out))
            self._out.clear()
            await self._writer.drain()

    def goodbye(self, reply: Reply) -> None:
        """The last reply of this connection. Nothing that the client sent or sends is read any more."""
        if self.dead:
            return
        self.dead = True
        self.enough()
        self.buffer.clear()
        self._reader.feed_eof()
        transport = cast(asyncio.Transport, self.transport)
        socket_transport = cast(asyncio.Transport, self._original_transport or transport)
        self.loop.call_later(2 * LINGER, socket_transport.abort)  # who does not read is not waited for
        if not self.tls and (self._tls_protocol is not None or self.settings.mode == "implicit"):
            socket_transport.abort()  # before the end of the handshake there is no way to say anything
            return
        transport.write(bytes(self._out) + _wire(reply))
        if self.tls or reply in SILENT:
            transport.close()
            return
        # A close with unread input resets the connection and takes the reply away from the client: stop writing,
        # swallow for a moment, then close.
        self.loop.call_later(LINGER, transport.close)
        with contextlib.suppress(OSError, RuntimeError):  # it may be gone already, and we not told yet
            transport.resume_reading()
            transport.write_eof()

    def stop(self) -> None:
        """The service stops: now when the client is idle, else after the command that runs."""
        if not self._busy:
            self.goodbye(STOPPING)

    def cut(self) -> None:
        """The time to stop is over: no reply is the truth about a mail whose fate is open."""
        self.dead = True
        if self._handler_coroutine is not None:
            self._handler_coroutine.cancel()
        transport = self._original_transport or self.transport
        if transport is not None:
            cast(asyncio.Transport, transport).abort()

    def failed(self, error: Exception) -> None:
        """An error of ours is temporary, and its text is for the log only."""
        log.error(LogEvent.LISTENER_FAILED, listener=self.settings.name, peer=self.peer, exc_info=error)

    @property
    def buffer(self) -> bytearray:
        """What has arrived and was not read yet. StreamReader has no public way to look without waiting."""
        return cast(bytearray, self._reader._buffer)  # type: ignore[attr-defined]

    # -- PROXY and TLS -------------------------------------------------------------------------------------

    async def _read_proxy_header(self) -> bool:
        """Who the client is, told by a load balancer that the settings trust (PROXY protocol 1 or 2)."""
        try:
            async with asyncio.timeout(self.limits.proxy):
                self.peer = proxy.client(await proxy.read(self._reader)) or self.peer
        except (proxy.BadHeader, TimeoutError) as error:
            log.warning(
                LogEvent.PROXY_HEADER_REFUSED, listener=self.settings.name, peer=self.peer,
                reason=str(error) or "too slow",
            )  # fmt: skip
            cast(asyncio.Transport, self.transport).abort()
            return False
        refusal = self.server.identify(self.peer)
        if refusal is not None:
            self.goodbye(refusal)
            return False
        self._identified = self.server.counted(self.peer)
        return True

    async def start_tls(self) -> bool:
        """Shake hands. What already arrived belongs to the handshake; plaintext in it makes it fail."""
        assert self.server.certificates is not None
        plain = cast(asyncio.Transport, self.transport)
        early = bytes(self.buffer)
        self.buffer.clear()
        self.until(self.limits.handshake)
        done: asyncio.Future[None] = self.loop.create_future()
        tls = sslproto.SSLProtocol(
            self.loop,
            self,
            self.server.certificates.context(),
            done,
            server_side=True,
            ssl_handshake_timeout=self.limits.handshake,  # type: ignore[arg-type]  # typeshed says int
            ssl_shutdown_timeout=LINGER,
        )
        self._tls_protocol, self._original_transport = tls, plain
        plain.set_protocol(tls)
        plain.resume_reading()
        tls.connection_made(plain)
        while early:
            room = tls.get_buffer(len(early))
            size = min(len(room), len(early))
            room[:size] = early[:size]
            tls.buffer_updated(size)
            early = early[size:]
        try:
            await done
        except OSError as error:
            self._tell_failed_handshake(error)
        self.ours()
        if self.tls and not self.dead:
            return True
        plain.abort()
        if self.transport is not None:  # a handshake that fails is not reported to us as a lost connection
            self.connection_lost(None)
        return False

    def _tell_failed_handshake(self, error: OSError) -> None:
        reason = str(getattr(error, "reason", None) or type(error).__name__).lower()
        silenced = self.server.failed_handshakes.setdefault(reason, Quiet())(self.loop.time())
        if silenced is not None:
            log.info(
                LogEvent.TLS_FAILED, listener=self.settings.name, peer=self.peer, error=one_line(reason),
                silenced=silenced,
            )  # fmt: skip


@lru_cache(maxsize=256)
def _wire(reply: Reply, smtputf8: bool = False) -> bytes:
    """The lines of a reply, each cut to what RFC 5321 §4.5.3.1.5 allows; in ASCII but where the client asked for SMTPUTF8
    (RFC 6531 §3.7.4.2)."""
    texts = reply.lines() if smtputf8 else map(in_ascii, reply.lines())
    lines = (line.encode("utf-8", "replace") for line in texts)
    return b"".join(
        (line if len(line) <= 510 else line[:510].decode("utf-8", "ignore").encode()) + b"\r\n"
        for line in lines
    )
