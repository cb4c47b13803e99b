"""The SMTP listener: speaks RFC 5321 with clients and hands what they say to a gateway.listen.session.Session.

Built on aiosmtpd's protocol class, whose commands are found by name (`smtp_*`) and all replaced here: its own
read whole mails into memory line by line, take addresses through a header parser, answer unexpected errors
with 500, and know no limits on connections. What is kept is the stream protocol, the task per connection and
the lookup of commands.

    gateway.listen.server     the listening socket and what its connections share
    gateway.listen.transport   a client's transport: admission, time, replies, TLS
    gateway.listen.proxy       the PROXY header
    gateway.listen.connection  greeting, command loop, end
    gateway.listen.login       AUTH
    gateway.listen.grammar     command lines and their arguments (pure)
    gateway.listen.content     DATA and BDAT into a draft

Diagnostics: 421 4.3.2 too many connections, or the service stops; 421 4.4.2 too slow; 421 4.7.0 too many
errors; 554 5.5.0 input where the client had to wait; 451 4.3.0 an error of ours, with a traceback in the log.
"""

import asyncio
import resource
import socket
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TypeVar

import msgspec
import structlog

from config.log_events import LogEvent
from filters.facts import Origin
from gateway.listen import grammar
from gateway.listen.content import TOO_BIG, Chunks, Data, IncomingContent, draft_failure
from gateway.listen.grammar import Offer
from gateway.listen.limits import Admission, content_deadline
from gateway.listen.login import NOT_IMPLEMENTED, LoginConnection
from gateway.listen.server import Server, opened, quieten
from gateway.listen.session import Authenticate, Open, Scram, Session
from gateway.listen.settings import ListenerSettings
from gateway.listen.tls import Certificates
from gateway.listen.transport import BYE, ORDER
from mail.envelope import Envelope, ForwardPath
from mail.reply import LOCAL_ERROR, OK, Reply
from storage.interfaces import Draft

__all__ = ["ListenerSettings", "Server", "SmtpConnection", "serve"]

log = structlog.get_logger()

Incoming = TypeVar("Incoming", Data, Chunks)

TOO_MUCH = Reply(421, "Far too much mail data, closing the connection", 3, 4)
BAD_CHUNK = Reply(501, "Syntax error in BDAT, closing the connection", 5, 4)
NO_RECIPIENTS = Reply(554, "No valid recipients", 5, 1)
NEEDS_TLS = Reply(530, "Must issue a STARTTLS command first", 7, 0)
NEEDS_AUTH = Reply(530, "Authentication required", 7, 0)
TOO_MANY_RECIPIENTS = Reply(452, "Too many recipients, please send the others separately", 5, 3)
GO_AHEAD = Reply(354, "End data with <CR><LF>.<CR><LF>", -1)
CONTENT_LOST = Reply(421, "Temporary failure, closing the connection", 3, 0)


