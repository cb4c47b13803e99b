"""Small contents: rows that are committed with what names them. What every blob store promises is in tests/contract."""

import hashlib
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.contents import RECENT, SMALL, Contents, insert, prepared
from storage.database import open_database
from storage.interfaces import Database, StoreError, Transaction
from storage.spool import Spool
from tests.blobs import keys_of
from tests.services import databases


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = open_database(databases.sqlite(tmp_path / "db"))
    yield opened
    await opened.close()


@pytest.fixture
async def contents(database: Database, tmp_path: Path) -> AsyncIterator[Contents]:
    opened = Contents(database, Spool(tmp_path / "spool"))
    yield opened
    await opened.close()


@pytest.mark.parametrize(("size", "row"), [(0, True), (SMALL, True), (SMALL + 1, False)])
async def test_the_size_says_where_a_content_lies(contents: Contents, size: int, row: bool) -> None:
    data = os.urandom(size)
    blob = await contents.put([data], "default")
    assert bytes(await contents.get(blob.key)) == data
    assert (await keys_of(contents.large) == []) is row
    assert await keys_of(contents) == [blob.key]
    await contents.delete(blob.key)
    assert await keys_of(contents) == []


async def test_what_is_prepared_exists_with_the_transaction_and_not_before(
    contents: Contents, database: Database
) -> None:
    made = prepared([b"one ", memoryview(b"mail")], "default")
    assert made is not None
    assert (made.blob.size, made.blob.sha256) == (8, hashlib.sha256(b"one mail").hexdigest())
    with pytest.raises(StoreError, match="missing"):
        await contents.get(made.blob.key)

    def failing(transaction: Transaction) -> None:
        insert(transaction, [made])
        raise ValueError("the item was refused")

    with pytest.raises(ValueError):
        await database.write(failing)
    assert await keys_of(contents) == []
    await database.write(lambda transaction: insert(transaction, [made]))
    assert bytes(await contents.get(made.blob.key)) == b"one mail"


async def test_what_was_put_into_the_store_before_is_still_found(contents: Contents) -> None:
    blob = await contents.large.put([b"older"], "default")
    assert bytes(await contents.get(blob.key)) == b"older"
    await contents.delete(blob.key)
    assert await keys_of(contents) == []


async def test_a_row_of_another_size_is_damage(contents: Contents, database: Database) -> None:
    blob = await contents.put([b"whole"], "default")
    await database.write(lambda t: t.execute("UPDATE content SET data = :cut", {"cut": b"cut"}))
    assert bytes(await contents.get(blob.key)) == b"whole"
    contents.stored(
        [made for _ in range(RECENT // SMALL + 1) if (made := prepared([bytes(SMALL)], "default"))]
    )
    with pytest.raises(StoreError, match="3 bytes instead of 5"):
        await contents.get(blob.key)
