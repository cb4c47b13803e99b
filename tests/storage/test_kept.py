"""What is kept, and what comes of it."""

import hashlib
import os
from pathlib import Path

import pytest

from storage import keys
from storage.content import CHUNK
from storage.database import open_database
from storage.day_keys import DayKeys
from storage.interfaces import StoreError
from storage.kept import at_rest, content_of, digested, kept_size
from storage.seal import Seal
from tests.services import databases


async def test_sealed_where_there_are_keys(tmp_path: Path) -> None:
    database = open_database(databases.sqlite(tmp_path / "db"))
    day_keys = DayKeys(tmp_path / "keys", Seal([b"m" * 32]), database)
    name = keys.new_key("default", 9, await day_keys.today("default"))
    data = b"".join(at_rest(day_keys, [b"some ", b"text"], 9, name))
    assert b"text" not in data
    assert len(data) == kept_size(9, name) > 9
    assert bytes(content_of(day_keys, memoryview(data), 9, name)) == b"some text"
    with pytest.raises(StoreError, match="there are no keys"):
        content_of(None, memoryview(data), 9, name)
    older = keys.new_key("default", 9)
    assert b"".join(at_rest(day_keys, [b"some ", b"text"], 9, older)) == b"some text"
    assert bytes(content_of(day_keys, memoryview(b"some text"), 9, older)) == b"some text"
    assert kept_size(9, older) == 9
    with pytest.raises(StoreError, match="8 bytes instead of 9"):
        content_of(day_keys, memoryview(b"some tex"), 9, older)
    await database.close()


def test_the_digest_sees_everything_in_chunks() -> None:
    data, digest = os.urandom(CHUNK + 3), hashlib.sha256()
    assert [len(part) for part in digested([memoryview(data)], digest)] == [CHUNK, 3]
    assert digest.digest() == hashlib.sha256(data).digest()
