"""Who examines, who waits to, and who steps in; with workers that are only names."""

import asyncio
from typing import cast

import pytest

from gateway.locked.pool import WorkerPool
from gateway.locked.zygote import Worker


class Named:
    """As much of a Worker as a pool looks at."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.gone = False


def worker(pid: int) -> Worker:
    return cast(Worker, Named(pid))


async def nobody() -> None:
    raise TimeoutError


def pool_of(count: int, *pids: int) -> WorkerPool:
    pool = WorkerPool("inbound", count, nobody)
    assert pool.fill(map(worker, pids)) == []
    return pool


async def free(pool: WorkerPool) -> list[int]:
    """The processes that can be asked now, without waiting for a fork."""
    found = []
    while True:
        try:
            found.append((await pool.take(0.01)).pid)
        except TimeoutError:
            return found


async def test_a_spare_is_not_asked_while_enough_others_are_there() -> None:
    assert sorted(await free(pool_of(2, 1, 2, 3))) == [1, 2]


async def test_the_spare_takes_the_place_of_whoever_goes() -> None:
    pool = pool_of(1, 1, 2)
    first = await pool.take(1)
    pool.leave(first)
    assert await free(pool) == [2]
    pool.welcome(worker(3))  # forked in the meantime
    assert await free(pool) == []
    assert pool.pids == [2, 3]


async def test_a_spare_that_dies_gives_its_place_to_nobody() -> None:
    pool = WorkerPool("inbound", 1, nobody)
    spare = worker(2)
    pool.fill([worker(1), spare])
    pool.leave(spare)
    assert pool.pids == [1]
    pool.welcome(worker(3))
    assert await free(pool) == [1]


async def test_workers_of_an_earlier_policy_come_back_to_nothing() -> None:
    pool = WorkerPool("inbound", 1, nobody)
    old, spare = worker(1), worker(2)
    pool.fill([old, spare])
    assert await pool.take(1) is old
    assert pool.fill([worker(3), worker(4)]) == [spare]
    pool.leave(old)
    assert await free(pool) == [3]
    assert pool.pids == [3, 4]


async def test_a_worker_that_ended_while_it_was_free_is_not_given_out() -> None:
    pool = WorkerPool("inbound", 2, nobody)
    dead = worker(2)
    pool.fill([worker(1), dead])
    dead.gone = True
    assert await free(pool) == [1]


async def test_whoever_waits_when_all_are_lost_revives_them() -> None:
    pool: WorkerPool

    async def revive() -> None:
        pool.fill([worker(7)])

    pool = WorkerPool("inbound", 1, revive)
    waiting = asyncio.ensure_future(pool.take(5))
    await asyncio.sleep(0)
    pool.lost()
    assert (await waiting).pid == 7


async def test_nobody_waits_for_ever() -> None:
    with pytest.raises(TimeoutError):
        await WorkerPool("inbound", 1, nobody).take(0.01)
