"""The bench examines in its own process as a worker would; here other tests come behind it."""

from collections.abc import Iterator

import pytest

from filters.markup import dom


@pytest.fixture(autouse=True)
def unwatched_afterwards() -> Iterator[None]:
    yield
    dom.guard(None)
