"""The log of operation: JSON lines on standard error, written by a thread so that a full pipe stops nobody.

The journal is the evidence; this is not. When the reader is slower than we are, lines are dropped, never waited for
(a blocked log must not block mail); the log says how many (`log_dropped`) as soon as it can. So it is with a syslog server
(gateway/monitor/syslog.py), which has a queue and a thread of its own: neither reader waits for the other.

What may stand in it is config/log_events.py. Whose line it is comes from the context: whoever works for one tenant
(a connection, a delivery, a request) binds `tenant` with structlog.contextvars.
"""

import logging
import queue
import select
import sys
import threading
from collections.abc import Callable, MutableMapping
from typing import Any, TextIO

import structlog

from config.log_events import LogEvent
from config.tenant import ANY
from config.watching import LogSection
from gateway.monitor.counters import COUNTERS, STANDARD_ERROR, SYSLOG
from gateway.monitor.ecs import ecs
from gateway.monitor.syslog import Syslog
from gateway.monitor.traces import Traces

MAX_WAITING = 10_000
_LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING}
_PLAIN = LogSection()
NOBODY = "-"
"""The tenant of a line that concerns the whole node."""


class Writer:
    """A file-like object with a bounded queue and one writing thread.

    `on_dropped` is called in that thread, with their number, when lines can be written again after some were not.
    """

    def __init__(
        self,
        stream: TextIO | Syslog,
        on_dropped: Callable[[int], None] = lambda lines: None,
        sink: str = STANDARD_ERROR,
    ) -> None:
        self._sink = sink
        self._dropped = self._told = 0
        COUNTERS.dropped[sink] += 0
        self._on_dropped = on_dropped
        self._stream = stream
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()  # Queue takes locks in Python
        self._thread = threading.Thread(target=self._run, name="log", daemon=True)
        self._thread.start()

    def write(self, text: str) -> int:
        if self._lines.qsize() < MAX_WAITING:
            self._lines.put(text)
        else:
            self._drop()
        return len(text)

    def flush(self) -> None:
        """The thread flushes; callers never wait for the stream."""

    def close(self) -> None:
        self._lines.put(None)
        self._thread.join(2)

    def _run(self) -> None:
        while (text := self._lines.get()) is not None:
            if self._written(text) and self._lines.qsize() < MAX_WAITING // 2:
                self._tell()
        self._tell()
        while not self._lines.empty():
            self._written(self._lines.get() or "")

    def _written(self, text: str) -> bool:
        try:
            self._stream.write(text)
            if self._lines.empty():
                self._stream.flush()
        except (OSError, ValueError):
            self._drop()
            return False
        return True

    def _drop(self) -> None:
        self._dropped += 1
        COUNTERS.dropped[self._sink] += 1

    def _tell(self) -> None:
        if lines := self._dropped - self._told:
            self._told += lines
            self._on_dropped(lines)


class Both(Writer):
    """Standard error, and a syslog server beside it."""

    def __init__(self, first: Writer, syslog: Syslog) -> None:
        self._first, self._syslog = first, syslog
        self._second = Writer(syslog, _tell_dropped, SYSLOG)

    def write(self, text: str) -> int:
        self._second.write(text)
        return self._first.write(text)

    def close(self) -> None:
        """The server gets a moment for what it has not taken yet."""
        self._second.close()
        self._syslog.close()
        self._first.close()


class BesideTraces(Writer):
    """Another writer, and beside it the traces that are made of the lines before they are written."""

    def __init__(self, first: Writer, traces: Traces) -> None:
        self._first, self._traces = first, traces

    def write(self, text: str) -> int:
        return self._first.write(text)

    def close(self) -> None:
        self._traces.close()
        self._first.close()


class Unthreaded(Writer):
    """For a process that must not have threads and says little: a line that nobody takes at once is dropped."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._to = stream or sys.stderr

    def write(self, text: str) -> int:
        if select.select([], [self._to], [], 0)[1]:
            self._to.write(text)
            self._to.flush()
        return len(text)

    def close(self) -> None:
        """Nothing waits."""


def configure(
    level: str = "info",
    stream: TextIO | None = None,
    *,
    node: str = NOBODY,
    writer: Writer | None = None,
    section: LogSection = _PLAIN,
    hostname: str = NOBODY,
) -> Writer:
    """Send structlog and the standard library's logging through one Writer; returns it for the end. Raises ConfigError.

    `node` is the name of this node, which stands in every line; `section` says in which form, and where besides.
    """
    writer = writer or Writer(stream or sys.stderr, _tell_dropped)
    if section.syslog:
        writer = Both(writer, Syslog(section, hostname, _tell_syslog))
    traces = None
    if section.traces:
        traces = Traces(section.traces, node, hostname)
        writer = BesideTraces(writer, traces)
    number = logging.getLevelNamesMapping()[level.upper()]
    counted_from = min(number, logging.INFO)
    """What is counted is asked for even where it is not written."""

    def count(logger: Any, method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        if isinstance(line["event"], LogEvent):
            COUNTERS.note(line)
            if traces is not None:
                traces.note(line)
        if _LEVELS.get(method, number) < number:
            raise structlog.DropEvent
        return line

    def whose(logger: Any, method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        event = line["event"]
        known = isinstance(event, LogEvent) and not event.of_node
        line["tenant"] = line.get("tenant") or NOBODY if known and line.get("tenant") != ANY else NOBODY
        line["node"] = node
        return line

    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        whose,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        # Without the values of local variables: those know passwords and the texts of mails.
        structlog.processors.ExceptionRenderer(
            structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
        ),
    ]
    form: list[Any] = [lambda logger, method, line: ecs(line)] if section.format == "ecs" else []
    rendered = [*form, structlog.processors.JSONRenderer(ensure_ascii=False)]
    structlog.configure(
        processors=[count, *shared, *rendered],
        wrapper_class=structlog.make_filtering_bound_logger(counted_from),
        logger_factory=structlog.WriteLoggerFactory(writer),  # type: ignore[arg-type]
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(writer)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *rendered],
            foreign_pre_chain=shared,
        )
    )
    logging.basicConfig(level=max(number, logging.WARNING), handlers=[handler], force=True)
    # aiosmtpd logs at INFO what clients send, a password after a failed AUTH LOGIN among it.
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)
    return writer


def _tell_dropped(lines: int) -> None:
    structlog.get_logger().warning(LogEvent.LOG_DROPPED, lines=lines)


def _tell_syslog(reason: str) -> None:
    if reason:
        structlog.get_logger().error(LogEvent.SYSLOG_LOST, reason=reason)
    else:
        structlog.get_logger().info(LogEvent.SYSLOG_BACK)
