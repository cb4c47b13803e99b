"""What the digests know, on every database."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from directory.account import Account
from quarantine import digests
from quarantine.item import Event
from quarantine.store import Store
from storage.interfaces import Already, Database
from storage.spool import Spool
from tests.quarantine.items import OPERATOR, item

NOW = 1_000_000.0


@pytest.fixture
async def store(database: Database, tmp_path: Path) -> AsyncIterator[Store]:
    spool = Spool(tmp_path / "spool")
    yield Store(database, spool, "node1")
    await spool.close()


async def test_who_waits_for_what(store: Store) -> None:
    values = {"direction": "inbound", "owner": "", "holds": ("a",), "accepted_at": NOW}
    both = item("Taro+x@Example.jp", "hanako@example.jp", **values)
    gone, passed, other = (
        item("taro@example.jp", **values | more)
        for more in ({}, {"holds": (), "delay": 60}, {"tenant": "t2"})
    )
    original = item("taro@example.jp", **values | {"holds": ("disarmed",)})
    outbound = item("taro@example.jp", holds=("a",), accepted_at=NOW)
    await store.put([both, gone, passed, other, original, outbound], NOW, "x")
    await store.change(gone.id, Event.DISCARD, OPERATOR, NOW)
    database = store.database
    found = await digests.held_since(database, NOW - 1, NOW)
    assert {(h.tenant, h.mailbox, h.item) for h in found} == {
        ("default", "taro@example.jp", both.id),
        ("default", "hanako@example.jp", both.id),
        ("t2", "taro@example.jp", other.id),
    }
    assert await digests.held_since(database, NOW, NOW + 9) == []
    assert await digests.held_since(database, NOW - 9, NOW - 1) == []


TARO, NAMESAKE = Account("taro"), Account("taro", tenant="t2")


async def test_people_of_the_same_name_have_digests_of_their_own(store: Store) -> None:
    for who, token in ((TARO, "mine"), (NAMESAKE, "theirs")):
        await store.database.write(
            lambda t, who=who, token=token: digests.note(t, who, NOW, token, ("i",), NOW)  # type: ignore[misc]
        )
    told = await digests.told_until(store.database, NOW - 1)
    assert told == {("default", "taro"): NOW, ("t2", "taro"): NOW}
    assert await digests.opened(store.database, "mine", NAMESAKE) is None
    assert await digests.opened(store.database, "theirs", TARO) is None
    assert await digests.opened(store.database, "theirs", NAMESAKE) is not None


async def test_a_digest_is_written_once(store: Store) -> None:
    database = store.database

    async def write(token: str) -> None:
        await database.write(lambda t: digests.note(t, TARO, NOW, token, ("i1", "i2"), NOW))

    results = await asyncio.gather(*(write(f"t{n}") for n in range(4)), return_exceptions=True)
    assert [type(r) for r in results].count(Already) == 3
    token = next(f"t{n}" for n, r in enumerate(results) if r is None)
    assert await digests.opened(database, token, TARO) == digests.List(("i1", "i2"), NOW + digests.LIFE)
    assert await digests.opened(database, token, Account("hanako")) is None
    assert await digests.opened(database, "other", TARO) is None
    assert await digests.told_until(database, NOW - 1) == {("default", "taro"): NOW}
    assert await digests.told_until(database, NOW) == {}
    await digests.sweep(database, NOW + digests.KEPT)
    assert await digests.opened(database, token, TARO) is None
