"""Rounds go on whatever the store does."""

import asyncio

import pytest

from gateway.rounds.forever import forever
from storage.interfaces import StoreError


async def test_a_store_that_is_away_keeps_no_part_and_no_round_back() -> None:
    made: list[str] = []

    async def away() -> None:
        made.append("away")
        raise StoreError("away")

    async def other() -> None:
        made.append("other")
        if made.count("other") == 3:
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await forever(0.0, away=away, other=other)
    assert made == ["away", "other"] * 3


async def test_a_fault_of_ours_is_not_hidden() -> None:
    async def wrong() -> None:
        raise KeyError("x")

    with pytest.raises(KeyError):
        await forever(0.0, wrong=wrong)
