"""A wish to end: at any moment, and more than once."""

import asyncio
import os
import signal

import pytest

from gateway.start.ending import Ending


async def test_what_is_being_started_is_given_up() -> None:
    ending, ended = Ending(), []

    async def start() -> None:
        try:
            os.kill(os.getpid(), signal.SIGINT)
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)  # ending takes its time, and nobody cuts it short
            os.kill(os.getpid(), signal.SIGTERM)
            await asyncio.sleep(0.01)
            ended.append("start")

    assert await ending.given_up(start())
    assert ended == ["start"]
    assert ending.asked.is_set()
    await asyncio.sleep(0)  # nothing of the cancellation is left behind
    assert await ending.given_up(start()), "and nothing new is begun"
    assert ended == ["start"]


async def test_what_has_started_goes_on_until_somebody_asks() -> None:
    ending = Ending()
    assert not await ending.given_up(asyncio.sleep(0))
    assert not ending.asked.is_set()
    os.kill(os.getpid(), signal.SIGTERM)
    await ending.asked.wait()


async def test_what_goes_wrong_is_told_and_another_s_cancellation_is_not_swallowed() -> None:
    ending = Ending()

    async def fail() -> None:
        raise ValueError

    async def cancelled() -> None:
        raise asyncio.CancelledError

    with pytest.raises(ValueError):
        await ending.given_up(fail())
    with pytest.raises(asyncio.CancelledError):
        await ending.given_up(cancelled())
