"""AUTH of a connection: the exchange of PLAIN and LOGIN (RFC 4954). How often somebody may guess: directory/logins.py."""

import structlog

from config.log_events import LogEvent
from directory.devices import Entering
from directory.logins import TooManyFailures
from gateway.listen import grammar, sasl
from gateway.listen.connection import Connection
from gateway.listen.sasl import Credentials, masked
from gateway.listen.session import LoggedIn
from gateway.listen.transport import ORDER
from mail.reply import Reply

log = structlog.get_logger()

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
        return True

    async def smtp_AUTH(self, arg: str | None) -> None:
        """AUTH PLAIN and AUTH LOGIN, under TLS only. Nothing that a client sends here is echoed or logged."""
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
        else:
            return self.say(UNKNOWN_MECHANISM)
        if self.dead:
            return None
        if isinstance(read, Reply):
            return self.say(read)
        return await self._authenticate_as(read)

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
            return self._failed("")
        assert self.server.authenticate is not None
        try:
            entering = Entering(self.peer, self.certificate)
            found = await self.server.authenticate(credentials.login, credentials.password, entering)
        except TooManyFailures:
            log.warning(
                LogEvent.LOGIN_BLOCKED,
                listener=self.settings.name,
                peer=self.peer,
                login=masked(credentials.login),
            )
            return self._count(BLOCKED)
        except Exception as error:
            # Not the client's fault. The traceback is not logged: its frames know the password.
            log.error(LogEvent.LOGIN_UNAVAILABLE, listener=self.settings.name, error=type(error).__name__)
            return self.say(UNAVAILABLE)
        if found is None:
            return self._failed(credentials.login)
        self.login, self._entered = found.login, found
        log.info(
            LogEvent.LOGIN,
            listener=self.settings.name,
            peer=self.peer,
            login=found.login,
            device=found.device,
        )
        return self.say(SUCCEEDED)

    def _failed(self, login: str) -> None:
        log.warning(LogEvent.LOGIN_FAILED, listener=self.settings.name, peer=self.peer, login=masked(login))
        self._count(FAILED)

    def _count(self, reply: Reply) -> None:
        self._failures += 1
        self.say(reply)
        if self._failures >= self.limits.auth_failures_per_session:
            self.goodbye(ENDED)
