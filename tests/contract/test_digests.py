"""What the digests know, on every database."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from quarantine import digests
from quarantine.item import Event
from quarantine.requests import Already
from quarantine.store import Store
from storage.interfaces import Database
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
    assert {(h.mailbox, h.item) for h in found} == {
        ("taro@example.jp", both.id),
        ("hanako@example.jp", both.id),
    }
    assert await digests.held_since(database, NOW, NOW + 9) == []
    assert await digests.held_since(database, NOW - 9, NOW - 1) == []


async def test_a_digest_is_written_once(store: Store) -> None:
    database = store.database

    async def write(token: str) -> None:
        await database.write(lambda t: digests.note(t, "taro", NOW, token, ("i1", "i2"), NOW))

    results = await asyncio.gather(*(write(f"t{n}") for n in range(4)), return_exceptions=True)
    assert [type(r) for r in results].count(Already) == 3
    token = next(f"t{n}" for n, r in enumerate(results) if r is None)
    assert await digests.opened(database, token, "taro") == digests.List(("i1", "i2"), NOW + digests.LIFE)
    assert await digests.opened(database, token, "hanako") is None
    assert await digests.opened(database, "other", "taro") is None
    assert await digests.told_until(database, NOW - 1) == {"taro": NOW}
    assert await digests.told_until(database, NOW) == {}
    await digests.sweep(database, NOW + digests.KEPT)
    assert await digests.opened(database, token, "taro") is None
