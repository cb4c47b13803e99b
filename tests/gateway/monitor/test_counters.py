"""What is counted of the log: events that are not written too, and never anything that a stranger wrote."""

import io

import structlog

from config.log_events import LogEvent
from gateway import log
from gateway.monitor import counters


def test_events_are_counted_before_the_level_decides() -> None:
    stream = io.StringIO()
    before = counters.COUNTERS.mails["inbound", "5xx"], counters.COUNTERS.events[LogEvent.MAIL]
    writer = log.configure("error", stream)
    try:
        logger = structlog.get_logger()
        logger.info(LogEvent.MAIL, listener="inbound", peer="192.0.2.1", reply="550 5.7.1 No / x")
        logger.debug(LogEvent.CONNECTED, peer="192.0.2.1")
        logger.error(LogEvent.ZYGOTE_LOST)
    finally:
        writer.close()
        structlog.reset_defaults()
    assert stream.getvalue().count("\n") == 1
    assert "zygote_lost" in stream.getvalue()
    assert (counters.COUNTERS.mails["inbound", "5xx"], counters.COUNTERS.events[LogEvent.MAIL]) == (
        before[0] + 1,
        before[1] + 1,
    )


def test_attempts_by_status_and_replies_by_class() -> None:
    counted = counters.Counters()
    counted.note({"event": LogEvent.ATTEMPT, "status": "delivered"})
    counted.note({"event": LogEvent.MAIL, "listener": "x", "reply": "451 4.3.0 Later"})
    counted.note({"event": LogEvent.READY})
    assert (dict(counted.attempts), dict(counted.mails)) == ({"delivered": 1}, {("x", "4xx"): 1})
