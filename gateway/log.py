"""The log of operation: JSON lines on standard error, written by a thread so that a full pipe stops nobody.

The journal is the evidence; this is not. When the reader is slower than we are, lines are dropped and counted
(`dropped`), never waited for (a blocked log must not block mail).
"""

import logging
import queue
import sys
import threading
from typing import Any, TextIO

import structlog

MAX_WAITING = 10_000


class Writer:
    """A file-like object with a bounded queue and one writing thread."""

    def __init__(self, stream: TextIO) -> None:
        self.dropped = 0
        self._stream = stream
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()  # Queue takes locks in Python
        self._thread = threading.Thread(target=self._run, name="log", daemon=True)
        self._thread.start()

    def write(self, text: str) -> int:
        if self._lines.qsize() < MAX_WAITING:
            self._lines.put(text)
        else:
            self.dropped += 1
        return len(text)

    def flush(self) -> None:
        """The thread flushes; callers never wait for the stream."""

    def close(self) -> None:
        self._lines.put(None)
        self._thread.join(2)

    def _run(self) -> None:
        while (text := self._lines.get()) is not None:
            try:
                self._stream.write(text)
                if self._lines.empty():
                    self._stream.flush()
            except (OSError, ValueError):
                self.dropped += 1


def configure(level: str = "info", stream: TextIO | None = None) -> Writer:
    """Send structlog and the standard library's logging through one Writer; returns it for the end."""
    writer = Writer(stream or sys.stderr)
    number = logging.getLevelNamesMapping()[level.upper()]
    shared: list[Any] = [
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
