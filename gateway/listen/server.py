"""A listening socket and the connections that came through it: what all of them share."""

import asyncio
import errno
import socket
from collections.abc import Callable, Sequence
from typing import Any, Protocol

import structlog

from config.log_events import LogEvent
from gateway.listen.limits import Admission, Quiet
from gateway.listen.session import Authenticate, Open, Scram
from gateway.listen.settings import ListenerSettings
from gateway.listen.tls import Certificates
from mail.networks import Networks
from mail.reply import Reply
from storage.interfaces import Draft

log = structlog.get_logger()

DENIED = Reply(554, "Access denied", 7, 1)


class Client(Protocol):
    """What a listener must be able to ask of each of its connections when it stops."""

    def stop(self) -> None:
        """Say goodbye now when idle, else after the command that runs."""

    def cut(self) -> None:
        """The time to stop is over."""


class Server:
    """One listener at work. AUTH is offered (under TLS only) when there is somebody to `authenticate`."""

    def __init__(
        self,
        settings: ListenerSettings,
        *,
        open_session: Open,
        authenticate: Authenticate | None,
        scram: Scram | None = None,
        draft: Callable[[], Draft],
        admission: Admission,
        certificates: Certificates | None,
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        """Raises ValueError for settings that contradict each other."""
        if settings.mode != "none" and certificates is None:
            raise ValueError(f"listener {settings.name}: TLS needs a certificate")
        if settings.mode == "none" and (settings.tls_required or settings.auth_required):
            raise ValueError(f"listener {settings.name}: AUTH and tls_required need TLS")
        if settings.auth_required and authenticate is None:
            raise ValueError(f"listener {settings.name}: AUTH is required and nobody checks it")
        self.settings = settings
        self.open_session = open_session
        self.authenticate = authenticate
        self.scram = scram
        self.draft = draft
        self.admission = admission
        self.certificates = certificates
        self.loop = loop
        self.connections: set[Client] = set()
        self.failed_handshakes: dict[str, Quiet] = {}
        """By OpenSSL's reason, of which there are some hundred."""
        self.stopping = False
        self._proxies = Networks(settings.proxy_networks)
        self._known = Networks(settings.known)
        self._empty = asyncio.Event()
        self._listening: list[asyncio.Server] = []

    async def start(
        self, connection: Callable[[], asyncio.BaseProtocol], sockets: Sequence[socket.socket]
    ) -> None:
        """Answer what comes through these, which listen already; `connection` makes the protocol of each client."""
        for each in sockets:
            self._listening.append(
                await self.loop.create_server(connection, sock=each, backlog=self.settings.backlog)
            )

    @property
    def address(self) -> tuple[str, int]:
        """Host and port of the first socket."""
        host, port = self._listening[0].sockets[0].getsockname()[:2]
        return host, port

    def admit(self, peer: str) -> Reply | None:
        """None lets a connection in; the address counts now, or after the PROXY header."""
        if self.settings.proxied and peer not in self._proxies:
            return DENIED
        refusal = self.admission.enter()
        if refusal is None and not self.settings.proxied:
            refusal = self.identify(peer)
            if refusal is not None:
                self.admission.leave("")
        return refusal

    def identify(self, peer: str) -> Reply | None:
        """The address of a connection that is inside is known: None, or the goodbye (Admission.identify)."""
        return self.admission.identify(peer, self.loop.time()) if self.counted(peer) else None

    def counted(self, peer: str) -> str:
        """The address by which a connection counts, "" for one that does not."""
        return "" if peer in self._known else peer

    def left(self, connection: Client) -> None:
        """A connection is over."""
        self.connections.discard(connection)
        if not self.connections:
            self._empty.set()

    async def stop(self, grace: float = 30.0) -> None:
        """Accept nothing more, say goodbye to the idle, and give running commands `grace` seconds to end."""
        self.stopping = True
        for listening in self._listening:
            listening.close()
        for connection in list(self.connections):
            connection.stop()
        for seconds in (grace, 5.0):
            if self.connections:
                self._empty.clear()
                try:
                    async with asyncio.timeout(seconds):
                        await self._empty.wait()
                except TimeoutError:
                    log.warning(
                        LogEvent.LISTENER_CUT, listener=self.settings.name, connections=len(self.connections)
                    )
                    for connection in list(self.connections):
                        connection.cut()


def opened(settings: ListenerSettings) -> list[socket.socket]:
    """Listening sockets, one for each address that the host's name has; who connects waits until somebody answers.
    Raises OSError."""
    found = socket.getaddrinfo(
        settings.host or None, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )
    sockets: list[socket.socket] = []
    try:
        for family, kind, protocol, _, address in dict.fromkeys(found):
            try:
                each = socket.socket(family, kind, protocol)
            except OSError as error:
                if error.errno == errno.EAFNOSUPPORT and len(found) > 1:  # a kernel without IPv6
                    continue
                raise
            sockets.append(each)
            each.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if settings.reuse_port:
                each.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            if family == socket.AF_INET6:
                each.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            each.bind(address)
            each.listen(settings.backlog)
    except OSError:
        for each in sockets:
            each.close()
        raise
    return sockets


def beside(listening: socket.socket, backlog: int) -> socket.socket:
    """Another socket at the address of one that was opened with `reuse_port`: who connects comes to one of them."""
    another = socket.socket(listening.family, socket.SOCK_STREAM)
    try:
        for option in (socket.SO_REUSEADDR, socket.SO_REUSEPORT):
            another.setsockopt(socket.SOL_SOCKET, option, 1)
        if listening.family == socket.AF_INET6:
            another.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        another.bind(listening.getsockname())
        another.listen(backlog)
    except OSError:
        another.close()
        raise
    return another


class AcceptErrors:
    """A loop's exception handler that complains about failed accepts once in ten seconds.

    Without free descriptors asyncio tries `backlog` accepts in a row and reports each of them; that is
    thousands of lines per second. Everything else goes to the handler that was there before.
    """

    def __init__(self, before: Callable[[asyncio.AbstractEventLoop, dict[str, Any]], object] | None) -> None:
        self._before = before
        self._quiet = Quiet()

    def __call__(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if isinstance(error, OSError) and error.errno in (
            errno.EMFILE,
            errno.ENFILE,
            errno.ENOBUFS,
            errno.ENOMEM,
        ):
            silenced = self._quiet(loop.time())
            if silenced is not None:
                log.error(LogEvent.ACCEPT_FAILED, error=error.strerror, silenced=silenced)
        elif self._before is not None:
            self._before(loop, context)
        else:
            loop.default_exception_handler(context)


def quieten(loop: asyncio.AbstractEventLoop) -> None:
    """Install AcceptErrors, once."""
    before = loop.get_exception_handler()
    if not isinstance(before, AcceptErrors):
        loop.set_exception_handler(AcceptErrors(before))
