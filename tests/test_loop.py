"""The clock of the tests' event loop (tests/services/loop.py)."""

import asyncio
import time

import pytest

from tests.services.loop import LONGEST, Loop


async def test_a_machine_that_gives_no_turn_costs_no_time() -> None:
    loop = asyncio.get_running_loop()
    assert isinstance(loop, Loop)
    began = loop.time()
    for _ in range(3):
        time.sleep(0.3)
        await asyncio.sleep(0)
    for _ in range(20):
        time.sleep(0.02)  # as if somebody else were given every second turn
        await asyncio.sleep(0)
    assert loop.time() - began < LONGEST


async def test_work_takes_its_time_but_not_more_than_a_turn_has() -> None:
    loop = asyncio.get_running_loop()
    began, end = loop.time(), time.thread_time() + 3 * LONGEST
    while time.thread_time() < end:
        pass
    assert LONGEST / 2 < loop.time() - began <= LONGEST


async def test_a_limit_does_not_strike_what_was_there_in_time() -> None:
    ready = asyncio.Event()
    asyncio.get_running_loop().call_later(0.01, ready.set)
    async with asyncio.timeout(0.2):
        time.sleep(0.5)
        await ready.wait()


async def test_waiting_takes_its_time() -> None:
    loop = asyncio.get_running_loop()
    began, real = loop.time(), time.monotonic()
    await asyncio.sleep(0.1)
    assert loop.time() - began >= 0.1
    assert time.monotonic() - real >= 0.1
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await asyncio.Event().wait()
