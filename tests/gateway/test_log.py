"""The log writer: one line per event, and a reader that stands still stops nobody."""

import io
import json
import os
import threading

import structlog

from gateway.log import MAX_WAITING, Writer, configure


def test_events_are_json_lines_that_cannot_be_forged() -> None:
    stream = io.StringIO()
    writer = configure("info", stream)
    structlog.get_logger().info("accepted", subject='x"\n{"event":"forged"}', name="山田")
    writer.close()
    (line,) = stream.getvalue().splitlines()
    assert json.loads(line)["subject"] == 'x"\n{"event":"forged"}'
    assert "山田" in line


def test_a_full_pipe_drops_lines_and_counts_them() -> None:
    reading, writing = os.pipe()
    writer = Writer(os.fdopen(writing, "w"))
    done = threading.Event()

    def write() -> None:
        for _ in range(MAX_WAITING + 3000):
            writer.write("x" * 100 + "\n")
        done.set()

    threading.Thread(target=write, daemon=True).start()
    assert done.wait(30), "writing to a log that nobody reads must not block"
    assert writer.dropped > 0
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
