"""What a listener needs from the side that takes responsibility: one object per client connection.

gateway.inbound and gateway.outbound implement it; gateway.listen.commands speaks SMTP and calls it.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from config.tenant import DEFAULT
from directory.devices import Entering
from filters.facts import Origin
from mail.envelope import Envelope, ForwardPath
from mail.reply import Reply
from storage.interfaces import Draft


class Session(Protocol):
    """One client connection. Methods are called in SMTP order; an exception is answered 451 4.3.0 and logged.

    `mail` starts a transaction (its envelope has no forward-paths yet); `rcpt` is called per recipient of it;
    `data` gets the complete envelope of the recipients that `rcpt` accepted and the whole content, whose
    hygiene (RFC 5321 lines) the listener has checked. `data` runs shielded: a client that disconnects does
    not cancel it. The session owns `draft` from then on and discards it.
    """

    async def mail(self, envelope: Envelope) -> Reply: ...

    async def rcpt(self, envelope: Envelope, path: ForwardPath) -> Reply: ...

    async def data(self, envelope: Envelope, draft: Draft) -> Reply: ...

    async def reset(self) -> None:
        """RSET, EHLO, or the end of a transaction: forget it."""

    async def close(self) -> None:
        """The connection is gone."""


class Open(Protocol):
    """Opens a Session for a client; called again after STARTTLS and AUTH with the changed origin."""

    def __call__(self, origin: Origin) -> Session: ...


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """Who has logged in: the canonical account name. `stands` answers whether what let them in would do so now; `device` is
    the id of the credential by which they came, "" for a password; `tenant` whose account it is."""

    login: str
    stands: Callable[[], Awaitable[bool]]
    device: str = ""
    tenant: str = DEFAULT


class Authenticate(Protocol):
    """Checks a login by how its client came here. Returns who it is, or None; never raises for wrong credentials, but
    TooManyFailures (directory/logins.py) when nothing was checked."""

    async def __call__(self, login: str, password: str, entering: Entering) -> LoggedIn | None: ...


class Scram(Protocol):
    """SCRAM-SHA-256 (RFC 5802, RFC 7677), as far as it needs to know who there is. All may raise; as Authenticate."""

    async def offered(self) -> bool:
        """Whether it is shown to clients now."""

    async def salted(self, login: str) -> tuple[bytes, int]:
        """Salt and iterations of whoever that is, or would be."""

    async def proved(
        self, login: str, message: bytes, proof: bytes, entering: Entering
    ) -> tuple[LoggedIn, bytes] | None:
        """Who proved themselves, and the signature of the server; None for nobody."""
