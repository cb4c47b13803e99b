"""Fixtures: one of each implementation, opened on something empty."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from storage.contents import Contents
from storage.database import open_database
from storage.day_keys import DayKeys
from storage.interfaces import Blobs, Database
from storage.s3 import S3Blobs
from storage.seal import Seal
from storage.spool import Spool
from tests.services import databases
from tests.services.postgres import Cluster, cluster
from tests.services.s3 import S3, s3_server


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    with cluster() as running:
        yield running


@pytest.fixture(scope="session")
def s3() -> Iterator[S3]:
    with s3_server() as running:
        yield running


BOTH = ["sqlite", pytest.param("postgres", marks=pytest.mark.system)]


@pytest.fixture(params=BOTH)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database without rows."""
    if request.param == "sqlite":
        return databases.sqlite(tmp_path / "db")
    server: Cluster = request.getfixturevalue("postgres")
    return server.current()


@pytest.fixture(params=BOTH)
def unborn(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database without tables."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'db'}"
    server: Cluster = request.getfixturevalue("postgres")
    return server.create()


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    opened = open_database(url)
    yield opened
    await opened.close()


@pytest.fixture(params=["spool", "s3", "contents", "sealed spool", "sealed s3", "sealed contents"])
async def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Blobs]:
    """What is sealed has its keys noted in a database, whatever it keeps itself."""
    opened: Blobs
    database = open_database(databases.sqlite(tmp_path / "contents"))
    sealed, _, kind = request.param.rpartition(" ")
    day_keys = DayKeys(tmp_path / "keys", Seal([b"m" * 32]), database) if sealed else None
    if kind == "spool":
        opened = Spool(tmp_path / "spool", day_keys)
    elif kind == "contents":
        opened = Contents(database, Spool(tmp_path / "spool", day_keys), day_keys)
    else:
        server: S3 = request.getfixturevalue("s3")
        opened = S3Blobs(
            server.bucket(),
            tmp_path / "spool",
            endpoint=server.endpoint,
            access_key="test",
            secret_key="test",
            day_keys=day_keys,
        )
    yield opened
    await opened.close()
    await database.close()
