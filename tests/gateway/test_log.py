"""The log writer: one line per event, and a reader that stands still stops nobody."""

import io
import json
import logging
import os
import threading

import structlog

from config.log_events import LogEvent
from gateway.log import MAX_WAITING, Writer, configure


def test_events_are_json_lines_that_cannot_be_forged() -> None:
    stream = io.StringIO()
    writer = configure("info", stream)
    structlog.get_logger().info("accepted", subject='x"\n{"event":"forged"}', name="山田")
    writer.close()
    (line,) = stream.getvalue().splitlines()
    assert json.loads(line)["subject"] == 'x"\n{"event":"forged"}'
    assert "山田" in line


def test_lines_say_which_node_and_whose_they_are() -> None:
    stream = io.StringIO()
    writer = configure("info", stream, node="one")
    log = structlog.get_logger()
    with structlog.contextvars.bound_contextvars(tenant="acme"):
        log.info(LogEvent.TOO_MANY_ERRORS, listener="in", peer="192.0.2.1")
        log.error(LogEvent.ZYGOTE_LOST)  # noticed while working for a tenant, but nobody's alone
        logging.getLogger("uvicorn").warning("of a library")
    log.info(LogEvent.TOO_MANY_ERRORS, listener="in", peer="192.0.2.1", tenant="other")
    log.info(LogEvent.TOO_MANY_ERRORS, listener="in", peer="192.0.2.1")
    writer.close()
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [line["tenant"] for line in lines] == ["acme", "-", "-", "other", "-"]
    assert {line["node"] for line in lines} == {"one"}


def test_lines_that_were_dropped_are_told_in_the_log() -> None:
    stream = io.StringIO()
    writer = configure("info", stream)
    gate = threading.Event()
    write, stream.write = stream.write, lambda text: (gate.wait(30), write(text))[1]  # type: ignore[method-assign]
    for _ in range(MAX_WAITING + 100):
        structlog.get_logger().info(LogEvent.STOPPED)
    gate.set()
    writer.close()
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert sum(line["lines"] for line in lines if line["event"] == "log_dropped") >= 99


def test_a_full_pipe_drops_lines_and_counts_them() -> None:
    reading, writing = os.pipe()
    told: list[int] = []
    writer = Writer(os.fdopen(writing, "w"), told.append)
    done = threading.Event()

    def write() -> None:
        for _ in range(MAX_WAITING + 3000):
            writer.write("x" * 100 + "\n")
        done.set()

    threading.Thread(target=write, daemon=True).start()
    assert done.wait(30), "writing to a log that nobody reads must not block"
    assert not told, "nobody reads: nothing can be told"
    size = 0
    while not told and size < 101 * (MAX_WAITING + 3000):
        size += len(os.read(reading, 1 << 20))
    assert told
    assert told[0] > 0
    os.close(reading)


def test_a_traceback_does_not_tell_what_the_variables_held() -> None:
    stream = io.StringIO()
    writer = configure("info", stream)
    password = "Kaki-9931"
    try:
        raise ValueError(len(password))
    except ValueError as error:
        structlog.get_logger().error("failed", exc_info=error)
    writer.close()
    assert "ValueError" in stream.getvalue()
    assert "Kaki" not in stream.getvalue()
