"""Servers that nodes share: one of each for the tests of a file, which stop and starve them."""

from collections.abc import Iterator

import pytest

from tests.services.postgres import Cluster, cluster
from tests.services.s3 import S3, s3_server


@pytest.fixture(scope="module")
def postgres() -> Iterator[Cluster]:
    with cluster() as running:
        yield running


@pytest.fixture(scope="module")
def store() -> Iterator[S3]:
    with s3_server() as running:
        yield running
