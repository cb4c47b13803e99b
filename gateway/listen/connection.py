"""One SMTP connection without its commands: the greeting, the command loop, and its end.

Three rules that the code keeps everywhere:
- Replies are collected and leave in one write when the client's input is used up (RFC 2920).
- A client that goes away cancels nothing: reads end, replies are dropped, and what `Session.data` began ends.
- After a goodbye nothing more is read: `dead` is set first, and no mail is taken over from then on.

Diagnostics: see gateway.listen.commands.
"""

import asyncio
from typing import cast

import structlog

from config.log_events import LogEvent
from gateway.listen import grammar
from gateway.listen.transport import LINGER, STOPPING, ClientTransport
from mail.reply import LOCAL_ERROR, Reply

log = structlog.get_logger()

OUT = 1 << 13
"""Octets of collected replies that are written even when the client has said more."""

TOO_MANY_ERRORS = Reply(421, "Too many errors, closing the connection", 7, 0)
NOT_SMTP = Reply(421, "This is a mail server, goodbye", 7, 0)
UNSYNCHRONISED = Reply(554, "Protocol error: input where the client had to wait for a reply", 5, 0)
ENDLESS = Reply(421, "Line far too long, closing the connection", 5, 2)

JUNK = frozenset({"NOOP", "RSET", "VRFY", "EXPN", "HELP"})
SYNCHRONOUS = frozenset({"HELO", "EHLO", "DATA", "STARTTLS", "AUTH"})
"""Commands that must be the last of a group (RFC 2920 §3.1, RFC 3207 §4): a client that does not wait for their
reply does not know what we answered, or somebody else put its words there."""


class Connection(ClientTransport):
    """One client connection from its greeting to its goodbye; subclasses have the commands, `smtp_VERB`."""

    async def line(self) -> bytes | None:
        """The next line with its LF, None when there is none. The client's time runs while we wait."""
        if b"\n" not in self.buffer:
            self.until(self.server.admission.current().idle)
            await self.flush()
        try:
            line = await self._reader.readuntil(b"\n")
        except asyncio.IncompleteReadError:
            return None
        except asyncio.LimitOverrunError:
            self.goodbye(ENDLESS)
            return None
        self.ours()
        return None if self.dead else line

    def belongs(self, tenant: str) -> None:
        """Say whose connection it is from here on; ANY: not known yet."""
        self.tenant = tenant
        structlog.contextvars.bind_contextvars(tenant=tenant)

    async def _handle_client(self) -> None:
        """The life of a connection, in the task that aiosmtpd's connection_made starts."""
        self.belongs(self.settings.tenant)
        try:
            if await self._introduce():
                await self._converse()
        except Exception as error:
            if not self.dead and not isinstance(error, OSError | EOFError):
                self.failed(error)
        finally:
            await self._finish()

    async def _introduce(self) -> bool:
        """PROXY header, implicit TLS, and the greeting. False when the conversation ends here."""
        if self.settings.proxied and not await self._read_proxy_header():
            return False
        if self.settings.mode == "implicit" and not await self.start_tls():
            return False
        counts = self.server.counted(self.peer) and self.peer not in self.server.admission.trusted
        if self.settings.greet_pause and counts:
            self.ours()
            await asyncio.sleep(self.settings.greet_pause)
        if self.buffer:
            log.info(LogEvent.EARLY_TALKER, listener=self.settings.name, peer=self.peer)
            self.goodbye(NOT_SMTP if grammar.speaks_http(bytes(self.buffer)) else UNSYNCHRONISED)
            return False
        log.debug(LogEvent.CONNECTED, listener=self.settings.name, peer=self.peer, tls=self.tls)
        self.say(Reply(220, f"{self.settings.hostname} {self.settings.ident}", -1))
        return not self.dead

    async def _converse(self) -> None:
        while not self.dead:
            if self.server.stopping:
                return self.goodbye(STOPPING)
            line = await self.line()
            if line is None:
                return None
            self._busy = True
            try:
                await self._command(line)
            finally:
                self._busy = False
            limits = self.server.admission.current()
            if self.errors >= limits.errors or self.junk > limits.junk:
                log.info(LogEvent.TOO_MANY_ERRORS, listener=self.settings.name, peer=self.peer)
                return self.goodbye(TOO_MANY_ERRORS)
            if len(self._out) > OUT:
                self.until(limits.idle)
                await self.flush()
        return None

    async def _command(self, line: bytes) -> None:
        if grammar.speaks_http(line):
            log.info(LogEvent.NOT_SMTP, listener=self.settings.name, peer=self.peer)
            return self.goodbye(NOT_SMTP)
        command = grammar.command(line)
        if isinstance(command, Reply):
            return self.say(command)
        method = getattr(self, f"smtp_{command.verb}", None)
        if method is None:
            return self.say(grammar.UNKNOWN)
        if self.buffer and (command.verb in SYNCHRONOUS or not self.extended):
            log.info(LogEvent.UNSYNCHRONISED, listener=self.settings.name, peer=self.peer, verb=command.verb)
            return self.goodbye(UNSYNCHRONISED)
        if command.verb in JUNK:
            self.junk += 1
        try:
            await method(command.argument)
        except Exception as error:
            if self.dead:
                raise
            self.failed(error)
            self.say(LOCAL_ERROR)
        return None

    async def end(self) -> None:
        """The conversation is over: let go of everything. For the commands' side to fill."""

    async def _finish(self) -> None:
        self.ours()
        try:
            await self.end()
        except Exception as error:
            self.failed(error)
        finally:
            if not self.dead:
                self.dead = True
                transport = cast(asyncio.Transport, self._original_transport or self.transport)
                cast(asyncio.Transport, self.transport).close()
                self.loop.call_later(2 * LINGER, transport.abort)
            self._running = False
            self._leave()
