"""Lines of the log by the names of ECS: every event that there is, and nothing lost on the way."""

from typing import Any

import pytest

from config.log_events import ALWAYS, LogEvent
from gateway.monitor.ecs import ecs


def flat(value: Any) -> list[Any]:
    return [leaf for each in value.values() for leaf in flat(each)] if isinstance(value, dict) else [value]


@pytest.mark.parametrize("event", LogEvent, ids=str)
def test_each_field_of_each_event_has_a_place(event: LogEvent) -> None:
    names = [n for n in dict.fromkeys((*ALWAYS, *event.fields)) if n not in ("event", "exception")]
    line = {"event": event, **{name: f"value of {name}" for name in names}}
    out = ecs(line)
    assert out["event"]["action"] == out["message"] == event.value
    for name in names:
        assert f"value of {name}" in flat(out), name
    own = (
        "@timestamp",
        "ecs",
        "message",
        "event",
        "service",
        "log",
        "error",
        "source",
        "user",
        "organization",
    )
    assert set(out) <= {*own, "process", "sekisho"}


def test_an_exception_keeps_type_and_place_and_no_values() -> None:
    traces = [
        {
            "exc_type": "ValueError",
            "exc_value": "x",
            "frames": [{"filename": "a.py", "lineno": 3, "name": "f"}],
        }
    ]
    out = ecs({"event": "attempt_failed", "level": "error", "exception": traces})
    assert out["error"] == {"type": "ValueError", "message": "x", "stack_trace": "a.py:3 f"}


def test_what_is_no_address_is_no_ip_and_nobody_is_no_organisation() -> None:
    out = ecs({"event": "connected", "peer": "unix", "tenant": "-"})
    assert out["source"] == {"address": "unix"}
    assert "organization" not in out