class SmtpConnection(LoginConnection):
    """The commands of one client connection, on top of gateway.listen.connection.Connection."""

    def __init__(self, server: Server) -> None:
        super().__init__(server)
        self._helo = ""
        self._session: Session | None = None
        self._opened: Origin | None = None
        self._envelope: Envelope | None = None
        self._paths: dict[str, ForwardPath] = {}  # by address: who is named twice gets one copy
        self._overshoot = 0
        self._content: IncomingContent | None = None  # what is arriving; ours until the session takes it

    # -- greetings and small talk --------------------------------------------------------------------------

    async def smtp_HELO(self, arg: str) -> None:
        await self._greet(arg, extended=False)

    async def smtp_EHLO(self, arg: str) -> None:
        await self._greet(arg, extended=True)

    async def _greet(self, name: str, *, extended: bool) -> None:
        if not grammar.is_name(name):
            return self.say(grammar.SYNTAX)
        if self._helo:
            self.junk += 1
        await self._reset()
        self._helo, self.extended = name, extended
        settings, lines = self.settings, [self.settings.hostname]
        if extended:
            lines += ["PIPELINING", f"SIZE {settings.size_limit}", "8BITMIME", "ENHANCEDSTATUSCODES"]
            lines += (
                ["SMTPUTF8"] * settings.smtputf8 + ["DSN"] * settings.dsn + ["CHUNKING"] * settings.chunking
            )
            if settings.future_release:  # RFC 4865: for how long, and until when, mail is held
                last = datetime.fromtimestamp(int(time.time()) + settings.future_release, UTC)
                lines.append(f"FUTURERELEASE {settings.future_release} {last:%Y-%m-%dT%H:%M:%SZ}")
            lines += ["STARTTLS"] * (settings.mode == "starttls" and not self.tls)
            lines += await self.mechanisms()
        return self.say(Reply(250, "\n".join(lines), -1))

    async def smtp_STARTTLS(self, arg: str) -> None:
        if self.settings.mode != "starttls" or self.tls:
            return self.say(ORDER if self.tls else NOT_IMPLEMENTED)
        if arg:
            return self.say(grammar.SYNTAX)
        await self._reset()
        self.say(Reply(220, "Ready to start TLS", 0, 0))
        await self.flush()
        if await self.start_tls():
            self._helo, self.extended = "", False  # RFC 3207 §4.2: what was said before is forgotten
        return None

    async def smtp_RSET(self, arg: str) -> None:
        if arg:
            return self.say(grammar.SYNTAX)
        await self._reset()
        return self.say(OK)

    async def smtp_NOOP(self, arg: str) -> None:
        self.say(OK)

    async def smtp_VRFY(self, arg: str) -> None:
        self.say(Reply(252, "Cannot VRFY a user, but will accept a message and try", 0, 0))

    async def smtp_EXPN(self, arg: str) -> None:
        self.say(NOT_IMPLEMENTED)

    async def smtp_HELP(self, arg: str) -> None:
        self.say(Reply(214, "See RFC 5321", 0, 0))

    async def smtp_QUIT(self, arg: str) -> None:
        self.goodbye(BYE)

    # -- the session that takes responsibility ---------------------------------------------------------------

    def origin(self) -> Origin:
        return Origin(
            listener=self.settings.name,
            peer=self.peer,
            helo=self._helo,
            tls=self.tls,
            login=self.login,
            tenant=self.tenant,
            certificate=self.certificate_names,
        )

    async def _open(self) -> Session:
        """The session of this client: a new one when what we know of it changed (STARTTLS, AUTH, its name)."""
        origin = self.origin()
        if self._session is None or self._opened != origin:
            await self._close()
            self._session, self._opened = self.server.open_session(origin), origin
        return self._session

    async def _close(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def end(self) -> None:
        self._forget()
        await self._close()

    def _forget(self) -> None:
        self._envelope, self._paths, self._overshoot, self.smtputf8 = None, {}, 0, False
        content, self._content = self._content, None
        if content is not None:
            content.draft.discard()

    async def _reset(self) -> None:
        """Forget the transaction, here and in the session."""
        self._forget()
        if self._session is not None:
            await self._session.reset()

    # -- the transaction -------------------------------------------------------------------------------------

    @property
    def in_transaction(self) -> bool:
        return self._envelope is not None

    @property
    def _offer(self) -> Offer:
        settings = self.settings
        return Offer(
            settings.smtputf8, settings.dsn, self.extended, settings.future_release, settings.postmaster
        )

    async def smtp_MAIL(self, arg: str | None) -> None:
        if not self._helo or self.in_transaction:
            return self.say(ORDER)
        if self.settings.tls_required and not self.tls:
            return self.say(NEEDS_TLS)
        if self.settings.auth_required and (not self.login or await self.login_ended()):
            return self.say(NEEDS_AUTH)
        read = grammar.mail(arg or "", self._offer)
        if isinstance(read, Reply):
            return self.say(read)
        if read.size > self.settings.size_limit:
            return self.say(TOO_BIG)
        session = await self._open()
        reply = await session.mail(read.envelope)
        self.smtputf8 = read.envelope.smtputf8
        if reply.positive:
            self._envelope = read.envelope
        return self.say(reply)

    async def smtp_RCPT(self, arg: str | None) -> None:
        if self._envelope is None or self._session is None or self._content is not None:
            return self.say(ORDER)
        read = grammar.rcpt(arg or "", self._offer, self._envelope.smtputf8)
        if isinstance(read, Reply):
            return self.say(read)
        named = read.address in self._paths
        if named or len(self._paths) >= self.limits.recipients:
            self._overshoot += 1
            self.errors += self._overshoot > self.limits.recipients
            return self.say(OK if named else TOO_MANY_RECIPIENTS)
        reply = await self._session.rcpt(self._envelope, read)
        if reply.positive:
            self._paths[read.address] = read
        return self.say(reply)

    async def smtp_DATA(self, arg: str) -> None:
        if arg:
            return self.say(grammar.SYNTAX)
        if self._envelope is None or self._content is not None:
            return self.say(ORDER)
        if not self._paths:
            return self.say(NO_RECIPIENTS)
        try:
            draft = self.server.draft()
        except Exception as error:
            return self.say(draft_failure(error))
        content = self._content = self._incoming(Data, draft)
        self.say(GO_AHEAD)
        self.until(self.limits.idle)
        await self.flush()
        if await self._receive(content):
            await self._take(content)
        return None

    async def smtp_BDAT(self, arg: str) -> None:
        """RFC 3030: a chunk follows whatever we think of it, so it is always read."""
        chunk = grammar.chunk(arg) if self.settings.chunking else None
        if chunk is None:
            return self.goodbye(BAD_CHUNK)
        content = self._content
        if not isinstance(content, Chunks):
            try:
                draft = self.server.draft()
            except Exception as error:
                return self.goodbye(msgspec.structs.replace(draft_failure(error), code=421))
            content = self._content = self._incoming(Chunks, draft)
            if self._envelope is None:
                content.refuse(ORDER)
            elif not self._paths:
                content.refuse(NO_RECIPIENTS)
        content.expect(chunk.size, chunk.last)
        if not await self._receive(content):
            return None
        if content.refusal is None and not chunk.last:
            return self.say(Reply(250, f"{chunk.size} octets received", 0, 0))
        return await self._take(content)

    def _incoming(self, kind: type[Incoming], draft: Draft) -> Incoming:
        settings = self.settings
        return kind(draft, settings.size_limit, self.limits.overrun, normalise=settings.normalise)

    async def _receive(self, content: IncomingContent) -> bool:
        """Read until the content is complete. False when the connection ended before."""
        started, before = self.loop.time(), content.received

        def wait() -> None:
            idle = self.server.admission.current().idle
            due = content_deadline(self.limits, started, content.received - before)
            self.until(min(idle, due - self.loop.time()))

        def arrived(data: bytes) -> None:
            # What follows the content of a BDAT chunk is the next command.
            wanted = content.wanted(len(data))
            try:
                content.feed(data if wanted == len(data) else data[:wanted])
            except Exception as error:
                # Where the content ends is not known any more: what follows must never be taken for commands.
                self.failed(error)
                return self.goodbye(CONTENT_LOST)
            if content.overrun:
                return self.goodbye(TOO_MUCH)
            if content.complete:
                self.enough()
                self.buffer[:0] = content.rest + data[wanted:]
            else:
                wait()
            return None

        wait()
        if self.buffer and not content.complete:
            arrived(await self._reader.read(len(self.buffer)))
        if not content.complete:
            await self.take(arrived)
        self.ours()
        return content.complete and not self.dead

    async def _take(self, content: IncomingContent) -> None:
        """Hand the mail over. From here on nothing that the client does can stop it."""
        refusal = content.refusal
        if refusal is not None:
            log.info(
                LogEvent.REFUSED,
                listener=self.settings.name,
                peer=self.peer,
                reply=str(refusal),
                reason=refusal.reason,
            )
            await self._reset()
            return self.say(refusal)
        assert self._envelope is not None
        assert self._session is not None
        if self.settings.auth_required and await self.login_ended():
            await self._reset()
            return self.say(NEEDS_AUTH)
        envelope = msgspec.structs.replace(self._envelope, forward_paths=tuple(self._paths.values()))
        size = content.draft.size
        self._content = None
        began = time.monotonic()
        try:
            reply = await self._session.data(envelope, content.draft)
        except Exception as error:
            self.failed(error)
            reply = LOCAL_ERROR
        log.info(
            LogEvent.MAIL,
            listener=self.settings.name,
            peer=self.peer,
            login=self.login,
            tls=self.tls,
            size=size,
            recipients=len(envelope.forward_paths),
            reply=str(reply),
            reason=reply.reason,
            heard=not self.dead,
            seconds=round(time.monotonic() - began, 3),
        )
        if reply.positive:
            self.errors = self.junk = 0
        self.say(reply)
        return await self._reset()


async def serve(
    settings: ListenerSettings,
    *,
    open_session: Open,
    authenticate: Authenticate | None,
    scram: Scram | None = None,
    draft: Callable[[], Draft],
    admission: Admission,
    certificates: Certificates | None,
    sockets: Sequence[socket.socket] = (),
) -> Server:
    """Listen on the running event loop, and return the server: `.address`, `await .stop(grace)`.

    `admission` is shared by all listeners of the process; `sockets`, listening already, are used in place of host and
    port. Raises OSError when the address cannot be had, ValueError for settings that contradict each other.
    """
    loop = asyncio.get_running_loop()
    server = Server(
        settings,
        open_session=open_session,
        authenticate=authenticate,
        scram=scram,
        draft=draft,
        admission=admission,
        certificates=certificates,
        loop=loop,
    )
    quieten(loop)
    if admission.fit(resource.getrlimit(resource.RLIMIT_NOFILE)[0]):
        log.warning(LogEvent.CONNECTIONS_LOWERED, connections=admission.limits.connections)
    await server.start(lambda: SmtpConnection(server), sockets or opened(settings))
    log.info(LogEvent.LISTENING, listener=settings.name, address=server.address)
    return server
