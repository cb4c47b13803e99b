import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.database import open_database
from storage.interfaces import Database


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    found = await asyncio.to_thread(open_database, f"sqlite:///{tmp_path / 'test.db'}")
    yield found
    await found.close()
