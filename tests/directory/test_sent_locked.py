"""The memory of locked files that were sent (OUT-MISSEND)."""

from collections.abc import Callable
from typing import Any

import pytest

from directory.sent_locked import AGE, KEPT, MOST, NOTED, SentLockedFiles
from storage.interfaces import Database, Transaction
from tests.services.databases import ByHand


@pytest.fixture
def now() -> list[float]:
    return [1_000_000.0]


@pytest.fixture
def memory(database: Database, now: list[float]) -> SentLockedFiles:
    return SentLockedFiles(database, lambda: now[0])


async def names(memory: SentLockedFiles, tenant: str = "default", login: str = "hanako") -> list[str]:
    return [file.name for file in await memory.find(tenant, login, ["x@y.example"])]


async def test_what_was_sent_is_known_at_once_and_after_it_was_written(memory: SentLockedFiles) -> None:
    assert await names(memory) == []
    memory.note("default", "hanako", ["a.zip"], ["Suzuki@client.example"])
    (file,) = await memory.find("default", "hanako", ["abe@client.example"])
    assert (file.name, file.address, file.at) == ("a.zip", "suzuki@client.example", 1_000_000.0)
    await memory.flush()
    assert [file.name for file in await memory.find("default", "hanako", ["abe@client.example"])] == ["a.zip"]


async def test_the_latest_comes_first(memory: SentLockedFiles, now: list[float]) -> None:
    memory.note("default", "hanako", ["a.zip"], ["x@y.example"])
    await memory.flush()
    now[0] += 60
    memory.note("default", "hanako", ["b.zip"], ["x@y.example"])
    assert await names(memory) == ["b.zip", "a.zip"]
    await memory.flush()
    assert await names(memory) == ["b.zip", "a.zip"]


async def test_it_is_about_one_person_of_one_tenant(memory: SentLockedFiles) -> None:
    memory.note("default", "hanako", ["a.zip"], ["x@y.example"])
    assert await names(memory, login="taro") == await names(memory, tenant="other") == []
    await memory.flush()
    assert await names(memory, login="taro") == await names(memory, tenant="other") == []


async def test_after_some_days_it_is_forgotten(
    memory: SentLockedFiles, database: Database, now: list[float]
) -> None:
    memory.note("default", "hanako", ["a.zip"], ["x@y.example"])
    await memory.flush()
    now[0] += KEPT + 1
    assert await names(memory) == []
    memory.note("default", "taro", ["b.zip"], ["x@y.example"])
    await memory.flush()
    rows = await database.read(lambda t: ByHand(t).execute("SELECT name FROM sent_locked"))
    assert [row["name"] for row in rows] == ["b.zip"]


async def test_what_another_process_wrote_is_seen_after_a_moment(
    memory: SentLockedFiles, database: Database, now: list[float]
) -> None:
    assert await names(memory) == []
    other = SentLockedFiles(database, lambda: now[0])
    other.note("default", "hanako", ["a.zip"], ["x@y.example"])
    await other.flush()
    now[0] += AGE
    assert await names(memory) == ["a.zip"]


async def test_a_flood_is_cut_off(memory: SentLockedFiles) -> None:
    memory.note("default", "hanako", ["a.zip"], (f"{n}@y.example" for n in range(NOTED + 10)))
    assert len(await memory.find("default", "hanako", ["x@y.example"])) == NOTED


async def test_many_files_to_others_hide_none(memory: SentLockedFiles, now: list[float]) -> None:
    memory.note("default", "hanako", ["a.zip"], ["x@y.example"])
    await memory.flush()
    now[0] += 60
    memory.note("default", "hanako", ["b.zip"], [f"r{n}@other{n}.example" for n in range(2 * MOST)])
    await memory.flush()
    assert await names(memory) == ["a.zip"]


async def test_all_domains_of_a_mail_are_one_question(
    memory: SentLockedFiles, database: Database, now: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of each the latest: what one partner got in plenty hides nothing that another got."""
    memory.note("default", "hanako", ["a.zip"], ["x@y.example", "x@z.example"])
    await memory.flush()
    now[0] += 60
    for number in range(2 * MOST):
        memory.note("default", "hanako", [f"b{number}.zip"], [f"r@{number % 2 or ''}other.example"])
    await memory.flush()
    asked = 0
    real = database.read

    async def counted(operation: Callable[[Transaction], Any]) -> Any:
        nonlocal asked
        asked += 1
        return await real(operation)

    monkeypatch.setattr(database, "read", counted)
    to = ["1@Y.example", "2@z.example", "3@other.example", "4@1other.example", "5@nobody.example"]
    found = await memory.find("default", "hanako", to)
    assert {f.address for f in found if f.name == "a.zip"} == {"x@y.example", "x@z.example"}
    assert len(found) == 2 + 2 * MOST
    assert asked == 2  # the latest of this person, and the latest at these domains
    assert len(await memory.find("default", "hanako", to)) == 2 + 2 * MOST
    assert asked == 3
