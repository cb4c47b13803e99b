"""AUTH of a connection: the exchanges of PLAIN, LOGIN and SCRAM-SHA-256 (RFC 4954, RFC 5802). How often somebody may guess: directory/logins.py."""

import base64
import secrets
from collections.abc import Awaitable
from typing import TypeVar

import structlog

from config.log_events import LogEvent
from config.tenant import ANY
from directory.devices import Entering
from directory.logins import TooManyFailures
from gateway.listen import grammar, sasl
from gateway.listen.connection import Connection
from gateway.listen.sasl import Credentials, masked
from gateway.listen.scram_exchange import client_final, client_first, proved, server_final
from gateway.listen.session import LoggedIn, Scram
from gateway.listen.transport import ORDER
from mail.reply import Reply
from storage.interfaces import StoreError

log = structlog.get_logger()

Found = TypeVar("Found")
SCRAM = "SCRAM-SHA-256"

NEEDS_TLS = Reply(538, "Encryption required for the requested authentication mechanism", 7, 11)
NOT_IMPLEMENTED = Reply(502, "Command not implemented", 5, 1)
UNKNOWN_MECHANISM = Reply(504, "Unrecognised authentication type", 5, 4)
FAILED = Reply(535, "Authentication credentials invalid", 7, 8)
BLOCKED = Reply(454, "Too many failed logins, please try again later", 7, 0)
ENDED = Reply(421, "Too many failed logins, closing the connection", 7, 0)
UNAVAILABLE = Reply(454, "Temporary authentication failure", 7, 0)
SUCCEEDED = Reply(235, "Authentication successful", 7, 0)
CANCELLED = Reply(501, "Authentication cancelled", 7, 0)
NOT_BASE64 = Reply(501, "Not base64", 5, 2)
LINE_TOO_LONG = Reply(500, "Authentication exchange line is too long", 5, 6)


