"""The listeners' side of the canary: its mails are let in by a stamp, judged like any other, and end there.

A stamp is a mark of the installation's key for these ten minutes (storage/seal.py): whoever shows one is a process of ours.
It is the local part of the reverse-path, and the password where somebody has to log in. The mail is examined under the
policy in force, and the verdict stands in the reply, so that it does not matter which process of a node was reached. No
item, no journal, no memory, no list, no next hop: nothing else ever sees it. Whoever has no stamp is refused as ever.
"""

from collections.abc import Callable
from typing import Literal

from directory.devices import Entering
from filters.examined import Examined
from filters.facts import Facts, Origin, Person
from gateway.checkpoint import Checkpoint
from gateway.listen.session import Authenticate, LoggedIn, Open, Session
from gateway.rounds.canary_letters import DOMAIN, OURS, THEIRS
from mail.envelope import Envelope, ForwardPath
from mail.reply import OK, Reply
from storage.interfaces import Draft
from storage.seal import Seal

WINDOW = 300.0
"""Seconds of a stamp; the one before counts too."""
LOGIN = f"canary@{DOMAIN}"
NOT_HERE = Reply(550, "This recipient does not exist", 1, 1)
NONE = "-"
SHOWN = 30
"""Rules that a reply names."""

Direction = Literal["inbound", "outbound"]


class Stamps:
    """Made and known by whoever has the installation's key. `clock`: UTC seconds."""

    def __init__(self, seal: Seal, clock: Callable[[], float]) -> None:
        self._seal = seal
        self._clock = clock

    def new(self) -> str:
        """64 octets, as many as a local part may have (RFC 5321 §4.5.3.1.1)."""
        return self._seal.mark(self._now(0))

    def good(self, text: str) -> bool:
        return any(self._seal.is_mark(self._now(before), text) for before in (0, 1))

    def _now(self, before: int) -> bytes:
        return b"canary %d" % (int(self._clock() // WINDOW) - before)


def facts(direction: Direction, now: float, origin: Origin | None = None) -> Facts:
    """As of mail from somebody whom nobody knows, for somebody who is nobody's."""
    leaves = direction == "outbound"
    return Facts(
        direction,
        origin or Origin("canary", "127.0.0.1", login=OURS if leaves else ""),
        Envelope(OURS if leaves else THEIRS, (ForwardPath(THEIRS if leaves else OURS),)),
        sender=Person(OURS, addresses=(OURS, THEIRS)) if leaves else None,
        learning=True,
        now=now,
    )


def told(examined: Examined) -> Reply:
    """The verdict as a reply; `heard` reads it."""
    rules = sorted({finding.rule for finding in examined.findings})[:SHOWN]
    return Reply(250, f"canary {'warned' if examined.warned else 'clean'} {','.join(rules) or NONE}")


def heard(text: str) -> tuple[bool, set[str]] | None:
    """Whether there was a warning, and which rules saw something; None for another reply."""
    words = text.removeprefix("2.0.0 ").split(" ")
    if len(words) != 3 or words[0] != "canary" or words[1] not in ("warned", "clean"):
        return None
    return words[1] == "warned", set(words[2].split(",")) - {NONE}


class CanarySession:
    """A connection of anybody, of whom the canary's mails are taken out (gateway.listen.session.Session)."""

    def __init__(
        self,
        session: Session,
        origin: Origin,
        direction: Direction,
        stamps: Stamps,
        checkpoint: Checkpoint,
        clock: Callable[[], float],
    ) -> None:
        self._session = session
        self._origin = origin
        self._direction: Direction = direction
        self._stamps = stamps
        self._checkpoint = checkpoint
        self._clock = clock
        self._ours = False
        """Whether this transaction is the canary's."""

    async def mail(self, envelope: Envelope) -> Reply:
        local, _, domain = envelope.reverse_path.rpartition("@")
        self._ours = domain.lower() == DOMAIN and self._stamps.good(local)
        return OK if self._ours else await self._session.mail(envelope)

    async def rcpt(self, envelope: Envelope, path: ForwardPath) -> Reply:
        if not self._ours:
            return await self._session.rcpt(envelope, path)
        return OK if path.domain.lower() == DOMAIN else NOT_HERE

    async def data(self, envelope: Envelope, draft: Draft) -> Reply:
        if not self._ours:
            return await self._session.data(envelope, draft)
        self._ours = False
        try:
            asked = facts(self._direction, self._clock(), self._origin)
            _, examined = await self._checkpoint.examine(draft, asked)
            return told(examined)
        finally:
            draft.discard()

    async def reset(self) -> None:
        self._ours = False
        await self._session.reset()

    async def close(self) -> None:
        await self._session.close()


def watched(
    role: str, opening: Open, stamps: Stamps, checkpoint: Checkpoint, clock: Callable[[], float]
) -> Open:
    """The same for the canary, too. `role` is the listener's."""
    direction: Direction = "inbound" if role == "inbound" else "outbound"
    return lambda origin: CanarySession(opening(origin), origin, direction, stamps, checkpoint, clock)


def let_in(check: Authenticate | None, stamps: Stamps) -> Authenticate | None:
    """The same for the canary, too, where anybody logs in."""
    if check is None:
        return None

    async def stands() -> bool:
        return True

    async def checked(login: str, password: str, entering: Entering) -> LoggedIn | None:
        if login == LOGIN and stamps.good(password):
            return LoggedIn(LOGIN, stands)
        return await check(login, password, entering)

    return checked
