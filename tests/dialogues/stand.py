"""A listener on a free port of this machine with a session behind it that records what it is given."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec

from config.settings import LimitsSection
from directory.account import canonical
from directory.devices import Entering
from directory.guesses import Guesses
from directory.logins import TooManyFailures
from filters.facts import Origin
from gateway.listen.commands import ListenerSettings, Server, serve
from gateway.listen.limits import Admission
from gateway.listen.session import LoggedIn
from gateway.listen.tls import Certificates, generate_self_signed
from mail.envelope import Envelope, ForwardPath
from mail.reply import OK, Reply
from storage.draft import LocalDraft
from storage.interfaces import Draft, StoreError

PASSWORDS = {"taro": "Kaki-9931", "日本": "しおから"}


class Taken(msgspec.Struct):
    """One mail that the session said 250 to."""

    origin: Origin
    envelope: Envelope
    content: bytes


class Stand:
    """The sessions' side. Some local parts make it answer otherwise: unknown, later, broken; for the sender:
    slow (data waits until `go` is set), nospace (data raises as a store does), refused."""

    def __init__(self, directory: Path, guesses: Guesses) -> None:
        self.directory = directory
        self.guesses = guesses
        self.taken: list[Taken] = []
        self.opened: list[Origin] = []
        self.logins: list[tuple[str, str]] = []
        self.waiting = asyncio.Event()
        self.go = asyncio.Event()
        self.open_sessions = 0
        self.drafts: list[LocalDraft] = []
        self.draft_error: Exception | None = None
        self.let_in = True
        self.server: Server

    def open_session(self, origin: Origin) -> "Recording":
        self.opened.append(origin)
        self.open_sessions += 1
        return Recording(self, origin)

    def draft(self) -> Draft:
        if self.draft_error is not None:
            raise self.draft_error
        self.drafts.append(LocalDraft(self.directory))
        return self.drafts[-1]

    async def authenticate(self, login: str, password: str, entering: Entering) -> LoggedIn | None:
        counters = [("network", entering.peer), ("account", canonical(login))]
        if not self.guesses.attempt(counters, len(self.logins)):
            raise TooManyFailures
        self.logins.append((login, password))
        if login == "broken":
            raise RuntimeError(f"directory lost while looking for {password}")
        return LoggedIn(login, self.stands) if PASSWORDS.get(login) == password else None

    async def stands(self) -> bool:
        return self.let_in


class Recording:
    """A gateway.listen.session.Session."""

    def __init__(self, stand: Stand, origin: Origin) -> None:
        self._stand = stand
        self._origin = origin

    async def mail(self, envelope: Envelope) -> Reply:
        if envelope.reverse_path.startswith("refused@"):
            return Reply(550, "この差出人は使えません\nNot your address", 7, 1)
        return OK

    async def rcpt(self, envelope: Envelope, path: ForwardPath) -> Reply:
        local = path.address.partition("@")[0]
        if local == "broken":
            raise RuntimeError("secret path /var/spool/x")
        return {
            "unknown": Reply(550, "User unknown", 1, 1),
            "later": Reply(451, "Try again", 4, 1),
        }.get(local, OK)

    async def data(self, envelope: Envelope, draft: Draft) -> Reply:
        content = bytes(draft.view())
        draft.discard()
        if envelope.reverse_path.startswith("slow@"):
            self._stand.waiting.set()
            await self._stand.go.wait()
        if envelope.reverse_path.startswith("nospace@"):
            raise StoreError("no space left in /var/spool/x")
        self._stand.taken.append(Taken(self._origin, envelope, content))
        return Reply(250, f"taken {len(self._stand.taken)}", 0, 0)

    async def reset(self) -> None: ...

    async def close(self) -> None:
        self._stand.open_sessions -= 1


def certificates(directory: Path) -> Certificates:
    return Certificates(*generate_self_signed(directory, "mx.sekisho.example"))


def client_context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


@contextlib.asynccontextmanager
async def standing(
    directory: Path,
    limits: LimitsSection | None = None,
    trusted: tuple[str, ...] = (),
    anonymous: bool = False,
    certificate: Certificates | None = None,
    **settings: Any,
) -> AsyncIterator[Stand]:
    """A running listener; `anonymous` leaves AUTH out."""
    limits = limits or LimitsSection()
    stand = Stand(directory, Guesses(limits.auth_failures, limits.auth_window))
    given: dict[str, Any] = {
        "name": "test",
        "hostname": "mx.sekisho.example",
        "greet_pause": 0.0,
        "size_limit": 1 << 20,
    } | settings
    stand.server = await serve(
        ListenerSettings(**given),
        open_session=stand.open_session,
        authenticate=None if anonymous else stand.authenticate,
        draft=stand.draft,
        admission=Admission(limits.model_copy(update={"trusted": trusted})),
        certificates=certificate or certificates(directory),
    )
    try:
        yield stand
    finally:
        stand.go.set()
        await stand.server.stop(5)
