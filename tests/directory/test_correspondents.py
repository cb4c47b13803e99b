"""The memory of correspondents (IN-FIRST)."""

import pytest

from directory.correspondents import LEARNING, SETTLE, UNKNOWN_AGE, Correspondents
from storage.interfaces import Database


@pytest.fixture
def now() -> list[float]:
    return [1_000_000.0]


@pytest.fixture
def memory(database: Database, now: list[float]) -> Correspondents:
    return Correspondents(database, clock=lambda: now[0])


async def test_whom_we_wrote_to_is_known_at_once(memory: Correspondents) -> None:
    memory.note_sent("default", ["Suzuki@client.example"])
    assert await memory.known("default", ["suzuki@client.example", "x@y.example"]) == {
        "suzuki@client.example"
    }
    await memory.flush()
    assert await memory.known("default", ["SUZUKI@client.example"]) == {"SUZUKI@client.example"}


async def test_harmless_mail_makes_a_sender_familiar_after_a_day_and_never_known(
    memory: Correspondents, now: list[float]
) -> None:
    memory.note_received("default", "x@y.example")
    await memory.flush()
    now[0] += 3600
    memory.note_received("default", "x@y.example")
    await memory.flush()
    assert await memory.familiar("default", ["x@y.example"]) == frozenset()
    now[0] += SETTLE
    assert await memory.familiar("default", ["x@y.example"]) == {"x@y.example"}
    assert await memory.known("default", ["x@y.example"]) == frozenset()
    memory.note_sent("default", ["x@y.example"])
    assert (
        await memory.known("default", ["x@y.example"])
        == await memory.familiar("default", ["x@y.example"])
        == {"x@y.example"}
    )


async def test_learning_ends_and_is_per_tenant(
    memory: Correspondents, database: Database, now: list[float]
) -> None:
    assert await memory.learning("default")
    memory.note_sent("default", ["x@y.example"])
    await memory.flush()
    now[0] += LEARNING - 1
    assert await memory.learning("default")
    now[0] += 2
    assert not await memory.learning("default")
    assert await memory.learning("other")
    assert await memory.known("other", ["x@y.example"]) == frozenset()
    memory.note_received("other", "x@y.example")
    await memory.flush()
    now[0] += SETTLE
    assert await memory.familiar("other", ["x@y.example"]) == {"x@y.example"}
    assert await memory.known("other", ["x@y.example"]) == frozenset()
    assert await memory.known("default", ["x@y.example"]) == {"x@y.example"}


async def test_many_addresses_at_once(memory: Correspondents) -> None:
    many = [f"a{i}@y.example" for i in range(1000)]
    memory.note_sent("default", many)
    await memory.flush()
    assert await memory.known("default", [*many, "z@y.example"]) == set(many)


async def test_who_was_unknown_is_known_once_we_wrote(memory: Correspondents) -> None:
    assert await memory.known("default", ["x@y.example"]) == frozenset()
    memory.note_sent("default", ["x@y.example"])
    await memory.flush()
    assert await memory.known("default", ["x@y.example"]) == {"x@y.example"}


async def test_what_another_node_learned_is_seen_after_a_while(
    memory: Correspondents, database: Database, now: list[float]
) -> None:
    assert await memory.known("default", ["x@y.example"]) == frozenset()
    other = Correspondents(database, clock=lambda: now[0])
    other.note_sent("default", ["x@y.example"])
    await other.flush()
    now[0] += UNKNOWN_AGE
    assert await memory.known("default", ["x@y.example"]) == {"x@y.example"}
