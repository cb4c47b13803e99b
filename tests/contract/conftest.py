"""Fixtures: one of each implementation, opened on something empty."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from storage.contents import Contents
from storage.database import open_database
from storage.interfaces import Blobs, Database
from storage.s3 import S3Blobs
from storage.spool import Spool
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


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.system)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'db'}"
    created: str = request.getfixturevalue("postgres").create()
    return created


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    opened = open_database(url)
    yield opened
    await opened.close()


@pytest.fixture(params=["spool", "s3", "contents"])
async def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Blobs]:
    opened: Blobs
    small: Database | None = None
    if request.param == "spool":
        opened = Spool(tmp_path / "spool")
    elif request.param == "contents":
        small = open_database(f"sqlite:///{tmp_path / 'contents'}")
        opened = Contents(small, Spool(tmp_path / "spool"))
    else:
        server: S3 = request.getfixturevalue("s3")
        opened = S3Blobs(
            server.bucket(),
            tmp_path / "spool",
            endpoint=server.endpoint,
            access_key="test",
            secret_key="test",
        )
    yield opened
    await opened.close()
    if small is not None:
        await small.close()
