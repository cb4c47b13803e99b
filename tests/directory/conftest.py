"""The directory is tested on both databases: its SQL is written by hand."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from storage.database import open_database
from storage.interfaces import Database
from tests.console.conftest import place
from tests.services import databases
from tests.services.postgres import Cluster, cluster

__all__ = ["database", "place", "postgres"]


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    with cluster() as running:
        yield running


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.system)])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    if request.param == "sqlite":
        url = databases.sqlite(tmp_path / "test.db")
    else:
        url = request.getfixturevalue("postgres").current()
    found = await asyncio.to_thread(open_database, url)
    yield found
    await found.close()