class LoginConnection(Connection):
    """A connection that can be authenticated. `login` is the canonical account name, "" before."""

    login = ""
    _failures = 0
    _entered: LoggedIn | None = None

    async def login_ended(self) -> bool:
        """True when somebody logged in with what lets nobody in any more; they may log in anew."""
        if self._entered is None or await self._entered.stands():
            return False
        log.info(LogEvent.LOGIN_ENDED, listener=self.settings.name, peer=self.peer, login=self.login)
        self.login, self._entered = "", None
        self.belongs(self.settings.tenant)
        return True

    async def smtp_AUTH(self, arg: str | None) -> None:
        """AUTH PLAIN, LOGIN and SCRAM-SHA-256, under TLS only. Nothing that a client sends here is echoed or logged."""
        if self.server.authenticate is None:
            return self.say(NOT_IMPLEMENTED)
        if not self.tls:
            return self.say(NEEDS_TLS)
        if not self.extended or self.login or self.in_transaction:
            return self.say(ORDER)
        mechanism, _, initial = (arg or "").partition(" ")
        mechanism = mechanism.upper()
        if mechanism == "PLAIN":
            answer = await self._answer("", initial)
            read = sasl.plain(answer) if isinstance(answer, bytes) else answer
        elif mechanism == "LOGIN":
            answer = await self._answer(sasl.USERNAME, initial)
            second = await self._answer(sasl.PASSWORD, "") if isinstance(answer, bytes) else answer
            if isinstance(answer, bytes) and isinstance(second, bytes):
                read = sasl.credentials(answer, second)
            else:
                read = second if isinstance(second, Reply) else None
        elif mechanism == SCRAM and self.server.scram is not None:
            return await self._exchange(self.server.scram, initial)
        else:
            return self.say(UNKNOWN_MECHANISM)
        if self.dead:
            return None
        if isinstance(read, Reply):
            return self.say(read)
        return await self._authenticate_as(read)

    async def mechanisms(self) -> list[str]:
        """The line of EHLO about AUTH, if any: SCRAM only where everybody has keys for it."""
        if self.server.authenticate is None or not self.tls:
            return []
        try:
            scram = self.server.scram is not None and await self.server.scram.offered()
        except StoreError:
            scram = False
        return [f"AUTH {SCRAM} PLAIN LOGIN" if scram else "AUTH PLAIN LOGIN"]

    @property
    def in_transaction(self) -> bool:
        """True between MAIL and the end of its transaction."""
        raise NotImplementedError

    async def _answer(self, challenge: str, initial: str) -> bytes | Reply | None:
        """The decoded answer to a 334; a Reply when it is none, None when the connection is over."""
        answer = initial.encode()
        if not initial:
            self.say(Reply(334, challenge, -1))
            line = await self.line()
            if line is None:
                return None
            if not line.endswith(b"\r\n"):
                return grammar.BARE
            if len(line) > grammar.LINES["AUTH"]:
                return LINE_TOO_LONG
            answer = line[:-2]
            if answer == b"*":
                return CANCELLED
        decoded = sasl.decode(answer)
        return NOT_BASE64 if decoded is None else decoded

    async def _authenticate_as(self, credentials: Credentials | None) -> None:
        """Check credentials; None stands for an answer that could be read but names nobody."""
        if credentials is None:
            self._failed("")
            return
        assert self.server.authenticate is not None
        entering = Entering(self.peer, self.certificate)
        checked = self.server.authenticate(credentials.login, credentials.password, entering)
        if found := await self._proved(credentials.login, checked):
            self._enter(found)

    async def _exchange(self, scram: Scram, initial: str) -> None:
        """SCRAM-SHA-256 (RFC 5802 §3): neither side says what the other could use without it."""
        answer = await self._answer("", initial)
        if not isinstance(answer, bytes):
            return self.say(answer) if answer else None
        first = client_first(answer)
        if first is None:
            return self._failed("")
        try:
            salt, iterations = await scram.salted(first.login)
        except Exception as error:
            return self._unavailable(error)
        nonce = secrets.token_urlsafe(18).encode()
        challenge = first.answer(nonce, salt, iterations)
        answer = await self._answer(base64.b64encode(challenge).decode(), "")
        if not isinstance(answer, bytes):
            return self.say(answer) if answer else None
        final = client_final(answer, first, nonce)
        if final is None:
            return self._failed(first.login)
        entering, message = Entering(self.peer, self.certificate), proved(first, challenge, final)
        found = await self._proved(first.login, scram.proved(first.login, message, final.proof, entering))
        if found is None:
            return None
        answer = await self._answer(base64.b64encode(server_final(found[1])).decode(), "")
        if isinstance(answer, bytes):  # an empty one: they believe us
            return self._enter(found[0])
        return self.say(answer) if answer else None

    async def _proved(self, login: str, check: Awaitable[Found | None]) -> Found | None:
        """What a check found; None once the client has heard that it found nothing."""
        try:
            found = await check
        except TooManyFailures:
            listener, shown = self.settings.name, masked(login)
            log.warning(LogEvent.LOGIN_BLOCKED, listener=listener, peer=self.peer, login=shown)
            self._count(BLOCKED)
            return None
        except Exception as error:
            self._unavailable(error)
            return None
        if found is None:
            self._failed(login)
        return found

    def _unavailable(self, error: Exception) -> None:
        # Not the client's fault. The traceback is not logged: its frames know the password.
        log.error(LogEvent.LOGIN_UNAVAILABLE, listener=self.settings.name, error=type(error).__name__)
        self.say(UNAVAILABLE)

    def _enter(self, found: LoggedIn) -> None:
        self.login, self._entered = found.login, found
        if self.settings.tenant == ANY:
            self.belongs(found.tenant)
        log.info(
            LogEvent.LOGIN,
            listener=self.settings.name,
            peer=self.peer,
            login=found.login,
            device=found.device,
        )
        self.say(SUCCEEDED)

    def _failed(self, login: str) -> None:
        log.warning(LogEvent.LOGIN_FAILED, listener=self.settings.name, peer=self.peer, login=masked(login))
        self._count(FAILED)

    def _count(self, reply: Reply) -> None:
        self._failures += 1
        self.say(reply)
        if self._failures >= self.limits.auth_failures_per_session:
            self.goodbye(ENDED)
