"""The journal's events: whatever is written has a member and a sentence."""

import ast

import pytest

from quarantine.events import MEANINGS, JournalEvent
from quarantine.item import Event
from tests.house import rooms

WRITERS = {"Entry", "_entry", "_record"}


def written() -> dict[str, list[ast.expr]]:
    """By place: the expressions that say which event an entry is."""
    found: dict[str, list[ast.expr]] = {}
    for path in rooms.paths("quarantine/**/*.py", "console/**/*.py", "gateway/**/*.py"):
        for node in ast.walk(rooms.tree(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in WRITERS:
                named = [k.value for k in node.keywords if k.arg == "event"]
                found[f"{rooms.inside(path)}:{node.lineno}"] = named or node.args[1:2]
    return found


def test_no_entry_names_its_event_by_a_string() -> None:
    constants = {
        where
        for where, events in written().items()
        for event in events
        for node in ast.walk(event)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert not constants


def test_every_event_is_written_somewhere() -> None:
    text = "\n".join(
        path.read_text() for path in rooms.paths("quarantine/**/*.py", "console/**/*.py", "gateway/**/*.py")
    )
    assert not [e for e in JournalEvent if f"JournalEvent.{e.name}" not in text]


def test_every_event_has_a_sentence_and_a_name_of_its_own() -> None:
    assert set(MEANINGS) == set(Event)
    assert not {e.value for e in Event} & {e.value for e in JournalEvent}
    assert all(m.endswith(".") for m in [*MEANINGS.values(), *(e.meaning for e in JournalEvent)])


@pytest.mark.parametrize("event", JournalEvent)
def test_the_stored_name_is_the_member_s(event: JournalEvent) -> None:
    """Names stand in old journals: a member may be renamed only together with what is stored, which is never."""
    assert event.value == event.name.lower()
