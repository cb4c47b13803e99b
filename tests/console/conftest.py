from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.console.premises import Premises, furnish, premises


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Premises]:
    """A console with its people and no mail."""
    async with premises(tmp_path) as found:
        yield found


@pytest.fixture
async def full(place: Premises) -> Premises:
    """A console with mail in every state."""
    await furnish(place)
    return place
