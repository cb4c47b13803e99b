"""The log of operation: JSON lines on standard error, written by a thread so that a full pipe stops nobody.

The journal is the evidence; this is not. When the reader is slower than we are, lines are dropped, never waited for
(a blocked log must not block mail); the log says how many (`log_dropped`) as soon as it can.

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

MAX_WAITING = 10_000
NOBODY = "-"
"""The tenant of a line that concerns the whole node."""


class Writer:
    """A file-like object with a bounded queue and one writing thread.

    `on_dropped` is called in that thread, with their number, when lines can be written again after some were not.
    """

    def __init__(self, stream: TextIO, on_dropped: Callable[[int], None] = lambda lines: None) -> None:
        self._dropped = self._told = 0
        self._on_dropped = on_dropped
        self._stream = stream
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()  # Queue takes locks in Python
        self._thread = threading.Thread(target=self._run, name="log", daemon=True)
        self._thread.start()

    def write(self, text: str) -> int:
        if self._lines.qsize() < MAX_WAITING:
            self._lines.put(text)
        else:
            self._dropped += 1
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
            self._dropped += 1
            return False
        return True

    def _tell(self) -> None:
        if lines := self._dropped - self._told:
            self._told += lines
            self._on_dropped(lines)


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
    level: str = "info", stream: TextIO | None = None, *, node: str = NOBODY, writer: Writer | None = None
) -> Writer:
    """Send structlog and the standard library's logging through one Writer; returns it for the end.

    `node` is the name of this node, which stands in every line.
    """
    writer = writer or Writer(
        stream or sys.stderr, lambda lines: structlog.get_logger().warning(LogEvent.LOG_DROPPED, lines=lines)
    )
    number = logging.getLevelNamesMapping()[level.upper()]

    def whose(logger: Any, method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        event = line["event"]
        known = isinstance(event, LogEvent) and not event.of_node
        line["tenant"] = line.get("tenant") or NOBODY if known else NOBODY
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
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer(ensure_ascii=False)],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.WriteLoggerFactory(writer),  # type: ignore[arg-type]
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(writer)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processor=structlog.processors.JSONRenderer(ensure_ascii=False), foreign_pre_chain=shared
        )
    )
    logging.basicConfig(level=max(number, logging.WARNING), handlers=[handler], force=True)
    # aiosmtpd logs at INFO what clients send, a password after a failed AUTH LOGIN among it.
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)
    return writer
