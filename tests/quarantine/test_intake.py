"""What is left of a mail that was not taken."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from quarantine.intake import Intake
from quarantine.store import Store
from storage.contents import SMALL, Contents
from storage.database import open_database
from storage.interfaces import StoreError, Unknown
from storage.spool import Spool
from tests.blobs import keys_of
from tests.quarantine.items import item
from tests.services import databases


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    database = open_database(databases.sqlite(tmp_path / "db"))
    contents = Contents(database, Spool(tmp_path / "spool"))
    yield Store(database, contents, "n")
    await contents.close()
    await database.close()


async def attempt(store: Store, *ends: Exception) -> None:
    async with Intake(store) as intake:
        original = await intake.put([b"original", bytes(SMALL)], "default")
        copy = await intake.put([b"copy"], "default")
        for end in ends:
            raise end
        await intake.commit(
            [item(id="i1", blob=copy.key, original=original.key, sha256=copy.sha256, size=copy.size)],
            1.0,
            "a",
        )


async def test_what_was_taken_stays(store: Store) -> None:
    await attempt(store)
    assert len(await keys_of(store.blobs)) == 2
    assert bytes(await store.blobs.get((await store.get("i1", "default")).blob)) == b"copy"


async def test_what_was_refused_leaves_nothing(store: Store) -> None:
    """Clients try again and again while a store is away: each try left its contents in the spool."""
    with pytest.raises(StoreError):
        await attempt(store, StoreError("locked"))
    assert await keys_of(store.blobs) == []


async def test_items_that_are_refused_take_their_small_contents_with_them(store: Store) -> None:
    await attempt(store)
    with pytest.raises(Exception, match="UNIQUE"):
        await attempt(store)
    rows = await store.database.read(lambda t: t.execute("SELECT key FROM content"))
    assert [row["key"] for row in rows] == [(await store.get("i1", "default")).blob]


@pytest.mark.parametrize("end", [Unknown("commit failed"), RuntimeError("a defect")])
async def test_what_may_have_been_taken_stays(store: Store, end: Exception) -> None:
    with pytest.raises(type(end)):
        await attempt(store, end)
    assert len(await keys_of(store.blobs)) == 1


async def test_a_store_without_rows_for_contents_keeps_all_of_them_itself(store: Store) -> None:
    assert isinstance(store.blobs, Contents)
    plain = Store(store.database, store.blobs.large, "n")
    await attempt(plain)
    assert len(await keys_of(plain.blobs)) == 2
