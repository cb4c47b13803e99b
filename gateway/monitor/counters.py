"""What this process has counted since it began: of its log, of mails that it answered, of attempts at deliveries.

The log's events are a closed list (config/log_events.py), and so are all other labels: what a stranger sends makes no new
one. Counted is before the level decides whether a line is written.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from config.log_events import LogEvent

STANDARD_ERROR, SYSLOG = "stderr", "syslog"


class Counters:
    """Of one process; written by any thread."""

    def __init__(self) -> None:
        self.events: Counter[LogEvent] = Counter()
        self.mails: Counter[tuple[str, str]] = Counter()
        """By listener and the class of the reply: "2xx", "4xx", "5xx"."""
        self.attempts: Counter[str] = Counter()
        """Recipients of deliveries, by what came of it."""
        self.dropped: Counter[str] = Counter({STANDARD_ERROR: 0})
        """Lines of the log that a reader did not take in time."""

    def note(self, line: Mapping[str, Any]) -> None:
        """One line of the log, whose event is one of ours."""
        event = line["event"]
        self.events[event] += 1
        if event is LogEvent.MAIL:
            self.mails[line.get("listener", ""), f"{str(line.get('reply', ''))[:1] or '0'}xx"] += 1
        elif event is LogEvent.ATTEMPT:
            self.attempts[line.get("status", "")] += 1


COUNTERS = Counters()
"""This process's."""
