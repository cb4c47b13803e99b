"""What the end of a wait means for those who asked (the whole way: tests/contract/test_requests.py)."""

from typing import Any

import msgspec
import pytest

from quarantine.item import Item, State
from quarantine.waits.wait_end import settle
from tests.quarantine.items import item


class Noted:
    """A transaction that only remembers."""

    def __init__(self) -> None:
        self.said: list[Any] = []

    def execute(self, sql: str, parameters: Any) -> list[Any]:
        self.said.append(parameters)
        return []


def moved(before: State, after: State, **detail: Any) -> list[Any]:
    one: Item = item(direction="inbound", state=before)
    noted = Noted()
    settle(noted, one, msgspec.structs.replace(one, state=after), 5.0, detail)  # type: ignore[arg-type]
    return noted.said


@pytest.mark.parametrize(
    ("after", "state"),
    [(State.QUEUED, "released"), (State.DONE, "released"), (State.WITHDRAWN, "refused")],
)
def test_leaving_the_state_held_decides(after: State, state: str) -> None:
    (said,) = moved(State.HELD, after, reason="r")
    assert (said["state"], said["answer"], said["now"]) == (state, "", 5.0)


def test_the_reason_is_told_only_when_it_was_marked() -> None:
    (said,) = moved(State.HELD, State.WITHDRAWN, reason="dangerous", tell=True)
    assert said["answer"] == "dangerous"


def test_other_moves_decide_nothing() -> None:
    assert not moved(State.HELD, State.HELD)
    assert not moved(State.QUEUED, State.WITHDRAWN)
