"""What a loose task raises ends the node."""

import asyncio

import pytest

from gateway.start.tasks import Tasks


async def test_what_one_raises_is_raised_at_the_end() -> None:
    tasks, ended = Tasks(), asyncio.Event()

    async def waits() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    async def fails() -> None:
        raise LookupError("gone")

    tasks.begin(waits())
    tasks.begin(fails())
    await asyncio.wait([tasks.failed])
    with pytest.raises(LookupError):
        await tasks.stop()
    assert ended.is_set()


async def test_what_ends_by_itself_is_no_failure() -> None:
    tasks = Tasks()
    assert await tasks.begin(asyncio.sleep(0, "done")) == "done"
    await tasks.stop()
    assert not tasks.failed.done()
