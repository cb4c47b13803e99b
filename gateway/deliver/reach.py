"""Which next hops can be reached now: what the last attempt to open a session with each gave, told once when it changes.

Diagnostics (log): next_hop_lost when one cannot be reached any more or for another cause, next_hop_back when it can.
"""

import time
from collections.abc import Callable

import msgspec
import structlog

from config.log_events import LogEvent
from mail.cause import Cause
from mail.reply import Reply

log = structlog.get_logger()

AGAIN = 60.0
"""Seconds between two lines about the loss of one next hop: one that comes and goes does not fill the log."""


class Lost(msgspec.Struct, frozen=True):
    """A next hop that cannot be reached: why, what it or a library said (never for strangers), since when and when it
    was last tried (UTC seconds)."""

    hop: str
    cause: Cause
    reason: str
    since: float
    last: float


class Reachability:
    """The next hops of one node, by name (host:port)."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._lost: dict[str, Lost] = {}
        self._told: dict[str, tuple[Cause, float]] = {}

    @property
    def lost(self) -> list[Lost]:
        """Those that cannot be reached, the longest first."""
        return sorted(self._lost.values(), key=lambda lost: lost.since)

    def failed(self, hop: str, reply: Reply) -> None:
        """No session could be opened; `reply` says why."""
        cause, now = reply.cause, self._clock()
        if cause is None or not cause.of_host:
            return
        before = self._lost.get(hop)
        since = before.since if before else now
        self._lost[hop] = Lost(hop, cause, reply.reason, since, now)
        told, at = self._told.get(hop, (None, 0.0))
        if told is cause and (before is not None or now - at < AGAIN):
            return
        self._told[hop] = cause, now
        log.warning(LogEvent.NEXT_HOP_LOST, hop=hop, cause=cause.value, reason=reply.reason)

    def opened(self, hop: str) -> None:
        """A session was opened."""
        before = self._lost.pop(hop, None)
        if before is not None:
            log.info(LogEvent.NEXT_HOP_BACK, hop=hop, seconds=round(self._clock() - before.since))
