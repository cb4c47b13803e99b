"""Everything here runs real programs; where one is missing the test is skipped, or fails with SEKISHO_TEST_REQUIRE=1."""

from collections.abc import Iterator

import pytest

from tests.services.served import Hop, Served, at, hop, served


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "/interop/" in str(item.path):
            item.add_marker(pytest.mark.system)


@pytest.fixture(scope="module")
def sink() -> Iterator[Hop]:
    """A next hop that takes everything and remembers it, for one file of tests."""
    with hop() as running:
        yield running


@pytest.fixture(scope="module")
def node(sink: Hop) -> Iterator[Served]:
    """A node in front of it, as shipped."""
    with served(relay=at(sink.port), mailbox=at(sink.port)) as running:
        yield running
