"""When a delivery is tried again: 5 minutes, doubling to 4,000 s, ±20 %, for five days (as Postfix has it).

Time that a mail was held does not count: the lifetime runs from `queued_at`. Pure: time and jitter are arguments.
"""

from quarantine.item import Item

FIRST = 300.0
LONGEST = 4000.0
SPREAD = 0.2
LIFETIME = 5 * 86400.0
WARNING = 3600.0


def pause(attempts: int, jitter: float) -> float:
    """Seconds to wait after the attempt with this number (1 = first). `jitter` is in -1 … +1."""
    doubled = FIRST * 2.0 ** min(max(attempts, 1) - 1, 10)
    return min(doubled, LONGEST) * (1 + SPREAD * jitter)


def next_attempt(item: Item, now: float, jitter: float) -> float | None:
    """When to try next (UTC seconds) after an attempt that just ended; None when the lifetime is over.

    The last attempt falls on the end of the lifetime, not after it.
    """
    end = queued_at(item) + LIFETIME
    if now >= end:
        return None
    return min(now + pause(item.attempts, jitter), end)


def warning_due(item: Item, now: float, after: float = WARNING) -> bool:
    """True at the first attempt that fails `after` seconds since the mail was queued: time for a "delayed" DSN.

    The attempt before it is known from the recipients, so nothing needs to be remembered.
    """
    mark = queued_at(item) + after
    before = max((r.at for r in item.recipients if r.reply), default=0.0)
    return before < mark <= now


def queued_at(item: Item) -> float:
    return item.accepted_at if item.queued_at is None else item.queued_at
