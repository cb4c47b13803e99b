"""Who may relay by a listener: all that its upstream is known by must hold (config/upstreams.py)."""

import hmac
import time
from collections.abc import Callable, Hashable, Sequence

from config.listening import ListenerSection
from config.settings import LimitsSection
from config.upstreams import UpstreamSection, covers
from directory.devices import Entering
from directory.guesses import Counter, Guesses
from directory.logins import TooManyFailures
from filters.facts import Origin
from gateway.listen.session import LoggedIn
from mail.networks import Networks, client_key


class Trust:
    """Whether a client is the upstream of a listener."""

    def __init__(self, section: UpstreamSection) -> None:
        self._networks = Networks(section.known_networks)
        self._names = section.certificate_names
        self._login = section.login

    def comes_from_there(self, peer: str) -> bool:
        """Whether the upstream may have this address."""
        return not self._networks or peer in self._networks

    def lacks(self, origin: Origin) -> str:
        """What a client lacks to be believed, "" for nothing; for the log."""
        if not self.comes_from_there(origin.peer):
            return "another network"
        if self._names and not any(
            covers(pattern, name) for pattern in self._names for name in origin.certificate
        ):
            return "another certificate" if origin.certificate else "no certificate"
        return "no login" if self._login and origin.login != self._login else ""


class SharedLogin:
    """AUTH by the credential that all mail of an upstream comes with (gateway.listen.session.Authenticate). How often
    somebody may guess counts by network: nobody elsewhere can keep the upstream out."""

    def __init__(
        self,
        section: ListenerSection,
        passwords: Sequence[str],
        limits: LimitsSection,
        clock: Callable[[], float] = time.monotonic,
        guesses: Guesses | None = None,
    ) -> None:
        """`guesses`: those that count at all doors, processes and nodes."""
        assert section.upstream is not None
        self._login, self._passwords = section.upstream.login, [each.encode() for each in passwords]
        self._trust = Trust(section.upstream)
        self._trusted = Networks(limits.trusted)
        self._guesses = guesses or Guesses(limits.auth_failures, limits.auth_window)
        self._door = section.name
        self._clock = clock

    async def __call__(self, login: str, password: str, entering: Entering) -> LoggedIn | None:
        """Raises TooManyFailures."""
        if not self._trust.comes_from_there(entering.peer):
            return None
        network: Hashable = (
            "relay",
            self._door,
            client_key(entering.peer),
        )  # other doors' failures are others'
        counters: list[Counter] = [] if entering.peer in self._trusted else [("network", network)]
        now = self._clock()
        if not self._guesses.attempt(counters, now):
            raise TooManyFailures
        found = [hmac.compare_digest(password.encode(), each) for each in self._passwords]
        right = any(found) and login == self._login
        self._guesses.settle(counters, now, now, failed=not right)
        return LoggedIn(self._login, _stands) if right else None


async def _stands() -> bool:
    return True
