"""The log's events: the code says what the table says, and the table nothing that the code does not."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from config.log_events import ALWAYS, LogEvent
from tests.house import rooms

METHODS = {"debug", "info", "warning", "error", "exception", "critical"}
CALLS = ("log", "logger", "structlog.get_logger()")


def calls() -> Iterator[tuple[Path, ast.Call, str]]:
    """(file, call, method) of every line that our code logs."""
    for path in rooms.paths():
        for node in ast.walk(rooms.tree(path)):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in METHODS
                and ast.unparse(node.func.value) in CALLS
            ):
                yield path, node, node.func.attr


@cache
def used() -> dict[str, list[tuple[str, set[str]]]]:
    """By member: (level, fields) of each call."""
    found = defaultdict(list)
    for path, call, method in calls():
        event = call.args[0]
        where = f"{rooms.inside(path)}:{call.lineno}"
        assert isinstance(event, ast.Attribute), f"{where}: logs {ast.unparse(event)}, no LogEvent"
        assert ast.unparse(event.value) == "LogEvent", where
        assert len(call.args) == 1, f"{where}: fields have names"
        fields = {k.arg or "**" for k in call.keywords} - set(ALWAYS)
        if method == "exception" or "exc_info" in fields:
            fields = (fields - {"exc_info"}) | {"exception"}
        found[event.attr].append(("error" if method == "exception" else method, fields))
    return found


def test_whoever_logs_is_seen_here() -> None:
    """A logger under another name would go unnoticed."""
    for path in rooms.paths():
        for node in ast.walk(rooms.tree(path)):
            if isinstance(node, ast.Assign) and ast.unparse(node.value).startswith("structlog.get_logger("):
                assert ast.unparse(node.targets[0]) in CALLS, rooms.inside(path)


def test_every_event_is_used_and_every_line_has_one() -> None:
    assert set(used()) == set(LogEvent.__members__)


@pytest.mark.parametrize("event", LogEvent)
def test_lines_have_the_level_and_the_fields_that_are_documented(event: LogEvent) -> None:
    lines = used()[event.name]
    assert {level for level, _ in lines} == {event.level}
    assert set().union(*(fields for _, fields in lines)) == set(event.fields)


@pytest.mark.parametrize("event", LogEvent)
def test_an_event_can_be_looked_up(event: LogEvent) -> None:
    assert event == event.name.lower()
    assert event.meaning.endswith(".")
    assert not event.action or event.action.endswith(".")
    assert event.action or event.level != "error", "an error that nobody need do anything about is none"
